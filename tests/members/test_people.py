"""Recording and changing people: who may, what is refused, and what the log says."""

import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members import services
from members.models import Affiliation, Member
from orgs.enums import AffiliationKind, Form, Kind, MemberKind
from orgs.models import AuditEvent, DataKey, OrganizationUnit
from orgs.services.records import StaleRecord
from tests.factories import (
    AffiliationFactory,
    OrganizationFactory,
    UnitFactory,
    UserFactory,
    user_at,
)
from tests.members.periods import periods

NUMBER, OTHER_NUMBER, PHONE = "119901199003071235", "119901198805052349", "15400000123"
MARCH, JUNE, JULY = date(2026, 3, 1), date(2026, 6, 1), date(2026, 7, 1)

pytestmark = pytest.mark.django_db


def test_a_person_is_recorded_with_their_affiliation_and_the_sex_that_the_number_tells(branch, clerk):
    member = services.record_member(
        organization=branch, by=clerk, since=MARCH, name="单小红", id_number=NUMBER, phone=PHONE, sex="female"
    )

    stored = Member.objects.get()
    assert (stored, stored.name, stored.sort_key, stored.sex) == (member, "单小红", "shan xiao hong", "male")
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
        "sex": [None, "male"],
        "birth": [None, "1990-03-07"],
        "birth_precision": [None, "day"],
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
        {
            "sex": ["", "male"],
            "birth": [None, "1990-03-07"],
            "id_number_sealed": "changed",
            "id_number_index": "changed",
            "phone_sealed": "changed",
        },
        {"phone_sealed": "changed"},
    ]


def test_a_change_needs_the_right_where_the_person_is_kept(member, abroad, viewer):
    guest_host = user_at(abroad)
    AffiliationFactory(member=member, organization=abroad, kind=AffiliationKind.INCOMING)

    for user in (viewer, guest_host, UserFactory(is_superuser=True)):
        with pytest.raises(PermissionDenied):
            services.change_member(member, by=user, name="赵敏")
    assert Member.objects.get().name == "王建国"
