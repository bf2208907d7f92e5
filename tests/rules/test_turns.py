"""On which day a state changed and why: by hand for each cause, and against a walk day by day for any organization."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from elections.rules.facts import (
    AppointmentFacts,
    Before,
    ElectionFacts,
    ExtensionFacts,
    OrganizationFacts,
    TermFacts,
)
from elections.rules.state import state
from elections.rules.turns import Cause, turns
from orgs.enums import ElectionKind, Form, Kind, State
from tests.elections.random_facts import RandomFacts

FIRST, LAST = date(2025, 12, 31), date(2026, 11, 21)
# Three years from 1 June 2023.
TERM = TermFacts(elected_on=date(2023, 6, 1), expires_on=date(2026, 6, 1))
BRANCH = OrganizationFacts(kind=Kind.BRANCH)
GENERAL = ElectionKind.GENERAL


def told(facts) -> list[tuple]:
    return [
        (turn.day.isoformat(), turn.before.state, turn.after.state, turn.cause)
        for turn in turns(facts, first=FIRST, last=LAST)
    ]


def having(**values) -> OrganizationFacts:
    return replace(BRANCH, **values)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(having(terms=(replace(TERM, expires_on=date(2028, 6, 1)),)), [], id="nothing"),
        pytest.param(
            having(founded_on=date(2026, 3, 1)),
            [("2026-03-01", State.NOT_EXISTING, State.AWAITING_FIRST, Cause.FOUNDED)],
            id="founded",
        ),
        pytest.param(
            having(closed_on=date(2026, 3, 1)),
            [("2026-03-01", State.NO_DATA, State.NOT_EXISTING, Cause.CLOSED)],
            id="closed",
        ),
        pytest.param(
            having(terms=(replace(TERM, until=date(2026, 3, 1)),), converted_on=date(2026, 3, 1)),
            [("2026-03-01", State.DUE_SOON, State.AWAITING_FIRST, Cause.CONVERTED)],
            id="converted",
        ),
        pytest.param(
            having(form_before=(Before(date(2026, 4, 1), Form.TEMPORARY),)),
            [("2026-04-01", State.NO_TERM, State.NO_DATA, Cause.RESHAPED)],
            id="no longer temporary",
        ),
        pytest.param(
            having(terms=(replace(TERM, expires_on=date(2026, 9, 1)),)),
            [
                ("2026-03-01", State.IN_TERM, State.DUE_SOON, Cause.REMINDER),
                ("2026-09-02", State.DUE_SOON, State.OVERDUE, Cause.EXPIRED),
            ],
            id="reminder and expiry",
        ),
        pytest.param(
            having(terms=(replace(TERM, until=date(2026, 6, 10)), TermFacts(date(2026, 6, 10), date(2029, 6, 10)))),
            [
                ("2026-06-02", State.DUE_SOON, State.OVERDUE, Cause.EXPIRED),
                ("2026-06-10", State.OVERDUE, State.IN_TERM, Cause.ELECTED),
            ],
            id="newly elected",
        ),
        pytest.param(
            having(terms=(replace(TERM, extensions=(ExtensionFacts(date(2026, 9, 1), date(2026, 5, 1)),)),)),
            [
                ("2026-06-02", State.DUE_SOON, State.EXTENDED, Cause.INTO_EXTENSION),
                ("2026-09-02", State.EXTENDED, State.OVERDUE, Cause.EXTENSION_ENDED),
            ],
            id="extension in time",
        ),
        pytest.param(
            having(terms=(replace(TERM, extensions=(ExtensionFacts(date(2026, 12, 1), date(2026, 7, 1)),)),)),
            [
                ("2026-06-02", State.DUE_SOON, State.OVERDUE, Cause.EXPIRED),
                ("2026-07-01", State.OVERDUE, State.EXTENDED, Cause.EXTENDED),
            ],
            id="extension after the expiry",
        ),
        pytest.param(
            having(terms=(TERM,), elections=(ElectionFacts(GENERAL, date(2026, 4, 1), date(2026, 5, 20)),)),
            [
                ("2026-04-01", State.DUE_SOON, State.IN_ELECTION, Cause.OPENED),
                ("2026-05-20", State.IN_ELECTION, State.DUE_SOON, Cause.DAY_PASSED),
                ("2026-06-02", State.DUE_SOON, State.OVERDUE, Cause.EXPIRED),
            ],
            id="election without a result",
        ),
        pytest.param(
            having(
                terms=(replace(TERM, expires_on=date(2027, 5, 1)),),
                elections=(ElectionFacts(GENERAL, date(2026, 4, 1), None, date(2026, 7, 1)),),
            ),
            [
                ("2026-04-01", State.IN_TERM, State.IN_ELECTION, Cause.OPENED),
                ("2026-07-01", State.IN_ELECTION, State.IN_TERM, Cause.CASE_CLOSED),
                ("2026-11-01", State.IN_TERM, State.DUE_SOON, Cause.REMINDER),
            ],
            id="election called off",
        ),
        pytest.param(
            having(founded_on=date(2025, 3, 1)),
            [("2026-03-02", State.AWAITING_FIRST, State.NO_DATA, Cause.FIRST_ELECTION_DUE)],
            id="a year without a first election",
        ),
        pytest.param(
            having(appointments=(AppointmentFacts(date(2026, 5, 1), "云组〔2026〕2号"),)),
            [("2026-05-01", State.NO_DATA, State.AWAITING_FIRST, Cause.APPOINTED)],
            id="appointed",
        ),
    ],
)
def test_each_cause(facts, expected):
    assert told(facts) == expected


def test_the_first_day_is_left_out_and_the_last_is_in():
    founded = having(founded_on=FIRST, closed_on=LAST)

    assert told(founded) == [("2026-11-21", State.AWAITING_FIRST, State.NOT_EXISTING, Cause.CLOSED)]


def test_no_turn_is_missed_in_any_organization():
    first, last = date(2023, 1, 15), date(2026, 11, 21)
    unexplained = []
    for facts in RandomFacts(41).organizations(150):
        walked, day = [], first
        while day < last:
            day += timedelta(days=1)
            before, after = (state(facts, on=each).state for each in (day - timedelta(days=1), day))
            if before != after:
                walked.append((day, before, after))
        found = turns(facts, first=first, last=last)

        assert [(turn.day, turn.before.state, turn.after.state) for turn in found] == walked
        unexplained += [turn for turn in found if turn.cause is Cause.RULE]
    assert unexplained == []
