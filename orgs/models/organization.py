"""The tree of Party organizations and the units (单位) behind them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from orgs import paths
from orgs.enums import Form, Kind, Precision, UnitType
from orgs.fields import BytewiseCharField, PathField
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class UnitQuerySet(ScopedQuerySet):
    """Units, seen by those who see the organization that keeps them."""

    scope_field = "keeper__path"


class Unit(Record):
    """One employer or place (单位) behind Party organizations, kept by the organization that registered it."""

    keeper = models.ForeignKey("orgs.Organization", models.PROTECT, verbose_name="登记单位的党组织", related_name="+")
    name = models.CharField("单位名称", max_length=120)
    credit_code = BytewiseCharField("统一社会信用代码", max_length=18, blank=True)
    unit_type = models.CharField("单位类别", max_length=20, choices=UnitType.choices())
    is_large = models.BooleanField("是否大中型企业", null=True, blank=True)
    sort_key = BytewiseCharField("排序键", max_length=200, editable=False)

    objects = RecordManager.from_queryset(UnitQuerySet)()
    everything = models.Manager.from_queryset(UnitQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "单位"
        ordering = ["sort_key", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=~Q(credit_code="") & Q(voided_at__isnull=True),
                name="orgs_unit_credit_code_unique",
                violation_error_message="该统一社会信用代码已登记。",
            ),
        ]

    def __str__(self):
        return self.name


class OrganizationQuerySet(ScopedQuerySet):
    """Organizations, each seen from its own place in the tree."""

    scope_field = "path"

    def existing(self, on):
        """Organizations that exist on the day `on`: founded by then and not yet closed."""
        return self.filter(
            Q(founded_on__isnull=True) | Q(founded_on__lte=on), Q(closed_on__isnull=True) | Q(closed_on__gt=on)
        )

    def under(self, node):
        """The subtree of `node`, itself included."""
        return self.filter(paths.subtree(node.path))

    def children_of(self, node):
        """The direct children of `node`."""
        return self.filter(parent=node)

    def roots(self):
        """Organizations without a parent."""
        return self.filter(parent__isnull=True)

    def by_level(self):
        """Parents before children."""
        return self.alias(level=Length("path")).order_by("level", "sort_key", "id")


class Organization(Record):
    """One Party organization (党组织): a node of the tree from its founding to its closing."""

    code = BytewiseCharField("统一编码", max_length=40, blank=True)
    name = models.CharField("党组织名称", max_length=120)
    short_name = models.CharField("简称", max_length=60, blank=True)
    kind = models.CharField("组织类别", max_length=20, choices=Kind.choices())
    form = models.CharField("组织形式", max_length=12, choices=Form.choices(), default=Form.ORDINARY)
    unit_type = models.CharField("单位类别", max_length=20, choices=UnitType.choices(), blank=True)
    units = models.ManyToManyField(Unit, verbose_name="所在单位", through="OrganizationUnit", blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name="上级党组织", null=True, blank=True, related_name="children"
    )
    # Derived from parent; written by orgs.tree alone.
    path = PathField("路径", max_length=paths.WIDTH * paths.MAX_LEVELS, unique=True, editable=False)
    founded_on = models.DateField("成立日期", null=True, blank=True)
    founded_on_precision = models.CharField(
        "成立日期精度", max_length=5, choices=Precision.choices(), default=Precision.DAY
    )
    # The day of the 批复 that gave it its present form (升格、改建): an earlier term ends there.
    converted_on = models.DateField("改建日期", null=True, blank=True)
    # First day it no longer exists.
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    # Only for mobile branches: whether its members' affiliations are kept here, so that it elects.
    holds_affiliations = models.BooleanField("接收组织关系", default=False)
    contact_name = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=40, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)
    # Pinyin of the name, made by orgs.sortkey: lists never sort by the name itself.
    sort_key = BytewiseCharField("排序键", max_length=200, editable=False)

    objects = RecordManager.from_queryset(OrganizationQuerySet)()
    everything = models.Manager.from_queryset(OrganizationQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "党组织"
        ordering = ["sort_key", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code="") & Q(voided_at__isnull=True),
                name="orgs_organization_code_unique",
                violation_error_message="该统一编码已被使用，请核对。",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="orgs_organization_not_own_parent",
                violation_error_message="上级党组织不能是它自己。",
            ),
            models.CheckConstraint(
                condition=Q(founded_on__isnull=True) | Q(closed_on__isnull=True) | Q(founded_on__lt=F("closed_on")),
                name="orgs_organization_founded_before_closed",
                violation_error_message="撤销日期须晚于成立日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["parent", "sort_key"], name="orgs_organization_children"),
            models.Index(fields=["name"], name="orgs_organization_name"),
        ]

    def __str__(self):
        return self.name

    @property
    def level(self) -> int:
        """How deep it stands in the tree: 1 for a root."""
        return paths.level_of(self.path)

    def exists_on(self, day) -> bool:
        """Whether it exists on `day`."""
        return (self.founded_on is None or self.founded_on <= day) and (self.closed_on is None or day < self.closed_on)


class OrganizationUnit(models.Model):
    """One unit behind one organization; a joint branch has several."""

    organization = models.ForeignKey(Organization, models.CASCADE, verbose_name="党组织", related_name="unit_links")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="单位", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "所在单位"
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "unit"],
                name="orgs_organizationunit_once",
                violation_error_message="该单位已列入本党组织。",
            )
        ]

    def __str__(self):
        return f"{self.organization} {self.unit}"


class OrganizationChangeQuerySet(ScopedQuerySet):
    """Changes, seen with their organization."""


class OrganizationChange(models.Model):
    """One dated change of parent, kind, form, unit type or name; past days read the values of then from it."""

    organization = models.ForeignKey(Organization, models.CASCADE, verbose_name="党组织", related_name="changes")
    field = models.CharField("项目", max_length=20)
    # First day the new value holds.
    on = models.DateField("生效日期")
    before = models.CharField("原值", max_length=200, blank=True)
    after = models.CharField("新值", max_length=200, blank=True)
    basis = models.CharField("依据", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    objects = models.Manager.from_queryset(OrganizationChangeQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "党组织变更"
        ordering = ["on", "id"]
        indexes = [
            models.Index(fields=["organization", "field", "on"], name="orgs_change_of_field"),
            # Every ledger asks first whether anything changed after its day at all.
            models.Index(fields=["on"], name="orgs_change_on"),
        ]

    def __str__(self):
        return f"{self.organization} {self.field} {self.on}"
