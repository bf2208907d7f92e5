"""Who sees which rows: Grants alone decide, and every one of them ends at its subtree."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from orgs.enums import Action, Role
from orgs.models import AuditEvent, Grant, Organization, Unit, User
from orgs.scoping import get_editable_or_403, get_visible_or_404
from tests.factories import (
    GrantFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    UnitFactory,
    UserFactory,
    user_at,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def street_a(root):
    return StreetFactory(parent=root)


@pytest.fixture
def street_b(root):
    return StreetFactory(parent=root)


@pytest.fixture
def branch_a(street_a):
    return OrganizationFactory(parent=street_a)


@pytest.fixture
def branch_b(street_b):
    return OrganizationFactory(parent=street_b)


def seen(user) -> set[Organization]:
    return set(Organization.objects.visible_to(user))


def test_a_clerk_sees_and_edits_their_subtree_and_nothing_else(street_a, branch_a, branch_b):
    clerk = user_at(street_a, Role.CLERK)

    assert seen(clerk) == {street_a, branch_a}
    assert set(Organization.objects.editable_by(clerk)) == {street_a, branch_a}


def test_a_branch_does_not_see_its_superior(street_a, branch_a):
    assert seen(user_at(branch_a, Role.BRANCH)) == {branch_a}


def test_several_grants_add_up(branch_a, branch_b, street_b):
    user = user_at(branch_a, Role.VIEWER)
    GrantFactory(user=user, organization=street_b, role=Role.CLERK)

    assert seen(user) == {branch_a, street_b, branch_b}
    assert set(Organization.objects.editable_by(user)) == {street_b, branch_b}


@pytest.mark.parametrize(
    ("role", "sees", "edits"),
    [
        (Role.APPROVER, True, True),
        (Role.OPERATOR, True, True),
        (Role.CLERK, True, True),
        (Role.BRANCH, True, True),
        (Role.VIEWER, True, False),
        (Role.ACCOUNT_ADMIN, True, False),
        (Role.GRANT_ADMIN, True, False),
        (Role.AUDITOR, False, False),
    ],
)
def test_what_a_role_sees_and_edits_of_the_tree(branch_a, role, sees, edits):
    user = user_at(branch_a, role)

    assert Organization.objects.visible_to(user).exists() is sees
    assert Organization.objects.editable_by(user).exists() is edits


@pytest.mark.parametrize(
    ("since", "until", "in_force"),
    [(0, None, True), (1, None, False), (-5, 0, False), (-5, 1, True), (-5, -1, False)],
)
def test_a_grant_holds_from_its_first_day_to_the_day_before_its_end(branch_a, since, until, in_force):
    today = timezone.localdate()
    user = UserFactory()
    end = None if until is None else today + timedelta(days=until)
    GrantFactory(user=user, organization=branch_a, since=today + timedelta(days=since), until=end)

    assert (seen(user) == {branch_a}) is in_force


def test_a_disabled_account_sees_nothing(branch_a):
    user = user_at(branch_a, is_active=False)

    assert seen(user) == set()
    assert user.may(Action.READ, branch_a) is False


def test_a_superuser_without_grants_sees_nothing(branch_a):
    superuser = UserFactory(is_superuser=True, is_staff=True)
    UnitFactory(keeper=branch_a)
    AuditEvent.objects.create(kind="organization.create", root=branch_a)

    assert seen(superuser) == set()
    assert not Unit.objects.visible_to(superuser).exists()
    assert not AuditEvent.objects.visible_to(superuser).exists()
    assert not Grant.objects.visible_to(superuser).exists()
    assert list(User.objects.visible_to(superuser)) == [superuser]


def test_what_stands_at_an_organization_is_seen_with_it(branch_a, branch_b):
    unit_a, _ = UnitFactory(keeper=branch_a), UnitFactory(keeper=branch_b)

    assert list(Unit.objects.visible_to(user_at(branch_a, Role.VIEWER))) == [unit_a]


def test_accounts_are_seen_by_those_who_manage_them_and_by_their_owner(street_a, branch_a, branch_b):
    clerk, stranger = user_at(branch_a), user_at(branch_b)
    administrator = user_at(street_a, Role.ACCOUNT_ADMIN)

    assert set(User.objects.visible_to(administrator)) == {clerk, administrator}
    assert set(User.objects.visible_to(clerk)) == {clerk}
    assert set(User.objects.editable_by(clerk)) == set()
    assert stranger not in User.objects.editable_by(administrator)


def test_grants_are_seen_by_those_who_manage_rights_there(street_a, branch_a, branch_b):
    clerk, administrator = user_at(branch_a), user_at(street_a, Role.GRANT_ADMIN)
    user_at(branch_b)

    assert set(Grant.objects.visible_to(administrator)) == {*clerk.grants.all(), *administrator.grants.all()}
    assert not Grant.objects.visible_to(clerk).exists()


def test_the_log_is_read_by_the_auditor_of_its_tree_and_edited_by_nobody(root):
    other = RootFactory()
    event = AuditEvent.objects.create(kind="organization.create", root=root)
    AuditEvent.objects.create(kind="organization.create", root=other)
    auditor, operator = user_at(root, Role.AUDITOR), user_at(root, Role.OPERATOR)

    assert list(AuditEvent.objects.visible_to(auditor)) == [event]
    assert list(AuditEvent.objects.editable_by(auditor)) == []
    assert list(AuditEvent.objects.visible_to(operator)) == []


def test_voided_rows_are_seen_by_nobody(street_a):
    clerk = user_at(street_a)
    OrganizationFactory(parent=street_a, voided_at=timezone.now(), voided_by=clerk)

    assert seen(clerk) == {street_a}


def test_a_row_in_scope_is_returned(branch_a):
    clerk, viewer = user_at(branch_a), user_at(branch_a, Role.VIEWER)

    assert get_visible_or_404(Organization, user=viewer, uid=branch_a.uid) == branch_a
    assert get_visible_or_404(Organization.objects.existing(date(2026, 1, 1)), user=viewer, pk=branch_a.pk) == branch_a
    assert get_editable_or_403(Organization, user=clerk, uid=branch_a.uid) == branch_a


def test_outside_the_scope_and_not_there_at_all_are_the_same_404(branch_a, branch_b):
    clerk = user_at(branch_a)

    answers = []
    for uid in (branch_b.uid, uuid.UUID(int=0), str(branch_b.uid), "not-a-uid", "%00"):
        for get in (get_visible_or_404, get_editable_or_403):
            with pytest.raises(Http404) as caught:
                get(Organization, user=clerk, uid=uid)
            answers.append(str(caught.value))

    assert answers == ["没有找到您要的内容：它可能不存在，或者不在您的管理范围内。"] * 10


def test_seen_but_not_allowed_is_403(branch_a):
    viewer = user_at(branch_a, Role.VIEWER)

    with pytest.raises(PermissionDenied):
        get_editable_or_403(Organization, user=viewer, uid=branch_a.uid)


def test_rights_over_many_subtrees_cost_two_queries(street_a, django_assert_num_queries):
    user = UserFactory()
    for _ in range(5):
        GrantFactory(user=user, organization=OrganizationFactory(parent=street_a))

    with django_assert_num_queries(2):
        assert len(seen(user)) == 5
