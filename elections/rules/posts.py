"""Findings on the people of a committee: vacancies, and who may not or should not hold a post."""

from collections.abc import Iterator
from datetime import date, timedelta

from elections.rules.dated import add_years
from elections.rules.facts import HeadBasis, PostFacts, Standing, TermFacts
from elections.rules.findings import Clears, Finding, Question, error, warning
from orgs.enums import Body, Kind, Seat, Title


def posts(question: Question) -> Iterator[Finding]:
    """Findings that follow from who holds which post; none while no post is recorded."""
    committee = [post for post in question.facts.posts or () if post.body == Body.COMMITTEE]
    held = [post for post in committee if post.holds_on(question.on)]
    term = question.state.term
    if term is not None and any(post.is_of(term, on=question.on) for post in committee):
        yield from _vacancies(question, term, committee, held)
    secretaries = [post for post in held if is_secretary(post)]
    yield from _two_secretaries(question, secretaries)
    for post in sorted(secretaries, key=lambda each: each.holder):
        yield from _secretary(question, post)
    everyone = [post for post in question.facts.posts or () if post.holds_on(question.on)]
    yield from _people(question, everyone)


def is_secretary(post: PostFacts) -> bool:
    """Whether the post is that of the secretary."""
    # A 第一书记 is sent from above and does not fill the seat of the secretary.
    return post.title == Title.SECRETARY and post.seat != Seat.FIRST_SECRETARY


def _vacancies(
    question: Question, term: TermFacts, committee: list[PostFacts], held: list[PostFacts]
) -> Iterator[Finding]:
    """APP-07: no secretary, or a post whose elected holder left during the term and that nobody took over."""
    entry = question.law.provision("APP-07")
    if not any(is_secretary(post) for post in held):
        since = max((post.until for post in committee if is_secretary(post) and post.until), default=None)
        yield warning("APP-07", "secretary", Clears.FILL_POST, entry, since=since)
    for title in Title:
        since = _vacant_since(title, term, committee, held, question.on) if title != Title.SECRETARY else None
        if since is not None:
            yield warning("APP-07", "seat", Clears.FILL_POST, entry, title=title, since=since)


def _vacant_since(
    title: Title, term: TermFacts, committee: list[PostFacts], held: list[PostFacts], on: date
) -> date | None:
    """The day on which the post fell vacant during the term; None while as many hold it as before."""
    elected = [post for post in committee if post.title == title and post.seat == Seat.ELECTED]
    # A 委员 from before the term may be one of the last committee whose leaving was entered late.
    of_term = [post for post in elected if post.since is None or term.elected_on <= post.since]
    counted = of_term if title == Title.COMMITTEE_MEMBER else elected
    left = [post.until for post in counted if post.until is not None and term.elected_on < post.until <= on]
    if not left:
        return None
    since = max(left)
    eve = since - timedelta(days=1)
    if _seats_on(eve, committee) <= _seats_on(on, committee):
        return None  # the work was shared out anew, or somebody else was elected
    holding = len({post.holder for post in held if post.title == title})
    if title != Title.COMMITTEE_MEMBER:
        return None if holding else since
    return since if holding < _seats_on(eve, of_term) else None


def _seats_on(day: date, committee: list[PostFacts]) -> int:
    return len({post.holder for post in committee if post.seat == Seat.ELECTED and post.holds_on(day)})


def _two_secretaries(question: Question, secretaries: list[PostFacts]) -> Iterator[Finding]:
    most = question.law.secretaries_most.on(question.on)
    holders = tuple(sorted({post.holder for post in secretaries}))
    if len(holders) > most.value:
        yield error("CAND-06", "several", Clears.CHECK_POST, most, holders=holders, most=most.value)


def _secretary(question: Question, post: PostFacts) -> Iterator[Finding]:
    """EL-01 a full member of another organization; CAND-08 party age (from 转正, PM-06) of a branch's secretary."""
    if post.here is False and post.standing is Standing.FULL:
        provision = question.law.provision("EL-01")
        yield warning("EL-01", "secretary_elsewhere", Clears.MOVE_AFFILIATION, provision, holder=post.holder)
    years = question.law.secretary_party_age_years.on(question.on)
    if question.kind == Kind.BRANCH and post.formal_on is not None:
        if question.on < add_years(post.formal_on, years.value):
            inputs = {"holder": post.holder, "formal_on": post.formal_on, "years": years.value}
            yield warning("CAND-08", "party_age", Clears.PASSES, years, **inputs)


def _people(question: Question, held: list[PostFacts]) -> Iterator[Finding]:
    """EL-02 a probationary member in a post; EL-01 one 停止党籍, or somebody no roster knows, where there is one."""
    heads = question.facts.heads
    has_roster = heads is not None and heads.basis in (HeadBasis.MEMBERS, HeadBasis.MIXED)
    for holder in sorted({post.holder for post in held}):
        own = [post for post in held if post.holder == holder]
        if any(post.standing is Standing.PROBATIONARY for post in own):
            yield error("EL-02", "probationary", Clears.CHECK_POST, question.law.provision("EL-02"), holder=holder)
        if any(post.standing is Standing.STOPPED for post in own):
            yield warning("EL-01", "stopped", Clears.CHECK_POST, question.law.provision("EL-01"), holder=holder)
        elected = any(post.seat == Seat.ELECTED and post.standing is Standing.UNKNOWN for post in own)
        if has_roster and elected:
            yield warning("EL-01", "unknown_person", Clears.CHECK_POST, question.law.provision("EL-01"), holder=holder)
