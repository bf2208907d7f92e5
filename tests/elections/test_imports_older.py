"""A ledger older than a recorded change of an organization does not change it back."""

import datetime

import pytest

from elections import imports
from elections.imports import confirm
from orgs import tree
from orgs.enums import Form
from orgs.models import Organization, OrganizationChange
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 6, 1)
CHANGED = datetime.date(2026, 9, 1)
TITLES = ["党组织编码", "党组织名称", "组织类别", "组织形式", "上级党组织名称", "联系人"]


@pytest.fixture
def street():
    return factories.StreetFactory(parent=factories.RootFactory(), code="YL", name="虚构街道党工委")


@pytest.fixture
def clerk(street):
    return factories.user_at(street)


@pytest.fixture
def branch(street):
    branch = factories.OrganizationFactory(parent=street, code="YL01", name="虚构社区第一党支部")
    factories.TermFactory(organization=branch)
    return branch


def upload(clerk, name, form, superior, contact="何丽华", on=ON):
    data = workbooks.xlsx(("台账", [TITLES, ["YL01", name, "党支部", form, superior, contact]]))
    return imports.upload(
        data=data, file_name="台账.xlsx", kind="organizations", organization=clerk.organization, on=on, by=clerk
    )


def issues(batch):
    return [(each.header, each.code.value, each.message) for each in imports.preview(batch).issues]


REST = "变更，名册日期2026-06-01早于那一天，不能据此再改；请核对这一行，或者以那一天以后的名册日期重新上传。"


def test_a_name_of_before_a_recorded_change_is_a_row_error(branch, clerk, street):
    tree.reshape(branch, name="虚构社区联合党支部", form=Form.JOINT, on=CHANGED, by=clerk)

    batch = upload(clerk, "虚构社区第一党支部", "普通", "虚构街道党工委")

    assert issues(batch) == [
        ("组织形式", "DATE_ORDER", f"组织形式已于2026-09-01{REST}"),
        ("党组织名称", "DATE_ORDER", f"党组织名称已于2026-09-01{REST}"),
    ]


def test_a_superior_of_before_a_recorded_move_is_a_row_error(branch, clerk, street):
    new = factories.OrganizationFactory(parent=street, name="虚构社区党委", kind="committee", code="YL02")
    tree.move(branch, to=new, on=CHANGED, by=clerk)

    batch = upload(clerk, branch.name, "普通", "虚构街道党工委")

    assert issues(batch) == [("上级党组织名称", "DATE_ORDER", f"上级党组织已于2026-09-01{REST}")]


def test_what_is_not_dated_and_what_agrees_is_taken_from_an_older_ledger(branch, clerk):
    tree.reshape(branch, name="虚构社区联合党支部", on=CHANGED, by=clerk)

    batch = upload(clerk, "虚构社区联合党支部", "普通", "虚构街道党工委")

    assert issues(batch) == []
    confirm(batch=batch, partial=False, by=clerk)
    assert Organization.objects.get(pk=branch.pk).contact_name == "何丽华"


def test_a_later_ledger_changes_it_again_in_the_order_of_days(branch, clerk):
    tree.reshape(branch, name="虚构社区联合党支部", on=CHANGED, by=clerk)

    batch = upload(clerk, "虚构社区第一党支部", "普通", "虚构街道党工委", on=datetime.date(2026, 10, 1))

    assert issues(batch) == []
    confirm(batch=batch, partial=False, by=clerk)
    changes = OrganizationChange.objects.filter(organization=branch, field="name").order_by("id")
    assert [(each.on, each.after) for each in changes] == [
        (CHANGED, "虚构社区联合党支部"),
        (datetime.date(2026, 10, 1), "虚构社区第一党支部"),
    ]
