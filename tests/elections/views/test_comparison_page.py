"""The page of two days: defaults, quick choices, numbers that lead to their rows, filters, file, who sees it."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import OpeningFactory, OrganizationFactory

ADDRESS, EXPORT = reverse("comparison"), reverse("comparison_export")


def lines(page) -> dict[str, tuple]:
    return {line["label"]: (line["first"], line["last"], line["difference"]) for line in page.context["lines"]}


def names(page) -> list[str]:
    return [row["name"] for row in page.context["rows"]]


def test_the_end_of_last_month_against_today(as_officer):
    page = as_officer.get(ADDRESS)

    assert (page.context["since"], page.context["on"]) == (datetime.date(2026, 10, 31), datetime.date(2026, 11, 21))
    assert lines(page)["逾期未换届"] == (0, 1, "+1")
    assert lines(page)["即将届满"] == (1, 0, "−1")
    assert lines(page)["党组织总数"] == (7, 7, "0")
    assert [(row["name"], row["before"], row["after"], row["reasons"]) for row in page.context["rows"]] == [
        ("石桥社区第一党支部", "due_soon", "overdue", ["2026年11月5日任期届满"])
    ]


def test_usual_days_to_compare_with(as_officer, district):
    OpeningFactory(organization=district.root, opened_on=datetime.date(2026, 3, 1))

    choices = as_officer.get(ADDRESS, {"on": "2026-11-20"}).context["choices"]

    place = f"{ADDRESS}?node={district.root.uid}"
    assert [(each["label"], each["url"], each["is_current"]) for each in choices] == [
        ("上月末", f"{place}&since=2026-10-31&on=2026-11-20", True),
        ("去年末", f"{place}&since=2025-12-31&on=2026-11-20", False),
        ("上年同日", f"{place}&since=2025-11-20&on=2026-11-20", False),
        ("建账日", f"{place}&since=2026-03-01&on=2026-11-20", False),
    ]


def test_every_number_leads_to_as_many_rows(as_officer):
    page = as_officer.get(ADDRESS, {"since": "2021-12-31"})

    for line in page.context["lines"]:
        for day in ("first", "last"):
            rows = as_officer.get(line[f"{day}_url"]).context["rows"]
            assert len(rows) == line[day], (line["label"], day)
        for way in ("came", "left"):
            found = len(names(as_officer.get(line[f"{way}_url"]))) if line[f"{way}_url"] else 0
            assert found == int(line[way]), (line["label"], way)
        if line["difference_url"]:
            found = names(as_officer.get(line["difference_url"]))
            assert len(found) == int(line["came"]) + int(line["left"])


def test_filters_by_state_before_and_after(as_officer):
    asked = {"since": "2021-12-31", "before": "no_data"}

    assert names(as_officer.get(ADDRESS, asked)) == ["柳林社区党支部", "石桥社区第二党支部"]
    assert names(as_officer.get(ADDRESS, {**asked, "after": "in_term"})) == ["柳林社区党支部"]
    assert names(as_officer.get(ADDRESS, {**asked, "after": "extended"})) == []


@pytest.mark.parametrize("since", ["2026-11-21", "2027-01-01", "1900-01-01", "gestern"])
def test_a_first_day_that_is_none_is_told_and_replaced(as_officer, since):
    page = as_officer.get(ADDRESS, {"since": since})

    assert page.context["since"] == datetime.date(2026, 10, 31)
    assert "起始日期须早于截止日期" in page.content.decode()


def test_before_the_books_there_is_no_comparison_but_the_states(as_officer, district):
    OpeningFactory(organization=district.street_a, opened_on=datetime.date(2026, 11, 1))

    page = as_officer.get(ADDRESS)
    export = as_officer.get(EXPORT)

    assert lines(page)["逾期未换届"] == (0, 1, "—")
    assert "rows" not in page.context
    assert page.context["hidden_words"].startswith(
        "起始日期2026年10月31日早于中共云岭区委员会或其下级的建账日（2026年11月1日）"
    )
    assert export.status_code == 302
    assert lines(as_officer.get(ADDRESS, {"node": district.street_b.uid}))["逾期未换届"] == (0, 0, "0")


def test_the_file_has_the_rows_of_the_page(as_officer):
    asked = {"since": "2021-12-31", "before": "no_data"}

    reply = as_officer.get(EXPORT, asked)

    book = openpyxl.load_workbook(io.BytesIO(reply.getvalue()))
    assert [row[2].value for row in book["状态变化名单"].iter_rows(min_row=3)] == names(as_officer.get(ADDRESS, asked))


@pytest.mark.parametrize("address", [ADDRESS, EXPORT])
def test_another_street_does_not_exist(as_clerk, district, address):
    assert as_clerk.get(address, {"node": district.street_b.uid}).status_code == 404
    assert as_clerk.get(address, {"node": district.root.uid}).status_code == 404


def test_nothing_of_another_street_leaks(as_clerk):
    text = as_clerk.get(ADDRESS, {"since": "2021-12-31"}).content.decode()

    assert "石桥社区第一党支部" in text
    for hidden in ("柳林社区党支部", "和平街道党工委", "B-1"):
        assert hidden not in text


def test_number_of_queries_does_not_depend_on_rows(as_officer, district):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            as_officer.get(ADDRESS)
        return len(captured)

    cost()
    few = cost()
    for _ in range(3):
        OrganizationFactory(parent=district.street_b, founded_on=datetime.date(2026, 11, 10))

    assert cost() == few
