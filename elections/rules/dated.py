"""Values that hold from a day on, and the calendar arithmetic of the law.

Months and years are added as the law counts them: to the same day of the later month, and
where that month is shorter, to its last day (29 February + 1 year is 28 February, 31 August
- 6 months is 28 February). The inverse cut-offs answer the same question from the other side,
so that a database only has to compare a stored day with one computed day.

All days are plain `datetime.date`; nothing here reads a clock. Results must lie in the years
1 to 9999, which whoever lets a user type a day sees to.
"""

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, TypeVar

from orgs.enums import Precision

T = TypeVar("T")

ALWAYS = date.min
"""First day of a value that has held for as long as anything recorded."""


class NotInForce(LookupError):
    """A dated value was asked for on a day before its first one."""


@dataclass(frozen=True, init=False)
class Since(Generic[T]):
    """A value by first day in force: `Since((day, value), …)`, earliest first. Old values stay."""

    values: tuple[tuple[date, T], ...]

    def __init__(self, *values: tuple[date, T]):
        days = [day for day, _ in values]
        if not values or days != sorted(set(days)):
            raise ValueError("a dated value needs at least one day, and each later than the one before")
        object.__setattr__(self, "values", values)

    def on(self, day: date) -> T:
        """The value in force on `day`; NotInForce before the first one."""
        following = bisect_right(self.values, day, key=lambda entry: entry[0])
        if following == 0:
            raise NotInForce(f"no value in force on {day:%Y-%m-%d}")
        return self.values[following - 1][1]


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def period_end(day: date, precision: Precision) -> date:
    """The last day that a date known only to this precision can mean."""
    if precision == Precision.YEAR:
        return day.replace(month=12, day=31)
    if precision == Precision.MONTH:
        return month_end(day)
    return day


def period_start(day: date, precision: Precision) -> date:
    """The first day that a date known only to this precision can mean."""
    if precision == Precision.YEAR:
        return day.replace(month=1, day=1)
    if precision == Precision.MONTH:
        return day.replace(day=1)
    return day


def add_months(day: date, months: int) -> date:
    """`day` moved by `months` (may be negative), clamped to the end of a shorter month."""
    first = _first_of_month(day, months)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))


def add_years(day: date, years: int) -> date:
    """The anniversary of `day` after `years` (may be negative); 29 February becomes 28 February."""
    return add_months(day, 12 * years)


def latest_reaching(day: date, months: int) -> date:
    """The latest e with add_months(e, months) on or before `day`."""
    first = _first_of_month(day, -months)
    last = month_end(first)
    if day == month_end(day):
        return last
    return first.replace(day=min(day.day, last.day))


def latest_with_lead_reached(day: date, months: int) -> date:
    """The latest expiry e whose reminder day, add_months(e, -months), is on or before `day`."""
    return latest_reaching(day, -months)


def latest_expired_longer_than(day: date, years: int) -> date:
    """The latest expiry e with add_years(e, years) before `day`."""
    return latest_reaching(day - timedelta(days=1), 12 * years)


def earliest_within_months(day: date, months: int) -> date:
    """The earliest beginning b with add_months(b, months) on or after `day`."""
    return latest_reaching(day - timedelta(days=1), months) + timedelta(days=1)


def _first_of_month(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, 1)
