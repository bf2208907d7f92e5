"""Closing a day of a node's ledger (结账) and reopening it with trace."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from elections.ledger import Ledger, Row
from elections.models import Freeze, FrozenRow
from elections.rules.dated import month_end
from orgs import audit, history
from orgs.days import spoken
from orgs.enums import Action
from orgs.models import Organization
from orgs.opening import opened_on
from orgs.scoping import require_right

ROWS_AT_ONCE = 1000


@transaction.atomic
def freeze_day(*, organization: Organization, on: date, by) -> Freeze:
    """Keep the ledger of `organization` on `on` as it is now; return it with its rows written.

    PermissionDenied without the right to approve there; ValidationError unless the day is the end of a month (the end
    of the year is one), not ahead, not before the 建账日, and not closed already.
    """
    require_right(by, Action.APPROVE, organization)
    organization = Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    _check_day(organization, on)
    editions = Freeze.everything.filter(organization=organization, on=on)
    if editions.filter(reopened_at__isnull=True, voided_at__isnull=True).exists():
        again = f"“{organization.name}”{spoken(on)}已经结账，不能重复结账；确需更改的，先重新开账。"
        raise ValidationError({"on": again})
    ledger = Ledger(user=by, node=organization, on=on)
    summary = ledger.summary()
    freeze = Freeze(
        organization=organization,
        on=on,
        edition=(editions.aggregate(last=Max("edition"))["last"] or 0) + 1,
        name=history.values_on([organization], on)[organization.pk]["name"],
        by=by,
        counts={
            "kinds": {kind.value: number for kind, number in summary.kinds.items()},
            "states": {state.value: number for state, number in summary.states.items()},
            "inspection": summary.inspection,
        },
    )
    freeze.full_clean()
    freeze.save(force_insert=True)
    rows = [_frozen(freeze, number, row) for number, row in enumerate(ledger.rows(), start=1)]
    FrozenRow.objects.bulk_create(rows, batch_size=ROWS_AT_ONCE)
    audit.record_event(
        kind="freeze.close",
        target=freeze,
        organization=organization,
        by=by,
        changes={"on": [None, str(on)], "edition": [None, freeze.edition]},
    )
    return freeze


@transaction.atomic
def reopen_day(freeze: Freeze, *, reason: str, by) -> Freeze:
    """Let a closed day be closed anew; what went out stays, with who reopened it, when and why.

    PermissionDenied without the right to approve there; ValidationError without a reason or when it is open already.
    """
    require_right(by, Action.APPROVE, freeze.organization)
    freeze = Freeze.objects.select_for_update(of=("self",)).select_related("organization").get(pk=freeze.pk)
    if freeze.reopened_at is not None:
        raise ValidationError("这一版已经重新开账。")
    if not reason.strip():
        raise ValidationError({"reason": "重新开账须写明理由。"})
    freeze.reopened_by, freeze.reopened_at, freeze.reopened_reason = by, timezone.now(), reason.strip()
    freeze.full_clean()
    Freeze.objects.filter(pk=freeze.pk).update(
        reopened_by=by, reopened_at=freeze.reopened_at, reopened_reason=freeze.reopened_reason, version=F("version") + 1
    )
    audit.record_event(
        kind="freeze.reopen",
        target=freeze,
        organization=freeze.organization,
        by=by,
        changes={"reopened_reason": ["", freeze.reopened_reason]},
    )
    return freeze


def _check_day(organization: Organization, on: date) -> None:
    if on != month_end(on):
        raise ValidationError({"on": "只能对月末结账，年末即12月31日。"})
    if on > timezone.localdate():
        raise ValidationError({"on": "结账日不能晚于今天。"})
    begun = opened_on([organization])[organization.pk]
    if begun and on < begun:
        raise ValidationError({"on": f"结账日早于建账日（{spoken(begun)}），没有账可结。"})
    if not organization.exists_on(on):
        raise ValidationError({"on": f"“{organization.name}”{spoken(on)}尚未成立或已经撤销。"})


def _frozen(freeze: Freeze, number: int, row: Row) -> FrozenRow:
    return FrozenRow(
        freeze=freeze,
        number=number,
        organization_uid=row.organization.uid,
        code=row.code,
        name=row.name,
        kind=row.kind,
        form=row.form,
        place=row.place.name if row.place else "",
        state=row.state,
        days=row.days,
        expires_on=row.expires_on,
        expires_on_precision=row.expires_on_precision,
        extended_to=row.extended_to,
        findings=sorted({finding.rule_id for finding in row.findings}),
    )
