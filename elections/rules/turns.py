"""On which days between two the state of an organization changed, and what did it: for 时点对比 and what was frozen."""

import enum
from dataclasses import dataclass
from datetime import date, timedelta

from elections.rules.dated import add_months, period_end
from elections.rules.facts import OrganizationFacts
from elections.rules.parameters import Law
from elections.rules.state import StateOn, state
from orgs.enums import ElectionKind, State

DAY = timedelta(days=1)


class Cause(enum.Enum):
    """What changed a state on a day."""

    FOUNDED = "founded"
    CLOSED = "closed"
    CONVERTED = "converted"
    RESHAPED = "reshaped"
    ELECTED = "elected"
    EXTENDED = "extended"
    OPENED = "opened"
    APPOINTED = "appointed"
    EXPIRED = "expired"
    EXTENSION_ENDED = "extension_ended"
    INTO_EXTENSION = "into_extension"
    REMINDER = "reminder"
    CASE_CLOSED = "case_closed"
    DAY_PASSED = "day_passed"
    FIRST_ELECTION_DUE = "first_election_due"
    RULE = "rule"


@dataclass(frozen=True)
class Turn:
    """One change of state: on `day` it became `after`, the day before it was `before`."""

    day: date
    before: StateOn
    after: StateOn
    cause: Cause


def turns(facts: OrganizationFacts, *, first: date, last: date, law: Law | None = None) -> tuple[Turn, ...]:
    """Every change of state after `first`, up to and including `last`, in order.

    Each state is that of the rule on its own day; the first turn begins with the state of `first`, the last one ends
    with that of `last`.
    """
    law = law or Law.builtin()
    known: dict[date, StateOn] = {}

    def on(day: date) -> StateOn:
        if day not in known:
            known[day] = state(facts, on=day, law=law)
        return known[day]

    days = [day for day in sorted(_candidates(facts, first, last, law)) if first < day <= last]
    found = []
    reached = first
    for day in [*days, last + DAY]:
        # Between two candidates nothing recorded happens; a rule may still have changed in its numbers.
        while on(reached).state != on(day - DAY).state:
            turned = _first_difference(on, reached, day - DAY)
            found.append(Turn(turned, on(turned - DAY), on(turned), Cause.RULE))
            reached = turned
        if day > last:
            break
        if on(day - DAY).state != on(day).state:
            found.append(Turn(day, on(day - DAY), on(day), _cause(facts, day, on(day - DAY), on(day))))
        reached = day
    return tuple(found)


def _first_difference(on, start: date, end: date) -> date:
    """A day after `start`, up to `end`, on which the state is not that of the day before; both ends differ."""
    low, high = start, end
    while high - low > DAY:
        middle = low + (high - low) // 2
        low, high = (middle, high) if on(middle).state == on(start).state else (low, middle)
    return high


def _candidates(facts: OrganizationFacts, first: date, last: date, law: Law) -> set[date]:
    """The days on which something recorded happens or runs out."""
    days = {facts.founded_on, facts.closed_on, facts.converted_on, *facts.converted_before}
    days |= {change.on for change in (*facts.kind_before, *facts.form_before)}
    days |= {each.on for each in facts.appointments}
    for each in facts.elections:
        days |= {each.opened_on, each.closed_on, each.election_day}
    leads = {law.reminder_lead_months.on(day).value for day in (first, last)}
    for term in facts.terms:
        ends = {term.expires_on, *(each.ends_on for each in term.extensions)}
        days |= {term.elected_on, term.until, *(each.approved_on for each in term.extensions)}
        days |= {end + DAY for end in ends}
        # An extension is cut off a year after the expiry.
        days.add(add_months(term.expires_on, 12 * law.extension_cap_years.on(last).value) + DAY)
        days |= {add_months(term.expires_on, -lead) for lead in leads}
    months = law.first_election_months.on(last).value
    if facts.founded_on:
        days.add(add_months(period_end(facts.founded_on, facts.founded_precision), months) + DAY)
    for converted_on in (facts.converted_on, *facts.converted_before):
        if converted_on:
            days.add(add_months(converted_on, months) + DAY)
    return {day for day in days if day is not None}


def _cause(facts: OrganizationFacts, day: date, before: StateOn, after: StateOn) -> Cause:
    """What happened on the day, the most telling first."""
    eve = day - DAY
    if after.state == State.NOT_EXISTING:
        return Cause.CLOSED
    if before.state == State.NOT_EXISTING:
        return Cause.FOUNDED
    if after.term is not None and after.term.elected_on == day:
        return Cause.ELECTED
    if facts.converted_by(day) == day:
        return Cause.CONVERTED
    if any(change.on == day for change in (*facts.kind_before, *facts.form_before)):
        return Cause.RESHAPED
    general = [each for each in facts.elections if each.kind == ElectionKind.GENERAL]
    if after.state == State.IN_ELECTION and any(each.opened_on == day for each in general):
        return Cause.OPENED
    if after.term is not None and after.extended_to != (before.extended_to if before.term == after.term else None):
        return Cause.EXTENDED
    if after.state == State.AWAITING_FIRST and any(each.on == day for each in facts.appointments):
        return Cause.APPOINTED
    if after.state == State.OVERDUE and eve in (after.extended_to, after.expires_on):
        return Cause.EXPIRED if eve == after.expires_on else Cause.EXTENSION_ENDED
    if after.state == State.EXTENDED and eve == after.expires_on:
        return Cause.INTO_EXTENSION
    if any(each.closed_on == day for each in general):
        return Cause.CASE_CLOSED
    if any(each.election_day == day for each in general):
        return Cause.DAY_PASSED
    if after.state == State.DUE_SOON:
        return Cause.REMINDER
    if before.state == State.AWAITING_FIRST and after.state == State.NO_DATA:
        return Cause.FIRST_ELECTION_DUE
    return Cause.RULE
