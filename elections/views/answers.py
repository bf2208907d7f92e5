"""What an officer asks about one organization: since when, who may extend it and how far, whether it counts, what next.

Each answer is one line under a label, and each day of the term stands in the calendar beside it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from elections.ledger import OUTSIDE_DENOMINATOR, Row
from elections.models import Election
from elections.rules.approver import Approver
from elections.rules.dated import add_months, add_years, period_end
from elections.rules.parameters import Law
from elections.views.verdict import Reason, resting_on, without_term
from orgs.days import spoken
from orgs.enums import Precision, State

HIGHER = "上级有审批权限的党组织"
WITH_DEADLINE = frozenset({State.OVERDUE, State.DUE_SOON, State.EXTENDED, State.IN_ELECTION, State.IN_TERM})


@dataclass(frozen=True)
class Answer:
    """One question as a label, and its answer."""

    label: str
    reason: Reason


@dataclass(frozen=True)
class Deadline:
    """One day of the calendar, with how far it is."""

    label: str
    day: str
    away: str


def answers(
    row: Row | None, *, on: date, law: Law, election: Election | None, approver: Approver | None, followed: str
) -> list[Answer]:
    """The lines for one organization on a day; none for one that does not exist.

    `election` is the open general one, `approver` who approves (None when the user may not know it),
    `followed` how the sitting term's election lay to the term before.
    """
    if row is None:
        return []
    found = []
    if row.state == State.OVERDUE:
        first = spoken(row.ends_on + timedelta(days=1))
        found.append(Answer("何时逾期", Reason(f"自{first}起逾期，至今 {row.days} 天。")))
    found.append(Answer("应换届数", _of_denominator(row, on, law)))
    if row.term is not None:
        elected = spoken(row.elected_on, row.elected_on_precision)
        found.append(Answer("上次换届", Reason(f"{elected}选举产生{_ordinal(row)}，{followed}。")))
    if row.state in WITH_DEADLINE and row.term is not None:
        found.append(Answer("延期审批", _of_extension(row, on, law, approver)))
        found += _of_plan(row, on)
    found.append(Answer("下一步", Reason(_next_step(row, on, law, election))))
    return found


def _ordinal(row: Row) -> str:
    return f"第 {row.ordinal} 届" if row.ordinal else "本届"


def _of_denominator(row: Row, on: date, law: Law) -> Reason:
    if row.state not in OUTSIDE_DENOMINATOR:
        return Reason("计入。")
    if row.state == State.NO_TERM:
        why = without_term(row)
        return Reason(f"不计入：{why.words}", why.basis, why.title)
    entry = law.first_election_months.on(on)
    return resting_on("不计入：待首次选举，选举产生首届班子后计入。", entry, law)


def _of_extension(row: Row, on: date, law: Law, approver: Approver | None) -> Reason:
    """Who may extend the term and how far, or that it is too late for that (TERM-12, TERM-21)."""
    cap, late = law.extension_cap_years.on(on), law.late_approval_years.on(on)
    if add_years(row.expires_on, late.value) < on:
        words = f"届满已超过 {late.value} 年，现在补批延期不再改变状态，应完成换届选举。"
        if row.extended_to is not None and on <= row.extended_to:
            words = f"已批准延期至{spoken(row.extended_to)}，不再延期，应在这一天以前完成换届选举。"
        return resting_on(words, late, law)
    who = who_approves(approver)
    longest = spoken(add_years(row.expires_on, cap.value))
    words = f"{who}，最长延至{longest}（届满后 {cap.value} 年）；超过的，须有更高一级党组织的批复文号。"
    if row.extended_to is not None:
        words = f"已批准延期至{spoken(row.extended_to)}，原则上不再延期；确需延期的{words}"
    return resting_on(words, cap, law)


def who_approves(approver: Approver | None) -> str:
    """Who approves for an organization, as a part of a sentence."""
    if approver is None:
        return f"由{HIGHER}审批"
    return f"由“{approver.key.name}”审批" + ("（按批复另行规定）" if approver.by_document else "")


def _of_plan(row: Row, on: date) -> list[Answer]:
    found = []
    if row.term.planned_on is not None:
        planned = spoken(row.term.planned_on, row.term.planned_on_precision)
        passed = "，已过" if row.term.planned_on < on else ""
        found.append(Answer("计划换届时间", Reason(f"{planned}{passed}。")))
    elif row.state == State.OVERDUE:
        found.append(Answer("计划换届时间", Reason("未填写，请在“办理”中填写换届计划，或者上传换届台账补录。")))
    if row.term.overdue_reason:
        found.append(Answer("未换届原因", Reason(f"{row.term.overdue_reason}。")))
    elif row.state == State.OVERDUE:
        found.append(Answer("未换届原因", Reason("未填写，请在“办理”中填写换届计划，或者上传换届台账补录。")))
    return found


def _next_step(row: Row, on: date, law: Law, election: Election | None) -> str:
    if row.state == State.NO_TERM:
        return "无须换届。"
    short = next((finding for finding in row.findings if finding.rule_id == "TERM-25"), None)
    if short is not None and row.state != State.IN_TERM:
        least = short.inputs["least"]
        return f"正式党员不足{least}名，暂不能选举：先补足正式党员，或者报上级党组织批准合并、撤销。"
    if row.state == State.NO_DATA:
        return "补录本届选举日期；确未选举过的，召开党员大会或者党员代表大会选举产生班子。"
    if row.state == State.AWAITING_FIRST:
        return "召开党员大会或者党员代表大会，选举产生首届班子。"
    if row.state == State.IN_ELECTION:
        held = election.election_day if election else None
        return f"{spoken(held)}召开选举大会，之后录入选举结果。" if held else "确定选举日，召开选举大会。"
    if row.state == State.OVERDUE:
        late = law.late_approval_years.on(on).value
        may_extend = row.extended_to is None and on <= add_years(row.expires_on, late)
        return "完成换届选举" + ("；确有困难的，立即报批延期。" if may_extend else "。")
    if row.state == State.EXTENDED:
        return f"在{spoken(row.ends_on)}以前完成换届选举。"
    if row.state == State.DUE_SOON:
        return f"启动换届选举，或者在{spoken(row.expires_on)}以前报批延期。"
    reminder = add_months(row.expires_on, -law.reminder_lead_months.on(on).value)
    return f"{spoken(reminder)}起提醒启动换届。"


def calendar(row: Row | None, *, on: date, law: Law, election: Election | None) -> list[Deadline]:
    """The days that matter for the organization, earliest first, each with how far it lies from the day asked about."""
    if row is None or row.state == State.NO_TERM:
        return []
    days = _days_of_term(row, on, law) if row.term is not None else _days_of_first(row, on, law)
    if election is not None and election.election_day is not None:
        days.append(("选举日", election.election_day, Precision.DAY))
    return [Deadline(label, spoken(day, precision), _away(day, on)) for label, day, precision in sorted(days, key=_day)]


def _day(entry: tuple) -> date:
    return entry[1]


def _days_of_term(row: Row, on: date, law: Law) -> list[tuple[str, date, Precision]]:
    expires_on, exactly = row.expires_on, Precision.DAY
    lead, cap = law.reminder_lead_months.on(on).value, law.extension_cap_years.on(on).value
    years = law.inspection_years.on(on).value
    days = [
        ("届满提醒日", add_months(expires_on, -lead), exactly),
        ("届满日期", expires_on, row.expires_on_precision),
        ("最长可延至", add_years(expires_on, cap), exactly),
        (f"列入“届满超过{years}年”", add_years(expires_on, years) + timedelta(days=1), exactly),
    ]
    if row.extended_to is not None:
        days.append(("批准延期至", row.extended_to, exactly))
    if row.term.planned_on is not None:
        days.append(("计划换届时间", row.term.planned_on, Precision(row.term.planned_on_precision)))
    return days


def _days_of_first(row: Row, on: date, law: Law) -> list[tuple[str, date, Precision]]:
    """Until when the first election may be awaited, where the founding or the conversion says so."""
    if row.state != State.AWAITING_FIRST:
        return []
    node, months = row.organization, law.first_election_months.on(on).value
    begun = [period_end(node.founded_on, Precision(node.founded_on_precision))] if node.founded_on else []
    begun += [node.converted_on] if node.converted_on else []
    last = max((add_months(day, months) for day in begun if day <= on), default=None)
    return [("首次选举期限", last, Precision.DAY)] if last is not None and on <= last else []


def _away(day: date, on: date) -> str:
    days = (day - on).days
    return f"还有 {days} 天" if days > 0 else f"已过 {-days} 天" if days < 0 else "就在这一天"
