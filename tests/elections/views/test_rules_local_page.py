"""规则依据 as a district has added to it: values past, present and to come, lists, checks; its own tree only."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections.models import CheckedProvision, LocalList, LocalValue
from orgs.enums import Role
from tests.factories import GrantFactory, RootFactory, StreetFactory, UserFactory, user_at

pytestmark = pytest.mark.django_db

LEAD = "届满提醒提前量"
REGULATION = "《中国共产党支部工作条例（试行）》"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 9, tzinfo=datetime.UTC), tick=False)


@pytest.fixture
def root():
    return RootFactory(name="中共云岭区委员会")


@pytest.fixture
def approver(root):
    return user_at(root, Role.APPROVER, name="李审批", is_staff=True)


def value_from(root, by, day: str, value) -> LocalValue:
    return LocalValue.objects.create(
        root=root,
        by=by,
        parameter="reminder_lead_months",
        since=datetime.date.fromisoformat(day),
        value=value,
        basis=f"云组〔{day[:4]}〕10号",
    )


@pytest.fixture
def added(root, approver):
    """Values past, present and to come, a list and a check."""
    for day, value in (("2024-01-01", 8), ("2026-01-01", 9), ("2027-01-01", None)):
        value_from(root, approver, day, value)
    LocalList.objects.create(
        root=root,
        by=approver,
        name="disqualifications",
        since=datetime.date(2026, 2, 1),
        items="情形一\n情形二",
        basis="云组〔2026〕11号",
    )
    CheckedProvision.objects.create(
        root=root,
        by=approver,
        rule_id="CAND-08",
        document=REGULATION,
        article="第二十三条",
        on=datetime.date(2026, 11, 20),
        note="2026年单行本",
    )


def page_of(client, user, **query):
    client.force_login(user)
    return client.get(reverse("rules"), query)


def rule(page, title: str) -> dict:
    return next(each for chapter in page.context["chapters"] for each in chapter["rules"] if each["title"] == title)


def test_rule_tells_its_local_values_through_time(client, approver, added):
    lines = rule(page_of(client, approver), LEAD)["lines"]

    told = ("since", "value", "in_force", "standing", "checked_on")
    assert [tuple(line[name] for name in told) for line in lines] == [
        ("2027年1月1日起", "6 个月", "尚未施行", "已核原文，条号待核", "2026-11-21"),
        ("2026年1月1日起", "9 个月", "现行", "地方规定", "—"),
        ("2024年1月1日起", "8 个月", "", "地方规定", "—"),
        ("2018年10月28日起", "6 个月", "", "已核原文，条号待核", "2026-11-21"),
        ("此前", "6 个月", "", "依据待核", "2026-11-21"),
    ]


def test_all_local_values_with_basis_and_who_added_them(client, approver, added):
    found = page_of(client, approver).context["values"]

    assert [(row["since"], row["value"], row["in_force"]) for row in found] == [
        ("2027年1月1日", "恢复全国规定", "尚未施行"),
        ("2026年1月1日", "9 个月", "现行"),
        ("2024年1月1日", "8 个月", "已被替代"),
    ]
    assert found[1] | {"since": ""} == {
        "title": LEAD,
        "value": "9 个月",
        "since": "",
        "in_force": "现行",
        "basis": "云组〔2026〕10号",
        "by": "李审批",
        "added_on": "2026-11-21",
    }


def test_which_numbers_are_open_and_in_which_direction(client, approver):
    page = page_of(client, approver)
    words = {
        each["title"]: each["open_words"]
        for chapter in page.context["chapters"]
        for each in chapter["rules"]
        if each["open_words"]
    }

    assert words == {
        LEAD: "可另设更大的地方值",
        "成立或者改建后首次选举期限": "可另设更小的地方值",
        "党员名册有效期": "可另设更小的地方值",
        "正式党员不足3名保留期限": "可另设更小的地方值",
        "候选人预备人选公示天数": "可另设更大的地方值",
    }
    (notice,) = rule(page, "候选人预备人选公示天数")["lines"]
    assert (notice["value"], notice["standing"]) == ("全国未统一", "依据待核")


def test_lists_with_their_items_and_source(client, approver, added):
    own, exclusions = page_of(client, approver).context["lists"]

    assert [(each["since"], each["in_force"], each["lines"], each["source"]) for each in own["versions"]] == [
        ("2026年2月1日起", "现行", ("情形一", "情形二"), "云组〔2026〕11号"),
        ("", "已被替代", (), "工作惯例"),
    ]
    assert (exclusions["title"], len(exclusions["versions"][0]["lines"]), exclusions["versions"][0]["standing"]) == (
        "可不计入应到会人数的情形",
        6,
        "依据待核",
    )


def test_who_checked_which_article_and_when(client, approver, added):
    page = page_of(client, approver)

    assert page.context["checks"] == [
        {
            "citation": f"{REGULATION}第二十三条",
            "titles": "党支部书记党龄下限",
            "by": "李审批",
            "on": "2026-11-20",
            "note": "2026年单行本",
        }
    ]
    line = rule(page, "党支部书记党龄下限")["lines"][0]
    assert (line["standing"], line["checked_by"], line["checked_on"]) == ("已核原文", "李审批", "2026-11-20")


def test_a_street_reads_the_law_of_its_district_and_may_not_add(client, root, added):
    page = page_of(client, user_at(StreetFactory(parent=root), Role.APPROVER, is_staff=True))

    assert len(page.context["values"]) == 3
    assert page.context["additions"] == []
    assert root.name not in page.content.decode()


def test_another_district_sees_the_law_of_the_country(client, added):
    page = page_of(client, user_at(RootFactory(name="中共邻川区委员会"), Role.APPROVER, is_staff=True))

    assert (page.context["values"], page.context["checks"]) == ([], [])
    assert [line["value"] for line in rule(page, LEAD)["lines"]] == ["6 个月", "6 个月"]
    assert "云组〔2026〕" not in page.content.decode()


def test_law_of_a_tree_outside_is_not_found(client, root, added):
    other = RootFactory(name="中共邻川区委员会")

    assert page_of(client, user_at(other), node=root.uid).status_code == 404
    assert page_of(client, user_at(other), node="x").status_code == 404


def test_who_works_in_two_districts_chooses_between_their_laws(client, root, added):
    other = RootFactory(name="中共邻川区委员会")
    user = user_at(root)
    GrantFactory(user=user, organization=other)

    first, second = page_of(client, user), page_of(client, user, node=other.uid)

    assert [(each["name"], each["is_current"]) for each in first.context["parts"]] == [
        (root.name, True),
        (other.name, False),
    ]
    assert (len(first.context["values"]), len(second.context["values"])) == (3, 0)


@pytest.mark.parametrize(
    ("role", "is_staff", "words"),
    [
        (Role.APPROVER, True, ["设定地方值", "发布地方清单", "登记原文核对"]),
        (Role.APPROVER, False, []),
        (Role.OPERATOR, True, []),
    ],
)
def test_links_to_add_are_for_who_may(client, root, role, is_staff, words):
    page = page_of(client, user_at(root, role, is_staff=is_staff))

    assert [each["words"] for each in page.context["additions"]] == words
    assert [client.get(each["url"]).status_code for each in page.context["additions"]] == [200] * len(words)


def test_user_without_any_part_reads_the_law_of_the_country_alone(client, added):
    page = page_of(client, UserFactory())

    assert "values" not in page.context
    assert "本区" not in page.content.decode()


def test_number_of_queries_does_not_depend_on_rows(client, root, approver):
    counted = []
    client.force_login(approver)
    for year in (2027, 2028, 2029):
        value_from(root, approver, f"{year}-01-01", 9)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("rules"))
        counted.append(len(captured))

    assert counted[1:] == [counted[1]] * 2
