"""What keeps the end of people's rows from being taken back: told person by person, looked up for all at once."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.clashes import BEGAN_AGAIN, CAME_AGAIN, CAME_BACK, taken_since
from members.models import Affiliation, Standing
from members.services import affiliate, end_affiliation, end_standing, record_standing
from orgs.operations import Watch, perform
from tests.factories import AffiliationFactory, StandingFactory

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 5, 1)


def ended(branch, clerk, *rows):
    """The operation that ended these affiliations and standings."""

    def run(watch):
        for row in rows:
            if isinstance(row, Affiliation):
                end_affiliation(affiliation=row, on=ON, reason="转出", by=clerk)
            else:
                end_standing(standing=row, on=ON, by=clerk)

    watch = Watch([Affiliation.everything.filter(organization=branch), Standing.everything.all()])
    return perform(kind="end", organization=branch, on=ON, by=clerk, watch=watch, summary="结束", run=run)


def test_whoever_came_back_is_told_and_what_was_over_before_is_not(branch, sibling, clerk):
    left = [AffiliationFactory(organization=branch) for _ in range(2)]
    stay = AffiliationFactory(organization=branch, kind="incoming")
    AffiliationFactory(organization=sibling, member=left[1].member, until=datetime.date(2020, 1, 1))
    away, lost = (StandingFactory(member=each.member, kind="lost") for each in left)
    operation = ended(branch, clerk, *left, stay, away, lost)
    assert taken_since(operation) == []

    affiliate(member=left[0].member, organization=sibling, since=ON, by=clerk)
    affiliate(member=stay.member, organization=sibling, since=ON, by=clerk, kind="incoming")
    assert taken_since(operation) == [CAME_BACK]

    affiliate(member=stay.member, organization=branch, since=ON, by=clerk, kind="incoming")
    record_standing(member=left[1].member, kind="lost", since=ON, by=clerk)
    record_standing(member=left[1].member, kind="floating", since=ON, by=clerk, destination="云海市")
    assert sorted(taken_since(operation)) == sorted([CAME_BACK, CAME_AGAIN, BEGAN_AGAIN])


def test_many_people_cost_as_many_queries_as_one(branch, sibling, clerk):
    def queries(number):
        left = [AffiliationFactory(organization=branch) for _ in range(number)]
        operation = ended(branch, clerk, *left)
        for each in left:
            affiliate(member=each.member, organization=sibling, since=ON, by=clerk)
        with CaptureQueriesContext(connection) as captured:
            assert taken_since(operation) == [CAME_BACK] * number
        return len(captured)

    assert queries(1) == queries(4)
