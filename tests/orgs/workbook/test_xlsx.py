"""Cells of an .xlsx, as the rest of the pipeline gets them."""

import datetime

from orgs.workbook import CellError, Format, Merge, MonthCell, NoValue, Row, read
from tests.workbooks import SHEET, drawn_xlsx, raw_xlsx, with_part, xlsx


def rows_of(data: bytes) -> list[Row]:
    return read(data, "名册.xlsx").sheets[0].rows


def test_values_keep_their_types_and_places():
    data = xlsx(("名册", [["姓名", "人数"], [], ["张三", 3, 1.5, True, None, datetime.date(2021, 3, 5)]]))

    book = read(data, "任意名称")

    assert book.format is Format.XLSX
    sheet = book.sheets[0]
    assert (sheet.title, sheet.hidden, sheet.width, sheet.stopped_after) == ("名册", False, 6, None)
    assert sheet.rows == [
        Row(1, ["姓名", "人数", None, None, None, None]),
        Row(3, ["张三", 3, 1.5, True, None, datetime.date(2021, 3, 5)]),
    ]


def test_a_number_is_told_from_a_text_that_looks_like_one():
    data = xlsx(("名册", [["119901199001010013", 119901199001010013.0, "0001", 1]]))

    assert rows_of(data)[0].cells == ["119901199001010013", 119901199001010000, "0001", 1]


def test_a_table_that_does_not_begin_in_a1_keeps_row_and_column_numbers():
    data = drawn_xlsx(lambda book, sheet: (sheet.write(2, 3, "D3"), sheet.write(4, 5, "F5")))

    assert rows_of(data) == [Row(3, [None, None, None, "D3", None, None]), Row(5, [None, None, None, None, None, "F5"])]


def test_white_space_is_an_empty_cell():
    assert rows_of(xlsx(("名册", [["姓名"], [" \u3000\u00a0"], ["张三"]]))) == [Row(1, ["姓名"]), Row(3, ["张三"])]


def test_error_cells_and_formulas_without_a_stored_result_are_marked():
    def draw(book, sheet):
        sheet.write(0, 0, "姓名")
        sheet.write_formula(1, 0, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 1, "=A1", None, "张三")
        sheet.write_formula(1, 2, "=A1", None, "")
        sheet.write(2, 0, "#N/A")

    assert rows_of(drawn_xlsx(draw))[1:] == [
        Row(2, [CellError("#DIV/0!"), "张三", NoValue()]),
        Row(3, [CellError("#N/A"), None, None]),
    ]


def test_a_formula_whose_result_is_an_empty_text_is_an_empty_cell():
    data = raw_xlsx(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c><c r="B1" t="str"><f>A2</f><v></v></c></row>'
    )

    assert rows_of(data) == [Row(1, ["x"])]


def test_a_date_cell_that_shows_year_and_month_only_is_a_month():
    rows = [["入党时间"], [datetime.date(2021, 3, 1)]]

    assert rows_of(xlsx(("名册", rows), month_format='yyyy"年"m"月"'))[1].cells == [MonthCell(2021, 3)]
    assert rows_of(xlsx(("名册", rows), month_format="yyyy.mm"))[1].cells == [MonthCell(2021, 3)]
    assert rows_of(xlsx(("名册", rows), month_format='yyyy"年"m"月"d"日"'))[1].cells == [datetime.date(2021, 3, 1)]


def test_days_counted_from_1904():
    rows = (("名册", [["入党时间"], [datetime.date(2021, 3, 5)]]),)
    shifted = [
        with_part(
            xlsx(*rows, month_format=format_),
            "xl/workbook.xml",
            lambda xml: xml.replace(b"<workbookPr", b'<workbookPr date1904="1"'),
        )
        for format_ in ("yyyy-mm-dd", "yyyy.mm")
    ]

    assert rows_of(shifted[0])[1].cells == [datetime.date(2025, 3, 6)]
    assert rows_of(shifted[1])[1].cells == [MonthCell(2025, 3)]


def test_rich_text_is_joined_and_its_pinyin_left_out():
    data = with_part(
        xlsx(("名册", [["x"]])),
        "xl/sharedStrings.xml",
        lambda xml: xml.replace(
            b"<si><t>x</t></si>",
            "<si><r><t>张</t></r><r><t>三</t></r><rPh sb='0' eb='1'><t>zhang</t></rPh></si>".encode(),
        ),
    )

    assert rows_of(data) == [Row(1, ["张三"])]


def test_every_sheet_is_listed_and_hidden_ones_are_marked():
    data = xlsx(("一支部", [["姓名"]]), ("字典", [["男"]]), ("Sheet3", []), hidden=["字典"])

    assert [(sheet.title, sheet.hidden, len(sheet.rows)) for sheet in read(data, "x").sheets] == [
        ("一支部", False, 1),
        ("字典", True, 1),
        ("Sheet3", False, 0),
    ]


def test_a_chart_sheet_is_no_sheet_of_rows():
    def draw(book, sheet):
        sheet.write_column(0, 0, ["姓名", "张三"])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=名册!$A$1:$A$2"})
        book.add_chartsheet("图").set_chart(chart)

    assert [sheet.title for sheet in read(drawn_xlsx(draw), "x").sheets] == ["名册"]


def test_merged_cells_and_hidden_rows_are_noted():
    def draw(book, sheet):
        sheet.merge_range("A1:D1", "某街道党员花名册")
        sheet.write_row("A2", ["所在党支部", "姓名"])
        sheet.merge_range("A3:A4", "第一党支部")
        sheet.write_column("B3", ["张三", "李四"])
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_row(7, None, None, {"hidden": True})
        sheet.merge_range("B91:C100", "", None)

    sheet = read(drawn_xlsx(draw), "x").sheets[0]

    assert sheet.merges == [Merge(1, 1, 1, 4), Merge(3, 1, 4, 1)]
    assert sheet.hidden_rows == {4}
    assert [row.cells for row in sheet.rows[2:]] == [["第一党支部", "张三"], [None, "李四"]]


def test_a_long_list_of_merged_cells_behind_the_last_row_is_read_whole():
    merges = "".join(f'<mergeCell ref="A{row}:A{row + 1}"/>' for row in range(1, 40_000, 2))
    data = with_part(
        xlsx(("名册", [[row, "x"] for row in range(40_000)])),
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>".encode()),
    )

    assert read(data, "x").sheets[0].merges == [Merge(row, 1, row + 1, 1) for row in range(1, 40_000, 2)]


def test_one_stray_space_in_the_last_cell_of_the_sheet_costs_nothing():
    def draw(book, sheet):
        sheet.write_column(0, 0, ["姓名", "张三"])
        sheet.write(1_048_575, 16_383, " ")

    sheet = read(drawn_xlsx(draw), "x").sheets[0]

    assert sheet.rows == [Row(1, ["姓名"]), Row(2, ["张三"])]
    assert sheet.stopped_after == 2


def test_formatting_down_to_the_last_row_costs_nothing():
    cells = "".join(f'<row r="{row}"><c r="A{row}" s="0"/><c r="IV{row}" s="0"/></row>' for row in range(3, 20_000))
    data = raw_xlsx(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
        f'{cells}<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    )

    sheet = read(data, "x").sheets[0]

    assert (sheet.rows, sheet.stopped_after) == ([Row(1, ["姓名"])], None)


def test_rows_below_a_long_gap_are_not_read_and_the_sheet_says_so():
    def draw(book, sheet):
        sheet.write_column(0, 0, ["姓名", "张三"])
        sheet.write(150, 0, "李四")
        sheet.write(400, 0, "签字")

    sheet = read(drawn_xlsx(draw), "x").sheets[0]

    assert [row.number for row in sheet.rows] == [1, 2, 151]
    assert sheet.stopped_after == 151


def test_a_sheet_whose_dimension_is_wrong_is_read_whole():
    data = with_part(xlsx(("名册", [["姓名"], ["张三"]])), SHEET, lambda xml: xml.replace(b'ref="A1:A2"', b'ref="A1"'))

    assert rows_of(data) == [Row(1, ["姓名"]), Row(2, ["张三"])]


def test_cells_without_addresses_are_read_by_their_order():
    data = raw_xlsx('<row><c t="inlineStr"><is><t>姓名</t></is></c><c><v>3</v></c></row>')

    assert rows_of(data) == [Row(1, ["姓名", 3])]


def test_a_cell_that_lies_about_its_row_does_not_blow_up_the_range():
    data = raw_xlsx(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row><row r="2"><c r="B1048576"><v>1</v></c></row>'
    )

    assert rows_of(data) == [Row(1, ["姓名", None]), Row(2, [None, 1])]
