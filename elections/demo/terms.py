"""Terms for the invented district: an expiry is wished for, an election day that gives it is found by the law."""

from datetime import date, timedelta
from random import Random

from elections.demo.plan import PlannedExtension, PlannedTerm
from elections.rules.dated import add_months, add_years, month_end
from elections.rules.terms import expiry, term_years
from orgs.enums import Kind, Precision, UnitType

LONGEST = 5
SATURDAY = 5
REASONS = ("多数委员外出", "重大任务处于关键时期", "需要先行整顿", "上级党组织决定推迟")


def workday(day: date) -> date:
    """`day`, or the Friday before it: meetings are held on working days."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def document(rng: Random, day: date, office: str = "云组") -> str:
    """The number of a 批复 of this year."""
    return f"{office}〔{day.year}〕{rng.randint(2, 160)}号"


def term_of(kind: Kind, unit_type: UnitType | None, elected_on: date, *, month_only: bool = False) -> PlannedTerm:
    """The term that an election on this day (or in its month) begins."""
    precision = Precision.MONTH if month_only else Precision.DAY
    elected_on = month_end(elected_on) if month_only else elected_on
    years = term_years(kind=kind, unit_type=unit_type, elected_on=elected_on).years
    return PlannedTerm(
        elected_on=elected_on,
        years=years,
        expires_on=expiry(elected_on=elected_on, years=years, precision=precision),
        precision=precision,
    )


def term_expiring(kind: Kind, unit_type: UnitType | None, wished: date, *, month_only: bool = False) -> PlannedTerm:
    """A term that expires on `wished` or up to four days before it (a month-only one: at the end of its month).

    ValueError when no election day gives it: no five-year term of a village ran out from July 2021 to July 2023.
    """
    for years in range(LONGEST, 0, -1):
        term = term_of(kind, unit_type, workday(add_years(wished, -years)), month_only=month_only)
        if term.years == years:
            return term
    raise ValueError(f"no term of {kind} ({unit_type}) expires on {wished}")


def earlier_terms(kind: Kind, unit_type: UnitType | None, current: PlannedTerm, count: int, rng: Random):
    """Up to `count` terms before `current`, latest first: mostly followed in time, some late, some prolonged."""
    found, following = [], current.elected_on
    for _ in range(count):
        chance = rng.random()
        if chance < 0.72:
            late = -rng.randint(3, 90)
        elif chance < 0.92:
            late = rng.randint(15, 210)
        else:
            late = rng.randint(220, 520)
        try:
            term = term_expiring(kind, unit_type, following - timedelta(days=late))
        except ValueError:
            break
        if late > 20 and rng.random() < 0.5:
            term = _prolonged(term, following, rng)
        found.append(term)
        following = term.elected_on
    return tuple(found)


def _prolonged(term: PlannedTerm, elected_next: date, rng: Random) -> PlannedTerm:
    """The term with an extension: approved in time, or only after it had run out (届满后补批)."""
    late = rng.random() < 0.4
    approved_on = workday(term.expires_on + timedelta(days=rng.randint(12, 40) if late else -rng.randint(5, 50)))
    approved_on = min(approved_on, elected_next - timedelta(days=1))
    months = 6 if elected_next <= add_months(term.expires_on, 6) else 12
    extension = PlannedExtension(
        ends_on=add_months(term.expires_on, months),
        document_no=document(rng, approved_on),
        approved_on=approved_on,
        reason=rng.choice(REASONS),
    )
    return PlannedTerm(**{**vars(term), "extensions": (extension,)})
