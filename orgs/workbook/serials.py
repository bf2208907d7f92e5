"""Day numbers of spreadsheets: 44260 in a cell with a date format is 2021-03-05."""

import datetime

from .cells import MonthCell

EPOCH = datetime.datetime.fromisoformat("1899-12-30")  # without a zone, as the clock on a sheet
EARLY_EPOCH = EPOCH + datetime.timedelta(days=1)  # before March 1900 spreadsheets count a 29 February that never was
MARCH_1900, LAST_DAY = 61, 2_958_465  # 1900-03-01 and 9999-12-31
DAYS_1904 = 1462  # between day 0 of the system of 1900 and that of 1904
DAY_MILLISECONDS = 86_400_000

Moment = datetime.date | datetime.datetime | datetime.time


def moment(serial: float, dates_1904: bool = False) -> Moment | float:
    """What a day number stands for: a day, a moment when there is a fraction, a time below 1.

    The number itself when it is no day between 1900 and 9999.
    """
    if dates_1904:
        serial += DAYS_1904
    if not 0 <= serial < LAST_DAY + 1:
        return serial
    whole = int(serial)
    epoch = EPOCH if whole >= MARCH_1900 else EARLY_EPOCH
    if serial == whole and whole:
        return (epoch + datetime.timedelta(days=whole)).date()
    milliseconds = round((serial - whole) * DAY_MILLISECONDS)
    try:
        at = epoch + datetime.timedelta(days=whole, milliseconds=milliseconds)
    except OverflowError:
        return serial
    return at if whole else at.time()


def month(serial: float, dates_1904: bool = False) -> MonthCell | None:
    """The month of a day number; None when it is no day between 1900-03-01 and 9999-12-31."""
    if dates_1904:
        serial += DAYS_1904
    if not MARCH_1900 <= serial < LAST_DAY + 1:
        return None
    day = EPOCH + datetime.timedelta(days=int(serial))
    return MonthCell(day.year, day.month)


def duration(days: float) -> datetime.timedelta | float:
    """A length of time from a cell with a format like [h]:mm; the number itself when no clock could show it."""
    try:
        return datetime.timedelta(days=days)
    except (OverflowError, ValueError):  # too long, or no number at all (NaN)
        return days
