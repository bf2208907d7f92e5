"""Findings on the number of seats of a committee: ORG-09, ORG-10, ORG-14, ORG-19, ORG-21, ORG-23.

Only seats that were elected count, and only under a sitting term; without any post recorded P-09 asks for them instead.
"""

from collections.abc import Iterator

from elections.rules.facts import PostFacts
from elections.rules.findings import Clears, Finding, Question, error, info, warning
from elections.rules.parameters import Entry
from elections.rules.structure import AGENCIES
from orgs.enums import Body, Kind, Seat, UnitType


def committees(question: Question) -> Iterator[Finding]:
    """Findings that follow from how many people were elected to the committee."""
    term, posts = question.state.term, question.facts.posts or ()
    if term is None or not any(post.body == Body.COMMITTEE and post.is_of(term, on=question.on) for post in posts):
        return
    seats = elected_seats(posts, Body.COMMITTEE, question)
    if question.kind == Kind.BRANCH:
        yield from _branch(question, seats)
    elif question.kind == Kind.GENERAL_BRANCH:
        yield from _general_branch(question, seats)
    elif question.kind == Kind.COMMITTEE:
        yield from _committee(question, seats)
        yield from _discipline(question)


def elected_seats(posts: tuple[PostFacts, ...], body: Body, question: Question) -> int:
    """How many people hold an elected seat of the body on the day; two posts of one person are one seat."""
    return len(
        {
            post.holder
            for post in posts
            if post.body == body and post.seat == Seat.ELECTED and post.holds_on(question.on)
        }
    )


def _branch(question: Question, seats: int) -> Iterator[Finding]:
    law, on, heads = question.law, question.on, question.facts.heads
    most = law.branch_seats_most.on(on)
    if seats > most.value:
        yield warning("ORG-09", "too_many", Clears.ADJUST_SEATS, most, seats=seats, most=most.value)
    if heads is None or not heads.is_known:
        return
    threshold, least = law.committee_full_members_least.on(on), law.branch_seats_least.on(on)
    small = law.small_branch_seats_most.on(on)
    if heads.full >= threshold.value and seats < least.value:
        inputs = {"full": heads.full, "threshold": threshold.value, "seats": seats, "least": least.value}
        yield error("ORG-09", "no_committee", Clears.ELECT_COMMITTEE, threshold, least, **inputs)
    elif heads.full < threshold.value and seats > small.value:
        inputs = {"full": heads.full, "threshold": threshold.value, "seats": seats, "most": small.value}
        yield warning("ORG-10", "committee", Clears.ADJUST_SEATS, small, threshold, **inputs)


def _general_branch(question: Question, seats: int) -> Iterator[Finding]:
    law, on = question.law, question.on
    least, usual = law.general_branch_seats_least.on(on), law.general_branch_seats_usual.on(on)
    yield from _range(seats, least, usual, law.general_branch_seats_most.on(on))


def _committee(question: Question, seats: int) -> Iterator[Finding]:
    law, on = question.law, question.on
    if question.unit_type == UnitType.TOWNSHIP:
        least, most = law.township_seats_least.on(on), law.township_seats_most.on(on)
        yield from _range(seats, least, most, most)
    elif question.unit_type == UnitType.STATE_OWNED:
        least, usual = law.state_owned_seats_least.on(on), law.state_owned_seats_usual.on(on)
        yield from _range(seats, least, usual, law.state_owned_seats_most.on(on))
    elif not law.standing_seats_least.on(on).value <= seats <= law.standing_seats_most.on(on).value:
        # As many as a committee with 常委 has is taken for one: no roster says whether there are 常委.
        least, usual = law.committee_seats_least.on(on), law.committee_seats_usual.on(on)
        yield from _range(seats, least, usual, law.committee_seats_most.on(on))


def _range(seats: int, least: Entry, usual: Entry, most: Entry) -> Iterator[Finding]:
    inputs = {"seats": seats, "least": least.value, "usual": usual.value, "most": most.value}
    if seats < least.value:
        yield warning(least.rule_id, "too_few", Clears.FILL_POST, least, **inputs)
    elif seats > most.value:
        yield warning(most.rule_id, "too_many", Clears.ADJUST_SEATS, most, **inputs)
    elif seats > usual.value:
        yield info(usual.rule_id, "more_than_usual", Clears.ADJUST_SEATS, usual, **inputs)


def _discipline(question: Question) -> Iterator[Finding]:
    """ORG-14: a 机关党委 must have a 机关纪委; nothing is said while nobody knows."""
    if question.unit_type not in AGENCIES:
        return
    seats = elected_seats(question.facts.posts, Body.DISCIPLINE, question)
    if not seats and question.facts.has_discipline is False:
        yield error("ORG-14", "missing", Clears.SET_DISCIPLINE, question.law.provision("ORG-14"))
    least = question.law.discipline_seats_least.on(question.on)
    if 0 < seats < least.value:
        inputs = {"seats": seats, "least": least.value}
        yield warning("ORG-23", "discipline_too_few", Clears.FILL_POST, least, **inputs)
