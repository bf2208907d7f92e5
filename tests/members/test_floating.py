"""流入党员: who is received, what is kept of them, who sees it, and that nobody counts them."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members import services
from members.headcount import headcount
from members.models import Affiliation, Guest, Member, Standing
from orgs.enums import AffiliationKind, MemberKind, StandingKind
from orgs.models import AuditEvent
from tests.factories import AffiliationFactory, user_at
from tests.workbooks import id_number

MARCH, JUNE, JULY = date(2026, 3, 1), date(2026, 6, 1), date(2026, 7, 1)
NUMBER = id_number(birth="19900307", order="011")

pytestmark = pytest.mark.django_db


@pytest.fixture
def neighbor(abroad):
    return user_at(abroad.parent)


def kept_elsewhere(branch) -> Member:
    """王建国 with an ID number, who belongs to `branch`."""
    member = AffiliationFactory(organization=branch, since=MARCH).member
    member.set_id_number(NUMBER)
    member.save()
    return member


def received(organization, by, **changes) -> Guest:
    return services.receive_guest(**{"organization": organization, "name": "王建国", "since": JUNE, "by": by} | changes)


def test_a_guest_from_outside_the_books_is_recorded_with_their_stay(branch, clerk):
    guest = received(
        branch,
        clerk,
        id_number=NUMBER,
        contact="15400000012",
        place_of_affiliation="虚构省虚构县虚构村党支部",
        province="虚构省",
        floating_reason="务工",
        has_certificate=True,
        person={"kind": MemberKind.FULL, "joined_on": date(2012, 7, 1)},
    )

    stored = Guest.objects.select_related("affiliation__member").get()
    stay, member = stored.affiliation, stored.affiliation.member
    assert (stay.organization, stay.kind, stay.since, stay.until) == (branch, AffiliationKind.INCOMING, JUNE, None)
    assert (member.name, member.sex, member.birth, member.joined_on) == (
        "王建国",
        "male",
        date(1990, 3, 7),
        date(2012, 7, 1),
    )
    assert (stored.place_of_affiliation, stored.province, stored.floating_reason, stored.has_certificate) == (
        "虚构省虚构县虚构村党支部",
        "虚构省",
        "务工",
        True,
    )
    assert (stored.reveal_contact(), stored.masked_contact) == ("15400000012", "154****0012")
    assert "15400000012" not in stored.contact_sealed
    assert [(event.kind, event.target_uid, event.changes) for event in AuditEvent.objects.all()] == [
        (
            "guest.receive",
            guest.uid,
            {
                "place_of_affiliation": [None, "虚构省虚构县虚构村党支部"],
                "province": [None, "虚构省"],
                "floating_reason": [None, "务工"],
                "has_certificate": [None, True],
                "contact_sealed": "changed",
                "member": [None, str(member.uid)],
                "organization": [None, str(branch.uid)],
                "since": [None, "2026-06-01"],
            },
        )
    ]


def test_nobody_counts_a_guest(branch, clerk):
    AffiliationFactory(organization=branch)
    services.confirm_roster(organization=branch, on=MARCH, by=clerk)
    before = headcount([branch], JULY)

    received(branch, clerk, id_number=NUMBER)

    assert headcount([branch], JULY) == before
    assert list(Member.objects.affiliated(JULY, branch)) == [Affiliation.objects.regular().get().member]


def test_somebody_on_the_books_elsewhere_is_not_recorded_twice_and_each_side_sees_its_half(
    branch, abroad, clerk, neighbor
):
    member = kept_elsewhere(branch)
    services.record_standing(member=member, kind=StandingKind.FLOATING, since=MARCH, by=clerk, destination="外省")

    guest = received(abroad, neighbor, id_number=NUMBER, person={"work_unit": "虚构二厂"})

    assert Member.objects.get() == member
    member.refresh_from_db()
    assert member.work_unit == ""
    for user, sees in ((clerk, [True, True, False, False]), (neighbor, [False, False, True, True])):
        assert [
            Member.objects.visible_to(user).exists(),
            Standing.objects.visible_to(user).exists(),
            Affiliation.objects.visible_to(user).filter(pk=guest.affiliation.pk).exists(),
            Guest.objects.visible_to(user).exists(),
        ] == sees


def test_a_number_without_its_name_makes_nobody_a_guest_and_tells_no_name(branch, abroad, neighbor):
    kept_elsewhere(branch)

    with pytest.raises(ValidationError) as caught:
        received(abroad, neighbor, name="李明", id_number=NUMBER)

    assert caught.value.message_dict == {
        "id_number": ["该公民身份号码已经登记，但姓名与所填的不一致，请核对姓名和公民身份号码。"]
    }
    assert not Guest.objects.exists()


def test_nobody_is_a_guest_at_home_or_twice(branch, abroad, clerk, neighbor):
    kept_elsewhere(branch)

    with pytest.raises(ValidationError, match="该党员的组织关系就在本党组织"):
        received(branch, clerk, id_number=NUMBER)
    received(abroad, neighbor, id_number=NUMBER)
    with pytest.raises(ValidationError, match="该党员已登记为本党组织的流入党员"):
        received(abroad, neighbor, id_number=NUMBER)


def test_only_a_branch_receives_guests(street, clerk):
    with pytest.raises(ValidationError, match="流入党员应由党支部登记"):
        received(street, clerk)


def test_receiving_needs_the_right_where_the_guest_is_received(abroad, clerk, viewer, branch):
    for user, place in ((clerk, abroad), (viewer, branch)):
        with pytest.raises(PermissionDenied):
            received(place, user)

    assert not Member.objects.exists()


def test_a_stay_is_corrected_and_ended_by_the_host_alone(branch, abroad, clerk, neighbor):
    guest = received(abroad, neighbor, id_number=NUMBER, contact="15400000012")

    services.change_guest(guest, by=neighbor, province="虚构省", contact="15400000013")
    with pytest.raises(PermissionDenied):
        services.change_guest(guest, by=clerk, province="")
    with pytest.raises(PermissionDenied):
        services.end_stay(guest=guest, on=JULY, by=clerk)
    services.end_stay(guest=guest, on=JULY, by=neighbor)

    stored = Guest.objects.select_related("affiliation").get()
    assert (stored.province, stored.reveal_contact(), stored.affiliation.until, stored.affiliation.reason) == (
        "虚构省",
        "15400000013",
        JULY,
        "流入党员离开",
    )
    assert [(event.kind, event.changes) for event in AuditEvent.objects.order_by("id")][1:] == [
        ("guest.change", {"province": ["", "虚构省"], "contact_sealed": "changed"}),
        ("affiliation.end", {"until": [None, "2026-07-01"], "reason": ["", "流入党员离开"]}),
    ]


def test_who_stays_on_a_day(branch, clerk):
    guest = received(branch, clerk, id_number=NUMBER)
    services.end_stay(guest=guest, on=JULY, by=clerk)

    days = (date(2026, 5, 31), JUNE, date(2026, 6, 30), JULY)
    assert [Guest.objects.staying(day).count() for day in days] == [0, 1, 1, 0]


def test_a_stay_does_not_begin_before_the_last_one_ended(branch, clerk):
    services.end_stay(guest=received(branch, clerk, id_number=NUMBER), on=JULY, by=clerk)

    for since in (None, date(2026, 6, 30)):
        with pytest.raises(ValidationError, match="上一次流入登记到2026-07-01才结束"):
            received(branch, clerk, id_number=NUMBER, since=since)
    received(branch, clerk, id_number=NUMBER, since=JULY)


def test_a_guest_who_comes_to_belong_to_the_host_is_no_guest_from_then_on(branch, clerk):
    guest = received(branch, clerk, id_number=NUMBER)
    services.affiliate(member=guest.affiliation.member, organization=branch, since=JULY, by=clerk)

    assert [Guest.objects.staying(day).count() for day in (JUNE, JULY)] == [1, 0]


def test_going_away_is_recorded_with_its_particulars(member, clerk):
    standing = services.record_standing(
        member=member,
        kind=StandingKind.FLOATING,
        since=MARCH,
        by=clerk,
        destination="虚构省虚构市",
        province="虚构省",
        floating_reason="务工",
        has_certificate=False,
        contact="15400000012",
    )

    stored = Standing.objects.get()
    assert (stored.province, stored.floating_reason, stored.has_certificate, stored.masked_contact) == (
        "虚构省",
        "务工",
        False,
        "154****0012",
    )
    (event,) = AuditEvent.objects.filter(target_uid=standing.uid)
    assert event.changes["contact_sealed"] == "changed"
    assert "15400000012" not in str(event.changes)
