"""Opening, dating and closing the case of an election."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from elections.models import Election
from elections.services import election as cases
from orgs.enums import ElectionKind, ElectionStage
from tests.factories import OrganizationFactory, RootFactory, StreetFactory, user_at

pytestmark = pytest.mark.django_db
OPENED = datetime.date(2026, 9, 1)
ELECTION_DAY = datetime.date(2026, 10, 15)


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory())


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street, name="虚构社区党支部")


@pytest.fixture
def clerk(street):
    return user_at(street)


def test_case_goes_from_opening_to_closing(branch, clerk):
    case = cases.open_election(organization=branch, opened_on=OPENED, by=clerk)
    cases.set_election_day(election=case, election_day=ELECTION_DAY, by=clerk)
    cases.close_election(election=case, closed_on=datetime.date(2026, 11, 1), by=clerk)

    assert list(Election.objects.values_list("opened_on", "election_day", "closed_on", "stage", "version")) == [
        (OPENED, ELECTION_DAY, datetime.date(2026, 11, 1), ElectionStage.CLOSED, 3)
    ]


def test_second_open_general_election_is_refused_but_a_by_election_is_not(branch, clerk):
    cases.open_election(organization=branch, opened_on=OPENED, by=clerk)

    with pytest.raises(ValidationError) as refused:
        cases.open_election(organization=branch, opened_on=datetime.date(2026, 9, 20), by=clerk)
    cases.open_election(organization=branch, opened_on=OPENED, kind=ElectionKind.BY_ELECTION, by=clerk)

    assert refused.value.message_dict == {"opened_on": ["“虚构社区党支部”在这一天已有一项正在进行的换届选举。"]}
    assert Election.objects.count() == 2


def test_election_day_before_the_opening_is_refused(branch, clerk):
    with pytest.raises(ValidationError):
        cases.open_election(organization=branch, opened_on=OPENED, election_day=datetime.date(2026, 8, 31), by=clerk)

    assert Election.objects.count() == 0


def test_clerk_of_another_street_opens_nothing(street, branch):
    with pytest.raises(PermissionDenied):
        cases.open_election(organization=branch, opened_on=OPENED, by=user_at(StreetFactory(parent=street.parent)))

    assert Election.objects.count() == 0
