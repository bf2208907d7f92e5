"""Operations (办理): given services run in one transaction, with a note of every row they wrote, to try and to undo.

watch = Watch(rows_of(organizations=[branch]))            # which rows may change; elections.desk.watch knows them
trial = attempt(run=…, watch=watch, read=…, …)            # done, read, and rolled back
operation = perform(kind="close", organization=branch, on=day, by=user, watch=watch, summary="…", run=run)
undo(operation=operation, by=user, after_undo=refresh)    # every row as before, or UndoBlocked with the reasons
"""

from orgs.operations.performing import NothingChanged, RowsChanged, perform
from orgs.operations.trial import attempt
from orgs.operations.undoing import AlreadyUndone, undo, undo_blocked
from orgs.operations.watching import Watch

__all__ = ["AlreadyUndone", "NothingChanged", "RowsChanged", "Watch", "attempt", "perform", "undo", "undo_blocked"]
