"""The member roster out of the books comes back as unchanged, masked or not."""

import pytest
from django.core.exceptions import PermissionDenied

from elections import imports
from orgs import workbook
from orgs.models import AuditEvent
from tests import factories
from tests.members.rosters import LI, ON, ZHAO, codes, confirmed, exported, li, outcome, upload

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("unmasked", [True, False])
def test_export_comes_back_as_unchanged(root, branch, clerk, unmasked):
    confirmed(
        clerk, root, li(是否流动党员="是"), li(姓名="赵芳", 公民身份号码=ZHAO, 入党日期="2005.07", 转正日期="2006")
    )

    data = exported(clerk, root, unmasked=unmasked)
    batch = imports.upload(data=data, file_name="a.xlsx", kind="auto", organization=root, on=ON, by=clerk)

    assert [step for _, _, step in outcome(batch)] == ["unchanged", "unchanged"]


def test_export_is_masked_logged_and_comes_back_as_unchanged(root, branch, clerk):
    confirmed(clerk, root, li())

    data = imports.export(kind="members", organization=root, on=ON, by=clerk)

    cells = workbook.read(data, "a.xlsx").sheets[0].rows[1].cells
    assert [cell for cell in cells if cell and "*" in cell] == ["119901********" + LI[-4:], "154****0001"]
    assert AuditEvent.objects.filter(kind="roster.export", actor=clerk).count() == 1
    batch = imports.upload(data=data, file_name="a.xlsx", kind="auto", organization=root, on=ON, by=clerk)
    assert outcome(batch) == [(2, "ok", "unchanged")]


def test_export_of_another_street_is_refused(root, branch):
    stranger = factories.user_at(factories.StreetFactory(parent=root))

    with pytest.raises(PermissionDenied):
        imports.export(kind="members", organization=branch, on=ON, by=stranger)


def test_masked_number_of_nobody_here_is_an_error(root, branch, clerk):
    batch = upload(clerk, root, li(公民身份号码="119901********" + LI[-4:]))

    assert codes(batch) == [(2, 4, "ID_LENGTH")]
