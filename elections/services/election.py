"""The case of an election in its smallest form: open, set the day, close."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from elections.models import Election
from orgs import audit
from orgs.enums import Action, Body, ElectionKind, ElectionStage
from orgs.models import Organization
from orgs.scoping import require_right
from orgs.services.records import save_changes


@transaction.atomic
def open_election(
    *,
    organization: Organization,
    opened_on: date,
    by,
    kind: str = ElectionKind.GENERAL,
    body: str = Body.COMMITTEE,
    election_day: date | None = None,
) -> Election:
    """Open a case and return it; at most one general election of an organization is open at a time."""
    require_right(by, Action.EDIT, organization)
    Organization.objects.select_for_update().get(pk=organization.pk)
    if kind == ElectionKind.GENERAL and _overlapping(organization, opened_on).exists():
        raise ValidationError({"opened_on": f"“{organization.name}”在这一天已有一项正在进行的换届选举。"})
    if election_day is not None and election_day < opened_on:
        raise ValidationError({"election_day": "选举日不能早于启动日期。"})
    election = Election(
        organization=organization,
        kind=kind,
        body=body,
        opened_on=opened_on,
        election_day=election_day,
        stage=ElectionStage.DAY_SET if election_day else ElectionStage.PREPARING,
    )
    election.full_clean()
    election.save(force_insert=True)
    audit.record_event(
        kind="election.open",
        target=election,
        organization=organization,
        by=by,
        changes={"opened_on": [None, str(opened_on)]},
    )
    return election


@transaction.atomic
def set_election_day(*, election: Election, election_day: date, by) -> Election:
    """Fix or move the day of the vote."""
    require_right(by, Action.EDIT, election.organization)
    if election_day < election.opened_on:
        raise ValidationError({"election_day": "选举日不能早于启动日期。"})
    save_changes(
        election,
        changes={"election_day": election_day, "stage": ElectionStage.DAY_SET},
        by=by,
        kind="election.set_day",
        organization=election.organization,
    )
    return election


@transaction.atomic
def close_election(*, election: Election, closed_on: date, by, stage: str = ElectionStage.CLOSED) -> Election:
    """Close the case: `closed_on` is the first day it is no longer open, `stage` how it ended."""
    require_right(by, Action.EDIT, election.organization)
    if election.closed_on is not None:
        raise ValidationError({"closed_on": "这项选举已办结。"})
    save_changes(
        election,
        changes={"closed_on": closed_on, "stage": stage},
        by=by,
        kind="election.close",
        organization=election.organization,
    )
    return election


def _overlapping(organization: Organization, opened_on: date):
    """General elections of the organization that were open on the day or opened later and never closed."""
    return (
        Election.objects.general()
        .filter(organization=organization)
        .filter(Q(closed_on__isnull=True) | Q(closed_on__gt=opened_on))
    )
