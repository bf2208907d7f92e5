"""Doing an operation: the services run, and what they changed is noted row by row."""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models, transaction

from orgs import audit
from orgs.effects.columns import without_blanks
from orgs.enums import Action
from orgs.importing import bulk
from orgs.models import Operation, OperationEffect, Organization
from orgs.operations.watching import Snapshot, Watch, fingerprint
from orgs.refusals import Refused
from orgs.scoping import require_right


class RowsChanged(Refused):
    """What the official looked at before confirming is no longer what is on the books."""

    def __init__(self):
        super().__init__("核对之后，有关内容已被他人修改，没有保存任何内容。以下按最新内容重新列出，请再次核对。")


class NothingChanged(ValidationError):
    """The operation would write nothing."""

    def __init__(self):
        super().__init__("填写的内容与现有记录一致，没有需要保存的变化。")


@transaction.atomic
def perform(
    *,
    kind: str,
    organization: Organization,
    on: date,
    by,
    watch: Watch,
    run: Callable[[Watch], object],
    summary: str,
    basis: str = "",
    reason: str = "",
    document_no: str = "",
    expected: str | None = None,
) -> Operation:
    """Run `run(watch)` and record which of the watched rows it wrote, as one operation; return the operation.

    `run` calls services, which check their own rights; what it founds it adds to the watch. `on` is the day from
    which the result holds, `expected` the fingerprint of the rows as they were shown before. PermissionDenied without
    the right to change `organization`; RowsChanged when the rows are not the expected ones; NothingChanged when
    nothing was written; whatever the services refuse.
    """
    require_right(by, Action.EDIT, organization)
    before = watch.hold()
    if expected is not None and fingerprint(before) != expected:
        raise RowsChanged()
    run(watch)
    effects = differences(before, watch.read())
    if not effects:
        raise NothingChanged()
    operation = Operation(
        kind=kind,
        organization=organization,
        on=on,
        by=by,
        summary=summary,
        basis=basis,
        reason=reason,
        document_no=document_no,
    )
    operation.full_clean()
    operation.save(force_insert=True)
    for effect in effects:
        effect.operation = operation
    bulk.insert(OperationEffect, effects)
    audit.record_event(
        kind="operation.perform",
        target=operation,
        organization=organization,
        by=by,
        changes={"kind": [None, kind], "on": [None, str(on)], "document_no": [None, document_no or None]},
    )
    return operation


def differences(before: Snapshot, after: Snapshot) -> list[OperationEffect]:
    """The rows that differ as effects, unsaved: new ones first named where they first stand, then in their order."""
    effects = []
    for key in [*before, *(key for key in after if key not in before)]:
        (row, was), (row_now, values) = before.get(key, (None, None)), after.get(key, (None, None))
        if was == values:
            continue
        if was is None:
            old, new = None, without_blanks(values)
        elif values is None:
            old, new = {**was, "id": row.pk}, None  # comes back under its key
        else:
            changed = [name for name in values if name != "version" and values[name] != was[name]]
            if not changed:
                continue
            old, new = ({name: each[name] for name in changed} for each in (was, values))
        effects.append(
            OperationEffect(
                table=key[0],
                target_uid=key[1],
                before=old,
                after=new,
                version_before=_version(row),
                version_after=_version(row_now) or 1,
            )
        )
    return effects


def _version(row: models.Model | None) -> int | None:
    return None if row is None else getattr(row, "version", 1)
