"""启用向导: how far each unit is, as far as its reader may see, and where the next step is done."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections import imports as rosters
from orgs.enums import Form, Role
from orgs.models import Organization
from tests.factories import (
    AffiliationFactory,
    GrantFactory,
    OpeningFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    RosterConfirmationFactory,
    StreetFactory,
    TermFactory,
    UserFactory,
    user_at,
)

pytestmark = pytest.mark.django_db

ADDRESS = reverse("start")
DASHBOARD = reverse("dashboard")
DAY = datetime.date(2026, 11, 21)
HEADINGS = ["党组织", "届次", "党员花名册", "班子成员", "建账日"]


@pytest.fixture
def root(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))
    return RootFactory(name="中共云岭区委员会")


@pytest.fixture
def street(root):
    """Half-way: two branches, one with a term, a roster and a secretary, the other with nothing; no first day."""
    street = StreetFactory(parent=root, name="东湖街道党工委")
    whole = OrganizationFactory(parent=street, name="东湖第一党支部")
    complete(whole)
    OrganizationFactory(parent=street, name="东湖第二党支部")
    return street


def complete(branch):
    """Everything that the books of a branch need."""
    TermFactory(organization=branch)
    AffiliationFactory(organization=branch)
    RosterConfirmationFactory(organization=branch)
    PostFactory(organization=branch)


def lines(page) -> list[dict]:
    """Each unit's name, its cells as (text, note, done), its steps and what comes next."""
    return [
        {
            "name": line["name"],
            "cells": [cell and (cell["text"], cell["note"], cell["is_done"]) for cell in line["cells"]],
            "steps": f"{line['done']}/{line['total']}",
            "next": line["next"] and line["next"]["label"],
        }
        for line in page.context["lines"]
    ]


def heads(page) -> list[tuple]:
    return [(head["label"], head["note"], head["is_done"]) for head in page.context["heads"]]


def columns(page) -> list[str]:
    return [column.label for column in page.context["columns"]]


def text(page) -> str:
    return page.content.decode()


# ---- An empty installation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", [DASHBOARD, ADDRESS])
def test_a_superuser_of_an_empty_installation_is_led_to_found_the_root(client, address):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))

    page = client.get(address)

    assert "还没有任何党组织" in text(page)
    assert f'href="{reverse("admin:orgs_organization_add")}"' in text(page)


def test_anybody_else_is_told_to_ask_for_a_right(client):
    client.force_login(UserFactory())

    page = client.get(ADDRESS)

    assert "您的账号还没有管理范围" in text(page)
    assert "还没有任何党组织" not in text(page)


def test_a_superuser_without_a_part_of_a_used_installation_founds_nothing(client, root):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))

    assert "还没有任何党组织" not in text(client.get(ADDRESS))


def test_the_founder_finds_the_next_steps(client, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    client.post(
        reverse("admin:orgs_organization_add"),
        {"name": "中共云岭区委员会", "kind": "local_committee", "form": "ordinary", "founded_on_precision": "day"},
    )
    root = Organization.objects.get()

    page = client.get(ADDRESS)

    assert heads(page) == [
        ("最上级党组织", "中共云岭区委员会", True),
        ("街道、党（工）委", "还没有建立", False),
        ("建账日", "先建立单位", False),
    ]
    assert page.context["heads"][1]["action"] == {
        "label": "导入党组织台账",
        "url": f"{reverse('imports')}?node={root.uid}&kind=organizations",
    }
    assert lines(page) == []
    assert not page.context["is_finished"]
    assert client.get(DASHBOARD).context["start_url"] == f"{ADDRESS}?node={root.uid}"


# ---- A district half-way --------------------------------------------------------------------------------------------


def test_a_street_half_way_says_what_it_has_and_what_comes_next(client, root, street):
    client.force_login(user_at(root, Role.OPERATOR))

    page = client.get(ADDRESS)

    assert columns(page) == HEADINGS
    assert lines(page) == [
        {
            "name": "东湖街道党工委",
            "cells": [
                ("2 个", "逐个登记", True),
                ("1/2", "无届次数据 1", False),
                ("1/2", "最近 2026-01-01", False),
                ("1/2", "", False),
                ("未设置", "", False),
            ],
            "steps": "1/5",
            "next": "补录届次",
        }
    ]
    assert heads(page) == [
        ("最上级党组织", "中共云岭区委员会", True),
        ("街道、党（工）委", "已建 1 个", True),
        ("建账日", "0/1 个单位已设置", False),
    ]


def test_the_number_of_unknown_terms_opens_the_list_of_them(client, root, street):
    client.force_login(user_at(root, Role.OPERATOR))

    line = client.get(ADDRESS).context["lines"][0]
    rows = client.get(line["cells"][1]["url"]).context["rows"]

    assert [row["name"] for row in rows] == ["东湖第二党支部"]
    assert client.get(line["next"]["url"]).status_code == 200


def test_steps_come_in_their_order_each_with_its_roster(client, root):
    street = StreetFactory(parent=root)
    client.force_login(user_at(street, Role.CLERK))

    def step():
        line = client.get(ADDRESS).context["lines"][0]
        return (f"{line['done']}/{line['total']}", line["next"] and (line["next"]["label"], line["next"]["url"]))

    def roster(label, kind):
        return (f"导入{label}", f"{reverse('imports')}?node={street.uid}&kind={kind}")

    assert step() == ("0/5", roster("党组织台账", "organizations"))
    branch = OrganizationFactory(parent=street)
    assert step() == ("1/5", roster("换届台账", "terms"))
    TermFactory(organization=branch)
    assert step() == ("2/5", roster("党员花名册", "members"))
    RosterConfirmationFactory(organization=branch)
    assert step() == ("3/5", roster("班子成员名册", "committee"))
    PostFactory(organization=branch)
    assert step() == ("4/5", ("设置建账日", f"{reverse('openings')}?node={street.uid}"))
    OpeningFactory(organization=root)
    assert step() == ("5/5", None)


def test_the_import_page_begins_with_the_kind_of_the_step(client, root, street):
    client.force_login(user_at(street, Role.CLERK))

    chosen = client.get(reverse("imports"), {"node": street.uid, "kind": "members"})
    unknown = client.get(reverse("imports"), {"node": street.uid, "kind": "secrets"})

    assert '<option value="members" selected>' in text(chosen)
    assert unknown.context["form"].initial == {"on": DAY, "kind": ""}


def test_a_street_names_the_branches_without_a_roster_or_a_committee(client, street):
    client.force_login(user_at(street, Role.CLERK))

    lists = client.get(ADDRESS).context["lists"]

    assert [(each["heading"], each["number"], [one["name"] for one in each["names"]]) for each in lists] == [
        ("还没有确认党员花名册的党支部", 1, ["东湖第二党支部"]),
        ("还没有登记班子成员的党组织", 1, ["东湖第二党支部"]),
    ]


def test_of_many_missing_rosters_the_first_twenty_are_named(client, street):
    for _ in range(25):
        OrganizationFactory(parent=street)
    client.force_login(user_at(street, Role.CLERK))

    first = client.get(ADDRESS).context["lists"][0]

    assert (first["number"], len(first["names"]), first["more"]) == (26, 20, 6)


def test_branches_that_keep_no_members_and_have_no_term_owe_nothing(client, street):
    OrganizationFactory(parent=street, form=Form.TEMPORARY)
    OrganizationFactory(parent=street, form=Form.MOBILE)
    OrganizationFactory(parent=street, closed_on=datetime.date(2026, 1, 1))
    client.force_login(user_at(street, Role.CLERK))

    assert [cell["text"] for cell in client.get(ADDRESS).context["lines"][0]["cells"][:4]] == [
        "4 个",
        "1/2",
        "1/2",
        "1/2",
    ]


def test_who_uploaded_the_roster_is_told_to_those_who_see_the_upload(client, root):
    street = StreetFactory(parent=root, name="东湖街道党工委", code="S1")
    clerk = user_at(street, Role.CLERK, name="刘文静")
    table = "党组织编码,党组织名称,上级党组织编码,组织类别,单位类别\nB1,东湖社区党支部,S1,党支部,社区\n"
    batch = rosters.upload(
        data=table.encode(), file_name="台账.csv", kind="organizations", organization=street, on=DAY, by=clerk
    )
    rosters.confirm(batch=batch, partial=False, by=clerk)

    def source(user):
        client.force_login(user)
        return client.get(ADDRESS, {"node": street.uid}).context["lines"][0]["cells"][0]["note"]

    assert source(clerk) == "2026-11-21 刘文静导入"
    assert source(user_at(root, Role.VIEWER)) == "由名册导入"
    rosters.undo(batch=batch, by=clerk)
    assert source(clerk) == ""


# ---- A finished district --------------------------------------------------------------------------------------------


def test_a_finished_district_has_nothing_left_to_do_and_says_so(client, root, street):
    complete(Organization.objects.get(name="东湖第二党支部"))
    OpeningFactory(organization=root)
    client.force_login(user_at(root, Role.OPERATOR))

    page = client.get(ADDRESS)

    assert "启用工作已全部完成" in text(page)
    assert [(line["steps"], line["next"]) for line in lines(page)] == [("5/5", None)]
    assert [head["is_done"] for head in page.context["heads"]] == [True, True, True]
    assert client.get(DASHBOARD).context["start_url"] == ""


def test_the_dashboard_offers_the_steps_while_half_of_the_terms_are_unknown(client, root, street):
    client.force_login(user_at(root, Role.OPERATOR))

    assert client.get(DASHBOARD).context["start_url"] == f"{ADDRESS}?node={root.uid}"
    complete(OrganizationFactory(parent=street))
    assert client.get(DASHBOARD).context["start_url"] == ""


# ---- Who sees what --------------------------------------------------------------------------------------------------


def test_a_stranger_learns_nothing_of_the_street(client, root, street):
    client.force_login(user_at(StreetFactory(parent=root, name="和平街道党工委"), Role.CLERK))

    assert client.get(ADDRESS, {"node": street.uid}).status_code == 404
    assert [line["name"] for line in client.get(ADDRESS).context["lines"]] == ["和平街道党工委"]


def test_a_viewer_sees_how_far_it_is_and_does_nothing(client, root, street):
    client.force_login(user_at(root, Role.VIEWER))

    page = client.get(ADDRESS)

    assert columns(page) == HEADINGS
    assert [(line["steps"], line["next"]) for line in lines(page)] == [("1/5", None)]
    assert [head.get("action") for head in page.context["heads"]] == [None, None, None]


def test_an_account_admin_sees_no_people_and_opens_accounts(client, root, street):
    client.force_login(user_at(root, Role.ACCOUNT_ADMIN, is_staff=True))

    page = client.get(ADDRESS)

    assert columns(page) == ["账号与授权", "党组织", "届次", "党员花名册", "建账日"]
    assert lines(page)[0]["cells"][0] == ("未开通", "", False)
    assert page.context["lines"][0]["next"] == {
        "label": "开通账号",
        "url": f"{reverse('admin:orgs_user_add')}?organization={street.uid}",
    }
    assert "还没有登记班子成员的党组织" not in text(client.get(ADDRESS, {"node": street.uid}))


def test_once_there_is_an_account_the_next_step_is_another_ones(client, root, street):
    UserFactory(organization=street)
    client.force_login(user_at(root, Role.ACCOUNT_ADMIN, is_staff=True))

    assert [(line["cells"][0], line["next"]) for line in lines(client.get(ADDRESS))] == [(("1 个", "", True), None)]


def test_an_account_without_a_right_waits_for_one(client, root, street):
    holder = UserFactory(organization=street)
    GrantFactory(user=holder, organization=street, role=Role.VIEWER)
    admin = user_at(root, Role.ACCOUNT_ADMIN, is_staff=True)
    GrantFactory(user=admin, organization=root, role=Role.GRANT_ADMIN)
    client.force_login(admin)

    before = client.get(ADDRESS)
    GrantFactory(user=holder, organization=street, role=Role.CLERK)
    after = client.get(ADDRESS)

    assert before.context["lines"][0]["next"] == {
        "label": "授权",
        "url": f"{reverse('admin:orgs_grant_add')}?organization={street.uid}",
    }
    assert lines(after)[0]["cells"][0] == ("1 个", "", True)
    assert ("账号与授权", "1/1 个单位已开通", True) in heads(after)


# ---- Queries --------------------------------------------------------------------------------------------------------


def test_the_number_of_queries_does_not_depend_on_the_streets(client, root, street):
    admin = user_at(root, Role.OPERATOR, is_staff=True)
    for role in (Role.ACCOUNT_ADMIN, Role.GRANT_ADMIN):
        GrantFactory(user=admin, organization=root, role=role)
    client.force_login(admin)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(ADDRESS).status_code == 200
        return len(captured)

    cost()
    one = cost()
    for _ in range(3):
        more = StreetFactory(parent=root)
        complete(OrganizationFactory(parent=more))
        user_at(more, Role.CLERK)
        OpeningFactory(organization=more)

    assert cost() == one
