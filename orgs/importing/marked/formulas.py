"""The results of the clerk's own formulas, put back into a workbook that openpyxl has written.

openpyxl keeps either a formula or its result. Without results the marked copy could not be uploaded again before some
program has opened and saved it: sex and birth worked out from the ID number are formulas in many rosters.
"""

import datetime
import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.utils.datetime import to_excel

from orgs.workbook import CellError, MonthCell, Workbook
from orgs.workbook.cells import Cell

FORMULA = re.compile(rb'<c r="([A-Z]+\d+)"([^>]*)>(<f[^>]*/>|<f[^>]*>.*?</f>)<v\s*(?:/>|></v>)</c>', re.DOTALL)


def results(book: openpyxl.Workbook, read: Workbook) -> dict[str, dict[str, Cell]]:
    """{sheet: {address: stored result}} of all formulas in `book`, as the same file was `read` before."""
    found: dict[str, dict[str, Cell]] = {}
    for sheet in read.sheets:
        if sheet.title not in book:
            continue
        formulas = {
            (cell.row, cell.column): cell.coordinate
            for cell in book[sheet.title]._cells.values()
            if cell.data_type == "f"
        }
        if not formulas:
            continue
        values = found[sheet.title] = {}
        for row in sheet.rows:
            for column, cell in enumerate(row.cells, start=1):
                if cell is not None and (row.number, column) in formulas:
                    values[formulas[row.number, column]] = _number_of(cell, book.epoch)
    return found


def with_results(content: bytes, titles: list[str], values: Mapping[str, Mapping[str, Cell]]) -> bytes:
    """The workbook that openpyxl wrote, `titles` its sheets in order, with the results beside their formulas."""
    if not any(values.values()):
        return content
    parts = {f"xl/worksheets/sheet{number}.xml": title for number, title in enumerate(titles, start=1)}
    done = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part, own = old.read(entry), values.get(parts.get(entry.filename, ""))
            new.writestr(entry, FORMULA.sub(lambda cell, own=own: _cell(cell, own), part) if own else part)
    return done.getvalue()


def _cell(cell: re.Match[bytes], values: Mapping[str, Cell]) -> bytes:
    """The XML of a formula's cell with its result; as it was when there is none that could be written."""
    kind, text = _stored(values.get(cell[1].decode()))
    if text is None:
        return cell[0]
    return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (cell[1], cell[2], kind, cell[3], escape(text).encode())


def _stored(value: Cell) -> tuple[bytes, str | None]:
    """The type of a result as XML has it, and its text; None for what has none."""
    if isinstance(value, bool):
        return b' t="b"', str(int(value))
    if isinstance(value, str):
        return b' t="str"', value
    if isinstance(value, CellError):
        return b' t="e"', value.text
    return b"", repr(value) if isinstance(value, int | float) else None


def _number_of(cell: Cell, epoch: datetime.datetime) -> Cell:
    """Days and times as the number that a workbook counting from `epoch` stores for them; others as they are."""
    if isinstance(cell, MonthCell):
        cell = datetime.date(cell.year, cell.month, 1)
    if isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
        return to_excel(cell, epoch)
    return cell
