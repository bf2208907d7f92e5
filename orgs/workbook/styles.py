"""What a number format shows: a day, a length of time, or year and month only (2021年3月 typed into Excel).

Also which cell styles of an .xlsx have such a format.
"""

import functools
import re
from xml.etree.ElementTree import Element

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

# Built-in formats of a Chinese Excel that show year and month only (ECMA-376 part 1, 18.8.30): mmm-yy, yyyy年m月.
BUILT_IN_MONTHS = frozenset({17, 27, 36, 50, 52, 57})
BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)})
BUILT_IN_DURATIONS = frozenset({46})
LONGEST_CODE = 255  # characters, as in any spreadsheet; a longer one is no format

LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
GENERAL = re.compile(r"general|am/pm|a/p", re.IGNORECASE)


@functools.lru_cache(maxsize=1024)
def _letters(code: str) -> frozenset[str]:
    """The letters and digits of the first section that are no literals."""
    return frozenset(LITERAL.sub("", code.split(";")[0]).casefold())


def shows_month_only(code: str) -> bool:
    """Whether a number format has a year and a month but neither a day nor a time."""
    letters = _letters(code) if len(code) <= LONGEST_CODE else frozenset()
    return {"y", "m"} <= letters and not letters & set("dhs0#?")


def shows_date(code: str) -> bool:
    """Whether a number format shows a day or a time of day."""
    return bool(_letters(GENERAL.sub("", code)) & set("ymdhs"))


def shows_duration(code: str) -> bool:
    """Whether a number format counts hours, minutes or seconds beyond a day."""
    return ELAPSED.search(code) is not None


def style_kinds(styles: Element | None) -> dict[int, str]:
    """Cell styles (`s` of a cell) that show no plain number: "month", "date" or "duration"."""
    if styles is None:
        return {}
    codes = {
        int(number): number_format.get("formatCode", "")
        for number_format in styles.iter(f"{MAIN}numFmt")
        if (number := number_format.get("numFmtId", "")).isdigit()
    }
    cell_formats = styles.find(f"{MAIN}cellXfs")
    kinds = {}
    for style, xf in enumerate(cell_formats if cell_formats is not None else ()):
        number = xf.get("numFmtId", "")
        if kind := format_kind(int(number) if number.isdigit() else 0, codes):
            kinds[style] = kind
    return kinds


def format_kind(number: int, codes: dict[int, str]) -> str:
    """What a number format shows: "month", "date", "duration" or "" for a number; `codes` are the file's own."""
    code = codes.get(number)
    if code is None or len(code) > LONGEST_CODE:
        if number in BUILT_IN_MONTHS:
            return "month"
        return "date" if number in BUILT_IN_DATES else "duration" if number in BUILT_IN_DURATIONS else ""
    if shows_duration(code):
        return "duration"
    return "month" if shows_month_only(code) else "date" if shows_date(code) else ""
