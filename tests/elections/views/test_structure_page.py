"""The page 组织设置: numbers that open their rows, what each row is asked for, and who may see it."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.enums import Form, Kind, Role, UnitType
from orgs.models import OrganizationChange
from orgs.models.organization import OrganizationUnit
from tests.asking import text_of
from tests.factories import (
    AffiliationFactory,
    DeclaredCountFactory,
    OrganizationFactory,
    RootFactory,
    RosterConfirmationFactory,
    TermFactory,
    UnitFactory,
    UserFactory,
    user_at,
)
from tests.pages import Page

ADDRESS = reverse("structure")
EXPORT = reverse("structure_export")


@pytest.fixture
def sizes(district):
    """Numbers for the small district: the first branch has 51, the second 2, the foreign one none."""
    DeclaredCountFactory(organization=district.late, full=51)
    DeclaredCountFactory(organization=district.running, full=2)
    return district


def cells(context) -> list[dict]:
    """Every number of the page."""
    found = []
    for name in ("by_kind", "by_full", "by_type", "by_place"):
        for row in (*context[name]["rows"], context[name]["total"]):
            found += row["cells"]
    return found + [line[cell] for line in context["asked"] for cell in ("of_all", "of_like")]


def names(response) -> list[str]:
    return [row["name"] for row in response.context["rows"]]


def test_the_page_shows_kinds_sizes_demands_and_rows(as_officer, sizes):
    page = as_officer.get(ADDRESS)

    assert (page.context["total"], page.context["outside"], page.context["unknown"]) == (4, 3, 1)
    assert page.context["by_kind"]["columns"][-2:] == ("人数未知", "合计")
    too_large = next(line for line in page.context["asked"] if line["label"] == "党支部党员超过50名")
    assert (too_large["of_all"]["fraction"], too_large["of_like"]["fraction"]) == ("1/4 = 25.0%", "1/3 = 33.3%")
    assert too_large["sources"] == [
        {
            "citation": "《中国共产党支部工作条例（试行）》第四条",
            "label": "",
            "url": f"/rules/?node={page.context['node'].uid}#党支部党员上限",
        }
    ]
    assert names(page) == ["石桥社区党委", "石桥社区第一党支部", "石桥社区第二党支部", "柳林社区党支部"]


def test_every_number_leads_to_exactly_so_many_rows(as_officer, sizes):
    page = as_officer.get(ADDRESS)

    counted = {(cell["number"], cell["url"]) for cell in cells(page.context) if cell["number"]}
    counted |= {
        (page.context["unknown"], page.context["unknown_url"]),
        (page.context["outside"], page.context["outside_url"]),
    }
    assert len(counted) > 20
    for number, url in counted:
        assert (len(as_officer.get(url).context["rows"]), url) == (number, url)


def test_numbers_of_a_narrowed_page_lead_to_rows_of_the_narrowed_page(as_officer, sizes):
    OrganizationFactory(parent=sizes.street_b, name="柳林村党支部", unit_type=UnitType.VILLAGE)

    page = as_officer.get(ADDRESS, {"only": "village"})

    assert page.context["total"] == 1
    for cell in cells(page.context):
        if cell["number"]:
            assert names(as_officer.get(cell["url"])) == ["柳林村党支部"]


def test_a_row_says_what_its_size_asks_for_with_article_and_standing(as_officer, sizes):
    page = as_officer.get(ADDRESS, {"demand": "general_branch_suggested"})

    [row] = page.context["rows"]
    assert (row["name"], row["kind"], row["unit_type"], row["place"]) == (
        "石桥社区第一党支部",
        "党支部",
        "社区",
        "东湖街道党工委",
    )
    assert (row["total"], row["full"], row["basis"]) == (51, 51, "上报人数")
    assert [
        (each["label"], [(one["citation"], one["label"]) for one in each["sources"]]) for each in row["demands"]
    ] == [
        ("建议设党总支", [("工作惯例", "依据待核")]),
        ("党支部党员超过50名", [("《中国共产党支部工作条例（试行）》第四条", "")]),
        (
            "正式党员7名以上，未设支部委员会",
            [("《中国共产党支部工作条例（试行）》第二十条（条号待核）", "")],
        ),
    ]
    assert page.context["asked_words"] == "建议设党总支"


def test_filters_of_the_list_are_put_into_words(as_officer, sizes):
    page = as_officer.get(
        ADDRESS, {"kind": "branch", "band": "51-99", "unit_type": "community", "place": sizes.street_a.uid}
    )

    assert page.context["asked_words"] == "党支部；党员51–99名；社区；东湖街道党工委"
    assert names(page) == ["石桥社区第一党支部"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("kind", "x"), ("band", "1-2"), ("full", "x"), ("unit_type", "x"), ("demand", "x"), ("place", "x"), ("page", "0")],
)
def test_what_is_no_filter_is_told_and_left_out(as_officer, sizes, name, value):
    page = as_officer.get(ADDRESS, {name: value})

    assert len(page.context["form_errors"]) == 1
    assert len(page.context["rows"]) == 4


def test_a_place_of_another_part_is_answered_as_one_that_does_not_exist(as_clerk, sizes):
    foreign, nowhere = (
        as_clerk.get(ADDRESS, {"place": uid}).context["form_errors"]
        for uid in (sizes.street_b.uid, "00000000-0000-0000-0000-000000000000")
    )

    assert foreign == nowhere == ["本级没有这个下级党组织。"]


def test_the_list_alone_is_the_list_of_the_page(as_officer, sizes):
    whole = as_officer.get(ADDRESS, {"kind": "branch"}).content.decode()

    fragment = as_officer.get(
        ADDRESS, {"kind": "branch"}, headers={"HX-Request": "true", "HX-Target": "list"}
    ).content.decode()

    assert fragment.strip().startswith('<section id="list"')
    assert fragment.strip() in whole


def test_a_list_of_many_is_paged_and_its_pages_keep_the_filter(as_officer, sizes):
    for _ in range(60):
        OrganizationFactory(parent=sizes.street_b)

    page = as_officer.get(ADDRESS, {"kind": "branch", "band": "unknown"})

    assert page.context["page_words"] == "共 61 个党组织，第 1–50 个"
    assert len(as_officer.get(page.context["pages"][-1]["url"]).context["rows"]) == 11


def test_a_past_day_is_kept_by_every_link(as_officer, sizes):
    page = as_officer.get(ADDRESS, {"on": "2025-11-05"})

    assert page.context["unknown"] == 4  # nothing was declared then
    assert all("on=2025-11-05" in cell["url"] for cell in cells(page.context) if cell["number"])
    assert "按现行隶属关系" in page.content.decode()


def test_names_are_those_of_the_day(as_officer, sizes):
    OrganizationChange.objects.create(
        organization=sizes.late, field="name", on=datetime.date(2026, 11, 1), before="石桥村党支部", by=sizes.officer
    )

    assert "石桥社区第一党支部" in names(as_officer.get(ADDRESS))
    assert "石桥村党支部" in names(as_officer.get(ADDRESS, {"on": "2026-10-31"}))


def test_a_clerk_counts_the_own_street_alone(as_clerk, sizes):
    page = as_clerk.get(ADDRESS)

    assert page.context["total"] == 3
    for hidden in (sizes.street_b, sizes.foreign, sizes.root):
        assert hidden.name not in page.content.decode()
        assert str(hidden.uid) not in page.content.decode()


@pytest.mark.parametrize("address", [ADDRESS, EXPORT])
@pytest.mark.parametrize("node", ["street_b", "root", "foreign"])
def test_another_street_does_not_exist(as_clerk, sizes, node, address):
    assert as_clerk.get(address, {"node": getattr(sizes, node).uid}).status_code == 404


@pytest.mark.parametrize("address", [ADDRESS, EXPORT])
def test_whoever_may_not_see_people_sees_numbers_and_no_name(client, sizes, address):
    AffiliationFactory(organization=sizes.foreign)
    RosterConfirmationFactory(organization=sizes.foreign)
    client.force_login(user_at(sizes.root, Role.ACCOUNT_ADMIN))

    text = text_of(client.get(address))

    assert "石桥社区第一党支部" in text
    assert [name for name in ("何丽华", "吴宏伟", "王建国") if name in text] == []


def test_a_unit_kept_elsewhere_is_counted_and_not_named(as_clerk, sizes):
    joint = OrganizationFactory(parent=sizes.street_a, form=Form.JOINT, unit_type=UnitType.PRIVATE)
    unit = UnitFactory(keeper=sizes.street_b, name="虚构外街纺织公司")
    OrganizationUnit.objects.create(organization=joint, unit=unit)
    RosterConfirmationFactory(organization=joint)
    for _ in range(3):
        AffiliationFactory(organization=joint, unit=unit)

    page = as_clerk.get(ADDRESS, {"demand": "separate_unit"})

    assert len(page.context["rows"]) == 1
    assert unit.name not in page.content.decode()


def test_a_part_without_organizations_to_test_says_so(client, db):
    client.force_login(user_at(RootFactory()))

    page = client.get(ADDRESS).content.decode()

    assert "这里没有可以统计的党委、党总支、党支部" in page


def test_a_user_without_any_part_is_told_whom_to_ask(client, district):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))

    for address in (ADDRESS, EXPORT):
        assert "还没有管理范围" in client.get(address).content.decode()


def test_the_file_has_the_tables_of_the_page_and_the_rows_asked_for(as_officer, sizes):
    page = as_officer.get(ADDRESS, {"band": "51-99"})

    file = as_officer.get(page.context["export_url"])
    book = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content)))

    assert book.sheetnames == ["类别与规模", "正式党员分档", "可设应设", "按单位类别", "按下级", "名单"]
    kinds = list(book["类别与规模"].values)
    assert kinds[0][0] == "中共云岭区委员会 组织设置（时点：2026年11月21日） 党员人数分档"
    assert kinds[-1] == (
        "合计",
        *(
            each
            for cell in page.context["by_kind"]["total"]["cells"]
            for each in (cell["number"], cell["fraction"].split(" = ")[1])
        ),
    )
    rows = list(book["名单"].values)
    assert rows[0][0] == "中共云岭区委员会 组织设置（时点：2026年11月21日）；筛选：党员51–99名"
    assert [row[2] for row in rows[2:]] == ["石桥社区党委", "石桥社区第一党支部"]
    assert "何丽华" not in str([list(sheet.values) for sheet in book])


def test_the_tree_beside_leads_to_the_same_page(as_officer, sizes):
    page = as_officer.get(ADDRESS)

    links = Page(ADDRESS, page.content.decode()).links
    assert f"{ADDRESS}?node={sizes.street_a.uid}" in links


def test_number_of_queries_does_not_depend_on_rows(as_officer, sizes, django_assert_num_queries):
    as_officer.get(ADDRESS)
    with CaptureQueriesContext(connection) as few:
        as_officer.get(ADDRESS)
    for number in range(20):
        branch = OrganizationFactory(parent=sizes.street_b, kind=Kind.BRANCH)
        DeclaredCountFactory(organization=branch, full=number, on=datetime.date(2026, 1, 1))
        TermFactory(organization=branch)

    with django_assert_num_queries(len(few)):
        as_officer.get(ADDRESS)
