"""The tree: what may stand where, who may change it, and what is written down about it."""

import threading
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections, transaction
from django.utils import timezone

from orgs import paths, tree
from orgs.enums import Action, Form, Kind, Role, UnitType
from orgs.models import AuditEvent, Organization, OrganizationChange
from orgs.services.records import StaleRecord
from tests.concurrency import needs_two_writers, wait_until_somebody_waits_for_a_lock
from tests.factories import GrantFactory, OrganizationFactory, RootFactory, StreetFactory, UserFactory, user_at

DAY = date(2026, 6, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def street(root):
    return StreetFactory(parent=root)


@pytest.fixture
def committee(street):
    return OrganizationFactory(parent=street, kind=Kind.COMMITTEE, name="虚构社区党委")


@pytest.fixture
def branch(committee):
    return OrganizationFactory(parent=committee)


@pytest.fixture
def operator(root):
    return user_at(root, Role.OPERATOR)


def consistent() -> bool:
    """Whether every path is the parent's path and one segment more."""
    return all(
        organization.path[: -paths.WIDTH] == (organization.parent.path if organization.parent else "")
        and len(organization.path) % paths.WIDTH == 0
        for organization in Organization.everything.select_related("parent")
    )


# ---- What may stand under what ---------------------------------------------------------------------------------------

L, W, C, G, B = Kind.LOCAL_COMMITTEE, Kind.WORKING_COMMITTEE, Kind.COMMITTEE, Kind.GENERAL_BRANCH, Kind.BRANCH


@pytest.mark.parametrize(
    ("kind", "may_stand_under"),
    [(L, {L}), (W, {L, W}), (C, {L, W, C}), (G, {L, W, C}), (B, {L, W, C, G})],
)
def test_the_table_of_kinds(kind, may_stand_under):
    assert {parent for parent in Kind if tree.fits(kind, parent)} == may_stand_under


def test_a_kind_that_does_not_fit_is_refused_in_a_sentence(branch, operator):
    with pytest.raises(ValidationError) as caught:
        tree.create(by=operator, parent=branch, name="虚构党总支", kind=Kind.GENERAL_BRANCH)

    assert caught.value.message_dict == {"parent": [f"党总支不能直接设在党支部“{branch.name}”之下。"]}


@pytest.mark.parametrize("form", [Form.JOINT, Form.TEMPORARY, Form.MOBILE])
def test_only_branches_are_joint_temporary_or_mobile(street, operator, form):
    assert tree.create(by=operator, parent=street, name="虚构党支部", kind=B, form=form).form == form
    with pytest.raises(ValidationError) as caught:
        tree.create(by=operator, parent=street, name="虚构党总支", kind=G, form=form)
    assert caught.value.message_dict == {"form": [f"只有党支部可以是“{form.label}”，党总支不可以。"]}


# ---- Create ----------------------------------------------------------------------------------------------------------


def test_create_places_the_organization_and_logs_it(street, operator):
    created = tree.create(
        by=operator, parent=street, name="虚构社区第十党支部", kind=B, code="X1", unit_type=UnitType.COMMUNITY
    )

    event = AuditEvent.objects.get()
    assert (created.parent, created.path) == (street, street.path + "0000")
    assert created.sort_key == "xu gou she qu di 000010 dang zhi bu"
    assert (event.kind, event.target_uid, event.root, event.actor) == (
        "organization.create",
        created.uid,
        street.parent,
        operator,
    )
    assert event.changes == {"name": [None, "虚构社区第十党支部"], "kind": [None, "branch"], "code": [None, "X1"]}


def test_siblings_get_the_next_place_and_a_gap_is_not_filled_in_the_middle(street, committee, operator):
    first, second, third = (tree.create(by=operator, parent=street, name="虚构党支部", kind=B) for _ in range(3))
    tree.move(second, to=committee, on=DAY, by=operator)

    fourth = tree.create(by=operator, parent=street, name="虚构党支部", kind=B)

    assert [paths.number_of(made.path) for made in (first, second, third, fourth)] == [1, 2, 3, 4]
    assert consistent()


def test_create_needs_the_right_at_the_parent(street, branch):
    for user in (user_at(branch), user_at(street, Role.VIEWER), UserFactory(is_superuser=True)):
        with pytest.raises(PermissionDenied):
            tree.create(by=user, parent=street, name="虚构党支部", kind=B)
    assert not AuditEvent.objects.exists()


def test_only_a_superuser_founds_a_root_and_then_holds_the_rights_to_set_it_up(operator):
    superuser = UserFactory(is_superuser=True)
    with pytest.raises(PermissionDenied):
        tree.create(by=operator, parent=None, name="中共青川区委员会", kind=L)
    assert superuser.rights == ()

    founded = tree.create(by=superuser, parent=None, name="中共青川区委员会", kind=L)

    assert [action for action in Action if superuser.may(action, founded)] == [
        Action.READ,
        Action.READ_PEOPLE,
        Action.EDIT,
        Action.MANAGE_ACCOUNTS,
        Action.MANAGE_GRANTS,
    ]


def test_nothing_is_created_under_a_closed_organization(root, operator):
    closed = StreetFactory(parent=root, closed_on=DAY)

    with pytest.raises(ValidationError) as caught:
        tree.create(by=operator, parent=closed, name="虚构党支部", kind=B)

    assert caught.value.message_dict == {"parent": [f"上级党组织“{closed.name}”已撤销。"]}


def test_a_code_is_used_once(street, operator):
    tree.create(by=operator, parent=street, name="虚构党支部", kind=B, code="X1")

    with pytest.raises(ValidationError) as caught:
        tree.create(by=operator, parent=street, name="虚构党支部", kind=B, code="X1")

    assert caught.value.messages == ["该统一编码已被使用，请核对。"]


def test_the_tree_ends_at_fifteen_levels(operator, root):
    deepest = root
    for _ in range(14):
        deepest = OrganizationFactory(parent=deepest, kind=W)

    with pytest.raises(ValidationError) as caught:
        tree.create(by=operator, parent=deepest, name="虚构党支部", kind=B)

    assert caught.value.message_dict == {"parent": ["层级超过 15 级。"]}


@pytest.mark.parametrize("wrong", [{"kind": "club"}, {"kind": Kind.BRANCH, "form": "loose"}])
def test_a_word_that_is_no_kind_or_form_is_a_mistake_of_the_input(street, operator, wrong):
    with pytest.raises(ValidationError):
        tree.create(by=operator, parent=street, name="虚构党支部", **wrong)


# ---- Move ------------------------------------------------------------------------------------------------------------


def test_a_move_takes_the_whole_subtree_along(root, street, committee, branch, operator):
    other = StreetFactory(parent=root)
    voided = OrganizationFactory(parent=committee, voided_at="2026-01-01T00:00+08:00", voided_by=operator)

    moved = tree.move(committee, to=other, on=DAY, basis="云组〔2026〕3号", by=operator)

    assert (moved.parent, moved.path, moved.version) == (other, other.path + "0000", 2)
    assert Organization.objects.get(pk=branch.pk).path == moved.path + "0000"
    assert Organization.everything.get(pk=voided.pk).path == moved.path + "0001"
    assert set(Organization.objects.under(other)) == {other, committee, branch}
    assert set(Organization.objects.under(street)) == {street}
    assert consistent()


def test_move_on_a_day_ahead_is_refused_because_the_tree_is_todays(committee, root, operator):
    other = StreetFactory(parent=root)
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(ValidationError) as refused:
        tree.move(committee, to=other, on=tomorrow, by=operator)

    assert refused.value.message_dict == {"effective_on": ["划转立即生效，生效日期不能晚于今天；请到那一天再办理。"]}
    committee.refresh_from_db()
    assert committee.parent != other


def test_a_move_is_written_down_with_its_day_and_basis(root, street, committee, operator):
    other = StreetFactory(parent=root)

    tree.move(committee, to=other, on=DAY, basis="云组〔2026〕3号", by=operator)

    change, event = OrganizationChange.objects.get(), AuditEvent.objects.get()
    assert (change.organization, change.field, change.on, change.before, change.after, change.basis, change.by) == (
        committee,
        "parent",
        DAY,
        str(street.uid),
        str(other.uid),
        "云组〔2026〕3号",
        operator,
    )
    assert (event.kind, event.target_uid, event.actor) == ("organization.move", committee.uid, operator)
    assert event.changes == {"parent": [str(street.uid), str(other.uid)], "on": [None, "2026-06-01"]}


def test_a_moved_organization_changes_hands_at_once(root, street, committee, branch, operator):
    other = StreetFactory(parent=root)
    old, new = user_at(street), user_at(other)

    tree.move(committee, to=other, on=DAY, by=operator)

    assert not Organization.objects.visible_to(old).filter(pk=branch.pk).exists()
    assert Organization.objects.visible_to(new).filter(pk=branch.pk).exists()


def test_a_move_to_where_it_stands_writes_nothing(street, committee, operator):
    assert tree.move(committee, to=street, on=DAY, by=operator) == committee
    assert not AuditEvent.objects.exists()
    assert not OrganizationChange.objects.exists()


def test_nothing_moves_into_itself_or_below_itself(committee, operator):
    below = OrganizationFactory(parent=committee, kind=Kind.COMMITTEE)

    for target in (committee, below):
        with pytest.raises(ValidationError) as caught:
            tree.move(committee, to=target, on=DAY, by=operator)
        assert caught.value.message_dict == {"parent": [f"不能把“{committee.name}”移到它自己或它的下级之下。"]}
    assert consistent()


def test_a_move_needs_the_right_where_it_stands_and_where_it_goes(root, street, committee, branch):
    other = StreetFactory(parent=root)

    for user in (user_at(street), user_at(other), user_at(committee), UserFactory(is_superuser=True)):
        with pytest.raises(PermissionDenied):
            tree.move(committee, to=other, on=DAY, by=user)
    assert Organization.objects.get(pk=committee.pk).parent == street

    both = user_at(street)
    GrantFactory(user=both, organization=other)
    assert tree.move(committee, to=other, on=DAY, by=both).parent == other


def test_a_move_to_another_tree_needs_the_right_there(street, committee, branch, operator):
    other = StreetFactory(parent=RootFactory())

    with pytest.raises(PermissionDenied):
        tree.move(committee, to=other, on=DAY, by=operator)
    GrantFactory(user=operator, organization=other)
    operator.__dict__.pop("rights")
    tree.move(committee, to=other, on=DAY, by=operator)

    assert Organization.objects.get(pk=branch.pk).path[:4] == other.path[:4]
    assert consistent()


def test_nothing_moves_where_its_kind_does_not_fit_or_under_a_closed_organization(street, committee, branch, operator):
    closed = OrganizationFactory(parent=street, kind=Kind.COMMITTEE, closed_on=DAY)

    with pytest.raises(ValidationError, match="党委不能直接设在党支部"):
        tree.move(committee, to=OrganizationFactory(parent=street), on=DAY, by=operator)
    with pytest.raises(ValidationError, match="已撤销"):
        tree.move(branch, to=closed, on=DAY, by=operator)


def test_a_subtree_that_would_end_below_level_fifteen_stays(root, committee, branch, operator):
    deepest = root
    for _ in range(13):
        deepest = OrganizationFactory(parent=deepest, kind=W)

    with pytest.raises(ValidationError) as caught:
        tree.move(committee, to=deepest, on=DAY, by=operator)

    assert caught.value.message_dict == {"parent": ["层级超过 15 级。"]}
    assert consistent()


@pytest.mark.django_db(transaction=True)
def test_an_organization_founded_during_a_move_moves_along():
    """Without holding the subtree, the new row would keep a path under the old place."""
    needs_two_writers()
    root = RootFactory()
    street, other = StreetFactory(parent=root), StreetFactory(parent=root)
    committee = OrganizationFactory(parent=street, kind=Kind.COMMITTEE)
    general = OrganizationFactory(parent=committee, kind=Kind.COMMITTEE)
    operator = user_at(root, Role.OPERATOR)
    moving = threading.Thread(target=_in_own_connection, args=(tree.move, committee), kwargs={
        "to": other, "on": DAY, "by": operator
    })  # fmt: skip

    with transaction.atomic():
        created = tree.create(by=operator, parent=general, name="虚构党支部", kind=B)
        moving.start()
        wait_until_somebody_waits_for_a_lock()
    moving.join()

    assert Organization.objects.get(pk=committee.pk).parent == other
    assert Organization.objects.get(pk=created.pk).path.startswith(Organization.objects.get(pk=committee.pk).path)
    assert consistent()


def _in_own_connection(action, *args, **kwargs):
    try:
        action(*args, **kwargs)
    finally:
        connections.close_all()


# ---- Reshape ---------------------------------------------------------------------------------------------------------


def test_a_new_name_keeps_the_old_one_for_past_days(branch, operator):
    old = branch.name

    renamed = tree.reshape(branch, name="虚构社区第二党支部", on=DAY, basis="云组〔2026〕4号", by=operator)

    change, event = OrganizationChange.objects.get(), AuditEvent.objects.get()
    assert (renamed.name, renamed.sort_key) == ("虚构社区第二党支部", "xu gou she qu di 000002 dang zhi bu")
    assert (change.field, change.on, change.before, change.after) == ("name", DAY, old, "虚构社区第二党支部")
    assert event.kind == "organization.reshape"
    assert event.changes["name"] == [old, "虚构社区第二党支部"]


def test_each_dated_value_that_changes_is_one_change(branch, operator):
    tree.reshape(branch, kind=Kind.GENERAL_BRANCH, form=Form.ORDINARY, unit_type=UnitType.VILLAGE, on=DAY, by=operator)

    assert set(OrganizationChange.objects.values_list("field", "before", "after")) == {
        ("kind", "branch", "general_branch"),
        ("unit_type", "community", "village"),
    }
    assert AuditEvent.objects.count() == 1


def test_a_new_kind_must_fit_parent_and_children(street, committee, branch, operator):
    with pytest.raises(ValidationError, match="党支部不能直接设在党支部"):
        tree.reshape(committee, kind=B, on=DAY, by=operator)
    with pytest.raises(ValidationError, match="党工委不能直接设在党委"):
        tree.reshape(branch, kind=W, on=DAY, by=operator)


def test_children_closed_by_then_do_not_bind_the_new_kind(committee, branch, operator):
    Organization.objects.filter(pk=branch.pk).update(closed_on=DAY)

    assert tree.reshape(committee, kind=B, on=DAY, by=operator).kind == B


def test_reshape_changes_nothing_else(branch, operator):
    with pytest.raises(TypeError, match="path"):
        tree.reshape(branch, path="0009", on=DAY, by=operator)


def test_reshape_needs_the_right_and_the_version_of_the_form(branch, operator):
    with pytest.raises(PermissionDenied):
        tree.reshape(branch, name="虚构党支部", on=DAY, by=user_at(branch, Role.VIEWER))
    tree.reshape(branch, name="虚构党支部", on=DAY, by=operator, expected_version=1)
    with pytest.raises(StaleRecord):
        tree.reshape(branch, name="别的党支部", on=DAY, by=operator, expected_version=1)


# ---- Close -----------------------------------------------------------------------------------------------------------


def test_a_closed_organization_exists_until_the_day_before(branch, operator):
    closed = tree.close(branch, on=DAY, basis="云组〔2026〕5号", by=operator)

    assert (closed.closed_on, closed.exists_on(date(2026, 5, 31)), closed.exists_on(DAY)) == (DAY, True, False)
    assert not Organization.objects.existing(DAY).filter(pk=branch.pk).exists()
    assert Organization.objects.existing(date(2026, 5, 31)).filter(pk=branch.pk).exists()
    assert AuditEvent.objects.get().changes == {
        "closed_on": [None, "2026-06-01"],
        "remark": ["", "云组〔2026〕5号"],
    }


def test_closing_waits_for_the_children(committee, branch, operator):
    with pytest.raises(ValidationError) as caught:
        tree.close(committee, on=DAY, by=operator)
    assert caught.value.message_dict == {"closed_on": [f"“{committee.name}”还有 1 个下级党组织，请先撤销或划转。"]}

    tree.close(branch, on=DAY, by=operator)
    assert tree.close(committee, on=DAY, by=operator).closed_on == DAY


def test_a_child_founded_later_hinders_the_closing_too(committee, operator):
    OrganizationFactory(parent=committee, founded_on=date(2026, 7, 1))

    with pytest.raises(ValidationError, match="还有 1 个下级党组织"):
        tree.close(committee, on=DAY, by=operator)


def test_nothing_closes_twice_or_before_it_was_founded(street, operator):
    branch = OrganizationFactory(parent=street, founded_on=DAY)

    with pytest.raises(ValidationError) as caught:
        tree.close(branch, on=DAY, by=operator)
    assert caught.value.messages == ["撤销日期须晚于成立日期。"]
    tree.close(branch, on=date(2026, 7, 1), by=operator)
    with pytest.raises(ValidationError, match="已于2026-07-01撤销"):
        tree.close(branch, on=date(2026, 8, 1), by=operator)


def test_closing_needs_the_right_at_the_superior(committee, branch):
    with pytest.raises(PermissionDenied):
        tree.close(branch, on=DAY, by=user_at(branch))
    assert tree.close(branch, on=DAY, by=user_at(committee)).closed_on == DAY
