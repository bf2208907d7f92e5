"""Sheets written in every form that a file can have, and files that are damaged or no rosters at all."""

import datetime
import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape

import xlsxwriter
import xlwt

from tests.workbooks import compound, csv_bytes, saved_xls, with_part
from tests.zoo.mixing.entries import Formula, Lost

SPREADSHEET, EXCEL = "urn:schemas-microsoft-com:office:spreadsheet", "urn:schemas-microsoft-com:office:excel"


@dataclass
class Page:
    """One sheet: cells line by line, merged ranges (first row, first column, last row, last column) from 1."""

    title: str
    lines: list[list] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden: bool = False


class Form(NamedTuple):
    """A form of file: how it is written, what it can hold."""

    write: Callable[[Sequence[Page], random.Random], bytes]
    names: tuple[str, ...]
    has_merges: bool = True
    has_sheets: bool = True
    has_hidden: bool = False
    has_formulas: bool = False
    # Whether half of the file is known to be damaged.
    shows_cut: bool = True


def _covered(page: Page) -> set[tuple[int, int]]:
    """The cells (row, column from 1) under a merge but for its first."""
    return {
        (row, column)
        for top, left, bottom, right in page.merges
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
        if (row, column) != (top, left)
    }


def _cells(page: Page):
    covered = _covered(page)
    for row, line in enumerate(page.lines, start=1):
        for column, cell in enumerate(line, start=1):
            if cell is not None and (row, column) not in covered:
                yield row, column, cell


def _xlsx(pages: Sequence[Page], chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    # Row by row texts stand inside the cells; merges are written out of order.
    inside = not any(page.merges for page in pages) and chance.random() < 0.5
    book = xlsxwriter.Workbook(buffer, {**options, "constant_memory": inside})
    days = book.add_format({"num_format": "yyyy-mm-dd"})
    plain = book.add_format()
    for page in pages:
        sheet = book.add_worksheet(page.title)
        for top, left, bottom, right in page.merges:
            sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "", plain)
        if page.hidden:
            sheet.hide()
        if chance.random() < 0.2:
            sheet.set_column(chance.randrange(5), chance.randrange(5, 8), None, None, {"hidden": True})
        for row, column, cell in _cells(page):
            place = row - 1, column - 1
            if row in page.hidden_rows:
                sheet.set_row(row - 1, None, None, {"hidden": True})
            if isinstance(cell, datetime.date):
                sheet.write_datetime(*place, cell, days)
            elif isinstance(cell, Lost):
                sheet.write_number(*place, cell.number)
            elif isinstance(cell, Formula):
                sheet.write_formula(*place, '=A1&"x"', None, cell.result or "")
            elif isinstance(cell, int | float):
                sheet.write_number(*place, cell)
            else:
                sheet.write_string(*place, cell)
    book.close()
    return buffer.getvalue()


def _xlsx_of_one_cell(pages: Sequence[Page], chance: random.Random) -> bytes:
    """WPS says that each sheet is the cell A1."""
    data = _xlsx(pages, chance)

    def shrink(xml: bytes) -> bytes:
        start = xml.index(b'<dimension ref="') + 16
        return xml[:start] + b"A1" + xml[xml.index(b'"', start) :]

    for number in range(1, len(pages) + 1):
        data = with_part(data, f"xl/worksheets/sheet{number}.xml", shrink)
    return data


def _xls(pages: Sequence[Page], chance: random.Random) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    days = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for page in pages:
        sheet = book.add_sheet(page.title)
        sheet.visibility = int(page.hidden)
        firsts = {(top, left): (bottom, right) for top, left, bottom, right in page.merges}
        for row, column, cell in _cells(page):
            style = days if isinstance(cell, datetime.date) else xlwt.Style.default_style
            cell = cell.number if isinstance(cell, Lost) else cell
            if (row, column) in firsts:
                bottom, right = firsts[row, column]
                sheet.write_merge(row - 1, bottom - 1, column - 1, right - 1, cell, style)
            else:
                sheet.write(row - 1, column - 1, cell, style)
        for row in page.hidden_rows:
            sheet.row(row - 1).hidden = True
    return saved_xls(book)


def _text(cell: object) -> str:
    """A cell as a text has it."""
    if isinstance(cell, Lost):
        return f"{cell.number:.5E}"
    if isinstance(cell, Formula):
        return cell.result or ""
    return "" if cell is None else str(cell)


def _page(pages: Sequence[Page], chance: random.Random) -> bytes:
    (page,) = pages
    covered, spans = _covered(page), {(top, left): rest for top, left, *rest in page.merges}
    width = max(len(line) for line in page.lines)
    rows = []
    for row, line in enumerate(page.lines, start=1):
        cells = []
        for column in range(1, width + 1):
            if (row, column) in covered:
                continue
            text = escape(_text(line[column - 1] if column <= len(line) else None)).replace("\n", "<br>")
            bottom, right = spans.get((row, column), (row, column))
            text = text or chance.choice(["", "", "&nbsp;"])
            span = f" rowspan={bottom - row + 1}" if bottom > row else ""
            span += f" colspan={right - column + 1}" if right > column else ""
            cells.append(f"<td{span}>{text.replace(chr(0xA0), '&#160;')}</td>")
        rows.append(f"<tr>{''.join(cells)}</tr>\n")
    whole = f"<html><body><table border=1>{''.join(rows)}</table></body></html>"
    return whole.encode(chance.choice(["utf-8", "gb18030"]))


def _xml(pages: Sequence[Page], chance: random.Random) -> bytes:
    sheets = []
    for page in pages:
        spans = {(top, left): rest for top, left, *rest in page.merges}
        rows: dict[int, list[str]] = {}
        for row, column, cell in _cells(page):
            bottom, right = spans.get((row, column), (row, column))
            span = f' ss:MergeDown="{bottom - row}"' if bottom > row else ""
            span += f' ss:MergeAcross="{right - column}"' if right > column else ""
            data = f'<Data ss:Type="String">{escape(_text(cell)).replace(chr(10), "&#10;")}</Data>'
            rows.setdefault(row, []).append(f'<Cell ss:Index="{column}"{span}>{data}</Cell>')
        lines = (f'<Row ss:Index="{row}">{"".join(cells)}</Row>' for row, cells in sorted(rows.items()))
        hidden = f"<WorksheetOptions xmlns='{EXCEL}'><Visible>SheetHidden</Visible></WorksheetOptions>"
        rest = hidden if page.hidden else ""
        sheets.append(f'<Worksheet ss:Name="{escape(page.title)}"><Table>{"".join(lines)}</Table>{rest}</Worksheet>')
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{SPREADSHEET}" xmlns:ss="{SPREADSHEET}">{"".join(sheets)}</Workbook>'
    ).encode()


def _separated(*encodings: str, separator: str = ",") -> Callable:
    def write(pages: Sequence[Page], chance: random.Random) -> bytes:
        (page,) = pages
        lines = [[_text(cell) for cell in line] for line in page.lines]
        return csv_bytes(lines, chance.choice(encodings), separator)

    return write


OLD, NEW, ANY_TABLE = ("xls", "et", "xlsx"), ("xlsx", "xlsx", "xls"), ("xls",)
FORMS = (
    Form(_xlsx, NEW, has_hidden=True, has_formulas=True),
    Form(_xlsx, NEW, has_hidden=True, has_formulas=True),
    Form(_xlsx_of_one_cell, NEW, has_hidden=True, has_formulas=True),
    Form(_xls, OLD, has_hidden=True),
    Form(_xls, OLD, has_hidden=True),
    Form(_page, ANY_TABLE, has_sheets=False),
    Form(_xml, ANY_TABLE),
    Form(_separated("utf-8", "utf-8-sig", "gb18030", "utf-16"), ("csv", "xls"), False, False, shows_cut=False),
    Form(_separated("gb18030", "utf-16", separator="\t"), ("txt", "xls"), False, False, shows_cut=False),
)


def damaged(data: bytes, form: Form, chance: random.Random) -> tuple[bytes, str]:
    """The file as it must not come, and the code with which it is refused."""
    ways = ["password", "picture", "nothing", "cut", "cut"] if form.shows_cut else ["password", "picture", "nothing"]
    way = chance.choice(ways)
    if way == "cut":
        return data[: int(len(data) * chance.uniform(0.3, 0.95))], "FILE_CORRUPT"
    return {
        "password": (compound("EncryptionInfo", "EncryptedPackage"), "FILE_PASSWORD"),
        "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + data[:200], "FILE_TYPE"),
        "nothing": (b"", "FILE_EMPTY"),
    }[way]
