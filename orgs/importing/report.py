"""The report of the import contract: what a check or an import found, as JSON for people and programs."""

from orgs.enums import BatchState
from orgs.importing.preview import Preview
from orgs.importing.rows import Status
from orgs.models import ImportBatch
from orgs.redaction import redact

MASK = "********"


def report(batch: ImportBatch, preview: Preview, personal: frozenset[str], *, unmasked: bool = False) -> dict:
    """The report of one batch as plain values.

    `personal` names the fields (ID number, phone) whose values are masked unless `unmasked`; the caller has made
    sure that who asks for them unmasked may have them.
    """
    columns = {(sheet.title, column): name for sheet in preview.sheets for name, (column, _) in sheet.columns.items()}

    def shown(name: str | None, value: str) -> str:
        if unmasked:
            return value
        # A number in the wrong column is as personal as in its own.
        return masked(value) if name in personal else redact(value)

    return {
        "file_outcome": "reject" if preview.rejected else "import",
        "message": batch.message or preview.message,
        "batch": str(batch.uid),
        "state": BatchState(batch.state).value,
        "kind": preview.kind,
        "counts": preview.counts,
        "rows": [
            {
                "sheet": row.sheet,
                "row": row.number,
                "status": row.status.value,
                "codes": list(dict.fromkeys(each.code.value for each in row.issues)),
                "record": {name: shown(name, value) for name, value in row.record.items()},
                **({"step": row.step} if row.step else {}),
                **({"changes": {name: [shown(name, side) for side in pair] for name, pair in row.changes.items()}}
                   if row.changes else {}),
                **({"reason": row.skipped} if row.status == Status.SKIPPED else {}),
            }
            for row in preview.rows
        ],
        "issues": [
            {
                "sheet": each.sheet,
                "row": each.row,
                "column": each.column,
                "header": each.header,
                "value": shown(columns.get((each.sheet, each.column)), each.value),
                "code": each.code.value,
                "severity": each.severity.value,
                "message": each.message if unmasked else redact(each.message),
            }
            for each in preview.issues
        ],
        "missing": [{"uid": each.uid, "name": each.title, "organization": each.place} for each in preview.missing],
    }  # fmt: skip


def masked(value: str) -> str:
    """An ID number or phone as it may be shown; a broken one keeps even less."""
    if len(value) == 18:
        return f"{value[:6]}{MASK}{value[-4:]}"
    if len(value) == 11:
        return f"{value[:3]}****{value[-4:]}"
    return f"{value[:2]}{MASK}" if value else ""
