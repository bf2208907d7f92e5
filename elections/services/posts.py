"""Who comes into a post and who leaves it, one by one or as a whole committee."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from elections.models import Post
from members.models import Member
from orgs import audit
from orgs.days import spoken
from orgs.enums import Action, Body, Seat, Title
from orgs.models import Organization
from orgs.models.records import holding_on
from orgs.scoping import require_right
from orgs.services.records import save_changes


@dataclass(frozen=True)
class Seated:
    """One person in one post of a committee: a member of the books, or a name."""

    title: Title
    name: str
    member: Member | None = None
    seat: Seat = Seat.ELECTED


@transaction.atomic
def begin_post(
    *,
    organization: Organization,
    who: Seated,
    since: date,
    by,
    until: date | None = None,
    body: str = Body.COMMITTEE,
) -> Post:
    """Enter who holds a post in [since, until) and return the row.

    PermissionDenied without the right to change the organization; ValidationError when the person holds the same
    post of the body already on one of these days.
    """
    require_right(by, Action.EDIT, organization)
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    same = Post.objects.filter(organization=organization, body=body, title=who.title).filter(_is(who))
    same = same.filter(Q(until__isnull=True) | Q(until__gt=since))
    if until is not None:
        same = same.filter(Q(since__isnull=True) | Q(since__lt=until))
    if same.exists():
        raise ValidationError(f"{who.name}这段时间已登记为{who.title.label}，不必重复登记。")
    post = Post(
        organization=organization,
        body=body,
        seat=who.seat,
        title=who.title,
        member=who.member,
        holder_name=who.name,
        since=since,
        until=until,
    )
    post.full_clean()
    post.save(force_insert=True)
    audit.record_event(
        kind="post.begin",
        target=post,
        organization=organization,
        by=by,
        changes={"title": [None, str(who.title)], "since": [None, str(since)]},
    )
    return post


@transaction.atomic
def end_post(*, post: Post, until: date, by) -> Post:
    """End a post: `until` is the first day it is no longer held."""
    require_right(by, Action.EDIT, post.organization)
    if post.until is not None and post.until <= until:
        raise ValidationError(f"{post.holder_name}的{post.get_title_display()}职务已于{spoken(post.until)}免去。")
    if post.since is not None and until <= post.since:
        raise ValidationError(f"{post.holder_name}于{spoken(post.since)}任职，免职日期须晚于这一天。")
    save_changes(post, changes={"until": until}, by=by, kind="post.end", organization=post.organization)
    return post


@transaction.atomic
def seat_committee(
    *,
    organization: Organization,
    on: date,
    people: Iterable[Seated],
    by,
    until: date | None = None,
    body: str = Body.COMMITTEE,
) -> list[Post]:
    """Enter the committee elected on a day: everybody's seat of the last one ends, the new ones begin.

    Whoever is re-elected has a row for each term. A 第一书记, sent from above, stays. `until`: first day the
    committee no longer sits, for one of the past. Returns the new rows.
    """
    require_right(by, Action.EDIT, organization)
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    sitting = Post.objects.filter(holding_on(on), organization=organization, body=body)
    for post in sitting.exclude(seat=Seat.FIRST_SECRETARY).order_by("id"):
        if post.since is None or post.since < on:
            end_post(post=post, until=on, by=by)
    return [begin_post(organization=organization, who=who, since=on, until=until, by=by, body=body) for who in people]


def _is(who: Seated) -> Q:
    """The condition that a post is that person's: the member's, or where there is none the name's."""
    return Q(member=who.member) if who.member is not None else Q(member__isnull=True, holder_name=who.name)
