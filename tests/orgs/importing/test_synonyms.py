"""The titles and words of imports.md §3, written out by hand, and what each kind of roster makes of them."""

import pytest

from elections.imports import CommitteeRoster, FloatingRoster, MemberRoster, OrganizationRoster, TermRoster
from orgs.enums import MemberKind, Sex
from orgs.importing.cleaned import BLANK
from orgs.importing.values import clean_text
from orgs.importing.words import EDUCATION, MEMBER_KIND, SEX, YES_NO
from orgs.workbook.titles import find_field

ORG_CODE = "党组织编码 党组织代码 党组织唯一标识"
ORG_NAME = (
    "党组织名称 党组织全称 组织名称 党支部名称 支部委员会名称 所在党组织 所在党支部 所属党支部 党支部 支部名称 "
    "所在支部 所属支部 单位(党组织)"
)
OWN_NAME = "党组织名称 党组织全称 名称 组织名称 党支部名称 支部委员会名称 班子名称 党支部 支部名称 单位(党组织)"
NAME = "姓名 真实姓名 党员姓名"
ID_NUMBER = "身份证号 身份证号码 身份证 公民身份号码 公民身份证号 公民身份证号码 证件号码 证件号 居民身份证号"
BIRTH = "出生日期 出生年月 出生年月日 生日"
EDUCATIONS = "学历 最高学历 文化程度"
KIND = "人员类别 党籍状态 党员类型 党员类别 预/正 政治面貌"
JOINED = "入党时间 入党日期 加入党组织日期 加入党组织时间 成为预备党员日期 何时入党 加入中共时间"
FORMAL = "转正时间 转正日期 转为正式党员日期 正式转正日期"
TERM_NO = "届次 班子届次 领导班子届数"
ELECTED = (
    "换届日期 换届时间 实际换届时间 当选日期 任命时间 上届换届时间 本届选举日期 选举时间 最近一次换届时间 上次换届时间"
)
YEARS = "任期 本届任期 任职年限 任期(年)"
EXPIRES = "届满日期 本届届满日期 任届期满日期 任期届满时间 应换届时间 规定换届日期 届满时间 到届时间"

TITLES = {
    OrganizationRoster: {
        "org_code": f"{ORG_CODE} 编号",
        "org_name": OWN_NAME,
        "org_short": "党组织简称 简称",
        "parent_name": "上级党组织 上级党组织名称 上一级党组织 批准成立的上级党组织全称 所属分党委 二级党委名称 "
        "二级党组织名称 隶属党组织",
        "parent_code": "上一级党组织唯一标识 上级党组织代码 所属分党委编码",
        "kind": "组织类别 党组织类别 党组织类型 类型 支部类别 党总支类别",
        "unit": "所在单位属性 党组织所在单位情况 所在单位类别 领域",
        "founded": "成立时间 成立日期 批准成立日期 建立时间",
        "term_no": TERM_NO,
        "elected": ELECTED,
        "term_years": YEARS,
        "expires": EXPIRES,
        "phone": "联系电话 联系方式",
        "remark": "备注",
    },
    TermRoster: {
        "org_code": f"{ORG_CODE} 编号 所在党支部编码",
        "org_name": f"{ORG_NAME} 名称 班子名称",
        "term_no": TERM_NO,
        "elected": ELECTED,
        "term_years": YEARS,
        "expires": EXPIRES,
        "planned_on": "计划换届时间 拟完成换届时间 拟完成时间",
        "reason": "未换届原因 延期理由 未按期换届原因",
    },
    MemberRoster: {
        "org_code": f"{ORG_CODE} 所在党支部编码",
        "org_name": f"{ORG_NAME} 名称 班子名称 组织关系所在党支部 现党关系所在党支部 编入党支部",
        "name": NAME,
        "id_number": ID_NUMBER,
        "sex": "性别 姓别",
        "ethnicity": "民族 名族",
        "birth": BIRTH,
        "education": EDUCATIONS,
        "kind": KIND,
        "joined": JOINED,
        "formal_on": FORMAL,
        "party_post": "党内职务 职务 支部职务",
        "joined_branch_on": "组织关系转入时间 组织关系落实时间",
        "work_unit": "工作单位 工作/学习单位 工作单位及职务 所在单位 工作岗位",
        "phone": "联系电话 手机 手机号 手机号码 联系方式",
        "floating": "是否流动党员",
        "floating_to": "外出流向 流出省份",
        "out_on": "流出时间 外出日期",
        "remark": "备注",
    },
    CommitteeRoster: {
        "org_code": f"{ORG_CODE} 所在党支部编码",
        "org_name": f"{ORG_NAME} 名称 班子名称",
        "term_no": TERM_NO,
        "name": NAME,
        "id_number": ID_NUMBER,
        "sex": "性别 姓别",
        "birth": BIRTH,
        "education": EDUCATIONS,
        "joined": JOINED,
        "post": "党内职务 职务 支部职务",
    },
    FloatingRoster: {
        "org_code": f"{ORG_CODE} 所在党支部编码",
        "org_name": f"{ORG_NAME} 编入党支部",
        "name": NAME,
        "id_number": ID_NUMBER,
        "sex": "性别 姓别",
        "ethnicity": "民族 名族",
        "birth": BIRTH,
        "education": EDUCATIONS,
        "kind": KIND,
        "joined": JOINED,
        "formal_on": FORMAL,
        "work_unit": "工作单位 工作/学习单位 工作单位及职务 所在单位 工作岗位",
        "phone": "联系电话 手机 手机号 手机号码",
        "destination": "外出流向",
        "out_on": "流出时间 外出日期",
        "place_of_affiliation": "组织关系所在党支部",
        "remark": "备注",
    },
}


@pytest.mark.parametrize("roster", TITLES, ids=lambda roster: roster.__name__)
def test_every_title_of_the_document_is_known(roster):
    known = roster.synonyms()
    stated = {title: name for name, titles in TITLES[roster].items() for title in titles.split()}

    assert {title: find_field(title, known) for title in stated} == stated
    assert find_field("姓 名", known) == find_field("姓\n名", known) == ("name" if "name" in TITLES[roster] else None)


@pytest.mark.parametrize(
    ("words", "meanings"),
    [
        (YES_NO, {True: "是 √ Y 有", False: "否 × N 无"}),
        (SEX, {Sex.MALE: "男 男性 1", Sex.FEMALE: "女 女性 2 0"}),
        (
            MEMBER_KIND,
            {MemberKind.FULL: "正式 正式党员 中共党员", MemberKind.PROBATIONARY: "预备 预备党员 中共预备党员"},
        ),
        (
            EDUCATION,
            {
                "研究生": "研究生 硕士 博士",
                "大学本科": "大学本科 本科 大学 大本",
                "大学专科": "大学专科 大专 专科",
                "中专": "中专 中师",
                "高中": "高中 职高",
                "初中": "初中 初中及以下 初中(及以下)",
                "小学": "小学",
            },
        ),
    ],
    ids=["yes and no", "sex", "member kind", "education"],
)
def test_every_word_of_the_document_is_known(words, meanings):
    stated = {word: value for value, each in meanings.items() for word in each.split()}

    assert {word: words.find(word) for word in stated} == stated


@pytest.mark.parametrize("word", "空 无 — ; / - -- —— 暂无 不涉及 空缺 (空缺) （空缺） （无） 【空缺】".split())
def test_every_blank_word_of_the_document_says_nothing(word):
    assert clean_text(word) == BLANK
    assert CommitteeRoster().fields["name"].widget.clean(word) == BLANK  # the seat is vacant
    assert OrganizationRoster().fields["secretary"].widget.clean(word) == BLANK
