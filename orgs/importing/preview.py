"""What was found in a file, as it is stored with its batch and shown: compact, sealed, complete.

The stored form is JSON, compressed and sealed by orgs.crypto: it holds ID numbers.
"""

import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from orgs import crypto
from orgs.enums import RosterKind, Severity
from orgs.importing.codes import Code, Issue
from orgs.importing.recognition import RosterFile
from orgs.importing.roster import written
from orgs.importing.rows import Missing, RosterRow, Status, Step
from orgs.models import ImportBatch

TABLE, COLUMN = "orgs_importbatch", "preview"
COUNTED = ("rows", "good", "warning", "bad", "skipped", "new", "changed", "unchanged", "transfer", "missing")


@dataclass(frozen=True, slots=True)
class PreviewSheet:
    """One sheet: `columns` {field: (column number, its title)}; `unknown` titles that are not stored."""

    title: str
    columns: dict[str, tuple[int, str]] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    skipped: str = ""


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
    # Keys of the organizations it touches; for locking, never shown.
    organizations: tuple[int, ...] = ()

    def promises(self, row: RosterRow) -> bool:
        """Whether confirming now does to this row what was shown, or nothing is left to do."""
        good = self.status in (Status.OK, Status.WARNING)
        if not row.is_good:
            return not good
        if row.step == Step.UNCHANGED:
            return good
        return (self.step, self.changes, self.organizations) == (row.step, row.changes, row.organizations)


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything a page or a report says about a batch before it is confirmed."""

    kind: str
    rejected: bool = False
    message: str = ""
    sheets: tuple[PreviewSheet, ...] = ()
    rows: tuple[PreviewRow, ...] = ()
    issues: tuple[Issue, ...] = ()
    missing: tuple[Missing, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)

    def issues_by_row(self) -> dict[tuple[str, int], list[Issue]]:
        """{(sheet, row number): its issues}."""
        found = defaultdict(list)
        for each in self.issues:
            found[each.sheet, each.row].append(each)
        return found

    @property
    def organizations(self) -> set[int]:
        """Keys of all organizations that good rows touch."""
        return {key for row in self.rows if row.step for key in row.organizations}


def build(found: RosterFile, missing: Iterable[Missing]) -> Preview:
    """The preview of a checked and compared file."""
    rows = tuple(_row(row) for row in found.rows)
    missing = tuple(missing)
    return Preview(
        kind=found.roster.roster_kind.value,
        sheets=tuple(_sheet(part) for part in found.sheets),
        rows=rows,
        issues=(*found.issues, *(each for row in found.rows for each in row.issues)),
        missing=missing,
        counts=count(rows, len(missing)),
    )


def with_message(preview: Preview, message: str) -> Preview:
    """The same preview with its sentence."""
    return replace(preview, message=message)


def rejected(kind: str, code: Code, message: str) -> Preview:
    """The preview of a file that is refused as a whole."""
    problem = Issue("", None, None, "", "", code, code.severity, message)
    return Preview(kind, rejected=True, message=message, issues=(problem,), counts=dict.fromkeys(COUNTED, 0))


def count(rows: Sequence[PreviewRow | RosterRow], missing: int) -> dict[str, int]:
    """The contract's numbers; `good` includes rows with warnings, so that good + bad + skipped = rows."""
    statuses = [row.status for row in rows]
    by_status = Counter(statuses)
    written = (Status.OK, Status.WARNING)
    by_step = Counter(row.step for row, status in zip(rows, statuses, strict=True) if status in written)
    return {
        "rows": by_status.total(),
        "good": by_status[Status.OK] + by_status[Status.WARNING],
        "warning": by_status[Status.WARNING],
        "bad": by_status[Status.ERROR],
        "skipped": by_status[Status.SKIPPED],
        **{step.value: by_step[step.value] for step in Step},
        "missing": missing,
    }


def _row(row: RosterRow) -> PreviewRow:
    status = row.status
    good = status in (Status.OK, Status.WARNING)
    return PreviewRow(
        sheet=row.sheet.title,
        number=row.number,
        status=status,
        step=row.step.value if good and row.step else "",
        record={name: written(value) for name, value in row.values.items()},
        changes=dict(row.changes) if good else {},
        skipped=row.skipped,
        organizations=row.organizations if good else (),
    )


def _sheet(part) -> PreviewSheet:
    if part.header is None or part.skipped:
        return PreviewSheet(part.title, skipped=part.skipped)
    header = part.header
    return PreviewSheet(
        part.title,
        {name: (column, header.title(name)) for name, column in header.columns.items()},
        tuple(header.titles[column] for column in header.unknown),
    )


def seal(preview: Preview, batch: ImportBatch) -> bytes:
    """The stored form, sealed for this batch."""
    titles = {sheet.title: place for place, sheet in enumerate(preview.sheets)}
    names = sorted({name for row in preview.rows for name in row.record})
    plain = {
        "kind": preview.kind,
        "rejected": preview.rejected,
        "message": preview.message,
        "counts": preview.counts,
        "names": names,
        "sheets": [[sheet.title, sheet.columns, sheet.unknown, sheet.skipped] for sheet in preview.sheets],
        "rows": [
            [
                titles[row.sheet],
                row.number,
                row.status.value,
                row.step,
                [row.record.get(name, "") for name in names],
                row.changes,
                row.skipped,
                row.organizations,
            ]
            for row in preview.rows
        ],
        "issues": [
            # Its weight only where it differs from its code's.
            [e.sheet, e.row, e.column, e.header, e.value, e.code.value, e.message]
            + ([e.severity.value] if e.severity != e.code.severity else [])
            for e in preview.issues
        ],
        "missing": [[each.uid, each.title, each.place] for each in preview.missing],
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return crypto.seal_bytes(zlib.compress(text.encode(), 1), table=TABLE, column=COLUMN, uid=batch.uid)


def opened(batch: ImportBatch, *, records: bool = True) -> Preview:
    """The preview stored with a batch; an empty one when it was purged. Without `records` rows have no values."""
    if not batch.preview_sealed:
        return Preview(batch.kind, message=batch.message, counts=batch.counts)
    sealed = crypto.reveal_bytes(batch.preview_sealed, table=TABLE, column=COLUMN, uid=batch.uid)
    plain = json.loads(zlib.decompress(sealed))
    names = plain["names"]
    sheets = tuple(
        PreviewSheet(title, {name: tuple(place) for name, place in columns.items()}, tuple(unknown), skipped)
        for title, columns, unknown, skipped in plain["sheets"]
    )
    return Preview(
        kind=plain["kind"],
        rejected=plain["rejected"],
        message=plain["message"],
        sheets=sheets,
        rows=tuple(
            PreviewRow(
                sheets[place].title,
                number,
                Status(status),
                step,
                {name: value for name, value in zip(names, values, strict=True) if value} if records else {},
                {name: tuple(pair) for name, pair in changes.items()},
                skipped,
                tuple(organizations),
            )
            for place, number, status, step, values, changes, skipped, organizations in plain["rows"]
        ),
        issues=tuple(
            Issue(
                sheet,
                row,
                column,
                header,
                value,
                Code(code),
                Severity(weight[0]) if weight else Code(code).severity,
                message,
            )
            for sheet, row, column, header, value, code, message, *weight in plain["issues"]
        ),
        missing=tuple(Missing(*each) for each in plain["missing"]),
        counts=plain["counts"],
    )


def kind_label(kind: str) -> str:
    """The Chinese name of a kind of roster; 「未识别」 for none."""
    return RosterKind(kind).label if kind else "未识别"
