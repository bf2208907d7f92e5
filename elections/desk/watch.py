"""Every table with rows of organizations or people: what an operation may write and what its undo puts back."""

from collections.abc import Iterable

from django.db.models import Model, Q, QuerySet

from elections.models import (
    Appointment,
    ApprovalRight,
    AssignedApprover,
    Correction,
    Election,
    Extension,
    Leader,
    MoveRequest,
    Post,
    Succession,
    Term,
    VillagePost,
)
from members.models import (
    Affiliation,
    DeclaredCount,
    Guest,
    Identity,
    IntakeRequest,
    Member,
    RosterConfirmation,
    Standing,
    TransferRequest,
)
from orgs import paths
from orgs.models import Grant, Organization, OrganizationChange, OrganizationUnit, TerritorialLink, Unit

# {table: what leads from its row to an organization}
OF_ORGANIZATIONS: dict[type[Model], str] = {
    Organization: "pk",
    OrganizationChange: "organization",
    OrganizationUnit: "organization",
    Unit: "keeper",
    Grant: "organization",
    Term: "organization",
    Extension: "term__organization",
    Appointment: "organization",
    Leader: "organization",
    ApprovalRight: "organization",
    AssignedApprover: "organization",
    TerritorialLink: "organization",
    Election: "organization",
    Correction: "organization",
    Succession: "organization",
    MoveRequest: "organization",
    Post: "organization",
    VillagePost: "organization",
    Affiliation: "organization",
    Guest: "affiliation__organization",
    DeclaredCount: "organization",
    RosterConfirmation: "organization",
    TransferRequest: "origin",
    IntakeRequest: "to",
}
# {table: what leads from its row to a person}
OF_PEOPLE: dict[type[Model], str] = {
    Member: "pk",
    Affiliation: "member",
    Guest: "affiliation__member",
    Standing: "member",
    TransferRequest: "member",
    Identity: "first",
    IntakeRequest: "member",
    Post: "member",
    VillagePost: "member",
}


def rows_of(*, organizations: Iterable[Organization] = (), members: Iterable[Member] = ()) -> list[QuerySet]:
    """All rows of these organizations and people, voided ones included, table by table.

    The people of an organization are `people_of`: without them only their affiliations there are watched.
    """
    places = [each.pk for each in organizations]
    people = [each.pk for each in members]
    querysets = []
    for model in [*OF_ORGANIZATIONS, *(each for each in OF_PEOPLE if each not in OF_ORGANIZATIONS)]:
        condition = Q(pk__in=[])
        if places and model in OF_ORGANIZATIONS:
            condition |= Q(**{f"{OF_ORGANIZATIONS[model]}__in": places})
        if people and model in OF_PEOPLE:
            condition |= Q(**{f"{OF_PEOPLE[model]}__in": people})
        querysets.append(model._base_manager.filter(condition))
    return querysets


def places_below(organizations: Iterable[Organization]) -> list[QuerySet]:
    """The tree's rows of everything under these organizations, with their changes: a move writes them."""
    condition = paths.subtrees([each.path for each in organizations])
    keys = list(Organization.everything.filter(condition).values_list("pk", flat=True))
    return [Organization.everything.filter(pk__in=keys), OrganizationChange.objects.filter(organization__in=keys)]


def people_of(organization: Organization) -> list[Member]:
    """The people with an open regular affiliation at an organization, by name."""
    here = Affiliation.objects.regular().filter(organization=organization, until__isnull=True)
    return list(Member.objects.filter(pk__in=here.values("member")).order_by("sort_key", "id"))
