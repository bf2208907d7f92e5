"""Rows of one step that hold each other's place come back in an order in which each place is free."""

import datetime

import pytest
from django.db.models import F

from members.models import Affiliation, Member
from orgs import tree
from orgs.effects.written import CHUNK
from orgs.models import Organization, OrganizationChange
from orgs.operations import Watch, perform, undo
from tests.checking import lines
from tests.factories import AffiliationFactory, OrganizationFactory, RootFactory, StreetFactory, user_at
from tests.snapshots import books

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 1, 5)


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def officer(root):
    return user_at(root)


def test_a_period_that_lasts_again_waits_for_another_that_is_put_back_some_thousand_rows_later(root, officer):
    """The open place of a person: the first row of the step takes it back from the last one."""
    branch = OrganizationFactory(parent=root)
    first = AffiliationFactory(organization=branch, since=ON)
    others = Member.objects.bulk_create(Member(name="王建国", sort_key="wang jian guo") for _ in range(CHUNK))
    Affiliation.objects.bulk_create(Affiliation(organization=branch, member=each) for each in others)
    last = AffiliationFactory(organization=branch, member=first.member, until=ON, reason="误登")
    later = datetime.date(2026, 2, 1)

    def run(watch):
        Affiliation.objects.filter(pk=first.pk).update(until=later, version=F("version") + 1)
        Affiliation.objects.filter(member__in=others).update(reason="更正", version=F("version") + 1)
        Affiliation.objects.filter(pk=last.pk).update(since=later, until=None, version=F("version") + 1)

    before = books()
    watch = Watch([Affiliation.everything.filter(organization=branch)])
    asked = {"kind": "correct", "organization": branch, "on": ON, "by": officer, "summary": "更正"}

    undo(operation=perform(watch=watch, run=run, **asked), by=officer)

    assert books() == before


def test_organizations_that_took_each_others_places_go_back_to_their_own(root, officer):
    """Whoever comes under a superior whose last one has left gets the place of that one."""
    streets = [StreetFactory(parent=root) for _ in range(2)]
    branches = [OrganizationFactory(parent=street, kind="general_branch") for street in streets]
    OrganizationFactory(parent=branches[1])

    def run(watch):
        for branch, street in zip(branches, reversed(streets), strict=True):
            tree.move(branch, to=street, on=ON, by=officer)

    before = books()
    watch = Watch([Organization.everything.all(), OrganizationChange.objects.all()])
    operation = perform(kind="move", organization=root, on=ON, by=officer, summary="对调", watch=watch, run=run)
    assert Organization.objects.get(pk=branches[1].pk).path == branches[0].path

    undo(operation=operation, by=officer)

    assert lines() == []
    assert books() == before
