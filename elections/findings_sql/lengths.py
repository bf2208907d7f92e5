"""The lengths of terms as SQL: where a recorded length is not the law's (P-10) or outside the frame (TERM-01)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan, In, LessThan

from elections.findings_sql.scope import Scope
from elections.rules.dated import ALWAYS
from elections.rules.parameters import TERM_OPINION, Law, LawGap, Parameter
from elections.rules.terms import UnknownUnitType, term_years
from orgs.enums import Kind, UnitType
from orgs.models.organization import OrganizationUnit

UNKNOWN = ""


@dataclass(frozen=True)
class Period:
    """The election days [since, until) of one wording of the law; open ends are `ALWAYS` and None."""

    since: date
    until: date | None

    @property
    def condition(self) -> Q:
        """That the sitting term was elected in it."""
        elected = Q(sitting__elected_on__gte=self.since)
        return elected & Q(sitting__elected_on__lt=self.until) if self.until else elected


def differs(scope: Scope) -> Q:
    """P-10: the length is known by kind and unit type of the election day, and the recorded one may not differ from it.

    It may with a 批复 number, and in its range where the term is from before the 任期意见 (`rules.terms`).
    """
    rows = OrganizationUnit.objects.filter(scope.within(), unit__is_large=True, unit__voided_at__isnull=True)
    large = Q(pk__in=rows.values("organization"))
    other = Q(pk__in=[])
    for period in _periods([*scope.law.term_years.values(), scope.law.large_enterprise_term_years]):
        in_period = Q(pk__in=[])
        for (allowed, unit_types, is_large), kinds in _lengths(scope.law, period).items():
            of_kind = Q(sitting__kind_at_election__in=kinds, sitting__unit_type_at_election__in=unit_types)
            if is_large is not None:
                of_kind &= large if is_large else ~large
            in_period |= of_kind & _years_other_than(allowed)
        other |= period.condition & in_period
    return Q(sitting__document_no="") & other


def length_unknown(law: Law) -> Q:
    """P-11: without the unit type the law does not tell the length, nor is the recorded one kept by rule or 批复."""
    unknown = Q(pk__in=[])
    for period in _periods([*law.term_years.values(), law.large_enterprise_term_years]):
        kinds = [kind for kind in dict.fromkeys(kind for kind, _ in law.term_years) if _depends(law, kind, period)]
        of_kind = period.condition & Q(sitting__kind_at_election__in=kinds)
        if kept := _kept(law, period):
            of_kind &= _years_outside(kept[0], kept[-1])
        unknown |= of_kind
    return Q(sitting__document_no="") & unknown


def outside_frame(law: Law) -> Q:
    """TERM-01: shorter or longer than any term may be, whatever was approved."""
    return _outside(law.term_years_least, law.term_years_most)


def _outside(least: Parameter, most: Parameter) -> Q:
    condition = Q(pk__in=[])
    for period in _periods([least, most]):
        outside = _years_outside(least.on(period.since).value, most.on(period.since).value)
        condition |= period.condition & outside
    return condition


def _recorded() -> Coalesce:
    """The recorded length: the stated one where that does not hold, else the term's own."""
    return Coalesce("sitting__stated_years", "sitting__years")


def _years_outside(least: int, most: int) -> Q:
    return Q(LessThan(_recorded(), least)) | Q(GreaterThan(_recorded(), most))


def _lengths(law: Law, period: Period) -> dict[tuple, list[Kind]]:
    """{(lengths that are no finding, unit types, large or None where it does not matter): kinds} of the period.

    Left out is what the law cannot tell.
    """
    found = defaultdict(list)
    for kind in dict.fromkeys(kind for kind, _ in law.term_years):
        by_answer = defaultdict(list)
        for unit_type in (*UnitType, UNKNOWN):
            usual, large = (_allowed(law, kind, unit_type, period, is_large) for is_large in (False, True))
            for is_large, allowed in {None: usual}.items() if usual == large else {False: usual, True: large}.items():
                if allowed:
                    by_answer[allowed, is_large].append(unit_type)
        for (allowed, is_large), unit_types in by_answer.items():
            found[allowed, tuple(unit_types), is_large].append(kind)
    return found


def _allowed(law: Law, kind: Kind, unit_type: str, period: Period, large: bool) -> tuple[int, ...]:
    """The lengths that are no finding, shortest first; none where the law cannot tell the length."""
    known, day = UnitType(unit_type) if unit_type else None, period.since
    try:
        years = term_years(kind=kind, unit_type=known, elected_on=day, large=large or None, law=law).years
    except (UnknownUnitType, LawGap):
        return ()
    return tuple(sorted({years, *_kept(law, period)}))


def _kept(law: Law, period: Period) -> range:
    """The lengths that are kept as they are recorded, of terms from before the 任期意见."""
    day = period.since
    if day >= TERM_OPINION:
        return range(0)
    return range(law.old_stated_years_least.on(day).value, law.old_stated_years_most.on(day).value + 1)


def _depends(law: Law, kind: Kind, period: Period) -> bool:
    """Whether the length of a kind hangs on the unit type."""
    try:
        term_years(kind=kind, unit_type=None, elected_on=period.since, law=law)
    except UnknownUnitType:
        return True
    except LawGap:
        pass
    return False


def _years_other_than(allowed: tuple[int, ...]) -> Q:
    gaps = sorted(set(range(allowed[0], allowed[-1])) - set(allowed))
    outside = _years_outside(allowed[0], allowed[-1])
    return outside | Q(In(_recorded(), gaps)) if gaps else outside


def _periods(parameters: list[Parameter]) -> Iterator[Period]:
    """The stretches of days in which none of the parameters changes, nor which lengths are kept."""
    days = sorted({ALWAYS, TERM_OPINION, *(day for each in parameters for day, _ in each.entries.values)})
    for since, until in pairwise([*days, None]):
        yield Period(since, until)
