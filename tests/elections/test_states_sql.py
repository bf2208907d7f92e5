"""The state as SQL equals the state as a Python rule, for thousands of organizations at once.

Extensions and terms are derived by the service that derives them for real.
"""

import random
from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from elections.models import Appointment, Election, Extension, Term
from elections.rules.facts import ExtensionFacts, OrganizationFacts, TermFacts
from elections.rules.state import state
from elections.services.terms import derive
from elections.states_sql import in_states, marks_of, state_rank, with_state
from orgs import paths
from orgs.enums import Body, ElectionKind, Kind, State
from orgs.models import Organization, OrganizationChange, User
from tests.elections.random_facts import DAYS, RandomFacts
from tests.factories import UserFactory
from tests.rules.test_cases import CASES, facts_of

COUNT = 5200
VOIDED_SHARE = 0.1


class District:
    """Writes organizations given as facts into the database, with rows beside them that must not count."""

    def __init__(self, user: User):
        self.user = user
        self.random = random.Random(7)
        self.now = timezone.now()
        self.changes, self.terms, self.extensions, self.elections, self.appointments = [], [], [], [], []
        self.noise = []

    def write(self, facts: list[OrganizationFacts]) -> dict[int, OrganizationFacts]:
        """{organization id: its facts}, after seven bulk inserts."""
        organizations = [self.organization(number, each) for number, each in enumerate(facts, start=1)]
        for organization, each in zip(organizations, facts, strict=True):
            self.rows(organization.pk, each)
        derive(
            terms=self.terms,
            extensions=self.extensions,
            converted_on={each.pk: each.converted_on for each in organizations if each.converted_on},
        )
        for rows in (organizations, self.changes, self.terms, self.extensions, self.elections, self.appointments):
            self.insert(rows)
        for model in (Term, Extension, Election, Appointment):
            self.insert([row for row in self.noise if isinstance(row, model)])
        return {organization.pk: each for organization, each in zip(organizations, facts, strict=True)}

    def insert(self, rows):
        if rows:
            type(rows[0])._base_manager.bulk_create(rows, batch_size=500)

    def organization(self, number: int, facts: OrganizationFacts) -> Organization:
        return Organization(
            pk=number,
            path=paths.segment(number),
            name=f"虚构第{number}号党组织",
            sort_key=f"{number:06}",
            kind=facts.kind,
            form=facts.form,
            holds_affiliations=facts.holds_affiliations,
            founded_on=facts.founded_on,
            founded_on_precision=facts.founded_precision,
            converted_on=facts.converted_on,
            closed_on=facts.closed_on,
        )

    def rows(self, pk: int, facts: OrganizationFacts):
        for field, changes in (("kind", facts.kind_before), ("form", facts.form_before)):
            for change in changes:
                self.changes.append(
                    OrganizationChange(organization_id=pk, field=field, on=change.on, before=change.value, by=self.user)
                )
        for term in facts.terms:
            self.term(pk, term)
        for each in facts.elections:
            self.elections.append(
                Election(
                    organization_id=pk,
                    kind=each.kind,
                    opened_on=each.opened_on,
                    election_day=each.election_day,
                    closed_on=each.closed_on,
                )
            )
        for each in facts.appointments:
            self.appointments.append(Appointment(organization_id=pk, on=each.on, document_no=each.document_no))
        if self.random.random() < VOIDED_SHARE:
            self.rows_that_do_not_count(pk, facts)

    def term(self, pk: int, facts: TermFacts, **more) -> Term:
        term = Term(
            pk=len(self.terms) + 1,
            organization_id=pk,
            ordinal=facts.ordinal,
            elected_on=facts.elected_on,
            elected_on_precision=facts.elected_precision,
            years=3,
            expires_on=facts.expires_on,
            expires_on_precision=facts.expires_precision,
            kind_at_election=Kind.BRANCH,
            **more,
        )
        self.terms.append(term)
        for each in facts.extensions:
            self.extensions.append(self.extension(term.pk, each))
        return term

    def extension(self, term_pk: int, facts: ExtensionFacts) -> Extension:
        return Extension(
            term_id=term_pk,
            level=facts.level,
            ends_on=facts.ends_on,
            is_approved=facts.is_approved,
            approved_on=facts.approved_on,
            document_no=facts.document_no,
        )

    def rows_that_do_not_count(self, pk: int, facts: OrganizationFacts):
        """Voided rows that would change every state, and a 纪委 with a term and an election of its own."""
        voided = {"voided_at": self.now, "voided_by": self.user, "voided_reason": "录入错误"}
        on = self.random.choice(DAYS)
        self.noise += [
            Term(
                pk=1_000_000 + pk,
                organization_id=pk,
                ordinal=1,
                elected_on=on,
                years=5,
                expires_on=on.replace(year=on.year + 5, day=1),
                kind_at_election=Kind.BRANCH,
                **voided,
            ),
            Election(organization_id=pk, kind=ElectionKind.GENERAL, opened_on=date(2015, 1, 1), **voided),
            Appointment(organization_id=pk, on=date(2015, 1, 1), document_no="区委组〔2015〕1号", **voided),
            Election(
                organization_id=pk,
                kind=ElectionKind.GENERAL,
                body=Body.DISCIPLINE,
                opened_on=date(2015, 1, 1),
                closed_on=date(2030, 1, 1),
            ),
        ]
        self.term(pk, TermFacts(on, on.replace(year=on.year + 3, day=1)), body=Body.DISCIPLINE)
        if facts.terms:
            # The last one is that of the 纪委; before it stands the organization's own latest.
            own = self.terms[-2]
            self.noise.append(
                Extension(
                    term_id=own.pk,
                    ends_on=date(2035, 1, 1),
                    effective_on=own.elected_on,
                    counts_until=date(2035, 1, 1),
                    **voided,
                )
            )


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
