"""合并重复登记: two entries of one person become one, and everything recorded of either stays on the books."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from members.models import Affiliation, Guest, Identity, IntakeRequest, Member, Standing, TransferRequest
from members.services.keeping import keeper_of, locked_for
from members.services.people import PERSONAL_FIELDS, change_member
from orgs import audit
from orgs.enums import AffiliationKind
from orgs.services.records import save_changes, void

EVENT = "member.merge"
DOUBLE = "重复登记，已合并"
PRECISE = ("birth", "joined_on", "formal_on")


@transaction.atomic
def merge_members(*, keep: Member, drop: Member, stays_with: Member, on: date, reason: str, by) -> Member:
    """Make one entry of two: what is recorded of `drop` goes over to `keep`, and `drop` is voided; return `keep`.

    Blank particulars of `keep` are filled from `drop`, others stay. Where both have an open 组织关系, that of
    `stays_with` (one of the two) goes on; the other one ends the day it began, or counts as recorded twice. Periods
    of `drop` that overlap one of `keep` are voided, so that nobody is counted twice on any day. PermissionDenied
    unless `by` may change both; ValidationError while one of them is in transit.
    """
    keep, drop = _held(by, keep, drop)
    if TransferRequest.objects.open().filter(member__in=(keep, drop)).exists():
        raise ValidationError("其中一人的组织关系正在转接，请先答复或者撤回转接申请，再合并。")
    place = keeper_of(keep) or keeper_of(drop)
    filled = _blanks(keep, drop)
    void(drop, by=by, reason=f"{DOUBLE}：{reason}"[:200], organization=keeper_of(drop))
    _settle_open(keep, drop, stays_with, on=on, by=by)
    _hand_over_affiliations(keep, drop, by=by)
    _hand_over_standings(keep, drop, place, by=by)
    _hand_over_intakes(keep, drop, by=by)
    if filled:
        change_member(keep, by=by, **filled)
    found = Identity(first=keep, second=drop, is_same=True, reason=reason, by=by)
    found.full_clean()
    found.save(force_insert=True)
    audit.record_event(
        kind=EVENT, target=keep, organization=place, by=by, changes={"merged": [str(drop.uid), str(keep.uid)]}
    )
    return Member.objects.get(pk=keep.pk)


@transaction.atomic
def declare_different(*, first: Member, second: Member, reason: str, by) -> Identity:
    """Note that two entries are two people, so that they are not asked about again.

    PermissionDenied unless `by` may change both; ValidationError without a reason or when it was noted before.
    """
    first, second = sorted(_held(by, first, second), key=lambda member: member.pk)
    found = Identity(first=first, second=second, is_same=False, reason=reason, by=by)
    found.full_clean()
    found.save(force_insert=True)
    audit.record_event(
        kind="member.distinct",
        target=first,
        organization=keeper_of(first),
        by=by,
        changes={"distinct": [None, str(second.uid)]},
    )
    return found


def overlapping(row, others: Iterable):
    """The first of `others` that shares a day with `row` (both have `since` and `until`, half-open); None for none."""
    return next((each for each in others if _begins(each) < _ends(row) and _begins(row) < _ends(each)), None)


def _begins(row) -> date:
    return row.since or date.min


def _ends(row) -> date:
    return row.until or date.max


def _held(by, *members: Member) -> tuple[Member, ...]:
    """The rows of both, held in the order of their keys so that two merges cannot wait for each other."""
    held = {member.pk: locked_for(by, member) for member in sorted(members, key=lambda each: each.pk)}
    return tuple(held[member.pk] for member in members)


def _blanks(keep: Member, drop: Member) -> dict:
    """What `drop` knows and `keep` does not; a day goes with its precision."""
    names = [name for name in PERSONAL_FIELDS if not name.endswith("_precision")]
    filled = {name: getattr(drop, name) for name in names if not getattr(keep, name) and getattr(drop, name)}
    for name in PRECISE:
        if name in filled:
            filled[f"{name}_precision"] = getattr(drop, f"{name}_precision")
    for name, reveal in (("id_number", Member.reveal_id_number), ("phone", Member.reveal_phone)):
        if not reveal(keep) and reveal(drop):
            filled[name] = reveal(drop)
    return filled


def _settle_open(keep: Member, drop: Member, stays_with: Member, *, on: date, by) -> None:
    """Of two open 组织关系 one goes on: the other ended the day that one began, or was recorded twice."""
    opened = Affiliation.objects.regular().filter(member__in=(keep, drop), until__isnull=True)
    found = {row.member_id: row for row in opened.select_related("organization")}
    if len(found) < 2:
        return
    stays = found.pop(stays_with.pk)
    (other,) = found.values()
    same_place = other.organization_id == stays.organization_id
    began = stays.since
    if same_place or began is None or (other.since is not None and other.since >= began) or began > on:
        void(other, by=by, reason=DOUBLE, organization=other.organization)
    else:
        _write(other, {"until": began, "reason": DOUBLE}, by=by)


def _hand_over_affiliations(keep: Member, drop: Member, *, by) -> None:
    """The periods of `drop` become those of `keep`, closed ones first; an overlapping one was recorded twice."""
    own = list(Affiliation.objects.filter(member=keep))
    rows = Affiliation.objects.filter(member=drop).select_related("organization").order_by("until", "pk")
    for row in rows:
        regular = row.kind == AffiliationKind.REGULAR
        rivals = [
            each for each in own if each.kind == row.kind and (regular or each.organization_id == row.organization_id)
        ]
        rival = overlapping(row, rivals)
        if rival is not None and regular and row.until is None and rival.until is not None:
            # The open one is where the person is: what was recorded of the time before ends when it began.
            _make_way(rival, row, by=by)
            rival = None
        if rival is None:
            _write(row, {"member": keep}, by=by)
            own.append(row)
        else:
            for guest in Guest.objects.filter(affiliation=row):
                void(guest, by=by, reason=DOUBLE, organization=row.organization)
            void(row, by=by, reason=DOUBLE, organization=row.organization)


def _make_way(earlier: Affiliation, present: Affiliation, *, by) -> None:
    if present.since is not None and (earlier.since is None or earlier.since < present.since):
        _write(earlier, {"until": present.since}, by=by)
    else:
        void(earlier, by=by, reason=DOUBLE, organization=earlier.organization)


def _hand_over_standings(keep: Member, drop: Member, place, *, by) -> None:
    own = list(Standing.objects.filter(member=keep))
    for row in Standing.objects.filter(member=drop).order_by("pk"):
        if overlapping(row, [each for each in own if each.kind == row.kind]) is None:
            save_changes(row, changes={"member": keep}, by=by, kind=EVENT, organization=place)
            own.append(row)
        else:
            void(row, by=by, reason=DOUBLE, organization=place)


def _write(row: Affiliation, changes: dict, *, by) -> None:
    save_changes(row, changes=changes, by=by, kind=EVENT, organization=row.organization)


def _hand_over_intakes(keep: Member, drop: Member, *, by) -> None:
    """What other branches ask of `drop` is asked of `keep`; a branch that asked for both asks once."""
    asked = set(IntakeRequest.objects.open().filter(member=keep).values_list("to", flat=True))
    for request in IntakeRequest.objects.open().filter(member=drop).select_related("to").order_by("pk"):
        if request.to_id in asked:
            void(request, by=by, reason=DOUBLE, organization=request.to)
        else:
            save_changes(request, changes={"member": keep}, by=by, kind=EVENT, organization=request.to)
