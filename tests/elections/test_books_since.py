"""The 建账日 in the facts of the law, the rule and SQL: both leave out the same findings, and neither a state."""

import datetime

import pytest

from elections import books
from elections.findings_sql import Scope, findings
from elections.law import law_for
from elections.ledger import Ledger
from members.headcount import headcount
from orgs.enums import Role
from orgs.models import Organization
from tests.factories import (
    DeclaredCountFactory,
    OpeningFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    user_at,
)

pytestmark = pytest.mark.django_db
EVE, FIRST = datetime.date(2025, 12, 31), datetime.date(2026, 1, 1)


@pytest.fixture
def district():
    """Two streets alike, each with an overdue branch of two members; the first has books since 2026 only."""
    root = RootFactory()
    streets = [StreetFactory(parent=root), StreetFactory(parent=root)]
    for street in streets:
        branch = OrganizationFactory(parent=street)
        DeclaredCountFactory(organization=branch, on=datetime.date(2025, 1, 1), full=2)
        TermFactory(
            organization=branch, elected_on=datetime.date(2020, 6, 1), expires_on=datetime.date(2025, 6, 1), ordinal=2
        )
    OpeningFactory(organization=streets[0], opened_on=FIRST)
    return root, *streets


def by_rule(root, on) -> dict[tuple, set[int]]:
    """{(rule, aspect, severity): organizations}, as the rows of the ledger have them."""
    found: dict[tuple, set[int]] = {}
    for row in Ledger(user=user_at(root, Role.VIEWER), node=root, on=on).rows():
        for each in row.findings:
            found.setdefault((each.rule_id, each.aspect, each.severity), set()).add(row.organization.pk)
    return found


def by_sql(root, on) -> dict[tuple, set[int]]:
    scope = Scope.of(Organization.objects.under(root), on=on, law=law_for(root), path=root.path)
    found = {each.key: set(each.organizations.values_list("pk", flat=True)) for each in findings(scope)}
    return {key: keys for key, keys in found.items() if keys}


def test_the_law_is_told_since_when_there_are_books(district):
    root, opened, other = district
    organizations = list(Organization.objects.under(root))
    read = books.read(organizations, on=EVE, headcounts=headcount(organizations, EVE))

    assert {each.pk: read[each.pk].facts.books_since for each in organizations} == {
        each.pk: FIRST if each.path[: len(opened.path)] == opened.path else None for each in organizations
    }


@pytest.mark.parametrize("on", [EVE, FIRST, datetime.date(2026, 11, 21)])
def test_rule_and_sql_leave_out_the_same(district, on):
    assert by_rule(district[0], on) == by_sql(district[0], on)


def test_findings_about_people_begin_with_the_books_and_those_of_the_term_do_not(district):
    root, opened, other = district
    late, beside = (Organization.objects.get(parent=street).pk for street in (opened, other))

    def rules(on, pk):
        return {rule for (rule, _, _), keys in by_rule(root, on).items() if pk in keys}

    before, after = rules(EVE, late), rules(FIRST, late)
    assert before < after == rules(FIRST, beside)
    assert "TERM-12" in before
    assert rules(EVE, beside) == rules(FIRST, beside)
