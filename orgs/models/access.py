"""Who may see and do what: accounts and rights over subtrees."""

import datetime
import uuid

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Length, Substr
from django.utils import timezone
from django.utils.functional import cached_property

from orgs import paths
from orgs.enums import ROLE_ACTIONS, Action, Role
from orgs.models.records import half_open, holding_on
from orgs.models.territory import TerritorialLink
from orgs.prepared import Prepared
from orgs.scoping import ScopedQuerySet

# What a 属地 link gives: organizations and their ledger, no people.
SIGHT = frozenset({Action.READ})
# Stands where a right has its role.
BY_TERRITORY = "territory"
READING = [role.value for role, actions in ROLE_ACTIONS.items() if Action.READ in actions]


class UserQuerySet(ScopedQuerySet):
    """Accounts, seen by those who manage accounts where the account is kept, and by their owner."""

    read_action = edit_action = Action.MANAGE_ACCOUNTS

    def visible_to(self, user):
        """Accounts that `user` manages, and their own."""
        return self.filter(self.scope_condition(user.paths_allowing(self.read_action)) | Q(pk=user.pk))


class AccountManager(UserManager.from_queryset(UserQuerySet)):
    """Makes accounts as Django's manager does."""


class User(AbstractUser):
    """One named person with an account, kept by the organization they work for."""

    first_name = last_name = None
    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("姓名", max_length=40)
    organization = models.ForeignKey(
        "orgs.Organization", models.PROTECT, verbose_name="所在党组织", null=True, blank=True, related_name="+"
    )
    must_change_password = models.BooleanField("须修改初始密码", default=False)
    # The one session that is still good: a later sign-in ends the earlier one.
    session_key = models.CharField("当前会话", max_length=40, blank=True, editable=False)

    objects = AccountManager()

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self):
        return f"{self.name}（{self.username}）" if self.name else self.username

    def get_full_name(self):
        return self.name or self.username

    def get_short_name(self):
        return self.get_full_name()

    @cached_property
    def rights(self) -> tuple[tuple[str, frozenset[Action]], ...]:
        """What may be done (path, actions): by every Grant in force today, and by 属地; read once per request."""
        if not self.is_active:
            return ()
        rows = RIGHTS.rows(user=self.pk, today=timezone.localdate())
        return tuple((path, SIGHT if role == BY_TERRITORY else ROLE_ACTIONS[Role(role)]) for path, role in rows)

    def paths_allowing(self, action: Action) -> tuple[str, ...]:
        """The outermost paths under which this user may do `action`."""
        return paths.outermost(path for path, actions in self.rights if action in actions)

    def own_paths(self) -> tuple[str, ...]:
        """The outermost paths under which this user may read by a Grant, without what is only seen as 属地."""
        return paths.outermost(path for path, actions in self.rights if Action.READ in actions and actions is not SIGHT)

    def may(self, action: Action, organization) -> bool:
        """Whether this user may do `action` at `organization`."""
        return any(paths.is_within(organization.path, path) for path in self.paths_allowing(action))


class GrantQuerySet(ScopedQuerySet):
    """Rights, seen and changed by those who manage rights at the organization they are given over."""

    read_action = edit_action = Action.MANAGE_GRANTS

    def in_force(self, on):
        """Grants that hold on the day `on`."""
        return self.filter(holding_on(on))


class Grant(models.Model):
    """One right: what a user is (role) in the subtree of an organization, for a period."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, verbose_name="账号", related_name="grants")
    organization = models.ForeignKey("orgs.Organization", models.PROTECT, verbose_name="范围", related_name="+")
    role = models.CharField("角色", max_length=20, choices=Role.choices())
    since = models.DateField("生效日期", default=timezone.localdate)
    until = models.DateField("失效日期", null=True, blank=True, help_text="从这一天起不再有效")
    granted_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="授权人", null=True, blank=True, related_name="+", editable=False
    )

    objects = models.Manager.from_queryset(GrantQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        ordering = ["user__username", "organization__path", "role"]
        constraints = [
            half_open(name="orgs_grant_since_before_until"),
            models.UniqueConstraint(
                fields=["user", "organization", "role"],
                condition=Q(until__isnull=True),
                name="orgs_grant_once",
                violation_error_message="该账号在此范围内已有同一角色。",
            ),
        ]

    def __str__(self):
        return f"{self.user} {self.get_role_display()} {self.organization}"


def _rights(user: int, today: datetime.date) -> QuerySet:
    """(path, role) of the Grants of an account in force on the day, and of what it sees as 属地."""
    grants = Grant.objects.in_force(today).filter(user=user).order_by()
    readers = grants.filter(
        role__in=READING, organization__path=Substr(OuterRef("street__path"), 1, Length("organization__path"))
    )
    links = TerritorialLink.objects.holding(today).filter(Exists(readers)).order_by()
    return grants.values_list("organization__path", "role").union(
        links.values_list("organization__path", Value(BY_TERRITORY, models.CharField())), all=True
    )


# Every request asks for them.
RIGHTS = Prepared(_rights, user=-1, today=datetime.date.min)
