"""Reader of XML Spreadsheet 2003, which some systems export under the name .xls."""

import datetime
import re
from collections.abc import Iterator

from lxml import etree

from .biff import MOST_STYLES
from .cells import Cell, CellError, MonthCell, NoValue
from .limits import Limits
from .rejection import FileRejected, Reason
from .rows import collect, keep_places
from .sheets import Format, Merge, Sheet, Workbook
from .styles import shows_month_only
from .webpage import MOST_CELLS, MOST_SPANS, check_marks

NAMESPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
OPTIONS = "{urn:schemas-microsoft-com:office:excel}"
WORKSHEET, ROW, CELL, DATA, STYLE, NUMBER_FORMAT = (
    NAMESPACE + name for name in ("Worksheet", "Row", "Cell", "Data", "Style", "NumberFormat")
)
VISIBLE = f"{OPTIONS}Visible"
PIECE = 256 * 1024
MOST_MARKS = 450_000  # tags and escapes, two for each cell
DEEPEST = 64
FARTHEST = 1_048_576

DECLARED = re.compile(r"<!(?:DOCTYPE|ENTITY)")
PROLOG = re.compile(r"\s*<\?xml\b[^>]*\?>")
ROOT = re.compile(r"<(?:\w+:)?Workbook\b")
WORD = re.compile(r'progid="Word\.Document"|<(?:\w+:)?wordDocument\b')


class _Book:
    """The parser's target: sheets with rows of column → cell."""

    def __init__(self, limits: Limits):
        self._limits = limits
        self._cells = self._styles = 0
        self._path: list[str] = []
        self._months: set[str] = set()
        self._style = ""
        self._text: list[str] | None = None
        self.sheets: list[_Sheet] = []

    def start(self, tag: str, attributes: dict) -> None:
        path = self._path
        parent = path[-1] if path else ""
        path.append(tag)
        if len(path) > DEEPEST:
            raise FileRejected(Reason.DAMAGED)
        if tag == WORKSHEET:
            self.sheets.append(_Sheet(_of(attributes, "Name")))
            if len(self.sheets) > self._limits.sheets:
                raise FileRejected(Reason.TOO_MANY_SHEETS, limit=self._limits.sheets)
        elif tag == STYLE:
            self._style = _of(attributes, "ID")
            self._styles += 1
            if self._styles > MOST_STYLES:
                raise FileRejected(Reason.BOMB)
        elif tag == NUMBER_FORMAT:
            if shows_month_only(_of(attributes, "Format")):
                self._months.add(self._style)
        elif not self.sheets:
            return
        elif tag == CELL:
            self._begin_cell(self.sheets[-1], attributes)
        elif tag == DATA:
            if parent == CELL:
                self._text, self._kind = [], _of(attributes, "Type")
        elif tag == ROW:
            self._begin_row(self.sheets[-1], attributes)
        elif tag == VISIBLE:
            self._text = []

    def _begin_row(self, sheet: "_Sheet", attributes: dict) -> None:
        sheet.begin_row(attributes)
        if len(sheet.rows) > self._limits.rows:
            raise FileRejected(Reason.TOO_MANY_ROWS, sheet=sheet.title, limit=self._limits.rows)

    def _begin_cell(self, sheet: "_Sheet", attributes: dict) -> None:
        self._cells += 1
        if self._cells > min(MOST_CELLS, self._limits.cells):
            raise FileRejected(Reason.FOREIGN_TOO_LARGE, limit=min(MOST_CELLS, self._limits.cells))
        sheet.begin_cell(attributes)
        if len(sheet.merges) > min(MOST_SPANS, self._limits.merges):
            raise FileRejected(Reason.BOMB)

    def end(self, tag: str) -> None:
        self._path.pop()
        if self._text is None:
            return
        if tag == DATA and self._path[-1] == CELL:
            sheet, text = self.sheets[-1], "".join(self._text)
            if sheet.column <= self._limits.columns:
                sheet.rows[sheet.row][sheet.column] = _cell(text, self._kind, sheet.style in self._months)
            self._text = None
        elif tag == VISIBLE:
            self.sheets[-1].hidden = "".join(self._text).strip() in ("SheetHidden", "SheetVeryHidden")
            self._text = None

    def data(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def close(self) -> "list[_Sheet]":
        return self.sheets


class _Sheet:
    """A worksheet being read."""

    def __init__(self, title: str):
        self.title, self.hidden = title, False
        self.rows: dict[int, dict[int, Cell]] = {}
        self.merges: list[Merge] = []
        self.hidden_rows: list[int] = []
        self.row = self.column = self._covered = 0
        self.style = ""

    def begin_row(self, attributes: dict) -> None:
        self.row = min(max(_number(_of(attributes, "Index")), self.row + 1), FARTHEST)
        self.column = self._covered = 0
        self.rows.setdefault(self.row, {})
        if _of(attributes, "Hidden") == "1":
            self.hidden_rows.append(self.row)

    def begin_cell(self, attributes: dict) -> None:
        if not self.row:
            raise FileRejected(Reason.DAMAGED)
        if not attributes:  # most
            self.column = self._covered = min(self._covered + 1, FARTHEST)
            self.style = ""
            return
        self.column = max(_number(_of(attributes, "Index")), self._covered + 1)
        across, down = _number(_of(attributes, "MergeAcross")), _number(_of(attributes, "MergeDown"))
        self._covered = min(self.column + across, FARTHEST)
        if across or down:
            self.merges.append(Merge(self.row, self.column, self.row + down, self._covered))
        self.style = _of(attributes, "StyleID")
        if _of(attributes, "Formula"):
            self.rows[self.row][self.column] = NoValue()  # until its result follows

    def dense(self, columns: int) -> Iterator[list[Cell]]:
        """Row after row from the first, blank ones empty."""
        for number in range(1, max(self.rows, default=0) + 1):
            cells = self.rows.get(number, {})
            made: list[Cell] = [None] * min(max(cells, default=0), columns)
            for column, cell in cells.items():
                if column <= columns:
                    made[column - 1] = cell
            yield made


def read_spreadsheetml(text: str, limits: Limits) -> Workbook:
    """All worksheets. FileRejected when it is other XML, declares entities or is damaged."""
    if DECLARED.search(text):
        raise FileRejected(Reason.ENTITIES)
    check_marks(text, MOST_MARKS)
    head = text[:PIECE]
    if WORD.search(head):
        raise FileRejected(Reason.WORD)
    if not ROOT.search(head) or NAMESPACE[1:-1] not in head:
        raise FileRejected(Reason.OTHER_XML)
    prolog = PROLOG.match(text)
    parser = etree.XMLParser(
        target=_Book(limits), encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False
    )
    try:
        for start in range(prolog.end() if prolog else 0, len(text), PIECE):
            parser.feed(text[start : start + PIECE].encode("utf-8", "replace"))
        found = parser.close()
    except etree.XMLSyntaxError as error:
        cut_off = not text.rstrip("\0 \t\r\n").endswith("Workbook>")
        raise FileRejected(Reason.TRUNCATED if cut_off else Reason.DAMAGED) from error
    sheets = []
    for each in found:
        sheet = Sheet(each.title, each.hidden)
        collect(sheet, each.dense(limits.columns), limits)
        keep_places(sheet, each.merges, each.hidden_rows)
        sheets.append(sheet)
    return Workbook(Format.XML2003, sheets)


def _of(attributes: dict, name: str) -> str:
    return attributes.get(f"{NAMESPACE}{name}", "") if attributes else ""


def _number(digits: str) -> int:
    return min(int(digits), FARTHEST) if digits.isdecimal() and len(digits) < 9 else 0


def _cell(text: str, kind: str, month_only: bool) -> Cell:
    """A cell by its type; what does not fit its type stays a text."""
    try:
        if kind == "Number":
            return float(text)
        if kind == "DateTime":
            moment = datetime.datetime.fromisoformat(text)
            if month_only:
                return MonthCell(moment.year, moment.month)
            return moment if moment.time() != datetime.time() else moment.date()
        if kind == "Boolean":
            return text == "1"
    except ValueError:
        return text
    return CellError(text) if kind == "Error" else text
