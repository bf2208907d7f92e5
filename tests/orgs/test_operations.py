"""Operations: services run, every row they wrote is noted, tried without a trace, and taken back as it was."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from orgs import tree
from orgs.enums import Role
from orgs.models import (
    AuditEvent,
    Grant,
    Operation,
    OperationEffect,
    Organization,
    OrganizationChange,
    OrganizationUnit,
)
from orgs.operations import AlreadyUndone, NothingChanged, RowsChanged, Watch, attempt, perform, undo, undo_blocked
from orgs.refusals import UndoBlocked
from orgs.services.grants import revoke_grant
from orgs.services.units import set_units
from tests.factories import GrantFactory, OrganizationFactory, RootFactory, StreetFactory, UnitFactory, user_at
from tests.snapshots import books

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 11, 1)


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory(), name="东湖街道党工委")


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street, name="石桥社区第一党支部")


@pytest.fixture
def clerk(street):
    return user_at(street)


def watch(*organizations) -> Watch:
    keys = [each.pk for each in organizations]
    return Watch(
        [
            Organization.everything.filter(pk__in=keys),
            OrganizationChange.objects.filter(organization__in=keys),
            OrganizationUnit.objects.filter(organization__in=keys),
            Grant.objects.filter(organization__in=keys),
        ]
    )


def asked(branch, by, run, **more) -> dict:
    return {
        "kind": "rename",
        "organization": branch,
        "on": ON,
        "by": by,
        "watch": watch(branch),
        "run": run,
        "summary": "改名",
        **more,
    }


def rename(branch, by, name="石桥社区联合党支部"):
    return lambda watch: tree.reshape(branch, on=ON, name=name, by=by)


def noted(operation) -> dict:
    return {effect.table: (effect.before, effect.after) for effect in operation.effects.all()}


def test_rows_that_a_service_wrote_are_noted_with_both_values(branch, clerk):
    operation = perform(**asked(branch, clerk, rename(branch, clerk), document_no="云组〔2026〕7号"))

    old = {"name": "石桥社区第一党支部", "sort_key": "shi qiao she qu di yi dang zhi bu"}
    notes = noted(operation)
    assert notes["orgs.organization"][0].keys() == old.keys()
    assert notes["orgs.organization"][0]["name"] == "石桥社区第一党支部"
    assert notes["orgs.organization"][1]["name"] == "石桥社区联合党支部"
    assert notes["orgs.organizationchange"][0] is None
    assert notes["orgs.organizationchange"][1]["before"] == "石桥社区第一党支部"
    assert notes.keys() == {"orgs.organization", "orgs.organizationchange"}
    assert (operation.on, operation.by, operation.document_no, operation.undone_at) == (
        ON,
        clerk,
        "云组〔2026〕7号",
        None,
    )
    assert list(AuditEvent.objects.filter(target_uid=operation.uid).values_list("kind", flat=True)) == [
        "operation.perform"
    ]


def test_undo_restores_every_row_and_says_who_did(branch, clerk):
    before = books()
    operation = perform(**asked(branch, clerk, rename(branch, clerk)))
    assert books() != before

    undone = undo(operation=operation, by=clerk)

    assert books() == before
    assert (undone.undone_by, undone.undone_at is not None) == (clerk, True)
    assert Organization.objects.get(pk=branch.pk).version == 3
    with pytest.raises(AlreadyUndone):
        undo(operation=operation, by=clerk)


def test_a_later_change_blocks_the_undo_by_name_until_it_is_taken_back(branch, clerk):
    first = perform(**asked(branch, clerk, rename(branch, clerk)))
    later = perform(**asked(branch, clerk, rename(branch, clerk, "石桥社区第三党支部")))
    names = ["党组织“石桥社区第三党支部”在办理后又被修改"]

    assert undo_blocked(first).reasons == names
    with pytest.raises(UndoBlocked) as refused:
        undo(operation=first, by=clerk)
    assert refused.value.reasons == names

    undo(operation=later, by=clerk)
    undo(operation=first, by=clerk)
    assert Organization.objects.get(pk=branch.pk).name == "石桥社区第一党支部"


def test_what_hangs_on_a_founded_organization_blocks_the_undo(street, clerk):
    def found(watched):
        new = tree.create(by=clerk, parent=street, name="新设党支部", kind="branch")
        watched.add([Organization.everything.filter(pk=new.pk)])

    before = books()
    operation = perform(**asked(street, clerk, found))
    unit = UnitFactory(keeper=Organization.objects.get(name="新设党支部"))
    with pytest.raises(UndoBlocked) as refused:
        undo(operation=operation, by=clerk)
    assert refused.value.reasons == ["单位“云岭虚构制造有限公司”依赖这次办理新增的党组织“新设党支部”"]

    unit.delete()
    undo(operation=operation, by=clerk)

    assert books() == before


def test_removed_rows_come_back_unless_their_place_is_taken(branch, street, clerk):
    one, other = UnitFactory(keeper=street), UnitFactory(keeper=street, name="云岭虚构纺织有限公司")
    set_units(branch, units=[one], by=clerk)
    before = books()
    operation = perform(**asked(branch, clerk, lambda watch: set_units(branch, units=[other], by=clerk)))

    undo(operation=operation, by=clerk)

    assert books() == before
    again = perform(**asked(branch, clerk, lambda watch: set_units(branch, units=[other], by=clerk)))
    set_units(branch, units=[one, other], by=clerk)
    with pytest.raises(UndoBlocked) as refused:
        undo(operation=again, by=clerk)
    assert refused.value.reasons == [
        "所在单位“石桥社区第一党支部 云岭虚构制造有限公司”不能恢复：该单位已列入本党组织。"
    ]


def test_a_right_that_was_ended_comes_back(branch, clerk):
    grant = GrantFactory(user=clerk, organization=branch)
    manager = user_at(branch.parent, Role.GRANT_ADMIN)
    before = books()
    operation = perform(**asked(branch, clerk, lambda watch: revoke_grant(grant, by=manager, on=ON)))

    undo(operation=operation, by=clerk)

    assert books() == before


def test_a_moved_organization_goes_back_although_its_old_place_was_given_away(street, branch, clerk):
    committee = OrganizationFactory(parent=street, name="石桥社区党委", kind="committee")
    moved = OrganizationFactory(parent=street, name="石桥社区第二党支部")
    place = moved.path
    operation = perform(**asked(moved, clerk, lambda watch: tree.move(moved, to=committee, on=ON, by=clerk)))
    newcomer = tree.create(by=clerk, parent=street, name="石桥社区第三党支部", kind="branch")
    assert newcomer.path == place

    undo(operation=operation, by=clerk)

    back = Organization.objects.get(pk=moved.pk)
    assert (back.parent, back.path) == (street, tree.paths.parent_of(place) + tree.paths.segment(3))
    assert Organization.objects.get(pk=newcomer.pk).path == place


def test_trying_leaves_no_trace(branch, clerk, django_capture_on_commit_callbacks):
    called = []

    def run(watch):
        tree.reshape(branch, on=ON, name="石桥社区联合党支部", by=clerk)
        transaction.on_commit(lambda: called.append("after"))

    before = books(versions=True)
    events = AuditEvent.objects.count()

    with django_capture_on_commit_callbacks(execute=True):
        name, seen = attempt(
            **asked(branch, clerk, run), read=lambda operation: Organization.objects.get(pk=branch.pk).name
        )

    assert (name, called) == ("石桥社区联合党支部", [])
    assert books(versions=True) == before
    assert (AuditEvent.objects.count(), Operation.objects.count(), OperationEffect.objects.count()) == (events, 0, 0)
    fresh = Organization.objects.get(pk=branch.pk)
    perform(**asked(branch, clerk, rename(fresh, clerk), expected=seen))
    assert Organization.objects.get(pk=branch.pk).name == "石桥社区联合党支部"


def test_rows_that_changed_since_they_were_tried_are_refused(branch, clerk):
    _, seen = attempt(**asked(branch, clerk, rename(branch, clerk)), read=lambda operation: None)
    fresh = Organization.objects.get(pk=branch.pk)
    tree.reshape(fresh, on=ON, name="石桥社区第九党支部", by=clerk)

    with pytest.raises(RowsChanged):
        perform(**asked(fresh, clerk, rename(fresh, clerk), expected=seen))

    assert Organization.objects.get(pk=branch.pk).name == "石桥社区第九党支部"


def test_an_operation_that_writes_nothing_is_no_operation(branch, clerk):
    with pytest.raises(NothingChanged):
        perform(**asked(branch, clerk, lambda watch: None))

    assert Operation.objects.count() == 0


def test_officials_of_another_street_and_viewers_neither_do_nor_undo(street, branch, clerk):
    operation = perform(**asked(branch, clerk, rename(branch, clerk)))
    others = [user_at(StreetFactory(parent=street.parent)), user_at(street, Role.VIEWER)]

    for other in others:
        with pytest.raises(PermissionDenied):
            perform(**asked(branch, other, rename(branch, clerk, "另一个党支部")))
        with pytest.raises(PermissionDenied):
            undo(operation=operation, by=other)

    assert [list(Operation.objects.visible_to(each)) for each in (clerk, *others)] == [[operation], [], [operation]]
    assert [list(Operation.objects.editable_by(each)) for each in (clerk, *others)] == [[operation], [], []]
