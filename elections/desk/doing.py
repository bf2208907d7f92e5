"""Trying, doing and undoing a task."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import salted_hmac

from elections.desk.consequences import consequences
from elections.desk.outlook import Comparison, compared, rows_on
from elections.desk.registry import BY_CODE
from elections.desk.task import Request, Task
from elections.services import terms
from orgs.effects.written import organizations_of
from orgs.enums import Action
from orgs.jobs import repeated
from orgs.models import Operation, Organization
from orgs.operations import RowsChanged, attempt, perform, undo, undo_blocked
from orgs.refusals import UndoBlocked


@dataclass(frozen=True)
class Outlook:
    """What would come of a task: the ledger before and after on a day, what happens besides, and what to heed.

    `token` stands for the rows and the form it was worked out from.
    """

    on: date
    comparisons: list[Comparison]
    consequences: list[str]
    warnings: list[str]
    token: str


def outlook(task: Task, request: Request, *, sent: str) -> Outlook:
    """What the ledger would show and what would happen; nothing is kept. `sent` is the form as it was posted.

    The rows in `request` are changed in memory by the services: make the request anew for anything else.
    ValidationError, Refused and PermissionDenied as doing it would raise.
    """
    refuse_unfit(task, request)
    day = max(request.on, timezone.localdate())
    concerned = task.concerned(request)
    before = rows_on(day, concerned, by=request.by)
    warnings = task.warnings(request)

    def read(operation: Operation):
        founded = [effect.target_uid for effect in operation.effects.filter(table="orgs.organization", before=None)]
        now = Organization.objects.filter(pk__in=[each.pk for each in concerned]) | Organization.objects.filter(
            uid__in=founded
        )
        after = rows_on(day, list(now.order_by("path")), by=request.by)
        return compared(before, after), consequences(operation, by=request.by)

    (comparisons, lines), seen = attempt(read=read, watch=task.watch(request), **_asked(task, request))
    return Outlook(day, comparisons, lines, warnings, token=_token(seen, sent))


def do(task: Task, request: Request, *, sent: str, token: str) -> Operation:
    """Do the task as it was checked: `token` and `sent` are those of its outlook.

    RowsChanged when rows or form are others than then; else as `outlook` raises.
    """
    refuse_unfit(task, request)
    seen, _, form = token.partition(".")
    if not form or _token(seen, sent) != token:
        raise RowsChanged()
    return perform(watch=task.watch(request), expected=seen, **_asked(task, request))


def take_back(operation: Operation, *, by) -> Operation:
    """Undo an operation; terms are derived anew. Raises what `orgs.operations.undo` raises."""
    return repeated(lambda: undo(operation=operation, by=by, after_undo=terms.refresh, depending=_depending(operation)))


def may_take_back(operation: Operation, *, by) -> bool:
    """Whether `by` may change every organization it touched: what two sides agreed to, one does not undo alone."""
    touched = Organization.everything.filter(pk__in=organizations_of(operation))
    return all(by.may(Action.EDIT, organization) for organization in touched)


def blocked(operation: Operation) -> UndoBlocked | None:
    """Why an operation cannot be taken back now."""
    return undo_blocked(operation, depending=_depending(operation))


def refuse_unfit(task: Task, request: Request) -> None:
    """ValidationError when the task cannot be done at the organization."""
    if reason := task.refusal(request.organization, request.by):
        raise ValidationError(reason)


def _asked(task: Task, request: Request) -> dict:
    return {
        "kind": task.code,
        "organization": request.organization,
        "on": request.on,
        "by": request.by,
        "run": lambda watch: task.run(request, watch),
        "summary": task.summary(request)[:300],
        "basis": request.data.get("basis") or "",
        "reason": request.data.get("reason") or "",
        "document_no": request.data.get("document_no") or "",
    }


def _depending(operation: Operation):
    task = BY_CODE.get(operation.kind)
    return task.depending if task else None


def _token(seen: str, sent: str) -> str:
    """Both halves: the rows as they were read, and the rows together with the form."""
    return f"{seen}.{salted_hmac('elections.desk', f'{seen} {sent}').hexdigest()}"
