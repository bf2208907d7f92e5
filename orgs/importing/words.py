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
from orgs.importing.cleaned import BLANK, BLANK_WORDS, Cleaned, Problem, broken, folded, text_of
from orgs.importing.codes import Code
from orgs.workbook.cells import Cell

NONE: Mapping[Hashable, str] = MappingProxyType({})
NOTE = re.compile(r"^(.+?)\(([^()]*)\)$")
SLASHES = re.compile(r"[/、,|]")
CODED = re.compile(r"^(\d{1,2})[-.:、]?(?=\D)")  # 1-男, 20.大学本科: the code of a list in front of its word


@lru_cache(maxsize=20_000)
def word_key(text: str) -> str:
    """A word as it is compared: NFKC, without white space, lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


class Words:
    """A closed list: `choices` are the words that a template offers, `synonyms` all that is understood.

    `offer` is what a sentence says may be filled in where the list is too long to be read out.
    """

    def __init__(self, offered: Mapping[str, Hashable], synonyms: Mapping[Hashable, str] = NONE, offer: str = ""):
        self.choices = tuple(offered)
        self.offer = offer or "、".join(self.choices)
        self._values = {word_key(word): value for word, value in offered.items()}
        for value, words in synonyms.items():
            self._values |= {word_key(word): value for word in words.split()}

    def __deepcopy__(self, memo) -> "Words":
        """Itself: nothing changes a list, and every roster that is made copies its columns with their lists."""
        return self

    def find(self, text: str) -> Hashable | None:
        """The value of a word, with or without a note in brackets or a code; None when it is unknown.

        Several words (研究生/硕士), or a word and a note that is one itself, have to mean the same.
        """
        key = word_key(text)
        if key in self._values:
            return self._values[key]
        if note := NOTE.match(key):
            value, noted = self._values.get(note[1]), self._values.get(note[2])
            return value if noted in (None, value) else None
        words = [part for part in SLASHES.split(key) if part]
        if coded := CODED.match(key):
            words = [key[coded.end() :]] + ([coded[1]] if coded[1] in self._values else [])
        values = {self._values.get(word) for word in words}
        return values.pop() if len(values) == 1 else None


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
    return Cleaned(None, (Problem(code, {"choices": words.offer}),))


def _labels(members: Iterable) -> dict[str, Hashable]:
    return {member.label: member for member in members}


YES_NO = Words(
    {"是": True, "否": False},
    {
        True: "√ ✓ ✔ ☑ Y yes true T 有 对 属于 1",
        False: "× ✕ ✗ ✖ ╳ 〤 X ☐ N no false F 无 没有 不 不是 非 不属于 0",
    },
)

SEX = Words(_labels(Sex), {Sex.MALE: "男性 男士 1 M male", Sex.FEMALE: "女性 女士 2 0 F female"})
"""1 and 2 by GB/T 2261.1, 0 and 1 as other systems export them; the ID number decides in the end."""

MEMBER_KIND = Words(
    _labels(MemberKind),
    {
        MemberKind.FULL: (
            "正式 正 中共党员 中国共产党党员 中国共产党正式党员 共产党员 党员 中共正式党员 中共党员(正式) "
            "党员(正式) 中共党员(正式党员) 党员(正式党员) 已转正"
        ),
        MemberKind.PROBATIONARY: (
            "预备 预 中共预备党员 中国共产党预备党员 中共党员(预备) 党员(预备) 中共党员(预备党员) 党员(预备党员) 预备期"
        ),
    },
)

NO_MEMBER = frozenset(
    "群众 团员 共青团员 积极分子 入党积极分子 入党申请人 申请人 发展对象 拟发展对象 党员发展对象 非党员 不是党员 "
    "民主党派 无党派 无党派人士 民革党员 民盟盟员 民建会员 民进会员 农工党党员 致公党党员 九三学社社员 台盟盟员".split()
)
"""What 人员类别 or 政治面貌 says of people who are no members of the Party and stand in no roster of members."""
STANDING = frozenset("正常 党籍正常 正常党籍".split())
"""What 党籍状态 says of nearly everybody, and which says nothing of full or probationary."""


def clean_member_kind(cell: Cell) -> Cleaned:
    """正式党员 or 预备党员; KIND_INCONSISTENT for whoever is said to be no member at all."""
    if isinstance(cell, str):
        key = word_key(folded(cell))
        if key in NO_MEMBER:
            sentence = f"「{folded(cell)}」不是党员，党员花名册只登记正式党员和预备党员。请删去这一行，或改正人员类别。"
            return Cleaned(None, (Problem(Code.KIND_INCONSISTENT, {"message": sentence}),))
        if key in STANDING:
            return BLANK
    return clean_word(cell, MEMBER_KIND)


_SCHOOLING = {
    "研究生": "研究生 硕士 博士 硕士研究生 博士研究生 硕士生 博士生 研究生班 博士后",
    "大学本科": "大学本科 本科 大本 本科生 学士 二本 一本 三本 专升本",
    "大学专科": "大学专科 专科 大专 高职 高专 高职高专 专科生 大专生 高等职业",
    "中专": "中专 中等专科 中师 中技 技校 中职 中等职业 中等专业 中等专业学校 中等师范 技工学校 中专生",
    "高中": "高中 职高 普通高中 普高 职业高中 普通高级中学 高级中学 高中生",
    "初中": "初中 初中及以下 普通初中 初级中学 初中生",
    "小学": "小学 小学及以下 高小 初小 小学生",
}
_WAYS = ("", "全日制", "普通", "在职", "函授", "自考", "自学考试", "成人", "成教", "业余", "夜大", "电大", "网络") + (
    "网络教育", "远程", "开放", "国民教育", "脱产", "党校", "省委党校", "市委党校", "区委党校", "县委党校", "中央党校"
)  # fmt: skip
# 函授大学, 业余大学 and their like name a school, which may give either.
_UNIVERSITY = " ".join(
    f"{way}大学{end}"
    for way in ("", "全日制", "在职", "省委党校", "中央党校")
    for end in ("", "毕业", "学历", "文化程度")
)
_ENDS = ("", "毕业", "学历", "文化", "教育", "程度", "文化程度", "文凭", "毕业生")

EDUCATION = Words(
    {word: word for word in _SCHOOLING},
    {
        value: " ".join(f"{way}{word}{end}" for word in words.split() for way in _WAYS for end in _ENDS)
        + (f" {_UNIVERSITY}" if value == "大学本科" else "")
        for value, words in _SCHOOLING.items()
    },
)

# The numeric codes of GB/T 3304 are the places in this list, from 1.
_ETHNICITIES = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 "
    "景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 "
    "裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 珞巴 基诺"
).split()
_OTHERS = ("其他", "穿青人", "革家人", "僜人", "摩梭人", "未识别民族", "外国血统中国籍人士")

ETHNICITY = Words(
    {name + "族": name + "族" for name in _ETHNICITIES} | {word: word for word in _OTHERS},
    {
        **{
            f"{name}族": f"{name} {name}民 {name}民族 {number} {number:02d}"
            for number, name in enumerate(_ETHNICITIES, start=1)
        },
        "其他": "其它 97",
        "外国血统中国籍人士": "外国血统 入籍 98",
    },
    offer="民族全称，如「汉族」「蒙古族」",
)


class KindAndForm(NamedTuple):
    """What one word of 组织类别 says: a kind, and for some words a form."""

    kind: Kind
    form: Form | None = None

    def __str__(self) -> str:
        """The kind's word, as a record of the preview has it; the form has a column of its own."""
        return self.kind.label


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
