"""What must be true of any facts whatever (hypothesis)."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from elections.rules.facts import AppointmentFacts, ElectionFacts, ExtensionFacts, OrganizationFacts, TermFacts
from elections.rules.state import state
from elections.rules.terms import expiry
from orgs.enums import ApprovalLevel, ElectionKind, Form, Kind, Precision, State

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
NUMBERS = st.sampled_from(["", "区委组〔2024〕3号"])

WITHOUT_TERM = {State.NOT_EXISTING, State.NO_TERM, State.AWAITING_FIRST, State.NO_DATA}
# From worst to best for an organization whose term has passed or not.
RANK = {State.OVERDUE: 0, State.EXTENDED: 1, State.DUE_SOON: 2, State.IN_TERM: 3}


@st.composite
def extensions(draw):
    return ExtensionFacts(
        ends_on=draw(DAYS),
        approved_on=draw(st.none() | DAYS),
        is_approved=draw(st.booleans()),
        level=draw(st.sampled_from(list(ApprovalLevel))),
        document_no=draw(NUMBERS),
    )


@st.composite
def terms(draw):
    elected_on = draw(DAYS)
    return TermFacts(
        elected_on=elected_on,
        expires_on=expiry(elected_on=elected_on, years=draw(st.sampled_from([2, 3, 4, 5]))),
        ordinal=draw(st.none() | st.integers(1, 3)),
        elected_precision=draw(st.sampled_from([Precision.DAY, Precision.MONTH])),
        extensions=tuple(draw(st.lists(extensions(), max_size=3))),
    )


@st.composite
def elections(draw):
    return ElectionFacts(
        kind=draw(st.sampled_from(list(ElectionKind))),
        opened_on=draw(DAYS),
        election_day=draw(st.none() | DAYS),
        closed_on=draw(st.none() | DAYS),
    )


@st.composite
def organizations(draw):
    return OrganizationFacts(
        kind=draw(st.sampled_from([*Kind, Kind.BRANCH, Kind.BRANCH, Kind.BRANCH])),
        form=draw(st.sampled_from([*Form, Form.ORDINARY, Form.ORDINARY, Form.ORDINARY])),
        holds_affiliations=draw(st.booleans()),
        founded_on=draw(st.none() | DAYS),
        founded_precision=draw(st.sampled_from(list(Precision))),
        converted_on=draw(st.none() | DAYS),
        closed_on=draw(st.none() | DAYS),
        appointments=tuple(draw(st.lists(st.builds(AppointmentFacts, on=DAYS, document_no=NUMBERS), max_size=2))),
        terms=tuple(draw(st.lists(terms(), max_size=3, unique_by=lambda term: term.elected_on))),
        elections=tuple(draw(st.lists(elections(), max_size=2))),
    )


@given(organizations(), DAYS)
def test_any_facts_give_one_state_whose_fields_fit_it(facts, day):
    found = state(facts, on=day)

    if found.state in WITHOUT_TERM or found.term is None:
        assert found.state in {*WITHOUT_TERM, State.IN_ELECTION}
        assert (found.days, found.expires_on, found.extended_to, found.inspection) == (None, None, None, False)
    else:
        assert found.term.elected_on <= day
        end = found.extended_to or found.expires_on
        assert found.days == ((day - end).days if found.state == State.OVERDUE else (end - day).days)
        assert found.days >= 0
        assert (found.state == State.OVERDUE) == (end < day)


@given(organizations(), DAYS, st.randoms(use_true_random=False))
def test_order_of_recording_does_not_matter(facts, day, random):
    def shuffled(rows):
        rows = list(rows)
        random.shuffle(rows)
        return tuple(rows)

    mixed = replace(
        facts,
        terms=shuffled(replace(term, extensions=shuffled(term.extensions)) for term in facts.terms),
        elections=shuffled(facts.elections),
        appointments=shuffled(facts.appointments),
    )

    before, after = state(facts, on=day), state(mixed, on=day)
    assert replace(before, term=None) == replace(after, term=None)


@given(terms(), extensions(), DAYS, st.integers(1, 2000))
def test_extending_never_makes_a_day_before_the_approval_better(term, extension, day, days_later):
    extension = replace(extension, approved_on=day + timedelta(days=days_later))
    extended = replace(term, extensions=(*term.extensions, extension))

    before = state(OrganizationFacts(Kind.BRANCH, terms=(term,)), on=day)
    after = state(OrganizationFacts(Kind.BRANCH, terms=(extended,)), on=day)

    assert replace(before, term=None) == replace(after, term=None)


@given(terms(), extensions(), st.integers(0, 4000))
def test_a_first_extension_never_makes_any_day_worse(term, extension, days_later):
    plain = replace(term, extensions=())
    day = term.elected_on + timedelta(days=days_later)

    before = state(OrganizationFacts(Kind.BRANCH, terms=(plain,)), on=day)
    after = state(OrganizationFacts(Kind.BRANCH, terms=(replace(plain, extensions=(extension,)),)), on=day)

    assert RANK[after.state] >= RANK[before.state]
    assert after.inspection == before.inspection


@given(terms())
def test_the_expiry_day_itself_is_in_term_and_the_next_is_not(term):
    facts = OrganizationFacts(Kind.BRANCH, terms=(replace(term, extensions=()),))

    on_the_day = state(facts, on=term.expires_on)
    day_after = state(facts, on=term.expires_on + timedelta(days=1))

    assert (on_the_day.state, on_the_day.days) == (State.DUE_SOON, 0)
    assert (day_after.state, day_after.days) == (State.OVERDUE, 1)


@given(organizations(), DAYS)
@settings(max_examples=50)
def test_by_elections_never_change_a_state(facts, day):
    by_election = ElectionFacts(ElectionKind.BY_ELECTION, date(2015, 1, 1), date(2016, 1, 1))

    assert state(replace(facts, elections=(*facts.elections, by_election)), on=day) == state(facts, on=day)
