"""What happens to an organization: one function per situation, each leading to a known state on the given today.

All days are counted from `today` with a margin of some days, so that the state holds whatever the weekday, the
month's length or a 29 February does to a single day.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from elections.demo.plan import Course, PlannedElection, PlannedExtension, PlannedOrganization, PlannedTerm
from elections.demo.terms import (
    REASONS,
    document,
    earlier_terms,
    term_expiring,
    term_of,
    workday,
)
from elections.rules.dated import add_months, add_years
from orgs.enums import ApprovalLevel, ElectionKind, ExtensionKind, Kind, Precision, State

MARGIN = 10
BEFORE_THE_OPINION = date(2016, 11, 18)


def days(count: int) -> timedelta:
    """So many days."""
    return timedelta(days=count)


def in_term(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """The common case: the term runs for more than six months still."""
    last = add_years(today, _years(org, today)) - days(MARGIN)
    first = add_months(today, 6) + days(MARGIN)
    return _sitting(org, first + days(rng.randint(0, (last - first).days)), State.IN_TERM, rng)


def by_election(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """In term, with an open by-election for one seat: the term counts on as before."""
    course = in_term(org, today, rng)
    case = PlannedElection(workday(today - days(12)), today + days(16), kind=ElectionKind.BY_ELECTION)
    return replace(course, elections=(case,))


def month_only(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """In term, election day known to the month only."""
    expires = add_months(today, rng.randint(8, 26))
    return _sitting(org, expires, State.IN_TERM, rng, month_only=True)


def due_soon(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Six months or less to go."""
    room = (add_months(today, 6) - today).days - 2 * MARGIN
    return _sitting(org, today + days(MARGIN + rng.randint(0, room)), State.DUE_SOON, rng)


def due_soon_month_only(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Due in a month whose day nobody wrote down."""
    return _sitting(org, add_months(today, 3), State.DUE_SOON, rng, month_only=True)


def result_missing(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """The election day has passed and nobody entered the result: the state goes by dates."""
    course = _sitting(org, today + days(rng.randint(30, 50)), State.DUE_SOON, rng)
    return replace(course, elections=(PlannedElection(today - days(60), today - days(9)),))


def in_election(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """The election is open and the term not over; for half of them the day is set."""
    course = _sitting(org, today + days(rng.randint(45, 140)), State.IN_ELECTION, rng)
    chosen = today + days(rng.randint(6, 30)) if rng.random() < 0.5 else None
    return replace(course, elections=(PlannedElection(workday(today - days(rng.randint(6, 45))), chosen),))


def in_election_in_extension(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """The election was opened within an approved extension."""
    course = extended(org, today, rng)
    case = PlannedElection(today - days(20), today + days(15))
    return replace(course, expected=State.IN_ELECTION, elections=(case,))


def first_election(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Newly founded, and its first election is open."""
    course = founded_lately(org, today, rng)
    case = PlannedElection(today - days(14), today + days(21))
    return replace(course, expected=State.IN_ELECTION, elections=(case,))


def overdue(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Run out, less than a year ago, and nothing done."""
    return _sitting(org, today - days(rng.randint(6, 300)), State.OVERDUE, rng)


def overdue_started(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Run out, but the election has been opened since."""
    gone = rng.randint(60, 250)
    course = _sitting(org, today - days(gone), State.OVERDUE, rng)
    chosen = today + days(18) if rng.random() < 0.5 else None
    return replace(course, elections=(PlannedElection(today - days(rng.randint(5, 40)), chosen),))


def inspection(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Run out more than a year ago: what the special inspections count."""
    return _sitting(org, today - days(rng.randint(390, 700)), State.OVERDUE, rng)


def forgotten(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Elected before the opinion on terms of 2018, under the old length, and never since."""
    return _course(org, term_of(org.kind, org.unit_type, BEFORE_THE_OPINION), State.OVERDUE, rng)


def lapsed(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """The approved extension has run out as well."""
    course = _sitting(org, today - days(240), State.OVERDUE, rng)
    expires = course.current.expires_on
    return _prolong(course, expires - days(20), add_months(expires, 6), rng)


def pending(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """An extension was asked for and never answered: it moves nothing."""
    course = _sitting(org, today - days(45), State.OVERDUE, rng)
    asked = PlannedExtension(add_months(course.current.expires_on, 6), reason=rng.choice(REASONS))
    return replace(course, current=replace(course.current, extensions=(asked,)))


def approved_too_late(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Approved more than a year after the end of the term: a finding, and no extension."""
    course = _sitting(org, today - days(430), State.OVERDUE, rng)
    expires = course.current.expires_on
    return _prolong(course, add_years(expires, 1) + days(30), add_months(expires, 18), rng)


def extended(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Run out, and prolonged by a 批复 given in time."""
    course = _sitting(org, today - days(rng.randint(20, 120)), State.EXTENDED, rng)
    expires = course.current.expires_on
    return _prolong(course, expires - days(rng.randint(4, 40)), add_months(expires, rng.choice((8, 10, 12))), rng)


def extended_late(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Prolonged only after it had run out: overdue in between, for ever after (届满后补批)."""
    course = _sitting(org, today - days(110), State.EXTENDED, rng)
    expires = course.current.expires_on
    return _prolong(course, expires + days(35), add_months(expires, 12), rng)


def extended_beyond_cap(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Prolonged beyond one year by an order of the province, with its number."""
    course = _sitting(org, today - days(400), State.EXTENDED, rng)
    expires = course.current.expires_on
    return _prolong(
        course,
        expires - days(25),
        add_months(expires, 18),
        rng,
        level=ApprovalLevel.PROVINCE_CITY,
        kind=ExtensionKind.COMMON_ORDER,
        office="省组通",
    )


def no_data(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Nobody has told us of any election: a task, not a pass."""
    return Course(State.NO_DATA, founded_on=_founded_before(add_years(today, -4), rng))


def founded_lately(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Founded within the last months: the first election is awaited."""
    return Course(State.AWAITING_FIRST, founded_on=workday(today - days(rng.randint(40, 300))))


def appointed(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """A committee appointed by the superior (指派), with document and day; no elected term ever."""
    return _appointed(today - days(140), today, rng)


def appointed_long_ago(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Appointed more than a year ago and still not elected: 「长期未选举」."""
    return _appointed(today - days(560), today, rng)


def converted(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Raised from a branch to a 总支 some months ago: the branch's term ended that day."""
    day = workday(today - days(rng.randint(70, 200)))
    former = term_expiring(Kind.BRANCH, org.unit_type, add_months(day, 14))
    course = _course(replace_kind(org, Kind.BRANCH), former, State.AWAITING_FIRST, rng)
    return replace(course, converted_on=day)


def newly_elected(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Founded two years ago, first term running (新建)."""
    founded = workday(add_months(today, -18))
    first = replace(term_of(org.kind, org.unit_type, workday(founded + days(25))), ordinal=1)
    return Course(State.IN_TERM, founded_on=founded, current=first)


def merged(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """Closed some years ago, merged into a neighbor; outside every count."""
    closed = workday(today - days(rng.randint(200, 900)))
    course = _sitting(org, closed + days(rng.randint(-100, 400)), State.NOT_EXISTING, rng)
    return replace(course, closed_on=closed, closed_basis=f"并入相邻党组织（{document(rng, closed)}）")


def without_term(org: PlannedOrganization, today: date, rng: Random) -> Course:
    """By kind and form it elects no body here; a temporary one was founded lately."""
    founded = _founded_before(add_months(today, -8) if org.kind == Kind.BRANCH else date(2012, 1, 1), rng)
    return Course(State.NO_TERM, founded_on=founded, founded_precision=Precision.DAY)


Situation = Callable[[PlannedOrganization, date, Random], Course]


def replace_kind(org: PlannedOrganization, kind: Kind) -> PlannedOrganization:
    """The organization as it was when it was of another kind."""
    return PlannedOrganization(**{**vars(org), "kind": kind})


def _years(org: PlannedOrganization, today: date) -> int:
    return term_of(org.kind, org.unit_type, today).years


def _sitting(org, expires, expected, rng, *, month_only=False) -> Course:
    term = term_expiring(org.kind, org.unit_type, expires, month_only=month_only)
    return _course(org, term, expected, rng)


def _course(org, term: PlannedTerm, expected: State, rng: Random) -> Course:
    """The sitting term with up to two before it, their ordinals, and a founding day before the first of them."""
    earlier = earlier_terms(org.kind, org.unit_type, term, rng.choice((0, 1, 1, 2, 2)), rng)
    first = earlier[-1] if earlier else term
    ordinal = rng.randint(2, 5)
    numbered = [replace(each, ordinal=ordinal + place) for place, each in enumerate((*reversed(earlier), term))]
    numbered = [
        replace(each, document_no=document(rng, each.elected_on, "云组复")) if rng.random() < 0.7 else each
        for each in numbered
    ]
    founded = _founded_before(first.elected_on - days(365 * 3), rng)
    monthly = rng.random() < 0.2
    return Course(
        expected,
        founded_on=founded.replace(day=1) if monthly else founded,
        founded_precision=Precision.MONTH if monthly else Precision.DAY,
        current=numbered[-1],
        earlier=tuple(numbered[:-1]),
    )


def _founded_before(day: date, rng: Random) -> date:
    return workday(day - days(rng.randint(20, 7000)))


def _prolong(course: Course, approved: date, ends_on: date, rng: Random, *, office="云组", **more) -> Course:
    approved = workday(approved)
    extension = PlannedExtension(
        ends_on=ends_on,
        document_no=document(rng, approved, office),
        approved_on=approved,
        reason=rng.choice(REASONS),
        **more,
    )
    return replace(course, current=replace(course.current, extensions=(extension,)))


def _appointed(on: date, today: date, rng: Random) -> Course:
    on = workday(on)
    return Course(
        State.AWAITING_FIRST,
        founded_on=_founded_before(add_years(today, -4), rng),
        appointed_on=on,
        appointed_document_no=document(rng, on),
    )
