"""The rows of a preview in parts of a thousand or two, each sealed by itself: nobody holds all of a large roster.

A part is JSON by columns, compressed and sealed (it holds ID numbers). Its `summary` counts its rows by filter key,
so that a page finds the rows it shows without opening the others.
"""

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

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

_written = lru_cache(maxsize=5_000, typed=True)(written)


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


def made(batch: ImportBatch, run, number: int, rows: Sequence[RosterRow], places: Mapping[str, int]) -> ImportPart:
    """One part of a run's preview, not saved yet; `places` {title of a sheet: its place in the file}."""
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row.values))
    summary: Counter[str] = Counter()
    statuses, steps, changes, skipped, organizations, issues, uids = [], [], {}, {}, [], {}, {}
    for place, row in enumerate(rows):
        status = row.status
        is_good = status in GOOD
        step = row.step.value if is_good and row.step else ""
        statuses.append(status.value)
        steps.append(step)
        organizations.append(row.organizations)
        if is_good and row.changes:
            changes[place] = row.changes
        if row.skipped:
            skipped[place] = row.skipped
        if row.issues:
            issues[place] = [_plain(each) for each in row.issues]
        if row.uid:
            uids[place] = row.uid
        summary.update(keys_of(status, step, row.issues))
    plain = {
        "sheets": [places[row.sheet.title] for row in rows],
        "numbers": [row.number for row in rows],
        "statuses": statuses,
        "steps": steps,
        "organizations": organizations,
        "columns": {name: [_text(row.values.get(name)) for row in rows] for name in names},
        "changes": changes,
        "skipped": skipped,
        "issues": issues,
        "uids": uids,
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), check_circular=False)
    sealed = crypto.seal_bytes(
        zlib.compress(text.encode(), 1), table=TABLE, column=COLUMN, uid=_uid(batch, run, number)
    )
    return ImportPart(batch=batch, run=run, number=number, rows=len(rows), summary=summary, sealed=sealed)


class OpenedPart:
    """A stored part in clear, by columns; `titles` are those of the file's sheets.

    `steps` and `organizations` row by row, `columns` {field: the text of each row, '' for none}; `good` are the places
    of the rows that may be written, `left_out` the organizations that the others touch.
    """

    def __init__(self, part: ImportPart, titles: Sequence[str]):
        self._plain = json.loads(zlib.decompress(unsealed(part)))
        self._titles = titles
        self.steps: list[str] = self._plain["steps"]
        self.organizations: list[list[int]] = self._plain["organizations"]
        self.columns: dict[str, list[str]] = self._plain["columns"]
        self.good = [place for place, status in enumerate(self._plain["statuses"]) if status in GOOD]
        others = set(range(len(self.steps))).difference(self.good)
        self.left_out = {key for place in others for key in self.organizations[place]}

    def texts(self, name: str) -> list[str]:
        """The text of each row in a field that the file may not have."""
        return self.columns.get(name) or [""] * len(self.steps)

    def rows(self, places: Iterable[int] | None = None, *, records: bool = True) -> list[PreviewRow]:
        """Its rows, all or those at some places. Without `records` they have no values."""
        places = range(len(self.steps)) if places is None else places
        return [self._row(place, self.columns.items() if records else ()) for place in places]

    def _row(self, place: int, columns: Iterable[tuple[str, list[str]]]) -> PreviewRow:
        plain, key = self._plain, str(place)
        title, number = self._titles[plain["sheets"][place]], plain["numbers"][place]
        return PreviewRow(
            title,
            number,
            Status(plain["statuses"][place]),
            self.steps[place],
            {name: text for name, texts in columns if (text := texts[place])},
            {name: tuple(pair) for name, pair in plain["changes"].get(key, {}).items()},
            plain["skipped"].get(key, ""),
            tuple(self.organizations[place]),
            tuple(_issue(title, number, each) for each in plain["issues"].get(key, ())),
            plain["uids"].get(key, ""),
        )


def rows_in(part: ImportPart, titles: Sequence[str], *, records: bool = True) -> list[PreviewRow]:
    """All rows of a stored part; as `OpenedPart` otherwise."""
    return OpenedPart(part, titles).rows(records=records)


def unsealed(part: ImportPart) -> bytes:
    """The compressed content of a part; crypto.SealBroken when it was changed."""
    return crypto.reveal_bytes(part.sealed, table=TABLE, column=COLUMN, uid=_uid(part.batch, part.run, part.number))


def _text(value) -> str:
    return value if type(value) is str else _written(value)


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
