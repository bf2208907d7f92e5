"""The half-year of a branch with fewer than three full members (TERM-25), read from the books."""

from datetime import date

import pytest

from elections.ledger import Ledger
from elections.rules.wording import sentence
from orgs.enums import Kind, Role, Severity
from tests.factories import (
    AffiliationFactory,
    DeclaredCountFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    RosterConfirmationFactory,
    StreetFactory,
    TermFactory,
    user_at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory())


def branch_short_since(street, left: date):
    """A branch with three full members by its roster, the third of whom leaves on a day."""
    branch = OrganizationFactory(parent=street)
    TermFactory(organization=branch, elected_on=date(2023, 6, 1), expires_on=date(2028, 6, 1))
    RosterConfirmationFactory(organization=branch, on=date(2023, 7, 1))
    for until in (None, None, left):
        AffiliationFactory(organization=branch, until=until)
    return branch


def clock_on(street, branch, day: date) -> list[tuple]:
    row = Ledger(user=user_at(street, Role.CLERK), node=branch, on=day).row_of(branch)
    return [
        (each.aspect, each.severity, each.inputs["since"], each.inputs["until"])
        for each in row.findings
        if each.rule_id == "TERM-25"
    ]


@pytest.mark.parametrize(
    ("left", "last_day", "day_after"),
    [
        (date(2026, 5, 21), date(2026, 11, 21), date(2026, 11, 22)),
        (date(2023, 8, 31), date(2024, 2, 29), date(2024, 3, 1)),
        (date(2025, 8, 31), date(2026, 2, 28), date(2026, 3, 1)),
        (date(2024, 2, 29), date(2024, 8, 29), date(2024, 8, 30)),
    ],
)
def test_half_a_year_ends_with_the_same_day_of_the_month_or_its_last(street, left, last_day, day_after):
    branch = branch_short_since(street, left)

    assert [clock_on(street, branch, day) for day in (left, last_day, day_after)] == [
        [("below_three", Severity.WARNING, left, last_day)],
        [("below_three", Severity.WARNING, left, last_day)],
        [("kept_too_long", Severity.ERROR, left, last_day)],
    ]


def test_eve_of_the_loss_and_a_member_too_late_or_in_time(street):
    branch = branch_short_since(street, date(2026, 5, 21))
    assert clock_on(street, branch, date(2026, 5, 20)) == []

    AffiliationFactory(organization=branch, since=date(2026, 11, 22))
    assert clock_on(street, branch, date(2026, 11, 22)) == []


def test_a_gap_closed_for_one_day_gives_another_half_year(street):
    branch = branch_short_since(street, date(2026, 1, 5))
    AffiliationFactory(organization=branch, since=date(2026, 6, 1), until=date(2026, 6, 2))

    assert clock_on(street, branch, date(2026, 11, 21)) == [
        ("below_three", Severity.WARNING, date(2026, 6, 2), date(2026, 12, 2))
    ]


def test_whoever_holds_a_post_is_not_asked(street):
    """Posts are no members: two of the three posts are held by people of whom no roster knows."""
    branch = branch_short_since(street, date(2026, 1, 5))
    for title in ("secretary", "organization", "publicity"):
        PostFactory(organization=branch, title=title, holder_name=f"某{title}")

    assert clock_on(street, branch, date(2026, 7, 6)) == [
        ("kept_too_long", Severity.ERROR, date(2026, 1, 5), date(2026, 7, 5))
    ]


def test_from_before_the_books_no_half_year_can_be_told(street):
    branch = branch_short_since(street, date(2023, 6, 30))

    assert clock_on(street, branch, date(2026, 11, 21)) == [("below_three", Severity.WARNING, None, None)]


def test_declared_numbers_run_the_clock_of_a_branch_without_a_roster(street):
    branch = OrganizationFactory(parent=street)
    DeclaredCountFactory(organization=branch, on=date(2026, 5, 20), full=2)

    assert clock_on(street, branch, date(2026, 11, 21)) == [
        ("kept_too_long", Severity.ERROR, date(2026, 5, 20), date(2026, 11, 20))
    ]


def test_only_branches_have_the_clock_and_the_page_says_since_when(street):
    general = OrganizationFactory(parent=street, kind=Kind.GENERAL_BRANCH)
    DeclaredCountFactory(organization=general, on=date(2026, 1, 1), full=2)
    branch = branch_short_since(street, date(2026, 9, 1))

    assert clock_on(street, general, date(2026, 11, 21)) == []
    row = Ledger(user=user_at(street, Role.CLERK), node=branch, on=date(2026, 11, 21)).row_of(branch)
    assert [sentence(each) for each in row.findings if each.rule_id == "TERM-25"] == [
        "正式党员2名，不足3名，暂不能选举，自2026年9月1日起，保留期限至2027年3月1日。"
    ]
