"""登记流入党员, 更正, 离开, by hand: recorded apart, counted nowhere, told to nobody else."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from elections.desk import doing
from elections.desk.changes import changes_of
from elections.desk.registry import BY_CODE
from elections.ledger import Ledger
from members.headcount import headcount
from members.models import Affiliation, Guest, Member
from orgs.crypto import check_database_key
from orgs.enums import Role
from orgs.models import Organization
from orgs.refusals import UndoBlocked
from tests.desk import asked, checked, done, undone
from tests.factories import (
    AffiliationFactory,
    OrganizationFactory,
    RootFactory,
    RosterConfirmationFactory,
    StandingFactory,
    StreetFactory,
    user_at,
)
from tests.snapshots import books
from tests.workbooks import id_number

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 21)
NUMBER = id_number(birth="19900307", order="011")
SENT = {
    "name": "王建国",
    "id_number": NUMBER,
    "kind": "full",
    "joined_on": "2012-07-01",
    "on": "2026-06-01",
    "place_of_affiliation": "虚构省虚构县虚构村党支部",
    "province": "虚构省",
    "floating_reason": "务工",
    "contact": "15400000012",
    "has_certificate": "yes",
}


@pytest.fixture
def streets():
    root = RootFactory()
    return [StreetFactory(parent=root) for _ in range(2)]


@pytest.fixture
def branch(streets):
    return OrganizationFactory(parent=streets[0], name="东村党支部")


@pytest.fixture
def home(streets):
    return OrganizationFactory(parent=streets[1], name="西村党支部")


@pytest.fixture
def clerk(streets):
    return user_at(streets[0])


@pytest.fixture
def neighbor(streets):
    return user_at(streets[1])


def member_at(home) -> Member:
    """王建国, who belongs to `home`, with the number of SENT."""
    member = AffiliationFactory(organization=home, member__work_unit="虚构一厂").member
    member.set_id_number(NUMBER)
    member.save()
    return member


def test_a_guest_is_recorded_with_all_that_was_typed_and_taken_back_whole(branch, clerk):
    check_database_key()
    before = books()

    outlook = checked("receive-guest", branch, clerk, **SENT)
    operation = done("receive-guest", branch, clerk, **SENT)

    guest = Guest.objects.select_related("affiliation__member").get()
    assert (guest.affiliation.member.name, guest.affiliation.member.joined_on, guest.affiliation.since) == (
        "王建国",
        date(2012, 7, 1),
        date(2026, 6, 1),
    )
    assert (guest.place_of_affiliation, guest.province, guest.floating_reason, guest.has_certificate) == (
        "虚构省虚构县虚构村党支部",
        "虚构省",
        "务工",
        True,
    )
    assert guest.reveal_contact() == "15400000012"
    assert outlook.consequences == [
        "登记正式党员王建国。",
        "“东村党支部”的流入党员王建国自2026年6月1日起登记在册，不计入党员人数。",
    ]
    assert outlook.warnings == []
    undone(operation, clerk)
    assert books() == before


def test_the_page_of_the_operation_tells_what_was_written(branch, home, clerk):
    member_at(home)
    operation = done("receive-guest", branch, clerk, **SENT)

    changes = changes_of(operation, user=clerk)

    assert changes.hidden == 0
    assert [(each.table, each.row) for each in changes.shown] == [
        ("组织关系", "（不在您的管理范围内） · 东村党支部"),
        ("流入党员登记", "东村党支部"),
    ]
    assert ("联系方式", "", "已变更") in changes.shown[1].fields


def test_the_ledger_and_every_head_count_are_the_same_with_a_guest(branch, clerk):
    AffiliationFactory(organization=branch)
    RosterConfirmationFactory(organization=branch)

    def figures():
        ledger = Ledger(user=clerk, node=Organization.objects.get(pk=branch.parent_id), on=TODAY)
        return headcount([branch, branch.parent], TODAY), ledger.summary(), ledger.row_of(branch)

    before = figures()
    done("receive-guest", branch, clerk, **SENT)

    assert figures() == before


def test_somebody_registered_elsewhere_is_received_without_a_second_record_and_in_one_sentence(
    branch, home, clerk, neighbor
):
    member = member_at(home)
    StandingFactory(member=member, kind="floating", destination="虚构省")

    outlook = checked("receive-guest", branch, clerk, **SENT)
    operation = done("receive-guest", branch, clerk, **SENT)

    assert outlook.warnings == [
        "该公民身份号码已有党员登记，只登记流入，不重复建档；其个人信息由组织关系所在的党组织管理，不会改变。"
    ]
    assert Member.objects.get() == member
    told = str([outlook.consequences, outlook.warnings, operation.summary])
    assert not any(secret in told for secret in (home.name, home.parent.name, "虚构一厂"))
    # Each side sees its half.
    assert [Guest.objects.visible_to(user).count() for user in (clerk, neighbor)] == [1, 0]
    assert [Member.objects.visible_to(user).count() for user in (clerk, neighbor)] == [0, 1]
    undone(operation, clerk)
    assert Member.objects.get() == member
    assert Affiliation.objects.filter(organization=branch).count() == 0


def test_the_number_of_somebody_with_another_name_is_refused_alike_wherever_they_are(branch, home, clerk):
    member_at(home)

    form = BY_CODE["receive-guest"].form_class({**SENT, "name": "李明"}, organization=branch, user=clerk)

    assert form.errors == {"id_number": ["该公民身份号码已经登记，但姓名与所填的不一致，请核对姓名和公民身份号码。"]}


@pytest.mark.parametrize("birth", ["20261122", "19051231"])
def test_the_number_of_nobody_alive_is_refused(branch, clerk, birth):
    sent = {**SENT, "id_number": id_number(birth=birth), "joined_on": ""}
    form = BY_CODE["receive-guest"].form_class(sent, organization=branch, user=clerk)

    assert form.errors == {"id_number": ["公民身份号码中的出生日期晚于今天，或者距今超过120年，请对照证件改正。"]}


def test_without_a_number_the_check_page_warns(branch, clerk):
    assert checked("receive-guest", branch, clerk, **SENT | {"id_number": ""}).warnings == [
        "没有填写公民身份号码，只能凭姓名辨认，无法核对是否已在别处登记。"
    ]


def test_every_form_of_branch_receives_guests_and_nothing_above_does(branch):
    mobile = OrganizationFactory(parent=branch.parent, form="mobile")

    offered = [BY_CODE["receive-guest"].offered(each) for each in (branch, mobile, branch.parent)]

    assert offered == [True, True, False]


def test_a_stay_is_corrected_and_ended_and_begun_again(branch, clerk):
    done("receive-guest", branch, clerk, **SENT)
    guest = Guest.objects.get()

    corrected = done(
        "change-guest", branch, clerk, guest=str(guest.uid), place_of_affiliation="虚构省虚构市", has_certificate="no"
    )
    ended = done("end-guest", branch, clerk, guest=str(guest.uid), on="2026-09-01")

    guest.refresh_from_db()
    assert (guest.place_of_affiliation, guest.province, guest.has_certificate) == ("虚构省虚构市", "", False)
    assert guest.reveal_contact() == "15400000012"
    assert Affiliation.objects.get().until == date(2026, 9, 1)
    assert corrected.summary == "更正流入党员登记：王建国（东村党支部）"

    done("receive-guest", branch, clerk, **SENT | {"on": "2026-10-01"})
    with pytest.raises(UndoBlocked, match="已重新登记为流入党员"):
        undone(ended, clerk)


def test_an_end_is_taken_back_though_the_guest_belongs_elsewhere(branch, home, clerk):
    member_at(home)
    done("receive-guest", branch, clerk, **SENT)
    ended = done("end-guest", branch, clerk, guest=str(Guest.objects.get().uid), on="2026-09-01")

    undone(ended, clerk)

    assert Affiliation.objects.get(organization=branch).until is None


def test_a_stranger_is_offered_no_guest_and_receives_nobody(branch, clerk, neighbor):
    done("receive-guest", branch, clerk, **SENT)
    guest = Guest.objects.get()

    for code, sent in (
        ("change-guest", {"guest": str(guest.uid), "place_of_affiliation": "别处"}),
        ("end-guest", {"guest": str(guest.uid), "on": "2026-09-01"}),
    ):
        form = BY_CODE[code].form_class(sent, organization=branch, user=neighbor)
        assert form.errors["guest"] == ["请从流入党员中选择。"]
    with pytest.raises(PermissionDenied):
        doing.outlook(
            BY_CODE["receive-guest"], asked("receive-guest", branch, neighbor, **SENT | {"id_number": ""}), sent=""
        )


def test_going_away_is_recorded_with_its_particulars_and_only_then(branch, clerk):
    member = AffiliationFactory(organization=branch).member
    sent = {
        "person": str(member.uid),
        "kind": "floating",
        "on": "2026-06-01",
        "destination": "虚构省虚构市",
        "province": "虚构省",
        "floating_reason": "务工",
        "contact": "15400000012",
        "has_certificate": "no",
    }

    done("begin-standing", branch, clerk, **sent)

    standing = member.standings.get()
    assert (standing.destination, standing.province, standing.floating_reason, standing.has_certificate) == (
        "虚构省虚构市",
        "虚构省",
        "务工",
        False,
    )
    assert standing.masked_contact == "154****0012"
    form = BY_CODE["begin-standing"].form_class(
        sent | {"kind": "lost", "destination": ""}, organization=branch, user=clerk
    )
    assert form.errors == {
        "province": ["只有外出流动才填写流出省份。"],
        "floating_reason": ["只有外出流动才填写流出原因。"],
        "contact": ["只有外出流动才填写外出联系方式。"],
        "has_certificate": ["只有外出流动才填写是否持有《流动党员活动证》。"],
    }


def test_the_roll_lists_guests_apart_with_what_may_be_seen(client, branch, home, clerk):
    member = member_at(home)
    AffiliationFactory(organization=branch, member__name="李明")
    done("receive-guest", branch, clerk, **SENT)
    client.force_login(clerk)

    page = client.get(reverse("roll", args=[branch.uid]))

    assert [row["name"] for row in page.context["rows"]] == ["李明"]
    (guest,) = page.context["guests"]
    assert (guest["name"], guest["number"], guest["contact"], guest["since"], guest["from"]) == (
        "王建国",
        member.masked_id_number,
        "154****0012",
        "2026-06-01",
        "虚构省虚构县虚构村党支部",
    )
    text = page.content.decode()
    assert "流入党员，不计入人数" in text
    assert "虚构一厂" not in text
    assert home.name not in text


def test_whoever_sees_no_people_sees_no_guests(client, branch, streets):
    client.force_login(user_at(streets[0], Role.ACCOUNT_ADMIN))

    assert client.get(reverse("roll", args=[branch.uid])).status_code == 403


def test_the_page_of_the_organization_tells_how_many_there_are_besides(client, branch, clerk):
    AffiliationFactory(organization=branch)
    done("receive-guest", branch, clerk, **SENT)

    def told(user):
        client.force_login(user)
        return client.get(reverse("organization", args=[branch.uid])).context["guest_words"]

    assert told(clerk) == "另有流入党员 1 名，不计入人数。"
    assert told(user_at(branch, Role.ACCOUNT_ADMIN)) == ""
