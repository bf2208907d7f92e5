"""Every number of the law, once, with where it is written and how sure we are of it.

A number never changes here: a new law adds a line with its first day in force and the old one
stays, so that a past day is judged by the law of that day. `rule_id` is the id of the team's list
of rules; cite the document and article, never the id, to a user. Whatever is not READ is shown as
「依据待核」 and is never printed as law in a notice.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from elections.rules.dated import ALWAYS, Since
from orgs.enums import Kind, UnitType

LAST_CHECKED = date(2026, 11, 21)

TERM_OPINION = date(2018, 7, 12)
"""First day of 《关于党的基层组织任期的意见》: terms elected from this day on have the new lengths."""
BRANCH_REGULATION = date(2018, 10, 28)
ELECTION_REGULATION_1990 = date(1990, 6, 27)
ELECTION_REGULATION = date(2020, 7, 13)


class LawGap(LookupError):
    """The law as recorded has no row for this question; it has no fallback."""


class Status(enum.Enum):
    """How we know a rule."""

    READ = "read"
    READ_SECOND_HAND = "read_second_hand"
    MEMORY = "memory"
    PRACTICE = "practice"


class Confidence(enum.Enum):
    """How likely the rule is as stated."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Entry:
    """One number of the law as it stands from a day on, with its source."""

    value: int
    rule_id: str
    document: str
    article: str = ""
    quote: str = ""
    status: Status = Status.READ
    confidence: Confidence = Confidence.HIGH
    article_checked: bool = True
    see_also: tuple[str, ...] = ()
    checked_on: date = LAST_CHECKED

    @property
    def verified(self) -> bool:
        """Whether the wording itself was read; only then may it be cited as law."""
        return self.status is Status.READ

    @property
    def label(self) -> str:
        """What a screen adds to the number: 「依据待核」, or nothing when verified."""
        return "" if self.verified else "依据待核"

    @property
    def citation(self) -> str:
        """Document and article in Chinese, with a note when the article number was not checked."""
        note = "（条号待核）" if self.article and not self.article_checked else ""
        return f"{self.document}{self.article}{note}"


@dataclass(frozen=True)
class Parameter:
    """A number of the law through time."""

    title: str
    unit: str
    entries: Since[Entry]

    def on(self, day: date) -> Entry:
        """The entry in force on `day`."""
        return self.entries.on(day)


_OPINION = "《关于党的基层组织任期的意见》"

TERM_02 = Entry(5, "TERM-02", _OPINION, "一", see_also=("TERM-01", "TERM-05", "TERM-07", "TERM-10"))
TERM_03 = Entry(3, "TERM-03", _OPINION, "一", see_also=("TERM-01", "TERM-06", "TERM-07", "TERM-10"))
TERM_04 = Entry(5, "TERM-04", _OPINION, "一", see_also=("TERM-01", "TERM-10"))


def _before_2018(years: int) -> Entry:
    """TERM-09 as settled for the product, for terms that TERM-08 lets run out at their old length."""
    return Entry(
        years,
        "TERM-09",
        "中央组织部原有规定",
        status=Status.MEMORY,
        confidence=Confidence.MEDIUM,
        see_also=("TERM-08",),
    )


def _length(title: str, old: Entry, new: Entry) -> Parameter:
    return Parameter(title, "年", Since((ALWAYS, old), (TERM_OPINION, new)))


_RURAL = (UnitType.VILLAGE, UnitType.COMMUNITY)

# TERM-09 names 大中型企业, 高校, 大院所 and 地级以上机关 with four years. Nothing recorded says which 机关 is at
# 地级 or above, so an agency has three unless its length is stated; a large enterprise has a row of its own.
_OLD_COMMITTEE_YEARS = {
    UnitType.TOWNSHIP: _before_2018(5),
    UnitType.UNIVERSITY: _before_2018(4),
    UnitType.RESEARCH: _before_2018(4),
}


def _term_years() -> dict[tuple[Kind, UnitType], Parameter]:
    rows = {}
    for unit_type in UnitType:
        rural = unit_type in _RURAL
        old_committee = _OLD_COMMITTEE_YEARS.get(unit_type, _before_2018(3))
        rows[Kind.COMMITTEE, unit_type] = _length(
            f"党委任期（{unit_type.label}）", old_committee, TERM_04 if rural else TERM_02
        )
        rows[Kind.GENERAL_BRANCH, unit_type] = _length(
            f"党总支任期（{unit_type.label}）", _before_2018(3), TERM_04 if rural else TERM_03
        )
        rows[Kind.BRANCH, unit_type] = _length(
            f"党支部任期（{unit_type.label}）", _before_2018(3 if rural else 2), TERM_04 if rural else TERM_03
        )
    return rows


TERM_YEARS: Mapping[tuple[Kind, UnitType], Parameter] = _term_years()
"""Length of a term by kind × unit type, on the election day."""

LARGE_ENTERPRISE_TERM_YEARS = _length("大中型企业党委任期", _before_2018(4), TERM_02)

ENTERPRISES = frozenset({UnitType.STATE_OWNED, UnitType.PRIVATE})
"""Unit types that can be a 大中型企业."""

OLD_STATED_YEARS_LEAST = Parameter(
    "2018年7月12日前当选、按填报任期认定的最短年限", "年", Since((ALWAYS, _before_2018(2)))
)
OLD_STATED_YEARS_MOST = Parameter(
    "2018年7月12日前当选、按填报任期认定的最长年限", "年", Since((ALWAYS, _before_2018(5)))
)

# TERM-15 gives six months for branches only; TERM-16 says 及时 for the others. The product uses one lead for all
# kinds, and the same one for days before the regulation, so that a past day can be asked for.
REMINDER_LEAD_MONTHS = Parameter(
    "届满提醒提前量",
    "个月",
    Since(
        (
            ALWAYS,
            Entry(6, "TERM-16", "工作惯例", status=Status.PRACTICE, confidence=Confidence.MEDIUM),
        ),
        (
            BRANCH_REGULATION,
            Entry(
                6,
                "TERM-15",
                "《中国共产党支部工作条例（试行）》",
                "第二十二条",
                article_checked=False,
                see_also=("TERM-16",),
            ),
        ),
    ),
)

EXTENSION_CAP_YEARS = Parameter(
    "延期换届上限",
    "年",
    Since(
        (
            ALWAYS,
            Entry(1, "TERM-12", "工作惯例", status=Status.PRACTICE, confidence=Confidence.MEDIUM),
        ),
        (
            ELECTION_REGULATION_1990,
            Entry(
                1,
                "TERM-12",
                "《中国共产党基层组织选举工作暂行条例》",
                status=Status.READ_SECOND_HAND,
                confidence=Confidence.MEDIUM,
            ),
        ),
        (TERM_OPINION, Entry(1, "TERM-12", _OPINION, "二", quote="延长或者提前期限一般不超过1年")),
        (
            ELECTION_REGULATION,
            Entry(
                1,
                "TERM-12",
                "《中国共产党基层组织选举工作条例》",
                "第三条",
                quote="延长或者提前期限一般不超过1年",
            ),
        ),
    ),
)

LATE_APPROVAL_YEARS = Parameter(
    "届满后补批延期仍予认定的期限",
    "年",
    Since((ALWAYS, Entry(1, "P-02", "工作惯例", status=Status.PRACTICE, confidence=Confidence.MEDIUM))),
)

INSPECTION_YEARS = Parameter(
    "专项检查认定未按期换届的期限",
    "年",
    Since(
        (
            ALWAYS,
            Entry(
                1,
                "TERM-20",
                "中央组织部2016年专项检查",
                quote="任期届满，未经批准，一年内没有换届",
                status=Status.READ_SECOND_HAND,
            ),
        )
    ),
)

FIRST_ELECTION_MONTHS = Parameter(
    "成立或者改建后首次选举期限",
    "个月",
    Since((ALWAYS, Entry(12, "P-01", "工作惯例", status=Status.PRACTICE, confidence=Confidence.MEDIUM))),
)


@dataclass(frozen=True)
class Law:
    """The numbers a judgement is made by: the built-in ones, later with a root's stricter local values over them."""

    term_years: Mapping[tuple[Kind, UnitType], Parameter]
    large_enterprise_term_years: Parameter
    old_stated_years_least: Parameter
    old_stated_years_most: Parameter
    reminder_lead_months: Parameter
    extension_cap_years: Parameter
    late_approval_years: Parameter
    inspection_years: Parameter
    first_election_months: Parameter

    @staticmethod
    @cache
    def builtin() -> "Law":
        """The law of the country as recorded in this file."""
        return Law(
            term_years=TERM_YEARS,
            large_enterprise_term_years=LARGE_ENTERPRISE_TERM_YEARS,
            old_stated_years_least=OLD_STATED_YEARS_LEAST,
            old_stated_years_most=OLD_STATED_YEARS_MOST,
            reminder_lead_months=REMINDER_LEAD_MONTHS,
            extension_cap_years=EXTENSION_CAP_YEARS,
            late_approval_years=LATE_APPROVAL_YEARS,
            inspection_years=INSPECTION_YEARS,
            first_election_months=FIRST_ELECTION_MONTHS,
        )

    def length(self, kind: Kind, unit_type: UnitType, *, elected_on: date, large: bool | None = None) -> Entry:
        """The term length (years) in force on the election day; LawGap for a kind × unit type without a row."""
        if kind == Kind.COMMITTEE and unit_type in ENTERPRISES and large:
            return self.large_enterprise_term_years.on(elected_on)
        try:
            parameter = self.term_years[kind, unit_type]
        except KeyError:
            raise LawGap(f"「{kind.label}」（{unit_type.label}）没有任期规定") from None
        return parameter.on(elected_on)
