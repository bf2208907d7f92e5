"""Elections under way."""

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q

from elections.models import Election
from orgs.checks.contradiction import Contradiction, named, of_uid


def one_general_election_at_a_time() -> Iterator[Contradiction]:
    """An organization has at most one general election open on a day."""
    cases = Election.objects.general()
    earlier = cases.filter(organization=OuterRef("organization"), pk__lt=OuterRef("pk"))
    still_open = earlier.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=OuterRef("opened_on")))
    meeting = Q(closed_on__isnull=True) & Exists(still_open) | Q(closed_on__isnull=False) & Exists(
        still_open.filter(opened_on__lt=OuterRef("closed_on"))
    )
    columns = ("uid", "organization__name", "organization__code", "organization__uid", "opened_on")
    for uid, name, code, place, day in cases.filter(meeting).order_by("id").values_list(*columns).iterator():
        yield Contradiction(
            "换届选举",
            of_uid(uid),
            f"{named(name, code, place)}在{day}启动时，另一项换届选举尚未办结",
            "核对两项的启动和办结日期，或将重复的一项作废",
        )


def organization_of_cases() -> Iterator[Contradiction]:
    """A case is closed when its organization is, at the latest."""
    rows = Election.objects.filter(organization__closed_on__isnull=False).filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=F("organization__closed_on"))
    )
    columns = ("uid", "organization__name", "organization__code", "organization__uid", "organization__closed_on")
    for uid, name, code, place, day in rows.order_by("id").values_list(*columns).iterator():
        yield Contradiction(
            "换届选举", of_uid(uid), f"{named(name, code, place)}已于{day}撤销，这项选举没有同时办结", "以撤销日期办结"
        )
