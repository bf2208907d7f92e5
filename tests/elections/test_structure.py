"""The structure of a node: complete tables of a small district, a published table, and sums that add up."""

import datetime

import pytest

from elections.rules.sizes import Demand
from elections.services.law import add_local_value
from elections.structure import UNKNOWN, Selection, Structure, share
from members.models import DeclaredCount
from orgs import paths
from orgs.enums import Form, Kind, Role, UnitType
from orgs.models import Organization, OrganizationChange, OrganizationUnit
from tests.factories import (
    AffiliationFactory,
    DeclaredCountFactory,
    OpeningFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    RosterConfirmationFactory,
    StreetFactory,
    TermFactory,
    UnitFactory,
    user_at,
)

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 21)


def declared(parent, name, full, *, probationary=0, **fields):
    """An organization that declared so many members."""
    organization = OrganizationFactory(parent=parent, name=name, **fields)
    DeclaredCountFactory(organization=organization, full=full, probationary=probationary)
    return organization


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def officer(root):
    return user_at(root, Role.OPERATOR)


@pytest.fixture
def district(root):
    """Street A: villages. Street B: offices and enterprises. Every demand but the suggested kinds occurs."""
    street_a, street_b = (StreetFactory(parent=root, name=name) for name in ("东湖街道党工委", "和平街道党工委"))
    village = {"unit_type": UnitType.VILLAGE}
    declared(street_a, "大村党支部", 100, **village)  # may be a 党委
    declared(street_a, "中村党支部", 50, probationary=1, **village)  # may be a 总支
    declared(street_a, "满村党支部", 50, **village)  # not above 50
    declared(street_a, "小村党支部", 2, probationary=5, **village)  # below three full members for more than half a year
    declared(street_a, "河村党总支", 100, kind=Kind.GENERAL_BRANCH, **village)
    declared(street_a, "山村党委", 500, kind=Kind.COMMITTEE, **village)  # may meet by delegates
    OrganizationFactory(parent=street_a, name="新村党支部", **village)  # nothing declared
    agency = {"unit_type": UnitType.AGENCY}
    declared(street_b, "财政局党支部", 50, **agency)  # may be a 总支: 50 is enough
    declared(street_b, "教育局党总支", 100, kind=Kind.GENERAL_BRANCH, **agency)  # must be a 党委
    office = declared(street_b, "区政府办机关党委", 120, kind=Kind.COMMITTEE, **agency)
    TermFactory(organization=office, kind_at_election=Kind.COMMITTEE, unit_type_at_election=UnitType.AGENCY)
    PostFactory(organization=office)  # a secretary, no 机关纪委
    lone = declared(street_b, "纺织公司党支部", 7, unit_type=UnitType.PRIVATE)
    TermFactory(organization=lone)
    PostFactory(organization=lone)  # a secretary, no committee
    silent = declared(street_b, "面粉公司党支部", 7, unit_type="")
    TermFactory(organization=silent)  # nobody recorded
    joint = OrganizationFactory(parent=street_b, name="商圈联合党支部", form=Form.JOINT, unit_type=UnitType.PRIVATE)
    RosterConfirmationFactory(organization=joint)
    for number in range(6):
        unit = UnitFactory(keeper=street_b, name=f"虚构{number}店")
        OrganizationUnit.objects.create(organization=joint, unit=unit)
    for _ in range(3):
        AffiliationFactory(organization=joint, unit=unit)
    declared(street_b, "防汛临时党支部", 60, form=Form.TEMPORARY, **agency)  # not tested
    return root


def numbers(table) -> dict:
    return {row.label: [cell.number for cell in row.cells] for row in (*table.rows, table.total)}


def test_kinds_and_sizes_of_a_district(district, officer):
    table = Structure(user=officer, node=district, on=DAY).by_kind()

    assert table.columns == ("0–49", "50", "51–99", "100–499", "500以上", "人数未知", "合计")
    assert numbers(table) == {
        "党委": [0, 0, 0, 1, 1, 0, 2],
        "党总支": [0, 0, 0, 2, 0, 0, 2],
        "党支部": [4, 2, 1, 1, 0, 1, 9],
        "合计": [4, 2, 1, 4, 1, 1, 13],
    }


def test_branches_by_their_full_members(district, officer):
    table = Structure(user=officer, node=district, on=DAY).by_full_members()

    assert table.columns == ("0–2", "3–6", "7以上", "人数未知", "合计")
    assert numbers(table) == {"党支部": [1, 1, 6, 1, 9], "合计": [1, 1, 6, 1, 9]}


def test_what_sizes_demand_and_allow_with_both_shares(district, officer):
    asked = Structure(user=officer, node=district, on=DAY).asked()

    assert {each.demand: (each.of_all.number, each.of_all.share, each.of_like.of) for each in asked} == {
        Demand.COMMITTEE_MUST: (1, "7.7%", 11),
        Demand.COMMITTEE_MAY: (2, "15.4%", 11),
        Demand.COMMITTEE_SUGGESTED: (0, "0.0%", 11),
        Demand.GENERAL_BRANCH_MAY: (2, "15.4%", 9),
        Demand.GENERAL_BRANCH_SUGGESTED: (0, "0.0%", 9),
        Demand.TOO_LARGE: (2, "15.4%", 9),
        Demand.BELOW_THREE: (1, "7.7%", 9),
        Demand.KEPT_TOO_LONG: (1, "7.7%", 9),
        Demand.NO_COMMITTEE: (1, "7.7%", 9),
        Demand.NEEDLESS_COMMITTEE: (0, "0.0%", 9),
        Demand.NO_POSTS: (1, "7.7%", 13),
        Demand.TOO_MANY_UNITS: (1, "7.7%", 1),
        Demand.SEPARATE_UNIT: (1, "7.7%", 1),
        Demand.NO_DISCIPLINE: (1, "7.7%", 1),
        Demand.DELEGATES: (1, "7.7%", 4),
    }


HEADS = (
    *("党组织数", "人数未知", "应设党委", "可设党委", "可设党总支", "支部超50名", "正式不足3名", "超过保留期"),
    *("未设支委会", "班子未登记", "联合单位过多", "单位应单设", "未设纪委", "可开代表大会"),
)


def test_the_same_by_unit_type(district, officer):
    table = Structure(user=officer, node=district, on=DAY).by_unit_type()

    assert table.columns == HEADS
    assert numbers(table) == {
        "村": [7, 1, 0, 2, 1, 2, 1, 1, 0, 0, 0, 0, 0, 1],
        "机关": [3, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0],
        "非公企业": [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0],
        "未登记": [1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
        "合计": [13, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1],
    }


def test_the_same_by_street(district, officer):
    table = Structure(user=officer, node=district, on=DAY).by_place()

    assert table.columns == HEADS
    assert numbers(table) == {
        "东湖街道党工委": [7, 1, 0, 2, 1, 2, 1, 1, 0, 0, 0, 0, 0, 1],
        "和平街道党工委": [6, 0, 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 1, 0],
        "合计": [13, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1],
    }


def test_what_is_not_tested_is_counted_apart(district, officer):
    found = Structure(user=officer, node=district, on=DAY)

    # The district's committee, two 党工委, a temporary branch.
    assert (len(found.lines), found.outside) == (13, 4)


def every_cell(found: Structure):
    tables = (found.by_kind(), found.by_full_members(), found.by_unit_type(), found.by_place())
    yield from (cell for table in tables for row in (*table.rows, table.total) for cell in row.cells)
    yield from (cell for each in found.asked() for cell in (each.of_all, each.of_like))


@pytest.mark.parametrize("unit_type", [None, "village", "private", "none", "hospital"])
def test_every_number_is_the_number_of_organizations_it_selects(district, officer, unit_type):
    found = Structure(user=officer, node=district, on=DAY, unit_type=unit_type)

    for cell in every_cell(found):
        assert len(found.select(cell.selection)) == cell.number, cell


def test_the_rules_find_for_each_row_what_was_counted(district, officer):
    found = Structure(user=officer, node=district, on=DAY)

    for detail in found.details(found.lines):
        assert set(detail.findings) == detail.line.demands, detail.name


@pytest.mark.parametrize("unit_type", [None, "village", "none"])
def test_columns_add_up_to_their_total(district, officer, unit_type):
    found = Structure(user=officer, node=district, on=DAY, unit_type=unit_type)

    for table in (found.by_kind(), found.by_full_members(), found.by_unit_type(), found.by_place()):
        sums = [
            sum(column) for column in zip(*([cell.number for cell in row.cells] for row in table.rows), strict=True)
        ]
        assert sums == [cell.number for cell in table.total.cells]
    for row in found.by_kind().rows:
        assert sum(cell.number for cell in row.cells[:-1]) == row.cells[-1].number


def test_the_page_narrowed_to_a_unit_type_counts_that_type_alone(district, officer):
    found = Structure(user=officer, node=district, on=DAY, unit_type="agency")

    assert numbers(found.by_kind())["合计"] == [0, 1, 0, 2, 0, 0, 3]
    assert (len(found.lines), found.outside) == (3, 1)


def test_rows_come_largest_first_and_unknown_last(district, officer):
    structure = Structure(user=officer, node=district, on=DAY)

    found = structure.select(Selection(kind=Kind.BRANCH, unit_type="village"))

    assert [detail.name for detail in structure.details(found)] == [
        "大村党支部",
        "中村党支部",
        "满村党支部",
        "小村党支部",
        "新村党支部",
    ]
    assert [line.band for line in found] == ["100-499", "51-99", "50-50", "0-49", UNKNOWN]


def test_kind_and_unit_type_are_those_of_the_day(root, officer):
    grown = declared(root, "石桥村党总支", 60, kind=Kind.GENERAL_BRANCH, unit_type=UnitType.VILLAGE)
    OrganizationChange.objects.create(
        organization=grown, field="kind", on=DAY, before="branch", after="general_branch", by=officer
    )
    eve = DAY - datetime.timedelta(days=1)

    before, after = (Structure(user=officer, node=root, on=on).lines[0] for on in (eve, DAY))

    assert (before.kind, before.demands) == (Kind.BRANCH, {Demand.GENERAL_BRANCH_MAY, Demand.TOO_LARGE})
    assert (after.kind, after.demands) == (Kind.GENERAL_BRANCH, frozenset())


def test_of_unknown_numbers_no_share_is_told(root, officer):
    OrganizationFactory(parent=root)

    asked = {each.demand: each for each in Structure(user=officer, node=root, on=DAY).asked()}

    assert (asked[Demand.TOO_LARGE].of_all.number, asked[Demand.TOO_LARGE].of_all.share) == (0, "")
    assert asked[Demand.NO_POSTS].of_all.share == "0.0%"


def test_a_stricter_law_of_the_district_is_in_the_words_from_its_day_on(district):
    since = datetime.date(2099, 1, 1)
    approver = user_at(district, Role.APPROVER)
    add_local_value(
        root=district, parameter="below_three_months", since=since, value=3, basis="云组〔2098〕9号", by=approver
    )

    words = []
    for on in (since - datetime.timedelta(days=1), since):
        asked = Structure(user=approver, node=district, on=on).asked()
        words.append(next(each.label for each in asked if each.demand == Demand.KEPT_TOO_LONG))

    assert words == ["正式党员不足且超过保留期限（6个月）", "正式党员不足且超过保留期限（3个月）"]


def test_a_stranger_counts_nothing(district):
    stranger = user_at(RootFactory(code="X", name="另一个区委"))

    assert Structure(user=stranger, node=district, on=DAY).lines == []


@pytest.mark.parametrize(
    ("number", "of", "words"),
    [
        (560, 1427, "39.2%"),
        (192, 205, "93.7%"),
        (41, 337, "12.2%"),
        (169, 391, "43.2%"),
        (1, 8, "12.5%"),
        (1, 16, "6.3%"),  # 6.25: half is rounded up
        (1, 2000, "0.1%"),
        (0, 3, "0.0%"),
        (3, 3, "100.0%"),
    ],
)
def test_shares_are_rounded_half_up_to_one_decimal(number, of, words):
    assert share(number, of) == words


@pytest.fixture
def villages(root):
    """1,427 villages in three towns, as published: 267 of 1–49, 955 of 51–99, 205 of 100 and more members."""
    sizes = [*(1 + n % 49 for n in range(267)), *(51 + n % 49 for n in range(955)), *(100 + n for n in range(205))]
    kinds = [Kind.BRANCH] * 827 + [Kind.GENERAL_BRANCH] * 587 + [Kind.COMMITTEE] * 13
    towns = [StreetFactory(parent=root) for _ in range(3)]
    made = Organization.objects.bulk_create(
        Organization(
            parent=towns[number % 3],
            path=towns[number % 3].path + paths.segment(number // 3),
            code=f"V{number:05d}",
            name=f"虚构{number}村",
            sort_key=f"xugou{number:05d}",
            kind=kind,
            unit_type=UnitType.VILLAGE,
        )
        for number, kind in enumerate(kinds)
    )
    DeclaredCount.objects.bulk_create(
        DeclaredCount(organization=each, on=datetime.date(2026, 1, 1), full=size)
        for each, size in zip(made, sizes, strict=True)
    )
    return root


def test_the_published_table_of_villages(villages, officer):
    found = Structure(user=officer, node=villages, on=DAY)

    assert numbers(found.by_kind()) == {
        "党委": [0, 0, 0, 13, 0, 0, 13],
        "党总支": [0, 0, 395, 192, 0, 0, 587],
        "党支部": [267, 0, 560, 0, 0, 0, 827],
        "合计": [267, 0, 955, 205, 0, 0, 1427],
    }
    asked = {each.demand: each for each in found.asked()}
    too_large, not_raised = asked[Demand.TOO_LARGE].of_all, asked[Demand.COMMITTEE_MAY].of_all
    assert (too_large.number, too_large.of, too_large.share) == (560, 1427, "39.2%")
    assert (not_raised.number, not_raised.of, not_raised.share) == (192, 1427, "13.5%")
    assert asked[Demand.GENERAL_BRANCH_MAY].of_all.number == 560
    assert sum(row.cells[0].number for row in found.by_place().rows) == 1427
    for cell in every_cell(found):
        assert len(found.select(cell.selection)) == cell.number


def test_a_sum_is_known_once_the_books_of_all_below_are_open(root, officer):
    committee = OrganizationFactory(parent=root, name="机关党委", kind=Kind.COMMITTEE, unit_type=UnitType.AGENCY)
    early = declared(committee, "早建账党支部", 9, unit_type=UnitType.AGENCY)
    late = declared(committee, "晚建账党支部", 9, unit_type=UnitType.AGENCY)
    OpeningFactory(organization=committee, opened_on=datetime.date(2026, 1, 1))
    OpeningFactory(organization=late, opened_on=datetime.date(2026, 12, 1))

    def unknown(on):
        lines = Structure(user=officer, node=root, on=on).lines
        return {line.key for line in lines if line.band == UNKNOWN}

    assert unknown(DAY) == {committee.pk, late.pk}
    assert unknown(datetime.date(2026, 12, 1)) == set()
    assert early.pk not in unknown(DAY)
