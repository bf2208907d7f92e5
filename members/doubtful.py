"""People of the rosters who look wrong at first sight: their days, or that they belong to two organizations."""

from datetime import date
from typing import NamedTuple

from django.db.models import BooleanField, Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.lookups import IsNull, LessThan

from members.models import Affiliation
from orgs.timespans import DaysBetween

DAYS_OF_A_YEAR_AT_MOST = 366


class Doubtful(NamedTuple):
    """One person of one organization; days as they are stored, with the precision of the second."""

    organization: int
    member: int
    birth: date | None
    joined_on: date | None
    joined_on_precision: str
    # Whether the person belongs to another organization at the same time.
    elsewhere: bool


def doubtful(at: Q, on: date, *, birth_year_least: int, age_least: int) -> set[Doubtful]:
    """Everybody with a regular affiliation `at` (a condition on affiliations) on the day who may be wrong; one query.

    Whoever is born after the day or before the year, or joined younger than the age, is among them, and a few more:
    years of a calendar are not counted in SQL. So is everybody who belongs to two organizations.
    """
    holding = Affiliation.objects.regular().holding(on).order_by()
    others = holding.filter(member=OuterRef("member")).exclude(organization=OuterRef("organization"))
    # Of two affiliations of a person only one is open, so only ended ones are looked for beside an open one.
    ending = Subquery(others.filter(until__isnull=False).values("pk")[:1])
    elsewhere = Q(until__isnull=True) & Q(IsNull(ending, False)) | Q(until__isnull=False) & Q(
        IsNull(Subquery(others.values("pk")[:1]), False)
    )
    joined_after = DaysBetween(F("member__joined_on"), F("member__birth"))
    days = (
        Q(member__birth__gt=on)
        | Q(member__birth__lt=date(birth_year_least, 1, 1))
        | Q(LessThan(joined_after, age_least * DAYS_OF_A_YEAR_AT_MOST))
    )
    flag = Case(When(elsewhere, then=Value(True)), default=Value(False), output_field=BooleanField())
    rows = holding.filter(at, member__voided_at__isnull=True).annotate(elsewhere=flag)
    names = ("organization", "member", "member__birth", "member__joined_on", "member__joined_on_precision")
    return {Doubtful(*row) for row in rows.filter(days | Q(elsewhere=True)).values_list(*names, "elsewhere")}
