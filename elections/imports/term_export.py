"""The term ledger out of the books, in the columns of the template."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import zip_longest

from elections.models import Appointment, Election, Extension, Term
from orgs.enums import ApprovalLevel, Body, ElectionKind
from orgs.importing.dates import Dated, dated
from orgs.importing.rows import Scope
from orgs.models import Organization


def term_records(scope: Scope) -> Iterator[dict]:
    """{canonical field: value} of every term elected by the day, a further row for each further extension.

    Appointments and elections stand in the rows of the last term, or in rows of their own.
    """
    organizations = Organization.objects.visible_to(scope.user).under(scope.organization).existing(scope.on)
    inside = Organization.objects.visible_to(scope.user).under(scope.organization)
    terms = defaultdict(list)
    for term in Term.objects.filter(organization__in=inside, elected_on__lte=scope.on).order_by("elected_on", "id"):
        terms[term.organization_id, term.body].append(term)
    extensions = _grouped(Extension.objects.filter(term__organization__in=inside).order_by("id"), "term_id")
    appointments = _grouped(
        Appointment.objects.filter(organization__in=inside, on__lte=scope.on).order_by("on"), "organization_id"
    )
    elections = defaultdict(list)
    for each in Election.objects.filter(organization__in=inside, opened_on__lte=scope.on).order_by("opened_on", "id"):
        elections[each.organization_id, each.body].append(each)
    for organization in organizations.by_level():
        for body in Body:
            yield from _records(
                {"org_code": organization.code, "org_name": organization.name, "body": body},
                [(term, extensions[term.pk]) for term in terms[organization.pk, body.value]],
                appointments[organization.pk] if body == Body.COMMITTEE else [],
                elections[organization.pk, body.value],
            )


def _grouped(rows, key: str) -> dict[int, list]:
    groups = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


def _records(head: dict, terms: list, appointments: list, elections: list) -> Iterator[dict]:
    rows = []
    for term, extensions in terms:
        for number, extension in enumerate(extensions or [None]):
            stated = _term(term) if number == 0 else {"elected": dated(term.elected_on, term.elected_on_precision)}
            rows.append({**stated, **(_extension(extension) if extension else {})})
    # What belongs to no term stands in the last row; what finds no room there in rows of its own below.
    beside = [
        {**(_appointment(appointment) if appointment else {}), **(_election(election) if election else {})}
        for appointment, election in zip_longest(appointments, elections)
    ]
    if rows and beside:
        rows[-1] |= beside.pop(0)
    for row in (*rows, *beside):
        yield {**head, **row}


def _term(term: Term) -> dict:
    differs = term.stated_expires_on is not None and term.stated_expires_on != term.expires_on
    return {
        "term_no": term.ordinal,
        "elected": dated(term.elected_on, term.elected_on_precision),
        "term_years": term.stated_years or term.years,
        "expires": Dated(term.stated_expires_on) if differs else dated(term.expires_on, term.expires_on_precision),
        "term_document_no": term.document_no,
        "early_approved_on": term.early_approved_on,
        "early_document_no": term.early_document_no,
        "planned_on": dated(term.planned_on, term.planned_on_precision),
        "reason": term.overdue_reason,
    }


def _extension(extension: Extension) -> dict:
    return {
        "extension_until": extension.ends_on,
        "extension_approved": extension.is_approved,
        "extension_approved_on": extension.approved_on,
        "extension_document_no": extension.document_no,
        "extension_level": ApprovalLevel(extension.level),
    }


def _appointment(appointment: Appointment) -> dict:
    return {"appointed_on": appointment.on, "appointed_document_no": appointment.document_no}


def _election(election: Election) -> dict:
    return {
        "election_opened_on": election.opened_on,
        "election_day": election.election_day,
        "election_kind": "换届" if election.kind == ElectionKind.GENERAL else ElectionKind(election.kind).label,
    }
