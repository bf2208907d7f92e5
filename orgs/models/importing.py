"""What was uploaded, what was found in it, what was chosen, what it wrote."""

from django.conf import settings
from django.db import models

from orgs.enums import Action, BatchState, ChoiceSubject, RosterKind
from orgs.models.effects import Effect
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet

# What a batch in such a state wrote stands.
ON_THE_BOOKS = (BatchState.APPLIED, BatchState.UNDOING)


class ImportBatchQuerySet(ScopedQuerySet):
    """Batches, seen by those who see people where the batch was uploaded for."""

    read_action = Action.EDIT

    def open(self):
        """Batches that wait for a decision."""
        return self.filter(state=BatchState.CHECKED)

    def with_open_list(self):
        """Batches written in part whose rows in error wait to be mended: neither closed nor brought in since."""
        closed = models.Q(list_closed_at__isnull=False) & (
            models.Q(list_closed_through=None) | models.Q(list_closed_through__state__in=ON_THE_BOOKS)
        )
        return self.filter(state=BatchState.APPLIED, partial=True).exclude(closed)


class ImportBatch(Record):
    """One uploaded roster: the file, the stored preview, the decision and the effect."""

    tells_the_past = True

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
    # How far checking is, in rows: for the page that waits for it.
    progress_done = models.PositiveIntegerField("已核对行数", default=0)
    progress_total = models.PositiveIntegerField("总行数", default=0)
    progressed_at = models.DateTimeField("进度时间", null=True, blank=True)
    # How often checking was begun: a file whose check ends its worker each time is not tried for ever.
    checks = models.PositiveSmallIntegerField("核对次数", default=0)
    # The latest run of the check. A run stores its parts under its own token and shows them, all at once, by putting
    # the token into `shown_run`; an older run that comes to its end later finds another token here and shows nothing.
    check_run = models.UUIDField("核对标识", null=True, blank=True, editable=False)
    shown_run = models.UUIDField("预览标识", null=True, blank=True, editable=False)
    partial = models.BooleanField("只导入无误的行", default=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="确认人", null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="撤销人", null=True, blank=True, related_name="+"
    )
    # While it is being taken back: when that was asked for.
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    # Why the latest undo did not happen, until the next one is asked for: {"sentence", "reasons", "more"}.
    undo_refused = models.JSONField("未能撤销的原因", null=True, blank=True)
    # The rows in error of a batch written in part are its open list, until somebody closes it with a reason or a later
    # batch brings all of them in (and as long as that one is not undone).
    list_closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="清单销号人", null=True, blank=True, related_name="+"
    )
    list_closed_at = models.DateTimeField("清单销号时间", null=True, blank=True)
    list_closed_reason = models.CharField("清单销号原因", max_length=200, blank=True)
    list_closed_through = models.ForeignKey(
        "self", models.PROTECT, verbose_name="补导入的批次", null=True, blank=True, related_name="+"
    )
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
            models.CheckConstraint(
                condition=models.Q(list_closed_at__isnull=True, list_closed_by__isnull=True)
                | models.Q(list_closed_at__isnull=False, list_closed_by__isnull=False),
                name="orgs_importbatch_list_closed_both_or_none",
                violation_error_message="清单销号须同时记明时间和销号人。",
            ),
        ]
        indexes = [models.Index(fields=["organization", "-created_at"], name="orgs_importbatch_recent")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.file_name}"


class ImportPart(models.Model):
    """About a thousand rows of what one run of the check found, sealed: their values, problems and changes.

    `summary` counts the rows by filter key (orgs.importing.parts), so that a page opens only the parts that it shows.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, verbose_name="批次", related_name="parts")
    run = models.UUIDField("核对标识")
    number = models.PositiveIntegerField("序号")
    rows = models.PositiveIntegerField("行数")
    summary = models.JSONField("统计", default=dict)
    sealed = models.BinaryField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "预览分段"
        ordering = ["batch_id", "run", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "run", "number"], name="orgs_importpart_once")]

    def __str__(self):
        return f"{self.batch_id} {self.number}"


class ImportChoice(models.Model):
    """What a clerk chose for one person of a preview: it waits there for the confirm, for whoever does it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, verbose_name="批次", related_name="choices")
    subject = models.CharField("事由", max_length=8, choices=ChoiceSubject.choices())
    # The member.
    target_uid = models.UUIDField("党员标识")
    # One of the choices that the kind of roster offers for the subject.
    choice = models.CharField("选择", max_length=20)
    # Days, documents and places that go with it, as JSON keeps them.
    details = models.JSONField("说明", default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")
    at = models.DateTimeField("时间", auto_now=True)
    version = models.PositiveIntegerField("版本", default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "导入时的选择"
        ordering = ["batch_id", "subject", "id"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "subject", "target_uid"], name="orgs_importchoice_once"),
        ]

    def __str__(self):
        return f"{self.get_subject_display()} {self.choice}"


class LayoutMappingQuerySet(ScopedQuerySet):
    """Layouts, seen where they were mapped by those who import there."""

    read_action = Action.EDIT


class LayoutMapping(models.Model):
    """What somebody said by hand that the columns of a layout mean; kept for the unit that sends such files."""

    organization = models.ForeignKey("orgs.Organization", models.PROTECT, verbose_name="范围", related_name="+")
    kind = models.CharField("名册种类", max_length=16, choices=RosterKind.choices())
    # A hash of the titles, so that the same form is known again whatever stands in it.
    layout = models.CharField("版式", max_length=64)
    # {title key: canonical field, or '' for a column that is to be left out}
    mapping = models.JSONField("列对应", default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")
    at = models.DateTimeField("时间", auto_now=True)

    objects = models.Manager.from_queryset(LayoutMappingQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = "列对应"
        ordering = ["organization_id", "kind", "id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "kind", "layout"], name="orgs_layoutmapping_once"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.layout[:8]}"


class ImportEffect(Effect):
    """One row that a batch wrote."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, verbose_name="批次", related_name="effects")

    class Meta:
        verbose_name = verbose_name_plural = "导入明细"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["batch", "table", "target_uid"], name="orgs_importeffect_once")]
        indexes = [models.Index(fields=["table", "target_uid"], name="orgs_importeffect_target")]
