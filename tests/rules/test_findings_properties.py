"""What must be true of the findings of any facts whatever (hypothesis), and of every expiry day of twenty years."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from elections.rules.dated import add_months
from elections.rules.evaluate import evaluate
from elections.rules.facts import (
    HeadBasis,
    HeadFacts,
    MemberDays,
    OrganizationFacts,
    PostFacts,
    Standing,
    TermFacts,
    UnitFacts,
)
from elections.rules.state import state
from elections.rules.wording import sentence
from orgs.enums import Body, Kind, Seat, Severity, State, Title, UnitType
from tests.rules.test_state_properties import DAYS, extensions, organizations, terms

TENURE = {"TERM-01", "TERM-12", "TERM-13", "TERM-15", "TERM-16", "TERM-20", "TERM-21", "TERM-24", "ORG-06", "ORG-07"}
TENURE |= {"ORG-24", "P-01", "P-02", "P-07", "P-08", "P-10"}
REMINDERS = {"TERM-15", "TERM-16", "ORG-07"}

posts = st.builds(
    PostFacts,
    title=st.sampled_from(list(Title)),
    holder=st.sampled_from(["甲", "乙", "丙", "丁"]),
    body=st.sampled_from(list(Body)),
    seat=st.sampled_from(list(Seat)),
    since=st.none() | DAYS,
    until=st.none() | DAYS,
    standing=st.sampled_from(list(Standing)),
    here=st.none() | st.booleans(),
    formal_on=st.none() | DAYS,
    joined_on=st.none() | DAYS,
    left_on=st.none() | DAYS,
)
heads = st.builds(
    HeadFacts,
    full=st.integers(0, 600),
    total=st.integers(0, 700),
    basis=st.sampled_from(list(HeadBasis)),
    unknown=st.integers(0, 1),
    difference=st.none() | st.integers(-3, 3),
    declared=st.integers(0, 700),
    declared_on=DAYS,
)


@st.composite
def populated(draw):
    return replace(
        draw(organizations()),
        unit_type=draw(st.none() | st.sampled_from(list(UnitType))),
        heads=draw(st.none() | heads),
        below_three_since=draw(st.none() | DAYS),
        posts=draw(st.none() | st.lists(posts, max_size=5).map(tuple)),
        has_discipline=draw(st.none() | st.booleans()),
        units=tuple(UnitFacts(f"单位{n}", draw(st.none() | st.integers(0, 9))) for n in range(draw(st.integers(0, 7)))),
        roster_on=draw(st.none() | DAYS),
        merged_on=tuple(draw(st.lists(DAYS, max_size=2))),
        books_since=draw(st.none() | DAYS),
        namesakes=draw(st.integers(0, 2)),
        member_days=tuple(draw(st.lists(st.builds(MemberDays, birth=DAYS, joined_on=st.none() | DAYS), max_size=2))),
        also_elsewhere=draw(st.integers(0, 2)),
    )


@given(populated(), DAYS)
def test_any_facts_give_sorted_findings_that_can_be_said(facts, day):
    found = evaluate(facts, on=day)

    weights = [[Severity.ERROR, Severity.WARNING, Severity.INFO].index(each.severity) for each in found]
    assert weights == sorted(weights)
    assert [each for each in found if not (each.entries and each.citation and sentence(each).endswith("。"))] == []


@given(populated(), DAYS)
def test_what_does_not_exist_or_has_no_term_is_not_judged_by_its_people(facts, day):
    found = {each.rule_id for each in evaluate(facts, on=day)}

    if state(facts, on=day).state == State.NOT_EXISTING:
        assert found == set()
    if state(facts, on=day).state == State.NO_TERM:
        assert found <= {"ORG-06", "ORG-24", "TERM-24"}


@given(populated(), DAYS)
def test_before_the_books_began_only_terms_are_judged_and_nothing_reminded(facts, day):
    before = replace(facts, books_since=day + timedelta(days=1))

    found = {each.rule_id for each in evaluate(before, on=day)}

    assert found <= TENURE - REMINDERS
    assert state(before, on=day) == state(facts, on=day)


@given(populated(), DAYS, st.randoms(use_true_random=False))
def test_order_of_recording_does_not_change_a_finding(facts, day, random):
    def shuffled(rows):
        rows = list(rows)
        random.shuffle(rows)
        return tuple(rows)

    mixed = replace(
        facts,
        terms=shuffled(replace(term, extensions=shuffled(term.extensions)) for term in facts.terms),
        elections=shuffled(facts.elections),
        appointments=shuffled(facts.appointments),
        posts=None if facts.posts is None else shuffled(facts.posts),
        units=shuffled(facts.units),
        merged_on=shuffled(facts.merged_on),
        member_days=shuffled(facts.member_days),
    )

    assert evaluate(mixed, on=day) == evaluate(facts, on=day)


@given(terms(), terms(), extensions(), DAYS, st.integers(1, 900))
def test_a_later_approval_never_takes_a_finding_from_a_past_day(first, second, extension, day, later):
    approved = replace(extension, approved_on=day + timedelta(days=later))
    extended = replace(first, extensions=(*first.extensions, approved))

    before, after = (OrganizationFacts(Kind.BRANCH, terms=(each, second)) for each in (first, extended))

    assert evaluate(after, on=day) == evaluate(before, on=day)


@given(DAYS)
def test_no_finding_about_a_size_while_a_number_is_missing(day):
    facts = OrganizationFacts(Kind.BRANCH, heads=HeadFacts(1, 700, HeadBasis.MEMBERS, unknown=1))

    assert [each.rule_id for each in evaluate(facts, on=day)] == ["P-05"]


def test_no_expiry_day_of_2015_to_2035_without_a_reminder_day():
    """Also when the job misses a day: the reminder holds on every day from its first to the expiry."""
    first, last = date(2015, 1, 1), date(2035, 12, 31)
    for n in range((last - first).days + 1):
        expires_on = first + timedelta(days=n)
        facts = OrganizationFacts(Kind.BRANCH, terms=(TermFacts(date(2010, 1, 1), expires_on),))
        reminder_on = add_months(expires_on, -6)

        asked = (reminder_on - timedelta(days=1), reminder_on, reminder_on + timedelta(days=30), expires_on)

        assert [[each.rule_id for each in evaluate(facts, on=day)] for day in asked] == [
            [],
            ["TERM-15"],
            ["TERM-15"],
            ["TERM-15"],
        ]
