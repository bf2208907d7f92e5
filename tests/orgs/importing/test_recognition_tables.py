"""A second table in the same sheet is read by its own header where it is one of the roster."""

from orgs.importing.recognition import Cleaner
from orgs.importing.recognition.rows import rows_of
from tests import workbooks
from tests.orgs.importing.recognizing import found, read, skipped, told

ONE, TWO = "虚构社区第一党支部", "虚构社区第二党支部"
LI, ZHAO, SUN, WU = (workbooks.id_number(order=order) for order in ("011", "022", "033", "044"))
FIRST = ["序号", "所在党支部", "姓名", "身份证号"]
SECOND = ["姓名", "身份证号", "民族", "爱好"]
READ_ANEW = "另一张表的表头，以下各行按这一行的列读取"


def records(rows):
    """What each row of data says, by field."""
    return {
        row.number: {name: row.shown(name) for name in row.sheet.header.columns} | {"named": row.get("org_name")}
        for row in rows
        if not row.skipped
    }


def test_the_second_table_has_its_own_columns_and_the_branch_of_its_title():
    rows = read(
        FIRST,
        [1, ONE, "李明", LI],
        None,
        [f"{TWO}党员花名册"],
        SECOND,
        ["赵芳", ZHAO, "满族", "书法"],
        ["孙伟", SUN, "汉族"],
    )

    assert skipped(rows) == {4: "有内容的列不足两项，不是名册数据", 5: f"{READ_ANEW}，其中「爱好」列没有导入"}
    assert told(rows) == [(5, None, "ORG_FUZZY", "info", f"以下各行已归入「{TWO}」，请核对。")]
    assert records(rows) == {
        2: {"org_name": ONE, "name": "李明", "id_number": LI, "named": None},
        6: {"name": "赵芳", "id_number": ZHAO, "ethnicity": "满族", "named": TWO},
        7: {"name": "孙伟", "id_number": SUN, "ethnicity": "汉族", "named": TWO},
    }


def test_its_header_may_have_two_rows_and_a_third_table_may_follow():
    rows = read(
        FIRST,
        [1, ONE, "李明", LI],
        ["姓名", "身份证号", "性别", "入党", None],
        [None, None, None, "时间", "地点"],
        ["赵芳", ZHAO, "女", "2001-07-01", "虚构市"],
        ["身份证号", "姓名", "所在党支部"],
        [SUN, "孙伟", TWO],
        merges=[(3, 1, 4, 1), (3, 2, 4, 2), (3, 3, 4, 3), (3, 4, 3, 5)],
    )

    assert skipped(rows) == {3: f"{READ_ANEW}，其中「入党/地点」列没有导入", 4: "另一张表的表头", 6: READ_ANEW}
    assert [record["name"] for record in records(rows).values()] == ["李明", "赵芳", "孙伟"]
    assert records(rows)[5]["joined"] == "2001-07-01"
    assert records(rows)[7]["org_name"] == TWO


def test_a_finding_names_the_cell_of_the_second_table_and_repeats_no_number_of_it():
    each, roster = found(FIRST, [1, ONE, "李明", LI], SECOND, ["赵芳", "11990119900101", "满族"])
    rows = list(rows_of(each.sheet, each.part, roster, each.named))
    Cleaner(roster).clean(rows)

    assert [(one.row, one.column, one.header, one.value, one.code) for row in rows for one in row.issues] == [
        (4, 2, "身份证号", "", "ID_LENGTH")
    ]


def test_a_table_of_another_kind_is_skipped_with_what_to_do():
    rows = read(
        FIRST,
        [1, ONE, "李明", LI],
        [None, "党组织名称", "书记", "换届日期", "届满日期"],
        [None, ONE, "李明", "2023-06-15", "2026-06-15"],
        kind="members",
    )

    assert skipped(rows) == {
        3: "另一张表的表头",
        4: "在另一张表中（第3行起换了表头），如需导入请放到另一张工作表",
    }
    sentence = "从这一行起换了表头，以下各行没有导入，请放到另一张工作表后重新上传。"
    assert told(rows) == [(3, None, "SHEET_SKIPPED", "warning", sentence)]
