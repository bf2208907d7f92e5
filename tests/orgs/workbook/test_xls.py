"""Cells of an .xls or .et, as the rest of the pipeline gets them; xlrd and calamine read the same."""

import datetime
import io
import random
import struct

import pytest
import xlrd
import xlwt
from python_calamine import CalamineWorkbook

from orgs.workbook import CellError, Format, Merge, MonthCell, NoValue, Row, read
from tests.workbooks import biff, drawn_xls, xls, xlsx


def rows_of(data: bytes) -> list[Row]:
    return read(data, "名册.xls").sheets[0].rows


def test_values_keep_their_types_and_places():
    data = xls(("名册", [["姓名", "人数"], [], ["张三", 3, 1.5, True, None, datetime.date(2021, 3, 5)]]))

    book = read(data, "任意名称.et")

    assert book.format is Format.XLS
    sheet = book.sheets[0]
    assert (sheet.title, sheet.hidden, sheet.width, sheet.stopped_after) == ("名册", False, 6, None)
    assert sheet.rows == [
        Row(1, ["姓名", "人数", None, None, None, None]),
        Row(3, ["张三", 3, 1.5, True, None, datetime.date(2021, 3, 5)]),
    ]


def test_a_number_is_told_from_a_text_that_looks_like_one():
    data = xls(("名册", [["119901199001010013", 119901199001010013.0, "0001", 1, 0.01, -7, 536870912]]))

    assert rows_of(data)[0].cells == ["119901199001010013", 119901199001010016, "0001", 1, 0.01, -7, 536870912]


def test_a_row_of_numbers_in_one_record():
    numbers = b"".join(struct.pack("<Hi", 0, value << 2 | 2) for value in (5, 6, 7))
    data = sheet_of((0x00BD, struct.pack("<HH", 0, 1) + numbers + struct.pack("<H", 3)))

    assert rows_of(data) == [Row(1, [None, 5, 6, 7])]


def test_dates_by_month_and_moments():
    assert rows_of(xls(("a", [[datetime.date(2021, 3, 1)]]), month_format='yyyy"年"m"月"')) == [
        Row(1, [MonthCell(2021, 3)])
    ]
    noon = datetime.datetime.fromisoformat("2021-03-01 12:30")
    assert rows_of(xls(("a", [[noon]]), month_format="yyyy-mm-dd hh:mm")) == [Row(1, [noon])]
    assert rows_of(xls(("a", [[datetime.date(2021, 3, 1)]]), month_format="[h]:mm")) == [
        Row(1, [datetime.timedelta(days=44256)])
    ]


def test_days_counted_from_1904():
    def draw(book, sheet):
        book.dates_1904 = True
        sheet.write(0, 0, 44260, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
        sheet.write(0, 1, 44260, xlwt.easyxf(num_format_str="yyyy.mm"))

    assert rows_of(drawn_xls(draw)) == [Row(1, [datetime.date(2025, 3, 6), MonthCell(2025, 3)])]


def test_errors_booleans_and_results_of_formulas():
    def result(column: int, kind: bytes, flags: int = 0) -> tuple[int, bytes]:
        return 0x0006, struct.pack("<HHH8sHIH", 0, column, 0, kind, flags, 0, 0)

    data = sheet_of(
        result(0, struct.pack("<d", 2.5)),
        result(1, b"\0\0\0\0\0\0\xff\xff"),
        (0x04BC, b"shared formula"),
        (0x0207, struct.pack("<HB", 2, 1) + "张三".encode("utf-16-le")),
        result(2, b"\1\0\1\0\0\0\xff\xff"),
        result(3, b"\2\0\x07\0\0\0\xff\xff"),
        result(4, b"\3\0\0\0\0\0\xff\xff"),
        result(5, b"\3\0\0\0\0\0\xff\xff", flags=1),
        (0x0205, struct.pack("<HHHBB", 0, 6, 0, 0x2A, 1)),
        (0x0205, struct.pack("<HHHBB", 0, 7, 0, 0, 0)),
    )

    assert rows_of(data) == [
        Row(1, [2.5, "张三", True, CellError("#DIV/0!"), None, NoValue(), CellError("#N/A"), False])
    ]


def test_merged_cells_and_hidden_rows_and_sheets():
    def draw(book, sheet):
        sheet.write_merge(0, 0, 0, 2, "某街道党员花名册")
        sheet.write(1, 0, "所在党支部")
        sheet.write(1, 1, "姓名")
        sheet.write_merge(2, 3, 0, 0, "第一党支部")
        sheet.write(2, 1, "张三")
        sheet.write(3, 1, "李四")
        sheet.row(3).hidden = True
        sheet.write_merge(90, 99, 5, 6)
        book.add_sheet("字典").visibility = 1

    sheets = read(drawn_xls(draw), "x.xls").sheets

    assert [(sheet.title, sheet.hidden) for sheet in sheets] == [("名册", False), ("字典", True)]
    assert sheets[0].merges == [Merge(1, 1, 1, 3), Merge(3, 1, 4, 1)]
    assert sheets[0].hidden_rows == {4}
    assert [row.cells for row in sheets[0].rows[2:]] == [["第一党支部", "张三"], [None, "李四"]]


def test_rich_text_is_joined_and_its_pinyin_left_out():
    text = struct.pack("<HBHi", 2, 0x0D, 1, 6) + "张三".encode("utf-16-le") + b"\1\0\0\0" + b"pinyin"
    table = struct.pack("<II", 2, 2) + text + struct.pack("<HB", 1, 0) + b"x"
    cells = [(0x00FD, struct.pack("<HHHI", 0, column, 0, column)) for column in (0, 1)]

    assert rows_of(sheet_of(*cells, globals_=[(0x00FC, table)])) == [Row(1, ["张三", "x"])]


def test_a_text_cut_by_the_end_of_a_record_goes_on_in_the_next_with_other_characters():
    table = struct.pack("<II", 1, 1) + struct.pack("<HB", 3, 0) + b"ab"
    cells = [(0x00FD, struct.pack("<HHHI", 0, 0, 0, 0))]

    assert rows_of(sheet_of(*cells, globals_=[(0x00FC, table), (0x003C, b"\1" + "䶮".encode("utf-16-le"))])) == [
        Row(1, ["ab䶮"])
    ]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@pytest.mark.parametrize("codepage", [[], [(0x42, struct.pack("<H", 1252))]])
def test_records_without_a_container_as_web_systems_write_them(encoding, codepage):
    name = "王䶮".encode(encoding)
    data = biff(
        (0x0809, struct.pack("<HHHH", 0, 0x10, 0, 0)),
        *codepage,
        (0x0204, struct.pack("<HHHH", 0, 0, 0, len(name)) + name),
        (0x0203, struct.pack("<HHHd", 1, 1, 0, 3.0)),
        (0x0A, b""),
    )

    book = read(data, "导出.xls")

    assert (book.format, book.sheets[0].title) == (Format.XLS, "导出")
    assert book.sheets[0].rows == [Row(1, ["王䶮", None]), Row(2, [None, 3])]


def test_a_text_that_is_valid_in_two_encodings_is_read_in_that_of_the_others():
    texts = ["女".encode("gbk"), "满族".encode("gbk")]
    cells = [(0x0204, struct.pack("<HHHH", 0, column, 0, len(text)) + text) for column, text in enumerate(texts)]
    data = biff((0x0809, struct.pack("<HHHH", 0, 0x10, 0, 0)), *cells, (0x0A, b""))

    assert rows_of(data) == [Row(1, ["女", "满族"])]


def test_biff5_with_a_code_page():
    name = "张三".encode("gbk")
    data = sheet_of(
        (0x0204, struct.pack("<HHHH", 0, 0, 0, len(name)) + name),
        version=0x0500,
        globals_=[(0x42, struct.pack("<H", 936))],
    )

    assert rows_of(data) == [Row(1, ["张三"])]


def test_blank_formatted_cells_and_one_stray_cell_far_away_cost_nothing():
    def draw(book, sheet):
        sheet.write(0, 0, "姓名")
        for row in range(1, 3000):
            for column in range(20):
                sheet.write(row, column, None, xlwt.easyxf("font: bold on") if row < 3 else xlwt.Style.default_style)
        sheet.write(65_535, 255, " ")

    sheet = read(drawn_xls(draw), "x.xls").sheets[0]

    assert (sheet.rows, sheet.width) == ([Row(1, ["姓名"])], 1)


def test_a_workbook_named_xls_is_read_as_what_it_is():
    assert read(xlsx(("名册", [["姓名"]])), "名册.xls").format is Format.XLSX


@pytest.mark.parametrize("seed", range(3))
def test_xlrd_and_calamine_read_the_same(seed):
    chance = random.Random(seed)
    values = ["张三", "", "a" * 300, "王䶮" * 40, 1, -1, 0.25, 1e300, 119901199001010013.0, True, False, None]
    values += [datetime.date(2021, 3, 5), "x\ny", 12345678.9, 0.01]
    rows = [[chance.choice(values) for _ in range(chance.randrange(1, 9))] for _ in range(400)]
    data = xls(("名册", rows))

    ours = {
        (row.number - 1, column): cell
        for row in rows_of(data)
        for column, cell in enumerate(row.cells)
        if cell is not None
    }

    assert ours == by_xlrd(data) == by_calamine(data)


def by_xlrd(data: bytes) -> dict:
    sheet = xlrd.open_workbook(file_contents=data).sheet_by_index(0)
    cells = {}
    for row in range(sheet.nrows):
        for column in range(sheet.ncols):
            cell = sheet.cell(row, column)
            if cell.ctype == xlrd.XL_CELL_DATE:
                cells[row, column] = xlrd.xldate_as_datetime(cell.value, 0).date()
            elif cell.value != "":
                cells[row, column] = bool(cell.value) if cell.ctype == xlrd.XL_CELL_BOOLEAN else cell.value
    return cells


def by_calamine(data: bytes) -> dict:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    return {
        (row, column): cell
        for row, cells in enumerate(sheet.to_python(skip_empty_area=False))
        for column, cell in enumerate(cells)
        if cell != ""
    }


def sheet_of(*cells: tuple[int, bytes], globals_=(), version: int = 0x0600) -> bytes:
    """The records of a workbook with one sheet of these cells."""
    name = struct.pack("<BB", 1, 0) + b"S" if version == 0x0600 else b"\1S"

    def head(start: int) -> bytes:
        sheet = struct.pack("<IBB", start, 0, 0) + name
        return biff((0x0809, struct.pack("<HHHH", version, 5, 0, 0)), *globals_, (0x85, sheet), (0x0A, b""))

    return head(len(head(0))) + biff((0x0809, struct.pack("<HHHH", version, 16, 0, 0)), *cells, (0x0A, b""))
