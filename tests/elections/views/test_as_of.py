"""Pages of another day: the band that says so, the way back to today, and that no link loses the day."""

import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import resolve, reverse

from orgs import tree
from tests.factories import FreezeFactory
from tests.pages import Page

PAST, FUTURE = "2025-12-31", "2027-06-30"
# Screens that show dated data or lead to them; a link to one of them has to carry the day.
DATED = {
    "dashboard",
    "ledger",
    "ledger_export",
    "organization",
    "structure",
    "structure_export",
    "tree",
    "comparison",
    "comparison_export",
    "findings",
}
SCREENS = ["dashboard", "ledger", "structure", "comparison"]


def address(name, district) -> str:
    return reverse(name, args=[district.late.uid]) if name == "organization" else reverse(name)


def links_without_the_day(page, url: str) -> set[str]:
    found = Page(url, page.content.decode())
    links = {*found.links, *found.fragments, *(form.action for form in found.forms if form.method == "get")}
    with_day = {form.action for form in found.forms if form.method == "get" and {"on"} & set(form.values)}
    return {
        link
        for link in links - with_day
        if urlsplit(link).path.startswith("/")
        and not urlsplit(link).path.startswith("/static/")
        and resolve(urlsplit(link).path).view_name in DATED
        and "on" not in parse_qs(urlsplit(link).query)
    }


@pytest.mark.parametrize("name", [*SCREENS, "organization"])
@pytest.mark.parametrize(("on", "label"), [(PAST, "历史时点"), (FUTURE, "未来时点")])
def test_the_band_says_which_day_it_is_and_leads_back(as_officer, district, name, on, label):
    page = as_officer.get(address(name, district), {"on": on})

    text = page.content.decode()
    assert (page.context["band"]["label"], label in text, "按现行隶属关系" in text) == (label, True, True)
    today = as_officer.get(page.context["band"]["today_url"])
    assert (today.status_code, today.context["on"]) == (200, datetime.date(2026, 11, 21))


@pytest.mark.parametrize("name", [*SCREENS, "organization"])
def test_today_has_no_band(as_officer, district, name):
    page = as_officer.get(address(name, district))

    assert page.context["band"] is None
    assert "hj-band" not in page.content.decode()


@pytest.mark.parametrize("name", [*SCREENS, "organization"])
@pytest.mark.parametrize("on", [PAST, FUTURE])
def test_no_link_loses_the_day(as_officer, district, name, on):
    page = as_officer.get(address(name, district), {"on": on})

    today = page.context["band"]["today_url"]
    assert links_without_the_day(page, address(name, district)) - {today} == set()


def test_the_print_of_a_past_day_has_the_band_too(as_officer):
    page = as_officer.get(reverse("ledger"), {"on": PAST, "per": "all"})

    assert page.context["band"]["label"] == "历史时点"
    assert links_without_the_day(page, reverse("ledger")) == set()


def test_a_closed_day_leads_to_what_went_out(as_officer, district):
    closed = FreezeFactory(organization=district.root, on=datetime.date(2025, 12, 31))

    page = as_officer.get(reverse("ledger"), {"on": PAST})
    other = as_officer.get(reverse("ledger"), {"on": "2025-11-30"})

    assert page.context["band"]["closed_url"] == reverse("freeze", args=[closed.uid])
    assert other.context["band"]["closed_url"] == ""


def test_a_past_day_calls_an_organization_as_it_was_called(as_officer, district):
    tree.reshape(district.late, on=datetime.date(2026, 5, 1), by=district.officer, name="石桥社区网格党支部")

    page = as_officer.get(address("organization", district), {"on": PAST})

    assert ("当日名称", "石桥社区第一党支部") in page.context["facts"]
    assert page.context["band"]["label"] == "历史时点"
