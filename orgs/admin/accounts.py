"""The admin of accounts and rights: two hands, 系统管理员 opens accounts, 安全管理员 gives rights."""

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join

from orgs import paths
from orgs.admin.base import ScopedAdmin, yes_no
from orgs.admin.exchange import ExchangeAdmin
from orgs.admin.filters import ActiveFilter, GrantRoleFilter, InForceFilter, PartFilter, RoleFilter
from orgs.admin.forms import DATES_BY_BROWSER, DayInput, ServiceForm
from orgs.admin.resources import UserResource
from orgs.enums import Action
from orgs.models import Grant, User
from orgs.services import accounts, grants

ACTIVE, STAFF = yes_no("is_active", "启用"), yes_no("is_staff", "可进入管理后台")
MUST_CHANGE = yes_no("must_change_password", "须修改初始密码")
WRITTEN_BY_CHANGE = ("username", "name", "organization", "is_staff")


class UserForm(ServiceForm):
    """An account; a password is only ever typed in, and its owner has to change it."""

    error_fields = {"password": "initial_password"}

    initial_password = forms.CharField(
        label="初始密码",
        required=False,
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="至少 10 位，不能只有数字，不能与用户名相近；本人首次登录时须修改",
    )
    is_staff = forms.BooleanField(label="可进入管理后台", required=False)
    is_active = forms.BooleanField(label="启用", required=False, help_text="取消勾选即停用，本人立即退出登录")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["initial_password"].required = True


@admin.register(User)
class UserAdmin(ExchangeAdmin, ScopedAdmin):
    """Accounts kept by organizations of the user's part of the tree."""

    form = UserForm
    resource_class = UserResource
    most_rows = 100
    choice_fields = ("organization",)
    list_display = ("username", "name", "organization_name", "roles", ACTIVE, STAFF, "last_login")
    list_filter = (PartFilter, RoleFilter, ActiveFilter)
    list_select_related = ("organization",)
    search_fields = ("username", "name")
    search_help_text = "按用户名或姓名查找"
    ordering = ("username",)
    sortable_by = ("username", "last_login")
    readonly_fields = ("organization_name", "roles", "last_login", ACTIVE, STAFF, MUST_CHANGE)
    add_fieldsets = ((None, {"fields": ("username", "name", "organization", "is_staff", "initial_password")}),)
    fieldsets = (
        (None, {"fields": ("username", "name", "organization", "is_staff", "is_active")}),
        ("权限与登录", {"fields": ("roles", "last_login", MUST_CHANGE)}),
        ("重设密码", {"fields": ("initial_password",)}),
    )
    shown_fieldsets = (
        (None, {"fields": ("username", "name", "organization_name", STAFF, ACTIVE)}),
        ("权限与登录", {"fields": ("roles", "last_login", MUST_CHANGE)}),
    )

    def get_queryset(self, request):
        """With the rights in force today over the user's own part: what an account may do elsewhere is not theirs."""
        own = Q(pk__in=[])
        for action in (Action.MANAGE_ACCOUNTS, Action.MANAGE_GRANTS):
            own |= paths.subtrees(self.allowed_paths(request, action), "organization__path")
        rights = Grant.objects.in_force(timezone.localdate()).filter(own).select_related("organization")
        return super().get_queryset(request).prefetch_related(Prefetch("grants", rights, to_attr="own_rights"))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if "organization" in form.base_fields:
            form.base_fields["organization"].required = not request.user.is_superuser
        return form

    def create(self, request, form):
        values = {name: form.cleaned_data[name] for name in WRITTEN_BY_CHANGE}
        return accounts.create_user(by=request.user, password=form.cleaned_data["initial_password"], **values)

    def change(self, request, record, form):
        values = form.changed_values(*WRITTEN_BY_CHANGE)
        if values:
            accounts.change_user(record, by=request.user, **values)
        if form.cleaned_data["initial_password"]:
            accounts.set_password(record, password=form.cleaned_data["initial_password"], by=request.user)
        if "is_active" in form.changed_data:
            switch = accounts.enable_user if form.cleaned_data["is_active"] else accounts.disable_user
            switch(record, by=request.user)

    @admin.display(description="所在党组织")
    def organization_name(self, row):
        """Who keeps the account."""
        return row.organization.name if row.organization else "—"

    @admin.display(description="角色")
    def roles(self, row):
        """Each right in force over the user's own part."""
        lines = [(each.get_role_display(), each.organization.name) for each in row.own_rights]
        return format_html_join("", "<div>{}：{}</div>", lines) or "—"


class GrantForm(ServiceForm):
    """A new right, or the end of one."""

    end_on = forms.DateField(
        label="收回日期", required=False, widget=DayInput, help_text="从这一天起不再有效；填今天即立即收回"
    )


@admin.register(Grant)
class GrantAdmin(ScopedAdmin):
    """Rights over organizations of the user's part of the tree."""

    form = GrantForm
    formfield_overrides = DATES_BY_BROWSER
    choice_fields = ("user", "organization")
    list_display = ("account", "role", "organization_name", "since", "until")
    list_filter = (PartFilter, GrantRoleFilter, InForceFilter)
    list_select_related = ("user", "organization")
    search_fields = ("user__username", "user__name", "organization__name")
    search_help_text = "按用户名、姓名或党组织名称查找"
    ordering = ("user__username", "organization__path", "role")
    sortable_by = ("since", "until")
    add_fieldsets = ((None, {"fields": ("user", "role", "organization", "since", "until")}),)
    told = ("account", "role", "organization_name", "since", "until")
    fieldsets = ((None, {"fields": told}), ("收回", {"fields": ("end_on",)}))
    shown_fieldsets = ((None, {"fields": told}),)

    def get_readonly_fields(self, request, obj=None):
        return self.told if obj is not None else ()

    def create(self, request, form):
        values = {name: form.cleaned_data[name] for name in ("user", "organization", "role", "since", "until")}
        return grants.grant_role(by=request.user, **values)

    def change(self, request, record, form):
        if form.cleaned_data["end_on"]:
            grants.revoke_grant(record, by=request.user, on=form.cleaned_data["end_on"])

    def save_model(self, request, obj, form, change):
        try:
            super().save_model(request, obj, form, change)
        except Grant.DoesNotExist:
            # A right that would not have held on any day is gone; the log keeps it.
            obj.pk = None

    def after_saving(self, request, obj):
        if obj.pk is None:
            return HttpResponseRedirect(reverse(self.url_name("changelist")))
        return super().after_saving(request, obj)

    @admin.display(description="账号")
    def account(self, row):
        """Who holds it."""
        return str(row.user)

    @admin.display(description="范围")
    def organization_name(self, row):
        """Over which subtree."""
        return row.organization.name
