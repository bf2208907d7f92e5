"""What was uploaded, what was found in it, what it wrote."""

from django.conf import settings
from django.db import models

from orgs.enums import Action, BatchState, RosterKind
from orgs.models.effects import Effect
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class ImportBatchQuerySet(ScopedQuerySet):
    """Batches, seen by those who see people where the batch was uploaded for."""

    read_action = Action.EDIT

    def open(self):
        """Batches that wait for a decision."""
        return self.filter(state=BatchState.CHECKED)


class ImportBatch(Record):
    """One uploaded roster: the file, the stored preview, the decision and the effect."""

    kind = models.CharField("名册种类", max_length=16, choices=RosterKind.choices(), blank=True)
    # The part of the tree the roster speaks for; everything it names is looked up in here.
    organization = models.ForeignKey("orgs.Organization", models.PROTECT, verbose_name="范围", related_name="+")
    state = models.CharField("状态", max_length=10, choices=BatchState.choices(), default=BatchState.CHECKED)
    on = models.DateField("名册日期")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", related_name="+")
    file_name = models.CharField("文件名", max_length=200)
    file_size = models.PositiveIntegerField("文件大小（字节）")
    file_sha256 = models.CharField("文件校验值", max_length=64)
    # Sealed by orgs.crypto and purged with the batch: they hold ID numbers.
    file_sealed = models.BinaryField("文件", null=True, blank=True)
    preview_sealed = models.BinaryField("预览", null=True, blank=True)
    # {"rows", "good", "warning", "bad", "skipped", "new", "changed", "unchanged", "transfer", "missing"}
    counts = models.JSONField("统计", default=dict)
    message = models.CharField("结果", max_length=300, blank=True)
    partial = models.BooleanField("只导入无误的行", default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="确认人", null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="撤销人", null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    expires_at = models.DateTimeField("预览失效时间")

    objects = RecordManager.from_queryset(ImportBatchQuerySet)()
    everything = models.Manager.from_queryset(ImportBatchQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-created_at", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="orgs_importbatch_confirmed_both_or_none",
                violation_error_message="确认须同时记明时间和确认人。",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True, undone_by__isnull=True)
                | models.Q(undone_at__isnull=False, undone_by__isnull=False),
                name="orgs_importbatch_undone_both_or_none",
                violation_error_message="撤销须同时记明时间和撤销人。",
            ),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="orgs_importbatch_recent")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.file_name}"


class ImportEffect(Effect):
    """One row that a batch wrote."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, verbose_name="批次", related_name="effects")

    class Meta:
        verbose_name = verbose_name_plural = "导入明细"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["batch", "table", "target_uid"], name="orgs_importeffect_once")]
        indexes = [models.Index(fields=["table", "target_uid"], name="orgs_importeffect_target")]
