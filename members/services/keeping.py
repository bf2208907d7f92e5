"""Where a person is kept, and holding their row while that changes."""

from django.core.exceptions import PermissionDenied
from django.db.models import F

from members.models import Affiliation, Member
from orgs.models import Organization
from orgs.scoping import NOT_ALLOWED


def keeper_of(member: Member) -> Organization | None:
    """The organization of the open regular affiliation, else of the last one; of a guest's when there never was one."""
    latest = Affiliation.objects.filter(member=member).select_related("organization")
    latest = latest.order_by(F("until").desc(nulls_first=True), "-id")
    affiliation = latest.regular().first() or latest.first()
    return affiliation.organization if affiliation else None


def locked_for(by, member: Member) -> Member:
    """The person's row, held until the end of the transaction; PermissionDenied unless `by` may change it."""
    if not Member.objects.editable_by(by).filter(pk=member.pk).exists():
        raise PermissionDenied(NOT_ALLOWED)
    return Member.objects.select_for_update().get(pk=member.pk)
