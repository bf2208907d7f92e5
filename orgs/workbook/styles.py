"""Which cell styles of an .xlsx show a date by year and month only (2021年3月 typed into Excel becomes such a cell)."""

import re
from xml.etree.ElementTree import Element

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

# Built-in formats of a Chinese Excel that show year and month only (ECMA-376 part 1, 18.8.30): mmm-yy, yyyy年m月.
BUILT_IN_MONTHS = frozenset({17, 27, 36, 50, 52, 57})

LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def shows_month_only(code: str) -> bool:
    """Whether a number format has a year and a month but neither a day nor a time."""
    letters = set(LITERAL.sub("", code.split(";")[0]).casefold())
    return {"y", "m"} <= letters and not letters & set("dhs0#?")


def month_styles(styles: Element | None) -> frozenset[int]:
    """The numbers of the cell styles (`s` of a cell) that show year and month only."""
    if styles is None:
        return frozenset()
    months = set(BUILT_IN_MONTHS)
    for number_format in styles.iter(f"{MAIN}numFmt"):
        number = number_format.get("numFmtId", "")
        if number.isdigit():
            (months.add if shows_month_only(number_format.get("formatCode", "")) else months.discard)(int(number))
    cell_formats = styles.find(f"{MAIN}cellXfs")
    return frozenset(
        style for style, xf in enumerate(cell_formats if cell_formats is not None else ()) if _format_id(xf) in months
    )


def _format_id(xf: Element) -> int:
    number = xf.get("numFmtId", "")
    return int(number) if number.isdigit() else 0
