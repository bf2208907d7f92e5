"""Prepared queries: the words are kept, the rows and the values are not."""

from datetime import date

import pytest

from orgs.models import Organization
from orgs.prepared import Prepared
from tests.factories import RootFactory

pytestmark = pytest.mark.django_db


def founded_by(name, day):
    found = Organization.objects.filter(name=name, founded_on__lte=day).order_by("code")
    return found.values_list("code", "name", "founded_on")


@pytest.fixture
def prepared():
    return Prepared(founded_by, name="样本", day=date.min)


def test_each_time_the_rows_of_that_moment(prepared):
    before = prepared.rows(name="中共甲区委员会", day=date(2026, 11, 21))
    RootFactory(code="J1", name="中共甲区委员会", founded_on=date(2026, 11, 21))
    RootFactory(code="J2", name="中共甲区委员会", founded_on=date(2026, 11, 22))

    assert before == []
    assert prepared.rows(name="中共甲区委员会", day=date(2026, 11, 21)) == [
        ["J1", "中共甲区委员会", date(2026, 11, 21)]
    ]


def test_each_time_by_its_own_values(prepared):
    RootFactory(code="J1", name="中共甲区委员会", founded_on=date(2026, 11, 21))
    RootFactory(code="Y1", name="中共乙区委员会", founded_on=date(2026, 11, 22))

    found = [prepared.rows(name=name, day=date(2026, 11, 22)) for name in ("中共甲区委员会", "中共乙区委员会")]

    assert found == [
        [["J1", "中共甲区委员会", date(2026, 11, 21)]],
        [["Y1", "中共乙区委员会", date(2026, 11, 22)]],
    ]
    assert prepared.rows(name="中共乙区委员会", day=date(2026, 11, 21)) == []


def test_a_value_that_the_query_does_not_use_is_an_error():
    prepared = Prepared(lambda name: Organization.objects.order_by("code").values_list("code"), name="样本")

    with pytest.raises(ValueError, match="name"):
        prepared.rows(name="中共甲区委员会")
