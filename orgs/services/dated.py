"""Facts that hold for a time: ending the present one, beginning another."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from orgs import audit
from orgs.days import spoken
from orgs.models.records import DatedRecord
from orgs.services.records import save_changes

REPLACED = "同日重新登记"


def succeed(*, present: QuerySet, row: DatedRecord | None, on: date, kind: str, by) -> DatedRecord | None:
    """End what of `present` is open on the day `on` and begin `row` (None: nothing follows); return it.

    Inside the caller's transaction, which holds the organization. `kind` is the thing in the audit log: 「leader」.
    What began on the same day is voided, since it never held. ValidationError when something begins later.
    """
    for each in present.filter(until__isnull=True).order_by("id"):
        if each.since > on:
            raise ValidationError({"on": f"已登记自{spoken(each.since)}起的，生效日期不能早于那一天。"})
        changes = {"until": on}
        if each.since == on:
            changes = {"voided_at": timezone.now(), "voided_by": by, "voided_reason": REPLACED}
        save_changes(each, changes=changes, by=by, kind=f"{kind}.end", organization=each.organization)
    if row is None:
        return None
    row.since = on
    row.full_clean()
    row.save(force_insert=True)
    audit.record_event(
        kind=f"{kind}.begin",
        target=row,
        organization=row.organization,
        by=by,
        changes={"since": [None, str(on)], "document_no": [None, row.document_no or None]},
    )
    return row


def end_all(rows: QuerySet, *, on: date, kind: str, by) -> None:
    """End whatever of `rows` still holds on the day or later: with the closing of its organization."""
    for each in rows.filter(until__isnull=True).order_by("id"):
        changes = {"until": on}
        if each.since >= on:
            changes = {"voided_at": timezone.now(), "voided_by": by, "voided_reason": "党组织撤销"}
        save_changes(each, changes=changes, by=by, kind=f"{kind}.end", organization=each.organization)
