"""Standings of a member (停止党籍, 失联 …): who may, what is refused, and what the log says."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members import services
from members.models import Standing
from orgs.enums import StandingKind
from orgs.models import AuditEvent
from tests.factories import (
    user_at,
)

MARCH, JUNE, JULY = date(2026, 3, 1), date(2026, 6, 1), date(2026, 7, 1)

pytestmark = pytest.mark.django_db


def test_a_standing_is_recorded_and_ended(member, clerk):
    standing = services.record_standing(
        member=member, kind=StandingKind.FLOATING, since=MARCH, by=clerk, destination="虚构省虚构市"
    )
    services.end_standing(standing=standing, on=JUNE, by=clerk)

    stored = Standing.objects.get()
    assert (stored.kind, stored.since, stored.until, stored.destination) == ("floating", MARCH, JUNE, "虚构省虚构市")
    assert [(event.kind, event.changes) for event in AuditEvent.objects.order_by("id")] == [
        (
            "standing.record",
            {
                "kind": [None, "floating"],
                "since": [None, "2026-03-01"],
                "destination": [None, "虚构省虚构市"],
                "member": [None, str(member.uid)],
            },
        ),
        ("standing.end", {"until": [None, "2026-06-01"]}),
    ]
    with pytest.raises(ValidationError, match="已经结束"):
        services.end_standing(standing=standing, on=JULY, by=clerk)


@pytest.mark.parametrize(
    ("since", "until", "overlaps"),
    [
        (None, MARCH, False),
        (None, date(2026, 3, 2), True),
        (date(2026, 4, 1), date(2026, 5, 1), True),
        (date(2026, 5, 31), None, True),
        (JUNE, None, False),
        (None, None, True),
    ],
)
def test_the_same_standing_does_not_hold_twice_on_a_day(member, clerk, since, until, overlaps):
    services.record_standing(member=member, kind=StandingKind.LOST, since=MARCH, until=JUNE, by=clerk)
    services.record_standing(member=member, kind=StandingKind.SUSPENDED, since=since, until=until, by=clerk)

    if overlaps:
        with pytest.raises(ValidationError, match="在这段时间已登记为“失联”"):
            services.record_standing(member=member, kind=StandingKind.LOST, since=since, until=until, by=clerk)
    else:
        services.record_standing(member=member, kind=StandingKind.LOST, since=since, until=until, by=clerk)


def test_standings_need_the_right_where_the_person_is_kept(member, clerk, viewer, abroad):
    standing = services.record_standing(member=member, kind=StandingKind.LOST, since=MARCH, by=clerk)

    for user in (viewer, user_at(abroad)):
        with pytest.raises(PermissionDenied):
            services.record_standing(member=member, kind=StandingKind.STOPPED, since=MARCH, by=user)
        with pytest.raises(PermissionDenied):
            services.end_standing(standing=standing, on=JUNE, by=user)
