"""What an operation did beyond the ledger's rows, in sentences: people, posts, cases, terms, places, rights."""

from collections import Counter

from django.utils import timezone

from elections.desk.person_words import guest_words, people_words, standing_words
from elections.models import Election, Extension, Post, Term
from members.models import Affiliation, Guest, IntakeRequest, Member, Standing
from orgs import paths
from orgs.days import spoken
from orgs.enums import AffiliationKind, Kind, Title
from orgs.models import Grant, Operation, OperationEffect, Organization

NAMED = 10


def consequences(operation: Operation, *, by) -> list[str]:
    """The consequences of an operation that was just done, inside its transaction; names only what `by` may see."""
    effects: dict[str, list[OperationEffect]] = {}
    for effect in operation.effects.order_by("id"):
        effects.setdefault(effect.table, []).append(effect)

    def of(model) -> list[OperationEffect]:
        return effects.get(model._meta.label_lower, [])

    return [
        *_organizations(of(Organization), by),
        *people_words(of(Member), by),
        *_people(of(Affiliation), by),
        *standing_words(of(Standing), by),
        *guest_words(of(Affiliation), of(Guest), by),
        *_posts(of(Post), by),
        *_terms(of(Term), by),
        *_extensions(of(Extension)),
        *_elections(of(Election), by),
        *_rights(of(Grant), of(Organization)),
        *_requests(of(IntakeRequest), of(Organization)),
    ]


def _rows(model, effects: list[OperationEffect], by) -> dict:
    rows = model.objects.visible_to(by).filter(uid__in=[effect.target_uid for effect in effects])
    return {row.uid: row for row in rows}


def _organizations(effects: list[OperationEffect], by) -> list[str]:
    rows, lines = _rows(Organization, effects, by), []
    for effect in effects:
        organization = rows.get(effect.target_uid)
        if organization is None or effect.after is None:
            continue
        if effect.before is None:
            lines.append(f"新设{Kind(organization.kind).label}“{organization.name}”。")
            continue
        if effect.after.get("closed_on"):
            lines.append(f"“{organization.name}”自{spoken(organization.closed_on)}起撤销，届次和历史记录保留。")
        if "kind" in effect.after:
            was, now = (Kind(values["kind"]).label for values in (effect.before, effect.after))
            lines.append(f"“{organization.name}”由{was}改为{now}。")
        if "parent_id" in effect.after:
            parent = Organization.objects.visible_to(by).filter(pk=organization.parent_id).first()
            place = f"“{parent.name}”" if parent else "您的管理范围之外"
            lines.append(f"“{organization.name}”{_with_below(organization)}改为隶属{place}。")
    return lines


def _with_below(organization: Organization) -> str:
    below = Organization.objects.filter(paths.subtree(organization.path)).count() - 1
    return f"及其下级 {below} 个党组织" if below else ""


def _people(effects: list[OperationEffect], by) -> list[str]:
    rows = Affiliation.objects.filter(uid__in=[effect.target_uid for effect in effects], kind=AffiliationKind.REGULAR)
    known = {row.uid: row for row in rows.select_related("organization", "member")}
    left, came = {}, {}
    for effect in effects:
        row = known.get(effect.target_uid)
        if row is None:
            continue
        if effect.before is None:
            came[row.member_id] = row
        elif "until" in effect.after and effect.before["until"] is None:
            left[row.member_id] = row
    visible = set(Organization.objects.visible_to(by).values_list("pk", flat=True).filter(
        pk__in={row.organization_id for row in [*left.values(), *came.values()]}
    ))  # fmt: skip

    def name(row) -> str:
        return f"“{row.organization.name}”" if row.organization_id in visible else "您管理范围之外的党组织"

    moved = Counter((name(left[key]), name(came[key])) for key in came if key in left)
    received = Counter(name(row) for key, row in came.items() if key not in left)
    gone = Counter(name(row) for key, row in left.items() if key not in came)
    return [
        *(f"{number} 名党员的组织关系由{here}转到{there}。" for (here, there), number in moved.items()),
        *(f"{number} 名党员的组织关系转入{there}。" for there, number in received.items()),
        *(f"{number} 名党员在{here}的组织关系结束。" for here, number in gone.items()),
    ]


def _posts(effects: list[OperationEffect], by) -> list[str]:
    rows = _rows(Post, effects, by)
    ended, begun = [], []
    for effect in effects:
        post = rows.get(effect.target_uid)
        if post is None or effect.after is None:
            continue
        words = f"{Title(post.title).label} {post.holder_name}"
        if effect.before is None:
            begun.append(words)
        elif effect.after.get("until"):
            ended.append(words)
    return [
        *([f"免去 {len(ended)} 个职务：{_named(ended)}。"] if ended else []),
        *([f"登记 {len(begun)} 个职务：{_named(begun)}。"] if begun else []),
    ]


def _terms(effects: list[OperationEffect], by) -> list[str]:
    rows = Term.everything.visible_to(by).filter(uid__in=[effect.target_uid for effect in effects])
    known = {row.uid: row for row in rows}
    lines = []
    for effect in effects:
        term = known.get(effect.target_uid)
        if term is None or effect.after is None:
            continue
        elected = spoken(term.elected_on, term.elected_on_precision)
        if effect.before is None:
            expires = spoken(term.expires_on, term.expires_on_precision)
            lines.append(f"登记{elected}换届的一届，任期 {term.years} 年，{expires}届满。")
        elif term.voided_at is not None and "voided_at" in effect.after:
            lines.append(f"{elected}换届的一届作废。")
        elif "until" in effect.after:
            lines.append(
                f"{elected}换届的一届到{spoken(term.until)}为止，不再在任。"
                if term.until
                else f"{elected}换届的一届恢复在任。"
            )
    return lines


def _extensions(effects: list[OperationEffect]) -> list[str]:
    new = sum(effect.before is None for effect in effects)
    return [f"登记 {new} 项延期。"] if new else []


def _elections(effects: list[OperationEffect], by) -> list[str]:
    rows, lines = _rows(Election, effects, by), []
    for effect in effects:
        election = rows.get(effect.target_uid)
        if election is None or effect.after is None:
            continue
        words = f"{spoken(election.opened_on)}启动的{election.get_kind_display()}"
        if effect.before is None:
            lines.append(f"登记{words}。")
        elif effect.after.get("closed_on"):
            lines.append(f"{words}办结（{election.get_stage_display()}）。")
    return lines


def _rights(ended: list[OperationEffect], effects: list[OperationEffect]) -> list[str]:
    """Rights that end with an organization, and those that change hands with one that moves."""
    number = sum(effect.before is not None for effect in ended)
    lines = [f"{number} 项授权随之终止。"] if number else []
    for effect in effects:
        if not effect.before or "parent_id" not in (effect.after or {}):
            continue
        organization = Organization.objects.get(uid=effect.target_uid)
        here = paths.subtree(organization.path, "organization__path")
        if number := Grant.objects.in_force(timezone.localdate()).filter(here).count():
            lines.append(f"“{organization.name}”及其下级的 {number} 项授权随之转移，仍然有效；原上级不再能查看。")
    return lines


def _requests(answered: list[OperationEffect], organizations: list[OperationEffect]) -> list[str]:
    """Requests that end with the organization that made them."""
    number = sum(effect.before is not None for effect in answered) if organizations else 0
    return [f"{number} 项等待答复的转入申请随之撤回。"] if number else []


def _named(names: list[str]) -> str:
    rest = f"等 {len(names)} 个" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + rest
