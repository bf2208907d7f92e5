"""How many members an organization has on a day, and where the number comes from."""

from datetime import date

import pytest

from members.headcount import MOST_KEYS, Basis, Declared, HeadCount, headcount
from members.models import DeclaredCount, Member
from orgs import paths
from orgs.enums import AffiliationKind, Form, Kind, MemberKind, StandingKind
from orgs.models import Organization
from tests.factories import (
    AffiliationFactory,
    DeclaredCountFactory,
    MemberFactory,
    OrganizationFactory,
    RootFactory,
    RosterConfirmationFactory,
    StandingFactory,
    StreetFactory,
    UserFactory,
)

DAY = date(2026, 11, 21)
JANUARY = date(2026, 1, 1)

pytestmark = pytest.mark.django_db


def count(organization, on=DAY) -> HeadCount:
    return headcount([organization], on)[organization.pk]


def roster(organization, full: int, probationary: int = 0) -> list[Member]:
    """Confirm a roster of 1 January 2026 with so many people."""
    RosterConfirmationFactory(organization=organization)
    people = [MemberFactory() for _ in range(full)]
    people += [MemberFactory(kind=MemberKind.PROBATIONARY, formal_on=None) for _ in range(probationary)]
    for person in people:
        AffiliationFactory(member=person, organization=organization)
    return people


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def street(root):
    return StreetFactory(parent=root)


@pytest.fixture
def committee(street):
    return OrganizationFactory(parent=street, kind=Kind.COMMITTEE, name="虚构社区党委")


@pytest.fixture
def branch(committee):
    return OrganizationFactory(parent=committee)


def test_people_of_a_confirmed_roster_are_counted_as_full_and_probationary(branch):
    roster(branch, full=3, probationary=2)

    assert count(branch) == HeadCount(full=3, probationary=2, basis=Basis.MEMBERS, from_members=5, roster_on=JANUARY)


def test_nothing_known_is_unknown_and_not_zero(branch, root):
    assert count(branch) == HeadCount(basis=Basis.UNKNOWN, unknown=1)
    assert count(root) == HeadCount(basis=Basis.UNKNOWN, unknown=1)
    assert not count(branch).is_known


def test_the_latest_declaration_counts_without_a_roster(branch):
    DeclaredCountFactory(organization=branch, on=date(2025, 1, 1), full=30)
    DeclaredCountFactory(organization=branch, on=JANUARY, full=12, probationary=1)
    DeclaredCountFactory(organization=branch, on=date(2027, 1, 1), full=99)

    assert count(branch) == HeadCount(
        full=12,
        probationary=1,
        basis=Basis.DECLARED,
        from_declared=13,
        declared_on=JANUARY,
        own_declared=Declared(JANUARY, 12, 1),
    )


def test_the_roster_replaces_the_declaration_from_its_day_on(branch):
    DeclaredCountFactory(organization=branch, on=date(2025, 1, 1), full=12)
    roster(branch, full=10)

    before, after = count(branch, date(2025, 12, 31)), count(branch, JANUARY)

    assert (before.total, before.basis) == (12, Basis.DECLARED)
    assert (after.total, after.basis) == (10, Basis.MEMBERS)


def test_before_the_first_roster_nothing_declared_is_unknown(branch):
    roster(branch, full=10)

    assert count(branch, date(2025, 12, 31)) == HeadCount(basis=Basis.UNKNOWN, unknown=1)


def test_a_confirmed_roster_without_people_is_a_known_zero(branch):
    RosterConfirmationFactory(organization=branch)

    assert count(branch) == HeadCount(basis=Basis.MEMBERS, roster_on=JANUARY)


def test_an_affiliation_counts_from_its_first_day_to_the_day_before_its_end(branch):
    RosterConfirmationFactory(organization=branch)
    AffiliationFactory(organization=branch, since=date(2026, 3, 1), until=date(2026, 6, 1))

    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 5, 31), date(2026, 6, 1)]
    assert [count(branch, day).total for day in days] == [0, 1, 1, 0]


def test_a_probationary_member_becomes_full_on_the_formal_day(branch):
    RosterConfirmationFactory(organization=branch)
    AffiliationFactory(organization=branch, member__formal_on=date(2026, 7, 1), member__joined_on=date(2025, 7, 1))

    eve, day = count(branch, date(2026, 6, 30)), count(branch, date(2026, 7, 1))

    assert (eve.full, eve.probationary) == (0, 1)
    assert (day.full, day.probationary) == (1, 0)


def test_only_regular_affiliations_of_rows_in_force_count(branch):
    RosterConfirmationFactory(organization=branch)
    voided = {"voided_at": "2026-02-01T00:00+08:00", "voided_by": UserFactory()}
    AffiliationFactory(organization=branch, kind=AffiliationKind.INCOMING)
    AffiliationFactory(organization=branch, kind=AffiliationKind.TEMPORARY)
    AffiliationFactory(organization=branch, **voided)
    AffiliationFactory(organization=branch, member=MemberFactory(**voided))

    assert count(branch).total == 0


def test_stopped_members_are_on_the_roll_but_in_neither_number(branch):
    stopped, restored, lost, *_ = roster(branch, full=5)
    StandingFactory(member=stopped, kind=StandingKind.STOPPED)
    StandingFactory(member=restored, kind=StandingKind.STOPPED, until=date(2026, 11, 21))
    StandingFactory(member=lost, kind=StandingKind.LOST)

    assert count(branch) == HeadCount(full=4, basis=Basis.MEMBERS, from_members=4, stopped=1, roster_on=JANUARY)


def test_a_superior_adds_up_its_subtree_and_tells_what_is_missing(root, street, committee, branch):
    second, third = OrganizationFactory(parent=committee), OrganizationFactory(parent=committee)
    RosterConfirmationFactory(organization=third, on=date(2026, 5, 1))
    AffiliationFactory(organization=third)
    roster(branch, full=3, probationary=1)
    DeclaredCountFactory(organization=second, full=8, probationary=2)
    OrganizationFactory(parent=committee)

    expected = HeadCount(
        full=12,
        probationary=3,
        basis=Basis.MIXED,
        unknown=1,
        from_members=5,
        from_declared=10,
        roster_on=JANUARY,
        declared_on=JANUARY,
    )
    assert headcount([root, street, committee], DAY) == {
        root.pk: expected,
        street.pk: expected,
        committee.pk: expected,
    }
    assert not count(committee).is_known


def test_a_superior_never_adds_its_own_declaration_to_its_children(committee, branch):
    OrganizationFactory(parent=committee)
    DeclaredCountFactory(organization=committee, full=50)
    DeclaredCountFactory(organization=branch, full=12)

    counted = count(committee)

    assert (counted.total, counted.unknown, counted.own_declared.total) == (12, 1, 50)


def test_a_superior_speaks_for_children_of_whom_nothing_is_known(street, committee, branch):
    OrganizationFactory(parent=street)
    DeclaredCountFactory(organization=committee, full=50)

    assert (count(committee).total, count(committee).unknown) == (50, 0)
    assert (count(street).total, count(street).unknown) == (50, 1)


def test_members_directly_under_a_committee_are_added_to_those_of_its_branches(committee, branch):
    roster(committee, full=2)
    roster(branch, full=3)

    assert count(committee).total == 5


def test_a_street_without_organizations_has_no_members_and_nothing_unknown(street):
    assert count(street) == HeadCount(basis=Basis.UNKNOWN, unknown=0)


def test_an_organization_that_does_not_exist_on_the_day_adds_nothing(street, committee, branch):
    roster(branch, full=3)
    closed = OrganizationFactory(parent=committee, closed_on=date(2026, 6, 1))
    roster(closed, full=20)
    later = OrganizationFactory(parent=committee, founded_on=date(2026, 12, 1))
    DeclaredCountFactory(organization=later, full=40)

    assert (count(street).total, count(street).unknown) == (3, 0)
    assert count(street, date(2026, 5, 31)).total == 23
    assert count(street, date(2026, 12, 1)).total == 43


def test_children_of_a_closed_organization_still_count_above_it(street, committee, branch):
    roster(branch, full=3)
    Organization.objects.filter(pk=committee.pk).update(closed_on=date(2026, 6, 1))

    assert count(street).total == 3


@pytest.mark.parametrize(
    ("form", "holds", "expected"),
    [
        (Form.ORDINARY, False, (15, 0)),
        (Form.JOINT, False, (15, 0)),
        (Form.TEMPORARY, False, (3, 0)),
        (Form.FUNCTIONAL, False, (3, 0)),
        (Form.MOBILE, False, (3, 0)),
        (Form.MOBILE, True, (15, 0)),
    ],
)
def test_people_declared_where_affiliations_are_not_held_are_counted_at_home(committee, branch, form, holds, expected):
    roster(branch, full=3)
    other = OrganizationFactory(parent=committee, form=form, holds_affiliations=holds)
    DeclaredCountFactory(organization=other, full=12)

    assert (count(committee).total, count(committee).unknown) == expected
    assert count(other).total == 12


def test_a_temporary_branch_of_which_nothing_is_known_is_not_missing_above(committee, branch):
    roster(branch, full=3)
    OrganizationFactory(parent=committee, form=Form.TEMPORARY)

    assert count(committee).unknown == 0


def test_a_person_with_two_affiliations_at_once_is_one_person_where_they_meet(root, street, committee, branch):
    people = roster(branch, full=3)
    sibling = OrganizationFactory(parent=committee)
    elsewhere = StreetFactory(parent=root)
    far = OrganizationFactory(parent=elsewhere)
    for other in (sibling, far):
        roster(other, full=1)
        AffiliationFactory(member=people[0], organization=other, until=date(2027, 1, 1))

    nodes = [branch, sibling, far, committee, street, elsewhere, root]
    counted = headcount(nodes, DAY)

    assert [counted[node.pk].total for node in nodes] == [3, 2, 2, 4, 4, 2, 5]
    assert [counted[node.pk].total for node in nodes] == [
        Member.objects.affiliated(DAY, node).count() for node in nodes
    ]


def test_the_difference_from_the_declaration_is_told_only_where_the_roster_is_complete(committee, branch):
    DeclaredCountFactory(organization=branch, full=5)
    DeclaredCountFactory(organization=committee, full=20)
    roster(branch, full=3)
    complete = count(branch).declared_difference, count(committee).declared_difference

    OrganizationFactory(parent=committee)
    with_a_gap = count(branch).declared_difference, count(committee).declared_difference

    assert complete == (-2, -17)
    assert with_a_gap == (-2, None)


def test_no_organizations_no_counts():
    assert headcount([], DAY) == {}


def test_other_trees_and_neighbors_do_not_leak_in(root, street, branch):
    roster(branch, full=3)
    neighbor = OrganizationFactory(parent=StreetFactory(parent=root))
    roster(neighbor, full=7)

    assert headcount([street, neighbor], DAY)[street.pk].total == 3
    assert headcount([street, neighbor], DAY)[neighbor.pk].total == 7


def test_the_number_of_queries_depends_neither_on_organizations_nor_on_people(
    root, committee, branch, django_assert_num_queries
):
    roster(branch, full=1)
    with django_assert_num_queries(6):
        headcount(Organization.objects.all(), DAY)

    for _ in range(120):  # more ranges than one condition may hold
        roster(OrganizationFactory(parent=committee), full=1)
    with django_assert_num_queries(6):
        everything = headcount(Organization.objects.all(), DAY)
    with django_assert_num_queries(6):
        branches = headcount(Organization.objects.filter(kind=Kind.BRANCH), DAY)

    assert everything[root.pk].total == 121
    assert [counted.total for counted in branches.values()] == [1] * 121


def test_a_whole_city_is_counted_like_a_street(root, street, branch):
    roster(branch, full=3)
    start = paths.number_of(branch.path) + 1
    many = Organization.objects.bulk_create(
        OrganizationFactory.build(parent=street, path=street.path + paths.segment(start + number))
        for number in range(MOST_KEYS)
    )
    DeclaredCount.objects.bulk_create(DeclaredCount(organization=each, on=JANUARY, full=2) for each in many)

    assert count(root).total == 3 + 2 * MOST_KEYS
