"""Closing an organization heeds its people, posts and open elections."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from elections.models import Election, Post
from elections.services.closing import close_organization
from orgs.enums import Role
from orgs.models import Organization
from tests.factories import (
    AffiliationFactory,
    ElectionFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    StreetFactory,
    user_at,
)

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 11, 1)


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory())


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street, name="虚构党支部")


@pytest.fixture
def clerk(street):
    return user_at(street)


def test_branch_with_members_is_not_closed_and_says_how_many_must_move_first(branch, clerk):
    AffiliationFactory(organization=branch)
    AffiliationFactory(organization=branch, until=datetime.date(2026, 11, 2))
    PostFactory(organization=branch)

    with pytest.raises(ValidationError) as refused:
        close_organization(organization=branch, on=ON, by=clerk)

    assert refused.value.message_dict == {
        "closed_on": ["“虚构党支部”还有 2 名党员的组织关系，请先办理转出或划转，再撤销。"]
    }
    branch.refresh_from_db()
    assert (branch.closed_on, Post.objects.get().until) == (None, None)


def test_branch_that_received_a_guest_since_is_not_closed_before(branch, clerk):
    AffiliationFactory(organization=branch, kind="incoming", since=ON)

    with pytest.raises(ValidationError, match="2026年11月1日流入党员，不早于2026年11月1日"):
        close_organization(organization=branch, on=ON, by=clerk)


def test_posts_and_open_elections_end_with_the_branch(branch, clerk):
    AffiliationFactory(organization=branch, until=ON)
    PostFactory(organization=branch)
    ElectionFactory(organization=branch)

    close_organization(organization=branch, on=ON, basis="云组〔2026〕7号", by=clerk)

    branch.refresh_from_db()
    assert (branch.closed_on, Post.objects.get().until, Election.objects.get().closed_on) == (ON, ON, ON)


def test_clerk_of_another_street_closes_nothing(street, branch):
    stranger = user_at(StreetFactory(parent=street.parent))

    with pytest.raises(PermissionDenied):
        close_organization(organization=branch, on=ON, by=stranger)

    branch.refresh_from_db()
    assert branch.closed_on is None


def test_the_admin_closes_by_this_service(client, street, branch):
    AffiliationFactory(organization=branch)
    client.force_login(user_at(street, Role.OPERATOR, is_staff=True))
    address = reverse("admin:orgs_organization_change", args=[branch.uid])
    form = client.get(address).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    values = {name: "" if value is None else value for name, value in values.items() if value is not False}

    page = client.post(address, {**values, "closed_on": "2026-11-01", "basis": "云组〔2026〕7号"})

    assert "还有 1 名党员的组织关系" in page.content.decode()
    assert Organization.objects.get(pk=branch.pk).closed_on is None
