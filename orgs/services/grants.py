"""Rights: who may give and take them, and over what."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from orgs import audit
from orgs.enums import Action
from orgs.models import Grant, Organization, User
from orgs.scoping import require_right
from orgs.shell import ServerShell

NOT_TO_ONESELF = "不能给自己授权，请由其他安全管理员办理。"
NOT_YOUR_ACCOUNT = "该账号所在的党组织不在您的授权范围内。"


@transaction.atomic
def grant_role(
    *, user: User, organization: Organization, role: str, by, since: date | None = None, until: date | None = None
) -> Grant:
    """Make `user` a `role` in the subtree of `organization` from `since` (None: today) until before `until`.

    PermissionDenied unless `by` manages rights over `organization` and where the
    account is kept, and for oneself. `by` is an account, or ServerShell for the
    first right of an installation.
    """
    require_right(by, Action.MANAGE_GRANTS, organization)
    if isinstance(by, User):
        if user == by:
            raise PermissionDenied(NOT_TO_ONESELF)
        if user.organization is None or not by.may(Action.MANAGE_GRANTS, user.organization):
            raise PermissionDenied(NOT_YOUR_ACCOUNT)
    if not user.is_active:
        raise ValidationError({"user": f"账号“{user.username}”已停用，请先启用。"})
    grant = Grant(
        user=user,
        organization=organization,
        role=role,
        since=since or timezone.localdate(),
        until=until,
        granted_by=_account(by),
    )
    grant.full_clean()
    grant.save(force_insert=True)
    _forget_rights(user)
    values = audit.values_of(grant, ("user", "organization", "role", "since", "until"))
    _record("grant.give", grant, by, {field: [None, value] for field, value in values.items()})
    return grant


@transaction.atomic
def revoke_grant(grant: Grant, *, by, on: date | None = None) -> None:
    """End a right: `on` (None: today) is the first day it no longer holds.

    A right that would not have held on any day is removed; the log keeps it.
    """
    require_right(by, Action.MANAGE_GRANTS, grant.organization)
    grant = Grant.objects.select_for_update().get(pk=grant.pk)
    on = on or timezone.localdate()
    if grant.until is not None and grant.until <= on:
        raise ValidationError("这项授权已经失效。")
    values = audit.values_of(grant, ("user", "organization", "role", "since", "until"))
    if on <= grant.since:
        _record("grant.end", grant, by, {field: [value, None] for field, value in values.items()})
        grant.delete()
    else:
        Grant.objects.filter(pk=grant.pk).update(until=on)
        _record("grant.end", grant, by, {"until": [values["until"], str(on)]})
    _forget_rights(grant.user)


def _account(by) -> User | None:
    """The account that acts; none for the server's shell."""
    return None if isinstance(by, ServerShell) else by


def _forget_rights(user: User) -> None:
    """Rights are read once per request; this one has just changed them."""
    user.__dict__.pop("rights", None)


def _record(kind: str, grant: Grant, by, changes: dict) -> None:
    audit.record_event(kind=kind, target=grant, organization=grant.organization, by=_account(by), changes=changes)
