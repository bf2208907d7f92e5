"""Findings on the books themselves as SQL: `rules/records.py` a second time."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Exists, F, OuterRef, Q

from elections.findings_sql.heads import heads_differ, heads_unknown
from elections.findings_sql.scope import Found, Scope
from elections.models import Post, Succession
from elections.rules.dated import latest_reaching
from elections.states_sql import any_of
from members.models import RosterConfirmation
from orgs.enums import Body, Severity


def records(scope: Scope) -> Iterator[Found]:
    """Findings on rosters, numbers and the entered committee."""
    yield from _merger(scope)
    yield from _heads(scope)
    yield from _roster(scope)
    yield from _committee(scope)


def _merger(scope: Scope) -> Iterator[Found]:
    """P-03: a merger since the election of the sitting term after which nobody came into a post."""
    posts = Post.objects.filter(organization=OuterRef("organization"), since__gte=OuterRef("on"), since__lte=scope.on)
    mergers = Succession.objects.absorbed().filter(scope.within(), on__lte=scope.on)
    of_term = mergers.filter(organization=OuterRef("pk")).alias(elected_on=OuterRef("sitting__elected_on"))
    left_so = any_of(of_term.filter(~Exists(posts), on__gt=F("elected_on")))
    # Few took in another one: the others are not asked one by one.
    merged = Q(pk__in=mergers.values("organization"))
    yield scope.found_in_books("P-03", "merged", Severity.WARNING, merged & left_so)


def _heads(scope: Scope) -> Iterator[Found]:
    yield scope.found_in_books("P-05", "unknown", Severity.WARNING, heads_unknown(scope))
    yield scope.found_in_books("P-04", "differs", Severity.WARNING, heads_differ(scope))


def _roster(scope: Scope) -> Iterator[Found]:
    """P-06: there are confirmed rosters and none since the day from which they are fresh."""
    on, rosters = scope.on, RosterConfirmation.objects.filter(scope.within())
    months = scope.law.roster_stale_months.on(on).value
    stale_until = latest_reaching(on - timedelta(days=1), months)
    stale = Q(pk__in=rosters.filter(on__lte=stale_until).values("organization"))
    fresh = Q(pk__in=rosters.filter(on__gt=stale_until, on__lte=on).values("organization"))
    yield scope.found_in_books("P-06", "stale", Severity.WARNING, stale & ~fresh)


def _committee(scope: Scope) -> Iterator[Found]:
    """P-09: a committee sits and nobody of it is recorded."""
    begun = Q(since__isnull=True) | Q(since__lte=scope.on)
    posts = Post.objects.filter(begun, organization=OuterRef("pk"), body=Body.COMMITTEE)
    # Written as an annotation, so that both sides of the comparison are columns of one row.
    of_term = posts.alias(elected_on=OuterRef("sitting__elected_on")).filter(
        Q(until__isnull=True) | Q(until__gt=F("elected_on"))
    )
    yield scope.found_in_books("P-09", "no_posts", Severity.WARNING, Q(sitting__isnull=False) & ~any_of(of_term))
