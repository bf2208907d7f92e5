"""A street of an invented district on a fixed day, with its clerk, for the tasks by hand."""

import datetime

import pytest

from tests.factories import OrganizationFactory, RootFactory, StreetFactory, user_at


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def street(root):
    return StreetFactory(parent=root, name="东湖街道党工委")


@pytest.fixture
def other_street(root):
    return StreetFactory(parent=root, name="和平街道党工委")


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street, name="石桥社区党支部")


@pytest.fixture
def clerk(street):
    return user_at(street)
