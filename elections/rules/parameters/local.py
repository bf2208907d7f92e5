"""Stricter values of a district over the national ones, and the mark that somebody compared a rule with its text.

Rows are only added: what was judged on a past day stays judged that way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from elections.rules.dated import Since
from elections.rules.parameters.entries import PRACTICE_NAME, Confidence, Entry, Local, Parameter, Status
from elections.rules.parameters.law import Law

# Months of a whole term of five years; no notice is longer in days either.
MOST = 60


class LocalValueRefused(ValueError):
    """A local value that may not be entered; the message says why, in Chinese."""


class UnknownParameter(LocalValueRefused):
    """No number of the law has this name."""


class NotOpenToLocalValues(LocalValueRefused):
    """The number is the same everywhere."""


class NotStricter(LocalValueRefused):
    """The value would ask for less than the national one on its first day."""


class ChangesThePast(LocalValueRefused):
    """The value would hold on a day already judged, or replace one already entered."""


class Implausible(LocalValueRefused):
    """The value is so large that it can only be a slip, and days counted with it would leave the calendar."""


class BasisMissing(LocalValueRefused):
    """A local value needs the document it rests on."""


@dataclass(frozen=True)
class LocalRow:
    """A value of one root's tree from a day on, with its document; `value` None ends the one before.

    `parameter` is the name of the number in `Law`, `root` tells the trees apart (an organization's uid).
    """

    parameter: str
    since: date
    value: int | None
    basis: str
    root: str


@dataclass(frozen=True)
class CheckedRow:
    """A rule that a named person compared with the official text (「已核原文」), with the article found there.

    A rule that several documents hold is compared with each of them: the row speaks of `document` alone.
    """

    rule_id: str
    document: str
    article: str
    by: str
    on: date


def admit(row: LocalRow, *, existing: Iterable[LocalRow], today: date, law: Law | None = None) -> None:
    """Raise LocalValueRefused unless the row may be added to those that exist; `today` is the day of entering."""
    parameter = dict((law or Law.builtin()).parameters()).get(row.parameter)
    if parameter is None:
        raise UnknownParameter(f"没有“{row.parameter}”这项参数。")
    if parameter.local is Local.CLOSED:
        raise NotOpenToLocalValues(f"“{parameter.title}”全国统一，不能另设地方值。")
    if not row.basis.strip():
        raise BasisMissing("请填写地方值依据的文件名称和文号。")
    if row.since < today:
        raise ChangesThePast("地方值只能从今天或者以后的日期起施行，不能改变以前的认定。")
    same = [each for each in existing if (each.parameter, each.root) == (row.parameter, row.root)]
    if any(row.since <= each.since for each in same):
        raise ChangesThePast("施行日期须晚于已有的地方值；已录入的地方值不能更改。")
    if row.value is None:
        return
    national = parameter.on(row.since).value
    if not (row.value > 0 and _is_stricter(parameter, row.value, national)):
        raise NotStricter(f"“{parameter.title}”的地方值须{_bound(parameter, national)}{parameter.unit}。")
    if row.value > MOST:
        raise Implausible(f"“{parameter.title}”的地方值最多{MOST}{parameter.unit}，请核对。")


def with_local(law: Law, rows: Iterable[LocalRow]) -> Law:
    """The law with the local rows that hold for one organization, of one root or of several above each other.

    On each day the strictest value holds, so a national one that has become stricter is never undercut.
    """
    by_name: dict[str, list[LocalRow]] = {}
    for row in rows:
        by_name.setdefault(row.parameter, []).append(row)
    known = dict(law.parameters())
    if unknown := sorted(set(by_name) - set(known)):
        raise UnknownParameter(f"没有“{unknown[0]}”这项参数。")
    return replace(law, **{name: _over(known[name], added) for name, added in by_name.items()})


def with_checked(law: Law, rows: Iterable[CheckedRow]) -> Law:
    """The law with the rules that somebody compared with the official text: from then on they count as READ."""
    checked = {(row.rule_id, row.document): row for row in sorted(rows, key=lambda each: each.on)}
    if not checked:
        return law
    changed = {name: _checked(parameter, checked) for name, parameter in law.parameters()}
    return replace(
        law,
        **changed,
        term_years={key: _checked(parameter, checked) for key, parameter in law.term_years.items()},
        provisions={rule_id: _seen(entry, checked) for rule_id, entry in law.provisions.items()},
    )


def may_be_checked(entry: Entry) -> bool:
    """Whether the rule stands in a text somebody can compare it with: practice and checks of the books do not."""
    return entry.status not in (Status.PRACTICE, Status.BOOKS, Status.LOCAL) and entry.document != PRACTICE_NAME


def _bound(parameter: Parameter, national: int | None) -> str:
    """What a local value has to be compared with the national one, in words without the unit."""
    if national is None:
        return "大于0"
    return f"{'大于' if parameter.local is Local.MORE else '小于'}全国的{national}"


def _is_stricter(parameter: Parameter, value: int, than: int | None) -> bool:
    if than is None:
        return True
    return value > than if parameter.local is Local.MORE else value < than


def _over(parameter: Parameter, rows: list[LocalRow]) -> Parameter:
    if parameter.local is Local.CLOSED:
        raise NotOpenToLocalValues(f"“{parameter.title}”全国统一，不能另设地方值。")
    days = sorted({day for day, _ in parameter.entries.values} | {row.since for row in rows})
    return replace(parameter, entries=Since(*((day, _strictest(parameter, rows, day)) for day in days)))


def _strictest(parameter: Parameter, rows: list[LocalRow], day: date) -> Entry:
    found = parameter.on(day)
    latest = {row.root: row for row in sorted(rows, key=lambda each: each.since) if row.since <= day}
    for row in sorted(latest.values(), key=lambda each: each.root):
        if row.value is not None and _is_stricter(parameter, row.value, found.value):
            found = Entry(
                row.value,
                found.rule_id,
                row.basis.strip(),
                status=Status.LOCAL,
                confidence=Confidence.HIGH,
                see_also=found.see_also,
                checked_on=row.since,
            )
    return found


def _checked(parameter: Parameter, rows: dict[tuple[str, str], CheckedRow]) -> Parameter:
    return replace(parameter, entries=Since(*((day, _seen(entry, rows)) for day, entry in parameter.entries.values)))


def _seen(entry: Entry, rows: dict[tuple[str, str], CheckedRow]) -> Entry:
    row = rows.get((entry.rule_id, entry.document))
    if row is None or not may_be_checked(entry):
        return entry
    return replace(
        entry,
        article=row.article or entry.article,
        article_checked=True,
        status=Status.READ,
        confidence=Confidence.HIGH,
        checked_on=row.on,
        checked_by=row.by,
    )
