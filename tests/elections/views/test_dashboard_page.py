"""The dashboard: counts of the user's part, each a link to the rows behind it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.enums import Role
from tests.factories import OrganizationFactory, StreetFactory, TermFactory, UserFactory, user_at

ADDRESS = reverse("dashboard")


def numbers(response) -> dict[str, int]:
    return {tile["label"]: tile["number"] for tile in response.context["tiles"]}


def test_counts_of_the_whole_part(as_officer):
    response = as_officer.get(ADDRESS)

    assert numbers(response) == {
        "党组织总数": 7,
        "逾期未换届": 1,
        "6个月内到期": 0,
        "换届中": 1,
        "经批准延期": 0,
        "无届次数据": 1,
        "应换届数": 4,
    }


def test_every_number_is_the_number_of_rows_behind_its_link(as_officer):
    page = as_officer.get(ADDRESS)

    lines = [line for line in page.context["children"] if not line["is_node"]] + [page.context["total_row"]]
    counted = [(tile["number"], tile["url"]) for tile in page.context["tiles"]]
    counted += [(line["total"], line["total_url"]) for line in lines]
    counted += [(line["expected"], line["expected_url"]) for line in lines]
    counted += [(cell["number"], cell["url"]) for line in lines for cell in line["cells"]]
    for number, url in counted:
        rows = as_officer.get(url).context["rows"]
        assert (len(rows), url) == (number, url)


def test_states_of_a_line_add_up_to_its_total(as_officer):
    page = as_officer.get(ADDRESS)

    for line in [*page.context["children"], page.context["total_row"]]:
        assert sum(cell["number"] for cell in line["cells"]) == line["total"]


def test_bars_and_months_lead_to_their_rows(as_officer, district):
    page = as_officer.get(ADDRESS)

    bars = page.context["chart_states"]
    overdue = next(one for one in bars["series"] if one["code"] == "overdue")
    assert bars["names"] == ["东湖街道党工委", "和平街道党工委"]
    assert overdue["values"] == [1, 0]
    assert [row["name"] for row in as_officer.get(overdue["links"][0]).context["rows"]] == ["石桥社区第一党支部"]

    months = page.context["chart_months"]
    assert months["months"][:3] == ["2026-11", "2026-12", "2027-01"]
    assert months["series"] == [{"label": "党支部", "values": [1, 0, 1] + [0] * 15}]
    assert [row["name"] for row in as_officer.get(months["links"][2]).context["rows"]] == ["石桥社区第二党支部"]


def test_a_past_day_is_kept_by_the_links(as_officer):
    page = as_officer.get(ADDRESS, {"on": "2025-11-05"})

    assert numbers(page)["逾期未换届"] == 0
    assert all("on=2025-11-05" in tile["url"] for tile in page.context["tiles"])
    assert "2025年11月5日" in page.content.decode()
    assert "按现行隶属关系" in page.content.decode()


@pytest.mark.parametrize("on", ["2026-13-45", "昨天", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_told_and_taken_as_today(as_officer, on):
    page = as_officer.get(ADDRESS, {"on": on})

    assert page.context["on"] == datetime.date(2026, 11, 21)
    assert "数据截至日期无效" in page.content.decode()


def test_a_clerk_sees_the_own_street_alone(as_clerk, district):
    page = as_clerk.get(ADDRESS)

    assert numbers(page)["党组织总数"] == 4
    text = page.content.decode()
    for hidden in (district.street_b, district.foreign, district.root):
        assert hidden.name not in text
        assert str(hidden.uid) not in text


@pytest.mark.parametrize("node", ["street_b", "root", "foreign"])
def test_another_street_does_not_exist(as_clerk, district, node):
    assert as_clerk.get(ADDRESS, {"node": getattr(district, node).uid}).status_code == 404


@pytest.mark.parametrize("node", ["1", "x", "00000000-0000-0000-0000-000000000000"])
def test_a_node_that_is_none_is_not_found(as_officer, node):
    assert as_officer.get(ADDRESS, {"node": node}).status_code == 404


def test_a_user_without_any_part_is_told_whom_to_ask(client, district):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))

    page = client.get(ADDRESS)

    assert "还没有管理范围" in page.content.decode()
    assert district.root.name not in page.content.decode()


def test_whoever_is_not_signed_in_is_led_to_sign_in(client, district):
    assert client.get(ADDRESS).url == "/login/?next=/"


def test_number_of_queries_does_not_depend_on_rows(as_officer, district, django_assert_num_queries):
    as_officer.get(ADDRESS)  # the session is written once
    with CaptureQueriesContext(connection) as few:
        as_officer.get(ADDRESS)
    for street in (StreetFactory(parent=district.root) for _ in range(3)):
        for _ in range(3):
            TermFactory(organization=OrganizationFactory(parent=street))

    with django_assert_num_queries(len(few)):
        as_officer.get(ADDRESS)


def test_a_branch_without_children_has_no_empty_chart(client, district):
    client.force_login(user_at(district.late, Role.BRANCH))

    page = client.get(ADDRESS).content.decode()

    assert 'data-hj-chart="states"' not in page
