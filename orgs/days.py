"""How a day that is known only to the month or year is written."""

from datetime import date

from orgs.enums import Precision

# Days outside are typing errors; inside, years can be added and taken without leaving the calendar.
FIRST_DAY, LAST_DAY = date(1921, 7, 1), date(2100, 12, 31)


def written(day: date | None, precision: str = Precision.DAY) -> str | None:
    """`day` for files and other programs: 2026-11-21, 2026-11 or 2026; None stays None."""
    if day is None:
        return None
    return day.isoformat()[: {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[Precision(precision)]]


def spoken(day: date | None, precision: str = Precision.DAY) -> str:
    """`day` in prose: 2026年11月21日, 2026年11月（日待核）, 2026年（月日待核）; empty without a day."""
    if day is None:
        return ""
    if precision == Precision.MONTH:
        return f"{day.year}年{day.month}月（日待核）"
    if precision == Precision.YEAR:
        return f"{day.year}年（月日待核）"
    return f"{day.year}年{day.month}月{day.day}日"
