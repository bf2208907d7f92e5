"""What is recorded about organizations, read in bulk and handed to the law as plain facts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from elections.models import Appointment, Election, Extension, Term
from elections.rules.facts import (
    AppointmentFacts,
    Before,
    ElectionFacts,
    ExtensionFacts,
    OrganizationFacts,
    TermFacts,
)
from orgs.enums import ApprovalLevel, Body, ElectionKind, Form, Kind, Precision
from orgs.models import OrganizationChange


@dataclass(frozen=True)
class Books:
    """One organization as the law sees it, and the rows of its committee's terms by their election day."""

    facts: OrganizationFacts
    terms: dict[date, Term]


def read(organizations) -> dict[int, Books]:
    """{organization id: Books} in five queries, however many organizations and rows there are.

    The caller has the organizations through `visible_to`; what is read here belongs to them.
    """
    organizations = list(organizations)
    ids = [organization.pk for organization in organizations]
    terms = _grouped(Term.objects.of_committees().filter(organization__in=ids).order_by("elected_on"))
    extensions = _grouped(Extension.objects.filter(term__organization__in=ids).order_by("id"), key="term_id")
    elections = _grouped(Election.objects.filter(organization__in=ids, body=Body.COMMITTEE).order_by("id"))
    appointments = _grouped(Appointment.objects.filter(organization__in=ids).order_by("id"))
    changes = _grouped(
        OrganizationChange.objects.filter(organization__in=ids, field__in=("kind", "form")).order_by("on", "id")
    )
    return {
        each.pk: Books(
            facts=_facts(
                each,
                terms=[_term_facts(term, extensions[term.pk]) for term in terms[each.pk]],
                elections=elections[each.pk],
                appointments=appointments[each.pk],
                changes=changes[each.pk],
            ),
            terms={term.elected_on: term for term in terms[each.pk]},
        )
        for each in organizations
    }


def extension_facts(extension: Extension) -> ExtensionFacts:
    """An extension as the law sees it."""
    return ExtensionFacts(
        ends_on=extension.ends_on,
        approved_on=extension.approved_on,
        is_approved=extension.is_approved,
        level=ApprovalLevel(extension.level),
        document_no=extension.document_no,
    )


def _grouped(rows, key: str = "organization_id") -> dict[int, list]:
    groups: dict[int, list] = defaultdict(list)
    for row in rows:
        groups[getattr(row, key)].append(row)
    return groups


def _term_facts(term: Term, extensions: list[Extension]) -> TermFacts:
    return TermFacts(
        elected_on=term.elected_on,
        expires_on=term.expires_on,
        until=term.until,
        ordinal=term.ordinal,
        elected_precision=Precision(term.elected_on_precision),
        expires_precision=Precision(term.expires_on_precision),
        extensions=tuple(extension_facts(each) for each in extensions),
    )


def _facts(organization, *, terms, elections, appointments, changes) -> OrganizationFacts:
    return OrganizationFacts(
        kind=Kind(organization.kind),
        form=Form(organization.form),
        holds_affiliations=organization.holds_affiliations,
        founded_on=organization.founded_on,
        founded_precision=Precision(organization.founded_on_precision),
        converted_on=organization.converted_on,
        closed_on=organization.closed_on,
        kind_before=tuple(Before(each.on, Kind(each.before)) for each in changes if each.field == "kind"),
        form_before=tuple(Before(each.on, Form(each.before)) for each in changes if each.field == "form"),
        appointments=tuple(AppointmentFacts(each.on, each.document_no) for each in appointments),
        terms=tuple(terms),
        elections=tuple(
            ElectionFacts(ElectionKind(each.kind), each.opened_on, each.election_day, each.closed_on)
            for each in elections
        ),
    )
