"""Rosters are judged by the law of the tree they are for: a shorter time for the first election counts there only."""

import datetime

import pytest

from elections import imports
from elections.models import LocalValue
from tests.factories import OrganizationFactory, RootFactory, user_at
from tests.workbooks import xlsx

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
# Seven months before the day: in time by the twelve months of the country, too late by six.
FOUNDED = datetime.date(2026, 4, 21)
ORGANIZATIONS = (
    "党组织编码",
    "党组织名称",
    "上级党组织编码",
    "组织类别",
    "所在单位类别",
    "成立日期",
    "换届日期",
    "书记",
)
TERMS = ("党组织编码", "党组织名称", "班子", "届次", "换届日期", "任期(年)", "届满日期", "换届批复文号", "延期至")


@pytest.fixture
def districts():
    """One that allows six months since 2026, one with the law of the country; each with a branch of seven months."""
    strict, other = RootFactory(code="YL"), RootFactory(code="LC", name="中共邻川区委员会")
    LocalValue.objects.create(
        root=strict,
        by=user_at(strict),
        parameter="first_election_months",
        since=datetime.date(2026, 1, 1),
        value=6,
        basis="云组〔2025〕9号",
    )
    for root in (strict, other):
        OrganizationFactory(parent=root, code=f"{root.code}01", name="虚构里社区党支部", founded_on=FOUNDED)
    return strict, other


def issues(root, header, row) -> list[str]:
    """The codes found in a roster of one row for the district of `root`."""
    data = xlsx(("台账", [list(header), [row.get(title) for title in header]]))
    batch = imports.upload(data=data, file_name="台账.xlsx", kind="auto", organization=root, on=ON, by=user_at(root))
    return [each.code.value for each in imports.preview(batch).issues]


def test_roster_of_terms_misses_a_first_election_that_is_late_in_its_district(districts):
    rows = [{"党组织编码": f"{root.code}01", "党组织名称": "虚构里社区党支部"} for root in districts]

    found = [issues(root, TERMS, row) for root, row in zip(districts, rows, strict=True)]

    assert found == [["TERM_MISSING"], []]


def test_roster_of_organizations_misses_it_too(districts):
    rows = [
        {
            "党组织编码": f"{root.code}02",
            "党组织名称": "虚构外社区党支部",
            "上级党组织编码": root.code,
            "组织类别": "党支部",
            "所在单位类别": "社区",
            "成立日期": FOUNDED.isoformat(),
        }
        for root in districts
    ]

    found = [issues(root, ORGANIZATIONS, row) for root, row in zip(districts, rows, strict=True)]

    assert found == [["TERM_MISSING"], []]
