"""Days that were closed (结账): the ledger of a node as it went out, kept whatever is recorded or corrected later."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from orgs.enums import Form, Kind, Precision, State
from orgs.models import Organization
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class FreezeQuerySet(ScopedQuerySet):
    """Closed days, seen with the node they were closed for."""

    def in_force(self):
        """Those that were not reopened."""
        return self.filter(reopened_at__isnull=True)


class Freeze(Record):
    """The ledger of one node on one month's end as an officer closed it; `created_at` says when.

    Reopened, it stays as it is, with who, when and why; the day may then be closed anew as the next edition.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    on = models.DateField("结账日")
    edition = models.PositiveSmallIntegerField("版次", default=1)
    # As it was called on the day.
    name = models.CharField("党组织名称", max_length=120)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="结账人", related_name="+")
    # {"kinds": {code: number}, "states": {code: number}, "inspection": number}
    counts = models.JSONField("统计")
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="重新开账人", null=True, blank=True, related_name="+"
    )
    reopened_at = models.DateTimeField("重新开账时间", null=True, blank=True)
    reopened_reason = models.CharField("重新开账理由", max_length=200, blank=True)

    objects = RecordManager.from_queryset(FreezeQuerySet)()
    everything = models.Manager.from_queryset(FreezeQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "结账"
        ordering = ["-on", "-edition"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "on"],
                condition=Q(reopened_at__isnull=True, voided_at__isnull=True),
                name="elections_freeze_one_in_force",
                violation_error_message="这一天已经结账。",
            ),
            models.UniqueConstraint(fields=["organization", "on", "edition"], name="elections_freeze_edition"),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True, reopened_reason="")
                | (Q(reopened_at__isnull=False, reopened_by__isnull=False) & ~Q(reopened_reason="")),
                name="elections_freeze_reopened_all_or_none",
                violation_error_message="重新开账须同时记明时间、经办人和理由。",
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.on} 第{self.edition}版"


class FrozenRow(models.Model):
    """One organization in a closed ledger; no name or number of a person, and no tie to the row of today."""

    freeze = models.ForeignKey(Freeze, models.CASCADE, verbose_name="结账", related_name="rows")
    # Its place in the ledger, the most urgent first.
    number = models.PositiveIntegerField("序号")
    organization_uid = models.UUIDField("党组织标识")
    code = models.CharField("统一编码", max_length=40, blank=True)
    name = models.CharField("党组织名称", max_length=120)
    kind = models.CharField("组织类别", max_length=20, choices=Kind.choices())
    form = models.CharField("组织形式", max_length=12, choices=Form.choices())
    place = models.CharField("所属党（工）委", max_length=120, blank=True)
    state = models.CharField("状态", max_length=20, choices=State.choices())
    days = models.IntegerField("天数", null=True, blank=True)
    expires_on = models.DateField("届满日期", null=True, blank=True)
    expires_on_precision = models.CharField(
        "届满日期精度", max_length=5, choices=Precision.choices(), default=Precision.DAY
    )
    extended_to = models.DateField("延期至", null=True, blank=True)
    # Ids of the rules that found something, as the ledger's json has them.
    findings = models.JSONField("提示", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "结账明细"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["freeze", "number"], name="elections_frozenrow_number")]
        indexes = [models.Index(fields=["freeze", "state", "number"], name="elections_frozenrow_state")]

    def __str__(self):
        return f"{self.number} {self.name}"
