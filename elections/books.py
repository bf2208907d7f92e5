"""What is recorded about organizations, read in bulk and handed to the law as plain facts.

The people and units of a day are read in `people_facts`.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from elections.models import Appointment, Election, Extension, Succession, Term
from elections.people_facts import PeopleFacts, head_facts, read_people
from elections.rules.facts import (
    AppointmentFacts,
    Before,
    ElectionFacts,
    ExtensionFacts,
    OrganizationFacts,
    TermFacts,
)
from elections.rules.parameters import Law
from members.headcount import HeadCount
from members.shortfall import below_since
from orgs.enums import ApprovalLevel, Body, ElectionKind, Form, Kind, Precision, UnitType
from orgs.models import OrganizationChange
from orgs.namesakes import namesakes
from orgs.opening import opened_on


@dataclass(frozen=True)
class Books:
    """One organization as the law sees it, and the rows of its committee's terms by their election day."""

    facts: OrganizationFacts
    terms: dict[date, Term]


def read(organizations, *, on: date, headcounts: dict[int, HeadCount], law: Law | None = None) -> dict[int, Books]:
    """{organization id: Books} in thirteen queries, four more where a branch has too few members, whatever the rows.

    People, units and books are those of the day `on`, terms and elections all there are. `headcounts` are those of
    that day; `law` says how few are too few. The caller has the organizations through `visible_to`; what is read here
    belongs to them.
    """
    law = law or Law.builtin()
    organizations = list(organizations)
    ids = [organization.pk for organization in organizations]
    terms = _grouped(Term.objects.filter(organization__in=ids).order_by("elected_on"))
    extensions = _grouped(Extension.objects.filter(term__organization__in=ids).order_by("id"), key="term_id")
    elections = _grouped(Election.objects.filter(organization__in=ids, body=Body.COMMITTEE).order_by("id"))
    appointments = _grouped(Appointment.objects.filter(organization__in=ids).order_by("id"))
    mergers = _grouped(Succession.objects.absorbed().filter(organization__in=ids).order_by("on", "id"))
    dated = ("kind", "form", "unit_type", "converted_on")
    changes = _grouped(OrganizationChange.objects.filter(organization__in=ids, field__in=dated).order_by("on", "id"))
    people = read_people(organizations, on, law=law)
    alike = namesakes(organizations, on)
    begun = opened_on(organizations)
    found = {}
    for each in organizations:
        of_committee = [term for term in terms[each.pk] if term.body == Body.COMMITTEE]
        facts = _facts(
            each,
            terms=[_term_facts(term, extensions[term.pk], people[each.pk].large) for term in of_committee],
            elections=elections[each.pk],
            appointments=appointments[each.pk],
            changes=changes[each.pk],
            mergers=mergers[each.pk],
            books_since=begun[each.pk],
            alike=alike.get(each.pk, 0),
        )
        found[each.pk] = Books(
            facts=_with_people(facts, people[each.pk], headcounts[each.pk], terms[each.pk], on),
            terms={term.elected_on: term for term in of_committee},
        )
    return _with_clocks(found, on=on, law=law)


def _with_clocks(found: dict[int, Books], *, on: date, law: Law) -> dict[int, Books]:
    """With the day since which each branch that has too few full members has had too few (TERM-25)."""
    least = law.full_members_least.on(on).value
    small = [
        pk
        for pk, each in found.items()
        if each.facts.kind_on(on) == Kind.BRANCH and each.facts.heads.is_known and each.facts.heads.full < least
    ]
    since = below_since(small, least=least, on=on) if small else {}
    return {
        pk: replace(each, facts=replace(each.facts, below_three_since=since[pk])) if pk in since else each
        for pk, each in found.items()
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


def _term_facts(term: Term, extensions: list[Extension], large: bool | None) -> TermFacts:
    return TermFacts(
        elected_on=term.elected_on,
        expires_on=term.expires_on,
        until=term.until,
        ordinal=term.ordinal,
        elected_precision=Precision(term.elected_on_precision),
        expires_precision=Precision(term.expires_on_precision),
        extensions=tuple(extension_facts(each) for each in extensions),
        # Stated without a 批复 it does not hold, but it is what was recorded.
        years=term.stated_years or term.years,
        kind=Kind(term.kind_at_election),
        unit_type=_unit_type(term.unit_type_at_election),
        large=large,
        stated_expires_on=term.stated_expires_on,
        document_no=term.document_no,
        early_approved_on=term.early_approved_on,
        early_document_no=term.early_document_no,
    )


def _unit_type(value: str) -> UnitType | None:
    return UnitType(value) if value else None


def _with_people(
    facts: OrganizationFacts, people: PeopleFacts, heads: HeadCount, terms: list[Term], on: date
) -> OrganizationFacts:
    discipline = any(term.body == Body.DISCIPLINE and _sits(term, on) for term in terms) or any(
        post.body == Body.DISCIPLINE and post.holds_on(on) for post in people.posts
    )
    return replace(
        facts,
        heads=head_facts(heads),
        posts=people.posts,
        has_discipline=discipline,
        units=people.units if facts.form_on(on) == Form.JOINT else (),
        roster_on=people.roster_on,
        member_days=people.member_days,
        also_elsewhere=people.also_elsewhere,
    )


def _sits(term: Term, on: date) -> bool:
    return term.elected_on <= on and (term.until is None or on < term.until)


def _facts(organization, *, terms, elections, appointments, changes, mergers, books_since, alike) -> OrganizationFacts:
    return OrganizationFacts(
        kind=Kind(organization.kind),
        form=Form(organization.form),
        holds_affiliations=organization.holds_affiliations,
        founded_on=organization.founded_on,
        founded_precision=Precision(organization.founded_on_precision),
        converted_on=organization.converted_on,
        converted_before=tuple(
            each.on for each in changes if each.field == "converted_on" and each.on != organization.converted_on
        ),
        merged_on=tuple(each.on for each in mergers),
        closed_on=organization.closed_on,
        kind_before=tuple(Before(each.on, Kind(each.before)) for each in changes if each.field == "kind"),
        form_before=tuple(Before(each.on, Form(each.before)) for each in changes if each.field == "form"),
        unit_type=_unit_type(organization.unit_type),
        unit_type_before=tuple(
            Before(each.on, _unit_type(each.before)) for each in changes if each.field == "unit_type"
        ),
        appointments=tuple(AppointmentFacts(each.on, each.document_no) for each in appointments),
        terms=tuple(terms),
        elections=tuple(
            ElectionFacts(ElectionKind(each.kind), each.opened_on, each.election_day, each.closed_on)
            for each in elections
        ),
        books_since=books_since,
        namesakes=alike,
    )
