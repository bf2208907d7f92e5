"""Branches with a roster and people, where their people are, and what the ledger says of them."""

import datetime

from elections.ledger import Ledger
from members.models import Affiliation
from orgs.models import Organization
from tests.factories import (
    AffiliationFactory,
    MemberFactory,
    OrganizationFactory,
    PostFactory,
    RosterConfirmationFactory,
    TermFactory,
)

TODAY = datetime.date(2026, 11, 21)


def with_roster(parent, name, **fields):
    """A branch whose roster is confirmed, so that its people are counted."""
    branch = OrganizationFactory(parent=parent, name=name, **fields)
    RosterConfirmationFactory(organization=branch)
    return branch


def branch_with(parent, name, people, **fields):
    """A branch with a sitting term, a secretary, a roster and people by name."""
    branch = with_roster(parent, name, **fields)
    TermFactory(organization=branch, ordinal=3)
    members = [MemberFactory(name=each, sort_key=each) for each in people]
    for member in members:
        AffiliationFactory(member=member, organization=branch)
    PostFactory(organization=branch, member=members[0], holder_name=people[0])
    return branch


def row(organization, user, on=TODAY):
    """The ledger's row of an organization; None where it does not exist on the day."""
    return Ledger(user=user, node=organization, on=on).row_of(Organization.objects.get(pk=organization.pk))


def heads(organization, user, on=TODAY) -> int:
    """How many people the ledger counts."""
    return row(organization, user, on).headcount.total


def people_of(organization, on=TODAY) -> list[str]:
    """The people of a branch by name."""
    here = Affiliation.objects.regular().holding(on).filter(organization=organization)
    return sorted(here.values_list("member__name", flat=True))


def places(organization, **chosen) -> dict:
    """The fields that give people by name to new branches."""
    here = Affiliation.objects.regular().filter(organization=organization, until__isnull=True).select_related("member")
    return {f"to_{each.member.uid}": chosen.get(each.member.name, "") for each in here}
