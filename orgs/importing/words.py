"""Cells with a word out of a closed list: yes and no, sex, education, kinds of people and organizations.

Each table maps the words that rosters use (as `word_key` writes them) to the value that is stored; a word that
is not in the table is a problem that names what may be filled in.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from orgs.enums import ApprovalLevel, Body, ElectionKind, Form, Kind, MemberKind, Seat, Sex, UnitType
from orgs.importing.cleaned import BLANK, BLANK_WORDS, Cleaned, Problem, broken, text_of
from orgs.importing.codes import Code
from orgs.workbook.cells import Cell

NONE: Mapping[Hashable, str] = MappingProxyType({})
NOTE = re.compile(r"^(.+?)\([^()]*\)$")


@lru_cache(maxsize=20_000)
def word_key(text: str) -> str:
    """A word as it is compared: NFKC, without white space, lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


class Words:
    """A closed list: `choices` are the words that a template offers, `synonyms` all that is understood."""

    def __init__(self, offered: Mapping[str, Hashable], synonyms: Mapping[Hashable, str] = NONE):
        self.choices = tuple(offered)
        self._values = {word_key(word): value for word, value in offered.items()}
        for value, words in synonyms.items():
            self._values |= {word_key(word): value for word in words.split()}

    def find(self, text: str) -> Hashable | None:
        """The value of a word, with or without a note in brackets; None when it is unknown."""
        key = word_key(text)
        if key in self._values:
            return self._values[key]
        note = NOTE.match(key)
        return self._values.get(note[1]) if note else None


@lru_cache(maxsize=20_000, typed=True)
def clean_word(cell: Cell, words: Words, code: Code = Code.ENUM_UNKNOWN) -> Cleaned:
    """The value of a cell out of a closed list; None for a blank one, the problem `code` for an unknown word."""
    if cell is None:
        return BLANK
    if fault := broken(cell):
        return fault
    text = text_of(cell)
    value = words.find(text)
    if value is not None:
        return Cleaned(value)
    if text in BLANK_WORDS:
        return BLANK
    return Cleaned(None, (Problem(code, {"choices": "、".join(words.choices)}),))


def _labels(members: Iterable) -> dict[str, Hashable]:
    return {member.label: member for member in members}


YES_NO = Words({"是": True, "否": False}, {True: "√ ✓ ✔ Y yes true 有 1", False: "× ✕ ✗ N no false 无 0"})

SEX = Words(_labels(Sex), {Sex.MALE: "男性 男士 1 M male", Sex.FEMALE: "女性 女士 2 0 F female"})
"""1 and 2 by GB/T 2261.1, 0 and 1 as other systems export them; the ID number decides in the end."""

MEMBER_KIND = Words(
    _labels(MemberKind),
    {
        MemberKind.FULL: "正式 正 中共党员 中国共产党党员 党员 中共正式党员",
        MemberKind.PROBATIONARY: "预备 预 中共预备党员 中国共产党预备党员",
    },
)

EDUCATION = Words(
    {word: word for word in ("研究生", "大学本科", "大学专科", "中专", "高中", "初中", "小学")},
    {
        "研究生": "硕士 博士 硕士研究生 博士研究生 研究生教育 在职研究生 研究生班",
        "大学本科": "本科 大学 大本 全日制本科 在职本科 本科生 大学毕业 省委党校大学 中央党校大学",
        "大学专科": "专科 大专 高职 大学专科教育 全日制大专 在职大专 大专生",
        "中专": "中等专科 中师 中技 技校 中等职业教育 中等专业学校 技工学校",
        "高中": "职高 普通高中 普高 职业高中 高中毕业",
        "初中": "初中及以下 普通初中 初级中学",
        "小学": "小学及以下 小学教育",
    },
)


class KindAndForm(NamedTuple):
    """What one word of 组织类别 says: a kind, and for some words a form."""

    kind: Kind
    form: Form | None = None


def _kinds() -> Words:
    kinds = {label: KindAndForm(kind) for label, kind in _labels(Kind).items()}
    branches = {
        "联合党支部": KindAndForm(Kind.BRANCH, Form.JOINT),
        "临时党支部": KindAndForm(Kind.BRANCH, Form.TEMPORARY),
        "流动党支部": KindAndForm(Kind.BRANCH, Form.MOBILE),
        "功能型党支部": KindAndForm(Kind.BRANCH, Form.FUNCTIONAL),
    }
    return Words(
        kinds | branches,
        {
            kinds["地方党委"]: "区委 县委 市委 省委 地方委员会 党的地方委员会 区级党委",
            kinds["党工委"]: "工委 街道党工委 党的工作委员会 工作委员会 党工作委员会",
            kinds["党委"]: (
                "基层党委 党的基层委员会 基层委员会 二级党委 党委会 机关党委 村党委 社区党委 企业党委 镇党委 乡党委"
            ),
            kinds["党总支"]: "总支 党总支部 总支部 总支部委员会 党的总支部委员会 党总支部委员会",
            kinds["党支部"]: "支部 普通党支部 基层党支部 支部委员会 党的支部委员会 党支部委员会",
            branches["联合党支部"]: "联合支部",
            branches["临时党支部"]: "临时支部",
            branches["流动党支部"]: "流动支部 流动党员党支部 流动党员支部",
            branches["功能型党支部"]: "功能型支部 功能党支部",
        },
    )


ORGANIZATION_KIND = _kinds()

FORM = Words(
    _labels(Form),
    {
        Form.ORDINARY: "普通党支部 一般 常规",
        Form.JOINT: "联合党支部 联合支部",
        Form.TEMPORARY: "临时党支部 临时支部 临时党组织",
        Form.MOBILE: "流动党支部 流动支部 流动党员党支部 流动党组织",
        Form.FUNCTIONAL: "功能型党支部 功能型党组织 功能性",
    },
)

UNIT_TYPE = Words(
    _labels(UnitType),
    {
        UnitType.VILLAGE: "行政村 建制村 村委会 村民委员会 农村",
        UnitType.COMMUNITY: "城市社区 居委会 居民委员会 社区居委会 社区(居委会)",
        UnitType.TOWNSHIP: "乡 镇 乡镇机关",
        UnitType.SUBDISTRICT_OFFICE: "街道 街道办事处 街道办",
        UnitType.AGENCY: "党政机关 国家机关 行政机关 机关单位 区直机关",
        UnitType.INSTITUTION: "事业 其他事业单位 公益事业单位",
        UnitType.SCHOOL: "中学 小学 幼儿园 中小学校 中小学幼儿园 中等职业学校",
        UnitType.UNIVERSITY: "高等学校 高等院校 大学 普通高校 民办高校",
        UnitType.HOSPITAL: "公立医院 卫生院 医疗机构 社区卫生服务中心",
        UnitType.RESEARCH: "科研院所 科研机构 研究所 科研事业单位",
        UnitType.STATE_OWNED: "国企 国有独资 国有控股 国有及国有控股企业 公有制企业 国有独资企业 国有控股企业",
        UnitType.PRIVATE: "非公 非公有制企业 非公经济 民营企业 私营企业 民企 非公有制经济组织 新经济组织",
        UnitType.SOCIAL: "社团 社会团体 民办非企业 民办非企业单位 社会服务机构 基金会 新社会组织",
        UnitType.COOPERATIVE: "农民专业合作社 专业合作社 农民合作社",
        UnitType.OTHER: "其它",
    },
)

BODY = Words(
    _labels(Body),
    {
        Body.COMMITTEE: "党委 党总支 党支部 党委会 支委会 总支委 支部委员会 总支部委员会 党支部委员会 党组织班子",
        Body.DISCIPLINE: "纪委 纪检委 机关纪委 纪律检查委员会班子",
    },
)

SEAT = Words(
    _labels(Seat),
    {
        Seat.ELECTED: "选举 选任 当选 选举任职 差额选举 等额选举 党员大会选举",
        Seat.CONCURRENT: "兼职 兼任 兼职委员制",
        Seat.APPOINTED: "任命 委派 下派 上级指派 上级任命 选派",
        Seat.FIRST_SECRETARY: "驻村第一书记 驻社区第一书记",
    },
)

APPROVAL_LEVEL = Words(
    _labels(ApprovalLevel),
    {
        ApprovalLevel.SUPERIOR: "上级 上级党委 上级党工委 直接上级",
        ApprovalLevel.HIGHER: "更高一级 更高级 更高一级党委 上一级的上级",
        ApprovalLevel.PROVINCE_CITY: "省(市)统一部署 省统一部署 市统一部署 省市统一部署 统一部署",
    },
)

ELECTION_KIND = Words(
    {"换届": ElectionKind.GENERAL, ElectionKind.BY_ELECTION.label: ElectionKind.BY_ELECTION},
    {ElectionKind.GENERAL: "换届选举 届满换届 提前换届", ElectionKind.BY_ELECTION: "补选委员 增补 届中补选"},
)

PARTY_MEMBER = Words(
    {"是": True, "否": False},
    {
        True: "√ Y 1 党员 中共党员 正式党员 预备党员 中共正式党员 中共预备党员",
        False: "× N 0 非党员 群众 团员 共青团员 民主党派 无党派 无党派人士",
    },
)
