"""What later steps wrote to the rows that a batch wrote: where to look when it cannot be taken back."""

from django.db.models import QuerySet

from orgs.models import ImportBatch, ImportEffect, Operation, OperationEffect, User
from orgs.models.importing import ON_THE_BOOKS


def later_batches(batch: ImportBatch, user: User) -> QuerySet[ImportBatch]:
    """Batches written after this one, to rows of it, as far as the user sees them; the latest first."""
    later = ImportBatch.objects.visible_to(user).filter(state__in=ON_THE_BOOKS, confirmed_at__gt=batch.confirmed_at)
    touching = ImportEffect.objects.filter(batch__in=later, target_uid__in=_targets(batch)).order_by()
    return later.filter(pk__in=touching.values("batch_id")).defer("file_sealed", "preview_sealed")


def later_operations(batch: ImportBatch, user: User) -> QuerySet[Operation]:
    """Operations done after this batch was written, to rows of it, as far as the user sees them; the latest first."""
    later = Operation.objects.visible_to(user).done().filter(created_at__gt=batch.confirmed_at)
    touching = OperationEffect.objects.filter(operation__in=later, target_uid__in=_targets(batch)).order_by()
    return later.filter(pk__in=touching.values("operation_id"))


def _targets(batch: ImportBatch):
    return batch.effects.order_by().values("target_uid")
