"""The clerk's own file given back: marks at the cells, the list of problems, nothing else changed."""

import io

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from orgs.importing.codes import Code, issue
from orgs.importing.marked import advice, marked_copy
from orgs.workbook import read
from orgs.workbook.example import is_problem_list
from tests import workbooks
from tests.orgs.importing.marking import (
    EMPTY,
    FIRST,
    LENGTH,
    MONTH,
    NAME,
    NONE,
    PLACE,
    RED,
    ROWS,
    SHEET,
    TITLES,
    YELLOW,
    color,
    listed,
    marked,
    sizes,
    values,
)


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


def test_what_is_to_be_mended_stands_before_what_only_tells_how_a_cell_was_read(data):
    info = issue(Code.DITTO, sheet="名册", row=4, column=2, header="姓名", value="同上", words={"filled": "李明"})

    assert [(line[1], line[7]) for line in listed(marked(data, info, EMPTY, MONTH))] == [
        (4, "提醒"),
        (5, "错误"),
        (4, "说明"),
    ]


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
