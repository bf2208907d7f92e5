"""待改清单: the rows in error that a batch written in part left out, until they came in or somebody closes the list."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orgs import audit
from orgs.enums import Action, BatchState, Severity
from orgs.importing import preview as previews
from orgs.importing.parts import PreviewRow
from orgs.importing.refusals import ImportRefused
from orgs.importing.rows import Status
from orgs.models import ImportBatch
from orgs.scoping import require_right

# What a row is about, as far as no error stands at it.
TELLING = ("name", "org_code", "org_name")
CLOSED = "这个批次没有待改清单，或者清单已经处理。"

Key = tuple[tuple[str, str], ...]


@transaction.atomic
def close(*, batch: ImportBatch, reason: str, by, through: ImportBatch | None = None) -> ImportBatch:
    """Close the open list of a batch, with the reason; `through` is the later batch that brought its rows in.

    PermissionDenied without the right to change where the batch was uploaded for; ImportRefused when no list is open.
    """
    require_right(by, Action.EDIT, batch.organization)
    # Locked by itself first: the list is found by a join, which PostgreSQL does not lock.
    list(ImportBatch.objects.select_for_update().filter(pk=batch.pk).values_list("pk"))
    if not ImportBatch.objects.with_open_list().filter(pk=batch.pk).exists():
        raise ImportRefused(CLOSED)
    ImportBatch.objects.filter(pk=batch.pk).update(
        list_closed_by=by,
        list_closed_at=timezone.now(),
        list_closed_reason=reason,
        list_closed_through=through,
        version=F("version") + 1,
    )
    batch.refresh_from_db()
    audit.record_event(
        kind="import.list_closed",
        target=batch,
        organization=batch.organization,
        by=by,
        changes={"rows": [None, batch.counts["bad"]], "reason": [None, reason]},
    )
    return batch


def close_mended(batch: ImportBatch) -> list[ImportBatch]:
    """Close the open lists of earlier batches of the same kind and unit all of whose rows `batch` has brought in.

    A row came in when a good row agrees with it in name and organization, as far as these were not what was wrong; one
    that says neither keeps its list open. Return the batches whose lists were closed.
    """
    if batch.state != BatchState.APPLIED:
        return []
    open_lists = ImportBatch.objects.with_open_list().filter(kind=batch.kind, organization_id=batch.organization_id)
    earlier = list(open_lists.filter(confirmed_at__lt=batch.confirmed_at).select_related("organization"))
    wanted = {each: list(_rows_in_error(each)) for each in earlier}
    brought_in = _keys(batch, {key for keys in wanted.values() for key in keys}) if earlier else set()
    reason = f"改正后随“{batch.file_name}”导入。"[:200]
    return [
        close(batch=each, reason=reason, by=batch.confirmed_by, through=batch)
        for each, keys in wanted.items()
        if keys and all(key and key in brought_in for key in keys)
    ]


def _rows_in_error(batch: ImportBatch) -> Iterator[Key]:
    """What the rows in error are about."""
    fields = {
        (sheet.title, column): name
        for sheet in previews.head(batch).sheets
        for name, (column, _) in sheet.columns.items()
    }
    for row in _in_error(batch):
        wrong = {fields.get((each.sheet, each.column)) for each in row.issues if each.severity == Severity.ERROR}
        yield _key(row, [name for name in TELLING if name not in wrong])


def _in_error(batch: ImportBatch) -> Iterator[PreviewRow]:
    for rows in previews.parts_of(batch):
        yield from (row for row in rows if row.status == Status.ERROR)


def _keys(batch: ImportBatch, wanted: set[Key]) -> set[Key]:
    """Those of the wanted keys that a good row of the batch has."""
    by_first: dict[tuple[str, ...], set[Key]] = defaultdict(set)
    for key in wanted:
        by_first[tuple(name for name, _ in key)].add(key)
    found = set()
    for row in previews.rows_of(batch):
        if row.is_good:
            for names, keys in by_first.items():
                if (key := _key(row, names)) in keys:
                    found.add(key)
    return found


def _key(row: PreviewRow, names: Iterable[str]) -> Key:
    return tuple((name, row.record[name]) for name in names if row.record.get(name))
