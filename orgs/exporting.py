"""Files for people: .xlsx and .csv in which nothing that somebody typed can become a formula.

In an .xlsx texts are text cells with the format `@`: XlsxWriter is told never to make formulas, links or numbers
of them, and works in memory, so that no personal data lie in a temporary file. In a .csv an apostrophe stands in
front of a text that a spreadsheet would calculate; our own import takes it away again.
"""

import csv
import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from orgs.workbook.example import EXAMPLE_MARK, INSTRUCTIONS, LISTS

FORMULA_STARTS = tuple("=+-@＝＋－＠\t\r")  # the full-width ones count in a Chinese or Japanese Excel
LONGEST_TEXT = 32_767  # characters of a cell; Excel calls a file with a longer one damaged
LONGEST_TITLE = 31
FORBIDDEN_IN_TITLE = str.maketrans("[]:*?/\\", "［］：＊？／＼")
LONGEST_LIST = 255  # characters of a drop-down inside the cell's rule; a longer one stands on a sheet of its own
FORM_ROWS = 5_000  # rows of a template with drop-downs
SEQUENCE = "序号"
A4 = 9
DAY_ZERO = datetime.date(1899, 12, 30)  # right from 1900-03-01 on; no record here is older

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

# The same methods without the look whether the place is given as "A1": an eighth of the time of a large ledger.
write_string = Worksheet.write_string.__wrapped__
write_number = Worksheet.write_number.__wrapped__

Value = None | str | int | float | bool | datetime.date | datetime.datetime


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, its width in characters, the words of its drop-down and a note on the title's cell."""

    title: str
    width: int = 14
    choices: Sequence[str] = ()
    note: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """A sheet to be written: rows of plain values under its columns; `heading` is a line above the header.

    Texts stay texts, dates become date cells (moments in local time, without a zone), True 是, None an empty cell.
    `form_rows` rows below are prepared with drop-downs for filling in.
    """

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]] = ()
    heading: str = ""
    form_rows: int = 0


def write_xlsx(sheets: Sequence[SheetSpec]) -> bytes:
    """An .xlsx of these sheets: header fixed and repeated in print, A4 landscape, a filter on filled tables.

    ValueError without a sheet.
    """
    if not sheets:
        raise ValueError("a workbook needs a sheet")
    buffer = io.BytesIO()
    book = _Book(xlsxwriter.Workbook(buffer, OPTIONS))
    for spec in sheets:
        book.add(spec)
    book.close()
    return buffer.getvalue()


def template_xlsx(
    title: str, columns: Sequence[Column], instructions: Sequence[str], example_row: Sequence[Value]
) -> bytes:
    """A form to be filled in: all columns formatted as text (Excel leaves ID numbers alone), drop-downs, an example.

    The first column, 序号, is added here; in the example row it holds the mark by which an import skips the row.
    `example_row` has one value per column. A second sheet 填表说明 lists the instructions.
    """
    form = SheetSpec(title, [Column(SEQUENCE, 24), *columns], rows=[[EXAMPLE_MARK, *example_row]], form_rows=FORM_ROWS)
    lines = [[f"{number}. {line}"] for number, line in enumerate(instructions, start=1)]
    return write_xlsx([form, SheetSpec(INSTRUCTIONS, [Column(INSTRUCTIONS, 100)], rows=lines)])


def write_csv(titles: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """A .csv that Excel opens without spoiling Chinese (UTF-8 with mark) and without calculating anything."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([harmless(title) for title in titles])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode("utf-8-sig")


def harmless(cell: Value) -> Value:
    """A cell of a CSV: a text that a spreadsheet would calculate gets an apostrophe in front; numbers stay."""
    if isinstance(cell, str):
        return f"'{cell}" if cell.lstrip(" \n\u3000\u00a0").startswith(FORMULA_STARTS) else cell
    if isinstance(cell, bool):
        return _yes_no(cell)
    return cell


class _Book:
    """A workbook being written: the formats, the titles taken, and the sheet of long drop-downs."""

    def __init__(self, book: xlsxwriter.Workbook):
        font = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        header = {"bold": True, "bg_color": "#F2F2F2", "border": 1, "text_wrap": True, "align": "center"}
        self._book = book
        self._text = book.add_format(font | {"num_format": "@"})
        self._number = book.add_format(font)
        self._day = book.add_format(font | {"num_format": "yyyy-mm-dd", "align": "left"})
        self._moment = book.add_format(font | {"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self._header = book.add_format(font | header | {"num_format": "@"})
        self._heading = book.add_format(font | {"bold": True, "font_size": 14, "num_format": "@"})
        self._titles: set[str] = set()
        self._long_lists: list[Column] = []

    def add(self, spec: SheetSpec) -> None:
        """Write one sheet."""
        sheet = self._book.add_worksheet(self._title(spec.title))
        top = 1 if spec.heading else 0
        if spec.heading:
            sheet.write_string(0, 0, spec.heading, self._heading)
        for index, column in enumerate(spec.columns):
            # The format of the whole column: what is typed below stays a text too.
            sheet.set_column(index, index, column.width, self._text)
            sheet.write_string(top, index, f"*{column.title}" if column.required else column.title, self._header)
            if column.note:
                sheet.write_comment(top, index, column.note, {"x_scale": 2})
        last = self._write_rows(sheet, spec.rows, top + 1)
        for index, column in enumerate(spec.columns):
            if column.choices:
                self._offer(sheet, column, index, top + 1, max(last + spec.form_rows, top + 1))
        sheet.freeze_panes(top + 1, 0)
        sheet.repeat_rows(top)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        if spec.columns:
            sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(spec.columns) - 1)}1048576"})
            if last > top and not spec.form_rows:
                sheet.autofilter(top, 0, last, len(spec.columns) - 1)

    def close(self) -> None:
        """Write the long drop-downs and finish the file."""
        if self._long_lists:
            sheet = self._book.add_worksheet(LISTS)
            for index, column in enumerate(self._long_lists):
                sheet.write_column(0, index, (column.title, *column.choices), self._text)
            sheet.hide()
        self._book.close()

    def _write_rows(self, sheet, rows: Iterable[Sequence[Value]], first: int) -> int:
        """Write the rows from `first` on; the number of the last one, from 0."""
        text, number, day = self._text, self._number, self._day
        row = first - 1
        for row, cells in enumerate(rows, start=first):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    write_string(sheet, row, column, cell[:LONGEST_TEXT], text)
                elif cell is None:
                    continue
                elif isinstance(cell, bool):
                    write_string(sheet, row, column, _yes_no(cell), text)
                elif isinstance(cell, datetime.datetime):
                    sheet.write_datetime(row, column, cell, self._moment)
                elif isinstance(cell, datetime.date):
                    write_number(sheet, row, column, (cell - DAY_ZERO).days, day)
                else:
                    write_number(sheet, row, column, cell, number)
        return row

    def _offer(self, sheet, column: Column, index: int, first: int, last: int) -> None:
        """A drop-down on a column; another word raises a question, not a refusal: the import understands more."""
        source: str | list[str] = list(column.choices)
        if len(",".join(column.choices)) > LONGEST_LIST:
            letters = xl_col_to_name(len(self._long_lists), col_abs=True)
            source = f"={LISTS}!{letters}$2:{letters}${len(column.choices) + 1}"
            self._long_lists.append(column)
        rule = {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_title": "不在可选范围内",
            "error_message": f"「{column.title[:20]}」请从下拉列表中选择。",
        }
        sheet.data_validation(first, index, last, index, rule)

    def _title(self, title: str) -> str:
        r"""A title that Excel accepts: 31 characters, none of []:*?/\, not twice."""
        base = title.translate(FORBIDDEN_IN_TITLE).strip("'")[:LONGEST_TITLE] or "Sheet"
        unique, number = base, 1
        while unique.casefold() in self._titles:
            number += 1
            suffix = f"（{number}）"
            unique = base[: LONGEST_TITLE - len(suffix)] + suffix
        self._titles.add(unique.casefold())
        return unique


def _yes_no(value: bool) -> str:
    return "是" if value else "否"
