"""A street with one branch and its clerk, and 李明 who belongs there."""

import pytest

from tests import factories
from tests.elections.floating.ledgers import BRANCH, DAY, member_at


@pytest.fixture
def street():
    return factories.StreetFactory(parent=factories.RootFactory(code="YL"), code="YL01", name="虚构街道党工委")


@pytest.fixture
def branch(street):
    return factories.OrganizationFactory(parent=street, code="YL0101", name=BRANCH)


@pytest.fixture
def clerk(street):
    return factories.user_at(street)


@pytest.fixture
def li(branch):
    return member_at(branch, birth=DAY(1980, 5, 6))
