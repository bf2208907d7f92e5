"""List filters of the admin: closed lists and the user's own part of the tree, nothing that can probe other rows."""

import uuid

from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.utils import timezone

from orgs import paths
from orgs.enums import Action, Form, Kind, Role, UnitType
from orgs.models import Grant, Organization

MOST_PARTS = 60


class EnumFilter(SimpleListFilter):
    """One column that holds a code of `enum`; an unknown code finds nothing."""

    enum = None
    field = ""

    def lookups(self, request, model_admin):
        return self.enum.choices()

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        known = self.value() in {member.value for member in self.enum}
        return queryset.filter(**{self.field: self.value()}) if known else queryset.none()


def enum_filter(title: str, enum, field: str, parameter: str | None = None) -> type[EnumFilter]:
    """A filter class of the column `field` with the words of `enum`."""
    return type(
        f"{enum.__name__}Filter",
        (EnumFilter,),
        {"title": title, "parameter_name": parameter or field, "enum": enum, "field": field},
    )


KindFilter = enum_filter("组织类别", Kind, "kind")
FormFilter = enum_filter("组织形式", Form, "form")
UnitTypeFilter = enum_filter("单位类别", UnitType, "unit_type")
GrantRoleFilter = enum_filter("角色", Role, "role")


class YesNoFilter(SimpleListFilter):
    """A question with two answers; a subclass turns them into conditions."""

    words = ("是", "否")

    def lookups(self, request, model_admin):
        return [("1", self.words[0]), ("0", self.words[1])]

    def queryset(self, request, queryset):
        if self.value() not in ("0", "1"):
            return queryset
        return self.answered(queryset, self.value() == "1")

    def answered(self, queryset, yes: bool):
        """The rows for which the answer is `yes`."""
        raise NotImplementedError


class ActiveFilter(YesNoFilter):
    """Accounts that may sign in, or not."""

    title = "状态"
    parameter_name = "active"
    words = ("启用", "停用")

    def answered(self, queryset, yes):
        return queryset.filter(is_active=yes)


class RoleFilter(EnumFilter):
    """Accounts that hold a role today, within what the user may see of Grants or accounts."""

    title = "角色"
    parameter_name = "role"
    enum = Role

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        holding = Grant.objects.in_force(timezone.localdate()).filter(role=self.value())
        # Only rights over the user's own part: a role held elsewhere is not theirs to know.
        inside = paths.subtrees(
            [*request.user.paths_allowing(Action.MANAGE_ACCOUNTS), *request.user.paths_allowing(Action.MANAGE_GRANTS)],
            "organization__path",
        )
        return queryset.filter(pk__in=holding.filter(inside).values("user"))


class ExistingFilter(YesNoFilter):
    """Organizations that exist today, or are closed."""

    title = "存续"
    parameter_name = "existing"
    words = ("现有", "已撤销")

    def answered(self, queryset, yes):
        today = timezone.localdate()
        closed = queryset.filter(closed_on__isnull=False, closed_on__lte=today)
        return queryset.exclude(pk__in=closed.values("pk")) if yes else closed


class InForceFilter(YesNoFilter):
    """Grants that hold today, or not."""

    title = "是否有效"
    parameter_name = "in_force"
    words = ("有效", "未生效或已失效")

    def answered(self, queryset, yes):
        holding = Grant.objects.in_force(timezone.localdate()).values("pk")
        return queryset.filter(pk__in=holding) if yes else queryset.exclude(pk__in=holding)


class PartFilter(SimpleListFilter):
    """Rows under one part of the user's own tree: the roots of their right and what stands directly below."""

    title = "所属范围"
    parameter_name = "part"

    def __init__(self, request, params, model, model_admin):
        allowed = request.user.paths_allowing(model_admin.rows.read_action)
        self.parts = Organization.objects.filter(Q(path__in=allowed) | Q(parent__path__in=allowed))
        super().__init__(request, params, model, model_admin)

    def lookups(self, request, model_admin):
        return [(str(uid), name) for uid, name in self.parts.by_level().values_list("uid", "name")[:MOST_PARTS]]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        try:
            part = self.parts.filter(uid=uuid.UUID(self.value())).first()
        except ValueError:
            part = None
        return queryset.filter(queryset.scope_condition((part.path,))) if part else queryset.none()
