"""Headers of two and three rows, and what stands near a header without belonging to it."""

from orgs.workbook import Merge, Row, Sheet, find_header

SYNONYMS = {
    "姓名": "name",
    "身份证号": "id_number",
    "入党时间": "joined",
    "转正时间": "formal_on",
    "联系电话": "phone",
    "所在党支部": "org_name",
    "党支部": "org_name",
    "编号": "org_code",
    "备注": "remark",
    "职务": "party_post",
}
DATA = ["1", "李明", "119901198005060116", "2001-07-01", "2002-07-01", None]


def sheet_of(*rows, merges=()):
    """A sheet of these rows from row 1 on; None is a row without content."""
    width = max(len(row) for row in rows if row)
    filled = [Row(number, [*row, *[None] * (width - len(row))]) for number, row in enumerate(rows, start=1) if row]
    return Sheet("名册", width=width, rows=filled, merges=[Merge(*merge) for merge in merges])


def read(*rows, merges=(), mapping=None):
    return find_header(sheet_of(*rows, merges=merges), SYNONYMS, mapping or {})


def extent(header):
    return header.first, header.last


GROUPED = {"name": 2, "id_number": 3, "joined": 4, "formal_on": 5}


def test_two_rows_are_joined_by_the_merged_range():
    header = read(
        ["党员花名册"],
        ["序号", "姓名", "身份证号", "时间", None, "备注"],
        [None, None, None, "入党", "转正", None],
        DATA,
        merges=[(1, 1, 1, 6), (2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 3, 3), (2, 4, 2, 5), (2, 6, 3, 6)],
    )

    assert extent(header) == (2, 3)
    assert header.columns == {"name": 2, "id_number": 3, "remark": 6}
    assert header.titles == {1: "序号", 2: "姓名", 3: "身份证号", 4: "时间/入党", 5: "时间/转正", 6: "备注"}
    assert header.unknown == (4, 5)


def test_the_same_lower_title_below_two_groups():
    merges = [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 6, 2, 6)]

    header = read(
        ["序号", "姓名", "身份证号", "入党", "转正", "备注"],
        [None, None, None, "时间", "时间", None],
        DATA,
        merges=merges,
    )

    assert (extent(header), header.columns) == ((1, 2), GROUPED | {"remark": 6})
    assert header.title("joined") == "入党/时间"


def test_groups_are_told_without_merged_ranges():
    header = read(
        ["序号", "姓名", "身份证号", "入党", None, "转正", None],
        [None, None, None, "时间", "地点", "时间", "地点"],
        [*DATA[:4], "虚构", "2002-07-01", "虚构"],
    )

    assert (extent(header), header.columns) == ((1, 2), {"name": 2, "id_number": 3, "joined": 4, "formal_on": 6})
    assert [header.titles[column] for column in (4, 5, 6, 7)] == ["入党/时间", "入党/地点", "转正/时间", "转正/地点"]


def test_three_rows():
    header = read(
        ["序号", "党员信息", None, None, None, "联系电话"],
        [None, "姓名", "身份证号", "入党", None, None],
        [None, None, None, "时间", "介绍人", None],
        ["1", "李明", "119901198005060116", "2001-07-01", "赵芳", "15400000001"],
        merges=[(1, 1, 3, 1), (1, 2, 1, 5), (1, 6, 3, 6), (2, 2, 3, 2), (2, 3, 3, 3), (2, 4, 2, 5)],
    )

    assert (extent(header), header.columns) == ((1, 3), {"name": 2, "id_number": 3, "joined": 4, "phone": 6})
    assert header.titles[5] == "党员信息/入党/介绍人"


def test_titles_merged_downward_end_the_header_though_the_lower_titles_are_unknown():
    header = read(
        ["姓名", "身份证号", "家庭情况", None],
        [None, None, "人口", "住房"],
        ["李明", "119901198005060116", "3", "有"],
        merges=[(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4)],
    )

    assert (extent(header), header.unknown) == ((1, 2), (3, 4))


def test_a_title_merged_over_blank_rows_below_it():
    header = read(["姓名", "身份证号"], None, ["李明", "x"], merges=[(1, 1, 2, 1), (1, 2, 2, 2)])

    assert extent(header) == (1, 2)


def test_the_first_row_of_data_is_no_part_of_the_header():
    blank_title = read(["姓名", "所在地", None, "身份证号"], ["李明", "虚构街道", "党支部", None])
    sparse = read(["姓名", "身份证号", "组织"], [None, None, "党支部"], ["李明", "119901198005060116", None])
    committee = read(["党委花名册"], ["姓名", "职务", "单位"], ["李明", "党支部", "备注"], merges=[(1, 1, 1, 3)])

    assert (extent(blank_title), blank_title.columns) == ((1, 1), {"name": 1, "id_number": 4})
    assert (extent(sparse), sparse.columns) == ((1, 1), {"name": 1, "id_number": 2})
    assert (extent(committee), committee.columns) == ((2, 2), {"name": 1, "party_post": 2})


def test_title_rows_and_the_reporting_unit_are_no_part_of_the_header():
    header = read(
        ["中共虚构社区第一支部委员会党员花名册"],
        ["填报单位：虚构街道", None, None, "填表日期：2026年11月"],
        ["姓名", "身份证号", "入党时间", "备注"],
        ["李明", "119901198005060116", "2001-07-01", None],
        merges=[(1, 1, 1, 4), (2, 1, 2, 3)],
    )

    assert (extent(header), header.titles[1]) == ((3, 3), "姓名")


def test_a_name_below_a_group_about_somebody_else_is_not_the_persons():
    header = read(
        ["入党介绍人", None, "基本信息", None],
        ["姓名", "职务", "姓名", "身份证号"],
        ["赵芳", "书记", "李明", "119901198005060116"],
        merges=[(1, 1, 1, 2), (1, 3, 1, 4)],
    )

    assert header.columns == {"name": 3, "id_number": 4}
    assert (header.unknown, header.duplicates) == ((1, 2), ())


def test_notes_below_the_titles_are_read_over():
    header = read(
        ["姓名", "身份证号", "入党", None],
        ["(必填)", "(18位)", "时间", "地点"],
        ["李明", "119901198005060116", "2001-07-01", None],
    )

    assert (extent(header), header.columns) == ((1, 2), {"name": 1, "id_number": 2, "joined": 3})


def test_numbers_before_a_title_and_notes_in_any_brackets_do_not_matter():
    header = read(["1.姓名", "【必填】身份证号", "③入党时间【如2001-07-01】"], DATA[1:4])

    assert header.columns == {"name": 1, "id_number": 2, "joined": 3}


def test_a_column_that_counts_the_rows_is_neither_data_nor_unknown():
    running = read(["编号", "姓名", "身份证号"], ["1", "李明", "x"], ["2", "赵芳", "x"], ["合计", None, "2人"])
    codes = read(["编号", "姓名", "身份证号"], ["YL01", "李明", "x"], ["YL02", "赵芳", "x"])

    assert (running.columns, running.unknown) == ({"name": 2, "id_number": 3}, ())
    assert codes.columns == {"org_code": 1, "name": 2, "id_number": 3}


def test_what_a_clerk_said_by_hand_wins():
    rows = (["姓名", "身份证号", "组织", "电话", "备注"], ["李明", "x", "第一党支部", "15400000001", None])

    header = read(*rows, mapping={"组织": "org_name", "备注": "", "电话": "phone"})

    assert header.columns == {"name": 1, "id_number": 2, "org_name": 3, "phone": 4}
    assert header.unknown == (5,)
    assert read(*rows, mapping={"组织": "name"}).columns == {"name": 3, "id_number": 2, "remark": 5}


def test_a_column_without_title_is_named_by_its_place():
    header = read(["姓名", None, "备注"], ["李明", "x", None], mapping={"第2列": "id_number"})

    assert (header.columns, header.title("id_number")) == ({"name": 1, "id_number": 2, "remark": 3}, "第2列")
