"""Which field each column title of real templates and exports means, kind by kind."""

import pytest

from elections import imports
from orgs.enums import RosterKind
from orgs.workbook.titles import find_field

NUMBERS = (
    "身份证号 身份证号码 身份证 公民身份号码 公民身份证号 公民身份证号码 公民身份证号(码) 证件号码 证件号 居民身份证号"
)
ELECTED = (
    "换届日期 换届时间 实际换届时间 当选日期 任命时间 上届换届时间 本届选举日期 选举时间 最近一次换届时间 上次换届时间"
)
EXPIRES = "届满日期 本届届满日期 任届期满日期 任期届满时间 应换届时间 规定换届日期 届满时间 到届时间"
YEARS = "任期 本届任期 任职年限 任期(年) 任期（年）"
CODES = "党组织编码 党组织代码 党组织唯一标识"
BRANCH_NAMES = (
    "党组织名称 党组织全称 组织名称 党支部名称 支部委员会名称 班子名称 支部名称 所在党组织 所在党支部 所属党支部 "
    "党支部 所在支部 所属支部 单位(党组织)"
)

KNOWN = {
    RosterKind.ORGANIZATIONS: {
        "org_code": f"{CODES} 编号 编码",
        "org_name": (
            "党组织名称 党组织全称 名称 组织名称 党支部名称 支部委员会名称 班子名称 支部名称 党支部 单位(党组织)"
        ),
        "org_short": "党组织简称 简称",
        "parent_name": (
            "上级党组织 上级党组织名称 上一级党组织 批准成立的上级党组织全称 所属分党委 二级党委名称 二级党组织名称 "
            "隶属党组织"
        ),
        "parent_code": "上一级党组织唯一标识 上级党组织代码 上级党组织编码 所属分党委编码",
        "kind": "组织类别 党组织类别 党组织类型 类型 支部类别 党总支类别",
        "unit": "所在单位属性 党组织所在单位情况 所在单位类别 领域",
        "founded": "成立时间 成立日期 批准成立日期 建立时间",
        "closed": "撤销日期 撤销时间",
        "term_no": "届次 班子届次 领导班子届数",
        "elected": ELECTED,
        "term_years": YEARS,
        "expires": EXPIRES,
        "document_no": "换届文号 换届批复文号",
        "secretary": "党组织书记 书记",
        "members": "党组织党员人数 党员总数",
        "formal": "正式党员数 正式党员人数",
        "probationary": "预备党员数 预备党员人数",
        "contact": "联系人",
        "phone": "联系电话 联系方式",
        "remark": "备注",
        None: (
            "序号 NO. 行号 所属单位编码 联系地址 传真 邮箱 所在行政区划 显示排序 党组织副书记 "
            "党支部标准化规范化建设类别"
        ),
    },
    RosterKind.TERMS: {
        "org_code": f"{CODES} 编号 编码 所在党支部编码",
        "org_name": BRANCH_NAMES + " 名称",
        "body": "班子",
        "term_no": "届次 班子届次 领导班子届数",
        "elected": ELECTED,
        "term_years": YEARS,
        "expires": EXPIRES,
        "term_document_no": "换届文号 换届批复文号",
        "extension_until": "延期至",
        "extension_approved": "是否批准延期",
        "extension_approved_on": "延期批复日期",
        "extension_document_no": "延期批复文号 批准文号",
        "extension_level": "批准层级",
        "early_approved_on": "提前换届批复日期",
        "early_document_no": "提前换届批复文号",
        "appointed_on": "指派日期",
        "appointed_document_no": "指派文号",
        "election_opened_on": "提交换届请示时间",
        "election_day": "召开党员大会时间",
        "election_kind": "选举类型",
        "planned_on": "计划换届时间 拟完成换届时间 拟完成时间",
        "reason": "未换届原因 延期理由 未按期换届原因",
        None: "序号 类型 提交预备人选时间 选举方式",
    },
    RosterKind.MEMBERS: {
        "org_code": f"{CODES} 所在党支部编码",
        "org_name": f"{BRANCH_NAMES} 组织关系所在党支部 现党关系所在党支部 编入党支部 名称",
        "name": "姓名 姓\u3000名 真实姓名 党员姓名",
        "sex": "性别 姓别 性\n别",
        "ethnicity": "民族 名族",
        "birth": "出生日期 出生年月 出生年月日 生日",
        "id_number": NUMBERS,
        "education": "学历 最高学历 文化程度",
        "kind": "人员类别 党籍状态 党员类型 党员类别 预/正 政治面貌",
        "joined": "入党时间 入党日期 加入党组织日期 加入党组织时间 成为预备党员日期 何时入党",
        "formal_on": "转正时间 转正日期 转为正式党员日期 正式转正日期",
        "party_post": "党内职务 职务 支部职务 职务(留空默认为委员)",
        "joined_branch_on": "组织关系转入时间 组织关系落实时间",
        "work_unit": "工作单位 工作/学习单位 工作单位及职务 所在单位 工作岗位",
        "phone": "联系电话 手机 手机号 手机号码 联系方式",
        "floating": "是否流动党员",
        "floating_to": "外出流向 流出省份",
        "out_on": "流出时间 外出日期",
        "remark": "备注",
        None: (
            "序号 编号 学工号 学位 新社会阶层类型 从事专业技术职务 是否农民工 联合支部所在单位 户籍所在地 "
            "现居住地 家庭住址 党龄 党龄校正值 固定电话 是否失联 失去联系日期 二级党委名称 "
            "提交书面申请书时间 确定为入党积极分子时间 确定为发展对象时间 入党介绍人 入党时所在党支部 "
            "转正时所在党支部 党内奖励 其他奖励 户籍所在派出所 籍贯"
        ),
    },
    RosterKind.COMMITTEE: {
        "org_code": f"{CODES} 所在党支部编码 编码",
        "org_name": BRANCH_NAMES + " 名称",
        "body": "班子",
        "seat": "产生方式",
        "term_no": "届次 班子届次 领导班子届数",
        "post": "职务 党内职务 支部职务 职务(留空默认为委员)",
        "name": "姓名 姓\u3000名 真实姓名 党员姓名",
        "sex": "性别 姓别",
        "id_number": NUMBERS,
        "birth": "出生日期 出生年月 出生年月日 生日",
        "education": "学历 最高学历 文化程度",
        "joined": "入党时间 入党日期 加入党组织日期 加入党组织时间 成为预备党员日期 何时入党",
        "started": "任职日期 任职时间",
        "village_post": "村（居）委会职务 村委会职务",
        "party_member": "是否党员 政治面貌",
        "tags": "人员标签",
        # Where a member of the committee belongs may be another organization than the committee's.
        None: "序号 编号 学工号 是否是管理员 组织关系所在党支部 所属分党委",
    },
}


@pytest.mark.parametrize("kind", KNOWN)
def test_every_title_means_its_field(kind):
    synonyms = imports.importer.by_kind[kind].synonyms()
    expected = {title: field for field, titles in KNOWN[kind].items() for title in titles.split(" ")}

    assert {title: find_field(title, synonyms) for title in expected} == expected


@pytest.mark.parametrize("kind", KNOWN)
def test_every_field_has_a_title_here(kind):
    fields = set(imports.importer.by_kind[kind].fields)

    assert fields - KNOWN[kind].keys() <= {"form", "unit", "floating_from", "remark"}


@pytest.mark.parametrize("kind", KNOWN)
def test_the_titles_of_the_template_mean_their_own_columns(kind):
    roster = imports.importer.by_kind[kind]

    assert {name: find_field(column.column_name, roster.synonyms()) for name, column in roster.fields.items()} == {
        name: name for name in roster.fields
    }
