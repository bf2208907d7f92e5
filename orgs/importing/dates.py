"""Dates in every spelling that clerks use, each with how exactly it is known."""

import calendar
import datetime
import re
from functools import lru_cache
from typing import NamedTuple

from orgs.enums import Precision
from orgs.importing.cleaned import BLANK, BLANK_WORDS, Cleaned, Problem, broken, text_of
from orgs.importing.codes import Code
from orgs.importing.values import whole_number
from orgs.workbook.cells import Cell, MonthCell

FIRST_YEAR, LAST_YEAR = 1900, 2100
SERIAL_ORIGIN = datetime.date(1899, 12, 30)  # Excel's day 0, right from 1900-03-01 on
FIRST_SERIAL, LAST_SERIAL = 10_000, 73_415  # 1927-05-18 to 2100-12-31; smaller numbers are rather years

PLAIN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(
    r"(?<=[\d日号])[T ]*(?:(?:[上下]午|凌晨|中午|晚上)? *"
    r"(?:\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: *[AaPp][Mm])?|\d{1,2}[时点](?:\d{1,2}分)?(?:\d{1,2}秒)?)|[上下]午)$"
)
ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})")
HERE = datetime.timezone(datetime.timedelta(hours=8))
WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)[一二三四五六日天]\)?$|（(?:星期|周|礼拜)[一二三四五六日天]）$")
BETWEEN_DIGITS = re.compile(r"(?<=\d)\s+(?=\d)")
WHOLE = re.compile(r"^(\d{5,8})\.0+$|^(\d{4})\.0$")
SEPARATOR = r"[-./,，、·・。_\\年月\u2010-\u2015\u2212]"
DASH = r"[-\u2010-\u2015\u2212]"
HAN_YEAR, HAN_PART = r"[〇零○一二三四五六七八九\d]", r"[元一二三四五六七八九十廿卅\d]{1,3}"
HAN_DATE = re.compile(rf"^({HAN_YEAR}{{2,4}})年(?:({HAN_PART})月份?(?:({HAN_PART})[日号]?)?)?$")
HAN_PARTS = re.compile(rf"^({HAN_YEAR}{{4}}){SEPARATOR}({HAN_PART})(?:{SEPARATOR}({HAN_PART})[日号]?)?$")
YEAR_FIRST = re.compile(rf"^(\d{{4}}){SEPARATOR}(?:(\d{{1,2}})(?:{SEPARATOR}份?(?:(\d{{1,2}})[日号.]?)?)?)?$")
MONTHS_OR_DAY = re.compile(rf"^\d{{4}}(?!{DASH}){SEPARATOR}\d{{1,2}}{DASH}\d{{1,2}}月?$")
SHORT_YEAR = re.compile(rf"^['’]?\d{{2}}{SEPARATOR}\d{{1,2}}(?:{SEPARATOR}(?:\d{{1,2}}[日号]?)?)?$")
YEAR_LAST = re.compile(rf"^\d{{1,2}}{SEPARATOR}\d{{1,2}}{SEPARATOR}(?:\d{{4}}|\d{{2}})$")
ENGLISH = {
    spelling: number
    for number, name in enumerate(
        "january february march april may june july august september october november december".split(), start=1
    )
    for spelling in (name, name[:3], name[:4])
}
ENGLISH_DATE = re.compile(
    r"^(?:(?P<day>\d{1,2})[-/ ])?(?P<month>[A-Za-z]{3,9})[-/ .,]+(?:(?P<after>\d{1,2})[-/ ,]+)?(?P<year>\d{4}|\d{2})$"
    r"|^(?P<first>\d{4})[-/ .](?P<named>[A-Za-z]{3,9})(?:[-/ .](?P<last>\d{1,2}))?$"
)
# Characters of an ISO day that are written.
WRITTEN = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}
HAN_YEAR_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


class Dated(NamedTuple):
    """A date and how exactly it is known: `day` is the first day that it can mean."""

    day: datetime.date
    precision: Precision = Precision.DAY

    @property
    def last_day(self) -> datetime.date:
        """The last day that it can mean; the one that counts for elections and expiries known by month only."""
        if self.precision == Precision.DAY:
            return self.day
        month = self.day.month if self.precision == Precision.MONTH else 12
        return datetime.date(self.day.year, month, calendar.monthrange(self.day.year, month)[1])

    def __str__(self) -> str:
        """ISO, cut to what is known: 2021-03-05, 2021-03, 2021."""
        return self.day.isoformat()[: WRITTEN[self.precision]]


def dated(day: datetime.date | None, precision: str) -> Dated | None:
    """A day of the books with its stored precision; None for none."""
    return Dated(day, Precision(precision)) if day else None


@lru_cache(maxsize=5_000, typed=True)
def clean_date(
    cell: Cell, *, month: Code | None = Code.DATE_MONTH_ONLY, year: Code | None = Code.DATE_YEAR_ONLY
) -> Cleaned:
    """The `Dated` of a cell. `month` and `year` are the problems of a date known by month or year only (None: right).

    Codes besides these: DATE_UNPARSABLE, DATE_NOT_EXIST, DATE_AMBIGUOUS, and those of a broken cell. With one
    of these three, or with an error code as `year`, the value is None.
    """
    if cell is None:
        return BLANK
    if type(cell) is str and (found := _iso(cell)):
        return Cleaned(found)
    if fault := broken(cell):
        return fault
    found = _parse(cell)
    if not isinstance(found, Dated):
        return found
    code = {Precision.DAY: None, Precision.MONTH: month, Precision.YEAR: year}[found.precision]
    if code is None:
        return Cleaned(found)
    return Cleaned(None if code is Code.DATE_YEAR_ONLY else found, (Problem(code),))


def _iso(text: str) -> Dated | None:
    """2021-03-05, the spelling of most cells and of everything stored, at once; None for all else."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":
        return None
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return Dated(day) if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _parse(cell: Cell) -> Dated | Cleaned:
    """The date of a cell that is neither blank nor broken, or the finding."""
    if isinstance(cell, MonthCell):
        return _build(cell.year, cell.month)
    if isinstance(cell, datetime.datetime):
        return _build(cell.year, cell.month, cell.day)
    if isinstance(cell, datetime.date):
        return _build(cell.year, cell.month, cell.day)
    if isinstance(cell, int) and not isinstance(cell, bool) and cell > 0:
        return _digits(str(cell))
    if isinstance(cell, float):
        return _decimal(cell)
    if isinstance(cell, str):
        return _text(text_of(cell))
    return _problem(Code.DATE_UNPARSABLE)


def _text(text: str) -> Dated | Cleaned:
    if PLAIN.fullmatch(text):
        return _build(int(text[:4]), int(text[5:7]), int(text[8:]))
    if text in BLANK_WORDS:
        return BLANK
    if ZONE.fullmatch(text):
        return _moment(text)
    text = " ".join(text.split())
    text = CLOCK.sub("", WEEKDAY.sub("", text.rstrip("。；;,，")).rstrip())
    if found := ENGLISH_DATE.match(text):
        return _english(found)
    # 2021 1 1 is no 2021 11: a space between two digits holds them apart, unless eight digits are all there is.
    together = "".join(text.split())
    text = together if len(together) == 8 and together.isdigit() else "".join(BETWEEN_DIGITS.sub(".", text).split())
    if whole := WHOLE.match(text):
        text = whole[1] or whole[2]
    if text.isascii() and text.isdigit():
        return _digits(text)
    if MONTHS_OR_DAY.match(text):
        return _problem(Code.DATE_AMBIGUOUS, reason="可能是某月某日，也可能是几月至几月")
    if found := YEAR_FIRST.match(text):
        return _build(*(int(part) for part in found.groups() if part))
    if found := HAN_DATE.match(text) or HAN_PARTS.match(text):
        year = found[1].translate(HAN_YEAR_DIGITS)
        rest = [_han_number(part) for part in found.groups()[1:] if part]
        if len(year) == 4 and None not in rest:
            return _build(int(year), *rest)
        if len(year) == 2:
            return _problem(Code.DATE_AMBIGUOUS, reason="年份只有两位")
    if SHORT_YEAR.match(text):
        return _problem(Code.DATE_AMBIGUOUS, reason="年份只有两位")
    if YEAR_LAST.match(text):
        return _problem(Code.DATE_AMBIGUOUS, reason="分不清日和月")
    return _problem(Code.DATE_UNPARSABLE)


def _han_number(part: str) -> int | None:
    return whole_number(part.replace("元", "一").replace("廿", "二十").replace("卅", "三十"))


def _moment(text: str) -> Dated | Cleaned:
    """A moment with its zone, as programs export it: the day in Beijing, not the one in London."""
    try:
        moment = datetime.datetime.fromisoformat(text).astimezone(HERE)
    except (ValueError, OverflowError):  # no such day, or none on this side of the zone
        return _problem(Code.DATE_NOT_EXIST)
    return _build(moment.year, moment.month, moment.day)


def _english(found: re.Match) -> Dated | Cleaned:
    """5-Mar-2021, Mar-21: what a spreadsheet writes into a .csv under a format with the month's name."""
    month = ENGLISH.get((found["month"] or found["named"]).casefold())
    if month is None:
        return _problem(Code.DATE_UNPARSABLE)
    year, day = found["year"] or found["first"], found["day"] or found["after"] or found["last"]
    if len(year) == 2:
        return _problem(Code.DATE_AMBIGUOUS, reason="年份只有两位")
    return _build(int(year), month, *([int(day)] if day else []))


def _digits(digits: str) -> Dated | Cleaned:
    """20210305, 202103, 2021, or the day number of a spreadsheet."""
    if len(digits) == 8:
        return _build(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if len(digits) == 6:
        if FIRST_YEAR <= int(digits[:4]) <= LAST_YEAR:
            return _build(int(digits[:4]), int(digits[4:]))
        return _problem(Code.DATE_AMBIGUOUS, reason="年份只有两位")
    if len(digits) == 5 and FIRST_SERIAL <= int(digits) <= LAST_SERIAL:
        return Dated(SERIAL_ORIGIN + datetime.timedelta(days=int(digits)))
    if len(digits) == 4:
        if not FIRST_YEAR <= int(digits) <= LAST_YEAR and 1 <= int(digits[2:]) <= 12:
            return _problem(Code.DATE_AMBIGUOUS, reason="年份只有两位")
        return _build(int(digits))
    return _problem(Code.DATE_UNPARSABLE)


def _decimal(number: float) -> Dated | Cleaned:
    """2021.03 typed into a number cell; 2021.1 may have been 2021.10, for the cell drops the zero."""
    if number.is_integer():
        return _digits(str(int(number)))
    if FIRST_SERIAL <= number < LAST_SERIAL:
        return Dated(SERIAL_ORIGIN + datetime.timedelta(days=int(number)))
    year, _, month = repr(number).partition(".")
    if not (year.isdigit() and len(year) in (2, 4) and month.isdigit() and len(month) <= 2):
        return _problem(Code.DATE_UNPARSABLE)
    if len(year) == 2:
        return _problem(Code.DATE_AMBIGUOUS, reason="年份只有两位")
    if month == "1":
        return _problem(Code.DATE_AMBIGUOUS, reason="可能是1月，也可能是10月")
    return _build(int(year), int(month))


def _build(year: int, month: int | None = None, day: int | None = None) -> Dated | Cleaned:
    precision = Precision.DAY if day is not None else Precision.MONTH if month is not None else Precision.YEAR
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return _problem(Code.DATE_NOT_EXIST)
    try:
        return Dated(datetime.date(year, 1 if month is None else month, 1 if day is None else day), precision)
    except ValueError:
        return _problem(Code.DATE_NOT_EXIST)


def _problem(code: Code, **words) -> Cleaned:
    return Cleaned(None, (Problem(code, words),))
