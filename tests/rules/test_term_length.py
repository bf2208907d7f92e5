"""How long a term is and when it expires: TERM-02 to TERM-09, TERM-17, P-10."""

from datetime import date

import pytest

from elections.rules.parameters import LawGap
from elections.rules.terms import TermLength, UnknownUnitType, expiry, term_years
from orgs.enums import Kind, Precision, UnitType

BEFORE, FIRST, AFTER = date(2018, 7, 11), date(2018, 7, 12), date(2018, 7, 13)


def length(kind=Kind.BRANCH, unit_type=UnitType.AGENCY, elected_on=date(2021, 6, 15), **more) -> TermLength:
    return term_years(kind=kind, unit_type=unit_type, elected_on=elected_on, **more)


@pytest.mark.parametrize(
    ("kind", "unit_type", "years", "rule_id"),
    [
        (Kind.COMMITTEE, UnitType.STATE_OWNED, 5, "TERM-02"),
        (Kind.COMMITTEE, UnitType.TOWNSHIP, 5, "TERM-02"),
        (Kind.COMMITTEE, UnitType.COMMUNITY, 5, "TERM-04"),
        (Kind.GENERAL_BRANCH, UnitType.VILLAGE, 5, "TERM-04"),
        (Kind.GENERAL_BRANCH, UnitType.SUBDISTRICT_OFFICE, 3, "TERM-03"),
        (Kind.BRANCH, UnitType.VILLAGE, 5, "TERM-04"),
        (Kind.BRANCH, UnitType.PRIVATE, 3, "TERM-03"),
        (Kind.BRANCH, UnitType.SCHOOL, 3, "TERM-03"),
    ],
)
def test_length_follows_kind_and_unit_type(kind, unit_type, years, rule_id):
    found = length(kind, unit_type)

    assert (found.years, found.rule_id, found.findings) == (years, rule_id, ())


def test_branch_of_an_agency_two_years_until_the_eve_of_the_opinion_then_three():
    """TERM-08, TERM-09 against TERM-03: eve, day, day after."""
    assert [length(elected_on=day).years for day in (BEFORE, FIRST, AFTER)] == [2, 3, 3]


def test_branch_of_a_village_three_years_until_the_eve_of_the_opinion_then_five():
    """TERM-08, TERM-09 against TERM-04: eve, day, day after."""
    assert [length(unit_type=UnitType.VILLAGE, elected_on=day).years for day in (BEFORE, FIRST, AFTER)] == [3, 5, 5]


def test_old_branch_term_of_two_years_ran_out_in_2018():
    """TERM-08: a branch elected on 2016-09-30 sat until 2018-09-30, not 2019."""
    elected_on = date(2016, 9, 30)

    found = length(elected_on=elected_on)

    assert (found.years, found.rule_id) == (2, "TERM-09")
    assert expiry(elected_on=elected_on, years=found.years) == date(2018, 9, 30)


def test_old_term_keeps_a_stated_length_of_two_to_five_years():
    """TERM-09: a 机关党委 stated with four years, which nothing recorded could tell."""
    old_committee = {"kind": Kind.COMMITTEE, "elected_on": date(2017, 5, 20)}

    assert [length(**old_committee, stated=years).years for years in (2, 3, 4, 5)] == [2, 3, 4, 5]
    assert length(**old_committee, stated=4).findings == ()


@pytest.mark.parametrize("stated", [1, 6])
def test_old_term_stated_outside_two_to_five_is_computed_with_a_finding(stated):
    """P-10."""
    found = length(elected_on=BEFORE, stated=stated)

    assert (found.years, found.findings) == (2, ("P-10",))


def test_stated_length_that_differs_is_computed_with_a_finding():
    """P-10: no 批复 number."""
    found = length(stated=5, document_no="  ")

    assert (found.years, found.rule_id, found.findings) == (3, "TERM-03", ("P-10",))


def test_stated_length_that_differs_holds_with_an_approval_number():
    """P-10: 「一般」 leaves room for the superior."""
    assert length(stated=5, document_no="区委组〔2021〕8号") == TermLength(5, None)


def test_stated_length_that_agrees_rests_on_the_law():
    found = length(stated=3, document_no="区委组〔2021〕8号")

    assert (found.years, found.rule_id, found.findings) == (3, "TERM-03", ())


def test_length_of_less_than_a_year_is_refused():
    with pytest.raises(ValueError):
        length(stated=0)


def test_committee_has_five_years_whatever_its_unit():
    found = length(Kind.COMMITTEE, None)

    assert (found.years, found.rule_id) == (5, "TERM-02")


def test_old_general_branch_has_three_years_whatever_its_unit():
    assert length(Kind.GENERAL_BRANCH, None, BEFORE).years == 3


@pytest.mark.parametrize(
    ("kind", "elected_on", "candidates"),
    [
        (Kind.BRANCH, FIRST, (3, 5)),
        (Kind.GENERAL_BRANCH, FIRST, (3, 5)),
        (Kind.BRANCH, BEFORE, (2, 3)),
        (Kind.COMMITTEE, BEFORE, (3, 4, 5)),
    ],
)
def test_unknown_unit_type_is_never_assumed(kind, elected_on, candidates):
    with pytest.raises(UnknownUnitType) as raised:
        length(kind, None, elected_on)

    assert raised.value.candidates == candidates


def test_unknown_unit_type_is_not_settled_by_a_stated_length_alone():
    with pytest.raises(UnknownUnitType):
        length(unit_type=None, stated=5)

    assert length(unit_type=None, stated=5, document_no="区委组〔2021〕8号").years == 5
    assert length(unit_type=None, stated=2, elected_on=BEFORE).years == 2


def test_working_committee_has_no_length():
    """ORG-24: a 党工委 is appointed."""
    with pytest.raises(LawGap):
        length(Kind.WORKING_COMMITTEE, UnitType.SUBDISTRICT_OFFICE)
    with pytest.raises(LawGap):
        length(Kind.WORKING_COMMITTEE, None, BEFORE, stated=4)


@pytest.mark.parametrize(
    ("elected_on", "years", "precision", "expected"),
    [
        (date(2021, 6, 15), 3, Precision.DAY, date(2024, 6, 15)),
        (date(2020, 2, 29), 3, Precision.DAY, date(2023, 2, 28)),
        (date(2020, 2, 29), 5, Precision.DAY, date(2025, 2, 28)),
        (date(2019, 2, 28), 5, Precision.DAY, date(2024, 2, 28)),
        (date(2021, 6, 30), 3, Precision.MONTH, date(2024, 6, 30)),
        (date(2019, 2, 28), 5, Precision.MONTH, date(2024, 2, 29)),
        (date(2020, 2, 29), 3, Precision.MONTH, date(2023, 2, 28)),
        (date(2020, 2, 29), 4, Precision.MONTH, date(2024, 2, 29)),
    ],
)
def test_term_expires_on_the_anniversary_and_month_only_on_the_months_last_day(elected_on, years, precision, expected):
    """TERM-17, P-07."""
    assert expiry(elected_on=elected_on, years=years, precision=precision) == expected


def test_expiry_of_an_election_known_to_the_year_is_refused():
    with pytest.raises(ValueError):
        expiry(elected_on=date(2021, 1, 1), years=3, precision=Precision.YEAR)
