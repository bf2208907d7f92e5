"""Calendar arithmetic of the law, and its inverses against brute force for every day of 2015–2035."""

from datetime import date, timedelta

import pytest

from elections.rules.dated import (
    NotInForce,
    Since,
    add_months,
    add_years,
    earliest_within_months,
    latest_expired_longer_than,
    latest_with_lead_reached,
    month_end,
    period_end,
    period_start,
)
from orgs.enums import Precision

FIRST, LAST = date(2015, 1, 1), date(2035, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
# Two years of days on either side, so that every answer for a day of DAYS is among them.
AROUND = [date(2013, 1, 1) + timedelta(days=n) for n in range((date(2037, 12, 31) - date(2013, 1, 1)).days + 1)]


def test_dated_value_changes_on_its_first_day_in_force():
    length = Since((date(2010, 1, 1), 2), (date(2018, 7, 12), 3))

    assert [length.on(day) for day in (date(2018, 7, 11), date(2018, 7, 12), date(2018, 7, 13))] == [2, 3, 3]


def test_dated_value_is_refused_before_its_first_day():
    length = Since((date(2010, 1, 1), 2))

    with pytest.raises(NotInForce):
        length.on(date(2009, 12, 31))


def test_dated_value_needs_days_in_order():
    with pytest.raises(ValueError):
        Since((date(2018, 7, 12), 3), (date(2010, 1, 1), 2))


@pytest.mark.parametrize(
    ("day", "years", "expected"),
    [
        (date(2021, 6, 15), 3, date(2024, 6, 15)),
        (date(2020, 2, 29), 3, date(2023, 2, 28)),
        (date(2020, 2, 29), 4, date(2024, 2, 29)),
        (date(2021, 2, 28), 3, date(2024, 2, 28)),
        (date(2024, 2, 29), -1, date(2023, 2, 28)),
    ],
)
def test_anniversary_of_29_february_is_28_february(day, years, expected):
    assert add_years(day, years) == expected


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 8, 31), -6, date(2026, 2, 28)),
        (date(2024, 8, 31), -6, date(2024, 2, 29)),
        (date(2026, 12, 31), -6, date(2026, 6, 30)),
        (date(2026, 2, 28), -6, date(2025, 8, 28)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
    ],
)
def test_months_are_clamped_to_the_end_of_a_shorter_month(day, months, expected):
    assert add_months(day, months) == expected


def test_month_end_knows_leap_years():
    assert [month_end(date(2023, 2, 1)), month_end(date(2024, 2, 29))] == [date(2023, 2, 28), date(2024, 2, 29)]


def test_imprecise_date_spans_its_period():
    day = date(2024, 2, 10)

    assert [(period_start(day, each), period_end(day, each)) for each in Precision] == [
        (date(2024, 2, 10), date(2024, 2, 10)),
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2024, 1, 1), date(2024, 12, 31)),
    ]


def _latest(moved, reached):
    """For each day of DAYS the latest day e of AROUND whose `moved` day is reached, found by walking."""
    answers, at = [], 0
    for day in DAYS:
        while at + 1 < len(AROUND) and reached(moved(AROUND[at + 1]), day):
            at += 1
        answers.append(AROUND[at])
    return answers


@pytest.mark.parametrize("months", [1, 3, 6, 12])
def test_latest_expiry_with_lead_reached_equals_brute_force(months):
    assert [latest_with_lead_reached(day, months) for day in DAYS] == _latest(
        lambda expiry: add_months(expiry, -months), lambda reminder, day: reminder <= day
    )


def test_latest_expiry_longer_than_a_year_ago_equals_brute_force():
    assert [latest_expired_longer_than(day, 1) for day in DAYS] == _latest(
        lambda expiry: add_years(expiry, 1), lambda anniversary, day: anniversary < day
    )


@pytest.mark.parametrize("months", [6, 12])
def test_earliest_beginning_within_months_equals_brute_force(months):
    # The earliest that still fits is the day after the latest that no longer does.
    too_old = _latest(lambda beginning: add_months(beginning, months), lambda end, day: end < day)

    assert [earliest_within_months(day, months) for day in DAYS] == [day + timedelta(days=1) for day in too_old]


def test_adding_never_turns_the_order_of_days():
    for months in (-12, -6, 6, 12, 36, 60):
        moved = [add_months(day, months) for day in DAYS]
        assert moved == sorted(moved)
