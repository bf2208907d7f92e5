"""The rows of a preview in parts of a thousand or two, each sealed by itself: nobody holds all of a large roster.

A part is JSON by columns, a line for each so that none is read in vain, compressed and sealed (it holds ID numbers).
Its `summary` counts its rows by filter key, so that a page finds the rows it shows without opening the others.
"""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from orgs import crypto
from orgs.enums import Severity
from orgs.importing.codes import Code, Issue
from orgs.importing.roster import written
from orgs.importing.rows import RosterRow, Status, Step
from orgs.models import ImportBatch, ImportPart

TABLE, COLUMN = "orgs_importpart", "sealed"
SIZE = 2000
"""Rows of one part: opened in some hundredths of a second."""

COUNTED = ("rows", "good", "warning", "bad", "skipped", "new", "changed", "unchanged", "transfer", "missing")
ATTENTION = "attention"
"""The filter key of rows that wait for somebody: in error, with a warning, or a transfer."""

GOOD = (Status.OK, Status.WARNING)

TEXTS = {str, type(None)}


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row: its state, what it would do (`step`, '' when it is not good), its values and old → new by field."""

    sheet: str
    number: int
    status: Status
    step: str = ""
    record: dict[str, str] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    skipped: str = ""
    # Keys of the organizations it touches, or of the one it names when it is not good; never shown.
    organizations: tuple[int, ...] = ()
    issues: tuple[Issue, ...] = ()
    # The uid of the person on the books whom a transfer is about; never shown.
    uid: str = ""

    @property
    def is_good(self) -> bool:
        """Whether the row may be written."""
        return self.status in GOOD

    def promises(self, row: RosterRow) -> bool:
        """Whether confirming now does to this row what was shown, or nothing is left to do."""
        if not row.is_good:
            return not self.is_good
        if row.step == Step.UNCHANGED:
            return self.is_good
        return (self.step, self.changes, self.organizations) == (row.step, row.changes, row.organizations)


def status_key(status: Status) -> str:
    """The filter key of rows in a state."""
    return f"status:{status.value}"


def step_key(step: Step) -> str:
    """The filter key of good rows that do something."""
    return f"step:{step.value}"


def code_key(code: Code) -> str:
    """The filter key of rows with a kind of problem."""
    return f"code:{code.value}"


def keys_of(status: Status, step: str, issues: Iterable[Issue]) -> Iterator[str]:
    """All filter keys of a row."""
    yield f"status:{status.value}"
    if step:
        yield f"step:{step}"
    if status in (Status.ERROR, Status.WARNING) or step == Step.TRANSFER:
        yield ATTENTION
    for code in {each.code for each in issues}:
        yield f"code:{code.value}"


def has_key(row: PreviewRow, key: str) -> bool:
    """Whether a row is among those of a filter key; '' means all."""
    return not key or key in keys_of(row.status, row.step, row.issues)


def counts_of(summary: Mapping[str, int], rows: int, missing: int) -> dict[str, int]:
    """The contract's numbers; `good` includes rows with warnings, so that good + bad + skipped = rows."""
    warning = summary.get(status_key(Status.WARNING), 0)
    return {
        "rows": rows,
        "good": summary.get(status_key(Status.OK), 0) + warning,
        "warning": warning,
        "bad": summary.get(status_key(Status.ERROR), 0),
        "skipped": summary.get(status_key(Status.SKIPPED), 0),
        **{step.value: summary.get(step_key(step), 0) for step in Step},
        "missing": missing,
    }


@dataclass(frozen=True, slots=True)
class MadePart:
    """A part that was made of rows: the fields in which some row holds a value, and those in which one is no text."""

    part: ImportPart
    fields: tuple[str, ...]
    typed: tuple[str, ...]


def made(batch: ImportBatch, run, number: int, rows: Sequence[RosterRow], places: Mapping[str, int]) -> MadePart:
    """One part of a run's preview, not saved yet; `places` {title of a sheet: its place in the file}."""
    statuses = [row.status for row in rows]
    steps = [row.step if row.step and status in GOOD else "" for row, status in zip(rows, statuses, strict=True)]
    columns, typed = _columns(rows)
    # Rows that follow each other touch the same organizations, and numbers are read faster than lists of numbers.
    groups = {group: place for place, group in enumerate(dict.fromkeys(row.organizations for row in rows))}
    plain = {
        "sheets": _once([places[row.sheet.title] for row in rows]),
        "numbers": [row.number for row in rows],
        "statuses": _once(statuses),
        "steps": _once(steps),
        "groups": list(groups),
        "group": _once([groups[row.organizations] for row in rows]),
        "columns": list(columns),
        "changes": {place: row.changes for place, row in enumerate(rows) if row.changes and statuses[place] in GOOD},
        "skipped": {place: row.skipped for place, row in enumerate(rows) if row.skipped},
        "issues": {place: [_plain(each) for each in row.issues] for place, row in enumerate(rows) if row.issues},
        "uids": {place: row.uid for place, row in enumerate(rows) if row.uid},
        "held": _once([row.held[0] if row.held else 0 for row in rows]),
        "versions": _once([row.held[1] if row.held else 0 for row in rows]),
    }
    text = "\n".join(_json(each) for each in (plain, *map(_once, columns.values())))
    sealed = crypto.seal_bytes(
        zlib.compress(text.encode(), 1), table=TABLE, column=COLUMN, uid=_uid(batch, run, number)
    )
    summary = _summary(rows, statuses, steps)
    part = ImportPart(batch=batch, run=run, number=number, rows=len(rows), summary=summary, sealed=sealed)
    return MadePart(part, tuple(columns), tuple(typed))


def _columns(rows: Sequence[RosterRow]) -> tuple[dict[str, list[str]], list[str]]:
    """{field: the text of each row} where some row holds a value, and the fields in which one is no text."""
    names: dict[str, None] = {}
    for row in rows:
        names.update(row.values)
    columns, typed = {}, []
    for name in names:
        column = [row.values.get(name) for row in rows]
        kinds = set(map(type, column))
        if kinds - TEXTS:
            typed.append(name)
        if kinds != {str}:
            # True and 1 are equal, and not the same.
            known = {value: written(value) for value in set(column)} if len(kinds - {type(None)}) == 1 else None
            column = [known[value] for value in column] if known is not None else [*map(written, column)]
        columns[name] = column
    return columns, typed


def _summary(rows: Sequence[RosterRow], statuses: Sequence[Status], steps: Sequence[str]) -> Counter[str]:
    """How many rows have which filter key."""
    summary: Counter[str] = Counter()
    alike: Counter[tuple[Status, str]] = Counter()
    for row, kind in zip(rows, zip(statuses, steps, strict=True), strict=True):
        if row.issues:
            summary.update(keys_of(*kind, row.issues))
        else:
            alike[kind] += 1
    for kind, number in alike.items():
        summary.update(dict.fromkeys(keys_of(*kind, ()), number))
    return summary


class OpenedPart:
    """A stored part in clear, by columns; `titles` are those of the file's sheets.

    `steps`, `held` (keys) and `versions` row by row, as rows have them, 0 for none, and `only`, the organization of a
    row that touches one; `good` are the places of the rows that may be written, `left_out` the organizations that the
    others touch.
    """

    def __init__(self, part: ImportPart, titles: Sequence[str]):
        first, *lines = zlib.decompress(unsealed(part)).split(b"\n")
        self._plain = json.loads(first)
        self._titles, self._rows = titles, part.rows
        stored = self._plain["columns"]
        # Previews stored before columns had a line each have them all in the first.
        self._columns: dict[str, list[str]] = stored if isinstance(stored, dict) else {}
        self._lines = dict(zip(stored, lines, strict=True)) if isinstance(stored, list) else {}
        self.steps: list[str] = self._each(self._plain["steps"])
        # Previews stored before these were kept.
        self.held: list[int] = self._each(self._plain.get("held", [0]))
        self.versions: list[int] = self._each(self._plain.get("versions", [0]))
        self._groups = self._plain.get("groups") or self._plain["organizations"]
        self._group = self._each(self._plain["group"]) if "group" in self._plain else range(part.rows)
        only = [group[0] if len(group) == 1 else 0 for group in self._groups]
        self.only = [only[place] for place in self._group]
        self._sheets, self._statuses = self._each(self._plain["sheets"]), self._each(self._plain["statuses"])
        self.good = [place for place, status in enumerate(self._statuses) if status in GOOD]
        self.left_out: set[int] = set()
        if len(self.good) < len(self.steps):
            for place in set(range(len(self.steps))).difference(self.good):
                self.left_out.update(self._groups[self._group[place]])

    def texts(self, name: str) -> list[str]:
        """The text of each row in a field, '' for none; the file may not have the field."""
        if name not in self._columns:
            line = self._lines.get(name)
            self._columns[name] = self._each(json.loads(line) if line is not None else [""])
        return self._columns[name]

    def rows(self, places: Iterable[int] | None = None, *, fields: Iterable[str] | None = None) -> list[PreviewRow]:
        """Its rows, all or those at some places, with the values of all fields or of some."""
        names = self._plain["columns"] if fields is None else fields
        columns = {name: self.texts(name) for name in names}
        return [self._row(place, columns) for place in (range(self._rows) if places is None else places)]

    def _each(self, stored: list) -> list:
        """A value for each row, where one may stand for all."""
        return stored * self._rows if len(stored) == 1 else stored

    def _row(self, place: int, columns: Mapping[str, list[str]]) -> PreviewRow:
        plain, key = self._plain, str(place)
        title, number = self._titles[self._sheets[place]], plain["numbers"][place]
        return PreviewRow(
            title,
            number,
            Status(self._statuses[place]),
            self.steps[place],
            {name: text for name, texts in columns.items() if (text := texts[place])},
            {name: tuple(pair) for name, pair in plain["changes"].get(key, {}).items()},
            plain["skipped"].get(key, ""),
            tuple(self._groups[self._group[place]]),
            tuple(_issue(title, number, each) for each in plain["issues"].get(key, ())),
            plain["uids"].get(key, ""),
        )


def rows_in(part: ImportPart, titles: Sequence[str], *, records: bool = True) -> list[PreviewRow]:
    """All rows of a stored part; as `OpenedPart` otherwise."""
    return OpenedPart(part, titles).rows(fields=None if records else ())


def unsealed(part: ImportPart) -> bytes:
    """The compressed content of a part; crypto.SealBroken when it was changed."""
    return crypto.reveal_bytes(part.sealed, table=TABLE, column=COLUMN, uid=_uid(part.batch, part.run, part.number))


def _once(column: list) -> list:
    """A column as it is stored: where all rows have the same value, that value."""
    return column[:1] if column.count(column[0]) == len(column) else column


def _json(plain) -> str:
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), check_circular=False)


def _uid(batch: ImportBatch, run, number: int) -> str:
    """What a part is sealed for: its place in one run of one batch."""
    return f"{batch.uid}.{run}.{number}"


def _plain(issue: Issue) -> list:
    """An issue without its row; its weight only where it differs from its code's."""
    weight = [issue.severity.value] if issue.severity != issue.code.severity else []
    return [issue.column, issue.header, issue.value, issue.code.value, issue.message, *weight]


def _issue(sheet: str, row: int, plain: list) -> Issue:
    column, header, value, name, message, *weight = plain
    code = Code(name)
    return Issue(sheet, row, column, header, value, code, Severity(weight[0]) if weight else code.severity, message)
