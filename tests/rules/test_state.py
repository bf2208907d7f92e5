"""States that need more than a line of cases.csv: dated kinds, imprecise days, several rows at once."""

from datetime import date

import pytest

from elections.rules.facts import (
    AppointmentFacts,
    Before,
    ElectionFacts,
    ExtensionFacts,
    OrganizationFacts,
    TermFacts,
)
from elections.rules.state import StateOn, state
from orgs.enums import ApprovalLevel, ElectionKind, Form, Kind, Mark, Precision, State

TERM = TermFacts(date(2021, 6, 15), date(2024, 6, 15), ordinal=2)


def branch(**facts) -> OrganizationFacts:
    return OrganizationFacts(Kind.BRANCH, **facts)


def states(facts: OrganizationFacts, *days: date) -> list[State]:
    return [state(facts, on=day).state for day in days]


def test_row_of_an_overdue_organization_in_full():
    assert state(branch(terms=(TERM,)), on=date(2025, 6, 16)) == StateOn(
        State.OVERDUE,
        days=366,
        expires_on=date(2024, 6, 15),
        extended_to=None,
        inspection=True,
        marks=frozenset(),
        term=TERM,
    )


@pytest.mark.parametrize("form", [Form.TEMPORARY, Form.FUNCTIONAL, Form.MOBILE])
def test_form_without_term_shows_nothing_of_a_recorded_term(form):
    """ORG-06; by kind and form only, whatever is recorded."""
    assert state(branch(form=form, terms=(TERM,)), on=date(2026, 1, 1)) == StateOn(State.NO_TERM)


def test_mobile_branch_that_holds_affiliations_has_terms():
    mobile = branch(form=Form.MOBILE, holds_affiliations=True, terms=(TERM,))

    assert states(mobile, date(2024, 6, 16)) == [State.OVERDUE]


def test_temporary_branch_has_no_term_even_if_marked_as_holding_affiliations():
    assert states(branch(form=Form.TEMPORARY, holds_affiliations=True), date(2024, 1, 1)) == [State.NO_TERM]


def test_joint_branch_has_terms_like_an_ordinary_one():
    assert states(branch(form=Form.JOINT, terms=(TERM,)), date(2024, 6, 16)) == [State.OVERDUE]


def test_kind_and_form_are_those_of_the_day():
    """A 党工委 that became a 党委 on 2023-01-01; a temporary branch made ordinary on 2022-05-01."""
    committee = OrganizationFacts(Kind.COMMITTEE, kind_before=(Before(date(2023, 1, 1), Kind.WORKING_COMMITTEE),))
    made_ordinary = branch(form_before=(Before(date(2022, 5, 1), Form.TEMPORARY),))

    assert states(committee, date(2022, 12, 31), date(2023, 1, 1)) == [State.NO_TERM, State.NO_DATA]
    assert states(made_ordinary, date(2022, 4, 30), date(2022, 5, 1)) == [State.NO_TERM, State.NO_DATA]


def test_past_kind_is_taken_from_the_first_change_after_the_day():
    changed = OrganizationFacts(
        Kind.COMMITTEE,
        kind_before=(
            Before(date(2024, 1, 1), Kind.GENERAL_BRANCH),
            Before(date(2020, 1, 1), Kind.WORKING_COMMITTEE),
            Before(date(2020, 1, 1), Kind.BRANCH),
        ),
    )

    assert [changed.kind_on(day) for day in (date(2019, 12, 31), date(2020, 1, 1), date(2024, 1, 1))] == [
        Kind.WORKING_COMMITTEE,
        Kind.GENERAL_BRANCH,
        Kind.COMMITTEE,
    ]


@pytest.mark.parametrize(
    ("precision", "last_day"),
    [
        (Precision.DAY, date(2025, 2, 1)),
        (Precision.MONTH, date(2025, 2, 28)),
        (Precision.YEAR, date(2025, 12, 31)),
    ],
)
def test_imprecise_founding_day_counts_by_its_last_possible_day(precision, last_day):
    founded = branch(founded_on=date(2024, 2, 1), founded_precision=precision)

    next_day = date.fromordinal(last_day.toordinal() + 1)
    assert states(founded, date(2024, 2, 1), last_day, next_day) == [
        State.AWAITING_FIRST,
        State.AWAITING_FIRST,
        State.NO_DATA,
    ]


def test_appointment_after_a_conversion_counts():
    """TERM-19."""
    appointed = branch(
        converted_on=date(2020, 1, 1), appointments=(AppointmentFacts(date(2020, 1, 1), "区委组〔2020〕1号"),)
    )

    assert states(appointed, date(2024, 1, 1)) == [State.AWAITING_FIRST]


def test_month_only_days_are_marked_and_the_last_day_counts():
    """P-07."""
    month_only = TermFacts(
        date(2021, 6, 30),
        date(2024, 6, 30),
        elected_precision=Precision.MONTH,
        expires_precision=Precision.MONTH,
    )

    found = [state(branch(terms=(month_only,)), on=day) for day in (date(2024, 6, 30), date(2024, 7, 1))]

    assert [(each.state, each.marks) for each in found] == [
        (State.DUE_SOON, frozenset({Mark.DAY_UNCERTAIN})),
        (State.OVERDUE, frozenset({Mark.DAY_UNCERTAIN})),
    ]


def test_expiry_alone_known_to_the_month_is_marked():
    """P-07."""
    term = TermFacts(date(2021, 6, 15), date(2024, 6, 30), expires_precision=Precision.MONTH)

    assert state(branch(terms=(term,)), on=date(2022, 1, 1)).marks == frozenset({Mark.DAY_UNCERTAIN})


def test_first_term_extended_past_its_expiry_is_no_longer_new():
    first = TermFacts(
        date(2021, 6, 15),
        date(2024, 6, 15),
        ordinal=1,
        extensions=(ExtensionFacts(date(2024, 12, 31), date(2024, 5, 1)),),
    )

    found = [state(branch(terms=(first,)), on=day) for day in (date(2024, 6, 15), date(2024, 6, 16))]

    assert [(each.state, each.marks) for each in found] == [
        (State.DUE_SOON, frozenset({Mark.NEW})),
        (State.EXTENDED, frozenset()),
    ]


def test_second_extension_lifts_an_organization_out_of_overdue_only_from_its_approval():
    """TERM-21, P-02."""
    extended_twice = branch(
        terms=(
            TermFacts(
                date(2021, 6, 15),
                date(2024, 6, 15),
                extensions=(
                    ExtensionFacts(date(2024, 9, 30), date(2024, 5, 20)),
                    ExtensionFacts(date(2025, 3, 31), date(2024, 10, 10)),
                ),
            ),
        )
    )

    assert states(extended_twice, date(2024, 9, 30), date(2024, 10, 1), date(2024, 10, 9), date(2024, 10, 10)) == [
        State.EXTENDED,
        State.OVERDUE,
        State.OVERDUE,
        State.EXTENDED,
    ]


def test_late_re_election_stays_visible_on_past_days():
    late = branch(terms=(TERM, TermFacts(date(2024, 9, 1), date(2027, 9, 1), ordinal=3)))

    assert states(late, date(2024, 8, 31), date(2024, 9, 1)) == [State.OVERDUE, State.IN_TERM]


def test_extension_of_the_former_term_does_not_carry_the_new_one():
    former = TermFacts(
        date(2021, 6, 15), date(2024, 6, 15), extensions=(ExtensionFacts(date(2024, 12, 31), date(2024, 5, 20)),)
    )
    facts = branch(terms=(former, TermFacts(date(2024, 9, 1), date(2027, 9, 1))))

    assert state(facts, on=date(2024, 12, 1)).extended_to is None


def test_case_left_open_after_a_conversion_does_not_start_again():
    """The case opened in 2021 was decided by the term of 2021, though nobody closed it."""
    facts = branch(
        terms=(TERM,),
        converted_on=date(2023, 1, 1),
        elections=(ElectionFacts(ElectionKind.GENERAL, date(2021, 4, 1)),),
    )

    assert states(facts, date(2021, 5, 1), date(2021, 7, 1), date(2023, 2, 1), date(2024, 2, 1)) == [
        State.IN_ELECTION,
        State.IN_TERM,
        State.AWAITING_FIRST,
        State.NO_DATA,
    ]


def test_case_opened_in_advance_is_not_open_yet():
    facts = branch(terms=(TERM,), elections=(ElectionFacts(ElectionKind.GENERAL, date(2024, 4, 1)),))

    assert states(facts, date(2024, 3, 31), date(2024, 4, 1)) == [State.DUE_SOON, State.IN_ELECTION]


def test_election_open_through_a_lapsed_extension_is_overdue_and_started():
    """P-02: a later approval brings the case back to 换届中."""
    facts = branch(
        terms=(
            TermFacts(
                date(2021, 6, 15),
                date(2024, 6, 15),
                extensions=(
                    ExtensionFacts(
                        date(2026, 6, 15), date(2024, 8, 1), level=ApprovalLevel.HIGHER, document_no="市委组〔2024〕9号"
                    ),
                ),
            ),
        ),
        elections=(ElectionFacts(ElectionKind.GENERAL, date(2024, 6, 1)),),
    )

    found = [
        state(facts, on=day) for day in (date(2024, 7, 31), date(2024, 8, 1), date(2025, 6, 16), date(2026, 6, 16))
    ]

    assert [(each.state, each.inspection, each.marks) for each in found] == [
        (State.OVERDUE, False, frozenset({Mark.STARTED})),
        (State.IN_ELECTION, False, frozenset()),
        (State.IN_ELECTION, True, frozenset()),
        (State.OVERDUE, True, frozenset({Mark.STARTED})),
    ]
