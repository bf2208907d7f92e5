"""An organization's page: its state and why, terms with the gap between them, posts, and the drawer."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections.models import Term
from orgs import tree
from orgs.enums import Kind, Role
from tests.factories import (
    AffiliationFactory,
    AppointmentFactory,
    ExtensionFactory,
    OrganizationFactory,
    PostFactory,
    TermFactory,
    user_at,
)


def address(organization) -> str:
    return reverse("organization", args=[organization.uid])


def test_the_state_is_told_with_dates_and_document(as_officer, district):
    page = as_officer.get(address(district.late))

    assert page.context["verdict"] == {
        "state": "overdue",
        "expires_on": "2026年11月5日",
        "extended_to": "",
        "marks": [],
        "days": "已超 16 天",
    }
    assert [reason.words for reason in page.context["reasons"]] == [
        "本届于2021年11月5日选举产生，任期 5 年，2026年11月5日届满。",
        "2026年11月5日任期结束后没有换届，至今 16 天。",
    ]
    assert page.context["reasons"][0].basis == "《关于党的基层组织任期的意见》第一条"


def test_an_open_election_is_told_with_its_day(as_officer, district):
    page = as_officer.get(address(district.running))

    assert page.context["reasons"][-1].words == "换届选举已于2026年10月1日启动，选举日 2026年12月20日。"


def test_posts_stand_in_the_order_names_are_read_out(as_officer, district):
    PostFactory(organization=district.running, holder_name="纪委委员", body="discipline", title="committee_member")
    PostFactory(organization=district.running, holder_name="宣传委员", title="publicity")
    PostFactory(organization=district.running, holder_name="副书记", title="deputy_secretary")
    PostFactory(organization=district.running, holder_name="书记", title="secretary")

    posts = as_officer.get(address(district.running)).context["posts"]

    assert [post["name"] for post in posts] == ["书记", "副书记", "宣传委员", "纪委委员"]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"founded_on": datetime.date(2026, 3, 2)}, "2026年3月2日成立，不满 12 个月，待首次选举。"),
        (
            {"founded_on": datetime.date(2026, 3, 1), "founded_on_precision": "month"},
            "2026年3月（日待核）成立，不满 12 个月，待首次选举。",
        ),
        (
            {"founded_on": datetime.date(2001, 3, 2), "converted_on": datetime.date(2026, 9, 1)},
            "2026年9月1日改建，不满 12 个月，待首次选举。",
        ),
    ],
)
def test_what_awaits_its_first_election_says_since_when(as_officer, district, values, sentence):
    young = OrganizationFactory(parent=district.street_a, **values)

    page = as_officer.get(address(young))

    assert page.context["verdict"]["state"] == "awaiting_first"
    assert [reason.words for reason in page.context["reasons"]] == [sentence]


def test_what_was_appointed_by_the_superior_awaits_its_first_election(as_officer, district):
    old = OrganizationFactory(parent=district.street_a, founded_on=datetime.date(2001, 3, 2))
    AppointmentFactory(organization=old, on=datetime.date(2026, 10, 1))

    page = as_officer.get(address(old))

    assert [reason.words for reason in page.context["reasons"]] == ["已由上级指派班子，待首次选举。"]


def test_the_first_election_after_a_conversion_is_not_called_late(as_officer, district):
    TermFactory(
        organization=district.late,
        elected_on=datetime.date(2018, 9, 20),
        expires_on=datetime.date(2021, 9, 20),
        until=datetime.date(2021, 6, 1),
        ordinal=2,
    )

    terms = as_officer.get(address(district.late)).context["terms"]

    assert [term["gap"] for term in terms] == ["改建后首次选举", "—"]


def test_a_closed_organization_says_who_is_left_behind(as_officer, district):
    closed = OrganizationFactory(parent=district.street_a, closed_on=datetime.date(2026, 11, 1))
    TermFactory(organization=closed, elected_on=datetime.date(2025, 5, 6), expires_on=datetime.date(2028, 5, 6))
    PostFactory(organization=closed, holder_name="郑秀兰")
    AffiliationFactory(organization=closed)
    AffiliationFactory(organization=closed, until=datetime.date(2026, 11, 1))

    page = as_officer.get(address(closed))

    assert page.context["verdict"] == {"state": "not_existing"}
    assert page.context["people_words"] == (
        "这一天它尚未成立或已经撤销，不统计党员。仍有 1 名党员的组织关系留在这里，未计入任何数字，请尽快转接。"
    )
    assert [term["is_sitting"] for term in page.context["terms"]] == [False]
    assert "郑秀兰" not in page.content.decode()


def test_a_working_committee_has_no_term(as_officer, district):
    page = as_officer.get(address(district.street_a))

    assert page.context["verdict"]["state"] == "no_term"
    assert page.context["reasons"][0].words == "党工委是派出机关，领导班子由上级任命，不进行换届选举。"


def test_every_term_stays_with_how_it_followed_the_one_before(as_officer, district):
    TermFactory(
        organization=district.late,
        elected_on=datetime.date(2016, 10, 20),
        expires_on=datetime.date(2021, 10, 20),
        until=datetime.date(2021, 11, 5),
        ordinal=2,
    )

    terms = as_officer.get(address(district.late)).context["terms"]

    assert [(line["ordinal"], line["elected_on"], line["gap"], line["is_sitting"]) for line in terms] == [
        ("第 3 届", "2021-11-05", "逾期 16 天", True),
        ("第 2 届", "2016-10-20", "—", False),
    ]


def test_a_past_day_knows_no_later_term(as_officer, district):
    page = as_officer.get(address(district.late), {"on": "2020-01-01"})

    assert page.context["terms"] == []
    assert page.context["verdict"]["state"] == "no_data"


def test_an_extension_is_shown_with_its_effect(as_officer, district):
    ExtensionFactory(
        term=Term.objects.get(organization=district.running),
        ends_on=datetime.date(2027, 7, 10),
        approved_on=datetime.date(2026, 9, 1),
        effective_on=datetime.date(2026, 9, 1),
        counts_until=datetime.date(2027, 7, 10),
    )

    (line,) = as_officer.get(address(district.running)).context["extensions"]

    assert line["approval"] == "已批准"
    assert line["effect"] == "自2026年9月1日起，任期至2027年7月10日"


def test_children_have_their_state_and_the_counts_below(as_officer, district):
    page = as_officer.get(address(district.street_a))

    (child,) = page.context["children"]
    assert (child["name"], child["state"], child["total"], child["overdue"]) == ("石桥社区党委", "no_data", 3, 1)
    assert len(as_officer.get(child["total_url"]).context["rows"]) == 3


def test_a_change_is_told_but_a_former_superior_is_not_named(as_officer, district):
    tree.move(organization=district.late, to=district.street_b, on=datetime.date(2026, 11, 1), by=district.officer)

    text = as_officer.get(address(district.late)).content.decode()

    assert "2026年11月1日，上级党组织变更。" in text


def test_the_drawer_is_the_same_address(as_officer, district):
    drawer = as_officer.get(address(district.late), headers={"HX-Request": "true", "HX-Target": "drawer"})

    text = drawer.content.decode()
    assert "<html" not in text
    assert "石桥社区第一党支部" in text
    assert "已超 16 天" in text
    assert "何丽华" in text


@pytest.mark.parametrize("name", ["street_b", "foreign", "root"])
def test_another_street_does_not_exist(as_clerk, district, name):
    assert as_clerk.get(address(getattr(district, name))).status_code == 404


def test_what_is_above_the_own_street_is_not_named(as_clerk, district):
    assert district.root.name not in as_clerk.get(address(district.street_a)).content.decode()


def test_whoever_may_not_see_people_sees_no_names(client, district):
    client.force_login(user_at(district.root, Role.ACCOUNT_ADMIN))

    text = client.get(address(district.late)).content.decode()

    assert "何丽华" not in text
    assert "您的权限不含人员信息" in text


def test_number_of_queries_does_not_depend_on_rows(as_officer, district, django_assert_num_queries):
    as_officer.get(address(district.committee))  # the session is written once
    with CaptureQueriesContext(connection) as few:
        as_officer.get(address(district.committee))
    for _ in range(3):
        branch = OrganizationFactory(parent=district.committee, kind=Kind.BRANCH)
        TermFactory(organization=branch)
        PostFactory(organization=branch)

    with django_assert_num_queries(len(few)):
        as_officer.get(address(district.committee))
