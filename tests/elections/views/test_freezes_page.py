"""Pages of closed days: the list, closing and reopening, a closed ledger beside today's, its print, who sees it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections.models import Freeze
from elections.services.freezes import freeze_day
from orgs.enums import Role
from tests.factories import FreezeFactory, OrganizationFactory, TermFactory, user_at

ADDRESS = reverse("freezes")
DAY = datetime.date(2026, 10, 31)


def node(organization):
    return f"{ADDRESS}?node={organization.uid}"


def page_of(freeze):
    return reverse("freeze", args=[freeze.uid])


@pytest.fixture
def approver(district):
    return user_at(district.street_a, Role.APPROVER)


@pytest.fixture
def as_approver(client, approver):
    client.force_login(approver)
    return client


@pytest.fixture
def closed(district, approver):
    return freeze_day(organization=district.street_a, on=DAY, by=approver)


def counts(page) -> dict[str, tuple]:
    return {line["label"]: (line["then"], line["now"], line["difference"]) for line in page.context["counts"]}


def test_the_last_month_is_offered_and_closed(as_approver, district):
    page = as_approver.get(node(district.street_a))
    reply = as_approver.post(node(district.street_a), {"day": "2026-10-31"})

    closed = Freeze.objects.get()
    assert page.context["form"].initial["day"] == DAY
    assert reply.headers["Location"] == page_of(closed)
    assert [
        (line["day"], line["edition"], line["total"], line["reopened"])
        for line in as_approver.get(node(district.street_a)).context["lines"]
    ] == [("2026-10-31", "第1版", 4, None)]


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-10-30", "只能对月末结账"), ("2026-11-30", "结账日不能晚于今天"), ("", "必填"), ("2026-10-31", "已经结账")],
)
def test_a_day_that_cannot_be_closed_is_told(as_approver, district, closed, day, words):
    reply = as_approver.post(node(district.street_a), {"day": day})

    assert reply.status_code == 200
    assert words in "".join(reply.context["form"].errors["day"])
    assert Freeze.objects.count() == 1


def test_a_closed_ledger_stands_beside_todays(as_approver, closed):
    page = as_approver.get(page_of(closed))

    assert counts(page)["党组织总数"] == (4, 4, "0")
    assert counts(page)["换届中"] == (1, 1, "0")
    assert counts(page)["即将届满"] == (1, 1, "0")
    assert page.context["corrected"] == 0
    assert "按现在的登记，与结账时一致" in page.content.decode()
    assert [line["name"] for line in page.context["lines"]] == [row.name for row in closed.rows.all()]


def test_a_later_correction_is_told_and_what_went_out_is_printed_as_it_was(as_approver, district, closed):
    before = as_approver.get(page_of(closed), {"per": "all"})
    TermFactory(organization=district.committee)
    page = as_approver.get(page_of(closed))
    after = as_approver.get(page_of(closed), {"per": "all"})

    assert counts(page)["无届次数据"] == (1, 0, "−1")
    assert counts(page)["正常"][2] == "+1"
    assert [(each["name"], each["differences"]) for each in page.context["corrections"]] == [
        ("石桥社区党委", ("状态：无届次数据 → 正常", "届满日期：— → 2029-06-01"))
    ]
    assert "冻结后有更正" in page.content.decode()
    assert after.context["lines"] == before.context["lines"]
    assert after.context["states"] == before.context["states"]


def test_rows_of_a_state_behind_its_number(as_approver, closed):
    page = as_approver.get(page_of(closed))

    for line in page.context["counts"]:
        rows = as_approver.get(line["then_url"]).context["lines"]
        assert len(rows) == line["then"], line["label"]


def test_no_name_of_a_person_is_kept(as_approver, closed):
    for query in ({}, {"per": "all"}):
        assert "何丽华" not in as_approver.get(page_of(closed), query).content.decode()


def test_reopening_asks_for_the_reason_and_leaves_it(as_approver, closed):
    refused = as_approver.post(page_of(closed), {"reason": ""})
    reply = as_approver.post(page_of(closed), {"reason": "漏登一届"})
    page = as_approver.get(page_of(closed))

    assert "重新开账须写明理由。" in refused.content.decode()
    assert reply.status_code == 302
    assert page.context["reopened"]["reason"] == "漏登一届"
    assert page.context["may_reopen"] is False


def test_whoever_may_not_approve_sees_but_changes_nothing(as_clerk, district, closed):
    assert as_clerk.get(page_of(closed)).context["may_reopen"] is False
    assert as_clerk.get(node(district.street_a)).context["may_close"] is False
    assert as_clerk.post(node(district.street_a), {"day": "2026-09-30"}).status_code == 403
    assert as_clerk.post(page_of(closed), {"reason": "更正"}).status_code == 403
    closed.refresh_from_db()
    assert (Freeze.objects.count(), closed.reopened_at) == (1, None)


def test_another_street_does_not_exist(client, district, closed):
    client.force_login(district.stranger)

    assert client.get(node(district.street_a)).status_code == 404
    assert client.get(page_of(closed)).status_code == 404
    assert client.get(page_of(closed), {"per": "all"}).status_code == 404
    assert client.post(page_of(closed), {"reason": "更正"}).status_code == 404


def test_a_closed_ledger_of_the_district_is_not_seen_from_a_street(as_clerk, district):
    assert as_clerk.get(page_of(FreezeFactory(organization=district.root))).status_code == 404


def test_number_of_queries_does_not_depend_on_rows(as_approver, district, closed):
    def cost(address):
        with CaptureQueriesContext(connection) as captured:
            as_approver.get(address)
        return len(captured)

    address, listed = page_of(closed), node(district.street_a)
    TermFactory(organization=district.committee)
    cost(address)
    few = cost(address), cost(listed)
    for month in (8, 9):
        OrganizationFactory(parent=district.committee)
        FreezeFactory(organization=district.street_a, on=datetime.date(2026, month, 30))

    assert (cost(address), cost(listed)) == few
