"""What a finding is: a rule that an organization breaks or that speaks about it, with what led to it, in values.

The Chinese sentence is made once, in `wording`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from elections.rules.facts import OrganizationFacts
from elections.rules.parameters import Entry, Law
from elections.rules.state import StateOn
from orgs.enums import Labeled, Severity

_WEIGHT = {severity: weight for weight, severity in enumerate((Severity.ERROR, Severity.WARNING, Severity.INFO))}


class Clears(Labeled):
    """What makes a finding go away."""

    HOLD_ELECTION = "hold_election", "完成换届选举"
    HOLD_OR_EXTEND = "hold_or_extend", "完成换届选举；确有困难的，立即报批延期"
    PREPARE_ELECTION = "prepare_election", "启动换届选举，或者在届满前报批延期"
    FIRST_ELECTION = "first_election", "召开党员大会或者党员代表大会，选举产生班子"
    EXTENSION_APPROVAL = "extension_approval", "补录批准延期的文号和日期；未获批准的，完成换届选举"
    HIGHER_APPROVAL = "higher_approval", "按期换届，或者录入更高一级党组织的批复文号"
    NEXT_ELECTION = "next_election", "下次换届按期进行后不再提示"
    EARLY_APPROVAL = "early_approval", "补录选举以前批准提前换届的文号和日期；确未批准的，向上级党组织报告"
    CORRECT_TERM = "correct_term", "更正选举日期或者任期；任期另有批复的，录入批复文号"
    FILL_DAY = "fill_day", "补录准确到日的日期"
    ENTER_RESULT = "enter_result", "录入选举结果；未选举的，更正选举日"
    END_TERM = "end_term", "更正组织类别、组织形式，或者作废误录的届次和选举"
    ADMIT_OR_MERGE = "admit_or_merge", "正式党员增至规定人数，或者报上级党组织批准合并、撤销"
    SPLIT_OR_RAISE = "split_or_raise", "报上级党组织批准，分设党支部或者设立党总支、党委"
    RAISE = "raise", "报上级党组织批准后改建；工作不需要的，可以维持现状"
    SEPARATE_UNIT = "separate_unit", "符合条件的单位单独成立党支部，或者调整联合单位"
    ELECT_COMMITTEE = "elect_committee", "选举产生支部委员会，或者补录班子成员"
    ADJUST_SEATS = "adjust_seats", "核对班子名册；确需调整的，下次换届按规定名额选举"
    SET_DISCIPLINE = "set_discipline", "选举产生纪律检查委员会，或者补录其成员"
    FILL_POST = "fill_post", "补选，或者由上级党组织指派书记、副书记"
    CHECK_POST = "check_post", "核对班子名册和党员名册，更正职务或者人员类别"
    MOVE_AFFILIATION = "move_affiliation", "转接组织关系，或者核对任职方式"
    PASSES = "passes", "到期自然消除；确有需要的，由上级党组织说明理由"
    ENTER_POSTS = "enter_posts", "导入或者录入班子成员名册"
    ENTER_HEADS = "enter_heads", "导入党员花名册，或者上报党员人数"
    RENEW_ROSTER = "renew_roster", "核对并重新确认党员花名册"
    COMPARE_HEADS = "compare_heads", "核对名册，或者重新上报人数"
    ADJUST_AFTER_MERGER = "adjust_after_merger", "补选或者调整班子，并更新班子成员名册"
    ENTER_UNIT_TYPE = "enter_unit_type", "补录单位类别；任期另有批复的，录入批复文号"
    CHECK_NAME = "check_name", "更正名称；重复登记的，作废其中一个"
    CHECK_POST_DAYS = "check_post_days", "核对任职日期、党组织成立日期和本人入党日期，更正有误的一项"
    CHECK_MEMBER_DAYS = "check_member_days", "对照档案核对党员的出生、入党日期，更正有误的一项"
    END_AFFILIATION = "end_affiliation", "核实组织关系所在，转出或者作废多余的一处"
    NOTHING = "nothing", "无需处理"


@dataclass(frozen=True)
class Finding:
    """One finding on a day.

    `rule_id` with `aspect` names it; `inputs` are the values it was judged by, `entries` the rules it rests on, the
    deciding one first; none of it is a sentence.
    """

    rule_id: str
    aspect: str
    severity: Severity
    clears: Clears
    entries: tuple[Entry, ...]
    inputs: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "inputs", MappingProxyType(dict(self.inputs)))

    @property
    def citation(self) -> str:
        """Documents and articles in Chinese, each once."""
        return "；".join(dict.fromkeys(entry.citation for entry in self.entries))

    @property
    def verified(self) -> bool:
        """Whether the wording of every rule it rests on was read."""
        return all(entry.verified for entry in self.entries)

    @property
    def label(self) -> str:
        """What a screen adds to the citation: 「依据待核」 if one of its rules has it, 「地方规定」, or nothing."""
        labels = {entry.label for entry in self.entries}
        return next((label for label in ("依据待核", "地方规定") if label in labels), "")

    @property
    def may_block(self) -> bool:
        """Whether it may stop an action: an error by rules that are READ, or read second-hand with high confidence."""
        return self.severity is Severity.ERROR and all(entry.may_block for entry in self.entries)

    @property
    def order(self) -> tuple:
        """By severity, then by id; the inputs settle the rest, so that the order of recording does not show."""
        return (_WEIGHT[self.severity], self.rule_id, self.aspect, str(self.inputs))


@dataclass(frozen=True)
class Question:
    """The facts of one organization, the day asked about, the law, and the state they give."""

    facts: OrganizationFacts
    on: date
    law: Law
    state: StateOn

    @property
    def kind(self):
        """The kind on the day."""
        return self.facts.kind_on(self.on)

    @property
    def unit_type(self):
        """The unit type on the day."""
        return self.facts.unit_type_on(self.on)

    @property
    def in_the_books(self) -> bool:
        """Whether the day is not before the 建账日: people, comparisons and reminders are judged only then."""
        return self.facts.books_since is None or self.facts.books_since <= self.on


def error(rule_id: str, aspect: str, clears: Clears, *entries: Entry, **inputs) -> Finding:
    """Something is against the rule, or too late."""
    return Finding(rule_id, aspect, Severity.ERROR, clears, entries, inputs)


def warning(rule_id: str, aspect: str, clears: Clears, *entries: Entry, **inputs) -> Finding:
    """Something to act upon, which the rule leaves room for."""
    return Finding(rule_id, aspect, Severity.WARNING, clears, entries, inputs)


def info(rule_id: str, aspect: str, clears: Clears, *entries: Entry, **inputs) -> Finding:
    """Something worth knowing."""
    return Finding(rule_id, aspect, Severity.INFO, clears, entries, inputs)
