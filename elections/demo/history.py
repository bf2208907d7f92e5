"""What the rosters do not say: earlier terms, extensions, elections, appointments, conversions.

Terms and extensions come by the hundred, so they take the bulk way of `services.terms`: `plan_term` for what the law
makes of a term, `refresh` for what is derived. The rest goes through the services one by one.
"""

from elections.demo.plan import District, PlannedOrganization, PlannedTerm
from elections.models import Extension, Term
from elections.services.election import open_election
from elections.services.terms import plan_term, record_appointment, refresh
from orgs import audit, tree
from orgs.enums import Kind
from orgs.models import Organization, User
from orgs.services.records import save_changes

APPROVER = "中共云岭区委组织部"


def reshape(district: District, *, by: User) -> None:
    """Enter what a ledger cannot say: mobile branches that elect, and branches that were raised to a 总支.

    From the day of the 批复 the branch's term has ended.
    """
    for planned in district.organizations:
        day = planned.course.converted_on
        if day is not None:
            organization = tree.reshape(
                Organization.objects.get(code=planned.code),
                on=day,
                basis="党员人数超过50名，经批准改建",
                by=by,
                kind=planned.kind,
                converted_on=day,
            )
            refresh([organization.pk])
        if planned.holds_affiliations:
            organization = Organization.objects.get(code=planned.code)
            changes = {"holds_affiliations": True}
            save_changes(organization, changes=changes, by=by, kind="organization.update", organization=organization)


def record(district: District, *, by: User) -> None:
    """Enter what happened to the organizations whose sitting terms the ledger has brought."""
    organizations = {each.code: each for each in Organization.objects.all()}
    _terms_and_extensions(district, organizations, by)
    for planned in district.organizations:
        organization = organizations[planned.code]
        for election in planned.course.elections:
            open_election(
                organization=organization,
                kind=election.kind,
                opened_on=election.opened_on,
                election_day=election.election_day,
                by=by,
            )
        if planned.course.appointed_on is not None:
            record_appointment(
                organization=organization,
                on=planned.course.appointed_on,
                document_no=planned.course.appointed_document_no,
                by=by,
            )


def _terms_and_extensions(district: District, organizations: dict[str, Organization], by: User) -> None:
    earlier = {
        (organizations[planned.code].pk, term.elected_on): _term(organizations[planned.code], planned, term)
        for planned in district.organizations
        for term in planned.course.earlier
    }
    Term.objects.bulk_create(earlier.values())
    sitting = {(term.organization_id, term.elected_on): term for term in Term.objects.of_committees()}
    extensions = [
        _extension(sitting[organizations[planned.code].pk, term.elected_on], extension)
        for planned in district.organizations
        for term in (*planned.course.earlier, planned.course.current)
        if term is not None
        for extension in term.extensions
    ]
    Extension.objects.bulk_create(extensions)
    refresh(organization.pk for organization in organizations.values())
    audit.record_event(
        kind="demo.history",
        organization=organizations[district.root.code],
        by=by,
        changes={"terms": [None, len(earlier)], "extensions": [None, len(extensions)]},
    )


def _term(organization: Organization, planned: PlannedOrganization, term: PlannedTerm) -> Term:
    """A term as `services.terms.record_term` would write it, of a branch where that is what it was then."""
    kind = Kind.BRANCH if planned.course.converted_on else planned.kind
    plan = plan_term(
        kind=kind,
        unit_type=planned.unit_type,
        elected_on=term.elected_on,
        elected_precision=term.precision,
        document_no=term.document_no,
    )
    return Term(
        organization=organization,
        ordinal=term.ordinal,
        elected_on=term.elected_on,
        elected_on_precision=term.precision,
        years=plan.years,
        years_basis=plan.years_basis,
        expires_on=plan.expires_on,
        expires_on_precision=plan.expires_on_precision,
        document_no=term.document_no,
        kind_at_election=kind,
        unit_type_at_election=planned.unit_type or "",
    )


def _extension(term: Term, planned) -> Extension:
    return Extension(
        term=term,
        ends_on=planned.ends_on,
        kind=planned.kind,
        level=planned.level,
        reason=planned.reason,
        document_no=planned.document_no,
        is_approved=bool(planned.document_no),
        approved_by=APPROVER if planned.document_no else "",
        approved_on=planned.approved_on,
    )
