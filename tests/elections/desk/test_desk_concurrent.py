"""Two officials confirm at once: one is done, the other is shown what changed."""

import datetime
import threading

import pytest
from django.db import connection, transaction

from elections.desk import doing
from elections.desk.registry import BY_CODE
from orgs.models import Operation, Organization
from orgs.operations import RowsChanged
from tests.concurrency import needs_two_writers, wait_until_somebody_waits_for_a_lock
from tests.desk import asked, checked
from tests.factories import AffiliationFactory, OrganizationFactory, RootFactory, StreetFactory, user_at

FORM = {"on": "2026-11-01"}


@pytest.mark.django_db(transaction=True)
def test_of_two_confirmations_the_second_is_shown_what_changed(time_machine):
    needs_two_writers()
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))
    street = StreetFactory(parent=RootFactory())
    first, second, third = (OrganizationFactory(parent=street) for _ in range(3))
    AffiliationFactory(organization=first)
    one, other = user_at(street), user_at(street)
    into_second, into_third = ({**FORM, "other": str(each.uid)} for each in (second, third))
    tokens = [checked("absorb", first, user, **sent).token for user, sent in ((one, into_second), (other, into_third))]
    refused = []

    def confirm_second():
        try:
            request = asked("absorb", first, other, **into_third)
            doing.do(BY_CODE["absorb"], request, sent=str(into_third), token=tokens[1])
        except RowsChanged as changed:
            refused.append(changed)
        finally:
            connection.close()

    request = asked("absorb", first, one, **into_second)
    thread = threading.Thread(target=confirm_second)
    with transaction.atomic():
        doing.do(BY_CODE["absorb"], request, sent=str(into_second), token=tokens[0])
        thread.start()
        wait_until_somebody_waits_for_a_lock()
    thread.join()

    assert [type(each) for each in refused] == [RowsChanged]
    assert list(Operation.objects.values_list("by", flat=True)) == [one.pk]
    assert Organization.objects.get(pk=first.pk).remark == f"并入“{second.name}”"
