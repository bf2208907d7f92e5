"""A street with two branches and its clerk, for the services about people."""

from datetime import date

import pytest

from orgs.enums import Role
from tests.factories import (
    AffiliationFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    user_at,
)

MARCH = date(2026, 3, 1)


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def street(root):
    return StreetFactory(parent=root)


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street)


@pytest.fixture
def sibling(street):
    return OrganizationFactory(parent=street)


@pytest.fixture
def abroad(root):
    """A branch of another street."""
    return OrganizationFactory(parent=StreetFactory(parent=root))


@pytest.fixture
def clerk(street):
    return user_at(street)


@pytest.fixture
def viewer(street):
    return user_at(street, Role.VIEWER)


@pytest.fixture
def member(branch):
    return AffiliationFactory(organization=branch, since=MARCH).member
