"""The rows below a header: data, or skipped with the reason; merged cells and 同上 filled where they may be."""

import io

import openpyxl

from elections.imports import MemberRoster
from orgs.importing.recognition import Cleaner, lay_out, rows_of
from orgs.workbook import read as read_file
from orgs.workbook import stream
from tests import workbooks
from tests.orgs.importing.recognizing import ROSTERS, read, skipped, told

HEADER = ["序号", "所在党支部", "姓名", "身份证号", "民族"]
ONE, TWO = "虚构社区第一党支部", "虚构社区第二党支部"
LI, ZHAO, SUN, WU = (workbooks.id_number(order=order) for order in ("011", "022", "033", "044"))
READ_ANEW = "另一张表的表头，以下各行按这一行的列读取"
ELSEWHERE = "在另一张表中（第{}行起换了表头），如需导入请放到另一张工作表"


def person(number, place, name, identity, ethnicity="汉族"):
    return [number, place, name, identity, ethnicity]


def places(rows):
    return [row.cells[1] for row in rows if not row.skipped]


def test_a_merged_name_is_filled_down_inside_the_merge_only():
    rows = read(
        HEADER,
        person(1, ONE, "李明", LI),
        person(2, None, "赵芳", ZHAO),
        person(3, None, "孙伟", SUN),
        merges=[(2, 2, 3, 2)],
    )

    assert places(rows) == [ONE, ONE, None]
    assert told(rows) == [(3, 2, "MERGED_FILL", "info", f"「所在党支部」按合并单元格填为「{ONE}」。")]


def test_cells_merged_across_do_not_give_their_content_to_other_columns():
    rows = read(HEADER, person(1, ONE, "李明", LI, None), merges=[(2, 4, 2, 5)])

    assert rows[0].cells == person(1, ONE, "李明", LI, None)
    assert told(rows) == []


def test_a_merged_number_is_filled_without_being_repeated():
    rows = read(HEADER, person(1, ONE, "李明", LI), person(2, ONE, "赵芳", None), merges=[(2, 4, 3, 4)])

    assert told(rows) == [(3, 4, "MERGED_FILL", "info", "「身份证号」已按合并单元格填写。")]


def test_ditto_copies_from_the_row_above_chains_too():
    rows = read(HEADER, person(1, ONE, "李明", LI), person(2, "同上", "赵芳", ZHAO), person(3, "〃", "孙伟", SUN, "″"))

    assert places(rows) == [ONE, ONE, ONE]
    assert rows[2].cells[4] == "汉族"
    assert told(rows) == [
        (3, 2, "DITTO", "info", f"「所在党支部」写作「同上」，已按上一行填为「{ONE}」。"),
        (4, 2, "DITTO", "info", f"「所在党支部」写作「〃」，已按上一行填为「{ONE}」。"),
        (4, 5, "DITTO", "info", "「民族」写作「″」，已按上一行填为「汉族」。"),
    ]


def test_ditto_with_nothing_above_is_an_error():
    sentence = "「所在党支部」写作「同上」，但上面没有同一组的行可以照抄，请填写完整。"

    first = read(HEADER, person(1, "同上", "李明", LI))
    below_header = read(HEADER, person(1, ONE, "李明", LI), HEADER, person(2, "同上", "赵芳", ZHAO))
    below_sum = read(HEADER, person(1, ONE, "李明", LI), ["小计", None, "1人"], person(2, "同上", "赵芳", ZHAO))

    assert told(first) == [(2, 2, "DITTO", "error", sentence)]
    assert told(below_header) == [(4, 2, "DITTO", "error", sentence)]
    assert told(below_sum) == [(4, 2, "DITTO", "error", sentence)]
    assert places(first) == [None]


def test_of_a_cell_that_copies_nothing_only_that_is_told():
    rows = read(HEADER, person(1, ONE, "同上", "同上"))
    Cleaner(MemberRoster()).clean(rows)

    assert [(column, code) for _, column, code, _, _ in told(rows)] == [(3, "DITTO"), (4, "DITTO")]


def test_ditto_does_not_reach_over_to_another_merged_group():
    rows = read(
        HEADER,
        person(1, ONE, "李明", LI),
        person(2, None, "赵芳", ZHAO, "同上"),
        person(3, TWO, "孙伟", SUN, "同上"),
        person(4, None, "吴静", WU),
        merges=[(2, 2, 3, 2), (4, 2, 5, 2)],
    )

    assert [(row.number, row.cells[1], row.cells[4]) for row in rows] == [
        (2, ONE, "汉族"),
        (3, ONE, "汉族"),
        (4, TWO, None),
        (5, TWO, "汉族"),
    ]


def test_notes_and_signatures_inside_and_below_the_data_are_skipped():
    rows = read(
        HEADER,
        ["导入前请删除本行", None, None, "身份证号为18位", "必须"],
        ["必填", "必填", "必填", "18位", "选填"],
        person(1, ONE, "李明", LI),
        ["以下为预备党员，资料正在核对，请各支部于月底前补齐"],
        person(2, ONE, "赵芳", ZHAO),
        ["注：本表一式两份"],
        ["填表人：孙伟", None, "审核人：吴静", "2026年11月", None],
        ["填表说明", "1.姓名与身份证一致", "2.身份证号为文本", None, None],
        merges=[(5, 1, 5, 5)],
    )

    assert skipped(rows) == {
        2: "说明、备注或签字行",
        3: "填写要求行",
        5: "横向合并的说明行",
        7: "说明、备注或签字行",
        8: "说明、备注或签字行",
        9: "说明、备注或签字行",
    }


def test_a_block_of_notes_beside_nothing_else_is_skipped_and_a_wide_block_beside_data_is_not():
    rows = read(
        HEADER,
        [1, "虚构社区联合党支部（含三个单位）", None, None, None],
        person(1, ONE, "李明", LI),
        merges=[(2, 2, 2, 5)],
    )
    beside = read(
        ["备注", "编号", "所在党支部", "姓名", "身份证号"], ["外出", None, None, "李明", LI], merges=[(2, 1, 2, 3)]
    )

    assert skipped(rows) == {2: "横向合并的说明行"}
    assert skipped(beside) == {}


def test_somebody_of_whom_only_the_name_is_written_in_a_merged_block_is_data():
    rows = read(
        HEADER,
        person(1, ONE, "李明", LI),
        person(2, None, "赵芳", None, None),
        ["说明：赵芳的身份证号正在核对"],
        merges=[(2, 2, 4, 2)],
    )

    assert skipped(rows) == {4: "说明、备注或签字行"}


def test_sums_are_skipped_and_compared():
    rows = read(
        HEADER,
        person(1, ONE, "李明", LI),
        person(2, ONE, "赵芳", ZHAO),
        ["小 计", None, "2人"],
        person(3, TWO, "孙伟", SUN),
        [None, "第二党支部小计", 2],
        ["合计：3人"],
        ["总计", None, "4"],
    )
    above = read(HEADER, ["合计", None, "2人"], person(1, ONE, "李明", LI))

    assert (skipped(above), told(above)) == ({2: "合计行"}, [])
    assert skipped(rows) == dict.fromkeys((4, 6, 7, 8), "合计行")
    assert told(rows) == [
        (
            6,
            None,
            "SHEET_TITLE_MISMATCH",
            "warning",
            "合计行写的是 2，上面的数据是 1 行，请核对是否漏填、多填或误读。",
        ),
        (
            8,
            None,
            "SHEET_TITLE_MISMATCH",
            "warning",
            "合计行写的是 4，上面的数据是 3 行，请核对是否漏填、多填或误读。",
        ),
    ]


def test_sums_of_numbers_are_compared_column_by_column():
    rows = read(
        ["党组织名称", "组织类别", "正式党员数", "预备党员数"],
        [ONE, "党支部", 12, 1],
        [TWO, "党支部", "8人", None],
        ["合计", "2个", 20, 2],
    )

    assert told(rows) == [
        (4, None, "SHEET_TITLE_MISMATCH", "warning", "合计行第4列写的是 2，上面各行相加是 1，请核对。")
    ]


def test_repeated_headers_of_two_rows_are_skipped():
    upper, lower = ["序号", "姓名", "身份证号", "入党", "转正"], [None, None, None, "时间", "时间"]
    merges = [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (4, 1, 5, 1), (4, 2, 5, 2), (4, 3, 5, 3)]

    rows = read(
        upper,
        lower,
        ["1", "李明", LI, "2001-07-01", "2002-07-01"],
        upper,
        lower,
        ["2", "赵芳", ZHAO, "2001-07-01", "2002-07-01"],
        merges=merges,
    )

    assert skipped(rows) == {4: "重复的表头", 5: "重复的表头"}


def test_rows_of_another_table_below_are_not_read_with_the_wrong_columns():
    rows = read(
        HEADER,
        person(1, ONE, "李明", LI),
        ["姓名", "性别", "民族", "出生日期", "身份证号"],
        ["赵芳", "女", "汉族", "1990-01-01", ZHAO],
        HEADER,
        person(2, ONE, "孙伟", SUN),
    )

    assert skipped(rows) == {3: READ_ANEW, 5: READ_ANEW}
    assert told(rows) == []
    assert [(row.number, row.shown("name"), row.shown("id_number"), row.shown("org_name")) for row in rows[::2]] == [
        (2, "李明", LI, ONE),
        (4, "赵芳", ZHAO, ""),
        (6, "孙伟", SUN, ONE),
    ]


def test_a_table_of_something_else_below_is_told_by_its_titles_where_numbers_should_stand():
    rows = read(
        HEADER,
        person(1, ONE, "李明", LI),
        [None, "党组织名称", "书记", "换届日期", "届满日期"],
        [None, ONE, "李明", "2023-06-15", "2026-06-15"],
        kind="members",
    )

    assert skipped(rows) == {3: "另一张表的表头", 4: ELSEWHERE.format(3)}
    assert [(row, code) for row, _, code, _, _ in told(rows)] == [(3, "SHEET_SKIPPED")]


def test_numbers_of_columns_blank_rows_and_gaps_in_the_numbers_do_not_matter():
    rows = read(
        HEADER, ["甲", "乙", "1", "2", "3"], person(1, ONE, "李明", LI), None, person("7", ONE, "赵芳", ZHAO), ["8"]
    )

    assert skipped(rows) == {2: "栏次行", 6: "有内容的列不足两项，不是名册数据"}
    assert [row.number for row in rows] == [2, 3, 5, 6]


def test_a_file_read_piece_by_piece_gives_the_same_rows():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [
        ["党员花名册"],
        HEADER,
        person(1, ONE, "李明", LI),
        person(2, None, "赵芳", ZHAO, "同上"),
        ["小计", None, "2人"],
        person(3, TWO, "孙伟", SUN, None),
        ["填表人：吴静"],
    ]:
        sheet.append(row)
    sheet.merge_cells("A1:E1")
    sheet.merge_cells("B3:B4")
    buffer = io.BytesIO()
    book.save(buffer)

    def rows(workbook):
        found = lay_out(workbook, ROSTERS)
        rows = [row for each in found.data for row in rows_of(each.sheet, each.part, found.roster, each.named)]
        Cleaner(found.roster).clean(rows)
        return found.layout, [(row.number, row.cells, row.values, row.issues, row.skipped) for row in rows]

    whole = rows(read_file(buffer.getvalue(), "a.xlsx"))

    assert rows(stream(buffer.getvalue(), "a.xlsx")) == whole
    assert [row[4] for row in whole[1]] == ["", "", "合计行", "", "说明、备注或签字行"]
