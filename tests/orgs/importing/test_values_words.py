"""Words out of closed lists."""

import pytest

from members.imports import MemberRoster
from orgs.enums import Form, Kind, MemberKind, Sex, UnitType
from orgs.importing.cleaned import Cleaned, Problem
from orgs.importing.codes import Code
from orgs.importing.words import (
    EDUCATION,
    ETHNICITY,
    FORM,
    MEMBER_KIND,
    ORGANIZATION_KIND,
    SEX,
    UNIT_TYPE,
    YES_NO,
    KindAndForm,
    clean_member_kind,
    clean_word,
)
from orgs.workbook import CellError

TABLES = {
    "sex": (
        SEX,
        {
            "男": Sex.MALE,
            " 女 ": Sex.FEMALE,
            "男性": Sex.MALE,
            "女性": Sex.FEMALE,
            "1": Sex.MALE,
            "2": Sex.FEMALE,
            "0": Sex.FEMALE,
            1: Sex.MALE,
            2: Sex.FEMALE,
            "1-男": Sex.MALE,
            "2女性": Sex.FEMALE,
            "男（M）": Sex.MALE,
        },
    ),
    "yes or no": (
        YES_NO,
        {
            "是": True,
            "否": False,
            "√": True,
            "×": False,
            "Y": True,
            "n": False,
            "有": True,
            "无": False,
            True: True,
            "Ｙ": True,
            "x": False,
            "☑": True,
            "没有": False,
            "不是": False,
            "是（外省）": True,
            0: False,
        },
    ),
    "member kind": (
        MEMBER_KIND,
        {
            "正式党员": MemberKind.FULL,
            "正式": MemberKind.FULL,
            "正": MemberKind.FULL,
            "中共党员": MemberKind.FULL,
            "预备": MemberKind.PROBATIONARY,
            "中共预备党员": MemberKind.PROBATIONARY,
            "中共党员（预备）": MemberKind.PROBATIONARY,
            "中共党员（正式党员）": MemberKind.FULL,
            "正式党员（流动）": MemberKind.FULL,
            "1-正式党员": MemberKind.FULL,
        },
    ),
    "education": (
        EDUCATION,
        {
            "研究生": "研究生",
            "硕士": "研究生",
            "博士": "研究生",
            "大本": "大学本科",
            "大学": "大学本科",
            "大专": "大学专科",
            "中师": "中专",
            "职高": "高中",
            "初中及以下": "初中",
            "初中（及以下）": "初中",
            "小学": "小学",
            "研究生/硕士": "研究生",
            "本科（学士）": "大学本科",
            "省委党校研究生": "研究生",
            "在职大学": "大学本科",
            "函授本科": "大学本科",
            "大学文化程度": "大学本科",
            "成人大专毕业": "大学专科",
            "高职高专": "大学专科",
            "中等职业教育": "中专",
            "普通高级中学教育": "高中",
            "初级中学教育": "初中",
            "高小": "小学",
            "20-大学本科": "大学本科",
        },
    ),
    "ethnicity": (
        ETHNICITY,
        {
            "汉": "汉族",
            "汉族": "汉族",
            "汉 族": "汉族",
            "汉民": "汉族",
            "蒙古": "蒙古族",
            "柯尔克孜": "柯尔克孜族",
            "乌孜别克族": "乌孜别克族",
            "01": "汉族",
            1: "汉族",
            56: "基诺族",
            "其它": "其他",
            "穿青人": "穿青人",
        },
    ),
    "organization kind": (
        ORGANIZATION_KIND,
        {
            "党支部": KindAndForm(Kind.BRANCH),
            "支 部": KindAndForm(Kind.BRANCH),
            "联合党支部": KindAndForm(Kind.BRANCH, Form.JOINT),
            "流动党员党支部": KindAndForm(Kind.BRANCH, Form.MOBILE),
            "党总支": KindAndForm(Kind.GENERAL_BRANCH),
            "总支部": KindAndForm(Kind.GENERAL_BRANCH),
            "基层党委": KindAndForm(Kind.COMMITTEE),
            "街道党工委": KindAndForm(Kind.WORKING_COMMITTEE),
            "区委": KindAndForm(Kind.LOCAL_COMMITTEE),
        },
    ),
    "form": (
        FORM,
        {"普通": Form.ORDINARY, "联合党支部": Form.JOINT, "临时": Form.TEMPORARY, "功能型": Form.FUNCTIONAL},
    ),
    "unit type": (
        UNIT_TYPE,
        {
            "行政村": UnitType.VILLAGE,
            "社区（居委会）": UnitType.COMMUNITY,
            "国企": UnitType.STATE_OWNED,
            "非公有制企业": UnitType.PRIVATE,
            "事业": UnitType.INSTITUTION,
            "街道": UnitType.SUBDISTRICT_OFFICE,
        },
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_words_of_rosters(name):
    words, expected = TABLES[name]

    assert {raw: clean_word(raw, words).value for raw in expected} == expected


@pytest.mark.parametrize("name", TABLES)
def test_every_word_that_a_template_offers_is_understood(name):
    words = TABLES[name][0]

    assert [clean_word(choice, words).problems for choice in words.choices] == [()] * len(words.choices)


def test_an_unknown_word_names_what_may_be_filled_in():
    assert clean_word("男女", SEX) == Cleaned(None, (Problem(Code.ENUM_UNKNOWN, {"choices": "男、女"}),))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("男（女）", SEX),
        ("男/女", SEX),
        ("1-女", SEX),
        ("是/否", YES_NO),
        ("正式党员（预备党员）", MEMBER_KIND),
        ("正式党员、预备党员", MEMBER_KIND),
        ("本科/大专", EDUCATION),
        ("本科在读", EDUCATION),
        ("大专以上", EDUCATION),
        ("函授大学", EDUCATION),
        ("电大", EDUCATION),
        ("汗族", ETHNICITY),
        ("维族", ETHNICITY),
        ("少数民族", ETHNICITY),
        (57, ETHNICITY),
    ],
)
def test_doubt_is_no_value(raw, words):
    assert clean_word(raw, words) == Cleaned(None, (Problem(Code.ENUM_UNKNOWN, {"choices": words.offer}),))


def test_a_long_list_is_not_read_out():
    assert (len(ETHNICITY.choices), ETHNICITY.offer) == (63, "民族全称，如「汉族」「蒙古族」")


@pytest.mark.parametrize("raw", ["群众", "共青团员", "入党积极分子", "发展对象", "非党员", "民盟盟员"])
def test_whoever_is_no_member_stands_in_no_roster_of_members(raw):
    sentence = f"「{raw}」不是党员，党员花名册只登记正式党员和预备党员。请删去这一行，或改正人员类别。"

    assert clean_member_kind(raw) == Cleaned(None, (Problem(Code.KIND_INCONSISTENT, {"message": sentence}),))


def test_kinds_of_members():
    assert clean_member_kind("中共预备党员") == Cleaned(MemberKind.PROBATIONARY)
    assert clean_member_kind("正常") == clean_member_kind(None) == Cleaned(None)
    unknown = (Problem(Code.ENUM_UNKNOWN, {"choices": "正式党员、预备党员"}),)
    assert clean_member_kind("停止党籍") == clean_member_kind(1) == Cleaned(None, unknown)


def test_the_code_is_the_callers():
    choices = "地方党委、党工委、党委、党总支、党支部、联合党支部、临时党支部、流动党支部、功能型党支部"

    assert clean_word("领导小组", ORGANIZATION_KIND, Code.ORG_KIND_UNKNOWN) == Cleaned(
        None, (Problem(Code.ORG_KIND_UNKNOWN, {"choices": choices}),)
    )


def test_blank_and_broken_cells():
    assert [clean_word(cell, SEX) for cell in (None, "", "—", "无")] == [Cleaned(None)] * 4
    assert clean_word(CellError("#N/A"), SEX) == Cleaned(None, (Problem(Code.CELL_ERROR),))


def test_one_and_true_are_not_mixed_up():
    assert clean_word(1, SEX) == Cleaned(Sex.MALE)
    assert clean_word(1.0, SEX) == Cleaned(Sex.MALE)
    assert clean_word(True, SEX).value is None
    assert [clean_word(cell, YES_NO).value for cell in (1, True, 0, False)] == [True, True, False, False]


def test_a_kind_is_written_as_its_word():
    assert [str(KindAndForm(Kind.BRANCH, Form.JOINT)), str(KindAndForm(Kind.COMMITTEE))] == ["党支部", "党委"]


def test_rosters_share_the_lists_of_their_columns():
    made = MemberRoster()

    assert made.fields["education"].widget.clean_cell.keywords["words"] is EDUCATION
    assert made.fields["education"] is not MemberRoster.fields["education"]
