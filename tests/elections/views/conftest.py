"""A small district on 21 November 2026: two streets, a community committee with two branches in the first."""

import datetime
from types import SimpleNamespace

import pytest

from orgs.enums import Kind, Role
from tests.factories import (
    ElectionFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    user_at,
)

DAY = datetime.date(2026, 11, 21)


@pytest.fixture
def district(db, time_machine):
    """Street A: an overdue branch, one in election; street B: a branch in term; no term anywhere else."""
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))
    root = RootFactory()
    street_a = StreetFactory(parent=root, name="东湖街道党工委")
    street_b = StreetFactory(parent=root, name="和平街道党工委")
    committee = OrganizationFactory(parent=street_a, name="石桥社区党委", kind=Kind.COMMITTEE)
    late = OrganizationFactory(parent=committee, name="石桥社区第一党支部", code="A-1")
    running = OrganizationFactory(parent=committee, name="石桥社区第二党支部", code="A-2")
    foreign = OrganizationFactory(parent=street_b, name="柳林社区党支部", code="B-1")
    # Five years from 5 November 2020: 16 days over on the day.
    TermFactory(
        organization=late, elected_on=datetime.date(2021, 11, 5), expires_on=datetime.date(2026, 11, 5), ordinal=3
    )
    TermFactory(organization=running, elected_on=datetime.date(2022, 1, 10), expires_on=datetime.date(2027, 1, 10))
    TermFactory(organization=foreign)
    ElectionFactory(organization=running, election_day=datetime.date(2026, 12, 20))
    PostFactory(organization=late, holder_name="何丽华")
    PostFactory(organization=foreign, holder_name="吴宏伟")
    return SimpleNamespace(
        root=root,
        street_a=street_a,
        street_b=street_b,
        committee=committee,
        late=late,
        running=running,
        foreign=foreign,
        officer=user_at(root, Role.OPERATOR),
        clerk=user_at(street_a, Role.CLERK),
        stranger=user_at(street_b, Role.CLERK),
    )


@pytest.fixture
def as_officer(client, district):
    client.force_login(district.officer)
    return client


@pytest.fixture
def as_clerk(client, district):
    client.force_login(district.clerk)
    return client
