"""Writing about people: who may, what is refused, and what the log says."""

import json
import threading
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections, transaction

from members import services
from members.models import Affiliation, DeclaredCount, Member, RosterConfirmation, Standing
from orgs.enums import AffiliationKind, Form, Kind, MemberKind, Role, StandingKind
from orgs.models import AuditEvent, DataKey, OrganizationUnit
from orgs.services.records import StaleRecord
from tests.concurrency import needs_two_writers, wait_until_somebody_waits_for_a_lock
from tests.factories import (
    AffiliationFactory,
    GrantFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    UnitFactory,
    UserFactory,
    user_at,
)

NUMBER, OTHER_NUMBER, PHONE = "119901199003071235", "119901198805052349", "15400000123"
MARCH, JUNE, JULY = date(2026, 3, 1), date(2026, 6, 1), date(2026, 7, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def street(root):
    return StreetFactory(parent=root)


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street)


@pytest.fixture
def sibling(street):
    return OrganizationFactory(parent=street)


@pytest.fixture
def abroad(root):
    """A branch of another street."""
    return OrganizationFactory(parent=StreetFactory(parent=root))


@pytest.fixture
def clerk(street):
    return user_at(street)


@pytest.fixture
def viewer(street):
    return user_at(street, Role.VIEWER)


@pytest.fixture
def member(branch):
    return AffiliationFactory(organization=branch, since=MARCH).member


def periods(member) -> list[tuple]:
    """(organization, since, until) of the regular affiliations in order."""
    rows = Affiliation.objects.regular().filter(member=member).order_by("id")
    return [(row.organization, row.since, row.until) for row in rows]


# ---- Record ----------------------------------------------------------------------------------------------------------


def test_a_person_is_recorded_with_their_affiliation(branch, clerk):
    member = services.record_member(
        organization=branch, by=clerk, since=MARCH, name="单小红", id_number=NUMBER, phone=PHONE, sex="female"
    )

    stored = Member.objects.get()
    assert (stored, stored.name, stored.sort_key, stored.sex) == (member, "单小红", "shan xiao hong", "female")
    assert (stored.reveal_id_number(), stored.reveal_phone()) == (NUMBER, PHONE)
    assert periods(member) == [(branch, MARCH, None)]
    assert DataKey.objects.count() == 1


def test_recording_a_person_is_one_event_without_their_numbers(branch, clerk):
    member = services.record_member(
        organization=branch, by=clerk, since=MARCH, name="单小红", id_number=NUMBER, phone=PHONE
    )

    event = AuditEvent.objects.get()
    assert (event.kind, event.target_uid, event.actor, event.root) == (
        "member.create",
        member.uid,
        clerk,
        branch.parent.parent,
    )
    assert event.changes == {
        "name": [None, "单小红"],
        "id_number_sealed": "changed",
        "id_number_index": "changed",
        "phone_sealed": "changed",
        "organization": [None, str(branch.uid)],
        "since": [None, "2026-03-01"],
    }
    assert NUMBER not in json.dumps(event.changes) and PHONE not in json.dumps(event.changes)


def test_a_person_without_numbers_is_recorded_before_all_records(branch, clerk):
    member = services.record_member(organization=branch, by=clerk, name="王建国")

    assert (member.id_number_index, member.id_number_sealed, member.phone_sealed) == (None, "", "")
    assert periods(member) == [(branch, None, None)]
    assert AuditEvent.objects.get().changes == {
        "name": [None, "王建国"],
        "organization": [None, str(branch.uid)],
        "since": [None, None],
    }


def test_a_lower_case_x_and_spaces_of_an_id_number_are_forgiven(branch, clerk):
    member = services.record_member(organization=branch, by=clerk, name="王建国", id_number=" 119901 19900307 1235 ")

    assert member.reveal_id_number() == NUMBER


def test_a_wrong_id_number_is_refused_without_repeating_it(branch, clerk):
    wrong = NUMBER[:-1] + "6"

    with pytest.raises(ValidationError) as caught:
        services.record_member(organization=branch, by=clerk, name="王建国", id_number=wrong)

    assert list(caught.value.message_dict) == ["id_number"]
    assert wrong not in str(caught.value)
    assert not Member.objects.exists()


def test_an_id_number_is_registered_once(branch, clerk):
    services.record_member(organization=branch, by=clerk, name="王建国", id_number=NUMBER)

    with pytest.raises(ValidationError) as caught:
        services.record_member(organization=branch, by=clerk, name="李秀英", id_number=NUMBER)

    assert caught.value.messages == ["该公民身份号码已登记。"]
    assert Member.objects.count() == 1


def test_recording_needs_the_right_at_the_organization(branch, abroad, clerk, viewer):
    for user, organization in ((viewer, branch), (clerk, abroad), (UserFactory(is_superuser=True), branch)):
        with pytest.raises(PermissionDenied):
            services.record_member(organization=organization, by=user, name="王建国")
    assert not Member.objects.exists()
    assert not AuditEvent.objects.exists()


def test_only_personal_fields_are_taken(branch, clerk, member):
    with pytest.raises(TypeError, match="id_number_index"):
        services.record_member(organization=branch, by=clerk, name="王建国", id_number_index="0" * 64)
    with pytest.raises(TypeError, match="version"):
        services.change_member(member, by=clerk, version=9)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": Kind.GENERAL_BRANCH}, "党员的组织关系应落在党支部，请选择具体的党支部。"),
        ({"form": Form.TEMPORARY}, "“虚构党支部”是临时党支部，不转接组织关系。"),
        ({"form": Form.FUNCTIONAL}, "“虚构党支部”是功能型党支部，不转接组织关系。"),
        ({"form": Form.MOBILE}, "“虚构党支部”是流动党支部，不转接组织关系。"),
        ({"closed_on": date(2025, 1, 1)}, "“虚构党支部”已撤销，不能接收党员。"),
        ({"founded_on": JUNE}, "2026-03-01时“虚构党支部”尚未成立。"),
    ],
)
def test_who_cannot_take_members_takes_none(street, clerk, fields, sentence):
    organization = OrganizationFactory(parent=street, name="虚构党支部", **fields)

    with pytest.raises(ValidationError) as caught:
        services.record_member(organization=organization, by=clerk, since=MARCH, name="王建国")

    assert caught.value.messages == [sentence]
    assert not Member.objects.exists()


def test_a_mobile_branch_that_holds_affiliations_takes_members(street, clerk):
    mobile = OrganizationFactory(parent=street, form=Form.MOBILE, holds_affiliations=True)

    assert periods(services.record_member(organization=mobile, by=clerk, name="王建国")) == [(mobile, None, None)]


def test_a_member_of_a_joint_branch_names_one_of_its_units(branch, clerk):
    here, elsewhere = UnitFactory(keeper=branch), UnitFactory(keeper=branch, name="别的公司")
    OrganizationUnit.objects.create(organization=branch, unit=here)

    member = services.record_member(organization=branch, by=clerk, name="王建国", unit=here)

    assert Affiliation.objects.get(member=member).unit == here
    with pytest.raises(ValidationError, match="“别的公司”不是"):
        services.record_member(organization=branch, by=clerk, name="李秀英", unit=elsewhere)


# ---- Change ----------------------------------------------------------------------------------------------------------


def test_a_change_is_written_under_the_version_and_logged(member, clerk):
    changed = services.change_member(
        member, by=clerk, expected_version=1, name="曾国强", kind=MemberKind.FULL, education="本科"
    )

    stored = Member.objects.get()
    assert (stored.name, stored.sort_key, stored.version, changed.version) == ("曾国强", "zeng guo qiang", 2, 2)
    event = AuditEvent.objects.get()
    assert event.kind == "member.update"
    assert event.changes == {
        "name": ["王建国", "曾国强"],
        "education": ["", "本科"],
        "sort_key": ["wang jian guo", "zeng guo qiang"],
    }
    with pytest.raises(StaleRecord):
        services.change_member(member, by=clerk, expected_version=1, name="赵敏")


def test_numbers_change_only_when_they_differ(member, clerk):
    services.change_member(member, by=clerk, id_number=NUMBER, phone=PHONE)
    services.change_member(member, by=clerk, id_number=NUMBER, phone=PHONE)
    services.change_member(member, by=clerk, phone="")

    stored = Member.objects.get()
    assert (stored.reveal_id_number(), stored.reveal_phone(), stored.version) == (NUMBER, "", 3)
    assert [event.changes for event in AuditEvent.objects.order_by("id")] == [
        {"id_number_sealed": "changed", "id_number_index": "changed", "phone_sealed": "changed"},
        {"phone_sealed": "changed"},
    ]


def test_a_change_needs_the_right_where_the_person_is_kept(member, abroad, viewer):
    guest_host = user_at(abroad)
    AffiliationFactory(member=member, organization=abroad, kind=AffiliationKind.INCOMING)

    for user in (viewer, guest_host, UserFactory(is_superuser=True)):
        with pytest.raises(PermissionDenied):
            services.change_member(member, by=user, name="赵敏")
    assert Member.objects.get().name == "王建国"


# ---- Affiliations ----------------------------------------------------------------------------------------------------


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


# ---- Standings -------------------------------------------------------------------------------------------------------


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


# ---- Numbers ---------------------------------------------------------------------------------------------------------


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
