"""The state as SQL equals the state as a Python rule, for thousands of organizations at once."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from elections.rules.facts import OrganizationFacts
from elections.rules.state import state
from elections.states_sql import in_states, marks_of, state_rank, with_state
from orgs.enums import Kind, State
from orgs.models import Organization, OrganizationChange
from tests.elections.random_district import District
from tests.elections.random_facts import DAYS, RandomFacts
from tests.factories import UserFactory
from tests.rules.test_cases import CASES, facts_of
from tests.upkeep import analyze

COUNT = 5200


@pytest.fixture
def district(db):
    return District(UserFactory())


def found_by_rule(facts: OrganizationFacts, on: date) -> tuple:
    found = state(facts, on=on)
    return (found.state, found.days, found.expires_on, found.extended_to, found.inspection, found.marks)


def found_by_sql(row) -> tuple:
    return (State(row.state), row.days, row.expires_on, row.extended_to, row.inspection, marks_of(row))


def test_sql_and_rule_agree_on_every_organization_and_day(district):
    facts = district.write(RandomFacts(seed=20261121).organizations(COUNT))
    analyze()
    seen = Counter()

    for on in DAYS:
        rows = list(with_state(Organization.objects.order_by("pk"), on=on))
        assert [row.pk for row in rows] == list(facts)
        differing = [
            (on, facts[row.pk], found_by_sql(row), found_by_rule(facts[row.pk], on))
            for row in rows
            if found_by_sql(row) != found_by_rule(facts[row.pk], on)
        ]
        assert differing[:3] == []
        seen.update(row.state for row in rows)
        seen.update(mark for row in rows for mark in marks_of(row))
        seen.update("inspection" for row in rows if row.inspection)

    assert {each: number for each, number in seen.items() if number < 100} == {}
    assert set(State) <= set(seen)
    assert len(seen) == len(State) + 4 + 1


def test_sql_agrees_with_the_hand_made_cases(district):
    facts = district.write([facts_of(case) for case in CASES])
    analyze()
    by_day: dict[date, list[int]] = {}
    for pk, case in zip(facts, CASES, strict=True):
        by_day.setdefault(date.fromisoformat(case["时点"]), []).append(pk)

    found = {
        row.pk: row.state
        for on, pks in by_day.items()
        for row in with_state(Organization.objects.filter(pk__in=pks), on=on)
    }

    assert {case["编号"]: State(found[pk]).label for pk, case in zip(facts, CASES, strict=True)} == {
        case["编号"]: case["应得状态"] for case in CASES
    }


def test_counts_of_the_states_sum_to_the_number_of_organizations(district):
    district.write(RandomFacts(seed=1).organizations(300))

    counted = with_state(Organization.objects.order_by(), on=DAYS[3]).values("state").annotate(number=Count("pk"))

    assert sum(each["number"] for each in counted) == 300


@pytest.mark.parametrize("wanted", State)
def test_filter_by_state_finds_the_rows_of_that_state(district, wanted):
    district.write(RandomFacts(seed=2).organizations(400))
    rows = with_state(Organization.objects.order_by("pk"), on=DAYS[4])

    filtered = in_states(rows, [wanted], on=DAYS[4])

    assert [row.pk for row in filtered] == [row.pk for row in rows if row.state == wanted]


def test_filter_by_several_states_finds_all_of_them(district):
    district.write(RandomFacts(seed=3).organizations(400))
    rows = with_state(Organization.objects.order_by("pk"), on=DAYS[4])

    for wanted in ([State.OVERDUE, State.DUE_SOON], [State.OVERDUE, State.NO_DATA], []):
        filtered = in_states(rows, wanted, on=DAYS[4])
        assert [row.pk for row in filtered] == [row.pk for row in rows if row.state in wanted]


def test_filters_and_sorting_by_expiry_join_the_terms_once(district):
    rows = in_states(with_state(Organization.objects.all(), on=DAYS[4]), [State.OVERDUE], on=DAYS[4])

    with CaptureQueriesContext(connection) as captured:
        list(rows.filter(expires_on__gte=date(2020, 1, 1)).order_by("expires_on", "pk"))

    assert captured[0]["sql"].count(" JOIN ") == 1


def test_rank_sorts_by_the_given_order_of_states(district):
    facts = district.write(RandomFacts(seed=4).organizations(400))
    order = [State.OVERDUE, State.NO_DATA, State.DUE_SOON, State.IN_TERM]

    rows = with_state(Organization.objects.all(), on=DAYS[3])
    ranked = rows.annotate(rank=state_rank(order, on=DAYS[3])).order_by("rank", "pk")

    assert [(each.rank, each.pk) for each in ranked] == sorted(
        (order.index(found) if found in order else 4, pk)
        for pk, found in ((pk, state(each, on=DAYS[3]).state) for pk, each in facts.items())
    )


def test_past_unit_type_is_that_before_the_first_change_after_the_day(district):
    organization = district.organization(1, OrganizationFacts(Kind.BRANCH))
    organization.unit_type = "community"
    organization.save()
    # Recorded wrongly first, corrected on the same day.
    for before, after in (("village", "agency"), ("agency", "community")):
        OrganizationChange.objects.create(
            organization=organization,
            field="unit_type",
            on=date(2024, 1, 1),
            before=before,
            after=after,
            by=district.user,
        )

    days = (date(2023, 12, 31), date(2024, 1, 1))
    found = [with_state(Organization.objects.all(), on=day).get().unit_type_on for day in days]

    assert found == ["village", "community"]


def test_ledger_of_a_day_takes_two_queries_and_looks_at_changes_only_when_there_are_any(district):
    district.write([OrganizationFacts(Kind.BRANCH), OrganizationFacts(Kind.BRANCH)])

    with CaptureQueriesContext(
        connection,
    ) as captured:
        list(with_state(Organization.objects.all(), on=DAYS[0]))

    assert len(captured) == 2
    assert "orgs_organizationchange" not in captured[1]["sql"]
