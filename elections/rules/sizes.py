"""What the numbers of members are held against: the bands that the law's thresholds cut, and what a size asks for.

Nothing is decided here: a demand is the name of one or several findings of `structure`, `committees` and `records`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from elections.rules.findings import Finding
from elections.rules.parameters import Entry, Law
from elections.rules.structure import AGENCIES
from orgs.enums import Form, Kind, Labeled, UnitType


@dataclass(frozen=True)
class Band:
    """Numbers of people from `least` to `most`, both included; without `most` the band has no end."""

    least: int
    most: int | None

    @property
    def code(self) -> str:
        """As an address carries it: 51-99, 500-."""
        return f"{self.least}-{'' if self.most is None else self.most}"

    @property
    def label(self) -> str:
        """As a column is headed: 51–99, 50, 500以上 (which includes 500)."""
        if self.most is None:
            return f"{self.least}以上"
        return str(self.least) if self.least == self.most else f"{self.least}–{self.most}"

    def holds(self, number: int) -> bool:
        """Whether the number lies in the band."""
        return self.least <= number and (self.most is None or number <= self.most)


def member_bands(law: Law, on: date) -> tuple[Band, ...]:
    """The bands of all 党员 between the thresholds in force on the day, from 0 on.

    「超过50」 begins at 51, 「50以上」 at 50
    (支部条例 第四条, 机关条例 第五、六条, 农村条例 第五条, 国企条例 第四条, 选举条例 第四条).
    """
    reached = (
        law.agency_general_branch_least,
        law.state_owned_general_branch_least,
        law.agency_committee_least,
        law.state_owned_committee_least,
        law.village_committee_least,
        law.other_committee_least,
        law.delegates_least,
    )
    exceeded = (law.branch_members_most, law.village_general_branch_above, law.other_general_branch_above)
    return _bands({each.on(on).value for each in reached} | {each.on(on).value + 1 for each in exceeded})


def full_bands(law: Law, on: date) -> tuple[Band, ...]:
    """The bands of 正式党员 of a branch between the thresholds in force on the day (支部条例 第四条, 第二十条)."""
    return _bands({each.on(on).value for each in (law.full_members_least, law.committee_full_members_least)})


def _bands(first_numbers: set[int]) -> tuple[Band, ...]:
    firsts = [0, *sorted(first_numbers - {0})]
    lasts = [*(each - 1 for each in firsts[1:]), None]
    return tuple(Band(first, last) for first, last in zip(firsts, lasts, strict=True))


class Demand(Labeled):
    """What the size of an organization demands or allows; a number of the law stands in the label as {}."""

    COMMITTEE_MUST = "committee_must", "应设党委"
    COMMITTEE_MAY = "committee_may", "可设党委"
    COMMITTEE_SUGGESTED = "committee_suggested", "建议设党委"
    GENERAL_BRANCH_MAY = "general_branch_may", "可设党总支"
    GENERAL_BRANCH_SUGGESTED = "general_branch_suggested", "建议设党总支"
    TOO_LARGE = "too_large", "党支部党员超过{}名"
    BELOW_THREE = "below_three", "正式党员不足{}名"
    KEPT_TOO_LONG = "kept_too_long", "正式党员不足且超过保留期限（{}个月）"
    NO_COMMITTEE = "no_committee", "正式党员{}名以上，未设支部委员会"
    NEEDLESS_COMMITTEE = "needless_committee", "正式党员不足{}名，设了支部委员会"
    NO_POSTS = "no_posts", "班子未登记，未核对支委会、纪委"
    TOO_MANY_UNITS = "too_many_units", "联合党支部的单位超过{}个"
    SEPARATE_UNIT = "separate_unit", "联合党支部有单位应单独成立党支部"
    NO_DISCIPLINE = "no_discipline", "机关党委未设机关纪委"
    DELEGATES = "delegates", "可召开党员代表大会"


SHORT = {
    Demand.TOO_LARGE: "支部超{}名",
    Demand.BELOW_THREE: "正式不足{}名",
    Demand.KEPT_TOO_LONG: "超过保留期",
    Demand.NO_COMMITTEE: "未设支委会",
    Demand.NEEDLESS_COMMITTEE: "多设支委会",
    Demand.NO_POSTS: "班子未登记",
    Demand.TOO_MANY_UNITS: "联合单位过多",
    Demand.SEPARATE_UNIT: "单位应单设",
    Demand.NO_DISCIPLINE: "未设纪委",
    Demand.DELEGATES: "可开代表大会",
}
"""Heads of narrow columns; the others are short already."""

FOUND_BY: dict[tuple[str, str], tuple[Demand, ...]] = {
    ("ORG-11", "size"): (Demand.COMMITTEE_MUST,),
    ("ORG-20", "size"): (Demand.COMMITTEE_MUST,),
    ("ORG-17", "size"): (Demand.COMMITTEE_MAY,),
    ("ORG-27", "size"): (Demand.COMMITTEE_SUGGESTED,),
    ("ORG-12", "size"): (Demand.GENERAL_BRANCH_MAY,),
    ("ORG-25", "size"): (Demand.GENERAL_BRANCH_MAY,),
    ("ORG-16", "size"): (Demand.GENERAL_BRANCH_MAY,),
    ("ORG-26", "size"): (Demand.GENERAL_BRANCH_SUGGESTED,),
    ("ORG-02", "too_large"): (Demand.TOO_LARGE,),
    ("TERM-25", "below_three"): (Demand.BELOW_THREE,),
    ("TERM-25", "kept_too_long"): (Demand.BELOW_THREE, Demand.KEPT_TOO_LONG),
    ("ORG-09", "no_committee"): (Demand.NO_COMMITTEE,),
    ("ORG-10", "committee"): (Demand.NEEDLESS_COMMITTEE,),
    ("P-09", "no_posts"): (Demand.NO_POSTS,),
    ("ORG-03", "units"): (Demand.TOO_MANY_UNITS,),
    ("ORG-03", "unit_large_enough"): (Demand.SEPARATE_UNIT,),
    ("ORG-14", "missing"): (Demand.NO_DISCIPLINE,),
    ("EL-05", "delegates"): (Demand.DELEGATES,),
}
"""{(rule id, aspect) of a finding: what it stands for here}."""

RESTS_ON: dict[Demand, tuple[str, ...]] = {
    Demand.COMMITTEE_MUST: ("agency_committee_least", "state_owned_committee_least"),
    Demand.COMMITTEE_MAY: ("village_committee_least",),
    Demand.COMMITTEE_SUGGESTED: ("other_committee_least",),
    Demand.GENERAL_BRANCH_MAY: (
        "agency_general_branch_least",
        "village_general_branch_above",
        "state_owned_general_branch_least",
    ),
    Demand.GENERAL_BRANCH_SUGGESTED: ("other_general_branch_above",),
    Demand.TOO_LARGE: ("branch_members_most",),
    Demand.BELOW_THREE: ("full_members_least",),
    Demand.KEPT_TOO_LONG: ("below_three_months",),
    Demand.NO_COMMITTEE: ("committee_full_members_least", "branch_seats_least"),
    Demand.NEEDLESS_COMMITTEE: ("committee_full_members_least", "small_branch_seats_most"),
    Demand.TOO_MANY_UNITS: ("joint_units_most",),
    Demand.SEPARATE_UNIT: ("joint_unit_full_members_least",),
    Demand.DELEGATES: ("delegates_least",),
}
"""The numbers of `Law` behind each; the first one stands in the label."""

PROVISIONS = {Demand.NO_DISCIPLINE: "ORG-14", Demand.NO_POSTS: "P-09"}
"""Rules without a number behind the others."""


@dataclass(frozen=True)
class Reach:
    """Of which organizations something is asked at all: the like of which a share is a part."""

    label: str
    kinds: frozenset[Kind]
    form: Form | None = None
    unit_types: frozenset[UnitType] | None = None

    def holds(self, kind: Kind, form: Form, unit_type: UnitType | None) -> bool:
        """Whether an organization of this kind, form and unit type is asked."""
        return (
            kind in self.kinds
            and self.form in (None, form)
            and (self.unit_types is None or unit_type in self.unit_types)
        )


ALL = Reach("党委、党总支、党支部", frozenset({Kind.COMMITTEE, Kind.GENERAL_BRANCH, Kind.BRANCH}))
_BELOW_COMMITTEE = Reach("党总支、党支部", frozenset({Kind.GENERAL_BRANCH, Kind.BRANCH}))
_BRANCHES = Reach("党支部", frozenset({Kind.BRANCH}))
_JOINT = Reach("联合党支部", frozenset({Kind.BRANCH}), form=Form.JOINT)
_AGENCY_COMMITTEES = Reach("机关党委", frozenset({Kind.COMMITTEE}), unit_types=AGENCIES)
_ABOVE_BRANCHES = Reach("党委、党总支", frozenset({Kind.COMMITTEE, Kind.GENERAL_BRANCH}))
REACH = {
    **dict.fromkeys(Demand, _BRANCHES),
    Demand.COMMITTEE_MUST: _BELOW_COMMITTEE,
    Demand.COMMITTEE_MAY: _BELOW_COMMITTEE,
    Demand.COMMITTEE_SUGGESTED: _BELOW_COMMITTEE,
    Demand.NO_POSTS: ALL,
    Demand.TOO_MANY_UNITS: _JOINT,
    Demand.SEPARATE_UNIT: _JOINT,
    Demand.NO_DISCIPLINE: _AGENCY_COMMITTEES,
    Demand.DELEGATES: _ABOVE_BRANCHES,
}
"""Who can have each demand; a test holds the findings against it."""


def demands(findings: Iterable[Finding]) -> dict[Demand, Finding]:
    """The demands among the findings, in the order of `Demand`, each with the first finding it comes from."""
    found: dict[Demand, Finding] = {}
    for finding in findings:
        for demand in FOUND_BY.get((finding.rule_id, finding.aspect), ()):
            found.setdefault(demand, finding)
    return {demand: found[demand] for demand in Demand if demand in found}


def entries(demand: Demand, law: Law, on: date) -> tuple[Entry, ...]:
    """The rules a demand rests on as they stand on the day."""
    if demand in PROVISIONS:
        return (law.provision(PROVISIONS[demand]),)
    return tuple(getattr(law, name).on(on) for name in RESTS_ON[demand])


def words(demand: Demand, law: Law, on: date, *, short: bool = False) -> str:
    """The demand with the number of the day: 党支部党员超过50名; `short` for the head of a narrow column."""
    text = SHORT.get(demand, demand.label) if short else demand.label
    return text.format(entries(demand, law, on)[0].value)
