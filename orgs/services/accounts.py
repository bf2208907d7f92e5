"""Accounts: who may open, change and lock them. What an account may do is given in `grants`."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from orgs import audit
from orgs.enums import Action
from orgs.models import Grant, Organization, User
from orgs.scoping import require_right

CHANGEABLE = frozenset({"username", "name", "organization", "is_staff", "is_superuser"})
RIGHTS_ELSEWHERE = "该账号在您的管理范围之外还有权限，请由上级系统管理员办理。"


@transaction.atomic
def create_user(
    *,
    username: str,
    name: str,
    organization: Organization | None,
    password: str,
    by,
    is_staff: bool = False,
    is_superuser: bool = False,
) -> User:
    """Open an account kept by `organization` with an initial password that its owner has to change.

    It may do nothing until a right is granted. Only a superuser opens accounts
    without an organization, or other superusers. ValidationError for a name in use
    or a weak password.
    """
    _require_account_right(by, organization)
    _check_superuser_flag(by, is_superuser)
    user = User(username=username, name=name, organization=organization, is_staff=is_staff, is_superuser=is_superuser)
    _set_password(user, password)
    user.must_change_password = True
    user.full_clean()
    user.save(force_insert=True)
    values = audit.values_of(user, ("username", "name", "organization", "is_staff", "is_superuser"))
    _record("account.create", user, by, {field: [None, value] for field, value in values.items()})
    return user


@transaction.atomic
def change_user(user: User, *, by, **values) -> User:
    """Change the columns CHANGEABLE of an account; to another organization only where `by` manages accounts too."""
    if foreign := values.keys() - CHANGEABLE:
        raise TypeError(f"change_user does not change {', '.join(sorted(foreign))}")
    user = _locked_for(by, user)
    if values.get("organization", user.organization) != user.organization:
        _require_account_right(by, values["organization"])
    if values.get("is_superuser", user.is_superuser) != user.is_superuser:
        _check_superuser_flag(by, True)
    before = audit.values_of(user, values)
    for field, value in values.items():
        setattr(user, field, value)
    changes = audit.differences(before, audit.values_of(user, values))
    if changes:
        user.full_clean()
        user.save(update_fields=list(values))
        _record("account.update", user, by, changes)
    return user


@transaction.atomic
def set_password(user: User, *, password: str, by) -> None:
    """Give a new initial password, which its owner has to change; ends the owner's sessions."""
    user = _locked_for(by, user)
    _set_password(user, password)
    user.must_change_password = True
    user.session_key = ""
    user.save(update_fields=["password", "must_change_password", "session_key"])
    _record("account.password", user, by, {"password": "changed"})


@transaction.atomic
def disable_user(user: User, *, by) -> User:
    """Lock an account: its owner is out at once. Nobody locks themselves out."""
    user = _locked_for(by, user)
    if user == by:
        raise ValidationError("不能停用自己的账号。")
    return _activate(user, False, "account.disable", by)


@transaction.atomic
def enable_user(user: User, *, by) -> User:
    """Open a locked account again, with the rights that are still in force."""
    return _activate(_locked_for(by, user), True, "account.enable", by)


def _activate(user: User, is_active: bool, kind: str, by) -> User:
    if user.is_active == is_active:
        return user
    user.is_active, user.session_key = is_active, ""
    user.save(update_fields=["is_active", "session_key"])
    _record(kind, user, by, {"is_active": [not is_active, is_active]})
    return user


def _locked_for(by, user: User) -> User:
    """The account's row, held; PermissionDenied unless `by` manages it and everything it may do."""
    user = User.objects.select_for_update().get(pk=user.pk)
    _require_account_right(by, user.organization)
    _check_superuser_flag(by, user.is_superuser)
    # Whoever sets a password can act as its owner: so nobody manages an account that may do more than they oversee.
    not_ended = Q(until__isnull=True) | Q(until__gt=timezone.localdate())
    for grant in Grant.objects.filter(not_ended, user=user).select_related("organization"):
        if not by.may(Action.MANAGE_ACCOUNTS, grant.organization):
            raise PermissionDenied(RIGHTS_ELSEWHERE)
    return user


def _require_account_right(by, organization: Organization | None) -> None:
    if organization is not None:
        require_right(by, Action.MANAGE_ACCOUNTS, organization)
    elif not by.is_superuser:
        raise PermissionDenied("不属于任何党组织的账号只能由系统超级用户管理。")


def _check_superuser_flag(by, is_superuser: bool) -> None:
    if is_superuser and not by.is_superuser:
        raise PermissionDenied("系统超级用户只能由系统超级用户管理。")


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from None
    user.set_password(password)


def _record(kind: str, user: User, by, changes: dict) -> None:
    audit.record_event(kind=kind, target=user, organization=user.organization, by=by, changes=changes)
