"""How many years a term has, by kind, unit type and election day: TERM-01 to TERM-10.

Before 2018-07-12 the older lengths hold (TERM-08), all of them from memory (TERM-09).
"""

from collections.abc import Mapping

from elections.rules.dated import ALWAYS, Since
from elections.rules.parameters.entries import (
    CONSTITUTION_NAME,
    TERM_OPINION,
    TERM_OPINION_NAME,
    Confidence,
    Entry,
    Parameter,
    Status,
)
from orgs.enums import Kind, UnitType

TERM_02 = Entry(5, "TERM-02", TERM_OPINION_NAME, "一", see_also=("TERM-01", "TERM-05", "TERM-07", "TERM-10"))
TERM_03 = Entry(3, "TERM-03", TERM_OPINION_NAME, "一", see_also=("TERM-01", "TERM-06", "TERM-07", "TERM-10"))
TERM_04 = Entry(5, "TERM-04", TERM_OPINION_NAME, "一", see_also=("TERM-01", "TERM-10"))


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


def _frame(title: str, old_years: int, years: int) -> Parameter:
    old = Entry(old_years, "TERM-01", CONSTITUTION_NAME, status=Status.MEMORY, confidence=Confidence.MEDIUM)
    return Parameter(
        title, "年", Since((ALWAYS, old), (TERM_OPINION, Entry(years, "TERM-01", CONSTITUTION_NAME, "第三十一条")))
    )


TERM_YEARS_LEAST = _frame("任期最短年限", 2, 3)
TERM_YEARS_MOST = _frame("任期最长年限", 5, 5)
"""The frame no 批复 can leave: TERM-01."""
