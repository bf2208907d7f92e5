"""Reader of .xls files that are web pages: <table> as web systems export it and as Excel saves it.

lxml's parser reports tags one by one and builds no tree, mends what is left open and knows no entities but HTML's.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from .cells import Cell, CellError
from .limits import LONGEST_TEXT, Limits
from .rejection import FileRejected, Reason
from .rows import collect, keep_places, too_long
from .sheets import Format, Merge, Sheet, Workbook

PIECE = 256 * 1024
MOST_MARKS = 400_000  # tags and escaped characters; the parser reports them one by one
MOST_CELLS = 200_000  # cells, blank ones among them: 10,000 people, twenty columns wide
MOST_ATTRIBUTES = 1_000_000  # five of each cell
MOST_SPANS = 30_000  # cells that cover others
LONGEST_RAW = 10 * LONGEST_TEXT  # characters of a cell before white space is left out
MOST_TABLES = 2_000  # those without content among them, by which pages are laid out
MOST_STEPS = 2_000_000  # places under cells that reach down, walked over to find where the next cell stands
LONGEST_SPAN = 65_535

DECLARED = re.compile(r"<!ENTITY|<!DOCTYPE[^<>\[]{0,2000}\[", re.IGNORECASE)
OPEN, CLOSED = re.compile(r"<table[\s>]", re.IGNORECASE), re.compile(r"</table\s*>", re.IGNORECASE)
LONG_TAG = re.compile(r"<(?!!--)[^<>]{65536}")  # the time its attributes take grows with the square of their number
SHEET_NAME = re.compile(r"<x:Name>([^<]{1,31})</x:Name>")
BLANKS = re.compile(r"[ \t\r\n\f]+")
NUMBER = re.compile(r"[-+]?[\d,]*\.?\d+(?:E[-+]?\d+)?", re.IGNORECASE)
INVISIBLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
NO_CONTENT = frozenset({"script", "style", "head", "title", "xml"})


@dataclass(slots=True)
class _Table:
    """A table being read: rows of column → cell, merges, and columns that a cell above still covers.

    `covered` column → last row, none of them above row `open_until`.
    """

    rows: list[dict[int, Cell]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    covered: dict[int, int] = field(default_factory=dict)
    open_until: int = 0
    column: int = 0
    place: int = 0
    attributes: dict = field(default_factory=dict)
    text: list[str] | None = None
    size: int = 0


class _Tables:
    """The parser's target. Tables inside a cell are tables of their own."""

    def __init__(self, title: str, limits: Limits):
        self._title, self._limits = title, limits
        self._open: list[_Table] = []
        self._silent = self._cells = self._steps = 0
        self.tables: list[_Table] = []

    def start(self, tag: str, attributes: dict) -> None:
        if tag == "table":
            self._open.append(_Table())
            self.tables.append(self._open[-1])
            if len(self.tables) > MOST_TABLES:
                raise FileRejected(Reason.TOO_MANY_SHEETS, limit=self._limits.sheets)
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
            table = self._open[-1]
            table.size += len(text)
            if table.size > LONGEST_RAW:
                raise too_long(self._title, len(table.rows))
            table.text.append(BLANKS.sub(" ", text))

    def close(self) -> list[_Table]:
        return self.tables

    def _begin_row(self, table: _Table, attributes: dict) -> None:
        self._end_cell(table)
        table.rows.append({})
        table.column = 0
        number = len(table.rows)
        if number > self._limits.rows:
            raise FileRejected(Reason.TOO_MANY_ROWS, sheet=self._title, limit=self._limits.rows)
        if table.covered and table.open_until < number:
            self._step(len(table.covered))
            table.covered = {column: last for column, last in table.covered.items() if last >= number}
            table.open_until = min(table.covered.values(), default=0)
        if attributes and INVISIBLE.search(attributes.get("style", "")):
            table.hidden.append(number)

    def _begin_cell(self, table: _Table, attributes: dict) -> None:
        self._end_cell(table)
        self._cells += 1
        if self._cells > min(MOST_CELLS, self._limits.cells):
            raise FileRejected(Reason.FOREIGN_TOO_LARGE, limit=min(MOST_CELLS, self._limits.cells))
        if not table.rows:
            table.rows.append({})
        column = table.column + 1
        if table.covered:
            first = column
            while column in table.covered:
                column += 1
            self._step(column - first)
        table.place = table.column = column
        if "colspan" in attributes or "rowspan" in attributes:
            self._span(table, attributes)
        table.attributes, table.text, table.size = attributes, [], 0

    def _span(self, table: _Table, attributes: dict) -> None:
        """Note what the cell that begins here covers to the right and below."""
        column, row, columns = table.place, len(table.rows), self._limits.columns
        table.column = right = column + min(_span(attributes.get("colspan")), columns) - 1
        bottom = row + _span(attributes.get("rowspan")) - 1
        if right == column and bottom == row:
            return
        table.merges.append(Merge(row, column, bottom, right))
        if len(table.merges) > min(MOST_SPANS, self._limits.merges):
            raise FileRejected(Reason.BOMB)
        if bottom > row and column <= columns:
            covering = range(column, min(right, columns) + 1)
            self._step(len(covering))
            table.covered.update(dict.fromkeys(covering, bottom))
            table.open_until = min(table.open_until or bottom, bottom)

    def _step(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise FileRejected(Reason.BOMB)

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

    FileRejected when there is no table, when one has no end, on declared entities and on more tags, attributes,
    cells, tables or spans than any roster has.
    """
    check_marks(text, MOST_MARKS)
    if DECLARED.search(text):
        raise FileRejected(Reason.ENTITIES)
    if text.count("=") > MOST_ATTRIBUTES:
        raise FileRejected(Reason.BOMB)
    names = SHEET_NAME.findall(text[:PIECE])
    opened = len(OPEN.findall(text))
    if not opened:
        raise FileRejected(Reason.PAGE_WITHOUT_TABLE)
    if len(CLOSED.findall(text)) < opened:
        raise FileRejected(Reason.TRUNCATED)
    tables = [table for table in _parsed(text, title, limits) if any(table.rows)]
    if len(tables) > limits.sheets:
        raise FileRejected(Reason.TOO_MANY_SHEETS, limit=limits.sheets)
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


def _parsed(text: str, title: str, limits: Limits) -> list[_Table]:
    parser = etree.HTMLParser(target=_Tables(title, limits), encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        for start in range(0, len(text), PIECE):
            parser.feed(text[start : start + PIECE].encode("utf-8", "replace"))
        return parser.close()
    except etree.LxmlError as error:
        raise FileRejected(Reason.DAMAGED) from error


def check_marks(text: str, most: int) -> None:
    """What the parser would take too long over is refused before: too many tags and escapes, or an absurd one."""
    if text.count("<") - text.count("</") + text.count("&") > most:
        raise FileRejected(Reason.FOREIGN_TOO_LARGE, limit=MOST_CELLS)
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
