"""The invented district as pure data: big enough, every state present on any day, numbers valid and unique."""

from collections import Counter
from datetime import date

import pytest

from elections.demo import dealing, district
from elections.rules.dated import add_years, month_end
from elections.rules.facts import AppointmentFacts, ElectionFacts, ExtensionFacts, OrganizationFacts, TermFacts
from elections.rules.state import state
from orgs import tree
from orgs.enums import Form, Kind, Mark, MemberKind, Precision, Sex, State, Title

TODAYS = (date(2026, 11, 22), date(2026, 12, 31), date(2027, 8, 31), date(2028, 2, 29), date(2033, 3, 1))


@pytest.fixture(scope="module", params=TODAYS, ids=str)
def yunling(request):
    """The district on each of several days, some of them awkward."""
    return district.build(request.param)


@pytest.fixture(scope="module")
def today_district():
    """The district on one ordinary day."""
    return district.build(TODAYS[0])


def facts_of(org) -> OrganizationFacts:
    """A planned organization as the law sees it."""
    course = org.course
    planned = [*course.earlier, *([course.current] if course.current else [])]
    return OrganizationFacts(
        kind=org.kind,
        form=org.form,
        holds_affiliations=org.holds_affiliations,
        founded_on=course.founded_on,
        founded_precision=course.founded_precision,
        converted_on=course.converted_on,
        closed_on=course.closed_on,
        appointments=(
            (AppointmentFacts(course.appointed_on, course.appointed_document_no),) if course.appointed_on else ()
        ),
        terms=tuple(
            TermFacts(
                elected_on=term.elected_on,
                expires_on=term.expires_on,
                ordinal=term.ordinal,
                elected_precision=term.precision,
                expires_precision=term.precision,
                extensions=tuple(
                    ExtensionFacts(
                        ends_on=each.ends_on,
                        approved_on=each.approved_on,
                        level=each.level,
                        document_no=each.document_no,
                    )
                    for each in term.extensions
                ),
            )
            for term in planned
        ),
        elections=tuple(
            ElectionFacts(each.kind, each.opened_on, each.election_day, each.closed_on) for each in course.elections
        ),
    )


def test_every_organization_is_in_the_state_its_course_means(yunling):
    reached = {org.name: state(facts_of(org), on=yunling.today).state for org in yunling.organizations}

    assert reached == {org.name: org.course.expected for org in yunling.organizations}


def test_every_state_occurs_and_two_thirds_are_in_term(yunling):
    states = Counter(state(facts_of(org), on=yunling.today).state for org in yunling.organizations)

    assert states == {
        State.IN_TERM: 263,
        State.OVERDUE: 34,
        State.DUE_SOON: 30,
        State.IN_ELECTION: 24,
        State.AWAITING_FIRST: 18,
        State.NO_DATA: 10,
        State.EXTENDED: 10,
        State.NO_TERM: 21,
        State.NOT_EXISTING: 5,
    }


def test_every_mark_and_the_inspection_kind_of_overdue_occur(yunling):
    found = [state(facts_of(org), on=yunling.today) for org in yunling.organizations]

    assert {mark for each in found for mark in each.marks} == set(Mark)
    assert sum(each.inspection for each in found if each.state == State.OVERDUE) == 8


def test_the_clerks_own_street_shows_every_state(yunling):
    street = next(org for org in yunling.streets if org.name == dealing.HOME)

    assert {org.course.expected for org in street.subtree()} == set(State)


def test_the_district_is_as_large_as_promised(today_district):
    members = [person for org in today_district.organizations for person in org.people]

    assert len(today_district.streets) == 13
    assert len(today_district.organizations) == 415
    assert len(members) == 8123


def test_kinds_and_forms_of_every_sort_stand_where_they_may(today_district):
    organizations = today_district.organizations

    assert {org.kind for org in organizations} == set(Kind)
    assert {org.form for org in organizations} == set(Form)
    assert [org.name for org in organizations if org.parent and not tree.fits(org.kind, org.parent.kind)] == []


def test_no_street_is_spared_and_one_has_fallen_behind(today_district):
    late = {
        street.name: sum(org.course.expected == State.OVERDUE for org in street.subtree())
        for street in today_district.streets
    }

    assert min(late.values()) >= 1
    assert max(late, key=late.get) == dealing.WEAK


def test_names_and_codes_are_unique(today_district):
    organizations = today_district.organizations

    assert len({org.name for org in organizations}) == len(organizations)
    assert len({org.code for org in organizations}) == len(organizations)


def test_id_numbers_are_invented_valid_and_unique(yunling):
    people = [person for org in yunling.organizations for person in org.people]
    numbers = [person.id_number for person in people]

    # ISO 7064 MOD 11-2, the definition behind GB 11643: the weighted sum leaves 1; X counts 10.
    remainders = {
        sum((10 if c == "X" else int(c)) * pow(2, 17 - place, 11) for place, c in enumerate(number)) % 11
        for number in numbers
    }
    assert remainders == {1}
    assert len(set(numbers)) == len(numbers)
    assert {number[:4] for number in numbers} == {"1199"}
    assert [p.name for p in people if p.id_number[6:14] != f"{p.birth:%Y%m%d}"] == []
    assert [p.name for p in people if (int(p.id_number[16]) % 2 == 1) != (p.sex == Sex.MALE)] == []


def test_phones_are_of_the_unused_range(today_district):
    phones = [person.phone for org in today_district.organizations for person in org.people]

    assert {(len(phone), phone[:3]) for phone in phones} == {(11, "154")}


def test_the_days_of_a_members_life_are_in_order(yunling):
    for org in yunling.organizations:
        for person in org.people:
            assert add_years(person.birth, 18) <= person.joined_on < yunling.today
            assert (person.formal_on is None) == (person.kind == MemberKind.PROBATIONARY)
            assert person.formal_on is None or person.joined_on < person.formal_on <= yunling.today


def test_members_stand_in_branches_and_each_post_is_held_once(today_district):
    for org in today_district.organizations:
        posts = [person.post for person in org.people if person.post]

        assert org.kind == Kind.BRANCH or not org.people
        assert len(posts) == len(set(posts)) or posts.count(Title.COMMITTEE_MEMBER) > 1
        assert [p.name for p in org.people if p.post and p.kind == MemberKind.PROBATIONARY] == []


def test_whoever_holds_a_post_had_joined_by_the_election(yunling):
    late = [
        (org.name, person.name)
        for org in yunling.organizations
        for person in org.people
        if person.post and org.course.current and person.joined_on > org.course.current.elected_on
    ]

    assert late == []


def test_rosters_are_missing_or_differ_for_some_branches(today_district):
    branches = [org for org in today_district.organizations if org.size]
    full = {org.code: sum(person.kind == MemberKind.FULL for person in org.people) for org in branches}

    assert sum(not org.people and org.declared_full is not None for org in branches) == 15
    assert sum(not org.people and org.declared_full is None for org in branches) == 3
    assert sum(bool(org.people) and org.declared_full is None for org in branches) == 6
    assert sum(bool(org.people) and org.declared_full not in (None, full[org.code]) for org in branches) == 8


def test_several_terms_of_one_organization_follow_each_other(today_district):
    histories = [org.course for org in today_district.organizations if len(org.course.earlier) == 2]

    assert len(histories) > 80
    for course in histories:
        days = [term.elected_on for term in (*course.earlier, course.current)]
        ordinals = [term.ordinal for term in (*course.earlier, course.current)]
        assert days == sorted(days)
        assert ordinals == list(range(ordinals[0], ordinals[0] + 3))


def test_some_past_elections_were_late_and_some_extensions_approved_late(today_district):
    pairs = [
        (term, following)
        for org in today_district.organizations
        for chain in [[*org.course.earlier, org.course.current]]
        for term, following in zip(chain, chain[1:], strict=False)
    ]
    extensions = [(term, each) for term, _ in pairs for each in term.extensions]

    assert sum(following.elected_on > term.expires_on for term, following in pairs) > 50
    assert sum(each.approved_on > term.expires_on for term, each in extensions) > 10
    assert sum(each.approved_on <= term.expires_on for term, each in extensions) > 10


def test_month_only_days_are_the_last_of_their_month(yunling):
    terms = [org.course.current for org in yunling.organizations if org.course.current]
    monthly = [term for term in terms if term.precision == Precision.MONTH]

    assert len(monthly) == 13
    assert [term for term in monthly if month_end(term.elected_on) != term.elected_on] == []


def test_the_same_day_gives_the_same_district():
    first, second = district.build(TODAYS[0]), district.build(TODAYS[0])

    assert [(org.name, org.course, org.people) for org in first.organizations] == [
        (org.name, org.course, org.people) for org in second.organizations
    ]
