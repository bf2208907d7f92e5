"""Taking a member roster back: every row as it was before, or a list of what stands in the way."""

import datetime

import pytest

from elections import imports
from members.models import Affiliation, Member
from orgs.enums import BatchState
from orgs.models import ImportEffect
from tests import factories
from tests.members.rosters import LI, WANG, ZHAO, books, confirmed, li

pytestmark = pytest.mark.django_db


def test_undo_brings_back_every_row(root, branch, clerk):
    confirmed(clerk, root, li(), li(姓名="赵芳", 公民身份号码=ZHAO), on=datetime.date(2026, 1, 10))
    before = books()
    batch = confirmed(
        clerk, root, li(姓名="李鸣", 联系电话="15400000009", 是否流动党员="是"), li(姓名="王强", 公民身份号码=WANG)
    )
    assert books() != before

    undone = imports.undo(batch=batch, by=clerk)

    assert undone.state == BatchState.UNDONE
    assert books() == before


def test_undo_refuses_and_names_what_was_changed_since(root, branch, clerk):
    batch = confirmed(clerk, root, li())
    later = confirmed(clerk, root, li(姓名="李鸣"))

    with pytest.raises(imports.UndoBlocked) as refused:
        imports.undo(batch=batch, by=clerk)
    assert refused.value.reasons == ["党员“李鸣”在导入后又被修改"]

    imports.undo(batch=later, by=clerk)
    imports.undo(batch=batch, by=clerk)

    assert Member.everything.count() == 0


def test_undo_refuses_while_something_points_at_a_new_row(root, branch, clerk):
    batch = confirmed(clerk, root, li())
    factories.StandingFactory(member=Member.objects.get(), kind="lost")

    with pytest.raises(imports.UndoBlocked) as refused:
        imports.undo(batch=batch, by=clerk)

    assert refused.value.reasons == ["党员情形“李明 失联”依赖本批次新增的党员“李明”"]
    assert Member.objects.count() == 1


def test_effects_hold_no_number_in_clear(root, branch, clerk):
    confirmed(clerk, root, li())
    confirmed(clerk, root, li(联系电话="15400000009"))

    text = str(list(ImportEffect.objects.values_list("before", "after")))
    for number in (LI, "15400000001", "15400000009"):
        assert number not in text
    assert '"phone_sealed": "v1.' in text.replace("'", '"')


def test_a_new_row_changed_and_put_back_by_somebody_else_is_as_it_was_written(root, branch, clerk):
    batch = confirmed(clerk, root, li())
    later = confirmed(clerk, root, li(姓名="李鸣"))
    imports.undo(batch=later, by=clerk)

    imports.undo(batch=batch, by=clerk)

    assert (Member.objects.count(), Affiliation.objects.count()) == (0, 0)
