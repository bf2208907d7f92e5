"""Findings on the sitting term: overdue, reminder, extensions, early and late elections, first elections."""

from collections.abc import Iterator

from elections.rules.approvals import ApprovedExtension, approved_extensions, timing
from elections.rules.dated import add_months, add_years
from elections.rules.facts import TermFacts
from elections.rules.findings import Clears, Finding, Question, error, info, warning
from elections.rules.parameters import LawGap
from elections.rules.state import undecided_elections, valid_appointments
from elections.rules.terms import (
    LENGTH_DIFFERS,
    UnknownUnitType,
    extended_to,
    sitting_term,
    term_before,
    term_years,
    works_from,
)
from orgs.enums import Form, Kind, Mark, Precision, State, Timing

# Rules that give some kinds and forms no term at all.
_WITHOUT_TERM = {Kind.WORKING_COMMITTEE: "ORG-24", Kind.LOCAL_COMMITTEE: "TERM-24", Form.TEMPORARY: "ORG-06"}


def tenure(question: Question) -> Iterator[Finding]:
    """Findings that follow from terms, extensions, elections and appointments alone."""
    if question.state.state == State.NO_TERM:
        yield from _should_not_elect(question)
        return
    if Mark.RESULT_MISSING in question.state.marks:
        yield warning("P-08", "result_missing", Clears.ENTER_RESULT, question.law.provision("P-08"))
    term = question.state.term
    if term is None:
        yield from _first_election(question)
        return
    yield from _deadline(question, term)
    yield from _extensions(question, term)
    yield from _length(question, term)
    yield from _days(question, term)
    yield from _follows(question, term)


def _should_not_elect(question: Question) -> Iterator[Finding]:
    facts, on = question.facts, question.on
    rule_id = _WITHOUT_TERM.get(question.kind) or _WITHOUT_TERM.get(facts.form_on(on))
    if rule_id and (sitting_term(facts, on=on) or undecided_elections(facts, on)):
        yield warning(rule_id, "term_recorded", Clears.END_TERM, question.law.provision(rule_id))


def _first_election(question: Question) -> Iterator[Finding]:
    """P-01 a year after an appointment (TERM-19 gives it no term); before that ORG-07 reminds a new branch."""
    facts, on = question.facts, question.on
    appointments = valid_appointments(facts, on=on)
    entry = question.law.first_election_months.on(on)
    if appointments and add_months(appointments[0].on, entry.value) < on:
        since = appointments[0].on
        yield warning("P-01", "appointed", Clears.FIRST_ELECTION, entry, since=since, months=entry.value)
    elif question.state.state == State.AWAITING_FIRST and question.kind == Kind.BRANCH and question.in_the_books:
        days = [facts.founded_on, facts.converted_by(on), *(each.on for each in appointments)]
        since = max(day for day in days if day is not None and day <= on)
        yield info("ORG-07", "awaiting_first", Clears.FIRST_ELECTION, question.law.provision("ORG-07"), since=since)


def _deadline(question: Question, term: TermFacts) -> Iterator[Finding]:
    """Overdue by the strict test (TERM-12: not extended, not on time), by the inspection's (TERM-20), or due soon."""
    on, law, found = question.on, question.law, question.state
    ends_on = found.extended_to or term.expires_on
    if found.state == State.OVERDUE:
        started = Mark.STARTED in found.marks
        entry = law.extension_cap_years.on(on)
        # A late approval still counts for a year (P-02), and once (TERM-21).
        last = add_years(term.expires_on, law.late_approval_years.on(on).value)
        clears = Clears.HOLD_OR_EXTEND if found.extended_to is None and on <= last else Clears.HOLD_ELECTION
        yield error("TERM-12", "overdue", clears, entry, ended_on=ends_on, days=found.days, started=started)
    if found.inspection:
        entry = law.inspection_years.on(on)
        yield error("TERM-20", "inspection", Clears.HOLD_ELECTION, entry, expired_on=term.expires_on, years=entry.value)
    if found.state == State.DUE_SOON and question.in_the_books:
        lead = law.reminder_lead_months.on(on)
        entries = (lead,)
        if question.kind != Kind.BRANCH:
            # The number is written for branches only; for the others 「及时」 is law and the number practice.
            entries = (law.provision("TERM-16"), law.reminder_lead_months.entries.values[0][1])
        rule_id = "TERM-15" if question.kind == Kind.BRANCH else "TERM-16"
        yield warning(
            rule_id,
            "due_soon",
            Clears.PREPARE_ELECTION,
            *entries,
            expires_on=term.expires_on,
            ends_on=ends_on,
            days=found.days,
            months=lead.value,
        )


def _extensions(question: Question, term: TermFacts) -> Iterator[Finding]:
    """TERM-12 not approved or over the cap, P-02 approved after the expiry, TERM-21 more than once."""
    law = question.law
    unapproved = [each.ends_on for each in term.extensions if works_from(each, elected_on=term.elected_on) is None]
    if unapproved:
        cap = law.extension_cap_years.on(question.on)
        yield warning("TERM-12", "unapproved", Clears.EXTENSION_APPROVAL, cap, ends_on=max(unapproved))
    approved = [each for each in _approved(question, term) if each.works_on <= question.on]
    for each in approved:
        yield from _extension(question, term, each)
    times, most = max((each.turn for each in approved), default=0), law.extensions_most.on(question.on)
    if times > most.value:
        yield warning("TERM-21", "again", Clears.HOLD_ELECTION, most, times=times, most=most.value)


def _approved(question: Question, term: TermFacts) -> tuple[ApprovedExtension, ...]:
    return approved_extensions(
        elected_on=term.elected_on, expires_on=term.expires_on, extensions=term.extensions, law=question.law
    )


def _extension(question: Question, term: TermFacts, approved: ApprovedExtension) -> Iterator[Finding]:
    law, works_on = question.law, approved.works_on
    if approved.is_late:
        late = law.late_approval_years.on(works_on)
        made, aspect = (error, "too_late") if approved.is_too_late else (warning, "approved_late")
        clears = Clears.HOLD_ELECTION if approved.is_too_late else Clears.NEXT_ELECTION
        yield made("P-02", aspect, clears, late, expired_on=term.expires_on, approved_on=works_on, years=late.value)
    if approved.is_over_cap:
        cap, ends_on = law.extension_cap_years.on(works_on), approved.extension.ends_on
        inputs = {"ends_on": ends_on, "last": approved.last, "years": cap.value}
        yield error("TERM-12", "over_cap", Clears.HIGHER_APPROVAL, cap, **inputs)


def _length(question: Question, term: TermFacts) -> Iterator[Finding]:
    """P-10 a length or an expiry other than the law's without a 批复; TERM-01 one outside the frame even with it."""
    law, differs = question.law, question.law.provision(LENGTH_DIFFERS)
    if term.stated_expires_on not in (None, term.expires_on):
        yield warning(
            LENGTH_DIFFERS,
            "expiry",
            Clears.CORRECT_TERM,
            differs,
            stated=term.stated_expires_on,
            computed=term.expires_on,
        )
    if term.years is None:
        return
    legal = _legal_years(question, term)
    if legal is not None and legal != term.years:
        yield warning(LENGTH_DIFFERS, "years", Clears.CORRECT_TERM, differs, stated=term.years, computed=legal)
        return
    least, most = law.term_years_least.on(term.elected_on), law.term_years_most.on(term.elected_on)
    inputs = {"years": term.years, "least": least.value, "most": most.value}
    if term.years < least.value:
        yield error("TERM-01", "outside", Clears.CORRECT_TERM, least, **inputs)
    elif term.years > most.value:
        yield error("TERM-01", "outside", Clears.CORRECT_TERM, most, **inputs)


def _legal_years(question: Question, term: TermFacts) -> int | None:
    """The length that holds against the recorded one; None where kind or unit type of that day cannot tell."""
    if term.kind is None:
        return None
    try:
        return term_years(
            kind=term.kind,
            unit_type=term.unit_type,
            elected_on=term.elected_on,
            large=term.large,
            stated=term.years,
            document_no=term.document_no,
            law=question.law,
        ).years
    except (UnknownUnitType, LawGap):
        return None


def _days(question: Question, term: TermFacts) -> Iterator[Finding]:
    """P-07: days known to the month only, or approvals without their day."""
    entry = question.law.provision("P-07")
    if Precision.DAY != term.elected_precision or Precision.DAY != term.expires_precision:
        yield warning("P-07", "term", Clears.FILL_DAY, entry, elected_on=term.elected_on, expires_on=term.expires_on)
    undated = [
        each
        for each in term.extensions
        if each.approved_on is None and works_from(each, elected_on=term.elected_on) is not None
    ]
    for each in sorted(undated, key=lambda each: (each.ends_on, each.document_no)):
        yield warning("P-07", "extension", Clears.FILL_DAY, entry, ends_on=each.ends_on)
    if term.early_document_no.strip() and term.early_approved_on is None:
        yield warning("P-07", "early", Clears.FILL_DAY, entry, document_no=term.early_document_no.strip())


def _follows(question: Question, term: TermFacts) -> Iterator[Finding]:
    """How the election of the sitting term lay to the end of the one before: early (TERM-13) or late (TERM-12)."""
    last, law = term_before(question.facts, term), question.law
    lay = timing(term.elected_on, last=last, law=law)
    if lay is Timing.LATE:
        # A late election is never hidden by the new term.
        ended_on = extended_to(last, on=term.elected_on, law=law) or last.expires_on
        entry, days = law.extension_cap_years.on(term.elected_on), (term.elected_on - ended_on).days
        inputs = {"ended_on": ended_on, "elected_on": term.elected_on, "days": days}
        yield info("TERM-12", "elected_late", Clears.NEXT_ELECTION, entry, **inputs)
    elif lay in (Timing.EARLY, Timing.TOO_EARLY):
        yield from _early(question, term, last, lay)


def _early(question: Question, term: TermFacts, last: TermFacts, lay: Timing) -> Iterator[Finding]:
    cap = question.law.early_cap_years.on(term.elected_on)
    inputs = {"elected_on": term.elected_on, "expires_on": last.expires_on}
    if term.early_approved_on is not None and term.early_approved_on >= term.elected_on:
        yield error(
            "TERM-13", "approved_late", Clears.EARLY_APPROVAL, cap, approved_on=term.early_approved_on, **inputs
        )
    elif term.early_approved_on is None and not term.early_document_no.strip():
        yield error("TERM-13", "unapproved", Clears.EARLY_APPROVAL, cap, **inputs)
    if lay is Timing.TOO_EARLY:
        yield warning("TERM-13", "too_early", Clears.NEXT_ELECTION, cap, years=cap.value, **inputs)
