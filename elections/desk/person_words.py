"""What an operation did to single people, in sentences: who was recorded, what was corrected, what lasts or ended."""

from members.models import Affiliation, Guest, Member, Standing
from orgs.days import spoken
from orgs.enums import AffiliationKind, MemberKind
from orgs.models import OperationEffect
from orgs.wording import SEALED_MARK

# Follow from another column.
DERIVED = frozenset({"sort_key", "id_number_index", "birth_precision", "joined_on_precision", "formal_on_precision"})


def people_words(effects: list[OperationEffect], by) -> list[str]:
    """One sentence for each person recorded or corrected that `by` may see; numbers are never told."""
    rows = Member.objects.visible_to(by).filter(uid__in=[effect.target_uid for effect in effects])
    known, lines = {row.uid: row for row in rows}, []
    for effect in effects:
        member = known.get(effect.target_uid)
        if member is None or effect.after is None:
            continue
        if effect.before is None:
            lines.append(f"登记{MemberKind(member.kind).label}{member.name}。")
            continue
        changed, emptied = [], []
        for field in Member._meta.concrete_fields:
            if field.attname in effect.after and field.attname not in DERIVED:
                words = emptied if effect.after[field.attname] in (None, "") else changed
                words.append(str(field.verbose_name).removesuffix(SEALED_MARK))
        parts = [f"{'、'.join(words)}{what}" for words, what in ((changed, "变更"), (emptied, "清空")) if words]
        lines.append(f"{member.name}的{'，'.join(parts)}。")
    return lines


def standing_words(effects: list[OperationEffect], by) -> list[str]:
    """One sentence for each standing that began or ended of a person that `by` may see."""
    rows = Standing.objects.visible_to(by).filter(uid__in=[effect.target_uid for effect in effects])
    known, lines = {row.uid: row for row in rows.select_related("member")}, []
    for effect in effects:
        row = known.get(effect.target_uid)
        if row is None or effect.after is None:
            continue
        words = f"{row.member.name}的“{row.get_kind_display()}”"
        if effect.before is None:
            lines.append(f"{words}自{spoken(row.since)}起。" if row.since else f"{words}登记。")
        elif row.until is not None:
            lines.append(f"{words}到{spoken(row.until)}结束。")
    return lines


def guest_words(stays: list[OperationEffect], details: list[OperationEffect], by) -> list[str]:
    """One sentence for each 流入 stay that began, ended or was corrected where `by` sees people."""
    rows = Affiliation.objects.visible_to(by).filter(
        uid__in=[effect.target_uid for effect in stays], kind=AffiliationKind.INCOMING
    )
    known, lines = {row.uid: row for row in rows.select_related("member", "organization")}, []
    for effect in stays:
        stay = known.get(effect.target_uid)
        if stay is None or effect.after is None:
            continue
        words = f"“{stay.organization.name}”的流入党员{stay.member.name}"
        if effect.before is None:
            since = f"自{spoken(stay.since)}起" if stay.since else ""
            lines.append(f"{words}{since}登记在册，不计入党员人数。")
        elif stay.until is not None:
            lines.append(f"{words}到{spoken(stay.until)}为止。")
    corrected = Guest.objects.visible_to(by).filter(
        uid__in=[effect.target_uid for effect in details if effect.before is not None]
    )
    for guest in corrected.select_related("affiliation__member").order_by("id"):
        lines.append(f"流入党员{guest.affiliation.member.name}的登记更正。")
    return lines
