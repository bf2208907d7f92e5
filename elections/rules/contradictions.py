"""Findings where the books contradict themselves or lack what a length rests on (P-11 to P-16)."""

from collections.abc import Iterator
from datetime import date

from elections.rules.dated import add_years
from elections.rules.facts import MemberDays
from elections.rules.findings import Clears, Finding, Question, error, warning
from elections.rules.parameters import Law, LawGap
from elections.rules.posts import is_secretary
from elections.rules.terms import UnknownUnitType, term_years
from orgs.enums import Body, Seat


def contradictions(question: Question) -> Iterator[Finding]:
    """What cannot be as it is recorded, whoever is right."""
    yield from _unit_type(question)
    yield from _namesakes(question)
    yield from _posts(question)
    yield from _members(question)
    yield from _holders_who_left(question)


def _unit_type(question: Question) -> Iterator[Finding]:
    """P-11: the length of the sitting term hangs on a unit type that nobody entered, then or since."""
    term = question.state.term
    if term is None or term.years is None or term.kind is None or term.unit_type or question.unit_type:
        return
    try:
        term_years(
            kind=term.kind,
            unit_type=None,
            elected_on=term.elected_on,
            large=term.large,
            stated=term.years,
            document_no=term.document_no,
            law=question.law,
        )
    except LawGap:
        return
    except UnknownUnitType:
        yield warning("P-11", "missing", Clears.ENTER_UNIT_TYPE, question.law.provision("P-11"), years=term.years)


def _namesakes(question: Question) -> Iterator[Finding]:
    """P-12: others under the same superior have the same name."""
    if number := question.facts.namesakes:
        yield warning("P-12", "same_name", Clears.CHECK_NAME, question.law.provision("P-12"), others=number)


def _posts(question: Question) -> Iterator[Finding]:
    """P-13: somebody in office since before the organization was founded, or since before joining the Party.

    Both days are the first ones they can mean, so that an imprecise day is given every benefit. An elected post from
    before the sitting term's election is no contradiction: whoever was elected again holds it on.
    """
    founded_on, provision = question.facts.founded_on, question.law.provision("P-13")
    held = [post for post in question.facts.posts or () if post.since and post.holds_on(question.on)]
    if founded_on is not None:
        for holder, since in sorted({(post.holder, post.since) for post in held if post.since < founded_on}):
            inputs = {"holder": holder, "since": since, "founded_on": founded_on}
            yield warning("P-13", "before_founding", Clears.CHECK_POST_DAYS, provision, **inputs)
    early = {(post.holder, post.since) for post in held if post.joined_on is not None and post.since < post.joined_on}
    for holder, since in sorted(early):
        # The day of joining is about the person and stays out of the values.
        yield warning("P-13", "before_joining", Clears.CHECK_POST_DAYS, provision, holder=holder, since=since)


def _members(question: Question) -> Iterator[Finding]:
    """P-14 people whose days cannot be, P-15 people who belong to another organization at the same time."""
    facts, law, on = question.facts, question.law, question.on
    if number := sum(is_impossible(days, on=on, law=law) for days in facts.member_days):
        year, age = law.birth_year_least.on(on), law.joining_age_least.on(on)
        yield warning("P-14", "days", Clears.CHECK_MEMBER_DAYS, year, age, people=number, age=age.value)
    if facts.also_elsewhere:
        provision = law.provision("P-15")
        yield error("P-15", "elsewhere", Clears.END_AFFILIATION, provision, people=facts.also_elsewhere)


def is_impossible(days: MemberDays, *, on: date, law: Law) -> bool:
    """Whether somebody was born after the day or too long ago, or was too young when joining (党章 第一条, PM-01).

    That a 转正 comes before the joining is kept out of the books by a constraint.
    """
    if days.birth > on or days.birth.year < law.birth_year_least.on(on).value:
        return True
    if days.joined_on is None:
        return False
    return days.joined_on < add_years(days.birth, law.joining_age_least.on(days.joined_on).value)


def _holders_who_left(question: Question) -> Iterator[Finding]:
    """P-16: an elected member of a committee whose affiliation here ended, still in office.

    Not the secretary of the committee: EL-01 says so of one who is elsewhere, EL-01 and EL-02 of any other.
    """
    left = {
        (post.holder, post.left_on)
        for post in question.facts.posts or ()
        if post.left_on is not None
        and post.seat == Seat.ELECTED
        and post.holds_on(question.on)
        and not (post.body == Body.COMMITTEE and is_secretary(post))
    }
    for holder, left_on in sorted(left):
        inputs = {"holder": holder, "left_on": left_on}
        yield warning("P-16", "left", Clears.CHECK_POST, question.law.provision("P-16"), **inputs)
