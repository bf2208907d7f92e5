"""What an organization says about its number of members, and from when on its roster speaks instead."""

from datetime import date

from django.db import transaction

from members.models import DeclaredCount, RosterConfirmation
from orgs import audit
from orgs.enums import Action
from orgs.models import ImportBatch, Organization
from orgs.scoping import require_right
from orgs.services.records import save_changes


@transaction.atomic
def declare_count(
    *, organization: Organization, on: date, full: int, by, probationary: int = 0, batch: ImportBatch | None = None
) -> DeclaredCount:
    """Keep what `organization` declares for the day `on`; a second declaration for the day corrects the first."""
    require_right(by, Action.EDIT, organization)
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    declared = DeclaredCount.objects.filter(organization=organization, on=on).first()
    if declared is not None:
        save_changes(
            declared,
            changes={"full": full, "probationary": probationary},
            by=by,
            kind="declared_count.correct",
            organization=organization,
        )
        return declared
    declared = DeclaredCount(organization=organization, on=on, full=full, probationary=probationary, batch=batch)
    return _added(declared, fields=("on", "full", "probationary"), kind="declared_count.declare", by=by)


@transaction.atomic
def confirm_roster(*, organization: Organization, on: date, by, batch: ImportBatch | None = None) -> RosterConfirmation:
    """Confirm that the member rows of `organization` are complete on `on`; once a day, a second time changes nothing.

    From the first confirmation on, head counts use the rows instead of declared numbers.
    """
    require_right(by, Action.EDIT, organization)
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    confirmed = RosterConfirmation.objects.filter(organization=organization, on=on).first()
    if confirmed is not None:
        return confirmed
    confirmed = RosterConfirmation(organization=organization, on=on, batch=batch)
    return _added(confirmed, fields=("on",), kind="roster.confirm", by=by)


def _added(record, *, fields: tuple[str, ...], kind: str, by):
    record.full_clean()
    record.save(force_insert=True)
    audit.record_event(
        kind=kind,
        target=record,
        organization=record.organization,
        by=by,
        changes={field: [None, value] for field, value in audit.values_of(record, fields).items()},
    )
    return record
