"""A row that only names a branch says whose the rows below it are, wherever their own column is silent."""

from tests import workbooks
from tests.orgs.importing.recognizing import read, skipped, told

ONE, TWO = "虚构社区第一党支部", "虚构社区第二党支部"
LI, ZHAO, SUN, WU = (workbooks.id_number(order=order) for order in ("011", "022", "033", "044"))
HEADING = "党组织小标题"
WITH_COLUMN = ["所在党支部", "姓名", "身份证号"]
WITHOUT = ["序号", "姓名", "身份证号", "联系电话"]


def places(rows):
    """{number: the branch of a row of data, as the row or what stands above it says}."""
    return {row.number: row.get("org_name") or row.shown("org_name") for row in rows if not row.skipped}


def said(number, name):
    return (number, None, "ORG_FUZZY", "info", f"以下各行已归入「{name}」，请核对。")


def test_a_heading_may_stand_in_the_column_of_the_branch_itself():
    rows = read(
        WITH_COLUMN, [ONE], [None, "李明", LI], [None, "赵芳", ZHAO], [TWO], [None, "孙伟", SUN], kind="members"
    )

    assert skipped(rows) == {2: HEADING, 5: HEADING}
    assert places(rows) == {3: ONE, 4: ONE, 6: TWO}
    assert told(rows) == [said(2, ONE), said(5, TWO)]


def test_one_row_with_something_in_the_column_does_not_silence_the_headings_of_the_others():
    rows = read(
        WITH_COLUMN,
        [None, ONE],
        [None, "李明", LI],
        ["见备注", "赵芳", "无"],
        [None, TWO],
        [None, "孙伟", SUN],
        kind="members",
    )

    assert skipped(rows) == {2: HEADING, 5: HEADING}
    assert places(rows) == {3: ONE, 4: "见备注", 6: TWO}


def test_a_row_that_names_its_own_branch_keeps_it_and_ends_what_the_heading_said():
    rows = read(WITH_COLUMN, [None, ONE], [None, "李明", LI], [TWO, "赵芳", ZHAO], [None, "孙伟", SUN], kind="members")

    assert places(rows) == {3: ONE, 4: TWO, 5: ""}


def test_a_branch_alone_above_rows_that_name_theirs_says_nothing():
    rows = read(WITH_COLUMN, [ONE, "李明", LI], [TWO], [TWO, "赵芳", ZHAO], kind="members")

    assert skipped(rows) == {3: "有内容的列不足两项，不是名册数据"}
    assert places(rows) == {2: ONE, 4: TWO}
    assert told(rows) == []


def test_a_heading_may_be_numbered_and_counted_in_cells_beside_it():
    rows = read(
        WITHOUT,
        ["一", ONE],
        [1, "李明", LI],
        [TWO, None, None, "共 1 人"],
        [1, "孙伟", "1199"],
        [3, "不是党组织名称"],
        kind="members",
    )

    assert skipped(rows) == {2: HEADING, 4: HEADING, 6: "有内容的列不足两项，不是名册数据"}
    assert places(rows) == {3: ONE, 5: TWO}
