"""The ledger of a node on a day: rows, counts, filters, order, and who sees what."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elections.ledger import URGENCY, Filters, Ledger
from elections.models import Term
from elections.services import terms
from orgs import tree
from orgs.enums import Form, Kind, Role, State, UnitType
from orgs.models import Organization
from tests.factories import (
    DAY,
    AppointmentFactory,
    DeclaredCountFactory,
    ElectionFactory,
    ExtensionFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    UserFactory,
    user_at,
)

pytestmark = pytest.mark.django_db


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def branch(parent, name, expires=None, *, elected="2021-06-01", **fields):
    """A branch with the code equal to its name and one term, if it has an expiry."""
    made = OrganizationFactory(parent=parent, name=name, code=name, **fields)
    if expires:
        TermFactory(organization=made, elected_on=day(elected), expires_on=day(expires))
    return made


@pytest.fixture
def district():
    """A root, two streets and one branch in every state on 2026-11-21, nine existing and one closed under street 1."""
    root = RootFactory(code="root")
    first = StreetFactory(parent=root, name="一号街道党工委", code="first")
    second = StreetFactory(parent=root, name="二号街道党工委", code="second")
    branch(first, "overdue", "2025-11-20")
    branch(first, "overdue-2", "2026-11-20", unit_type=UnitType.PRIVATE)
    extended = branch(first, "extended", "2026-06-01")
    ExtensionFactory(
        term=Term.objects.get(organization=extended), ends_on=day("2027-03-01"), approved_on=day("2026-05-01")
    )
    electing = branch(first, "electing", "2026-12-01")
    ElectionFactory(organization=electing, opened_on=day("2026-10-01"))
    branch(first, "due", "2026-11-21")
    branch(first, "normal", "2027-05-22", kind=Kind.GENERAL_BRANCH)
    branch(first, "nothing")
    AppointmentFactory(organization=branch(first, "appointed"))
    branch(first, "temporary", form=Form.TEMPORARY)
    branch(first, "closed", "2025-01-01", closed_on=DAY)
    branch(second, "elsewhere", "2028-01-01")
    terms.refresh([extended.pk])
    return root


@pytest.fixture
def officer(district):
    return user_at(district, Role.OPERATOR)


def node(code):
    return Organization.objects.get(code=code)


def codes(rows):
    return [row.code for row in rows]


def test_each_organization_is_in_exactly_one_state_and_the_counts_are_those_rows(district, officer):
    ledger = Ledger(user=officer, node=district, on=DAY)

    rows = ledger.rows()
    summary = ledger.summary()

    assert {row.code: row.state for row in rows} == {
        "root": State.NO_TERM,
        "first": State.NO_TERM,
        "second": State.NO_TERM,
        "overdue": State.OVERDUE,
        "overdue-2": State.OVERDUE,
        "extended": State.EXTENDED,
        "electing": State.IN_ELECTION,
        "due": State.DUE_SOON,
        "normal": State.IN_TERM,
        "nothing": State.NO_DATA,
        "appointed": State.AWAITING_FIRST,
        "temporary": State.NO_TERM,
        "elsewhere": State.IN_TERM,
    }
    assert summary.states == {
        State.OVERDUE: 2,
        State.NO_DATA: 1,
        State.DUE_SOON: 1,
        State.EXTENDED: 1,
        State.IN_ELECTION: 1,
        State.AWAITING_FIRST: 1,
        State.IN_TERM: 2,
        State.NO_TERM: 4,
    }
    assert (summary.total, summary.expected, summary.inspection) == (13, 8, 1)
    assert summary.kinds == {
        Kind.LOCAL_COMMITTEE: 1,
        Kind.WORKING_COMMITTEE: 2,
        Kind.COMMITTEE: 0,
        Kind.GENERAL_BRANCH: 1,
        Kind.BRANCH: 9,
    }


def test_children_with_the_node_itself_sum_to_the_node(district, officer):
    summary = Ledger(user=officer, node=district, on=DAY).summary()

    assert [(child.organization.code, child.is_node, child.total) for child in summary.children] == [
        ("root", True, 1),
        ("second", False, 2),
        ("first", False, 10),
    ]
    for state in URGENCY:
        assert sum(child.states[state] for child in summary.children) == summary.states[state]


def test_row_tells_days_ends_and_extension(district, officer):
    rows = {row.code: row for row in Ledger(user=officer, node=node("first"), on=DAY).rows()}

    shown = {
        code: (row.days, row.expires_on, row.extended_to, row.ends_on, row.inspection)
        for code, row in rows.items()
        if row.state not in (State.NO_TERM, State.NO_DATA, State.AWAITING_FIRST)
    }
    assert shown == {
        "overdue": (366, day("2025-11-20"), None, day("2025-11-20"), True),
        "overdue-2": (1, day("2026-11-20"), None, day("2026-11-20"), False),
        "extended": (100, day("2026-06-01"), day("2027-03-01"), day("2027-03-01"), False),
        "electing": (10, day("2026-12-01"), None, day("2026-12-01"), False),
        "due": (0, day("2026-11-21"), None, day("2026-11-21"), False),
        "normal": (182, day("2027-05-22"), None, day("2027-05-22"), False),
    }


def test_organization_closed_on_the_day_counted_until_the_day_before(district, officer):
    before = Ledger(user=officer, node=district, on=day("2026-11-20")).summary()
    on_the_day = Ledger(user=officer, node=district, on=DAY).summary()

    assert (before.total, on_the_day.total) == (14, 13)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(states=(State.OVERDUE,)), ["overdue", "overdue-2"]),
        (Filters(states=(State.OVERDUE, State.DUE_SOON)), ["overdue", "overdue-2", "due"]),
        (Filters(inspection=True), ["overdue"]),
        (Filters(kinds=(Kind.GENERAL_BRANCH,)), ["normal"]),
        (Filters(unit_types=(UnitType.PRIVATE,)), ["overdue-2"]),
        (Filters(due_from=day("2026-11-20"), due_to=day("2026-11-21")), ["overdue-2", "due"]),
        (Filters(text="overdue"), ["overdue", "overdue-2"]),
        (Filters(text="没有这样的"), []),
        (Filters(states=(State.OVERDUE,), unit_types=(UnitType.COMMUNITY,)), ["overdue"]),
    ],
)
def test_filters_leave_what_they_say(district, officer, filters, expected):
    assert codes(Ledger(user=officer, node=district, on=DAY, filters=filters).rows()) == expected


def test_state_filter_does_not_change_the_counts_beside_it_but_others_do(district, officer):
    filters = Filters(states=(State.OVERDUE,), kinds=(Kind.GENERAL_BRANCH,))

    summary = Ledger(user=officer, node=district, on=DAY, filters=filters).summary()

    assert {state: number for state, number in summary.states.items() if number} == {State.IN_TERM: 1}


def test_secretary_is_found_by_name_and_shown(district, officer):
    PostFactory(organization=node("normal"), holder_name="欧阳虚构")
    PostFactory(organization=node("due"), holder_name="欧阳已免职", until=DAY)

    rows = Ledger(user=officer, node=district, on=DAY, filters=Filters(text="欧阳")).rows()

    assert [(row.code, row.secretary) for row in rows] == [("normal", "欧阳虚构")]


def test_most_urgent_come_first_and_unknown_columns_are_ignored(district, officer):
    ledger = Ledger(user=officer, node=node("first"), on=DAY)

    by_urgency = ["overdue", "overdue-2", "nothing", "due", "extended", "electing", "appointed", "normal"]
    assert codes(ledger.rows("password"))[:8] == by_urgency
    assert codes(ledger.rows("urgency"))[:8] == by_urgency


def test_sorting_by_expiry_puts_those_without_one_last_both_ways(district, officer):
    ledger = Ledger(user=officer, node=node("first"), on=DAY)
    by_expiry = ["overdue", "extended", "overdue-2", "due", "electing", "normal"]

    assert codes(ledger.rows("expires_on"))[:6] == by_expiry
    assert codes(ledger.rows("-expires_on"))[:6] == by_expiry[::-1]


def test_page_holds_fifty_and_a_page_too_far_is_the_last(district, officer):
    street = node("second")
    for number in range(60):
        branch(street, f"B{number:02}", "2028-01-01")

    ledger = Ledger(user=officer, node=street, on=DAY)

    assert [len(ledger.page(number=number)) for number in (1, 2, 9)] == [50, 12, 12]
    assert ledger.page(number=9).paginator.count == 62


def test_declared_head_count_and_place_stand_in_the_row(district, officer):
    DeclaredCountFactory(organization=node("normal"), full=23, probationary=2)

    row = Ledger(user=officer, node=district, on=DAY).row_of(node("normal"))

    assert (row.headcount.full, row.headcount.total, row.headcount.basis.label) == (23, 25, "上报人数")
    assert row.place == node("first")


def test_months_count_what_expires_in_each(district, officer):
    months = Ledger(user=officer, node=district, on=DAY).months(7)

    assert [(first, sum(kinds.values())) for first, kinds in months] == [
        (day("2026-11-01"), 2),
        (day("2026-12-01"), 1),
        (day("2027-01-01"), 0),
        (day("2027-02-01"), 0),
        (day("2027-03-01"), 0),
        (day("2027-04-01"), 0),
        (day("2027-05-01"), 1),
    ]


def test_past_day_shows_name_kind_and_state_of_then(district, officer):
    changed = node("normal")
    tree.reshape(changed, name="改名后党总支", unit_type=UnitType.PRIVATE, on=day("2026-03-01"), by=officer)

    then = Ledger(user=officer, node=district, on=day("2026-02-28")).row_of(changed)
    now = Ledger(user=officer, node=district, on=day("2026-03-01")).row_of(changed)

    assert (then.name, then.unit_type) == ("normal", UnitType.COMMUNITY)
    assert (now.name, now.unit_type) == ("改名后党总支", UnitType.PRIVATE)


def test_clerk_of_the_other_street_sees_nothing_of_this_one(district):
    stranger = user_at(node("second"))

    ledger = Ledger(user=stranger, node=district, on=DAY)

    assert codes(ledger.rows()) == ["elsewhere", "second"]
    assert ledger.summary().total == 2
    assert ledger.row_of(node("overdue")) is None
    assert Ledger(user=stranger, node=node("first"), on=DAY).rows() == []


def test_superuser_without_a_grant_sees_nothing(district):
    ledger = Ledger(user=UserFactory(is_superuser=True, is_staff=True), node=district, on=DAY)

    assert (ledger.rows(), ledger.summary().total) == ([], 0)


def test_number_of_queries_does_not_depend_on_rows(district):
    street = StreetFactory(parent=district, code="third")
    officer = user_at(district, Role.OPERATOR)
    ledger = Ledger(user=officer, node=street, on=DAY)
    counted = []

    for size in (1, 3, 40):
        for number in range(Organization.objects.children_of(street).count(), size):
            branch(street, f"B{number:02}", "2028-01-01")
        with CaptureQueriesContext(connection) as summary:
            assert ledger.summary().total == size + 1
        with CaptureQueriesContext(connection) as page:
            assert len(ledger.page()) == size + 1
        counted.append((len(summary), len(page)))

    # The first summary reads the rights of the user as well.
    assert counted == [(4, counted[0][1]), (3, counted[0][1]), (3, counted[0][1])]
