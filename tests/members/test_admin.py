"""The admin of people: numbers masked in every page, written sealed, and only for who may see people."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.idcard import check_character
from members.models import Affiliation, Member
from orgs.enums import AffiliationKind, Role
from orgs.models import AuditEvent
from tests.factories import AffiliationFactory, MemberFactory, OrganizationFactory, RootFactory, StreetFactory, user_at

pytestmark = pytest.mark.django_db

NUMBER = "11990119850307123" + check_character("11990119850307123")
OTHER_NUMBER = "11990119850307145" + check_character("11990119850307145")
PHONE = "15400001234"


@pytest.fixture
def streets():
    root = RootFactory()
    return StreetFactory(parent=root, name="云岭东街道党工委"), StreetFactory(parent=root, name="云岭西街道党工委")


@pytest.fixture
def branch(streets):
    return OrganizationFactory(parent=streets[0], name="东村党支部")


@pytest.fixture
def page(client, streets):
    client.force_login(user_at(streets[0], is_staff=True))
    return client


def address(page, *args):
    return reverse(f"admin:members_member_{page}", args=args)


def member_of(organization, **fields):
    member = MemberFactory.build(**fields)
    member.set_id_number(NUMBER)
    member.set_phone(PHONE)
    member.save()
    AffiliationFactory(member=member, organization=organization)
    return member


def form_data(**changed):
    data = {
        "name": "王建国",
        "kind": "full",
        "birth_precision": "day",
        "joined_on": "2010-07-01",
        "joined_on_precision": "day",
        "formal_on": "2011-07-01",
        "formal_on_precision": "day",
    }
    return {**data, **changed}


def test_numbers_are_masked_in_list_page_and_history(page, branch):
    member = member_of(branch)

    bodies = [
        page.get(address("changelist")).content.decode(),
        page.get(address("change", member.uid)).content.decode(),
        page.get(address("history", member.uid)).content.decode(),
    ]

    assert [(NUMBER in body, PHONE in body, member.id_number_sealed in body) for body in bodies] == [
        (False, False, False)
    ] * 3
    assert member.masked_id_number in bodies[0]
    assert member.masked_phone in bodies[1]


def test_a_person_is_recorded_with_sealed_numbers(page, branch):
    response = page.post(
        address("add"), form_data(organization=str(branch.uid), since="2026-03-01", id_number=NUMBER, phone=PHONE)
    )

    member = Member.objects.get()
    assert response.status_code == 302
    assert (member.reveal_id_number(), member.reveal_phone()) == (NUMBER, PHONE)
    assert Affiliation.objects.get(member=member).organization == branch
    assert NUMBER not in str(AuditEvent.objects.get(target_uid=member.uid).changes)


def test_a_wrong_number_is_explained_without_repeating_it(page, branch):
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")

    response = page.post(address("add"), form_data(organization=str(branch.uid), id_number=wrong))

    errors = response.context["adminform"].form.errors["id_number"]
    assert len(errors) == 1
    assert wrong not in errors[0]
    assert not Member.objects.exists()


def test_only_branches_of_the_own_part_receive(page, streets, branch):
    foreign = OrganizationFactory(parent=streets[1], name="西村党支部")

    offered = page.get(address("choices", "organization"), {"term": ""}).json()["results"]
    refused = page.post(address("add"), form_data(organization=str(foreign.uid)))

    assert offered == [{"id": str(branch.uid), "text": branch.name}]
    assert list(refused.context["adminform"].form.errors) == ["organization"]


def test_correcting_leaves_a_number_that_is_not_typed(page, branch):
    member = member_of(branch)

    page.post(address("change", member.uid), form_data(ethnicity="汉族", seen_version=member.version))

    member.refresh_from_db()
    assert (member.ethnicity, member.reveal_id_number()) == ("汉族", NUMBER)


def test_correcting_a_number(page, branch):
    member = member_of(branch)

    page.post(address("change", member.uid), form_data(id_number=OTHER_NUMBER, seen_version=member.version))

    member.refresh_from_db()
    history = list(page.get(address("history", member.uid)).context["page"])
    assert member.reveal_id_number() == OTHER_NUMBER
    assert history[0].changes == ("性别：（空） → 男", "出生日期：（空） → 1985-03-07", "公民身份号码：已变更")


def test_a_date_known_to_the_month_is_kept_as_its_first_day(page, branch):
    member = member_of(branch)

    page.post(
        address("change", member.uid),
        form_data(birth="1985-03-07", birth_precision="month", seen_version=member.version),
    )

    member.refresh_from_db()
    assert (member.birth, member.birth_precision) == (datetime.date(1985, 3, 1), "month")


def test_people_of_another_street_are_not_found_and_not_listed(page, streets):
    foreign = member_of(OrganizationFactory(parent=streets[1]), name="郑乙山")

    assert page.get(address("change", foreign.uid)).status_code == 404
    assert list(page.get(address("changelist"), {"q": "郑乙山"}).context["cl"].result_list) == []


def test_a_guest_is_listed_with_the_host_only_while_no_other_branch_keeps_them(page, streets, branch):
    home = OrganizationFactory(parent=streets[1], name="西村党支部")
    for guest in (member_of(home, name="郑乙山"), MemberFactory(name="冯丙水")):
        AffiliationFactory(member=guest, organization=branch, kind=AffiliationKind.INCOMING)

    listed = page.get(address("changelist")).content.decode()

    assert "冯丙水" in listed
    assert "东村党支部（流入）" in listed
    assert "郑乙山" not in listed
    assert home.name not in listed


@pytest.mark.parametrize("role", [Role.ACCOUNT_ADMIN, Role.GRANT_ADMIN, Role.AUDITOR])
def test_administrators_see_no_people(client, streets, branch, role):
    member = member_of(branch)
    client.force_login(user_at(streets[0], role, is_staff=True))

    assert client.get(address("changelist")).status_code == 403
    assert client.get(address("change", member.uid)).status_code == 404
    assert client.get(address("history", member.uid)).status_code == 404


def test_list_costs_the_same_for_one_and_three_people(page, branch):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page.get(address("changelist"))
        return len(captured)

    AffiliationFactory(organization=branch)
    queries()  # the first request of a session notes its time
    one = queries()
    AffiliationFactory.create_batch(2, organization=branch)

    assert queries() == one
