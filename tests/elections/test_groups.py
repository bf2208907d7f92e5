"""Rows counted by what they say."""

from datetime import date

import pytest
from django.db.models import F, Q

from elections.groups import grouped
from elections.states_sql import flag
from orgs.enums import Kind
from orgs.models import Organization
from tests.factories import OrganizationFactory, RootFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def street():
    root = RootFactory(founded_on=None)
    for founded_on in (date(2020, 2, 29), date(2020, 2, 29), date(2021, 7, 1), None):
        OrganizationFactory(parent=root, kind=Kind.BRANCH, founded_on=founded_on)
    return root


def test_each_combination_once_with_its_number(street):
    rows = Organization.objects.values("kind", "founded_on", has_superior=flag(Q(parent__isnull=False)))

    found = sorted(grouped(rows), key=lambda group: str(group["founded_on"]) + group["kind"])

    branch = {"kind": "branch", "has_superior": True}
    assert found == [
        {**branch, "founded_on": date(2020, 2, 29), "number": 2},
        {**branch, "founded_on": date(2021, 7, 1), "number": 1},
        {**branch, "founded_on": None, "number": 1},
        {"kind": street.kind, "has_superior": False, "founded_on": None, "number": 1},
    ]


def test_an_order_of_the_rows_does_not_divide_them(street):
    rows = Organization.objects.filter(kind=Kind.BRANCH).order_by("sort_key", "id").values(then=F("kind"))

    assert list(grouped(rows)) == [{"then": "branch", "number": 4}]


def test_nothing_where_no_row_can_be(street):
    assert list(grouped(Organization.objects.none().values("kind"))) == []
