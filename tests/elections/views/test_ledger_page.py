"""The ledger page: rows, filters, order, chips that add up, print, file, and the fragment for htmx."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import OrganizationFactory, PostFactory, TermFactory

ADDRESS = reverse("ledger")
EXPORT = reverse("ledger_export")


def names(response) -> list[str]:
    return [row["name"] for row in response.context["rows"]]


def chips(response) -> dict[str, int]:
    return {chip["label"]: chip["number"] for chip in response.context["chips"]}


def test_a_row_shows_what_decides_its_state(as_officer, district):
    page = as_officer.get(ADDRESS, {"state": "overdue"})

    assert page.context["rows"] == [
        {
            "url": reverse("organization", args=[district.late.uid]),
            "name": "石桥社区第一党支部",
            "code": "A-1",
            "kind": "党支部",
            "superior": "东湖街道党工委",
            "people": "—",
            "people_basis": "党员人数未知：没有已确认的花名册，也没有上报人数",
            "secretary": "何丽华",
            "elected_on": "2021-11-05",
            "expires_on": "2026-11-05",
            "extended_to": None,
            "days": "超 16 天",
            "is_late": True,
            "state": "overdue",
            "marks": [],
            "findings": [
                {
                    "severity": "error",
                    "icon": "exclamation-octagon-fill",
                    "word": "须处理",
                    "number": 1,
                    "title": "须处理：逾期与延期",
                },
                {
                    "severity": "warning",
                    "icon": "exclamation-triangle-fill",
                    "word": "提醒",
                    "number": 1,
                    "title": "提醒：无党员数据",
                },
            ],
        }
    ]


def test_chips_of_the_states_add_up_to_the_total(as_officer):
    found = chips(as_officer.get(ADDRESS))

    assert found == {
        "全部": 7,
        "逾期未换届": 1,
        "无届次数据": 1,
        "即将届满": 0,
        "经批准延期": 0,
        "换届中": 1,
        "待首次选举": 0,
        "正常": 1,
        "不适用": 3,
        "其中届满超过1年": 0,
    }


def test_chips_choose_several_states_and_let_go_of_them(as_officer):
    first = as_officer.get(ADDRESS)
    link = {chip["label"]: chip["url"] for chip in first.context["chips"]}["逾期未换届"]
    second = as_officer.get(link)
    link = {chip["label"]: chip["url"] for chip in second.context["chips"]}["换届中"]
    third = as_officer.get(link)
    link = {chip["label"]: chip["url"] for chip in third.context["chips"]}["逾期未换届"]

    assert names(second) == ["石桥社区第一党支部"]
    assert names(third) == ["石桥社区第一党支部", "石桥社区第二党支部"]
    assert names(as_officer.get(link)) == ["石桥社区第二党支部"]


def test_chip_of_more_than_a_year_lists_as_many_rows_as_it_says(as_officer, district):
    TermFactory(
        organization=district.committee, elected_on=datetime.date(2020, 1, 10), expires_on=datetime.date(2025, 1, 10)
    )
    page = as_officer.get(ADDRESS, {"state": "in_term"})
    (chip,) = (chip for chip in page.context["chips"] if chip["label"] == "其中届满超过1年")

    found = as_officer.get(chip["url"])
    back = {chip["label"]: chip["url"] for chip in found.context["chips"]}["逾期未换届"]

    assert (chip["number"], names(found)) == (1, ["石桥社区党委"])
    assert len(names(as_officer.get(back))) == 2


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "柳林"}, ["柳林社区党支部"]),
        ({"q": "A-2"}, ["石桥社区第二党支部"]),
        ({"q": "何丽华"}, ["石桥社区第一党支部"]),
        ({"kind": "committee"}, ["石桥社区党委"]),
        ({"due_from": "2026-11-01", "due_to": "2026-11-30"}, ["石桥社区第一党支部"]),
        ({"state": "overdue", "q": "柳林"}, []),
    ],
)
def test_filters(as_officer, asked, found):
    assert names(as_officer.get(ADDRESS, asked)) == found


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"state": "nonsense"}, "状态"),
        ({"kind": "nonsense"}, "类别"),
        ({"due_from": "2026-02-30"}, "届满从"),
        ({"due_from": "2026-12-01", "due_to": "2026-11-01"}, "截止日期早于起始日期"),
    ],
)
def test_a_wrong_filter_is_told_and_left_out(as_officer, asked, sentence):
    page = as_officer.get(ADDRESS, asked)

    assert page.status_code == 200
    assert sentence in page.content.decode().split("hj-error", 1)[1].split("</ul>", 1)[0]


def test_order_by_a_column_and_back(as_officer):
    ascending = as_officer.get(ADDRESS, {"sort": "expires_on", "state": ["overdue", "in_election", "in_term"]})
    heading = next(column for column in ascending.context["columns"] if column["label"] == "届满日期")
    descending = as_officer.get(heading["url"])

    assert names(ascending) == ["石桥社区第一党支部", "石桥社区第二党支部", "柳林社区党支部"]
    assert names(descending) == ["柳林社区党支部", "石桥社区第二党支部", "石桥社区第一党支部"]
    assert 'aria-sort="ascending"' in ascending.content.decode()


@pytest.mark.parametrize("sort", ["path", "password", "-", "organization__path"])
def test_an_unknown_column_is_not_sorted_by(as_officer, sort):
    assert names(as_officer.get(ADDRESS, {"sort": sort})) == names(as_officer.get(ADDRESS))


def test_fifty_rows_a_page(as_officer, district):
    for _ in range(51):
        OrganizationFactory(parent=district.street_b)

    first = as_officer.get(ADDRESS, {"node": district.street_b.uid})
    second = as_officer.get(first.context["pages"][-1]["url"])
    beyond = as_officer.get(ADDRESS, {"node": district.street_b.uid, "page": 99})

    assert len(names(first)) == 50
    assert first.context["page_words"] == "共 53 个党组织，第 1–50 个"
    assert len(names(second)) == 3
    assert names(beyond) == names(second)


def test_htmx_gets_the_table_of_the_same_address(as_officer):
    fragment = as_officer.get(ADDRESS, {"q": "石桥"}, headers={"HX-Request": "true", "HX-Target": "tcard"})
    page = as_officer.get(ADDRESS, {"q": "石桥"})

    text = fragment.content.decode().strip()
    assert text.startswith('<section id="tcard"')
    assert text in page.content.decode()
    assert "HX-Request" in fragment["Vary"]


def test_all_rows_for_paper(as_officer, district):
    for _ in range(51):
        OrganizationFactory(parent=district.street_b)

    page = as_officer.get(ADDRESS, {"per": "all"})

    assert len(page.context["rows"]) == 58
    assert page.context["back_url"] == f"{ADDRESS}?node={district.root.uid}"


def test_paper_and_file_say_what_was_asked_for(as_officer):
    asked = {"state": ["overdue", "due_soon"], "kind": "branch", "q": "石桥", "due_to": "2026-12-31"}
    words = "逾期未换届、即将届满；党支部；2026年12月31日前（含当日）届满；名称、编码或书记含“石桥”"

    page = as_officer.get(ADDRESS, {**asked, "per": "all"})
    book = openpyxl.load_workbook(io.BytesIO(as_officer.get(EXPORT, asked).getvalue()))

    assert page.context["asked"] == words
    assert f"筛选：{words}。共 1 个党组织" in page.content.decode()
    of_the_rows = f"中共云岭区委员会 换届台账（时点：2026年11月21日；筛选：{words}）"
    assert [sheet["A1"].value for sheet in book] == [
        of_the_rows,
        of_the_rows,
        "中共云岭区委员会 换届台账（时点：2026年11月21日；筛选：党支部；2026年12月31日前（含当日）届满；"
        "名称、编码或书记含“石桥”）",
    ]


def test_the_file_has_the_rows_of_the_page(as_officer):
    response = as_officer.get(EXPORT, {"q": "石桥", "sort": "name"})

    book = openpyxl.load_workbook(io.BytesIO(response.getvalue()))
    cells = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    listed = names(as_officer.get(ADDRESS, {"q": "石桥", "sort": "name"}))
    assert len(listed) == 3
    assert [cell for cell in cells if cell in (*listed, "柳林社区党支部")] == listed
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("address", [ADDRESS, EXPORT])
def test_another_street_does_not_exist(as_clerk, district, address):
    assert as_clerk.get(address, {"node": district.street_b.uid}).status_code == 404
    assert as_clerk.get(address, {"node": district.root.uid}).status_code == 404


def test_nothing_of_another_street_leaks(as_clerk, district):
    for asked in ({}, {"q": "柳林"}, {"q": "B-1"}, {"q": "吴宏伟"}, {"per": "all"}):
        text = as_clerk.get(ADDRESS, asked).content.decode()
        asked_for = asked.get("q", "")
        for hidden in ("柳林社区党支部", "和平街道党工委", "B-1", "吴宏伟", str(district.foreign.uid)):
            assert hidden == asked_for or hidden not in text.replace(asked_for or "\0", "")


def test_number_of_queries_does_not_depend_on_rows(as_officer, district, django_assert_num_queries):
    as_officer.get(ADDRESS)  # the session is written once
    with CaptureQueriesContext(connection) as few:
        as_officer.get(ADDRESS)
    for _ in range(3):
        organization = OrganizationFactory(parent=district.street_b)
        TermFactory(organization=organization)
        PostFactory(organization=organization)

    with django_assert_num_queries(len(few)):
        as_officer.get(ADDRESS)
