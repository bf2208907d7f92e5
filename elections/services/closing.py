"""Closing (撤销) an organization together with what hangs on it: its people first, then its posts and cases."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from elections.models import Election, Post
from elections.services.election import close_election
from members.models import Affiliation
from orgs import tree
from orgs.enums import Action
from orgs.models import Organization
from orgs.scoping import require_right
from orgs.services.records import save_changes


@transaction.atomic
def close_organization(*, organization: Organization, on: date, basis: str = "", by) -> Organization:
    """Close an organization: `on` is the first day it no longer exists.

    Refused while people's 组织关系 are still there on that day, because they would
    fall out of every count: they move first. Its posts end and its open elections
    are closed on that day; its terms stay on the books.
    """
    require_right(by, Action.EDIT, organization)
    organization = Organization.objects.select_for_update().get(pk=organization.pk)
    left = Affiliation.objects.regular().filter(organization=organization).filter(_still_open(on)).count()
    if left:
        raise ValidationError(
            {"closed_on": f"“{organization.name}”还有 {left} 名党员的组织关系，请先办理转出或划转，再撤销。"}
        )
    for post in Post.objects.filter(organization=organization).filter(_still_open(on)):
        if post.since is None or post.since < on:
            save_changes(post, changes={"until": on}, by=by, kind="post.end", organization=organization)
    for election in Election.objects.filter(organization=organization, closed_on__isnull=True, opened_on__lt=on):
        close_election(election=election, closed_on=on, by=by)
    return tree.close(organization, on=on, basis=basis, by=by)


def _still_open(on: date) -> Q:
    return Q(until__isnull=True) | Q(until__gt=on)
