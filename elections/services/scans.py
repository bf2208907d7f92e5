"""Scans of papers: attached to what was recorded, handed out, withdrawn."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from elections.models import Appointment, Correction, Extension, Scan, ScanContent, Term
from elections.models.scans import RECORDS
from elections.services.corrections import organization_of, subject_of
from orgs import audit, crypto
from orgs.days import spoken
from orgs.enums import Action, ScanKind
from orgs.models import Operation, Organization
from orgs.scanfiles import ScanRefused, name_of, type_of
from orgs.scoping import require_right
from orgs.services.records import save_changes

TABLE, CONTENT = "elections_scan", "content"
ALREADY = "这份文件已经上传过，不必重复上传。"

# What a scan may be attached to.
Paper = Term | Extension | Appointment | Correction | Operation


def subject_of_paper(record: Paper) -> str:
    """What a record is, in words: 「2026年3月14日换届的一届」."""
    if isinstance(record, Appointment):
        return f"{spoken(record.on)}的指派（{record.document_no}）"
    if isinstance(record, Correction):
        return f"更正：{record.subject}"
    return record.summary if isinstance(record, Operation) else subject_of(record)


@transaction.atomic
def attach_scan(*, record: Paper, data: bytes, file_name: str, kind: str = ScanKind.APPROVAL, by) -> Scan:
    """Keep a scanned paper of a record, sealed, and return it.

    PermissionDenied without the right to change the organization; ValidationError when the bytes are no PDF, JPG or
    PNG (orgs.scanfiles), or the same file is there already.
    """
    organization = organization_of(record)
    require_right(by, Action.EDIT, organization)
    crypto.check_database_key()
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    try:
        found = type_of(data)
    except ScanRefused as refused:
        raise ValidationError({"file": str(refused)}) from None
    sha256 = hashlib.sha256(data).hexdigest()
    if of_record(record).filter(sha256=sha256).exists():
        raise ValidationError({"file": ALREADY})
    scan = Scan(
        organization=organization,
        subject=subject_of_paper(record)[:300],
        kind=kind,
        file_name=name_of(file_name, found),
        media_type=found.media_type,
        size=len(data),
        sha256=sha256,
        by=by,
        **{_column(record): record},
    )
    scan.full_clean()
    scan.save(force_insert=True)
    sealed = crypto.seal_bytes(data, table=TABLE, column=CONTENT, uid=scan.uid)
    ScanContent.objects.create(scan=scan, sealed=sealed)
    audit.record_event(
        kind="scan.attach",
        target=scan,
        organization=organization,
        by=by,
        changes={"file_name": [None, scan.file_name], "subject": [None, scan.subject], "sha256": [None, sha256]},
    )
    return scan


@transaction.atomic
def open_scan(*, scan: Scan, by) -> bytes:
    """The bytes of a scan for somebody who may see it; that they were handed out is logged."""
    require_right(by, Action.READ_PEOPLE, scan.organization)
    sealed = ScanContent.objects.get(scan=scan).sealed
    data = crypto.reveal_bytes(sealed, table=TABLE, column=CONTENT, uid=scan.uid)
    audit.record_event(kind="scan.open", target=scan, organization=scan.organization, by=by)
    return data


@transaction.atomic
def withdraw_scan(*, scan: Scan, reason: str, by) -> None:
    """Take a scan back with the reason: it is shown nowhere but in the history, and holds its record no longer."""
    require_right(by, Action.EDIT, scan.organization)
    if not reason.strip():
        raise ValidationError({"reason": "请写明撤回的理由。"})
    changes = {"voided_at": timezone.now(), "voided_by": by, "voided_reason": reason.strip()}
    changes |= dict.fromkeys(RECORDS)
    save_changes(scan, changes=changes, by=by, kind="scan.withdraw", organization=scan.organization)


def of_record(record: Paper):
    """The scans of a record."""
    return Scan.objects.filter(**{_column(record): record})


def _column(record: Paper) -> str:
    return next(name for name, model in RECORDS.items() if isinstance(record, model))
