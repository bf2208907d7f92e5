"""Accounts and rights: who may open, change, lock and give them, and that nobody reaches beyond their part."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from orgs.enums import ROLE_ACTIONS, Action, Role
from orgs.models import AuditEvent, Grant, User
from orgs.services import accounts, grants
from tests.factories import (
    PASSWORD,
    GrantFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    UserFactory,
    user_at,
)

STRONG = "yunling-Hai-2026"

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def street(root):
    return StreetFactory(parent=root)


@pytest.fixture
def other_street(root):
    return StreetFactory(parent=root)


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street)


@pytest.fixture
def account_admin(street):
    return user_at(street, Role.ACCOUNT_ADMIN)


@pytest.fixture
def grant_admin(street):
    return user_at(street, Role.GRANT_ADMIN)


@pytest.fixture
def clerk(street):
    return user_at(street)


@pytest.fixture
def superuser():
    return UserFactory(is_superuser=True, is_staff=True)


# ---- Roles -----------------------------------------------------------------------------------------------------------


def test_what_each_role_may_do():
    reads, people, edits = Action.READ, Action.READ_PEOPLE, Action.EDIT
    assert ROLE_ACTIONS == {
        Role.APPROVER: {reads, people, edits, Action.APPROVE},
        Role.OPERATOR: {reads, people, edits},
        Role.CLERK: {reads, people, edits},
        Role.BRANCH: {reads, people, edits},
        Role.VIEWER: {reads, people},
        Role.ACCOUNT_ADMIN: {reads, Action.MANAGE_ACCOUNTS},
        Role.GRANT_ADMIN: {reads, Action.MANAGE_GRANTS},
        Role.AUDITOR: {Action.READ_AUDIT},
    }


def test_a_right_reaches_its_subtree_and_no_further(street, other_street, branch, clerk):
    assert [clerk.may(Action.EDIT, organization) for organization in (street, branch, other_street, street.parent)] == [
        True,
        True,
        False,
        False,
    ]
    assert clerk.may(Action.APPROVE, branch) is False
    assert clerk.paths_allowing(Action.EDIT) == (street.path,)


# ---- Accounts --------------------------------------------------------------------------------------------------------


def open_account(by, organization, **fields):
    values = {"username": "liuyang", "name": "刘洋", "password": STRONG}
    return accounts.create_user(organization=organization, by=by, **(values | fields))


def test_a_new_account_has_no_right_and_must_change_its_password(account_admin, branch):
    user = open_account(account_admin, branch)

    assert (user.organization, user.must_change_password, user.is_staff, user.is_superuser) == (
        branch,
        True,
        False,
        False,
    )
    assert user.check_password(STRONG)
    assert user.rights == ()


def test_opening_an_account_is_logged_without_the_password(account_admin, branch):
    user = open_account(account_admin, branch)

    event = AuditEvent.objects.get()
    assert (event.kind, event.target_uid, event.actor, event.root) == (
        "account.create",
        user.uid,
        account_admin,
        branch.parent.parent,
    )
    assert event.changes == {
        "username": [None, "liuyang"],
        "name": [None, "刘洋"],
        "organization": [None, str(branch.uid)],
        "is_staff": [None, False],
        "is_superuser": [None, False],
    }


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ACCOUNT_ADMIN])
def test_only_who_manages_accounts_opens_one(street, role):
    with pytest.raises(PermissionDenied):
        open_account(user_at(street, role), street)
    assert not AuditEvent.objects.exists()


def test_accounts_are_opened_only_in_the_administrators_part(account_admin, other_street, root, superuser):
    for by, organization in ((account_admin, other_street), (account_admin, root), (superuser, root)):
        with pytest.raises(PermissionDenied):
            open_account(by, organization)


def test_only_a_superuser_opens_superusers_and_accounts_without_an_organization(account_admin, branch, superuser):
    with pytest.raises(PermissionDenied, match="系统超级用户"):
        open_account(account_admin, branch, is_superuser=True)
    with pytest.raises(PermissionDenied, match="系统超级用户"):
        open_account(account_admin, None)

    assert open_account(superuser, None, is_superuser=True).is_superuser


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"password": "short"}, "password"), ({"password": "1234567890123"}, "password"), ({"username": ""}, "username")],
)
def test_a_weak_password_or_a_missing_name_is_explained(account_admin, branch, fields, field):
    with pytest.raises(ValidationError) as caught:
        open_account(account_admin, branch, **fields)

    assert list(caught.value.message_dict) == [field]
    assert User.objects.filter(username="liuyang").count() == 0


def test_a_user_name_is_used_once(account_admin, branch):
    open_account(account_admin, branch)

    with pytest.raises(ValidationError) as caught:
        open_account(account_admin, branch)

    assert list(caught.value.message_dict) == ["username"]


def test_an_account_is_changed_and_the_change_logged(account_admin, clerk, branch, street):
    accounts.change_user(clerk, by=account_admin, name="陈小燕", organization=branch)

    clerk.refresh_from_db()
    assert (clerk.name, clerk.organization) == ("陈小燕", branch)
    event = AuditEvent.objects.get()
    assert (event.kind, event.changes) == (
        "account.update",
        {"name": ["陈晓燕", "陈小燕"], "organization": [str(street.uid), str(branch.uid)]},
    )


def test_without_a_difference_nothing_is_logged(account_admin, clerk):
    accounts.change_user(clerk, by=account_admin, name=clerk.name)

    assert not AuditEvent.objects.exists()


def test_an_account_moves_only_where_its_administrator_manages(account_admin, clerk, other_street):
    with pytest.raises(PermissionDenied):
        accounts.change_user(clerk, by=account_admin, organization=other_street)
    with pytest.raises(PermissionDenied):
        accounts.change_user(clerk, by=account_admin, organization=None)


def test_services_change_neither_passwords_nor_rights_by_the_way(account_admin, clerk):
    for field in ("password", "is_active", "session_key"):
        with pytest.raises(TypeError, match=field):
            accounts.change_user(clerk, by=account_admin, **{field: "x"})


def test_nobody_but_a_superuser_makes_or_touches_a_superuser(street, account_admin, clerk, superuser):
    with pytest.raises(PermissionDenied):
        accounts.change_user(clerk, by=account_admin, is_superuser=True)
    with pytest.raises(PermissionDenied):
        accounts.change_user(account_admin, by=account_admin, is_superuser=True)
    chief = user_at(street, is_superuser=True)
    for action in (
        lambda: accounts.set_password(chief, password=STRONG, by=account_admin),
        lambda: accounts.disable_user(chief, by=account_admin),
        lambda: accounts.change_user(chief, by=account_admin, is_superuser=False),
    ):
        with pytest.raises(PermissionDenied):
            action()

    GrantFactory(user=superuser, organization=street, role=Role.ACCOUNT_ADMIN)
    assert accounts.change_user(clerk, by=superuser, is_superuser=True).is_superuser


def test_nobody_manages_an_account_that_may_do_more_than_they_oversee(account_admin, clerk, other_street):
    grant = GrantFactory(user=clerk, organization=other_street, role=Role.VIEWER)
    touches = (
        lambda: accounts.set_password(clerk, password=STRONG, by=account_admin),
        lambda: accounts.disable_user(clerk, by=account_admin),
        lambda: accounts.change_user(clerk, by=account_admin, name="陈小燕"),
    )
    for touch in touches:
        with pytest.raises(PermissionDenied, match="管理范围之外还有权限"):
            touch()

    tomorrow = timezone.localdate() + timedelta(days=1)
    Grant.objects.filter(pk=grant.pk).update(since=tomorrow)
    with pytest.raises(PermissionDenied):
        touches[0]()
    Grant.objects.filter(pk=grant.pk).update(since=date(2020, 1, 1), until=timezone.localdate())
    for touch in touches:
        touch()


def test_accounts_of_another_street_are_out_of_reach(account_admin, other_street):
    stranger = user_at(other_street)

    for touch in (
        lambda: accounts.set_password(stranger, password=STRONG, by=account_admin),
        lambda: accounts.disable_user(stranger, by=account_admin),
        lambda: accounts.enable_user(stranger, by=account_admin),
        lambda: accounts.change_user(stranger, by=account_admin, name="陈小燕"),
    ):
        with pytest.raises(PermissionDenied):
            touch()


def test_a_new_password_is_an_initial_one_and_ends_the_sessions(account_admin, clerk, client):
    client.force_login(clerk, backend="django.contrib.auth.backends.ModelBackend")
    User.objects.filter(pk=clerk.pk).update(session_key=client.session.session_key)

    accounts.set_password(clerk, password=STRONG, by=account_admin)

    clerk.refresh_from_db()
    assert clerk.check_password(STRONG) and not clerk.check_password(PASSWORD)
    assert (clerk.must_change_password, clerk.session_key) == (True, "")
    assert client.get("/").status_code == 302
    event = AuditEvent.objects.get()
    assert (event.kind, event.changes) == ("account.password", {"password": "changed"})


def test_a_weak_new_password_is_refused(account_admin, clerk):
    with pytest.raises(ValidationError):
        accounts.set_password(clerk, password="12345", by=account_admin)

    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_a_disabled_account_is_out_at_once_and_keeps_its_rights_for_later(account_admin, clerk, street):
    accounts.disable_user(clerk, by=account_admin)
    accounts.disable_user(clerk, by=account_admin)
    disabled = User.objects.get(pk=clerk.pk)
    assert (disabled.is_active, disabled.rights) == (False, ())

    accounts.enable_user(clerk, by=account_admin)

    assert User.objects.get(pk=clerk.pk).may(Action.EDIT, street)
    assert [(event.kind, event.changes) for event in AuditEvent.objects.order_by("id")] == [
        ("account.disable", {"is_active": [True, False]}),
        ("account.enable", {"is_active": [False, True]}),
    ]


def test_nobody_locks_themselves_out(account_admin):
    with pytest.raises(ValidationError, match="不能停用自己的账号"):
        accounts.disable_user(account_admin, by=account_admin)


# ---- Rights ----------------------------------------------------------------------------------------------------------


def give(by, user, organization, **fields):
    return grants.grant_role(user=user, organization=organization, by=by, **({"role": Role.CLERK} | fields))


def test_a_right_is_given_from_today_and_logged(grant_admin, branch):
    user = UserFactory(organization=branch)
    assert user.rights == ()

    grant = give(grant_admin, user, branch)

    today = timezone.localdate()
    assert (grant.since, grant.until, grant.granted_by) == (today, None, grant_admin)
    assert user.may(Action.EDIT, branch)
    event = AuditEvent.objects.get()
    assert (event.kind, event.target_uid, event.actor) == ("grant.give", grant.uid, grant_admin)
    assert event.changes == {
        "user": [None, str(user.uid)],
        "organization": [None, str(branch.uid)],
        "role": [None, "clerk"],
        "since": [None, str(today)],
        "until": [None, None],
    }


@pytest.mark.parametrize("role", [role for role in Role if role != Role.GRANT_ADMIN])
def test_only_who_manages_rights_gives_one(street, clerk, role):
    with pytest.raises(PermissionDenied):
        give(user_at(street, role), clerk, street, role=Role.VIEWER)


def test_nobody_gives_a_right_over_what_they_do_not_manage(grant_admin, clerk, other_street, root, superuser):
    for by, organization in ((grant_admin, other_street), (grant_admin, root), (superuser, root)):
        with pytest.raises(PermissionDenied):
            give(by, clerk, organization)
    assert clerk.grants.count() == 1


def test_nobody_gives_a_right_to_an_account_kept_elsewhere(grant_admin, other_street, street):
    """Else a right here would put the account out of the reach of its own administrator."""
    for user in (UserFactory(organization=other_street), UserFactory(organization=None)):
        with pytest.raises(PermissionDenied, match="不在您的授权范围内"):
            give(grant_admin, user, street)


def test_nobody_gives_themselves_a_right(grant_admin, street):
    with pytest.raises(PermissionDenied, match="不能给自己授权"):
        give(grant_admin, grant_admin, street)


def test_a_right_is_given_once_and_to_open_accounts_only(grant_admin, clerk, street):
    with pytest.raises(ValidationError) as caught:
        give(grant_admin, clerk, street)
    assert caught.value.messages == ["该账号在此范围内已有同一角色。"]
    with pytest.raises(ValidationError, match="已停用"):
        give(grant_admin, UserFactory(organization=street, is_active=False), street)
    with pytest.raises(ValidationError):
        give(grant_admin, clerk, street, role="king")
    with pytest.raises(ValidationError, match="结束日期须晚于开始日期"):
        give(grant_admin, clerk, street, role=Role.VIEWER, since=date(2026, 1, 2), until=date(2026, 1, 2))


def test_a_right_is_taken_away_from_today_on(grant_admin, clerk, street):
    grant = clerk.grants.get()
    assert clerk.may(Action.EDIT, street)

    grants.revoke_grant(grant, by=grant_admin)

    today = timezone.localdate()
    grant.refresh_from_db()
    assert grant.until == today
    assert not User.objects.get(pk=clerk.pk).may(Action.READ, street)
    event = AuditEvent.objects.get()
    assert (event.kind, event.changes) == ("grant.end", {"until": [None, str(today)]})
    with pytest.raises(ValidationError, match="已经失效"):
        grants.revoke_grant(grant, by=grant_admin)


def test_a_right_given_by_mistake_today_is_gone_at_once_and_stays_in_the_log(grant_admin, branch):
    user = UserFactory(organization=branch)
    grant = give(grant_admin, user, branch)

    grants.revoke_grant(grant, by=grant_admin)

    assert not User.objects.get(pk=user.pk).may(Action.READ, branch)
    assert not Grant.objects.filter(user=user).exists()
    event = AuditEvent.objects.order_by("id").last()
    assert (event.kind, event.target_uid, event.changes["role"]) == ("grant.end", grant.uid, ["clerk", None])


def test_rights_are_taken_away_only_by_who_manages_them_there(clerk, account_admin, other_street):
    for by in (clerk, account_admin, user_at(other_street, Role.GRANT_ADMIN)):
        with pytest.raises(PermissionDenied):
            grants.revoke_grant(clerk.grants.get(), by=by)


# ---- The first right -------------------------------------------------------------------------------------------------


def grant_on_the_server(*words) -> str:
    output = StringIO()
    call_command("grant", *words, stdout=output)
    return output.getvalue()


def test_the_first_right_is_given_on_the_server(root, superuser):
    said = grant_on_the_server(superuser.username, root.code, "grant_admin")

    grant, event = Grant.objects.get(), AuditEvent.objects.get()
    assert said == f"已授权（{superuser}：{root} 安全管理员）。\n"
    assert (grant.user, grant.organization, grant.role, grant.granted_by) == (superuser, root, "grant_admin", None)
    assert (event.kind, event.actor, event.target_uid) == ("grant.give", None, grant.uid)


def test_the_same_right_a_second_time_changes_nothing(root, superuser):
    grant_on_the_server(superuser.username, root.code, "grant_admin")

    said = grant_on_the_server(superuser.username, root.code, "grant_admin")

    assert said == f"已有这项授权，没有改动（{superuser}：{root} 安全管理员）。\n"
    assert (Grant.objects.count(), AuditEvent.objects.count()) == (1, 1)


def test_what_the_server_is_told_wrongly_is_explained(root, superuser):
    UserFactory(username="locked", is_active=False)
    for words, sentence in (
        (("nobody", root.code, "viewer"), "没有账号“nobody”。"),
        ((superuser.username, "X999", "viewer"), "没有编码为“X999”的党组织。"),
        (
            (superuser.username, root.code, "king"),
            "没有角色“king”，可选：approver、operator、clerk、branch、viewer、account_admin、grant_admin、auditor。",
        ),
        (("locked", root.code, "viewer"), "账号“locked”已停用，请先启用。"),
    ):
        with pytest.raises(CommandError) as caught:
            grant_on_the_server(*words)
        assert str(caught.value) == sentence
    assert not Grant.objects.exists()
