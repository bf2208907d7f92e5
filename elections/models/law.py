"""What a district adds to the law of its own tree: stricter values, lists, and rules compared with their text.

Rows are only added. One that has come into force stays; a wrong one that has not is voided before its day.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.rules.parameters import Law
from elections.rules.parameters.lists import ListName
from orgs import paths
from orgs.enums import Action
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class TreeLawQuerySet(ScopedQuerySet):
    """Rows of whole trees: seen from anywhere in the tree, changed by who approves at its root."""

    scope_field = "root__path"
    edit_action = Action.APPROVE

    def visible_to(self, user):
        """Rows of every tree that `user` sees a part of: the law of a tree holds for all of it."""
        return self.of_trees(user.paths_allowing(self.read_action))

    def of_trees(self, within):
        """Rows of the trees in which the paths `within` lie."""
        return self.filter(root__path__in={path[: paths.WIDTH] for path in within})


class TreeLaw(Record):
    """One row that holds for the whole tree of `root`."""

    root = models.ForeignKey("orgs.Organization", models.PROTECT, verbose_name="适用范围", related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")

    objects = RecordManager.from_queryset(TreeLawQuerySet)()
    everything = models.Manager.from_queryset(TreeLawQuerySet)()

    class Meta(Record.Meta):
        abstract = True


class LocalValue(TreeLaw):
    """A number of the law that a district sets more strictly from a day on; without a value the one before ends."""

    # The name of the number in `elections.rules.parameters.Law`.
    parameter = models.CharField("项目", max_length=60)
    since = models.DateField("起始日", help_text="从这一天起施行，不能早于今天")
    value = models.PositiveSmallIntegerField("数值", null=True, blank=True, help_text="不填表示从这一天起恢复全国规定")
    basis = models.CharField("依据文件", max_length=200, help_text="文件名称和文号")

    class Meta(TreeLaw.Meta):
        verbose_name = verbose_name_plural = "地方值"
        ordering = ["parameter", "since", "id"]
        constraints = [
            *TreeLaw.Meta.constraints,
            models.UniqueConstraint(
                fields=["root", "parameter", "since"],
                condition=Q(voided_at__isnull=True),
                name="elections_localvalue_once",
                violation_error_message="该项目在这一天已有地方值。",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gt=0),
                name="elections_localvalue_positive",
                violation_error_message="地方值须大于0。",
            ),
            models.CheckConstraint(
                condition=~Q(basis=""),
                name="elections_localvalue_has_basis",
                violation_error_message="请填写地方值依据的文件名称和文号。",
            ),
        ]

    def __str__(self):
        return f"{self.title}（{self.since}起，{self.basis}）"

    @property
    def title(self) -> str:
        """What the number is called."""
        known = dict(Law.builtin().parameters()).get(self.parameter)
        return known.title if known else self.parameter

    @property
    def told(self) -> str:
        """The value with its unit, or that the one before ends."""
        if self.value is None:
            return "恢复全国规定"
        known = dict(Law.builtin().parameters()).get(self.parameter)
        return f"{self.value} {known.unit}" if known else str(self.value)


class LocalList(TreeLaw):
    """A list that a district publishes and that holds from a day on; without items the one before ends."""

    name = models.CharField("名单", max_length=30, choices=ListName.choices())
    since = models.DateField("起始日", help_text="从这一天起施行，不能早于今天")
    items = models.TextField("各项内容", max_length=4000, blank=True, help_text="每行一项；不填表示从这一天起停止执行")
    basis = models.CharField("依据文件", max_length=200, help_text="文件名称和文号")

    class Meta(TreeLaw.Meta):
        verbose_name = verbose_name_plural = "地方清单"
        ordering = ["name", "since", "id"]
        constraints = [
            *TreeLaw.Meta.constraints,
            models.UniqueConstraint(
                fields=["root", "name", "since"],
                condition=Q(voided_at__isnull=True),
                name="elections_locallist_once",
                violation_error_message="这一天已有该清单。",
            ),
            models.CheckConstraint(
                condition=~Q(basis=""),
                name="elections_locallist_has_basis",
                violation_error_message="请填写清单依据的文件名称和文号。",
            ),
        ]

    def __str__(self):
        return f"{self.get_name_display()}（{self.since}起，{self.basis}）"

    @property
    def lines(self) -> tuple[str, ...]:
        """The items in order."""
        return tuple(line.strip() for line in self.items.splitlines() if line.strip())


class CheckedProvision(TreeLaw):
    """One rule that a named person compared with the official text (已核原文), with the article found there."""

    rule_id = models.CharField("规则编号", max_length=20)
    document = models.CharField("文件", max_length=200)
    article = models.CharField("条号", max_length=40, blank=True, help_text="按“第二十二条”的样式填写")
    on = models.DateField("核对日期")
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta(TreeLaw.Meta):
        verbose_name = verbose_name_plural = "原文核对"
        ordering = ["rule_id", "on", "id"]

    def __str__(self):
        return f"{self.document}{self.article}（{self.by.get_full_name()}，{self.on}核对）"
