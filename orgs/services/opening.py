"""Setting, changing and withdrawing the 建账日: never silently, since it decides what is held against whom."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from orgs import audit
from orgs.days import FIRST_DAY
from orgs.enums import Action
from orgs.models import Opening, Organization
from orgs.scoping import require_right
from orgs.services.records import StaleRecord


@transaction.atomic
def open_books(
    *, organization: Organization, opened_on: date, by, reason: str = "", seen: str | None = None
) -> Opening:
    """Let the books of `organization` and of all under it begin on `opened_on`; return the decision in force.

    A change needs a reason; the same day again changes nothing. ValidationError for a day ahead (it would hide what is
    found today) or before the Party; StaleRecord when the decision that the user saw (`seen`: its uid, empty for none)
    is not the one in force any more.
    """
    present = _present(organization, by, seen)
    if present is not None and present.opened_on == opened_on:
        return present
    if opened_on > timezone.localdate():
        raise ValidationError({"opened_on": "建账日不能晚于今天：晚于今天会隐去今天的提示。"})
    if opened_on < FIRST_DAY:
        raise ValidationError({"opened_on": "建账日有误，请核对年份。"})
    if present is not None:
        _end(present, by, reason, "更改建账日须写明理由。")
    opening = Opening(organization=organization, opened_on=opened_on, reason=reason, by=by)
    opening.full_clean()
    opening.save(force_insert=True)
    _note("opening.change" if present else "opening.set", opening, present, opening, reason, by)
    return opening


@transaction.atomic
def withdraw_opening(*, organization: Organization, reason: str, by, seen: str | None = None) -> None:
    """Take the 建账日 of `organization` away: the nearest superior's holds again, or none. Needs a reason.

    ValidationError when it has none of its own; StaleRecord as `open_books`.
    """
    present = _present(organization, by, seen)
    if present is None:
        raise ValidationError({"opened_on": f"“{organization.name}”没有单独设置建账日。"})
    _end(present, by, reason, "取消建账日须写明理由。")
    _note("opening.withdraw", present, present, None, reason, by)


def _present(organization: Organization, by, seen: str | None) -> Opening | None:
    """The decision in force, with the organization locked so that there is never a second one."""
    require_right(by, Action.EDIT, organization)
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    present = Opening.objects.filter(organization=organization).first()
    if seen is not None and seen != (str(present.uid) if present else ""):
        raise StaleRecord(f"“{organization.name}”的建账日刚被他人修改过，请核对后重新办理。")
    return present


def _end(opening: Opening, by, reason: str, sentence: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": sentence})
    Opening.objects.filter(pk=opening.pk).update(
        voided_at=timezone.now(), voided_by=by, voided_reason=reason, version=F("version") + 1
    )


def _note(kind: str, target: Opening, before: Opening | None, after: Opening | None, reason: str, by) -> None:
    days = [str(each.opened_on) if each else None for each in (before, after)]
    audit.record_event(
        kind=kind,
        target=target,
        organization=target.organization,
        by=by,
        changes={"opened_on": days, "reason": [None, reason]},
    )
