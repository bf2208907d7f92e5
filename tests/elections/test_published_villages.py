"""A published table of 1,427 villages, generated as a 党组织台账, imported by command and read from the ledger.

267 villages have 1–49 members, 955 have 51–99, 205 have 101 or more; their organizations are 13 党委, 587 党总支 and
827 党支部, and no small village has more than a 党支部. By hand: 827 branches − 267 small ones = 560 branches of more
than 50 members, 39.2 % of 1,427; 205 large villages − 13 党委 = 192 of a hundred or more that are no 党委.
"""

import datetime
import json

import pytest
from django.core.management import call_command

from members.models import DeclaredCount
from orgs.enums import Kind, UnitType
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ON = datetime.date(2023, 6, 1)
TITLES = [
    "党组织编码", "党组织名称", "上级党组织编码", "组织类别", "所在单位类别", "换届日期", "正式党员数", "预备党员数",
]  # fmt: skip
TOWNS = 14
SIZES = [
    *(1 + number % 49 for number in range(267)),
    *(51 + number % 49 for number in range(955)),
    *(101 + number for number in range(205)),
]
KINDS = ["党支部"] * 827 + ["党总支"] * 587 + ["党委"] * 13


def village(number: int, kind: str, size: int) -> list:
    """One row: every 25th member is a probationary one, so that 50 and 100 are about both."""
    town = f"CW{1 + number % TOWNS:02d}"
    name = f"虚构{number + 1}号村{kind}"
    return [f"{town}{number:04d}", name, town, kind, "村", "2021-03-15", str(size - size // 25), str(size // 25)]


@pytest.fixture
def county():
    """The committee of an invented county with its towns; the villages come with the roster."""
    county = factories.RootFactory(code="CW")
    for number in range(1, TOWNS + 1):
        factories.OrganizationFactory(
            parent=county,
            code=f"CW{number:02d}",
            name=f"虚构{number}号镇党委",
            kind=Kind.COMMITTEE,
            unit_type=UnitType.TOWNSHIP,
        )
    factories.user_at(county, username="clerk")
    return county


def test_branches_over_fifty_and_villages_of_a_hundred_without_a_committee(county, tmp_path):
    rows = [village(number, kind, size) for number, (kind, size) in enumerate(zip(KINDS, SIZES, strict=True))]
    roster, written, ledger = tmp_path / "党组织台账.xlsx", tmp_path / "report.json", tmp_path / "ledger.json"
    roster.write_bytes(workbooks.xlsx(("党组织台账", [TITLES, *rows])))

    options = ["--user", "clerk", "--on", str(ON), "--confirm", "--report", str(written)]
    call_command("import_roster", "organizations", str(roster), *options)
    call_command("ledger", "--node", "CW", "--on", str(ON), "--format", "json", "--output", str(ledger))

    counts = json.loads(written.read_text())["counts"]
    assert {name: counts[name] for name in ("rows", "good", "bad", "new")} == {
        "rows": 1427,
        "good": 1427,
        "bad": 0,
        "new": 1427,
    }
    declared = DeclaredCount.objects.all()
    assert (declared.count(), set(declared.values_list("on", "batch__kind"))) == (1427, {(ON, "organizations")})
    found = json.loads(ledger.read_text())
    assert (found["total"], found["kinds"]) == (
        1 + TOWNS + 1427,
        {"local_committee": 1, "working_committee": 0, "committee": TOWNS + 13, "general_branch": 587, "branch": 827},
    )
    villages = [row for row in found["rows"] if len(row["code"]) == len("CW010000")]
    too_large = [row for row in villages if "ORG-02" in row["findings"]]
    assert ({row["kind"] for row in too_large}, len(too_large)) == ({"branch"}, 560)
    assert round(100 * len(too_large) / len(villages), 1) == 39.2
    hundred = [row for row in villages if "ORG-17" in row["findings"]]
    assert ({row["kind"] for row in hundred}, len(hundred)) == ({"general_branch"}, 192)
    # Nobody outside the table is counted with it.
    others = [row for row in found["rows"] if row not in villages]
    assert [row["code"] for row in others if {"ORG-02", "ORG-17"} & {*row["findings"]}] == []
