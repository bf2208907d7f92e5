"""All findings of the law on one organization on a day."""

from datetime import date

from elections.rules.committees import committees
from elections.rules.contradictions import contradictions
from elections.rules.facts import OrganizationFacts
from elections.rules.findings import Finding, Question
from elections.rules.parameters import Law
from elections.rules.posts import posts
from elections.rules.records import records
from elections.rules.state import StateOn, state
from elections.rules.structure import structure
from elections.rules.tenure import tenure
from orgs.enums import State

ABOUT_PEOPLE = (structure, committees, posts, records, contradictions)


def evaluate(
    facts: OrganizationFacts, *, on: date, law: Law | None = None, found: StateOn | None = None
) -> tuple[Finding, ...]:
    """The findings on a day by the law of that day, errors first, then by id.

    `found` is the state on that day where the caller has it already. An organization that does not exist has none; one
    without a term only what speaks against a recorded term. Before the 建账日 nothing is found about people.
    """
    law = law or Law.builtin()
    question = Question(facts, on, law, found or state(facts, on=on, law=law))
    if question.state.state == State.NOT_EXISTING:
        return ()
    findings = list(tenure(question))
    if question.state.state != State.NO_TERM and question.in_the_books:
        findings += [finding for part in ABOUT_PEOPLE for finding in part(question)]
    return tuple(sorted(findings, key=lambda each: each.order))
