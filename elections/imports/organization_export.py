"""The organization ledger out of the books, in the columns of the template."""

from collections.abc import Iterator

from elections.models import Post, Term
from members.models import DeclaredCount
from orgs.enums import Body, Form, Kind, Seat, Title, UnitType
from orgs.importing.dates import Dated, dated
from orgs.importing.rows import Scope
from orgs.models import Organization


def organization_records(scope: Scope) -> Iterator[dict]:
    """{canonical field: value} of every organization of the scope that exists on its day, parents first."""
    organizations = list(
        Organization.objects.visible_to(scope.user)
        .under(scope.organization)
        .existing(scope.on)
        .select_related("parent")
        .by_level()
    )
    inside = Organization.objects.visible_to(scope.user).under(scope.organization)
    terms = {
        term.organization_id: term
        for term in Term.objects.filter(organization__in=inside, body=Body.COMMITTEE)
        .current(scope.on)
        .order_by("elected_on")
    }
    declared = {
        count.organization_id: count
        for count in DeclaredCount.objects.filter(organization__in=inside, on__lte=scope.on).order_by("on")
    }
    posts = Post.objects.filter(organization__in=inside, body=Body.COMMITTEE, title=Title.SECRETARY, seat=Seat.ELECTED)
    secretaries = dict(posts.holding(scope.on).order_by("pk").values_list("organization_id", "holder_name"))
    for organization in organizations:
        top = organization.pk == scope.organization.pk
        count = declared.get(organization.pk)
        yield {
            "org_code": organization.code,
            "org_name": organization.name,
            "org_short": organization.short_name,
            # What stands above the scope is not this roster's to tell.
            "parent_code": "" if top or organization.parent is None else organization.parent.code,
            "parent_name": "" if top or organization.parent is None else organization.parent.name,
            "kind": Kind(organization.kind),
            "form": Form(organization.form),
            "unit": UnitType(organization.unit_type) if organization.unit_type else None,
            "founded": dated(organization.founded_on, organization.founded_on_precision),
            **_term(terms.get(organization.pk)),
            "secretary": secretaries.get(organization.pk, ""),
            "members": count.full + count.probationary if count else None,
            "formal": count.full if count else None,
            "probationary": count.probationary if count else None,
            "contact": organization.contact_name,
            "phone": organization.contact_phone,
            "remark": organization.remark,
        }


def _term(term: Term | None) -> dict:
    if term is None:
        return {}
    differs = term.stated_expires_on is not None and term.stated_expires_on != term.expires_on
    expires = Dated(term.stated_expires_on) if differs else dated(term.expires_on, term.expires_on_precision)
    return {
        "term_no": term.ordinal,
        "elected": dated(term.elected_on, term.elected_on_precision),
        "term_years": term.stated_years or term.years,
        "expires": expires,
        "document_no": term.document_no,
    }
