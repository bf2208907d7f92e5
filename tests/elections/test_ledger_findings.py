"""The ledger by finding: filters, counts and order; every number is the number of rows it lists."""

import datetime

import pytest

from elections.ledger import Filters, Ledger
from elections.models import Term
from elections.services import terms
from orgs.enums import Kind, Role, Severity, State
from tests.factories import (
    DAY,
    DeclaredCountFactory,
    ElectionFactory,
    ExtensionFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    user_at,
)

pytestmark = pytest.mark.django_db
ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory(code="root"), code="street")


@pytest.fixture
def officer(street):
    return user_at(street.parent, Role.OPERATOR)


def branch(street, code, expires=None, *, elected="2023-06-01", years=3, **fields):
    """A branch of five with a secretary and, where it has an expiry, a term: nothing else is found on it."""
    made = OrganizationFactory(parent=street, code=code, name=code, kind=Kind.BRANCH, **fields)
    DeclaredCountFactory(organization=made, on=day("2026-11-01"), full=5)
    if expires:
        TermFactory(
            organization=made, elected_on=day(elected), expires_on=day(expires), years=years, unit_type_at_election=""
        )
        PostFactory(organization=made, since=day(elected))
    return made


@pytest.fixture
def branches(street):
    """One in order, one overdue, one overdue for more than a year, one with an unapproved extension, one unread."""
    branch(street, "calm", "2027-09-01", elected="2024-09-01")
    branch(street, "late", "2026-06-01")
    branch(street, "years-late", "2025-06-01", elected="2022-06-01")
    asked = branch(street, "asked", "2027-08-01", elected="2024-08-01")
    ExtensionFactory(
        term=Term.objects.get(organization=asked),
        ends_on=day("2028-02-01"),
        is_approved=False,
        approved_on=None,
        document_no="",
    )
    OrganizationFactory(parent=street, code="new", name="new", kind=Kind.BRANCH, founded_on=day("2026-10-01"))
    terms.refresh([asked.pk])
    return street


def ledger(user, street, **filters) -> Ledger:
    return Ledger(user=user, node=street, on=DAY, filters=Filters(**filters))


def codes(found: Ledger, sort: str = "code") -> list[str]:
    return [row.code for row in found.rows(sort)]


def test_counts_are_by_rule_and_severity_and_each_organization_counts_once(branches, officer):
    counts = ledger(officer, branches).finding_counts()

    assert counts.by_rule() == {
        ("TERM-12", ERROR): 2,
        ("TERM-20", ERROR): 1,
        ("TERM-12", WARNING): 1,
        ("ORG-07", INFO): 1,
        ("P-05", WARNING): 1,
    }
    assert counts.rules() == {"TERM-12": 3, "TERM-20": 1, "ORG-07": 1, "P-05": 1}
    assert counts.severities() == {ERROR: 2, WARNING: 2, INFO: 1}
    assert counts.none == 2  # the street itself and the one in order


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"findings": ("TERM-12",)}, ["asked", "late", "years-late"]),
        ({"findings": ("TERM-12",), "severities": (ERROR,)}, ["late", "years-late"]),
        ({"findings": ("TERM-20", "ORG-07")}, ["new", "years-late"]),
        ({"severities": (WARNING, INFO)}, ["asked", "new"]),
        ({"without_findings": True}, ["calm", "street"]),
        ({"findings": ("TERM-20",), "without_findings": True}, ["calm", "street", "years-late"]),
        ({"findings": ("TERM-12",), "states": (State.IN_TERM,)}, ["asked"]),
        ({"severities": (ERROR,), "text": "years"}, ["years-late"]),
        ({"findings": ("TERM-12",), "inspection": True}, ["years-late"]),
        ({"findings": ("NO-SUCH",)}, []),
    ],
)
def test_filters_leave_the_organizations_with_such_a_finding(branches, officer, filters, expected):
    assert codes(ledger(officer, branches, **filters)) == expected


def test_every_number_is_the_number_of_rows_it_lists(branches, officer):
    for others in ({}, {"states": (State.OVERDUE,)}, {"kinds": (Kind.BRANCH,)}, {"text": "late"}):
        counts = ledger(officer, branches, **others).finding_counts()

        for (rule_id, severity), number in counts.by_rule().items():
            found = ledger(officer, branches, findings=(rule_id,), severities=(severity,), **others)
            assert found.organizations().count() == number == len(found.rows())
        for severity, number in counts.severities().items():
            assert ledger(officer, branches, severities=(severity,), **others).organizations().count() == number
        assert ledger(officer, branches, without_findings=True, **others).organizations().count() == counts.none


def test_summary_counts_the_rows_that_a_filter_by_finding_leaves(branches, officer):
    summary = ledger(officer, branches, findings=("TERM-12",)).summary()

    assert (summary.total, summary.states[State.OVERDUE], summary.states[State.IN_TERM]) == (3, 2, 1)


def test_by_urgency_the_state_comes_first_then_an_error_of_the_term_then_the_end(street, officer):
    branch(street, "soon", "2027-06-10", elected="2024-06-10")
    early = branch(street, "early", "2025-06-01", elected="2022-06-01")
    TermFactory(
        organization=early, elected_on=day("2024-06-10"), expires_on=day("2027-07-10"), unit_type_at_election=""
    )
    branch(street, "late", "2026-06-01")
    electing = branch(street, "electing", "2027-01-01", elected="2024-01-01")
    ElectionFactory(organization=electing, opened_on=day("2026-10-01"))
    terms.refresh([early.pk])

    assert codes(ledger(officer, street), sort="urgency") == ["late", "electing", "early", "soon", "street"]


def test_what_is_asked_for_is_told_in_words():
    filters = Filters(findings=("TERM-12",), severities=(ERROR,), without_findings=True)

    assert filters.words() == "提示：逾期与延期；有须处理；无提示"


def test_counting_takes_the_same_queries_whatever_the_rows(branches, officer, django_assert_num_queries):
    ledger(officer, branches).finding_counts()  # the rights of a user are read once
    with django_assert_num_queries(14):
        ledger(officer, branches).finding_counts()
    for number in range(3):
        branch(branches, f"more-{number}", "2026-06-01")
    with django_assert_num_queries(14):
        ledger(officer, branches).finding_counts()


def test_officer_of_another_street_counts_and_lists_nothing(branches):
    stranger = user_at(StreetFactory(parent=branches.parent))

    found = ledger(stranger, branches, severities=(ERROR,))

    assert (found.finding_counts().groups, codes(found)) == ({}, [])
