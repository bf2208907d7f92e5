"""The page of the 建账日, and what the other pages say about a day before it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.enums import Role
from orgs.models import Opening
from tests.factories import DeclaredCountFactory, OpeningFactory, StreetFactory, user_at

ADDRESS = reverse("openings")
FIRST = datetime.date(2025, 1, 1)


def node(organization):
    return f"{ADDRESS}?node={organization.uid}"


def test_the_clerk_sets_the_day_of_the_street(as_clerk, district):
    reply = as_clerk.post(node(district.street_a), {"opened_on": "2025-01-01", "seen": ""})
    page = as_clerk.get(reply.headers["Location"])

    assert reply.status_code == 302
    assert page.context["holds"] == "本级设置的建账日为2025年1月1日。"
    assert [(line["name"], line["day"]) for line in page.context["lines"]] == [("东湖街道党工委", "2025-01-01")]
    assert page.context["former"] == []


def test_a_change_without_a_reason_is_told_and_with_one_keeps_what_was_before(as_clerk, district):
    own = OpeningFactory(organization=district.street_a, opened_on=FIRST, by=district.clerk)
    asked = {"opened_on": "2026-03-01", "seen": str(own.uid)}

    refused = as_clerk.post(node(district.street_a), asked)
    as_clerk.post(node(district.street_a), {**asked, "reason": "首份花名册为三月"})
    page = as_clerk.get(node(district.street_a))

    assert "更改建账日须写明理由。" in refused.content.decode()
    (former,) = page.context["former"]
    assert (former["day"], former["ended_by"], former["reason"]) == ("2025-01-01", "陈晓燕", "首份花名册为三月")
    assert [line["day"] for line in page.context["lines"]] == ["2026-03-01"]


def test_a_stale_form_is_answered_with_409(as_clerk, district):
    OpeningFactory(organization=district.street_a, opened_on=FIRST)

    reply = as_clerk.post(node(district.street_a), {"opened_on": "2026-03-01", "reason": "更正", "seen": ""})

    assert reply.status_code == 409
    assert list(Opening.objects.values_list("opened_on", flat=True)) == [FIRST]


def test_withdrawing_gives_the_day_of_the_superior_again(as_officer, district):
    OpeningFactory(organization=district.root, opened_on=FIRST)
    own = OpeningFactory(organization=district.street_a, opened_on=datetime.date(2026, 3, 1))

    as_officer.post(node(district.street_a), {"withdraw": "1", "reason": "随全区", "seen": str(own.uid)})

    assert as_officer.get(node(district.street_a)).context["holds"] == "随中共云岭区委员会，建账日为2025年1月1日。"


def test_a_superior_out_of_sight_stays_unnamed(as_clerk, district):
    OpeningFactory(organization=district.root, opened_on=FIRST)

    page = as_clerk.get(node(district.street_a))

    assert page.context["holds"] == "随上级党组织，建账日为2025年1月1日。"
    assert page.context["lines"] == []


def test_a_stranger_finds_nothing_and_a_viewer_changes_nothing(client, district):
    client.force_login(district.stranger)
    assert client.get(node(district.street_a)).status_code == 404
    assert client.post(node(district.street_a), {"opened_on": "2025-01-01"}).status_code == 404

    client.force_login(user_at(district.street_a, Role.VIEWER))
    assert client.get(node(district.street_a)).context["may_edit"] is False
    assert client.post(node(district.street_a), {"opened_on": "2025-01-01"}).status_code == 403
    assert not Opening.everything.exists()


def test_number_of_queries_does_not_depend_on_rows(as_officer, district):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            as_officer.get(ADDRESS)
        return len(captured)

    OpeningFactory(organization=district.street_a)
    cost()
    one = cost()
    for _ in range(2):
        OpeningFactory(organization=StreetFactory(parent=district.root))

    assert cost() == one


# ---- Pages of a day before it ---------------------------------------------------------------------------------------


@pytest.fixture
def before(district):
    """Street A has books since 2026 only; on the day asked about there were posts and numbers all the same."""
    OpeningFactory(organization=district.street_a, opened_on=datetime.date(2026, 1, 1))
    DeclaredCountFactory(organization=district.late, on=datetime.date(2025, 1, 1), full=2)
    DeclaredCountFactory(organization=district.foreign, on=datetime.date(2025, 1, 1), full=8)
    return {"on": "2025-06-30"}


def test_the_ledger_has_no_data_about_people_but_keeps_the_state(as_officer, district, before):
    rows = {row["name"]: row for row in as_officer.get(reverse("ledger"), before).context["rows"]}

    late, foreign = rows["石桥社区第一党支部"], rows["柳林社区党支部"]
    assert (late["people"], late["secretary"], late["findings"]) == ("无数据", "无数据", [])
    assert (late["state"], late["expires_on"]) == ("in_term", "2026-11-05")
    assert (foreign["people"], foreign["secretary"]) == ("8", "吴宏伟")
    assert rows["中共云岭区委员会"]["people"] == "无数据"  # a sum with a part missing would be false


def test_from_the_day_on_people_are_there(as_officer, district, before):
    rows = {row["name"]: row for row in as_officer.get(reverse("ledger"), {"on": "2026-01-01"}).context["rows"]}

    late = rows["石桥社区第一党支部"]
    assert (late["people"], late["secretary"]) == ("2", "何丽华")
    assert [found["title"] for found in late["findings"]] == ["须处理：正式党员不足三名"]


def test_the_page_of_an_organization_says_why(as_officer, district, before):
    page = as_officer.get(reverse("organization", args=[district.late.uid]), before)

    assert (page.context["people"], page.context["posts"], page.context["findings"]) == ([], [], [])
    assert page.context["people_words"] == "无数据：这一天早于建账日"
    assert page.context["band"]["books"] == (
        "建账日为2026年1月1日，早于建账日的党员、班子和有关提示为“无数据”，对比为“—”；任期和状态不受影响。"
    )
    assert "何丽华" not in page.content.decode()


def test_the_dashboard_above_names_the_day_of_the_part(as_officer, before):
    page = as_officer.get(reverse("dashboard"), before)

    assert page.context["people_words"] == "无数据：这一天早于建账日"
    assert page.context["band"]["books"].startswith("下级有单位的建账日为2026年1月1日，晚于这一天")
