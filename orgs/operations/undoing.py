"""Taking an operation back."""

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils import timezone

from orgs import audit
from orgs.effects.obstacles import Words
from orgs.effects.undo import put_back, what_blocks
from orgs.effects.written import organizations_of
from orgs.enums import Action
from orgs.models import Operation, Organization
from orgs.refusals import Refused, UndoBlocked
from orgs.scoping import require_right

WORDS = Words(this="这次办理", done="办理")


class AlreadyUndone(Refused):
    """The operation was taken back before."""

    def __init__(self):
        super().__init__("这次办理已经撤销，没有再改动任何内容。")


@transaction.atomic
def undo(
    *,
    operation: Operation,
    by,
    after_undo: Callable[[list[int]], object] | None = None,
    depending: Callable[[Operation], Iterable[str]] | None = None,
) -> Operation:
    """Put back every row that `operation` wrote and mark it undone, in one transaction; return it.

    `after_undo(organization ids)` works out derived values anew; `depending(operation)` gives sentences on what
    depends on the operation as a whole and not on one of its rows. PermissionDenied without the right to change every
    organization it touched; AlreadyUndone; UndoBlocked with the reasons.
    """
    require_right(by, Action.EDIT, operation.organization)
    operation = Operation.objects.select_for_update().get(pk=operation.pk)
    if operation.undone_at is not None:
        raise AlreadyUndone()
    _require_rights(by, operation)
    touched = put_back(operation, words=WORDS, more=depending(operation) if depending else ())
    by.__dict__.pop("rights", None)  # they follow the tree, which may have changed
    if after_undo is not None:
        after_undo(list(Organization.everything.filter(pk__in=touched).values_list("pk", flat=True)))
    _require_rights(by, operation)  # where a moved organization stands again
    operation.undone_by, operation.undone_at = by, timezone.now()
    operation.version += 1
    operation.save(update_fields=["undone_by", "undone_at", "version"])
    audit.record_event(
        kind="operation.undo",
        target=operation,
        organization=operation.organization,
        by=by,
        changes={"undone_at": [None, operation.undone_at.isoformat()]},
    )
    return operation


def undo_blocked(
    operation: Operation, *, depending: Callable[[Operation], Iterable[str]] | None = None
) -> UndoBlocked | None:
    """What would refuse to take the operation back now; None when nothing does."""
    return what_blocks(operation, words=WORDS, more=depending(operation) if depending else ())


def _require_rights(by, operation: Operation) -> None:
    for organization in Organization.everything.filter(pk__in=organizations_of(operation)):
        require_right(by, Action.EDIT, organization)
