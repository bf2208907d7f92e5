"""A published count of 412 organizations = 10 党委 + 11 党总支 + 391 党支部, told by `manage.py ledger --format json`.

Generated as a 党组织台账 of 414: two branches more, one of which is closed the day before the count and one on its
very day. A day of closing is the first day on which an organization no longer exists, so both are gone: by hand
1 + 9 党委, 11 党总支, 393 − 2 = 391 党支部, the asked-for 党委 itself being one of the 412.
"""

import datetime
import json
from datetime import timedelta

import pytest
from django.core.management import call_command

from elections.services.closing import close_organization
from orgs.models import Organization
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ON = datetime.date(2025, 12, 31)
TITLES = [
    "党组织编码", "党组织名称", "上级党组织编码", "组织类别", "所在单位类别", "换届日期", "正式党员数", "预备党员数",
]  # fmt: skip
TOP = "GX"
NONE = {"local_committee": 0, "working_committee": 0}


def row(code: str, name: str, parent: str, kind: str, elected: str, full: int | None = None) -> list:
    return [code, name, parent, kind, "高校", elected, full and str(full), None]


def roster() -> list[list]:
    """The 党委 of an invented university, 9 党委 and 11 党总支 of its colleges, 393 branches below those."""
    committees = [f"{TOP}{number:02d}" for number in range(1, 10)]
    general_branches = [f"{TOP}{number:02d}" for number in range(10, 21)]
    rows = [row(TOP, "中共虚构大学委员会", "YL", "党委", "2021-06-15")]
    rows += [row(code, f"虚构{code}学院党委", TOP, "党委", "2022-03-15") for code in committees]
    rows += [row(code, f"虚构{code}学院党总支", TOP, "党总支", "2023-09-01") for code in general_branches]
    colleges = committees + general_branches
    for number in range(393):
        college = colleges[number % len(colleges)]
        code = f"{college}{number:03d}"
        rows.append(row(code, f"虚构{code}党支部", college, "党支部", "2024-04-10", 5 + number % 40))
    return rows


@pytest.fixture
def university(tmp_path):
    """414 organizations on the books, of which two branches are closed: the day before the count and on its day."""
    root = factories.RootFactory(code="YL")
    clerk = factories.user_at(root, username="clerk")
    path = tmp_path / "党组织台账.xlsx"
    path.write_bytes(workbooks.xlsx(("党组织台账", [TITLES, *roster()])))
    call_command("import_roster", "organizations", str(path), "--user", "clerk", "--on", "2025-06-01", "--confirm")
    for code, closed_on in ((f"{TOP}01000", ON - timedelta(days=1)), (f"{TOP}02001", ON)):
        close_organization(organization=Organization.objects.get(code=code), on=closed_on, by=clerk)


def test_four_hundred_and_twelve_organizations_after_two_were_closed(university, tmp_path):
    def counted(day: datetime.date) -> tuple[int, dict[str, int]]:
        output = tmp_path / "ledger.json"
        call_command("ledger", "--node", TOP, "--on", str(day), "--format", "json", "--output", str(output))
        found = json.loads(output.read_text())
        assert sum(found["states"].values()) == sum(found["kinds"].values()) == found["total"]
        assert len({each["code"] for each in found["rows"]}) == found["total"]
        return found["total"], found["kinds"]

    upper = {**NONE, "committee": 10, "general_branch": 11}
    assert counted(ON) == (412, {**upper, "branch": 391})
    assert counted(ON - timedelta(days=1)) == (413, {**upper, "branch": 392})
    assert counted(ON - timedelta(days=2)) == (414, {**upper, "branch": 393})
    # The day after the count nothing changes: a closed organization leaves once.
    assert counted(ON + timedelta(days=1)) == (412, {**upper, "branch": 391})
