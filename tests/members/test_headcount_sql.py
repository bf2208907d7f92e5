"""Head counts as conditions on organizations."""

from datetime import date

import pytest
from django.db.models import Count

from members.headcount import HeadCount
from members.headcount_sql import HeadCounts, among
from orgs.enums import Kind
from orgs.models import Organization
from tests.factories import (
    AffiliationFactory,
    DeclaredCountFactory,
    OrganizationFactory,
    RootFactory,
    RosterConfirmationFactory,
    StreetFactory,
)

DAY = date(2026, 11, 21)

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    """A 党委 with a branch of two by its roster, one of five as declared, and one that nobody knows."""
    committee = OrganizationFactory(parent=StreetFactory(parent=RootFactory()), kind=Kind.COMMITTEE, name="党委")
    small, declared, _ = (OrganizationFactory(parent=committee, name=name) for name in ("二人", "五人", "不明"))
    RosterConfirmationFactory(organization=small)
    for _ in range(2):
        AffiliationFactory(organization=small)
    DeclaredCountFactory(organization=declared, full=5)
    return committee


def names(condition) -> list[str]:
    return sorted(Organization.objects.filter(condition).values_list("name", flat=True))


def known_from(number: int):
    def test(count: HeadCount) -> bool:
        return count.is_known and count.full >= number

    return test


def test_a_condition_holds_where_the_head_count_passes(committee):
    heads = HeadCounts(Organization.objects.under(committee), DAY)

    assert names(heads.where(known_from(2))) == ["二人", "五人"]
    assert names(heads.where(known_from(3))) == ["五人"]
    assert names(heads.where(known_from(6))) == []
    assert names(heads.where(lambda count: count.full == 7 and count.unknown == 1)) == ["党委"]


def test_a_condition_can_be_turned_round_combined_and_counted_by(committee):
    heads = HeadCounts(Organization.objects.under(committee), DAY)
    unknown = ~heads.where(known_from(0))

    assert names(unknown & heads.where(lambda count: True)) == ["不明", "党委"]
    assert Organization.objects.under(committee).aggregate(
        unknown=Count("pk", filter=unknown), five=Count("pk", filter=heads.where(known_from(5)))
    ) == {"unknown": 2, "five": 1}


def test_organizations_that_were_not_asked_about_never_meet_a_condition(committee):
    heads = HeadCounts(Organization.objects.filter(name="二人"), DAY)

    assert names(heads.where(lambda count: True)) == ["二人"]


def test_people_are_counted_when_a_query_needs_it_and_once(committee, django_assert_num_queries):
    with django_assert_num_queries(0):
        heads = HeadCounts(Organization.objects.under(committee), DAY)
        first, second = heads.where(known_from(2)), heads.where(known_from(3))
    with django_assert_num_queries(7):
        names(first)  # one for the keys, five to count, one of its own
    with django_assert_num_queries(1):
        names(second)


def test_any_number_of_keys_is_one_condition(committee):
    keys = list(Organization.objects.under(committee).values_list("pk", flat=True))

    assert len(names(among(lambda: [*range(10**6, 10**6 + 50_000), *keys]))) == 4
    assert names(among(list)) == []
