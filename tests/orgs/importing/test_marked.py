"""The clerk's own file given back: marks at the cells, the list of problems, nothing else changed."""

import datetime
import io
import re
import zipfile

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from orgs.importing.codes import Code, issue
from orgs.importing.marked import advice, copies, marked_copy
from orgs.workbook import CellError, MonthCell, read
from orgs.workbook.example import is_problem_list
from tests import workbooks

RED, YELLOW, NONE = "FFFFC7CE", "FFFFEB9C", "00000000"
TITLES = ["序号", "姓名", "公民身份号码", "出生日期"]
ROWS = [
    ["虚构社区第一党支部党员花名册", None, None, None],
    TITLES,
    [1, "李明", "119901199001010025", "1990-01-01"],
    [2, "=王芳", "1199011990", "1990.01"],
    [3, "赵强", None, "1990-01-01"],
]
FIRST = {"名册": 3}
LENGTH = issue(
    Code.ID_LENGTH,
    sheet="名册",
    row=4,
    column=3,
    header="公民身份号码",
    value="1199011990",
    words={"length": 10},
)
NAME = issue(
    Code.NAME_INVALID,
    sheet="名册",
    row=4,
    column=2,
    header="姓名",
    value="=王芳",
    words={"reason": "开头有表格软件会当作公式的字符"},
)
MONTH = issue(Code.DATE_MONTH_ONLY, sheet="名册", row=4, column=4, header="出生日期", value="1990.01")
EMPTY = issue(Code.ID_EMPTY, sheet="名册", row=5, column=3, header="公民身份号码")
PLACE = issue(Code.ORG_EMPTY, sheet="名册", row=5)
SHEET = issue(Code.SHEET_SKIPPED, sheet="汇总", words={"reason": "没有找到「党员花名册」的表头"})


def marked(data, *issues, name="名册.xlsx", first=FIRST, **options):
    content, _ = marked_copy(data, name, issues, first, **options)
    return openpyxl.load_workbook(io.BytesIO(content))


def listed(book):
    """The lines of the list of problems."""
    return [[cell.value for cell in row] for row in book["问题清单"].iter_rows(min_row=5)]


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def sizes(content):
    """How large the comments of the first sheet that has any are shown; openpyxl itself does not read it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = next(each for each in archive.namelist() if each.endswith(".vml"))
        return re.findall(r"width:\d+px;height:\d+px", archive.read(name).decode())


def color(cell):
    return cell.fill.fgColor.rgb


@pytest.fixture
def data():
    return workbooks.xlsx(("名册", ROWS), ("汇总", [["人数", 3]]))


def test_wrong_cells_are_colored_by_weight_and_say_why(data):
    sheet = marked(data, LENGTH, MONTH, NAME, EMPTY)["名册"]

    colors = {cell.coordinate: color(cell) for row in sheet for cell in row if color(cell) != NONE}
    assert colors == {"B4": RED, "C4": RED, "D4": YELLOW, "C5": RED}
    assert sheet["C4"].comment.text == f"【错误】{LENGTH.message}"
    assert sheet["D4"].comment.text == "【提醒】「出生日期」只有年月「1990.01」，已按年月保存，请补填日期。"


def test_several_problems_of_a_cell_stand_in_one_comment_that_is_large_enough(data):
    check = issue(
        Code.ID_CHECKSUM, sheet="名册", row=4, column=3, header="公民身份号码", words={"reason": "最后一位校验码不符"}
    )
    both, _ = marked_copy(data, "名册.xlsx", [LENGTH, check], FIRST)

    comment = openpyxl.load_workbook(io.BytesIO(both))["名册"]["C4"].comment
    assert comment.text == f"【错误】{LENGTH.message}\n【错误】{check.message}"
    # Three lines of 22 characters, and two.
    assert sizes(both) == ["width:300px;height:102px"]


def test_an_error_outweighs_a_warning_of_the_same_cell(data):
    warning = issue(
        Code.ENUM_UNKNOWN, sheet="名册", row=4, column=3, header="公民身份号码", value="", words={"choices": "某"}
    )

    assert color(marked(data, warning, LENGTH)["名册"]["C4"]) == RED


def test_a_problem_of_the_whole_row_stands_at_its_first_cell(data):
    sheet = marked(data, PLACE)["名册"]

    assert (color(sheet["A5"]), sheet["A5"].comment.text) == (
        RED,
        "【错误】没有填写党组织，请填写党组织全称或编码。",
    )


def test_how_a_cell_was_read_is_listed_without_a_mark(data):
    info = issue(Code.DITTO, sheet="名册", row=4, column=2, header="姓名", value="同上", words={"filled": "李明"})
    book = marked(data, info)

    assert (color(book["名册"]["B4"]), book["名册"]["B4"].comment) == (NONE, None)
    assert listed(book) == [
        [
            "名册", 4, "B", "姓名", "同上", "「姓名」写作「同上」，已按上一行填为「李明」。",
            "无需处理，请知悉。", "说明",
        ]
    ]  # fmt: skip


def test_the_list_stands_first_is_open_and_sorted_with_links_filter_and_fixed_header(data):
    book = marked(data, EMPTY, PLACE, MONTH, LENGTH, NAME, SHEET)
    sheet = book.worksheets[0]

    assert (book.sheetnames, book.active.title) == (["问题清单", "名册", "汇总"], "问题清单")
    assert [each.sheet_view.tabSelected for each in book.worksheets] == [True, False, False]
    assert [cell.value for cell in sheet[4]] == ["工作表", "行", "列", "列名", "内容", "问题", "怎么改", "程度"]
    assert [line[:5] + line[7:] for line in listed(book)] == [
        ["名册", 4, "B", "姓名", "=王芳", "错误"],
        ["名册", 4, "C", "公民身份号码", "1199011990", "错误"],
        ["名册", 4, "D", "出生日期", "1990.01", "提醒"],
        ["名册", 5, None, "整行", None, "错误"],
        ["名册", 5, "C", "公民身份号码", None, "错误"],
        ["汇总", None, None, "整表", None, "提醒"],
    ]
    assert [cell.hyperlink and cell.hyperlink.location for cell in sheet["B"][4:]] == [
        "'名册'!B4", "'名册'!C4", "'名册'!D4", "'名册'!A5", "'名册'!C5", None,
    ]  # fmt: skip
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A5", "A4:H10")


def test_the_heading_counts_by_weight(data):
    heading = marked(data, LENGTH, NAME, MONTH)["问题清单"]["A2"].value

    assert heading.startswith("共 3 处：错误 2 处，提醒 1 处。红色单元格为错误")


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        ("姓名为空，请填写姓名。", ("姓名为空。", "请填写姓名。")),
        (
            "「性别」中的「男女，请看备注」不在可选范围内，该项未导入。可填：男、女。",
            ("「性别」中的「男女，请看备注」不在可选范围内，该项未导入。", "可填：男、女。"),
        ),
        (
            "姓名「张」不合要求：只有一个字。请改为与身份证一致的姓名。",
            ("姓名「张」不合要求：只有一个字。", "请改为与身份证一致的姓名。"),
        ),
        ("看不出毛病。", ("看不出毛病。", "")),
    ],
)
def test_a_sentence_in_two_parts(message, parts):
    assert advice.split(message) == parts


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_of_the_file_becomes_a_formula(text):
    data = workbooks.xlsx(("名册", [TITLES, [1, text, "1", None]]))
    found = issue(Code.NAME_INVALID, sheet="名册", row=2, column=2, header=text, value=text, words={"reason": text})

    book = marked(data, found, first={"名册": 2})

    assert {cell.data_type for sheet in book for row in sheet for cell in row if isinstance(cell.value, str)} == {"s"}
    assert (book["名册"]["B2"].value, book["问题清单"]["E5"].value) == (text, text)


def test_the_clerks_own_sheet_is_otherwise_as_it_was():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "名册"
    for row in ROWS:
        sheet.append(["'" + cell if isinstance(cell, str) and cell.startswith("=") else cell for cell in row])
    sheet.merge_cells("A1:D1")
    sheet["A1"].font = Font(name="方正小标宋简体", size=18)
    sheet["B3"].fill = PatternFill("solid", fgColor="FF00B050")
    sheet["E3"] = "=YEAR(D3)"
    sheet.column_dimensions["C"].width = 33
    sheet.row_dimensions[1].height = 40
    sheet.freeze_panes = "B3"
    sheet["B3"].comment = Comment("已核对原件", "李经办")
    buffer = io.BytesIO()
    book.save(buffer)

    before = openpyxl.load_workbook(buffer)["名册"]
    after = marked(buffer.getvalue(), LENGTH)["名册"]

    assert values(after) == values(before)
    assert (after["A1"].font.name, after["A1"].font.size, color(after["B3"])) == ("方正小标宋简体", 18, "FF00B050")
    assert (after.column_dimensions["C"].width, after.row_dimensions[1].height) == (33, 40)
    assert (str(after.merged_cells.ranges), after.freeze_panes) == (str(before.merged_cells.ranges), "B3")
    assert (after["E3"].value, after["B3"].comment.text) == ("=YEAR(D3)", "已核对原件")


def test_a_cell_under_a_merge_is_marked_at_the_first_cell_of_the_merge():
    def draw(book, sheet):
        sheet.write_row(0, 0, ["所在党支部", "姓名"])
        sheet.merge_range("A2:A3", "虚构支部")
        sheet.write_column("B2", ["李明", "王芳"])

    found = issue(Code.ORG_UNKNOWN, sheet="名册", row=3, column=1, header="所在党支部", value="虚构支部")
    book = marked(workbooks.drawn_xlsx(draw), found, first={"名册": 2})

    assert color(book["名册"]["A2"]) == RED
    assert book["问题清单"]["B5"].hyperlink.location == "'名册'!A2"


def test_a_comment_of_the_clerks_stays_below_ours_and_alone_when_ours_are_gone(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    book["名册"]["C4"].comment = Comment("待核", "李经办")
    buffer = io.BytesIO()
    book.save(buffer)

    once, _ = marked_copy(buffer.getvalue(), "名册.xlsx", [LENGTH], FIRST)
    twice = marked(once, EMPTY)

    first = openpyxl.load_workbook(io.BytesIO(once))["名册"]["C4"]
    assert first.comment.text == f"【错误】{LENGTH.message}\n—— 原有批注 ——\n待核"
    again = twice["名册"]["C4"]
    assert (again.comment.text, color(again)) == ("待核", NONE)


def test_marks_and_list_of_an_earlier_copy_are_replaced(data):
    once, _ = marked_copy(data, "名册.xlsx", [LENGTH, NAME], FIRST)
    twice = marked(once, EMPTY)

    assert twice.sheetnames == ["问题清单", "名册", "汇总"]
    assert {cell.coordinate for row in twice["名册"] for cell in row if color(cell) != NONE} == {"C5"}
    assert [line[:3] for line in listed(twice)] == [["名册", 5, "C"]]


def test_an_import_leaves_the_list_out_and_reads_the_rest_as_before(data):
    content, _ = marked_copy(data, "名册.xlsx", [LENGTH, MONTH, PLACE], FIRST)

    before, after = read(data, "名册.xlsx"), read(content, "名册.xlsx")

    assert is_problem_list(after.sheets[0])
    assert after.sheets[1:] == before.sheets


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("名册.xlsx", "名册（已批注）.xlsx"),
        ("名册.2026.xls", "名册.2026（已批注）.xlsx"),
        ("名册（已批注）.xlsx", "名册（已批注）.xlsx"),
        ("D:\\台账\\名册.csv", "名册（已批注）.xlsx"),
        (".xlsx", "名册（已批注）.xlsx"),
    ],
)
def test_the_name_of_the_copy(data, name, expected):
    assert marked_copy(data, name, [LENGTH], FIRST)[1] == expected


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
