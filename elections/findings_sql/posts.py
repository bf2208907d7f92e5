"""Findings on the people of a committee as SQL: `rules/posts.py` a second time."""

from collections.abc import Iterator

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Length, Substr
from django.db.models.lookups import GreaterThan, LessThan

from elections.findings_sql.heads import roster_counted
from elections.findings_sql.scope import Found, Scope
from elections.models import Post
from elections.rules.dated import latest_reaching, period_end
from elections.states_sql import any_of
from members.models import Affiliation, Standing, full_on
from orgs.enums import Body, Kind, Precision, Seat, Severity, StandingKind, Title

MEMBER_KNOWN = Q(member__isnull=False, member__voided_at__isnull=True)


def posts(scope: Scope) -> Iterator[Found]:
    """Findings that follow from who holds which post; none while no post is recorded."""
    secretaries = held(scope, body=Body.COMMITTEE, title=Title.SECRETARY).exclude(seat=Seat.FIRST_SECRETARY)
    yield from _vacancies(scope, secretaries)
    yield from _secretaries(scope, secretaries)
    yield from _people(scope)


def held(scope: Scope, **which) -> QuerySet:
    """The posts of the scope held on the day."""
    return Post.objects.holding(scope.on).filter(scope.within(), **which).order_by()


def persons() -> Count:
    """How many people hold the posts of a group: the members' rows, without one told apart by name and birth."""
    others = Concat(Coalesce(Cast("birth", CharField()), Value("")), Value("|"), F("holder_name"))
    return Count("member", filter=MEMBER_KNOWN, distinct=True) + Count(others, filter=~MEMBER_KNOWN, distinct=True)


def persons_of(rows: QuerySet) -> Coalesce:
    """The number of people of correlated posts of one organization."""
    counted = rows.order_by().values("organization").annotate(persons=persons()).values("persons")
    return Coalesce(Subquery(counted), 0)


def committee_recorded(scope: Scope) -> Q:
    """A term sits, and somebody of its committee is recorded, in office or not; P-09 is that nobody is."""
    begun = Q(since__isnull=True) | Q(since__lte=scope.on)
    of_term = Q(until__isnull=True) | Q(until__gt=OuterRef("sitting__elected_on"))
    recorded = Post.objects.filter(begun, of_term, organization=OuterRef("pk"), body=Body.COMMITTEE)
    return Q(sitting__isnull=False) & any_of(recorded)


def _vacancies(scope: Scope, secretaries: QuerySet) -> Iterator[Found]:
    """APP-07: no secretary, or a post whose elected holder left during the term and that nobody took over."""
    none = Q(sitting__isnull=False) & ~Q(pk__in=secretaries.values("organization")) & committee_recorded(scope)
    yield scope.found_in_books("APP-07", "secretary", Severity.WARNING, none)
    vacant = _left(scope).filter(_vacant_post(scope) | _vacant_seat(scope)).values("organization")
    yield scope.found_in_books("APP-07", "seat", Severity.WARNING, Q(sitting__isnull=False) & Q(pk__in=vacant))


def _left(scope: Scope) -> QuerySet:
    """The elected seats of a committee whose holder left during the sitting term and after whom fewer are seated.

    The eve of leaving is the last day of the post: held then is what began before `until` and did not end before it.
    """
    term = "organization__terms__"
    sitting = Q(**{f"{term}until__isnull": True}) | Q(**{f"{term}until__gt": scope.on})
    left = Post.objects.filter(
        scope.within(),
        sitting,
        body=Body.COMMITTEE,
        seat=Seat.ELECTED,
        until__lte=scope.on,
        until__gt=F(f"{term}elected_on"),
        **{f"{term}elected_on__lte": scope.on, f"{term}body": Body.COMMITTEE, f"{term}voided_at__isnull": True},
    )
    elected = _beside().filter(seat=Seat.ELECTED)
    fewer = GreaterThan(persons_of(elected.filter(_on_eve())), persons_of(elected.holding(scope.on)))
    return left.annotate(elected_on=F(f"{term}elected_on")).filter(fewer).order_by()


def _vacant_post(scope: Scope) -> Q:
    """A post with work of its own: nobody holds it since the last one left."""
    same = _beside().filter(title=OuterRef("title"))
    later = same.filter(seat=Seat.ELECTED, until__gt=OuterRef("until"), until__lte=scope.on)
    of_its_own = ~Q(title__in=(Title.SECRETARY, Title.COMMITTEE_MEMBER))
    return of_its_own & ~Exists(later) & ~Exists(same.holding(scope.on))


def _vacant_seat(scope: Scope) -> Q:
    """That of a 委员 without other work: fewer than on the eve of the last one's leaving, of those of the term."""
    same = _beside().filter(title=Title.COMMITTEE_MEMBER)
    of_term = same.filter(Q(since__isnull=True) | Q(since__gte=OuterRef("elected_on")), seat=Seat.ELECTED)
    later = of_term.filter(until__gt=OuterRef("until"), until__lte=scope.on)
    with_the_term = Q(title=Title.COMMITTEE_MEMBER) & (Q(since__isnull=True) | Q(since__gte=F("elected_on")))
    fewer = LessThan(persons_of(same.holding(scope.on)), persons_of(of_term.filter(_on_eve())))
    return with_the_term & ~Exists(later) & Q(fewer)


def _beside() -> QuerySet:
    """The posts of the committee that the outer post belongs to."""
    return Post.objects.filter(organization=OuterRef("organization"), body=Body.COMMITTEE)


def _on_eve() -> Q:
    """Held on the day before the outer post's `until`."""
    return (Q(since__isnull=True) | Q(since__lt=OuterRef("until"))) & (
        Q(until__isnull=True) | Q(until__gte=OuterRef("until"))
    )


def _secretaries(scope: Scope, secretaries: QuerySet) -> Iterator[Found]:
    """CAND-06 more than one; EL-01 a full member of another organization; CAND-08 party age of a branch's secretary."""
    law, on = scope.law, scope.on
    many = secretaries.values("organization").annotate(persons=persons())
    many = many.filter(persons__gt=law.secretaries_most.on(on).value)
    yield scope.found_in_books("CAND-06", "several", Severity.ERROR, Q(pk__in=many.values("organization")))
    place = "organization__path"
    here = (
        Affiliation.objects.regular()
        .holding(on)
        .filter(member=OuterRef("member"))
        .alias(above=Substr(place, 1, Length(OuterRef(place))))
        .filter(above=OuterRef(place))
    )
    elsewhere = secretaries.filter(MEMBER_KNOWN, full_on(on, "member__"), ~_is_stopped(on), ~Exists(here))
    yield scope.found_in_books(
        "EL-01", "secretary_elsewhere", Severity.WARNING, Q(pk__in=elsewhere.values("organization"))
    )
    young = Q()
    latest = latest_reaching(on, 12 * law.secretary_party_age_years.on(on).value)
    for precision in Precision:
        # The first day it can mean is later than `latest` where it lies in a later month or year.
        young |= Q(member__formal_on_precision=precision, member__formal_on__gt=period_end(latest, precision))
    young = secretaries.filter(MEMBER_KNOWN, young)
    too_young = Q(kind_on=Kind.BRANCH) & Q(pk__in=young.values("organization"))
    yield scope.found_in_books("CAND-08", "party_age", Severity.WARNING, too_young)


def _people(scope: Scope) -> Iterator[Found]:
    """EL-02 a probationary member in a post; EL-01 one 停止党籍, or somebody no roster knows, where there is one."""
    on = scope.on
    known = held(scope, body__in=Body).filter(MEMBER_KNOWN)
    probationary = Q(pk__in=known.filter(~full_on(on, "member__")).values("organization"))
    yield scope.found_in_books("EL-02", "probationary", Severity.ERROR, probationary)
    stopped = known.filter(full_on(on, "member__"), _is_stopped(on))
    yield scope.found_in_books("EL-01", "stopped", Severity.WARNING, Q(pk__in=stopped.values("organization")))
    strangers = held(scope, body__in=Body, seat=Seat.ELECTED).exclude(MEMBER_KNOWN)
    unknown = Q(pk__in=strangers.values("organization")) & roster_counted(scope)
    yield scope.found_in_books("EL-01", "unknown_person", Severity.WARNING, unknown)


def _is_stopped(on) -> Exists:
    return Exists(Standing.objects.filter(member=OuterRef("member"), kind=StandingKind.STOPPED).holding(on))
