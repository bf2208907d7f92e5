"""Findings on the number of seats of a committee as SQL: `rules/committees.py` a second time."""

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Expression, OuterRef, Q, QuerySet
from django.db.models.lookups import GreaterThan, LessThan

from elections.findings_sql.heads import full_at_least, full_below
from elections.findings_sql.posts import committee_recorded, held, persons, persons_of
from elections.findings_sql.scope import Found, Scope
from elections.models import Post, Term
from elections.rules.parameters import Parameter
from elections.rules.structure import AGENCIES
from orgs.enums import Body, Kind, Seat, Severity, UnitType


def committees(scope: Scope) -> Iterator[Found]:
    """Findings that follow from how many people were elected to the committee, under a sitting term.

    Where somebody holds a seat the committee is recorded; only where nobody may, that has to be asked.
    """
    yield from _branches(scope)
    yield from _ranges(scope)
    yield from _discipline(scope)


def _branches(scope: Scope) -> Iterator[Found]:
    law, on = scope.law, scope.on
    branch = Q(kind_on=Kind.BRANCH, sitting__isnull=False)
    seats = held(scope, body=Body.COMMITTEE, seat=Seat.ELECTED).values("organization").annotate(seats=persons())
    threshold = law.committee_full_members_least.on(on).value

    too_many = branch & _more(seats, law.branch_seats_most.on(on).value)
    yield scope.found_in_books("ORG-09", "too_many", Severity.WARNING, too_many)
    enough = _more(seats, law.branch_seats_least.on(on).value - 1)
    none = branch & full_at_least(scope, threshold) & ~enough & committee_recorded(scope)
    yield scope.found_in_books("ORG-09", "no_committee", Severity.ERROR, none)
    committee = _more(seats, law.small_branch_seats_most.on(on).value)
    small = branch & full_below(scope, threshold) & committee
    yield scope.found_in_books("ORG-10", "committee", Severity.WARNING, small)


def _more(seats: QuerySet, number: int) -> Q:
    return Q(pk__in=seats.filter(seats__gt=number).values("organization"))


def _seats(scope: Scope, body: Body) -> Expression:
    """How many people hold an elected seat; asked one by one, for there are few but branches."""
    return persons_of(Post.objects.holding(scope.on).filter(organization=OuterRef("pk"), body=body, seat=Seat.ELECTED))


def _ranges(scope: Scope) -> Iterator[Found]:
    """Fewer, more, or more than usual, by kind and unit type; where several share a rule as one."""
    law, on = scope.law, scope.on
    general, committee = Q(kind_on=Kind.GENERAL_BRANCH), Q(kind_on=Kind.COMMITTEE)
    township, owned = Q(unit_type_on=UnitType.TOWNSHIP), Q(unit_type_on=UnitType.STATE_OWNED)
    # As many as a committee with 常委 has is taken for one: no roster says whether there are 常委.
    seats = _seats(scope, Body.COMMITTEE)
    standing = ~Q(LessThan(seats, law.standing_seats_least.on(on).value)) & ~Q(
        GreaterThan(seats, law.standing_seats_most.on(on).value)
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
        few, many = Q(LessThan(seats, least.value)), Q(GreaterThan(seats, most.value))
        unusual = Q(GreaterThan(seats, usual.value))
        sits = which & Q(sitting__isnull=False)
        found[least.rule_id, "too_few", Severity.WARNING] |= sits & few & committee_recorded(scope)
        found[most.rule_id, "too_many", Severity.WARNING] |= sits & ~few & many
        if usual.value < most.value:
            found[usual.rule_id, "more_than_usual", Severity.INFO] |= sits & ~few & ~many & unusual
    for (rule_id, aspect, severity), condition in found.items():
        yield scope.found_in_books(rule_id, aspect, severity, condition)


def _discipline(scope: Scope) -> Iterator[Found]:
    """ORG-14: a 机关党委 must have a 机关纪委, recorded by its term or by anybody in it."""
    agency = Q(kind_on=Kind.COMMITTEE, unit_type_on__in=AGENCIES) & committee_recorded(scope)
    terms = Term.objects.current(scope.on).filter(scope.within(), body=Body.DISCIPLINE).order_by()
    has_one = Q(pk__in=terms.values("organization")) | Q(
        pk__in=held(scope, body=Body.DISCIPLINE).values("organization")
    )
    yield scope.found_in_books("ORG-14", "missing", Severity.ERROR, agency & ~has_one)
    seats = _seats(scope, Body.DISCIPLINE)
    least = scope.law.discipline_seats_least.on(scope.on).value
    few = agency & Q(GreaterThan(seats, 0)) & Q(LessThan(seats, least))
    yield scope.found_in_books("ORG-23", "discipline_too_few", Severity.WARNING, few)
