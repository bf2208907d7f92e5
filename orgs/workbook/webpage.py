"""Reader of .xls files that are web pages: <table> as web systems export it and as Excel saves it.

lxml's parser reports tags one by one and builds no tree, mends what is left open and knows no entities but HTML's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from .cells import Cell, CellError
from .limits import Limits
from .rejection import FileRejected, Reason
from .rows import collect, keep_places
from .sheets import Format, Merge, Sheet, Workbook

PIECE = 256 * 1024
MOST_MARKS = 600_000  # tags and escaped characters; the parser reports them one by one
LONGEST_SPAN = 65_535

DECLARED = re.compile(r"<!ENTITY|<!DOCTYPE[^>\[]{0,2000}\[", re.IGNORECASE)
OPEN, CLOSED = re.compile(r"<table[\s>]", re.IGNORECASE), re.compile(r"</table\s*>", re.IGNORECASE)
LONG_TAG = re.compile(r"<(?!!--)[^<>]{65536}")  # the time its attributes take grows with the square of their number
SHEET_NAME = re.compile(r"<x:Name>([^<]{1,31})</x:Name>")
BLANKS = re.compile(r"[ \t\r\n\f]+")
NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+(?:E[-+]?\d+)?", re.IGNORECASE)
INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
NO_CONTENT = frozenset({"script", "style", "head", "title", "xml"})


@dataclass(slots=True)
class _Table:
    """A table being read: rows of column → cell, merges, and columns that a cell above still covers."""

    rows: list[dict[int, Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    covered: dict[int, int] = field(default_factory=dict)
    column: int = 0
    place: int = 0
    attributes: dict = field(default_factory=dict)
    text: list[str] | None = None


class _Tables:
    """The parser's target. Tables inside a cell are tables of their own."""

    def __init__(self, limits: Limits):
        self._limits = limits
        self._open: list[_Table] = []
        self._silent = 0
        self.tables: list[_Table] = []

    def start(self, tag: str, attributes: dict) -> None:
        if tag == "table":
            self._open.append(_Table())
            self.tables.append(self._open[-1])
        elif tag in NO_CONTENT:
            self._silent += 1
        elif not self._open:
            return
        elif tag == "tr":
            self._begin_row(self._open[-1], attributes)
        elif tag in ("td", "th"):
            self._begin_cell(self._open[-1], attributes)
        elif tag == "br" and self._open[-1].text is not None:
            self._open[-1].text.append("\n")

    def end(self, tag: str) -> None:
        if tag in NO_CONTENT:
            self._silent = max(0, self._silent - 1)
        elif not self._open:
            return
        elif tag in ("td", "th"):
            self._end_cell(self._open[-1])
        elif tag == "table":
            self._end_cell(self._open.pop())

    def data(self, text: str) -> None:
        if self._open and not self._silent and self._open[-1].text is not None:
            self._open[-1].text.append(BLANKS.sub(" ", text))

    def close(self) -> list[_Table]:
        return self.tables

    def _begin_row(self, table: _Table, attributes: dict) -> None:
        self._end_cell(table)
        table.rows.append({})
        table.column = 0
        if table.covered and len(table.rows) > 1:
            table.covered = {column: last for column, last in table.covered.items() if last >= len(table.rows)}
        if INVISIBLE.search(attributes.get("style", "")):
            table.hidden.append(len(table.rows))

    def _begin_cell(self, table: _Table, attributes: dict) -> None:
        self._end_cell(table)
        if not table.rows:
            table.rows.append({})
        column = table.column + 1
        while column in table.covered:
            column += 1
        row, columns = len(table.rows), self._limits.columns
        right = column + min(_span(attributes.get("colspan")), columns) - 1
        bottom = row + _span(attributes.get("rowspan")) - 1
        if right > column or bottom > row:
            table.merges.append(Merge(row, column, bottom, right))
            if len(table.merges) > self._limits.merges:
                raise FileRejected(Reason.BOMB)
        if bottom > row and column <= columns:
            table.covered.update(dict.fromkeys(range(column, min(right, columns) + 1), bottom))
        table.place, table.column = column, right
        table.attributes, table.text = attributes, []

    def _end_cell(self, table: _Table) -> None:
        if table.text is None:
            return
        lines = "".join(table.text).split("\n")
        text = "\n".join(line.strip(" ") for line in lines).strip()
        if text and table.place <= self._limits.columns:
            table.rows[-1][table.place] = _cell(text, table.attributes)
        table.text = None


def read_page(text: str, title: str, limits: Limits) -> Workbook:
    """The tables of a web page with any content, each a sheet.

    FileRejected when there is no table, when one has no end, and on declared entities.
    """
    if DECLARED.search(text):
        raise FileRejected(Reason.ENTITIES)
    check_marks(text, MOST_MARKS)
    names = SHEET_NAME.findall(text[:PIECE])
    opened = len(OPEN.findall(text))
    if not opened:
        raise FileRejected(Reason.PAGE_WITHOUT_TABLE)
    if len(CLOSED.findall(text)) < opened:
        raise FileRejected(Reason.TRUNCATED)
    tables = [table for table in _parsed(text, limits) if any(table.rows)]
    sheets = []
    for number, table in enumerate(tables, start=1):
        if len(names) == len(tables):
            name = names[number - 1]
        else:
            name = title if len(tables) == 1 else f"{title}（{number}）"
        sheet = Sheet(name)
        collect(sheet, _dense(table), limits)
        keep_places(sheet, table.merges, table.hidden)
        sheets.append(sheet)
    return Workbook(Format.HTML, sheets)


def _parsed(text: str, limits: Limits) -> list[_Table]:
    parser = etree.HTMLParser(target=_Tables(limits), encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        for start in range(0, len(text), PIECE):
            parser.feed(text[start : start + PIECE].encode("utf-8", "replace"))
        return parser.close()
    except etree.LxmlError as error:
        raise FileRejected(Reason.DAMAGED) from error


def check_marks(text: str, most: int) -> None:
    """What the parser would take too long over is refused before: too many tags and escapes, or an absurd one."""
    if text.count("<") - text.count("</") + text.count("&") > most:
        raise FileRejected(Reason.TOO_MANY_CELLS, limit=most)
    if LONG_TAG.search(text):
        raise FileRejected(Reason.BOMB)


def _dense(table: _Table) -> Iterator[list[Cell]]:
    for cells in table.rows:
        made: list[Cell] = [None] * max(cells, default=0)
        for column, cell in cells.items():
            made[column - 1] = cell
        yield made


def _span(value: str | None) -> int:
    """Rows or columns that a cell covers; what is no sensible number counts as one."""
    digits = (value or "").strip()
    return min(max(int(digits), 1), LONGEST_SPAN) if digits.isdecimal() and len(digits) < 9 else 1


def _cell(text: str, attributes: dict) -> Cell:
    """A cell by what it shows; a number only where Excel says so (x:num), so that an ID number keeps its digits."""
    if "x:err" in attributes:
        return CellError(text)
    if "x:num" in attributes and NUMBER.fullmatch(text):
        stored = (attributes["x:num"] or text).replace(",", "")
        try:
            return float(stored)
        except ValueError:
            return text
    return text
