"""Findings where the books contradict themselves as SQL: `rules/contradictions.py` a second time."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length, Substr

from elections.findings_sql.lengths import length_unknown
from elections.findings_sql.posts import MEMBER_KNOWN, held
from elections.findings_sql.scope import Found, Scope
from elections.people_facts import doubtful_people, member_days
from elections.rules.contradictions import is_impossible
from members.doubtful import Doubtful
from members.headcount_sql import among
from members.models import Affiliation
from orgs import paths
from orgs.enums import Body, Seat, Severity, Title
from orgs.models import Organization
from orgs.namesakes import with_namesakes


def contradictions(scope: Scope) -> Iterator[Found]:
    """What cannot be as it is recorded, whoever is right."""
    missing = Q(sitting__isnull=False, sitting__unit_type_at_election="", unit_type_on="") & length_unknown(scope.law)
    yield scope.found_in_books("P-11", "missing", Severity.WARNING, missing)
    yield scope.found_in_books("P-12", "same_name", Severity.WARNING, _same_name(scope))
    yield from _posts(scope)
    yield from _members(scope)
    yield scope.found_in_books("P-16", "left", Severity.WARNING, _holder_left(scope))


def _same_name(scope: Scope) -> Q:
    """P-12; what stands beside the top of the scope lies outside it and is asked for on its own."""
    inside = with_namesakes(Organization.objects.filter(scope.within("path")), scope.on)
    condition = Q(pk__in=inside.values("pk"))
    if superior := paths.parent_of(scope.path):
        beside = with_namesakes(Organization.objects.filter(parent__path=superior), scope.on)
        condition |= Q(path=scope.path) & Q(pk__in=beside.values("pk"))
    return condition


def _posts(scope: Scope) -> Iterator[Found]:
    """P-13: in office since before the founding, or since before the holder joined the Party."""
    posts = held(scope, body__in=Body)
    before_founding = posts.filter(since__lt=F("organization__founded_on"))
    yield scope.found_in_books(
        "P-13", "before_founding", Severity.WARNING, Q(pk__in=before_founding.values("organization"))
    )
    as_member = MEMBER_KNOWN & Q(since__lt=F("member__joined_on"))
    before_joining = posts.filter(as_member | ~MEMBER_KNOWN & Q(since__lt=F("joined_on")))
    yield scope.found_in_books(
        "P-13", "before_joining", Severity.WARNING, Q(pk__in=before_joining.values("organization"))
    )


def _members(scope: Scope) -> Iterator[Found]:
    """P-14, P-15; the few people in question are read once, and their days judged by the rule itself."""

    @cache
    def people() -> dict[int, list[Doubtful]]:
        found = defaultdict(list)
        for person in doubtful_people(scope.within(), scope.on, law=scope.law):
            found[person.organization].append(person)
        return found

    def impossible(person: Doubtful) -> bool:
        return person.birth is not None and is_impossible(member_days(person), on=scope.on, law=scope.law)

    def of_days() -> list[int]:
        return [pk for pk, found in people().items() if any(impossible(person) for person in found)]

    def elsewhere() -> list[int]:
        return [pk for pk, found in people().items() if any(person.elsewhere for person in found)]

    yield scope.found_in_books("P-14", "days", Severity.WARNING, among(of_days))
    yield scope.found_in_books("P-15", "elsewhere", Severity.ERROR, among(elsewhere))


def _holder_left(scope: Scope) -> Q:
    """P-16: an elected holder other than the secretary whose affiliation in the subtree ended and who has none there.

    Few have left; who belongs where is asked for them alone.
    """
    secretary = Q(body=Body.COMMITTEE, title=Title.SECRETARY)
    place = "organization__path"
    inside = Affiliation.objects.regular().filter(scope.within())
    here = inside.filter(member=OuterRef("member")).alias(above=Substr(place, 1, Length(OuterRef(place))))
    here = here.filter(above=OuterRef(place))
    left = held(scope, body__in=Body, seat=Seat.ELECTED).filter(
        MEMBER_KNOWN,
        ~secretary,
        Exists(here.filter(until__lte=scope.on)),
        ~Exists(here.holding(scope.on)),
        member__in=inside.filter(until__lte=scope.on).values("member"),
    )
    return Q(pk__in=left.values("organization"))
