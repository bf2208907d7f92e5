"""The state of an organization on a day: exactly one of nine, the first that fits.

The same rule stands a second time as SQL in `elections/states_sql.py`; a property test keeps both equal.
Change neither alone.
"""

from dataclasses import dataclass
from datetime import date

from elections.rules.dated import add_months, add_years, period_end
from elections.rules.facts import AppointmentFacts, ElectionFacts, OrganizationFacts, TermFacts
from elections.rules.parameters import Law
from elections.rules.terms import extended_to, sitting_term
from orgs.enums import ElectionKind, Form, Kind, Mark, Precision, State

KINDS_WITHOUT_TERM = frozenset({Kind.LOCAL_COMMITTEE, Kind.WORKING_COMMITTEE})
"""区委 and above follow other rules (TERM-24); a 党工委 is appointed (ORG-24)."""

FORMS_WITHOUT_TERM = frozenset({Form.TEMPORARY, Form.FUNCTIONAL})
"""A 临时党支部 holds no 换届 (ORG-06); a 功能型党组织 holds nobody's affiliation."""


@dataclass(frozen=True)
class StateOn:
    """The state with what a row of the ledger shows beside it; the fields after `state` need a sitting term.

    days: past the end when overdue, else up to it (counted from the approved end); expires_on: last day of the term;
    extended_to: end of the extension in force, lapsed or not; inspection: more than a year past the expiry.
    """

    state: State
    days: int | None = None
    expires_on: date | None = None
    extended_to: date | None = None
    inspection: bool = False
    marks: frozenset[Mark] = frozenset()
    term: TermFacts | None = None


def state(facts: OrganizationFacts, *, on: date, law: Law | None = None) -> StateOn:
    """The state of an organization on a day, by the law of that day."""
    law = law or Law.builtin()
    if not exists(facts, on=on):
        return StateOn(State.NOT_EXISTING)
    if has_no_term(facts.kind_on(on), facts.form_on(on), holds_affiliations=facts.holds_affiliations):
        return StateOn(State.NO_TERM)
    term = sitting_term(facts, on=on)
    elections = undecided_elections(facts, on)
    if term is None:
        return _without_term(facts, elections, on, law)
    return _with_term(term, elections, on, law)


def exists(facts: OrganizationFacts, *, on: date) -> bool:
    """Whether the organization exists on a day; one with an unknown founding day always did."""
    founded = facts.founded_on is None or facts.founded_on <= on
    return founded and (facts.closed_on is None or on < facts.closed_on)


def has_no_term(kind: Kind, form: Form, *, holds_affiliations: bool) -> bool:
    """Whether an organization is outside the terms by kind and form alone, whatever is recorded of it."""
    if kind in KINDS_WITHOUT_TERM or form in FORMS_WITHOUT_TERM:
        return True
    return form == Form.MOBILE and not holds_affiliations


def may_await_first(facts: OrganizationFacts, *, on: date, law: Law) -> bool:
    """Whether an organization without an elected term may still wait for its first election.

    Founded or converted not more than twelve months ago, the anniversary included, or its body appointed by the
    approver with document and day (TERM-19). A founding day known to the month or year counts by its last possible day,
    as a month-only expiry does: doubt must not make a new organization a bad one. An appointment from before a
    conversion concerned the former body and no longer helps.
    """
    months = law.first_election_months.on(on).value
    converted_on = facts.converted_by(on)
    if facts.founded_on is not None:
        if on <= add_months(period_end(facts.founded_on, facts.founded_precision), months):
            return True
    if converted_on is not None and on <= add_months(converted_on, months):
        return True
    return bool(valid_appointments(facts, on=on))


def valid_appointments(facts: OrganizationFacts, *, on: date) -> list[AppointmentFacts]:
    """The appointments with a document made by a day, earliest first; none from before a conversion."""
    converted_on = facts.converted_by(on)
    found = [
        each
        for each in facts.appointments
        if each.document_no and each.on <= on and (converted_on is None or converted_on <= each.on)
    ]
    return sorted(found, key=lambda each: each.on)


def undecided_elections(facts: OrganizationFacts, on: date) -> list[ElectionFacts]:
    """The open general elections whose new term is not there yet.

    From the election day the new term decides. So a term elected since the case was opened is its result, even
    when nobody entered the planned day or closed the case: a re-elected organization must not stay 换届中.
    """
    return [
        election
        for election in facts.elections
        if election.kind == ElectionKind.GENERAL
        and election.opened_on <= on
        and (election.closed_on is None or on < election.closed_on)
        and not any(election.opened_on <= term.elected_on <= on for term in facts.terms)
    ]


def _day_not_reached(elections: list[ElectionFacts], on: date) -> bool:
    return any(each.election_day is None or on < each.election_day for each in elections)


def _result_missing(elections: list[ElectionFacts], on: date) -> bool:
    # P-08: on the election day itself the result may still come in.
    return any(each.election_day is not None and each.election_day < on for each in elections)


def _without_term(facts: OrganizationFacts, elections: list[ElectionFacts], on: date, law: Law) -> StateOn:
    marks = frozenset({Mark.RESULT_MISSING}) if _result_missing(elections, on) else frozenset()
    if _day_not_reached(elections, on):
        return StateOn(State.IN_ELECTION, marks=marks)
    # An election whose day has passed without a result is no longer 'open' here: the state goes by dates.
    if may_await_first(facts, on=on, law=law):
        return StateOn(State.AWAITING_FIRST, marks=marks)
    return StateOn(State.NO_DATA, marks=marks)


def _with_term(term: TermFacts, elections: list[ElectionFacts], on: date, law: Law) -> StateOn:
    expires_on = term.expires_on
    extended = extended_to(term, on=on, law=law)
    end = extended or expires_on
    if on <= end and _day_not_reached(elections, on):
        found = State.IN_ELECTION
    elif end < on:
        found = State.OVERDUE
    elif expires_on < on:
        found = State.EXTENDED
    elif add_months(expires_on, -law.reminder_lead_months.on(on).value) <= on:
        found = State.DUE_SOON
    else:
        found = State.IN_TERM
    return StateOn(
        found,
        days=abs((end - on).days),
        expires_on=expires_on,
        extended_to=extended,
        inspection=add_years(expires_on, law.inspection_years.on(on).value) < on,
        marks=_marks(term, elections, found, on),
        term=term,
    )


def _marks(term: TermFacts, elections: list[ElectionFacts], found: State, on: date) -> frozenset[Mark]:
    marks = set()
    if term.ordinal == 1 and on <= term.expires_on:
        marks.add(Mark.NEW)
    if found == State.OVERDUE and elections:
        marks.add(Mark.STARTED)
    if _result_missing(elections, on):
        marks.add(Mark.RESULT_MISSING)
    if Precision.DAY != term.elected_precision or Precision.DAY != term.expires_precision:
        marks.add(Mark.DAY_UNCERTAIN)
    return frozenset(marks)
