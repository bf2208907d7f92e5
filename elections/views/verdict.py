"""Why an organization is in its state, in sentences: the dates, the rule, and what would clear a mark."""

from dataclasses import dataclass

from elections.ledger import Row
from elections.rules.chapters import length_title, titles
from elections.rules.dated import add_months
from elections.rules.parameters import Entry, Law, LawGap
from elections.services.terms import BY_DOCUMENT
from orgs.days import spoken
from orgs.enums import Form, Kind, Mark, Precision, State

MARK_WORDS = {
    Mark.NEW: "本届为首届，任期未满，标注“新建”。",
    Mark.STARTED: "已启动换届选举；届满前未完成，仍列为逾期。",
    Mark.RESULT_MISSING: "选举日已过，尚未录入选举结果，请补录。",
    Mark.DAY_UNCERTAIN: "选举或届满日期只知道年月，按当月最后一日计算，请补全到日。",
}
NO_TERM_WORDS = {
    Kind.WORKING_COMMITTEE: (
        "党工委是派出机关，领导班子由上级任命，不进行换届选举。",
        "《中国共产党章程》",
        "党工委录有届次",
    ),
    Kind.LOCAL_COMMITTEE: (
        "地方委员会按地方组织的规定换届，不列入基层党组织换届台账的应换届数。",
        "《中国共产党章程》第二十七条",
        "地方党委录有届次",
    ),
}
NO_TERM_FORMS = {
    Form.TEMPORARY: (
        "临时党支部不进行换届。",
        "《中国共产党支部工作条例（试行）》第八条（条号待核）",
        "临时党支部录有届次",
    ),
    Form.FUNCTIONAL: ("功能型党组织不接转党员组织关系，不进行换届选举。", ""),
    Form.MOBILE: ("流动党支部未接收党员组织关系，不进行换届选举。", ""),
}


@dataclass(frozen=True)
class Reason:
    """One sentence and the document it rests on (empty for plain dates), `title` its place on the page 规则依据."""

    words: str
    basis: str = ""
    title: str = ""


def resting_on(words: str, entry: Entry, law: Law) -> Reason:
    """A sentence with the rule it rests on."""
    return Reason(words, cited(entry), titles(law).get(id(entry), ""))


def verdict(row: Row | None) -> dict:
    """The state with its dates, as the colored bar shows it; an organization without a row does not exist."""
    if row is None:
        return {"state": State.NOT_EXISTING}
    days = ""
    if row.days is not None:
        days = f"已超 {row.days} 天" if row.state == State.OVERDUE else f"还有 {row.days} 天"
    return {
        "state": row.state,
        "expires_on": spoken(row.expires_on, row.expires_on_precision),
        "extended_to": spoken(row.extended_to),
        "marks": [mark.label for mark in row.marks],
        "days": days,
    }


def reasons(row: Row | None, *, on, law: Law, election=None) -> list[Reason]:
    """What led to the state, the term first; `election` is the open general election, if there is one."""
    if row is None:
        return [Reason("这一天它尚未成立或已经撤销，不计入任何数字。")]
    found = _of_term(row, law) + _of_state(row, on, law, election)
    if row.inspection:
        entry = law.inspection_years.on(on)
        found.append(resting_on(f"届满超过 {entry.value} 年没有换届。", entry, law))
    return found + [Reason(MARK_WORDS[mark]) for mark in row.marks]


def _of_term(row: Row, law: Law) -> list[Reason]:
    if row.expires_on is None:
        return []
    elected = spoken(row.elected_on, row.elected_on_precision)
    expires = spoken(row.expires_on, row.expires_on_precision)
    words = f"本届于{elected}选举产生，任期 {row.years} 年，{expires}届满。"
    basis = length_basis(row.years_basis, row.kind, row.unit_type, row.elected_on, law)
    is_of_law = basis and row.years_basis != BY_DOCUMENT
    found = [Reason(words, basis, length_title(row.kind, row.unit_type, law) if is_of_law else "")]
    if row.extended_to:
        entry = law.extension_cap_years.on(row.extended_to)
        found.append(resting_on(f"经批准延期至{spoken(row.extended_to)}。", entry, law))
    return found


def _of_state(row: Row, on, law: Law, election) -> list[Reason]:
    if row.state == State.NO_TERM:
        return [without_term(row)]
    if row.state == State.AWAITING_FIRST:
        return [_of_awaiting(row, on, law)]
    if row.state == State.NO_DATA:
        return [Reason("应有任期，但没有录入任何一届；请补录本届选举日期。")]
    if row.state == State.IN_ELECTION:
        day = f"，选举日 {spoken(election.election_day)}" if election and election.election_day else "，选举日未定"
        started = f"换届选举已于{spoken(election.opened_on)}启动" if election else "换届选举已启动"
        return [Reason(f"{started}{day}。")]
    if row.state == State.OVERDUE:
        return [Reason(f"{spoken(row.ends_on)}任期结束后没有换届，至今 {row.days} 天。")]
    if row.state == State.EXTENDED:
        return [Reason(f"任期已满，在批准的延期之内，还有 {row.days} 天。")]
    if row.state == State.DUE_SOON:
        entry = law.reminder_lead_months.on(on)
        return [resting_on(f"距届满不足 {entry.value} 个月，应提醒启动换届。", entry, law)]
    return [Reason(f"任期未满，还有 {row.days} 天。")]


def without_term(row: Row) -> Reason:
    """Why an organization of its kind or form has no term."""
    return Reason(*(NO_TERM_WORDS.get(row.kind) or NO_TERM_FORMS[row.form]))


def _of_awaiting(row: Row, on, law: Law) -> Reason:
    """Since when the first election is awaited: the founding or conversion, else the superior's appointment."""
    organization, entry = row.organization, law.first_election_months.on(on)
    for word, day, precision in (
        ("改建", organization.converted_on, Precision.DAY),
        ("成立", organization.founded_on, organization.founded_on_precision),
    ):
        if day and day <= on <= add_months(day, entry.value):
            return resting_on(f"{spoken(day, precision)}{word}，不满 {entry.value} 个月，待首次选举。", entry, law)
    return resting_on("已由上级指派班子，待首次选举。", entry, law)


def length_basis(years_basis: str, kind, unit_type, elected_on, law: Law) -> str:
    """What the length of a term rests on, as a screen says it."""
    if years_basis == BY_DOCUMENT:
        return "按批复确定的任期"
    if unit_type is None:
        return ""
    try:
        return cited(law.length(kind, unit_type, elected_on=elected_on))
    except LawGap:
        return ""


def cited(entry: Entry) -> str:
    """Document and article, with 「依据待核」 while the wording was not read."""
    return f"{entry.citation}（{entry.label}）" if entry.label else entry.citation
