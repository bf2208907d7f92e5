"""Which sheet is a 流动党员台账, and of which direction."""

import pytest

from elections import imports
from orgs.enums import Role
from orgs.models import Organization
from tests import factories
from tests.elections.floating.ledgers import BRANCH, LI, outcome, problems, upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "header", "expected"),
    [
        ("流出党员", ["姓名", "公民身份号码", "所在党支部", "流动时间", "流动原因"], "out"),
        ("流入党员", ["姓名", "公民身份号码", "所在党支部", "流动时间", "流动原因"], "in"),
        ("Sheet1", ["姓名", "公民身份号码", "所在党支部", "外出日期", "外出原因"], "out"),
        ("Sheet1", ["姓名", "公民身份号码", "所在党支部", "流入日期", "流动原因"], "in"),
        ("Sheet1", ["姓名", "公民身份号码", "所在党支部", "流动时间", "流动原因"], None),
    ],
)
def test_the_direction_is_told_by_the_sheet_or_its_columns(street, branch, clerk, li, title, header, expected):
    batch = upload(clerk, street, (title, [header, ["李明", LI, BRANCH, "2025-03-01", "务工"]]), kind="floating")

    (row,) = imports.preview(batch).rows
    assert row.record.get("direction") == {"out": "流出", "in": "流入", None: None}[expected]
    assert ("看不出是流出还是流入" in str(problems(batch))) == (expected is None)


def test_a_direction_column_wins_and_a_branch_need_not_name_itself(branch, li):
    secretary = factories.user_at(branch, Role.BRANCH)
    header = ["方向", "姓名", "外出流向", "流动时间", "组织关系所在地"]

    batch = upload(
        secretary,
        Organization.objects.get(pk=branch.pk),
        (
            "流动党员",
            [
                header,
                ["流出", "李明", "虚构省", "2025-03-01", None],
                ["流入", "赵敏", None, "2025-03-01", "虚构县"],
            ],
        ),
    )

    assert batch.kind == "floating"
    assert [(each[1], each[2]) for each in outcome(batch)] == [("ok", "new"), ("warning", "new")]


def test_a_member_roster_that_tells_who_floats_stays_a_member_roster(street, branch, clerk, li):
    header = ["姓名", "公民身份号码", "所在党支部", "性别", "入党日期", "是否流动党员", "外出流向", "外出日期"]
    row = ["李明", LI, BRANCH, "男", "2005-07-01", "是", "虚构省", "2025-03-01"]

    batch = upload(clerk, street, ("花名册", [header, row]))

    assert batch.kind == "members"


def test_a_member_roster_is_not_taken_for_a_ledger_of_floating_members(street, branch, clerk, li):
    batch = upload(
        clerk, street, ("花名册", [["姓名", "公民身份号码", "所在党支部"], ["李明", LI, BRANCH]]), kind="floating"
    )

    assert (batch.state, imports.preview(batch).issues[0].code.value) == ("rejected", "WRONG_KIND")
