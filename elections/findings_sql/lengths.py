"""The lengths of terms as SQL: where a recorded length is not the law's (P-10) or outside the frame (TERM-01)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Q

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
    """P-10: the length is known by kind and unit type of the election day, the recorded one is another and is not kept.

    Of a term from before the 任期意见 any length in its range is kept, and any with a 批复 number (`rules.terms`).
    """
    rows = OrganizationUnit.objects.filter(scope.within(), unit__is_large=True, unit__voided_at__isnull=True)
    large = Q(pk__in=rows.values("organization"))
    other = Q(pk__in=[])
    for (kind, period, years, is_large), unit_types in _lengths(scope.law).items():
        of_kind = Q(sitting__kind_at_election=kind, sitting__unit_type_at_election__in=unit_types)
        found = of_kind & period.condition & _years_outside(years, years)
        if is_large is not None:
            found &= large if is_large else ~large
        other |= found
    return Q(sitting__document_no="") & other & _not_kept_as_old(scope.law)


def outside_frame(law: Law) -> Q:
    """TERM-01: shorter or longer than any term may be, whatever was approved."""
    return _outside(law.term_years_least, law.term_years_most)


def _not_kept_as_old(law: Law) -> Q:
    outside = _outside(law.old_stated_years_least, law.old_stated_years_most)
    return Q(sitting__elected_on__gte=TERM_OPINION) | outside


def _outside(least: Parameter, most: Parameter) -> Q:
    condition = Q(pk__in=[])
    for period in _periods([least, most]):
        outside = _years_outside(least.on(period.since).value, most.on(period.since).value)
        condition |= period.condition & outside
    return condition


def _years_outside(least: int, most: int) -> Q:
    return Q(sitting__years__lt=least) | Q(sitting__years__gt=most)


def _lengths(law: Law) -> dict[tuple[Kind, Period, int, bool | None], list[str]]:
    """{(kind, period, years, large or None where it does not matter): unit types}; without what the law cannot tell."""
    found = defaultdict(list)
    for kind in dict.fromkeys(kind for kind, _ in law.term_years):
        for period in _periods([*law.term_years.values(), law.large_enterprise_term_years]):
            for unit_type in (*UnitType, UNKNOWN):
                usual, large = (_years(law, kind, unit_type, period, is_large) for is_large in (False, True))
                answers = {None: usual} if usual == large else {False: usual, True: large}
                for is_large, years in answers.items():
                    if years is not None:
                        found[kind, period, years, is_large].append(unit_type)
    return found


def _years(law: Law, kind: Kind, unit_type: str, period: Period, large: bool) -> int | None:
    known = UnitType(unit_type) if unit_type else None
    try:
        return term_years(kind=kind, unit_type=known, elected_on=period.since, large=large or None, law=law).years
    except (UnknownUnitType, LawGap):
        return None


def _periods(parameters: list[Parameter]) -> Iterator[Period]:
    """The stretches of days in which none of the parameters changes."""
    days = sorted({ALWAYS, *(day for each in parameters for day, _ in each.entries.values)})
    for since, until in pairwise([*days, None]):
        yield Period(since, until)
