"""Since when a branch has had fewer than three full members."""

import random
from datetime import date, timedelta

import pytest

from members.headcount import headcount
from members.shortfall import below_since
from orgs.enums import AffiliationKind, MemberKind, StandingKind
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
LEFT = date(2026, 5, 21)

pytestmark = pytest.mark.django_db


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory())


@pytest.fixture
def branch(street):
    """A branch whose roster of 1 January 2026 is confirmed, with two who stay."""
    branch = OrganizationFactory(parent=street)
    RosterConfirmationFactory(organization=branch)
    for _ in range(2):
        AffiliationFactory(organization=branch)
    return branch


def since(organization, on=DAY) -> date | None:
    return below_since([organization.pk], least=3, on=on)[organization.pk]


def test_clock_starts_on_the_first_day_without_the_third_member(branch):
    AffiliationFactory(organization=branch, until=LEFT)

    assert [since(branch, LEFT - timedelta(days=1)), since(branch, LEFT), since(branch)] == [None, LEFT, LEFT]


def test_a_gap_closed_for_one_day_starts_the_clock_anew(branch):
    AffiliationFactory(organization=branch, until=LEFT)
    AffiliationFactory(organization=branch, since=date(2026, 8, 1), until=date(2026, 8, 2))

    assert [since(branch, date(2026, 7, 31)), since(branch, date(2026, 8, 1)), since(branch)] == [
        LEFT,
        None,
        date(2026, 8, 2),
    ]


def test_whoever_comes_on_the_day_another_leaves_leaves_no_gap(branch):
    AffiliationFactory(organization=branch, until=LEFT)
    AffiliationFactory(organization=branch, since=LEFT, until=date(2026, 9, 1))

    assert since(branch) == date(2026, 9, 1)


def test_beginning_before_the_books_is_unknown(branch):
    assert since(branch) is None

    # Left before the first roster: who else was there then nobody wrote down.
    AffiliationFactory(organization=branch, until=date(2025, 6, 1))
    assert since(branch) is None


def test_a_probationary_member_fills_the_gap_from_the_conversion_on(branch):
    AffiliationFactory(organization=branch, until=LEFT)
    soon = MemberFactory(formal_on=date(2026, 8, 1))
    AffiliationFactory(member=soon, organization=branch, until=date(2026, 10, 1))
    AffiliationFactory(member=MemberFactory(kind=MemberKind.PROBATIONARY, formal_on=None), organization=branch)

    assert [since(branch, date(2026, 7, 31)), since(branch, date(2026, 8, 1)), since(branch)] == [
        LEFT,
        None,
        date(2026, 10, 1),
    ]


def test_a_stopped_member_counts_again_when_membership_is_restored(branch):
    stopped = MemberFactory()
    AffiliationFactory(member=stopped, organization=branch)
    StandingFactory(member=stopped, kind=StandingKind.STOPPED, since=LEFT, until=date(2026, 9, 1))
    StandingFactory(member=stopped, kind=StandingKind.STOPPED, since=date(2026, 10, 8))
    StandingFactory(member=stopped, kind=StandingKind.LOST, since=date(2026, 2, 1))

    assert [since(branch, date(2026, 8, 31)), since(branch, date(2026, 9, 1)), since(branch)] == [
        LEFT,
        None,
        date(2026, 10, 8),
    ]


def test_voided_rows_floating_guests_and_second_rows_of_one_person_do_not_count(branch):
    third = AffiliationFactory(organization=branch, until=LEFT)
    AffiliationFactory(member=third.member, organization=branch, until=date(2026, 4, 1))
    voided = {"voided_at": "2026-01-01T00:00Z", "voided_by": UserFactory()}
    AffiliationFactory(organization=branch, **voided)
    AffiliationFactory(member=MemberFactory(**voided), organization=branch)
    guest = AffiliationFactory(organization=branch, kind=AffiliationKind.INCOMING)
    StandingFactory(member=guest.member, kind=StandingKind.STOPPED, since=date(2026, 7, 1))

    assert since(branch) == LEFT


def test_declared_numbers_count_from_the_first_of_the_latest_run(street):
    branch = OrganizationFactory(parent=street)
    for day, full in (("2025-01-01", 2), ("2025-07-01", 3), ("2026-01-01", 2), ("2026-07-01", 1)):
        DeclaredCountFactory(organization=branch, on=date.fromisoformat(day), full=full, probationary=5)

    assert [since(branch, date.fromisoformat(day)) for day in ("2024-12-31", "2025-06-30", "2025-07-01")] == [
        None,
        date(2025, 1, 1),
        None,
    ]
    assert since(branch) == date(2026, 1, 1)


def test_a_roster_goes_on_with_the_clock_of_the_declarations_before_it(branch):
    declared = DeclaredCountFactory(organization=branch, on=date(2025, 3, 1), full=2)
    DeclaredCountFactory(organization=branch, on=date(2026, 3, 1), full=8)
    assert since(branch) == date(2025, 3, 1)

    # Three were declared last: the roster is the first day that shows fewer.
    declared.full = 3
    declared.save()
    assert since(branch) == date(2026, 1, 1)


def test_same_as_counting_every_day(street):
    """The start of the stretch is what a head count of each day before tells, for branches of all sorts."""
    drawn, first = random.Random(25), date(2026, 10, 1)
    branches = [OrganizationFactory(parent=street) for _ in range(60)]
    for branch in branches:
        DeclaredCountFactory(organization=branch, on=first, full=3)
        RosterConfirmationFactory(organization=branch, on=first + timedelta(days=drawn.randrange(10)))
        for _ in range(4):
            days = [first + timedelta(days=drawn.randrange(45)) for _ in range(4)]
            member = MemberFactory(formal_on=drawn.choice([None, date(2020, 7, 1), days[0]]))
            start, end = sorted(days[1:3])
            AffiliationFactory(
                member=member,
                organization=branch,
                since=drawn.choice([None, start]),
                until=drawn.choice([None, end + timedelta(days=1)]),
            )
            if drawn.random() < 0.3:
                StandingFactory(
                    member=member, kind=StandingKind.STOPPED, since=days[3], until=days[3] + timedelta(days=5)
                )
    days = [first + timedelta(days=number) for number in range((DAY - first).days + 1)]
    counted = {day: headcount(branches, day) for day in days}

    def by_hand(branch):
        start = None
        for day in reversed(days):
            if counted[day][branch.pk].full >= 3:
                return start
            start = day
        return start

    expected = {branch.pk: by_hand(branch) for branch in branches}
    assert below_since([branch.pk for branch in branches], least=3, on=DAY) == expected
    assert len(set(expected.values())) > 15


def test_number_of_queries_does_not_depend_on_rows(branch, street, django_assert_num_queries):
    other = OrganizationFactory(parent=street)
    RosterConfirmationFactory(organization=other)
    AffiliationFactory(organization=other, until=LEFT)

    with django_assert_num_queries(4):
        below_since([branch.pk], least=3, on=DAY)
    with django_assert_num_queries(4):
        below_since([branch.pk, other.pk], least=3, on=DAY)
