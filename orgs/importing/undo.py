"""Taking a whole batch back: every row as it was before, or nothing and a list of what stands in the way.

APPLIED → (claimed in a short transaction) UNDOING → (the transaction that locks the batch and puts its rows back)
UNDONE, or APPLIED again with the reason. Who is killed in the middle leaves UNDOING, which orgs.jobs turns back.
"""

import logging

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from orgs import audit, jobs
from orgs.effects.obstacles import Words
from orgs.effects.undo import put_back
from orgs.enums import Action, BatchState
from orgs.importing.refusals import BatchClosed, UndoFailed
from orgs.importing.roster import Roster
from orgs.models import ImportBatch
from orgs.refusals import UndoBlocked
from orgs.scoping import require_right

logger = logging.getLogger(__name__)

WORDS = Words(this="本批次", done="导入")


@transaction.atomic
def claim(*, batch: ImportBatch, by) -> ImportBatch:
    """Mark the batch as being taken back by `by`; committed at once.

    PermissionDenied without the right to change the batch's organization; BatchClosed when it is not APPLIED.
    """
    require_right(by, Action.EDIT, batch.organization)
    current = ImportBatch.objects.select_for_update().only("pk", "state").get(pk=batch.pk)
    if current.state != BatchState.APPLIED:
        raise BatchClosed(current.state)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=BatchState.UNDOING,
        undone_by=by,
        undone_at=timezone.now(),
        undo_refused=None,
        version=F("version") + 1,
    )
    batch.refresh_from_db()
    return batch


def take_back(batch: ImportBatch, roster: Roster) -> ImportBatch:
    """Put back every row that a claimed batch wrote and mark it UNDONE, in one transaction.

    `roster.after_undo` works out derived values anew, `roster.depending` tells what depends on the batch as a whole.
    UndoBlocked, with the reasons kept in the batch, when something was changed since or hangs on a new row;
    BatchClosed when it is not UNDOING (any more); UndoFailed when the database gave up. Then nothing was put back.
    """
    try:
        jobs.repeated(lambda: _put_back(batch, roster))
    except UndoBlocked as blocked:
        jobs.stays(batch, {"reasons": blocked.reasons, "more": blocked.more})
        batch.refresh_from_db()
        raise
    except BatchClosed as closed:
        # Between claim and lock somebody took the batch for abandoned: nothing was put back.
        if closed.state == BatchState.APPLIED:
            raise UndoFailed() from None
        raise
    except Exception as error:
        logger.exception("import batch %s was not taken back", batch.uid)
        _stays_for_now(batch)
        raise UndoFailed() from error
    batch.refresh_from_db()
    return batch


@transaction.atomic
def _put_back(batch: ImportBatch, roster: Roster) -> None:
    locked = ImportBatch.objects.select_for_update().defer("file_sealed").get(pk=batch.pk)
    if locked.state != BatchState.UNDOING:
        raise BatchClosed(locked.state)
    # At its COMMIT the foreign keys of every removed row are looked after: of the largest rosters that takes minutes.
    jobs.lift_time_limit()
    roster.after_undo(put_back(locked, words=WORDS, more=roster.depending(locked)))
    locked.state, locked.undone_at = BatchState.UNDONE, timezone.now()
    locked.version += 1
    audit.record_event(
        kind="import.undo",
        target=locked,
        organization=locked.organization,
        by=locked.undone_by,
        changes={"state": [BatchState.APPLIED.value, BatchState.UNDONE.value]},
    )
    locked.save(update_fields=["state", "undone_at", "version"])


def _stays_for_now(batch: ImportBatch) -> None:
    """Say that the batch stands as it was; when even that cannot be written, orgs.jobs does it later."""
    try:
        jobs.stays(batch, {"sentence": str(UndoFailed())})
        batch.refresh_from_db()
    except DatabaseError:
        logger.exception("import batch %s could not be marked as not taken back", batch.uid)
