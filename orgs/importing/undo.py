"""Taking a whole batch back: every row as it was before, or nothing and a list of what stands in the way."""

from django.db import transaction
from django.utils import timezone

from orgs import audit
from orgs.effects.obstacles import Words
from orgs.effects.undo import put_back
from orgs.enums import Action, BatchState
from orgs.importing.refusals import BatchClosed
from orgs.models import ImportBatch
from orgs.scoping import require_right

WORDS = Words(this="本批次", done="导入")


@transaction.atomic
def undo(*, batch: ImportBatch, by, after_undo=None, depending=None) -> ImportBatch:
    """Put back every row that `batch` wrote and mark it UNDONE, in one transaction.

    `after_undo(organization ids)` lets the roster's kind work out derived values anew, `depending(batch)` gives
    sentences on what depends on the batch as a whole. PermissionDenied without
    the right to change the batch's organization; BatchClosed when it was not applied; UndoBlocked when something
    was changed since or hangs on a new row.
    """
    require_right(by, Action.EDIT, batch.organization)
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != BatchState.APPLIED:
        raise BatchClosed(batch.state)
    touched = put_back(batch, words=WORDS, more=depending(batch) if depending else ())
    if after_undo is not None:
        after_undo(touched)
    batch.state, batch.undone_by, batch.undone_at = BatchState.UNDONE, by, timezone.now()
    batch.version += 1
    batch.save(update_fields=["state", "undone_by", "undone_at", "version"])
    audit.record_event(
        kind="import.undo",
        target=batch,
        organization=batch.organization,
        by=by,
        changes={"state": [BatchState.APPLIED.value, BatchState.UNDONE.value]},
    )
    return batch
