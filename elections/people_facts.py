"""What is recorded about the people and units of organizations on a day, read in bulk as facts for the law."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Max, Q

from elections.models import Post
from elections.rules.dated import period_end, period_start
from elections.rules.facts import HeadBasis, HeadFacts, MemberDays, PostFacts, Standing, UnitFacts
from elections.rules.parameters import Law
from members.doubtful import Doubtful, doubtful
from members.headcount import HeadCount, full_by_unit
from members.models import Affiliation, RosterConfirmation
from members.models import Standing as Period
from orgs import paths
from orgs.enums import Body, Precision, Seat, StandingKind, Title
from orgs.models import Unit
from orgs.models.organization import OrganizationUnit


@dataclass(frozen=True)
class PeopleFacts:
    """The people and units of one organization on a day."""

    posts: tuple[PostFacts, ...]
    units: tuple[UnitFacts, ...]
    # Whether a unit of it is known to be a 大中型企业.
    large: bool | None
    roster_on: date | None
    member_days: tuple[MemberDays, ...] = ()
    also_elsewhere: int = 0


class Place(NamedTuple):
    """Where a member belongs, or belonged until `left_on`."""

    path: str
    left_on: date | None


def read_people(organizations, on: date, *, law: Law) -> dict[int, PeopleFacts]:
    """{organization id: PeopleFacts} on the day `on`, in seven queries, however many rows there are.

    `law` says whose days are worth looking at.
    """
    ids = [organization.pk for organization in organizations]
    begun = Q(since__isnull=True) | Q(since__lte=on)
    posts: dict[int, list[Post]] = defaultdict(list)
    found = Post.objects.filter(begun, organization__in=ids, body__in=Body)
    for post in found.select_related("member").order_by("id"):
        posts[post.organization_id].append(post)
    places, stopped = _places_of_holders(ids, on), _stopped_holders(ids, on)
    units: dict[int, list[Unit]] = defaultdict(list)
    links = OrganizationUnit.objects.filter(organization__in=ids, unit__voided_at__isnull=True)
    for link in links.select_related("unit").order_by("unit__sort_key", "unit_id"):
        units[link.organization_id].append(link.unit)
    rosters = dict(
        RosterConfirmation.objects.filter(organization__in=ids, on__lte=on)
        .order_by()
        .values_list("organization_id")
        .annotate(latest=Max("on"))
    )
    full = full_by_unit(ids, on)
    wrong: dict[int, list[Doubtful]] = defaultdict(list)
    for person in doubtful_people(Q(organization__in=ids), on, law=law):
        wrong[person.organization].append(person)
    return {
        each.pk: PeopleFacts(
            posts=_posts(each.path, posts[each.pk], places, stopped, on),
            units=tuple(
                # Without a roster nobody knows who comes from which unit.
                UnitFacts(unit.name, full.get((each.pk, unit.pk), 0) if each.pk in rosters else None)
                for unit in units[each.pk]
            ),
            large=any(unit.is_large for unit in units[each.pk]) or None,
            roster_on=rosters.get(each.pk),
            member_days=tuple(member_days(person) for person in wrong[each.pk] if person.birth),
            also_elsewhere=len({person.member for person in wrong[each.pk] if person.elsewhere}),
        )
        for each in organizations
    }


def doubtful_people(at: Q, on: date, *, law: Law) -> set[Doubtful]:
    """Whoever of the affiliations `at` may be a contradiction by the law of the day; one query."""
    ages = [entry.value for _, entry in law.joining_age_least.entries.values]
    return doubtful(at, on, birth_year_least=law.birth_year_least.on(on).value, age_least=max(ages))


def member_days(person: Doubtful) -> MemberDays:
    """The days of somebody as the law sees them."""
    joined_on = person.joined_on and period_end(person.joined_on, Precision(person.joined_on_precision))
    return MemberDays(birth=person.birth, joined_on=joined_on)


def head_facts(count: HeadCount) -> HeadFacts:
    """A head count as the law sees it."""
    declared = count.own_declared
    return HeadFacts(
        full=count.full,
        total=count.total,
        basis=HeadBasis(count.basis.value),
        unknown=count.unknown,
        declared=declared.total if declared else None,
        declared_on=declared.on if declared else None,
        difference=count.declared_difference,
    )


def _places_of_holders(ids: list[int], on: date) -> dict[int, list[Place]]:
    """{member id: where the regular affiliations are and were by the day} of all who ever held a post."""
    begun = Q(since__isnull=True) | Q(since__lte=on)
    regular = Affiliation.objects.regular().filter(begun, member__in=_holders(ids)).order_by()
    places: dict[int, list[Place]] = defaultdict(list)
    for member, path, until in regular.values_list("member_id", "organization__path", "until"):
        places[member].append(Place(path, None if until is None or until > on else until))
    return places


def _stopped_holders(ids: list[int], on: date) -> set[int]:
    """The ids of the members among them who are 停止党籍 on the day."""
    stopped = Period.objects.filter(kind=StandingKind.STOPPED, member__in=_holders(ids)).holding(on)
    return set(stopped.order_by().values_list("member", flat=True))


def _holders(ids: list[int]):
    return Post.objects.filter(organization__in=ids, member__isnull=False).order_by().values("member")


def _posts(path: str, posts: list[Post], places: dict, stopped: set[int], on: date) -> tuple[PostFacts, ...]:
    names = _names(posts)
    return tuple(_post(post, names[_person(post)], path, places, stopped, on) for post in posts)


def _post(post: Post, holder: str, path: str, places: dict, stopped: set[int], on: date) -> PostFacts:
    member = _member(post)
    known = {}
    if member is not None:
        standing = Standing.FULL if member.is_full_on(on) else Standing.PROBATIONARY
        if standing is Standing.FULL and member.pk in stopped:
            # Neither counted among the full members nor entitled to vote until it is restored.
            standing = Standing.STOPPED
        here = [place.left_on for place in places.get(member.pk, ()) if paths.is_within(place.path, path)]
        known = {
            "standing": standing,
            "here": standing is Standing.FULL and None in here,
            "left_on": None if None in here else max(here, default=None),
            "formal_on": member.formal_on and period_start(member.formal_on, Precision(member.formal_on_precision)),
        }
    person = post if member is None else member
    return PostFacts(
        title=Title(post.title),
        holder=holder,
        body=Body(post.body),
        seat=Seat(post.seat),
        since=post.since,
        until=post.until,
        joined_on=person.joined_on,
        **known,
    )


def _member(post: Post):
    """The member's row; none where it was voided."""
    return post.member if post.member_id and post.member.voided_at is None else None


def _person(post: Post) -> tuple:
    """What tells people apart: the member's row, without one the name and what is known of the birth."""
    member = _member(post)
    return ("member", member.pk) if member else ("name", post.holder_name, post.birth)


def _names(posts: list[Post]) -> dict[tuple, str]:
    """{person: name}; where two share one, in the order of their posts 「王建国（1）」「王建国（2）」."""
    sharing: dict[str, list[tuple]] = defaultdict(list)
    for post in posts:
        if (person := _person(post)) not in sharing[post.holder_name]:
            sharing[post.holder_name].append(person)
    names: dict[tuple, str] = {}
    for name, people in sharing.items():
        for number, person in enumerate(people, start=1):
            names.setdefault(person, f"{name}（{number}）" if len(people) > 1 else name)
    return names
