"""Findings on the number of seats of a committee as SQL: `rules/committees.py` a second time."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from django.db.models import Q

from elections.findings_sql.heads import full_at_least, full_below
from elections.findings_sql.posts import committee_recorded, held, persons
from elections.findings_sql.scope import Found, Scope
from elections.models import Term
from elections.rules.parameters import Parameter
from elections.rules.structure import AGENCIES
from members.headcount_sql import among
from orgs.enums import Body, Kind, Seat, Severity, UnitType


def committees(scope: Scope) -> Iterator[Found]:
    """Findings that follow from how many people were elected to the committee, under a sitting term.

    Where somebody holds a seat the committee is recorded; only where nobody may, that has to be asked.
    """
    seats = Seats(scope)
    yield from _branches(scope, seats)
    yield from _ranges(scope, seats)
    yield from _discipline(scope, seats)


class Seats:
    """How many people hold elected seats, counted once for all conditions on it."""

    def __init__(self, scope: Scope):
        self.scope = scope

    @cached_property
    def counts(self) -> dict[str, dict[int, int]]:
        """{body: {organization id: people}} of those in which anybody holds one."""
        rows = held(self.scope, seat=Seat.ELECTED, body__in=Body).values_list("organization_id", "body")
        found: dict[str, dict[int, int]] = defaultdict(dict)
        for organization, body, people in rows.annotate(people=persons()):
            found[body][organization] = people
        return found

    def more_than(self, number: int, body: Body = Body.COMMITTEE) -> Q:
        """The condition that more people than this hold one."""
        return among(lambda: [pk for pk, people in self.counts[body].items() if people > number])

    def fewer_than(self, number: int) -> Q:
        """The condition that fewer people than this hold one, none where the committee is not recorded at all."""
        return ~self.more_than(number - 1) & committee_recorded(self.scope)


def _branches(scope: Scope, seats: Seats) -> Iterator[Found]:
    law, on = scope.law, scope.on
    branch = Q(kind_on=Kind.BRANCH, sitting__isnull=False)
    threshold = law.committee_full_members_least.on(on).value

    too_many = branch & seats.more_than(law.branch_seats_most.on(on).value)
    yield scope.found_in_books("ORG-09", "too_many", Severity.WARNING, too_many)
    none = branch & full_at_least(scope, threshold) & seats.fewer_than(law.branch_seats_least.on(on).value)
    yield scope.found_in_books("ORG-09", "no_committee", Severity.ERROR, none)
    small = branch & full_below(scope, threshold) & seats.more_than(law.small_branch_seats_most.on(on).value)
    yield scope.found_in_books("ORG-10", "committee", Severity.WARNING, small)


def _ranges(scope: Scope, seats: Seats) -> Iterator[Found]:
    """Fewer, more, or more than usual, by kind and unit type; where several share a rule as one."""
    law, on = scope.law, scope.on
    general = Q(kind_on=Kind.GENERAL_BRANCH, sitting__isnull=False)
    committee = Q(kind_on=Kind.COMMITTEE, sitting__isnull=False)
    township, owned = Q(unit_type_on=UnitType.TOWNSHIP), Q(unit_type_on=UnitType.STATE_OWNED)
    # As many as a committee with 常委 has is taken for one: no roster says whether there are 常委.
    standing = seats.more_than(law.standing_seats_least.on(on).value - 1) & ~seats.more_than(
        law.standing_seats_most.on(on).value
    )
    ranges: tuple[tuple[Q, Parameter, Parameter, Parameter], ...] = (
        (
            general,
            law.general_branch_seats_least,
            law.general_branch_seats_usual,
            law.general_branch_seats_most,
        ),
        (committee & township, law.township_seats_least, law.township_seats_most, law.township_seats_most),
        (committee & owned, law.state_owned_seats_least, law.state_owned_seats_usual, law.state_owned_seats_most),
        (
            committee & ~(township | owned) & ~standing,
            law.committee_seats_least,
            law.committee_seats_usual,
            law.committee_seats_most,
        ),
    )
    found: dict[tuple[str, str, Severity], Q] = defaultdict(Q)
    for which, *limits in ranges:
        least, usual, most = (each.on(on) for each in limits)
        many = seats.more_than(most.value)
        found[least.rule_id, "too_few", Severity.WARNING] |= which & seats.fewer_than(least.value)
        found[most.rule_id, "too_many", Severity.WARNING] |= which & many
        if usual.value < most.value:
            unusual = which & seats.more_than(usual.value) & ~many
            found[usual.rule_id, "more_than_usual", Severity.INFO] |= unusual
    for (rule_id, aspect, severity), condition in found.items():
        yield scope.found_in_books(rule_id, aspect, severity, condition)


def _discipline(scope: Scope, seats: Seats) -> Iterator[Found]:
    """ORG-14: a 机关党委 must have a 机关纪委, recorded by its term or by anybody in it."""
    agency = Q(kind_on=Kind.COMMITTEE, unit_type_on__in=AGENCIES)
    terms = Term.objects.current(scope.on).filter(scope.within(), body=Body.DISCIPLINE).order_by()
    posts = held(scope, body=Body.DISCIPLINE)
    has_one = Q(pk__in=terms.values("organization")) | Q(pk__in=posts.values("organization"))
    missing = agency & ~has_one & committee_recorded(scope)
    yield scope.found_in_books("ORG-14", "missing", Severity.ERROR, missing)
    least = scope.law.discipline_seats_least.on(scope.on).value
    few = agency & seats.more_than(0, Body.DISCIPLINE) & ~seats.more_than(least - 1, Body.DISCIPLINE)
    yield scope.found_in_books("ORG-23", "discipline_too_few", Severity.WARNING, few & committee_recorded(scope))
