"""Transfers, leaving, receiving: who may, what is refused, and what the log says."""

import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections, transaction

from members import services
from members.models import Affiliation, Member
from orgs.enums import AffiliationKind, Form, Role
from orgs.models import AuditEvent
from tests.concurrency import needs_two_writers, wait_until_somebody_waits_for_a_lock
from tests.factories import (
    AffiliationFactory,
    GrantFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    user_at,
)
from tests.members.periods import periods

MARCH, JUNE, JULY = date(2026, 3, 1), date(2026, 6, 1), date(2026, 7, 1)

pytestmark = pytest.mark.django_db


def test_a_transfer_ends_one_affiliation_and_begins_the_next_on_the_same_day(member, branch, sibling, clerk):
    opened = services.transfer_within(member=member, to=sibling, on=JUNE, by=clerk)

    assert opened.organization == sibling
    assert periods(member) == [(branch, MARCH, JUNE), (sibling, JUNE, None)]
    assert Affiliation.objects.get(organization=branch).reason == "组织关系转接"
    event = AuditEvent.objects.get()
    assert (event.kind, event.target_uid, event.actor) == ("member.transfer", member.uid, clerk)
    assert event.changes == {
        "organization": [str(branch.uid), str(sibling.uid)],
        "since": [None, "2026-06-01"],
        "reason": [None, "组织关系转接"],
    }


def test_a_transfer_needs_the_right_on_both_sides(member, abroad, clerk, viewer, root):
    for user in (clerk, viewer, user_at(abroad)):
        with pytest.raises(PermissionDenied):
            services.transfer_within(member=member, to=abroad, on=JUNE, by=user)
    assert len(periods(member)) == 1

    services.transfer_within(member=member, to=abroad, on=JUNE, by=user_at(root, Role.OPERATOR))
    assert not Member.objects.visible_to(clerk).exists()


def test_a_transfer_that_makes_no_sense_is_refused(member, branch, sibling, clerk):
    with pytest.raises(ValidationError, match="转出日期须晚于转入日期2026-03-01"):
        services.transfer_within(member=member, to=sibling, on=MARCH, by=clerk)
    with pytest.raises(ValidationError, match="组织关系已在"):
        services.transfer_within(member=member, to=branch, on=JUNE, by=clerk)
    assert periods(member) == [(branch, MARCH, None)]


def test_a_refused_transfer_leaves_the_old_affiliation_open(member, branch, street, clerk):
    closed = OrganizationFactory(parent=street, closed_on=MARCH)

    with pytest.raises(ValidationError, match="已撤销"):
        services.transfer_within(member=member, to=closed, on=JUNE, by=clerk)

    assert periods(member) == [(branch, MARCH, None)]
    assert not AuditEvent.objects.exists()


def test_an_affiliation_ends_with_a_reason(member, branch, clerk, viewer):
    affiliation = Affiliation.objects.get()
    with pytest.raises(PermissionDenied):
        services.end_affiliation(affiliation=affiliation, on=JUNE, reason="转出本区", by=viewer)

    services.end_affiliation(affiliation=affiliation, on=JUNE, reason="转出本区", by=clerk)

    assert periods(member) == [(branch, MARCH, JUNE)]
    event = AuditEvent.objects.get()
    assert (event.kind, event.changes) == (
        "affiliation.end",
        {"until": [None, "2026-06-01"], "reason": ["", "转出本区"]},
    )
    with pytest.raises(ValidationError, match="已经结束"):
        services.end_affiliation(affiliation=affiliation, on=JULY, reason="转出本区", by=clerk)


def test_an_affiliation_does_not_end_before_it_began(member, clerk):
    with pytest.raises(ValidationError, match="转出日期须晚于转入日期2026-03-01"):
        services.end_affiliation(affiliation=Affiliation.objects.get(), on=MARCH, reason="转出本区", by=clerk)


def test_whoever_left_is_received_again(member, branch, sibling, clerk):
    services.end_affiliation(affiliation=Affiliation.objects.get(), on=JUNE, reason="转出本区", by=clerk)

    services.affiliate(member=member, organization=sibling, since=JUNE, by=clerk)

    assert periods(member) == [(branch, MARCH, JUNE), (sibling, JUNE, None)]
    assert AuditEvent.objects.order_by("id").last().changes == {
        "organization": [None, str(sibling.uid)],
        "kind": [None, "regular"],
        "since": [None, "2026-06-01"],
        "member": [None, str(member.uid)],
    }


@pytest.mark.parametrize("since", [None, MARCH, date(2026, 5, 31)])
def test_regular_affiliations_never_overlap(member, sibling, clerk, since):
    services.end_affiliation(affiliation=Affiliation.objects.get(), on=JUNE, reason="转出本区", by=clerk)

    with pytest.raises(ValidationError) as caught:
        services.affiliate(member=member, organization=sibling, since=since, by=clerk)

    assert caught.value.message_dict == {"since": ["王建国的上一段组织关系到2026-06-01才结束，两段不能重叠。"]}


def test_who_only_looks_on_where_somebody_was_kept_does_not_take_them_over(member, branch, abroad, viewer):
    services.end_affiliation(affiliation=member.affiliations.get(), on=JUNE, reason="转出", by=user_at(branch))
    GrantFactory(user=viewer, organization=abroad)

    with pytest.raises(PermissionDenied):
        services.affiliate(member=member, organization=abroad, since=JULY, by=viewer)
    guest = services.affiliate(
        member=member, organization=abroad, since=JULY, by=viewer, kind=AffiliationKind.TEMPORARY
    )
    assert guest.organization == abroad


def test_while_an_affiliation_is_open_there_is_no_second_one(member, sibling, clerk):
    with pytest.raises(ValidationError) as caught:
        services.affiliate(member=member, organization=sibling, since=JUNE, by=clerk)

    assert caught.value.messages == ["王建国已有正在履行的组织关系，请先转出或办理划转。"]


def test_a_guest_is_received_beside_their_own_affiliation(member, branch, street, clerk):
    host = OrganizationFactory(parent=street, form=Form.TEMPORARY)

    services.affiliate(member=member, organization=host, since=JUNE, kind=AffiliationKind.TEMPORARY, by=clerk)

    assert periods(member) == [(branch, MARCH, None)]
    assert Affiliation.objects.filter(organization=host, kind=AffiliationKind.TEMPORARY).count() == 1


def test_nobody_makes_a_stranger_visible_by_receiving_them(member, abroad):
    """A guest is seen by the host: who does not see a person yet must not gain it by a form."""
    clerk_abroad = user_at(abroad)

    with pytest.raises(PermissionDenied):
        services.affiliate(
            member=member, organization=abroad, since=JUNE, kind=AffiliationKind.INCOMING, by=clerk_abroad
        )

    assert not Member.objects.visible_to(clerk_abroad).exists()


def test_rights_of_two_streets_together_allow_a_transfer_between_them(member, clerk, abroad):
    GrantFactory(user=clerk, organization=abroad, role=Role.CLERK)

    services.transfer_within(member=member, to=abroad, on=JUNE, by=clerk)

    assert periods(member)[-1] == (abroad, JUNE, None)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_transferring_one_person_at_once_leave_one_affiliation():
    needs_two_writers()
    street = StreetFactory(parent=RootFactory())
    first, second, third = (OrganizationFactory(parent=street) for _ in range(3))
    member = AffiliationFactory(organization=first, since=MARCH).member
    clerk, refusals = user_at(street), []
    later = threading.Thread(target=_transfer, args=(member, third, clerk, refusals))

    with transaction.atomic():
        services.transfer_within(member=member, to=second, on=JUNE, by=clerk)
        later.start()
        wait_until_somebody_waits_for_a_lock()
    later.join()

    assert periods(member) == [(first, MARCH, JUNE), (second, JUNE, None)]
    assert refusals == ["转出日期须晚于转入日期2026-06-01。"]


def _transfer(member, to, by, refusals):
    try:
        services.transfer_within(member=member, to=to, on=JUNE, by=by)
    except ValidationError as error:
        refusals += error.messages
    finally:
        connections.close_all()
