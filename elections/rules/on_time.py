"""Which terms of a period were followed by their election in time (按期换届率).

Of the terms whose approved end lies in the period and before the day asked about: those re-elected by that end. A
closing or conversion up to the end takes the term out, as there was nothing left to elect; after the end it does not,
so that no number gets better by closing.
"""

from dataclasses import dataclass
from datetime import date

from elections.rules.facts import OrganizationFacts, TermFacts
from elections.rules.parameters import Law
from elections.rules.state import has_no_term
from elections.rules.terms import extended_to


@dataclass(frozen=True)
class Outcome:
    """One term that should have been followed by `end`, its last day with extensions; `renewed_on` is when it was."""

    elected_on: date
    end: date
    renewed_on: date | None

    @property
    def is_on_time(self) -> bool:
        """Whether the next election was held by the end."""
        return self.renewed_on is not None and self.renewed_on <= self.end


def outcomes(
    facts: OrganizationFacts, *, first: date, last: date, on: date, law: Law | None = None
) -> tuple[Outcome, ...]:
    """What became of each term that ended in [first, last] and before `on`, as known on that day."""
    found = (_outcome(facts, term, on, law) for term in facts.terms if term.elected_on <= on)
    return tuple(each for each in found if each is not None and first <= each.end <= last and each.end < on)


def _outcome(facts: OrganizationFacts, term: TermFacts, on: date, law: Law | None) -> Outcome | None:
    end = extended_to(term, on=on, law=law) or term.expires_on
    until = term.until if term.until is not None and term.until <= on else None
    is_renewed = until is not None and any(each.elected_on == until for each in facts.terms)
    if until is not None and until <= end and not is_renewed:
        return None  # a conversion ended it first
    if facts.closed_on is not None and facts.closed_on <= end:
        return None
    if has_no_term(facts.kind_on(end), facts.form_on(end), holds_affiliations=facts.holds_affiliations):
        return None
    return Outcome(term.elected_on, end, until if is_renewed else None)
