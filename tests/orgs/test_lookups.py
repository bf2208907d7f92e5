"""Lookups beside Django's own."""

import pytest

from orgs.lookups import Values
from orgs.models import Grant, Unit
from tests import factories

pytestmark = pytest.mark.django_db

# What means something inside an array of PostgreSQL, and what does not.
NAMES = ["虚构公司", "NULL", "null", "", "{甲}", "甲,乙", '说"是"', "反\\斜", "两 词", "'单'", "%s", "100%"]


def test_one_of_finds_what_in_finds():
    keeper = factories.RootFactory()
    for name in [*NAMES, "另一家", "甲", "说", "反"]:
        factories.UnitFactory(name=name, keeper=keeper)

    found = Unit.objects.filter(name__one_of=Values(NAMES))

    assert sorted(found.values_list("name", flat=True)) == sorted(NAMES)
    assert list(Unit.objects.filter(name__one_of=Values([]))) == []


def test_one_of_takes_keys_and_uids():
    root = factories.RootFactory()
    first, second = factories.OrganizationFactory(parent=root), factories.OrganizationFactory(parent=root)
    here, _ = factories.user_at(first), factories.user_at(second)

    assert list(Grant.objects.filter(organization__one_of=Values([first.pk])).values_list("user", flat=True)) == [
        here.pk
    ]
    assert type(root).objects.filter(uid__one_of=Values([first.uid, root.uid])).count() == 2
