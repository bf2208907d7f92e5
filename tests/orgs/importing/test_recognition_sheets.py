"""The sheets of a file: which hold rows, of which organization, and which columns somebody has to explain."""

import datetime

import pytest

from elections import imports
from elections.imports import CommitteeRoster, MemberRoster, OrganizationRoster
from orgs.enums import BatchState
from orgs.importing import layouts
from orgs.importing.recognition import RosterRejected, recognize
from orgs.importing.rows import UnsureColumn
from tests import factories, workbooks

ROSTERS = (OrganizationRoster, MemberRoster, CommitteeRoster)
ON = datetime.date(2026, 11, 21)
ONE, TWO = "虚构社区第一党支部", "虚构社区第二党支部"
LI, ZHAO, SUN = (workbooks.id_number(birth="19800506", order=order) for order in ("011", "022", "033"))
PEOPLE = ["序号", "姓名", "身份证号"]


def read(*sheets, kind="", mapping=None, hidden=()):
    return recognize(workbooks.xlsx(*sheets, hidden=hidden), "花名册.xlsx", ROSTERS, kind, mapping)


def named(found):
    return [(row.sheet.title, row.values.get("org_name")) for row in found.rows if not row.skipped]


def told(found):
    return [(each.code, each.severity, each.message) for each in found.issues]


def sheet(title, *above, name="李明", identity=LI):
    return title, [*above, PEOPLE, [1, name, identity]]


@pytest.mark.parametrize(
    ("above", "place"),
    [
        ("中共虚构社区第一支部委员会党员花名册", "中共虚构社区第一支部委员会"),
        ("2026年虚构社区第一党支部党员基本信息登记表（11月）", ONE),
        ("党支部名称： 虚构社区第一党支部    填表日期：2026年11月", ONE),
        ("填报单位（盖章）：虚构社区第一党支部", ONE),
        ("虚构街道党工委虚构社区第一党支部党员名册", "虚构街道党工委虚构社区第一党支部"),
        ("填报单位：虚构街道党工委", None),
        ("虚构社区党总支部委员会党员花名册", None),
        ("虚构社区各党支部党员花名册", None),
        ("党支部党员花名册", None),
        ("党员花名册", None),
    ],
)
def test_the_branch_is_taken_from_the_rows_above_the_header(above, place):
    assert named(read(sheet("Sheet1", [above]))) == [("Sheet1", place)]


def test_a_label_with_its_value_in_the_next_cell():
    assert named(read(sheet("Sheet1", ["党员花名册"], ["所在党支部：", None, ONE]))) == [("Sheet1", ONE)]


def test_a_column_of_organizations_wins_over_the_title():
    found = read(("Sheet1", [[f"{TWO}党员花名册"], ["所在党支部", "姓名", "身份证号"], [ONE, "李明", LI]]))

    assert (named(found), told(found)) == ([("Sheet1", ONE)], [])


def test_a_column_of_organizations_that_was_left_blank_says_nothing():
    header = ["所在党支部", "姓名", "身份证号"]

    blank = read(("Sheet1", [[f"{ONE}党员花名册"], header, [None, "李明", LI], [None, "赵芳", ZHAO]]))
    partly = read(("Sheet1", [[f"{ONE}党员花名册"], header, [TWO, "李明", LI], [None, "赵芳", ZHAO]]))

    assert named(blank) == [("Sheet1", ONE), ("Sheet1", ONE)]
    assert named(partly) == [("Sheet1", TWO), ("Sheet1", None)]


def test_one_sheet_for_each_branch():
    found = read(
        sheet("一支部", [f"{ONE}党员花名册"]),
        sheet("第三党支部", [f"{TWO}党员花名册"], name="赵芳", identity=ZHAO),
        sheet("虚构社区第五党支部", name="孙伟", identity=SUN),
    )

    assert named(found) == [("一支部", ONE), ("第三党支部", TWO), ("虚构社区第五党支部", "虚构社区第五党支部")]
    assert told(found) == [
        ("ORG_FUZZY", "info", f"工作表「一支部」各行没有写明党组织，已按表内标题归入「{ONE}」，请核对。"),
        ("ORG_FUZZY", "info", f"工作表「第三党支部」各行没有写明党组织，已按表内标题归入「{TWO}」，请核对。"),
        (
            "SHEET_TITLE_MISMATCH",
            "warning",
            f"工作表名「第三党支部」与表内标题「{TWO}」不一致，已按表内标题处理，请核对。",
        ),
        (
            "ORG_FUZZY",
            "warning",
            "工作表「虚构社区第五党支部」各行和表内标题都没有写明党组织，已按工作表名归入「虚构社区第五党支部」，"
            "请核对。",
        ),
    ]


def test_a_row_that_only_names_a_branch_says_whose_the_rows_below_are():
    found = read(
        (
            "Sheet1",
            [
                ["虚构社区党员花名册"],
                PEOPLE,
                [f"一、{ONE}（1人）"],
                [1, "李明", LI],
                [f"{TWO}党员名册"],
                PEOPLE,
                [1, "赵芳", ZHAO],
                ["其他说明文字"],
                [2, "孙伟", SUN],
            ],
        )
    )

    assert named(found) == [("Sheet1", ONE), ("Sheet1", TWO), ("Sheet1", TWO)]
    assert [(row.number, row.skipped) for row in found.rows if row.skipped] == [
        (3, "党组织小标题"),
        (5, "党组织小标题"),
        (6, "重复的表头"),
        (8, "有内容的列不足两项，不是名册数据"),
    ]
    assert [each.message for each in found.rows[0].issues] == [f"以下各行已归入「{ONE}」，请核对。"]


def test_a_column_that_repeats_another_is_told():
    found = read(("名册", [["所在党支部", "姓名", "身份证号", "公民身份号码"], [ONE, "李明", LI, ZHAO]]))

    assert [(each.column, each.code, each.message) for each in found.issues] == [
        (
            4,
            "SHEET_SKIPPED",
            "工作表「名册」第4列「公民身份号码」与前面的列重复，没有导入；前面的列不对的，请删去它。",
        )
    ]


def test_the_number_of_a_branch_alone_names_none():
    assert named(read(sheet("第一党支部"))) == [("第一党支部", None)]


def test_sheets_with_different_headers_are_read_each_by_its_own():
    found = read(
        ("正式", [["所在党支部", "姓名", "身份证号"], [ONE, "李明", LI]]),
        ("预备", [["党员名册"], ["公民身份号码", "党员姓名", "党支部"], [ZHAO, "赵芳", TWO]]),
    )

    assert [(row.values["org_name"], row.values["name"], row.values["id_number"]) for row in found.rows] == [
        (ONE, "李明", LI),
        (TWO, "赵芳", ZHAO),
    ]


def test_every_sheet_is_listed_with_the_reason_why_it_is_left_out():
    people = [["所在党支部", "姓名", "身份证号"], [ONE, "李明", LI], [TWO, "赵芳", ZHAO]]
    found = read(
        ("汇总", people),
        ("统计表", [["党组织名称", "正式党员数", "组织类别"], [ONE, 1, "党支部"]]),
        ("一支部", people[:2]),
        ("二支部", [people[0], people[2]]),
        ("党组织", [["党组织名称", "上级党组织", "组织类别"], [ONE, "虚构街道党工委", "党支部"]]),
        ("下拉选项", [["男", "女"], ["汉族", "满族"]]),
        ("填写须知", [["姓名", "身份证号"], ["与身份证一致", "18位"]]),
        ("Sheet3", []),
        ("旧", people),
        hidden=["旧"],
    )

    assert [(part.title, part.skipped) for part in found.sheets] == [
        ("汇总", "汇总表，其中各行都在其他工作表中"),
        ("统计表", "汇总或统计表，不是名册"),
        ("一支部", ""),
        ("二支部", ""),
        ("党组织", "像是「党组织台账」，不是「党员花名册」"),
        ("下拉选项", "选项字典，不是名册"),
        ("填写须知", "填表说明或示例，不是名册"),
        ("Sheet3", "工作表是空的"),
        ("旧", "工作表是隐藏的"),
    ]
    assert [each.sheet for each in found.issues] == ["汇总", "统计表", "党组织", "下拉选项", "填写须知", "旧"]


def test_a_sheet_that_is_only_called_a_summary_is_read():
    found = read(("党员信息汇总表", [["所在党支部", "姓名", "身份证号"], [ONE, "李明", LI]]))

    assert [part.skipped for part in found.sheets] == [""]


def test_columns_that_may_be_known_ones_are_told_and_not_stored():
    titles = ["所在党支部", "姓名", "身份证号", "联糸电话", "本人性别", "入党", "血型", "配偶姓名", None, "家庭号码"]
    row = [ONE, "李明", LI, "15400000001", "男", "2001-07-01", "O", "赵芳", "汉族", "15400000002"]
    found = recognize(workbooks.xlsx(("花名册", [titles, row])), "a.xlsx", ROSTERS, "members")

    assert found.unsure == [
        UnsureColumn("花名册", 4, "联糸电话", ("15400000001",), "phone"),
        UnsureColumn("花名册", 5, "本人性别", ("男",), "sex"),
        UnsureColumn("花名册", 6, "入党", ("2001-07-01",), "joined"),
    ]
    assert found.rows[0].values.keys() == {"org_name", "name", "id_number"}


def test_what_the_clerk_said_wins_and_is_not_asked_again():
    rows = [["所在党支部", "姓名", "身份证号", "联糸电话", "本人性别"], [ONE, "李明", LI, "15400000001", "男"]]

    found = read(
        ("花名册", rows), mapping={"联糸电话": "phone", "本人性别": "", "姓名": "name", "身份证号": "id_number"}
    )

    assert found.unsure == []
    assert found.rows[0].values["phone"] == "15400000001"
    assert "sex" not in found.rows[0].values
    assert found.mapping["本人性别"] == ""


def test_a_file_that_lacks_a_needed_column_says_which_it_may_be():
    rows = [["所在党支部", "姓名", "身份正呈码", "名族"], [ONE, "李明", LI, "汉族"]]

    for kind in ("members", ""):
        with pytest.raises(RosterRejected) as refused:
            recognize(workbooks.xlsx(("花名册", rows)), "a.xlsx", ROSTERS, kind)
        assert (refused.value.code, refused.value.message) == (
            "SHEET_UNRECOGNISED",
            "工作表「花名册」的表头中缺少必需的列：公民身份号码。表中「身份正呈码」可能是「公民身份号码」，"
            "请指明各列对应的项目，或者改正列名后重新上传。",
        )
        assert refused.value.unsure == (UnsureColumn("花名册", 3, "身份正呈码", (LI,), "id_number"),)
        assert refused.value.kind == "members"


def test_a_committee_with_an_unsure_number_is_not_taken_for_a_roster_of_members():
    rows = [["党组织名称", "姓名", "职务", "性别", "证件"], [ONE, "李明", "书记", "男", LI]]

    found = read(("班子", rows))

    assert isinstance(found.roster, CommitteeRoster)
    assert [(each.title, each.guess) for each in found.unsure] == [("证件", "id_number")]


def test_a_table_without_any_known_title_can_be_explained():
    rows = [["花名册"], ["谁", "证", "哪里"], ["李明", LI, ONE], ["赵芳", ZHAO, ONE]]

    with pytest.raises(RosterRejected) as refused:
        recognize(workbooks.xlsx(("花名册", rows)), "a.xlsx", ROSTERS, "members")
    found = read(("花名册", rows), kind="members", mapping={"谁": "name", "证": "id_number", "哪里": "org_name"})

    assert [(each.title, each.guess) for each in refused.value.unsure] == [
        ("谁", "name"),
        ("证", "id_number"),
        ("哪里", "org_name"),
    ]
    assert [row.values["name"] for row in found.rows] == ["李明", "赵芳"]
    assert found.layout == refused.value.layout


def test_what_was_said_wrongly_can_be_said_otherwise():
    rows = [["所在党支部", "姓名", "身份证号"], [ONE, "李明", LI]]
    wrong = {"姓名": "", "身份证号": "remark"}

    with pytest.raises(RosterRejected) as refused:
        read(("花名册", rows), kind="members", mapping=wrong)

    assert (refused.value.kind, refused.value.mapping) == ("members", wrong)
    assert refused.value.layout == read(("花名册", rows)).layout


def test_a_layout_is_its_titles_whatever_stands_below_or_above_them():
    header = ["所在党支部", "姓名", "身份证号", "血型"]
    found = read(("花名册", [["2026年"], header, [ONE, "李明", LI, "O"]]))
    again = read(("名册二", [header, [TWO, "赵芳", ZHAO, "A"]]), mapping={"血型": "remark"})
    other = read(("花名册", [[*header, "备注"], [ONE, "李明", LI, "O", None]]))

    assert found.layout == again.layout
    assert found.layout != other.layout
    assert len(found.layout) == 64


def test_a_field_that_the_roster_does_not_have_is_not_taken_from_a_mapping():
    found = read(("花名册", [["姓名", "身份证号", "血型"], ["李明", LI, "O"]]), mapping={"血型": "blood"})

    assert found.rows[0].values == {"name": "李明", "id_number": LI}


@pytest.mark.django_db
def test_what_was_said_once_is_used_for_the_next_file_of_the_same_form():
    root = factories.RootFactory()
    factories.OrganizationFactory(parent=root, name=ONE)
    clerk = factories.user_at(root)
    rows = [["所在党支部", "姓名", "身份正呈码"], [ONE, "李明", LI]]
    send = {"data": workbooks.xlsx(("花名册", rows)), "file_name": "a.xlsx", "kind": "members", "on": ON}

    refused = imports.upload(**send, organization=root, by=clerk)
    head = imports.preview(refused).head
    layouts.remember(
        organization=root, kind=refused.kind, layout=head.layout, mapping={"身份正呈码": "id_number"}, by=clerk
    )
    taken = imports.upload(**send, organization=root, by=clerk)

    assert (refused.state, [each.guess for each in head.unsure]) == (BatchState.REJECTED, ["id_number"])
    assert refused.file_sealed is not None
    assert (taken.state, taken.counts["good"]) == (BatchState.CHECKED, 1)
