"""Contradictions in the books of people: nobody is counted twice, lost or left behind. See orgs.checks.

People are called by their uid: a line of a command may end in a log.
"""

from collections.abc import Iterator

from django.db.models import Count, Exists, F, OuterRef, Q

from members.models import (
    Affiliation,
    Guest,
    IntakeRequest,
    Member,
    Standing,
    TransferRequest,
    id_number_index,
)
from orgs import crypto
from orgs.checks.contradiction import KEY_REMEDY, Contradiction, named, of_uid
from orgs.checks.rights import voided_targets
from orgs.enums import AffiliationKind


def nobody_is_counted_twice() -> Iterator[Contradiction]:
    """On no day does a person have two regular affiliations (PM-11): at most one is open, and none overlap."""
    rows = Affiliation.objects.regular()
    yield from _overlapping(rows, ("member",), "与另一段组织关系重叠，这名党员会被计算两次")


def standings_do_not_overlap() -> Iterator[Contradiction]:
    """On no day is a person in the same standing twice."""
    yield from _overlapping(Standing.objects.all(), ("member", "kind"), "与同一情形的另一段重叠")


def guests_stay_once() -> Iterator[Contradiction]:
    """On no day is a person received (流入) twice by the same organization."""
    stays = Affiliation.objects.filter(kind=AffiliationKind.INCOMING)
    yield from _overlapping(stays, ("member", "organization"), "与同一党组织的另一段流入重叠")


def guests_are_not_counted() -> Iterator[Contradiction]:
    """What is recorded of a guest stands at a 流入 stay, never at an affiliation that counts."""
    rows = Guest.objects.exclude(affiliation__kind=AffiliationKind.INCOMING)
    for uid in rows.order_by("id").values_list("uid", flat=True).iterator():
        yield Contradiction(
            "流入党员登记", of_uid(uid), "所依据的组织关系不是流入", "核对这名党员的组织关系，登记有误的作废"
        )


def _overlapping(rows, same: tuple[str, ...], wrong: str) -> Iterator[Contradiction]:
    """Of two periods that overlap the later row is named."""
    earlier = rows.filter(**{name: OuterRef(name) for name in same}, pk__lt=OuterRef("pk"))
    # Two half-open periods overlap where each begins before the other ends; an open end never comes.
    begins_before_end = Q(since__isnull=True) | Q(since__lt=OuterRef("until"))
    ends_after_start = Q(until__isnull=True) | Q(until__gt=OuterRef("since"))
    meeting = (
        Q(until__isnull=True, since__isnull=True) & Exists(earlier)
        | Q(until__isnull=True, since__isnull=False) & Exists(earlier.filter(ends_after_start))
        | Q(until__isnull=False, since__isnull=True) & Exists(earlier.filter(begins_before_end))
        | Q(until__isnull=False, since__isnull=False) & Exists(earlier.filter(begins_before_end, ends_after_start))
    )
    for uid, member in rows.filter(meeting).order_by("id").values_list("uid", "member__uid").iterator():
        yield Contradiction(
            rows.model._meta.verbose_name,
            of_uid(uid),
            f"党员（标识 {member}）的这一段{wrong}",
            "核对两段的起止日期，更正其中有误的一段，或将重复的一段作废",
        )


def people_are_on_the_books_once() -> Iterator[Contradiction]:
    """No two members have one ID number."""
    same = Member.objects.filter(id_number_index__isnull=False).order_by().values("id_number_index")
    doubled = same.annotate(number=Count("pk")).filter(number__gt=1).values("id_number_index")
    rows = Member.objects.filter(id_number_index__in=doubled).order_by("id_number_index", "id")
    for uid in rows.values_list("uid", flat=True).iterator():
        yield Contradiction("党员", of_uid(uid), "与另一名党员的公民身份号码相同", "核对后合并为一人，其余的作废")


def everybody_belongs_somewhere() -> Iterator[Contradiction]:
    """Every person has or had an affiliation: without one nobody sees them."""
    lost = Member.objects.filter(~Exists(Affiliation.objects.filter(member=OuterRef("pk"))))
    for uid in lost.order_by("id").values_list("uid", flat=True).iterator():
        yield Contradiction("党员", of_uid(uid), "没有任何组织关系，谁也看不到", "登记组织关系，或将这名党员作废")


def nobody_is_left_behind() -> Iterator[Contradiction]:
    """An affiliation ends when its organization is closed, at the latest."""
    rows = Affiliation.objects.filter(organization__closed_on__isnull=False).filter(
        Q(until__isnull=True) | Q(until__gt=F("organization__closed_on"))
    )
    columns = ("uid", "member__uid", "organization__name", "organization__code", "organization__uid")
    for uid, member, name, code, place in rows.order_by("id").values_list(*columns).iterator():
        yield Contradiction(
            "组织关系",
            of_uid(uid),
            f"党员（标识 {member}）在{named(name, code, place)}撤销后仍未转出",
            "办理组织关系转接，转出日期不晚于撤销日期",
        )


def those_in_transit_are_still_there() -> Iterator[Contradiction]:
    """A request to hand a person over is open only while they are with the origin, or where it was merged into."""
    there = Affiliation.objects.regular().filter(member=OuterRef("member"), until__isnull=True)
    rows = TransferRequest.objects.open().filter(~Exists(there))
    columns = ("uid", "member__uid", "origin__name", "origin__code", "origin__uid")
    for uid, member, name, code, place in rows.order_by("id").values_list(*columns).iterator():
        yield Contradiction(
            "组织关系转接申请",
            of_uid(uid),
            f"党员（标识 {member}）在{named(name, code, place)}的组织关系已经结束，这项转接申请还没有办结",
            "撤回这项转接申请",
        )


def those_who_ask_still_exist() -> Iterator[Contradiction]:
    """A request to have a person come over is open only while the branch that asks is not closed."""
    rows = IntakeRequest.objects.open().filter(to__closed_on__isnull=False)
    columns = ("uid", "member__uid", "to__name", "to__code", "to__uid")
    for uid, member, name, code, place in rows.order_by("id").values_list(*columns).iterator():
        yield Contradiction(
            "组织关系转入申请",
            of_uid(uid),
            f"{named(name, code, place)}已经撤销，它申请转入党员（标识 {member}）的这项申请还没有办结",
            "撤回这项转入申请",
        )


def voided_in_members() -> Iterator[Contradiction]:
    """Rows of this app point at no voided row."""
    yield from voided_targets(Member._meta.app_label)


def sealed_people() -> Iterator[Contradiction]:
    """ID number and phone open with the data key, and the number gives the index it is found by."""
    for member in Member.everything.exclude(id_number_sealed="", phone_sealed="").order_by("id").iterator():
        try:
            number = member.reveal_id_number()
            member.reveal_phone()
        except (crypto.DataKeyError, crypto.SealBroken) as broken:
            wrong = f"公民身份号码或手机号码打不开（{str(broken).rstrip('。')}）"
            yield Contradiction("党员", of_uid(member.uid), wrong, KEY_REMEDY)
            continue
        if (id_number_index(number) if number else None) != member.id_number_index:
            yield Contradiction(
                "党员", of_uid(member.uid), "公民身份号码与用来查找它的索引不符", "核对证件后重新填写公民身份号码"
            )


def sealed_contacts() -> Iterator[Contradiction]:
    """How to reach floating members opens with the data key."""
    for model in (Standing, Guest):
        for row in model.everything.exclude(contact_sealed="").order_by("id").iterator():
            try:
                row.reveal_contact()
            except (crypto.DataKeyError, crypto.SealBroken) as broken:
                wrong = f"联系方式打不开（{str(broken).rstrip('。')}）"
                yield Contradiction(model._meta.verbose_name, of_uid(row.uid), wrong, KEY_REMEDY)


CHECKS = (
    nobody_is_counted_twice,
    standings_do_not_overlap,
    guests_stay_once,
    guests_are_not_counted,
    people_are_on_the_books_once,
    everybody_belongs_somewhere,
    nobody_is_left_behind,
    those_in_transit_are_still_there,
    those_who_ask_still_exist,
    voided_in_members,
)
# Slow: each sealed value is opened.
SEALED_CHECKS = (sealed_people, sealed_contacts)
