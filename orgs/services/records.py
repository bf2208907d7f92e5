"""Changing one record under its version, so that nobody's work is overwritten unseen."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orgs import audit


class StaleRecord(Exception):
    """Somebody changed the record after it was read; the form shows both values (409)."""


@transaction.atomic
def save_changes(record, *, changes: dict, by, kind: str, organization, expected_version: int | None = None) -> dict:
    """Set `changes` (field → value) on `record`, validate, write, and log the differences as event `kind`.

    Returns {field: [old, new]}; writes nothing when it is empty. StaleRecord when
    the row's version is no longer `expected_version` (default: the version read);
    ValidationError with Chinese sentences when a value does not fit.
    """
    expected = record.version if expected_version is None else expected_version
    before = audit.values_of(record, changes)
    for field, value in changes.items():
        setattr(record, field, value)
    differing = audit.differences(before, audit.values_of(record, changes))
    if not differing:
        return {}
    record.full_clean()
    values = {record._meta.get_field(field).attname: getattr(record, record._meta.get_field(field).attname)
              for field in changes}  # fmt: skip
    table = type(record).everything
    if not table.filter(pk=record.pk, version=expected).update(**values, version=F("version") + 1):
        raise StaleRecord(f"“{record}”刚被他人修改过，请刷新后重试。")
    record.version = expected + 1
    audit.record_event(kind=kind, target=record, organization=organization, by=by, changes=differing)
    return differing


@transaction.atomic
def void(record, *, by, reason: str, organization) -> None:
    """Mark a record as recorded by mistake: it counts nowhere any more, and its trace stays."""
    save_changes(
        record,
        changes={"voided_at": timezone.now(), "voided_by": by, "voided_reason": reason},
        by=by,
        kind="void",
        organization=organization,
    )
