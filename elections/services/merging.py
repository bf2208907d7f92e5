"""合并重复党员, whole: the person, and the posts that either entry held."""

from datetime import date

from django.db import transaction

from elections.models import Post, VillagePost
from members.models import Member
from members.services.merging import DOUBLE, EVENT, merge_members, overlapping
from orgs.services.records import save_changes, void


@transaction.atomic
def merge_people(*, keep: Member, drop: Member, stays_with: Member, on: date, reason: str, by) -> Member:
    """As `members.services.merging.merge_members`, with the posts: one held twice over is kept once."""
    kept = merge_members(keep=keep, drop=drop, stays_with=stays_with, on=on, reason=reason, by=by)
    for model, same in ((Post, ("organization_id", "body", "title")), (VillagePost, ("organization_id", "title"))):
        own = list(model.objects.filter(member=kept))
        for row in model.objects.filter(member=drop).select_related("organization").order_by("pk"):
            alike = [each for each in own if all(getattr(each, name) == getattr(row, name) for name in same)]
            if overlapping(row, alike) is None:
                save_changes(row, changes={"member": kept}, by=by, kind=EVENT, organization=row.organization)
                own.append(row)
            else:
                void(row, by=by, reason=DOUBLE, organization=row.organization)
    return kept
