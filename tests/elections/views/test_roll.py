"""党员名册: who is on the roll on a day, for those who may see people, with the tasks for each."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members import services
from orgs.enums import MemberKind, Role, StandingKind
from tests.factories import (
    AffiliationFactory,
    GrantFactory,
    MemberFactory,
    OpeningFactory,
    OrganizationFactory,
    RootFactory,
    StandingFactory,
    StreetFactory,
    UserFactory,
    user_at,
)
from tests.workbooks import id_number

pytestmark = pytest.mark.django_db
NUMBER = id_number(birth="19900102", order="002")


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory(), name="东湖街道党工委")


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street, name="石桥社区党支部")


@pytest.fixture
def clerk(client, street):
    user = user_at(street)
    client.force_login(user)
    return user


def address(organization) -> str:
    return reverse("roll", args=[organization.uid])


def person(branch, name="王建国", since=None, until=None, **fields):
    member = MemberFactory(name=name, **fields)
    AffiliationFactory(member=member, organization=branch, since=since, until=until)
    return member


def names(page) -> list[str]:
    return [row["name"] for row in page.context["rows"]]


def test_a_row_tells_what_a_list_needs_and_no_number(client, branch, clerk):
    member = services.record_member(
        organization=branch,
        name="单小红",
        by=clerk,
        since=datetime.date(2026, 7, 1),
        id_number=NUMBER,
        phone="15400001234",
        kind=MemberKind.PROBATIONARY,
        joined_on=datetime.date(2026, 6, 30),
    )
    StandingFactory(member=member, kind=StandingKind.FLOATING, destination="外省")

    page = client.get(address(branch))

    (row,) = page.context["rows"]
    assert {name: row[name] for name in ("name", "sex", "birth", "kind", "joined_on", "since", "standings")} == {
        "name": "单小红",
        "sex": "女",
        "birth": "1990-01",
        "kind": "预备党员",
        "joined_on": "2026-06-30",
        "since": "2026-07-01",
        "standings": ["外出流动（外省）"],
    }
    assert row["tasks"][0] == {
        "label": "修改",
        "url": f"{reverse('task', args=[branch.uid, 'change-member'])}?person={member.uid}",
    }
    told = page.content.decode()
    assert all(secret not in told for secret in (NUMBER, "15400001234", member.masked_id_number, member.masked_phone))


def test_each_day_has_its_own_people(client, branch, clerk):
    person(branch, "赵一")
    person(branch, "钱二", since=datetime.date(2026, 3, 1), until=datetime.date(2026, 6, 1))
    person(branch, "孙三", since=datetime.date(2026, 6, 1), formal_on=datetime.date(2026, 6, 2))

    days = ["2026-02-28", "2026-03-01", "2026-05-31", "2026-06-01"]
    found = {day: sorted(names(client.get(address(branch), {"on": day}))) for day in days}

    assert found == {
        "2026-02-28": ["赵一"],
        "2026-03-01": ["赵一", "钱二"],
        "2026-05-31": ["赵一", "钱二"],
        "2026-06-01": ["孙三", "赵一"],
    }
    past = client.get(address(branch), {"on": "2026-06-01"})
    assert {row["name"]: row["kind"] for row in past.context["rows"]}["孙三"] == "预备党员"
    assert past.context["band"]["label"] == "历史时点"
    assert all(row["tasks"] == [] for row in past.context["rows"])


def test_before_the_books_there_is_no_data(client, street, branch, clerk):
    OpeningFactory(organization=street, opened_on=datetime.date(2026, 1, 1))
    person(branch)

    page = client.get(address(branch), {"on": "2025-12-31"})

    assert (names(page), page.context["count_words"]) == ([], "无数据：这一天早于建账日")
    assert names(client.get(address(branch), {"on": "2026-01-01"})) == ["王建国"]


def test_a_street_lists_all_below_and_finds_by_name_and_kind(client, street, branch, clerk):
    other = OrganizationFactory(parent=street, name="柳林社区党支部")
    person(branch, "赵一")
    person(other, "钱二", kind=MemberKind.PROBATIONARY, formal_on=None)
    lost = person(other, "孙三")
    StandingFactory(member=lost, kind=StandingKind.LOST)

    asked = [{}, {"q": "钱"}, {"which": "probationary"}, {"which": "full"}, {"which": "lost"}, {"which": "nothing"}]
    found = [sorted(names(client.get(address(street), each))) for each in asked]

    everybody = ["孙三", "赵一", "钱二"]
    assert found == [everybody, ["钱二"], ["钱二"], ["孙三", "赵一"], ["孙三"], everybody]


def test_fifty_to_a_page(client, branch, clerk):
    for number in range(51):
        person(branch, f"党员{number:02d}")

    pages = [client.get(address(branch), {"page": number}) for number in (1, 2)]

    assert [len(page.context["rows"]) for page in pages] == [50, 1]
    assert pages[1].context["page_words"] == "共 51 名党员，第 51–51 名"


def test_strangers_find_nothing_and_those_without_the_right_to_people_are_told(client, street, branch, clerk):
    person(branch)
    client.force_login(user_at(StreetFactory(parent=street.parent)))
    assert client.get(address(branch)).status_code == 404
    client.force_login(user_at(street, Role.ACCOUNT_ADMIN))
    assert client.get(address(branch)).status_code == 403
    client.force_login(user_at(street, Role.VIEWER))
    page = client.get(address(branch))
    assert (page.status_code, page.context["rows"][0]["tasks"], page.context["add_url"]) == (200, [], "")


def test_the_tree_leads_to_rolls_only_where_people_may_be_seen(client, street, branch):
    user = UserFactory()
    GrantFactory(user=user, organization=street.parent, role=Role.ACCOUNT_ADMIN)
    GrantFactory(user=user, organization=street, role=Role.CLERK)
    client.force_login(user)

    crumbs = [each["url"] for each in client.get(address(branch)).context["crumbs"]]

    assert crumbs == [reverse("organization", args=[street.parent.uid]), address(street)]


def test_queries_do_not_grow(client, branch, clerk):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(branch)).status_code == 200
        return len(captured)

    def add():
        StandingFactory(member=person(branch), kind=StandingKind.FLOATING)

    add()
    cost()
    one = cost()
    add()
    add()

    assert cost() == one
