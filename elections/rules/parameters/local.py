"""Stricter values of a district over the national ones, and the mark that somebody compared a rule with its text.

Rows are only added: what was judged on a past day stays judged that way.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from elections.rules.dated import Since
from elections.rules.parameters.entries import Confidence, Entry, Local, Parameter, Status
from elections.rules.parameters.law import Law


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
    """A rule that a named person compared with the official text (「已核原文」), with the article found there."""

    rule_id: str
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
    national = parameter.on(row.since).value
    if row.value is not None and not (row.value > 0 and _is_stricter(parameter, row.value, national)):
        words = "大于" if parameter.local is Local.MORE else "小于"
        raise NotStricter(f"“{parameter.title}”的地方值须{words}全国的{national}{parameter.unit}。")


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
    checked = {row.rule_id: row for row in sorted(rows, key=lambda each: each.on)}
    changed = {name: _checked(parameter, checked) for name, parameter in law.parameters()}
    return replace(
        law,
        **changed,
        term_years={key: _checked(parameter, checked) for key, parameter in law.term_years.items()},
        provisions={rule_id: _seen(entry, checked) for rule_id, entry in law.provisions.items()},
    )


def _is_stricter(parameter: Parameter, value: int, than: int) -> bool:
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


def _checked(parameter: Parameter, rows: dict[str, CheckedRow]) -> Parameter:
    return replace(parameter, entries=Since(*((day, _seen(entry, rows)) for day, entry in parameter.entries.values)))


def _seen(entry: Entry, rows: dict[str, CheckedRow]) -> Entry:
    row = rows.get(entry.rule_id)
    # Practice and the checks of the books have no text to compare with.
    if row is None or entry.status in (Status.PRACTICE, Status.BOOKS, Status.LOCAL):
        return entry
    return replace(
        entry,
        article=row.article,
        article_checked=True,
        status=Status.READ,
        confidence=Confidence.HIGH,
        checked_on=row.on,
        checked_by=row.by,
    )
