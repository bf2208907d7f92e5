"""变更历史: who changed what of an organization's records, and its 更正说明."""

import datetime

import pytest
from django.urls import reverse

from elections.models import Post
from elections.services.terms import record_term
from orgs.enums import Role, UnitType
from tests.desk import done
from tests.factories import OrganizationFactory, PostFactory, RootFactory, StreetFactory, user_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 2, tzinfo=datetime.UTC), tick=False)


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory(), name="东湖街道党工委")


@pytest.fixture
def clerk(client, street):
    user = user_at(street, name="刘文静")
    client.force_login(user)
    return user


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street, name="石桥社区党支部", unit_type=UnitType.COMMUNITY)


def lines(client, branch) -> list[tuple]:
    page = client.get(reverse("history", args=[branch.uid]))
    return [(line.actor, line.what, line.record, line.changes) for line in page.context["lines"]]


def test_what_was_done_is_told_with_who_and_what_newest_first(client, clerk, branch, time_machine):
    record_term(organization=branch, elected_on=datetime.date(2024, 6, 1), by=clerk)
    time_machine.shift(60)
    done("contact", branch, clerk, contact_name="李秀英", contact_phone="0119-5550123")

    assert lines(client, branch) == [
        ("刘文静", "修改基本信息", "党组织", ("联系人：（空） → 李秀英", "联系电话：（空） → 0119-5550123")),
        (
            "刘文静",
            "登记届次",
            "届次：2024-06-01",
            ("换届选举日期：（空） → 2024-06-01", "届满日期：（空） → 2029-06-01"),
        ),
    ]


def test_corrections_stand_above_with_old_new_and_reason(client, clerk, branch):
    term = record_term(organization=branch, elected_on=datetime.date(2024, 6, 1), ordinal=2, by=clerk)
    done("correct-term", branch, clerk, record=str(term.uid), ordinal="3", reason="届次录错")
    done("correct-term", branch, clerk, record=str(term.uid), elected_on="2024-06-11", reason="批复日期误作选举日期")

    page = client.get(reverse("history", args=[branch.uid]))

    (held,), (waits,) = page.context["corrections"], page.context["waiting"]
    assert (held["subject"], held["lines"], held["reason"], held["by"], held["second"]) == (
        "2024年6月1日换届的一届",
        ["届次：2 → 3"],
        "届次录错",
        "刘文静",
        "",
    )
    assert waits["lines"] == ["换届选举日期：2024-06-01 → 2024-06-11"]


def test_an_empty_history_says_so(client, clerk, branch):
    assert "还没有变更记录" in client.get(reverse("history", args=[branch.uid])).content.decode()


def test_who_may_not_see_people_reads_no_names(client, clerk, branch, street):
    post = PostFactory(organization=branch, holder_name="何丽华")
    done("correct-post", branch, clerk, record=str(post.uid), title="youth", reason="职务录错")
    assert Post.objects.get().title == "youth"
    assert "何丽华" in client.get(reverse("history", args=[branch.uid])).content.decode()

    client.force_login(user_at(street, Role.ACCOUNT_ADMIN))
    page = client.get(reverse("history", args=[branch.uid]))

    assert (page.status_code, "何丽华" in page.content.decode(), page.context["corrections"]) == (200, False, [])


def test_a_clerk_of_another_street_finds_nothing(client, branch, street):
    client.force_login(user_at(StreetFactory(parent=street.parent)))

    assert client.get(reverse("history", args=[branch.uid])).status_code == 404


def test_the_contact_is_not_told_to_who_sees_no_people(client, clerk, branch):
    done("contact", branch, clerk, contact_name="李秀英", contact_phone="0119-5550123")
    client.force_login(user_at(branch.parent, role=Role.ACCOUNT_ADMIN, name="高志远"))

    assert lines(client, branch) == [("刘文静", "修改基本信息", "党组织", ("联系人：已变更", "联系电话：已变更"))]
