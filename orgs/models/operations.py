"""What was done by hand (办理): one step of an official, with every row it wrote."""

from django.conf import settings
from django.db import models

from orgs.enums import Action
from orgs.models.effects import Effect
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class OperationQuerySet(ScopedQuerySet):
    """Operations, seen at their organization by those who may see people: they may name some."""

    read_action = Action.READ_PEOPLE

    def done(self):
        """Those that were not taken back."""
        return self.filter(undone_at__isnull=True)


class Operation(Record):
    """One step done by hand at an organization, in one transaction; `created_at` says when it was done."""

    tells_the_past = True

    # The code of the task, as elections.desk knows it.
    kind = models.CharField("事项", max_length=40)
    # Where it is at home: by this it is scoped and listed.
    organization = models.ForeignKey("orgs.Organization", models.PROTECT, verbose_name="党组织", related_name="+")
    on = models.DateField("生效日期")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")
    summary = models.CharField("摘要", max_length=300)
    basis = models.CharField("依据", max_length=200, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    document_no = models.CharField("文号", max_length=60, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="撤销人", null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)

    objects = RecordManager.from_queryset(OperationQuerySet)()
    everything = models.Manager.from_queryset(OperationQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["-created_at", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="orgs_operation_undone_both_or_none",
                violation_error_message="撤销须同时记明时间和撤销人。",
            ),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="orgs_operation_recent")]

    def __str__(self):
        return self.summary


class OperationEffect(Effect):
    """One row that an operation wrote."""

    operation = models.ForeignKey(Operation, models.CASCADE, verbose_name="办理记录", related_name="effects")

    class Meta:
        verbose_name = verbose_name_plural = "办理明细"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "table", "target_uid"], name="orgs_operationeffect_once")
        ]
        indexes = [models.Index(fields=["table", "target_uid"], name="orgs_operationeffect_target")]
