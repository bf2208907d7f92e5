"""Declared numbers and confirmed rosters: who may, and what the log says."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from members import services
from members.models import DeclaredCount, RosterConfirmation
from orgs.models import AuditEvent

MARCH, JUNE, JULY = date(2026, 3, 1), date(2026, 6, 1), date(2026, 7, 1)

pytestmark = pytest.mark.django_db


def test_a_declaration_is_kept_per_day_and_corrected_on_the_same_day(branch, clerk, viewer):
    for full in (10, 10, 12):
        services.declare_count(organization=branch, on=MARCH, full=full, probationary=1, by=clerk)
    services.declare_count(organization=branch, on=JUNE, full=11, by=clerk)

    assert list(DeclaredCount.objects.values_list("on", "full", "probationary", "version")) == [
        (MARCH, 12, 1, 2),
        (JUNE, 11, 0, 1),
    ]
    assert [(event.kind, event.changes) for event in AuditEvent.objects.order_by("id")] == [
        ("declared_count.declare", {"on": [None, "2026-03-01"], "full": [None, 10], "probationary": [None, 1]}),
        ("declared_count.correct", {"full": [10, 12]}),
        ("declared_count.declare", {"on": [None, "2026-06-01"], "full": [None, 11], "probationary": [None, 0]}),
    ]
    with pytest.raises(PermissionDenied):
        services.declare_count(organization=branch, on=JULY, full=1, by=viewer)


def test_a_roster_is_confirmed_once_a_day(branch, clerk, viewer):
    first = services.confirm_roster(organization=branch, on=MARCH, by=clerk)
    again = services.confirm_roster(organization=branch, on=MARCH, by=clerk)

    assert first == again == RosterConfirmation.objects.get()
    assert [(event.kind, event.changes) for event in AuditEvent.objects.all()] == [
        ("roster.confirm", {"on": [None, "2026-03-01"]})
    ]
    with pytest.raises(PermissionDenied):
        services.confirm_roster(organization=branch, on=JUNE, by=viewer)
