"""The one way to rows: what a user may see and change follows from their Grants alone.

`is_superuser` opens menus of the admin, never rows. Outside the scope a row
does not exist (404, in the same words); inside, but not allowed, is 403.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404

from orgs import paths
from orgs.enums import Action

NOT_FOUND = "没有找到您要的内容：它可能不存在，或者不在您的管理范围内。"
NOT_ALLOWED = "您可以查看这条内容，但没有修改它的权限。"


class ScopedQuerySet(models.QuerySet):
    """Rows that stand at an organization; `scope_field` leads from the row to its path."""

    scope_field = "organization__path"
    read_action = Action.READ
    edit_action = Action.EDIT

    def allowing(self, user, action: Action):
        """The rows inside the subtrees in which a Grant gives `user` the right to `action`."""
        return self.filter(self.scope_condition(user.paths_allowing(action)))

    def visible_to(self, user):
        """The rows that `user` may see."""
        return self.allowing(user, self.read_action)

    def editable_by(self, user):
        """The rows that `user` may change."""
        return self.allowing(user, self.edit_action)

    def scope_condition(self, allowed: tuple[str, ...]) -> models.Q:
        """The condition that a row lies in one of the subtrees `allowed`."""
        return paths.subtrees(allowed, self.scope_field)


def get_visible_or_404(model, *, user, **lookup):
    """The one row of `model` (a model or a QuerySet) that `lookup` names, if `user` may see it; Http404 otherwise."""
    queryset = model if isinstance(model, models.QuerySet) else model.objects.all()
    try:
        return queryset.visible_to(user).get(**lookup)
    except (queryset.model.DoesNotExist, ValueError, ValidationError):  # the last: not the form of a uid
        raise Http404(NOT_FOUND) from None


def get_editable_or_403(model, *, user, **lookup):
    """As `get_visible_or_404`, and PermissionDenied when `user` may see the row but not change it."""
    found = get_visible_or_404(model, user=user, **lookup)
    queryset = model if isinstance(model, models.QuerySet) else model.objects.all()
    if not queryset.editable_by(user).filter(pk=found.pk).exists():
        raise PermissionDenied(NOT_ALLOWED)
    return found


def require_right(user, action: Action, organization) -> None:
    """PermissionDenied unless `user` may do `action` at `organization`; first line of services."""
    if not user.may(action, organization):
        raise PermissionDenied(NOT_ALLOWED)
