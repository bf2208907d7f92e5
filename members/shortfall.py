"""Since when organizations have had too few full members: the clock of 「正式党员不足3名」.

The day is read from the same numbers as a head count: member rows from the first
confirmed roster of an organization on, before it what the organization declared,
each declaration until the next one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min

from members.models import Affiliation, DeclaredCount, RosterConfirmation, Standing
from orgs.enums import MemberKind, StandingKind


@dataclass(frozen=True)
class _Stay:
    """One affiliation of a full member, from the later of 转入 and 转正 on; no `since`: before all records."""

    member: int
    since: date | None
    until: date | None

    def holds_on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


def below_since(organizations: Iterable[int], *, least: int, on: date) -> dict[int, date | None]:
    """{organization id: first day of the stretch with fewer than `least` full members that holds on the day `on`}.

    Meant for the ids of organizations without others below them; four queries, however many there are. None where no
    such stretch holds, and where it began before the books: the first confirmed roster has too few already and no
    declaration before it tells more. Of declarations the stretch begins with the first of the latest run of those
    that are too small, since nobody knows the day in between.
    """
    ids = list(organizations)
    rosters = dict(
        RosterConfirmation.objects.filter(organization__in=ids, on__lte=on)
        .order_by()
        .values_list("organization_id")
        .annotate(first=Min("on"))
    )
    declared: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for organization, day, full in (
        DeclaredCount.objects.filter(organization__in=ids, on__lte=on)
        .order_by("on")
        .values_list("organization_id", "on", "full")
    ):
        declared[organization].append((day, full))
    stays, stops = _people([pk for pk in ids if pk in rosters])
    found: dict[int, date | None] = {}
    for pk in ids:
        roster_on = rosters.get(pk)
        if roster_on is None:
            found[pk] = _start_of_run(declared[pk], least)
            continue
        since = _start_of_rows(stays[pk], stops, least=least, first=roster_on, last=on)
        before = [(day, full) for day, full in declared[pk] if day < roster_on]
        if since == roster_on:
            # Enough were declared last: it happened somewhere before the roster, the first day that shows it.
            since = (_start_of_run(before, least) or roster_on) if before else None
        found[pk] = since
    return found


def _people(ids: list[int]) -> tuple[dict[int, list[_Stay]], dict[int, list[_Stay]]]:
    """({organization id: stays of full members}, {member id: periods of 停止党籍})."""
    stays: dict[int, list[_Stay]] = defaultdict(list)
    rows = Affiliation.objects.regular().filter(
        organization__in=ids, member__voided_at__isnull=True, member__kind=MemberKind.FULL
    )
    for organization, member, since, until, formal_on in rows.order_by().values_list(
        "organization_id", "member_id", "since", "until", "member__formal_on"
    ):
        since = max((day for day in (since, formal_on) if day is not None), default=None)
        stays[organization].append(_Stay(member, since, until))
    stops: dict[int, list[_Stay]] = defaultdict(list)
    stopped = Standing.objects.filter(kind=StandingKind.STOPPED, member__in=rows.order_by().values("member"))
    for member, since, until in stopped.order_by().values_list("member_id", "since", "until"):
        stops[member].append(_Stay(member, since, until))
    return stays, stops


def _start_of_rows(stays: list[_Stay], stops: dict, *, least: int, first: date, last: date) -> date | None:
    """The first day from which there are too few on every day until `last`; not before `first`."""
    periods = [*stays, *(stop for member in {stay.member for stay in stays} for stop in stops.get(member, ()))]
    turns = {day for each in periods for day in (each.since, each.until) if day and first < day <= last}
    start = None
    for day in sorted({first, *turns}, reverse=True):
        if _full_on(day, stays, stops) >= least:
            return start
        start = day
    return start


def _full_on(day: date, stays: list[_Stay], stops: dict) -> int:
    here = {stay.member for stay in stays if stay.holds_on(day)}
    return sum(not any(stop.holds_on(day) for stop in stops.get(member, ())) for member in here)


def _start_of_run(declared: list[tuple[date, int]], least: int) -> date | None:
    """The day of the first of the last declarations in a row, by day, that are too small."""
    start = None
    for day, full in reversed(declared):
        if full >= least:
            break
        start = day
    return start
