"""Which term sits on a day, and the day it stops: TERM-17 to TERM-19."""

from datetime import date

from elections.rules.facts import AppointmentFacts, ElectionFacts, OrganizationFacts, TermFacts
from elections.rules.terms import sitting_term, sitting_until
from orgs.enums import ElectionKind, Kind

FIRST = TermFacts(date(2018, 9, 10), date(2021, 9, 10))
SECOND = TermFacts(date(2021, 10, 20), date(2024, 10, 20))


def sitting(day: date, **facts) -> TermFacts | None:
    return sitting_term(OrganizationFacts(Kind.BRANCH, **facts), on=day)


def test_new_term_sits_from_the_day_of_its_election():
    """TERM-17: eve, day, day after; a late election leaves no gap without a term."""
    days = (date(2018, 9, 9), date(2018, 9, 10), date(2021, 10, 19), date(2021, 10, 20), date(2021, 10, 21))

    assert [sitting(day, terms=(SECOND, FIRST)) for day in days] == [None, FIRST, FIRST, SECOND, SECOND]


def test_conversion_ends_the_term_of_the_former_body():
    converted = {"terms": (FIRST,), "converted_on": date(2020, 3, 1)}

    assert [sitting(day, **converted) for day in (date(2020, 2, 29), date(2020, 3, 1))] == [FIRST, None]


def test_term_elected_since_the_conversion_sits():
    assert sitting(date(2022, 1, 1), terms=(FIRST, SECOND), converted_on=date(2021, 10, 20)) == SECOND
    assert sitting(date(2022, 1, 1), terms=(FIRST, SECOND), converted_on=date(2021, 5, 1)) == SECOND


def test_earlier_conversion_is_known_from_the_term_it_ended():
    ended = TermFacts(date(2018, 9, 10), date(2021, 9, 10), until=date(2019, 4, 1))

    assert [sitting(day, terms=(ended,)) for day in (date(2019, 3, 31), date(2019, 4, 1))] == [ended, None]


def test_by_election_and_appointment_end_no_term():
    """TERM-18, TERM-19: 补选 and 指派 of single members leave the term as it is."""
    by_election = ElectionFacts(ElectionKind.BY_ELECTION, date(2020, 1, 1), date(2020, 2, 1), date(2020, 3, 1))
    appointed = AppointmentFacts(date(2020, 5, 1), "区委组〔2020〕5号")

    assert sitting(date(2020, 6, 1), terms=(FIRST,), elections=(by_election,), appointments=(appointed,)) == FIRST


def test_voided_election_makes_the_old_term_current_again():
    """The voided term is simply no longer among the facts."""
    assert sitting(date(2022, 1, 1), terms=(FIRST,)) == FIRST


def test_first_day_a_term_no_longer_sits():
    elections = (date(2018, 9, 10), date(2021, 10, 20), date(2024, 9, 1))

    assert [sitting_until(elected_on=day, elections=elections) for day in elections] == [
        date(2021, 10, 20),
        date(2024, 9, 1),
        None,
    ]
    assert sitting_until(
        elected_on=date(2018, 9, 10), elections=elections, converted_on=(date(2020, 3, 1), date(2018, 9, 10))
    ) == date(2020, 3, 1)
