"""A branch as the rosters of `tests.members.rosters` name it, and the clerk of the whole tree."""

import pytest

from tests import factories


@pytest.fixture
def root():
    return factories.RootFactory()


@pytest.fixture
def branch(root):
    return factories.OrganizationFactory(parent=root, code="YL01", name="虚构社区第一党支部")


@pytest.fixture
def clerk(root):
    return factories.user_at(root)
