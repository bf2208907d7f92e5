"""What was found in a file, as it is stored with its batch and shown: a head that is small, and rows in parts.

The head (sheets, problems by kind with their first places, who is missing) stands with the batch; the rows are in
the parts of the run that the batch shows (orgs.importing.parts). Both are compressed and sealed.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from orgs import crypto
from orgs.enums import RosterKind, Severity
from orgs.importing import parts
from orgs.importing.codes import Code, Issue
from orgs.importing.parts import MadePart, OpenedPart, PreviewRow
from orgs.importing.rows import Missing, RosterRow, SheetPart, UnsureColumn
from orgs.models import ImportBatch

TABLE, COLUMN = "orgs_importbatch", "preview"
PLACES = 8
"""So many places of a problem stand in the head; the others are found by its filter key."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class PreviewSheet:
    """One sheet: `columns` {field: (column number, its title)}; `unknown` titles that are not stored."""

    title: str
    columns: dict[str, tuple[int, str]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one kind in one column: how many there are, and the first of them; `field` '' for whole rows."""

    code: Code
    field: str
    header: str
    severity: Severity
    count: int
    first: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewHead:
    """Everything about a preview but its rows. `issues` are those of the file and of whole sheets.

    `fields` are those in which some row holds a value, `typed` those in which one is no text, `summary` {filter key:
    rows} of all parts, `organizations` the keys of those that good rows touch (for locking, never shown), `mapping`
    what was said by hand of columns.
    """

    kind: str
    rejected: bool = False
    message: str = ""
    sheets: tuple[PreviewSheet, ...] = ()
    issues: tuple[Issue, ...] = ()
    problems: tuple[ProblemGroup, ...] = ()
    missing: tuple[Missing, ...] = ()
    fields: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    summary: dict[str, int] = field(default_factory=dict)
    organizations: tuple[int, ...] = ()
    unsure: tuple[UnsureColumn, ...] = ()
    layout: str = ""
    mapping: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Preview:
    """Head and rows at once: for reports and tests, not for pages of large rosters."""

    head: PreviewHead
    rows: tuple[PreviewRow, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of roster; '' when it was not recognized."""
        return self.head.kind

    @property
    def rejected(self) -> bool:
        """Whether the file as a whole was refused."""
        return self.head.rejected

    @property
    def message(self) -> str:
        """The sentence on what was found."""
        return self.head.message

    @property
    def sheets(self) -> tuple[PreviewSheet, ...]:
        """The sheets of the file, skipped ones included."""
        return self.head.sheets

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Who is on the books but not in the roster."""
        return self.head.missing

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of the contract."""
        return self.head.counts

    @property
    def issues(self) -> tuple[Issue, ...]:
        """All issues: of the file first, then row by row."""
        return (*self.head.issues, *(each for row in self.rows for each in row.issues))


class Tally:
    """What the head says of rows that were put into parts and are not kept."""

    def __init__(self):
        self.rows = 0
        self.summary: Counter[str] = Counter()
        self.fields: dict[str, None] = {}
        self.typed: dict[str, None] = {}
        self.organizations: set[int] = set()
        self._numbers: Counter[tuple] = Counter()
        self._first: dict[tuple, list[Issue]] = defaultdict(list)

    def add(self, rows: Iterable[RosterRow], made: MadePart) -> None:
        """Count the rows of one part."""
        self.rows += made.part.rows
        self.summary.update(made.part.summary)
        self.fields.update(dict.fromkeys(made.fields))
        self.typed.update(dict.fromkeys(made.typed))
        for row in rows:
            if row.organizations and row.step and row.is_good:
                self.organizations.update(row.organizations)
            for each in row.issues:
                # By column as far as the sheet has it: the same sentence about two columns is two problems.
                key = each.code, each.severity, each.header
                self._numbers[key] += 1
                if self._numbers[key] <= PLACES:
                    self._first[key].append(each)

    def problems(self, sheets: Iterable[SheetPart]) -> tuple[ProblemGroup, ...]:
        """The groups, errors before warnings before notes, the largest first."""
        fields = {
            (sheet.title, column): name
            for sheet in sheets
            if sheet.header
            for name, column in sheet.header.columns.items()
        }
        groups = []
        for (code, severity, header), count in self._numbers.items():
            first = self._first[code, severity, header]
            name = fields.get((first[0].sheet, first[0].column), "")
            groups.append(ProblemGroup(code, name, header, severity, count, tuple(first)))
        rank = {severity: place for place, severity in enumerate((Severity.ERROR, Severity.WARNING, Severity.INFO))}
        return tuple(sorted(groups, key=lambda group: (rank[group.severity], -group.count)))


def rejected(kind: str, code: Code, message: str) -> PreviewHead:
    """The head of a file that is refused as a whole."""
    problem = Issue("", None, None, "", "", code, code.severity, message)
    counts = dict.fromkeys(parts.COUNTED, 0)
    return PreviewHead(kind, rejected=True, message=message, issues=(problem,), counts=counts)


def sheet_of(part: SheetPart) -> PreviewSheet:
    """A sheet as it is kept."""
    if part.header is None or part.skipped:
        return PreviewSheet(part.title, skipped=part.skipped)
    header = part.header
    return PreviewSheet(
        part.title,
        {name: (column, header.title(name)) for name, column in header.columns.items()},
        tuple(header.titles[column] for column in header.unknown),
    )


def seal(head: PreviewHead, batch: ImportBatch) -> bytes:
    """The stored form of a head, sealed for its batch."""
    plain = {
        "kind": head.kind,
        "rejected": head.rejected,
        "message": head.message,
        "sheets": [[sheet.title, sheet.columns, sheet.unknown, sheet.skipped] for sheet in head.sheets],
        "issues": [_plain(each) for each in head.issues],
        "problems": [
            [group.code, group.field, group.header, group.severity, group.count, [_plain(each) for each in group.first]]
            for group in head.problems
        ],
        "missing": [[each.uid, each.title, each.place] for each in head.missing],
        "fields": head.fields,
        "typed": head.typed,
        "counts": head.counts,
        "summary": head.summary,
        "organizations": head.organizations,
        "unsure": [[each.sheet, each.column, each.title, each.samples, each.guess] for each in head.unsure],
        "layout": head.layout,
        "mapping": head.mapping,
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return crypto.seal_bytes(zlib.compress(text.encode(), 1), table=TABLE, column=COLUMN, uid=batch.uid)


def head(batch: ImportBatch) -> PreviewHead:
    """The head of the preview stored with a batch; an empty one while it is checked and after it was purged."""
    if not batch.preview_sealed:
        return PreviewHead(batch.kind, message=batch.message, counts=batch.counts)
    sealed = crypto.reveal_bytes(batch.preview_sealed, table=TABLE, column=COLUMN, uid=batch.uid)
    plain = json.loads(zlib.decompress(sealed))
    return PreviewHead(
        kind=plain["kind"],
        rejected=plain["rejected"],
        message=plain["message"],
        sheets=tuple(
            PreviewSheet(title, {name: tuple(place) for name, place in columns.items()}, tuple(unknown), skipped)
            for title, columns, unknown, skipped in plain["sheets"]
        ),
        issues=tuple(_issue(each) for each in plain["issues"]),
        problems=tuple(
            ProblemGroup(Code(code), name, header, Severity(severity), count, tuple(_issue(each) for each in first))
            for code, name, header, severity, count, first in plain["problems"]
        ),
        missing=tuple(Missing(*each) for each in plain["missing"]),
        fields=tuple(plain["fields"]),
        # Previews stored before this was kept have their texts cleaned again, which changes none.
        typed=tuple(plain.get("typed", plain["fields"])),
        counts=plain["counts"],
        summary=plain["summary"],
        organizations=tuple(plain["organizations"]),
        unsure=tuple(
            UnsureColumn(sheet, column, title, tuple(samples), guess)
            for sheet, column, title, samples, guess in plain["unsure"]
        ),
        layout=plain["layout"],
        mapping=plain["mapping"],
    )


def page_of(batch: ImportBatch, key: str, number: int, size: int = PAGE) -> tuple[int, list[PreviewRow]]:
    """How many rows have a filter key (orgs.importing.parts; '' all rows), and those of page `number`, from 1.

    Opens the parts that hold the page and no others.
    """
    stored = list(_stored(batch).values_list("number", "rows", "summary"))
    matching = [(place, rows if not key else summary.get(key, 0)) for place, rows, summary in stored]
    total = sum(count for _, count in matching)
    first, last = (number - 1) * size, number * size
    titles = _titles(batch) if total else ()
    shown, passed = [], 0
    for place, count in matching:
        if count and passed < last and passed + count > first:
            rows = parts.rows_in(_stored(batch).get(number=place), titles)
            chosen = [row for row in rows if parts.has_key(row, key)]
            shown += chosen[max(0, first - passed) : last - passed]
        passed += count
    return total, shown


def rows_of(batch: ImportBatch, *, records: bool = True) -> Iterator[PreviewRow]:
    """All rows, in the order of the file, one part in memory at a time."""
    for rows in parts_of(batch, records=records):
        yield from rows


def parts_of(batch: ImportBatch, *, records: bool = True) -> Iterator[list[PreviewRow]]:
    """The rows of one part after the other."""
    for part in opened_parts(batch):
        yield part.rows(fields=None if records else ())


def opened_parts(batch: ImportBatch) -> Iterator[OpenedPart]:
    """One part after the other, by columns."""
    titles = _titles(batch)
    for part in _stored(batch).iterator(chunk_size=1):
        yield OpenedPart(part, titles)


def opened(batch: ImportBatch, *, records: bool = True) -> Preview:
    """The whole preview at once; an empty one when it was purged. Without `records` rows have no values."""
    return Preview(head(batch), tuple(rows_of(batch, records=records)))


def kind_label(kind: str) -> str:
    """The Chinese name of a kind of roster; 「未识别」 for none."""
    return RosterKind(kind).label if kind else "未识别"


def _stored(batch: ImportBatch):
    """The parts that the batch shows; they name the batch as it is in memory, without another query."""
    return batch.parts.filter(run=batch.shown_run).order_by("number")


def _titles(batch: ImportBatch) -> Sequence[str]:
    return [sheet.title for sheet in head(batch).sheets]


def _plain(issue: Issue) -> list:
    return [issue.sheet, issue.row, issue.column, issue.header, issue.value, issue.code, issue.severity, issue.message]


def _issue(plain: list) -> Issue:
    sheet, row, column, header, value, code, severity, message = plain
    return Issue(sheet, row, column, header, value, Code(code), Severity(severity), message)
