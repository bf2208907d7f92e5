"""Findings on the books themselves: what is missing, stale or contradicts itself (P-03 to P-06, P-09)."""

from collections.abc import Iterator

from elections.rules.dated import add_months
from elections.rules.findings import Clears, Finding, Question, warning
from orgs.enums import Body


def records(question: Question) -> Iterator[Finding]:
    """Findings on rosters, numbers and the entered committee."""
    yield from _merger(question)
    yield from _heads(question)
    yield from _roster(question)
    yield from _committee(question)


def _merger(question: Question) -> Iterator[Finding]:
    """P-03 until somebody came into a post, or a committee was elected, on or after the latest merger."""
    merged_on = max((day for day in question.facts.merged_on if day <= question.on), default=None)
    term = question.state.term
    if merged_on is None or term is None or merged_on <= term.elected_on:
        return
    adjusted = any(
        post.since is not None and merged_on <= post.since <= question.on for post in question.facts.posts or ()
    )
    if not adjusted:
        provision = question.law.provision("P-03")
        yield warning("P-03", "merged", Clears.ADJUST_AFTER_MERGER, provision, merged_on=merged_on)


def _heads(question: Question) -> Iterator[Finding]:
    heads = question.facts.heads
    if heads is None:
        return
    if not heads.is_known:
        yield warning("P-05", "unknown", Clears.ENTER_HEADS, question.law.provision("P-05"), unknown=heads.unknown)
    if heads.declared is not None and heads.difference:
        counted = heads.declared + heads.difference
        inputs = {"declared": heads.declared, "declared_on": heads.declared_on, "counted": counted}
        yield warning("P-04", "differs", Clears.COMPARE_HEADS, question.law.provision("P-04"), **inputs)


def _roster(question: Question) -> Iterator[Finding]:
    roster_on = question.facts.roster_on
    months = question.law.roster_stale_months.on(question.on)
    if roster_on is not None and add_months(roster_on, months.value) < question.on:
        yield warning("P-06", "stale", Clears.RENEW_ROSTER, months, roster_on=roster_on, months=months.value)


def _committee(question: Question) -> Iterator[Finding]:
    """P-09: a committee sits and nobody of it is recorded."""
    posts, term = question.facts.posts, question.state.term
    if term is None or posts is None:
        return
    if not any(post.body == Body.COMMITTEE and post.is_of(term, on=question.on) for post in posts):
        yield warning("P-09", "no_posts", Clears.ENTER_POSTS, question.law.provision("P-09"))
