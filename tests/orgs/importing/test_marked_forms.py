"""A marked copy of every form of file: built anew where it is no .xlsx, cut down to the rows in error where it must."""

import datetime
import io

import openpyxl
import pytest

from orgs.importing.codes import Code, issue
from orgs.importing.marked import copies, marked_copy
from orgs.workbook import CellError, MonthCell, read
from tests import workbooks
from tests.orgs.importing.marking import EMPTY, FIRST, LENGTH, MONTH, RED, ROWS, TITLES, color, listed, marked, values


@pytest.fixture
def data():
    return workbooks.xlsx(("名册", ROWS), ("汇总", [["人数", 3]]))


def test_a_text_file_comes_back_as_a_workbook_of_texts():
    data = workbooks.csv_bytes([[cell and str(cell) for cell in row] for row in ROWS[1:]], encoding="gb18030")
    found = issue(
        Code.ID_LENGTH, sheet="名册", row=3, column=3, header="公民身份号码", value="1199011990", words={"length": 10}
    )

    book = marked(data, found, name="名册.csv", first={"名册": 2})

    sheet = book["名册"]
    assert values(sheet) == [[cell and str(cell) for cell in row] for row in ROWS[1:]]
    assert {(cell.data_type, cell.number_format) for row in sheet for cell in row if cell.value} == {("s", "@")}
    assert (color(sheet["C3"]), sheet["A1"].font.bold, sheet["A2"].font.bold) == (RED, True, False)
    assert sheet.column_dimensions["C"].width == 20


def old_workbook(book, sheet):
    sheet.write_merge(0, 0, 0, 3, "虚构社区党员花名册")
    for column, title in enumerate(["所在党支部", "姓名", "公民身份号码", "入党日期"]):
        sheet.write(1, column, title)
    sheet.write_merge(2, 3, 0, 0, "虚构社区第一党支部")
    people = [["李明", "119901199001010017", 44260], ["王芳", 119901900101001, "2021.03"]]
    for row, cells in enumerate(people, start=2):
        for column, cell in enumerate(cells, start=1):
            sheet.write(row, column, cell)
    sheet.write(4, 1, "赵强")
    sheet.row(4).hidden = True


PAGE = (
    "<html><body><table><tr><td>所在党支部</td><td>姓名</td></tr><tr><td rowspan=2>虚构支部</td><td>李明</td></tr>"
    "<tr><td>=王芳</td></tr></table></body></html>"
)
XML = (
    '<Row><Cell><Data ss:Type="String">姓名</Data></Cell><Cell><Data ss:Type="String">年龄</Data></Cell></Row>'
    '<Row><Cell><Data ss:Type="String">李明</Data></Cell><Cell><Data ss:Type="Number">36</Data></Cell></Row>'
)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (workbooks.drawn_xls(old_workbook), "名册.xls"),
        (workbooks.drawn_xls(old_workbook), "名册.et"),
        (workbooks.xls(("一支部", ROWS[1:]), ("二支部", ROWS[1:]), ("字典", [["汉族"]]), hidden=["字典"]), "名册.xls"),
        (PAGE.encode(), "名册.xls"),
        (workbooks.spreadsheetml(XML).encode(), "名册.xls"),
        (workbooks.csv_bytes(ROWS[1:], encoding="utf-16", separator="\t"), "名册.xls"),
        (
            workbooks.csv_bytes(ROWS[1:], encoding="gb18030"),
            "党员花名册：东湖街道[2026年11月]上报、经核对无误的最后一稿.csv",
        ),
    ],
    ids=["xls", "et", "xls with several sheets", "web page", "xml", "tab text", "long name"],
)
def test_every_form_comes_back_as_a_workbook_that_reads_the_same(data, name):
    before = read(data, name)
    found = issue(Code.NAME_EMPTY, sheet=before.sheets[0].title, row=3, column=2, header="姓名")

    content, _ = marked_copy(data, name, [found], {before.sheets[0].title: 2})

    after = read(content, "名册.xlsx").sheets[1:]
    for sheet in before.sheets:
        sheet.title = copies.title_here(sheet.title)
    assert after == before.sheets
    assert color(openpyxl.load_workbook(io.BytesIO(content))[after[0].title].cell(3, 2)) == RED


def test_cells_of_every_type_come_back_as_they_were_read():
    cells = [MonthCell(2021, 3), CellError("#REF!"), datetime.date(2021, 3, 5), "=1", "'0012", 20.5]
    data = workbooks.xlsx(
        ("名册", [[119901199001010025, 1.5, True, "x", None, 7], ["同", None, None, None, None, None]])
    )
    workbook = read(data, "名册.xlsx")
    workbook.sheets[0].rows[1].cells[:] = cells
    content = io.BytesIO()
    copies.rebuilt(workbook, {}).book.save(content)

    assert read(content.getvalue(), "名册.xlsx").sheets == workbook.sheets


def test_only_the_rows_in_error_below_the_same_header(data):
    book = marked(data, LENGTH, MONTH, only_bad=True)

    assert book.sheetnames == ["问题清单", "名册"]
    assert values(book["名册"]) == [
        ["虚构社区第一党支部党员花名册", None, None, None],
        TITLES,
        [2, "=王芳", "1199011990", "1990.01"],
    ]
    assert (color(book["名册"]["C3"]), book["问题清单"]["B5"].hyperlink.location) == (RED, "'名册'!C3")
    # The list goes on naming the rows of the clerk's own file.
    assert [line[:3] for line in listed(book)] == [["名册", 4, "C"], ["名册", 4, "D"]]


def test_a_row_of_a_second_table_stays_below_its_own_header():
    rows = [
        ["所在党支部", "姓名", "身份证号"],
        ["虚构支部", "李明", "119901199001010025"],
        ["虚构第二支部党员花名册"],
        ["身份证号", "姓名"],
        ["1199", "王芳"],
        ["119901199001010025", "赵强"],
    ]
    found = issue(Code.ID_LENGTH, sheet="名册", row=5, column=1, header="身份证号", value="1199", words={"length": 4})
    book = marked(workbooks.xlsx(("名册", rows)), found, first={"名册": 2}, headers={"名册": {3, 4}}, only_bad=True)

    assert values(book["名册"]) == [
        ["所在党支部", "姓名", "身份证号"],
        ["虚构第二支部党员花名册", None, None],
        ["身份证号", "姓名", None],
        ["1199", "王芳", None],
    ]
    assert color(book["名册"]["A4"]) == RED


def test_a_row_on_its_own_keeps_what_it_took_from_above():
    def draw(book, sheet):
        sheet.write_row(0, 0, ["所在党支部", "姓名", "民族"])
        sheet.merge_range("A2:A4", "虚构支部")
        sheet.write_column("B2", ["李明", "王芳", "赵强"])
        sheet.write_column("C2", ["汉族", "同上", "同上"])

    found = issue(Code.NAME_EMPTY, sheet="名册", row=4, column=2, header="姓名")
    book = marked(workbooks.drawn_xlsx(draw), found, first={"名册": 2}, only_bad=True)

    assert values(book["名册"]) == [["所在党支部", "姓名", "民族"], ["虚构支部", "赵强", "汉族"]]


def test_of_a_file_too_large_only_the_rows_in_error_come_back_and_it_says_so(data, monkeypatch):
    monkeypatch.setattr(copies, "MOST_CELLS", 4)
    monkeypatch.setattr("orgs.importing.marked.MOST_CELLS", 4)

    content, name = marked_copy(data, "名册.xlsx", [LENGTH, EMPTY], FIRST)

    book = openpyxl.load_workbook(io.BytesIO(content))
    assert name == "名册（有问题的行）.xlsx"
    assert values(book["名册"])[2:] == [[2, "=王芳", "1199011990", "1990.01"]]
    assert [line[:3] for line in listed(book)] == [["名册", 4, "C"], ["名册", 5, "C"]]
    heading = book["问题清单"]["A2"].value
    assert "原表较大，未整份批注：后面只列出有问题的行" in heading
    assert "只带出前 1 行" in heading


@pytest.mark.parametrize("date_1904", [False, True])
def test_formulas_of_the_clerks_stay_and_so_does_what_they_came_to(date_1904):
    def draw(book, sheet):
        sheet.write_row(0, 0, ["姓名", "性别", "年份", "出生", "是否", "错误", "没算过"])
        sheet.write(1, 0, "李明")
        sheet.write_formula(1, 1, '=IF(1>0,"男<","女&")', None, "男<")
        sheet.write_formula(1, 2, "=1989+1", None, 1990)
        sheet.write_formula(1, 3, "=DATE(1990,1,1)", book.add_format({"num_format": "yyyy-mm-dd"}), 32874)
        sheet.write_formula(1, 4, "=1=1", None, True)
        sheet.write_formula(1, 5, "=1/0", None, "#DIV/0!")
        sheet.write_formula(1, 6, "=TODAY()", None, "")

    data = workbooks.drawn_xlsx(draw, date_1904=date_1904)
    found = issue(Code.NAME_EMPTY, sheet="名册", row=2, column=1, header="姓名")

    content, _ = marked_copy(data, "名册.xlsx", [found], {"名册": 2})

    assert read(content, "名册.xlsx").sheets[1:] == read(data, "名册.xlsx").sheets
    assert [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content))["名册"][2]][1:4] == [
        '=IF(1>0,"男<","女&")',
        "=1989+1",
        "=DATE(1990,1,1)",
    ]


def test_problems_beyond_the_list_are_counted(data):
    heading = marked(data, LENGTH, more=7)["问题清单"]["A2"].value

    assert "问题过多，本表只列出前 1 处，其余 7 处改正后重新上传即可看到。" in heading


def test_a_file_that_is_read_row_by_row_gives_the_same_rows(data, monkeypatch):
    whole = marked(data, LENGTH, only_bad=True)
    monkeypatch.setattr("orgs.importing.marked.STREAMED", 0)

    streamed = marked(data, LENGTH, only_bad=True)

    assert [values(sheet) for sheet in streamed] == [values(sheet) for sheet in whole]


def test_an_xlsx_that_openpyxl_refuses_is_built_anew(data):
    broken = workbooks.with_part(
        data, "xl/styles.xml", lambda xml: xml.replace(b'patternType="gray125"', b'patternType="?"')
    )
    with pytest.raises(ValueError, match="could not read stylesheet"):
        openpyxl.load_workbook(io.BytesIO(broken))

    book = marked(broken, LENGTH)

    assert values(book["名册"]) == ROWS
    assert color(book["名册"]["C4"]) == RED


def test_a_stray_cell_far_away_costs_nothing():
    data = workbooks.raw_xlsx(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>李明</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row>'
    )
    found = issue(Code.ID_EMPTY, sheet="名册", row=2)

    content, _ = marked_copy(data, "名册.xlsx", [found], {"名册": 2})

    assert read(content, "名册.xlsx").sheets[1].rows[1].cells == ["李明"]
