"""The clerk's own workbook, opened so that marks can be put into it, whatever the uploaded file was.

An .xlsx keeps its sheets, order, widths, merges and formats. Every other form, and an .xlsx that openpyxl refuses,
is built anew as an .xlsx from the cells that were read: texts stay texts, merges are kept, widths are estimated.
"""

import datetime
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, MergedCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook.child import INVALID_TITLE_REGEX
from openpyxl.worksheet.worksheet import Worksheet

from orgs.workbook import CellError, Merge, MonthCell, NoValue, Row, Sheet, Workbook
from orgs.workbook.cells import Cell

MOST_CELLS = 300_000  # with openpyxl ten seconds and 300 MB; larger files get the excerpt
MOST_XML = 64 * 1024 * 1024  # bytes of one sheet
LONGEST_TITLE = 31
NARROWEST, WIDEST = 8, 42
MEASURED = 200  # rows from which widths are estimated

MERGE = re.compile(rb'<mergeCell [^<>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
PICTURES = ("xl/media/", "xl/charts/", "xl/drawings/drawing")
DRAWINGS_LEFT_OUT = "原表中的图片、图形没有带到这份文件里，以原文件为准。"
TEXT_FORMAT, WHOLE_FORMAT, MONTH_FORMAT, DAY_FORMAT = "@", "0", 'yyyy"年"m"月"', "yyyy-mm-dd"
NOT_CALCULATED = "#N/A"
# Longer ones would lose digits on the screen; a number cell keeps 15 of them.
LONG_NUMBER = 10**11


@dataclass(slots=True)
class Copy:
    """A workbook to be marked: `sheets` by the title they have in the file.

    `rows` {title: {row of the file: row here}} when rows were left out, else None; `notes` are told to the clerk;
    `has_formulas` when the sheets hold the clerk's formulas and not what they came to.
    """

    book: openpyxl.Workbook
    sheets: dict[str, Worksheet] = field(default_factory=dict)
    rows: dict[str, dict[int, int]] | None = None
    notes: list[str] = field(default_factory=list)
    has_formulas: bool = False

    def row_here(self, title: str, row: int) -> int | None:
        """Where a row of the file stands in this workbook; None when it was left out."""
        if title not in self.sheets:
            return None
        return row if self.rows is None else self.rows.get(title, {}).get(row)


def loaded(data: bytes) -> Copy | None:
    """An .xlsx with all its formats; None for any other file, one too large for it, and one that openpyxl refuses."""
    if not data.startswith(b"PK"):
        return None
    try:
        size = _size(data)
        if size > MOST_CELLS:
            return None
        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
    except Exception:  # openpyxl and the XML parser raise all sorts; that the file can be read was found out before
        return None
    copy = Copy(book, {sheet.title: sheet for sheet in book.worksheets})
    copy.has_formulas = any(cell.data_type == "f" for sheet in book.worksheets for cell in sheet._cells.values())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if any(name.startswith(PICTURES) for name in archive.namelist()):
            copy.notes.append(DRAWINGS_LEFT_OUT)
    return copy


def _size(data: bytes) -> int:
    """Cells that openpyxl would build: those that stand in the sheets, empty ones too, and those under merges."""
    cells = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for entry in archive.infolist():
            if not entry.filename.startswith("xl/worksheets/") or not entry.filename.endswith(".xml"):
                continue
            if entry.file_size > MOST_XML:
                return MOST_CELLS + 1
            with archive.open(entry) as stream:
                xml = stream.read(MOST_XML)
            cells += xml.count(b"<c ") + xml.count(b":c ") + sum(_area(found) for found in MERGE.findall(xml))
    return cells


def _area(merge: Sequence[bytes]) -> int:
    left, top, right, bottom = merge
    wide = openpyxl.utils.column_index_from_string(right.decode()) - openpyxl.utils.column_index_from_string(
        left.decode()
    )
    return (abs(wide) + 1) * (abs(int(bottom) - int(top)) + 1)


def rebuilt(workbook: Workbook, first_rows: Mapping[str, int]) -> Copy:
    """The whole workbook built anew from its cells. `first_rows` {title: first row below the header}."""
    copy = Copy(_empty())
    for sheet in workbook.sheets:
        target = _add(copy, sheet)
        for row in sheet.rows:
            _write(target, row.number, row.cells, is_header=row.number < first_rows.get(sheet.title, 0))
        for merge in _merges(sheet):
            target.merge_cells(
                start_row=merge.first_row,
                start_column=merge.first_column,
                end_row=merge.last_row,
                end_column=merge.last_column,
            )
    return copy


def excerpt(
    workbook: Workbook, kept: Mapping[str, set[int]], first_rows: Mapping[str, int], repeats: Callable[[Cell], bool]
) -> Copy:
    """The rows `kept` of each sheet below its header, built anew; sheets without any are left out.

    What a row takes from above – a merged cell, a mark that `repeats` the cell above – is written into the row.
    """
    copy = Copy(_empty(), rows={})
    for sheet in workbook.sheets:
        wanted, first = kept.get(sheet.title), first_rows.get(sheet.title, 1)
        if not wanted:
            continue
        target = _add(copy, sheet)
        places = copy.rows[sheet.title] = {}
        above = _above(sheet)
        last: dict[int, Cell] = {}
        here = 0
        for row in sheet.rows:
            cells = [
                above.get((row.number, column), cell) if cell is None else cell
                for column, cell in enumerate(row.cells, start=1)
            ]
            if row.number >= first:
                cells = [last.get(column) if repeats(cell) else cell for column, cell in enumerate(cells, start=1)]
                last |= {column: cell for column, cell in enumerate(cells, start=1) if cell is not None}
                if row.number not in wanted:
                    continue
            here = max(here + 1, row.number if row.number < first else 0)
            places[row.number] = here
            _write(target, here, cells, is_header=row.number < first)
    return copy


def _above(sheet: Sheet) -> dict[tuple[int, int], Cell]:
    """{(row, column): cell} of what each row of a merged range shows in the range's first column."""
    merges = list(_merges(sheet))
    if not merges:
        return {}
    starts = {(merge.first_row, merge.first_column): None for merge in merges}
    for row in sheet.rows:
        for column, cell in enumerate(row.cells, start=1):
            if (row.number, column) in starts:
                starts[row.number, column] = cell
    return {
        (row, merge.first_column): starts[merge.first_row, merge.first_column]
        for merge in merges
        for row in range(merge.first_row, merge.last_row + 1)
    }


def _merges(sheet: Sheet) -> Iterator[Merge]:
    """The merged ranges, as long as there are not more cells under them than a workbook here may have."""
    area = 0
    for merge in sheet.merges:
        area += (merge.last_row - merge.first_row + 1) * (merge.last_column - merge.first_column + 1)
        if area > MOST_CELLS:
            return
        yield merge


def _empty() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    book.remove(book.active)
    return book


def _add(copy: Copy, sheet: Sheet) -> Worksheet:
    target = copy.book.create_sheet(title_here(sheet.title))
    if sheet.hidden:
        target.sheet_state = "hidden"
    for number, width in enumerate(_widths(islice(sheet.rows, MEASURED), sheet.width), start=1):
        target.column_dimensions[get_column_letter(number)].width = width
    for row in sheet.hidden_rows:
        if copy.rows is None:
            target.row_dimensions[row].hidden = True
    copy.sheets[sheet.title] = target
    return target


def title_here(title: str) -> str:
    """A title that a workbook may have: 31 characters, none of []:*?/ and the backslash."""
    return INVALID_TITLE_REGEX.sub("_", title).strip("'")[:LONGEST_TITLE] or "Sheet"


def _widths(rows: Iterable[Row], columns: int) -> list[int]:
    """Widths in characters; a title over the whole table has a row to itself and does not count."""
    widths = [NARROWEST] * columns
    for row in rows:
        filled = [(column, cell) for column, cell in enumerate(row.cells) if cell is not None]
        if len(filled) > 1:
            for column, cell in filled:
                widths[column] = max(widths[column], min(WIDEST, _columns(cell) + 2))
    return widths


def _columns(cell: Cell) -> int:
    """How many half-width characters a cell takes."""
    if not isinstance(cell, str):
        return 10
    return max(
        sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line) for line in cell.split("\n")
    )


def _write(sheet: Worksheet, row: int, cells: Sequence[Cell], *, is_header: bool) -> None:
    for column, cell in enumerate(cells, start=1):
        if cell is not None:
            target = sheet.cell(row, column)
            put(target, cell)
            if is_header:
                target.font = Font(bold=True)


def put(target: SheetCell, cell: Cell) -> None:
    """Write a cell as it was read: a text never becomes a formula or a number, a number stays one."""
    if isinstance(cell, NoValue):
        cell = CellError(NOT_CALCULATED)
    if isinstance(cell, CellError):
        target.value, target.data_type = cell.text, "e"
    elif isinstance(cell, MonthCell):
        target.value, target.number_format = datetime.date(cell.year, cell.month, 1), MONTH_FORMAT
    elif isinstance(cell, str):
        put_text(target, cell)
    elif isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        target.value, target.number_format = cell, DAY_FORMAT
    else:
        target.value = cell
        if isinstance(cell, int) and abs(cell) >= LONG_NUMBER:
            target.number_format = WHOLE_FORMAT


def keep_digits(copy: Copy) -> None:
    """Have every number written with the digits that it was read with: openpyxl writes sixteen of them.

    An ID number in a number cell would come back as yet another number than the clerk sees in the file. Nothing may
    be done with the numbers after this.
    """
    for sheet in copy.book.worksheets:
        for cell in sheet._cells.values():
            number = cell._value if not isinstance(cell, MergedCell) else None
            is_long = type(number) is int and abs(number) >= 10**16
            if is_long or (type(number) is float and float(f"{number:.16g}") != number):
                cell._value = repr(number)  # its type stays that of a number


def put_text(target: SheetCell, text: str) -> None:
    """Write a text as a text, whatever it begins with, without the characters that no workbook may hold."""
    target.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    target.data_type, target.number_format = "s", TEXT_FORMAT
