"""What changes a member's rights or whereabouts for a time: 中止权利, 留党察看, 外出流动, 失联, 停止党籍."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from members.models import Member, Standing
from members.services.keeping import keeper_of, locked_for
from orgs import audit, crypto
from orgs.services.records import save_changes


@transaction.atomic
def record_standing(
    *, member: Member, kind: str, since: date | None, by, until: date | None = None, contact: str = "", **details
) -> Standing:
    """Record that `kind` holds for a person in [since, until); `details`: destination, document_no, remark.

    Of 外出流动 also province, floating_reason, occupation, has_certificate, and `contact`, which is sealed.

    ValidationError when the same kind holds already on one of these days;
    PermissionDenied unless the person is kept where `by` may edit.
    """
    member = locked_for(by, member)
    standing = Standing(member=member, kind=kind, since=since, until=until, **details)
    if contact:
        crypto.check_database_key()
        standing.set_contact(contact)
    standing.full_clean()
    same = Standing.objects.filter(member=member, kind=kind)
    if since is not None:
        same = same.filter(Q(until__isnull=True) | Q(until__gt=since))
    if until is not None:
        same = same.filter(Q(since__isnull=True) | Q(since__lt=until))
    if same.exists():
        raise ValidationError(f"{member.name}在这段时间已登记为“{standing.get_kind_display()}”。")
    standing.save(force_insert=True)
    values = audit.values_of(standing, ("kind", "since", "until", *details))
    audit.record_event(
        kind="standing.record",
        target=standing,
        organization=keeper_of(member),
        by=by,
        changes={field: [None, value] for field, value in values.items() if value not in (None, "")}
        | ({"contact_sealed": "changed"} if contact else {})
        | {"member": [None, str(member.uid)]},
    )
    return standing


@transaction.atomic
def end_standing(*, standing: Standing, on: date, by, expected_version: int | None = None) -> Standing:
    """End a standing; `on` is the first day it no longer holds."""
    member = locked_for(by, standing.member)
    standing = Standing.objects.get(pk=standing.pk)
    if standing.until is not None:
        raise ValidationError(f"{member.name}的“{standing.get_kind_display()}”已经结束。")
    save_changes(
        standing,
        changes={"until": on},
        by=by,
        kind="standing.end",
        organization=keeper_of(member),
        expected_version=expected_version,
    )
    return standing
