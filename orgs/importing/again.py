"""Checking a stored file once more: after the check broke off, or because its columns were explained."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orgs.enums import Action, BatchState
from orgs.importing.refusals import BatchClosed
from orgs.models import ImportBatch
from orgs.scoping import require_right

MAY_CHECK_AGAIN = (BatchState.UNCHECKED, BatchState.REJECTED, BatchState.CHECKED, BatchState.FAILED)


@transaction.atomic
def check_again(*, batch: ImportBatch, by) -> ImportBatch:
    """Put a batch back to CHECKING, from where Importer.check goes on; what was found before stays until then.

    PermissionDenied without the right to change where it was uploaded for; BatchClosed when it was written, is at
    work or purged.
    """
    require_right(by, Action.EDIT, batch.organization)
    current = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if current.state not in MAY_CHECK_AGAIN:
        raise BatchClosed(current.state)
    if current.expires_at <= timezone.now() or not current.file_sealed:
        raise BatchClosed(BatchState.EXPIRED)
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=BatchState.CHECKING,
        checks=0,
        progress_done=0,
        progress_total=0,
        progressed_at=timezone.now(),
        message="",
        version=F("version") + 1,
    )
    batch.refresh_from_db()
    return batch
