"""更正: wrong facts put right, with what stood before, why, and by whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from orgs.enums import Action
from orgs.models import Organization
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class CorrectionQuerySet(ScopedQuerySet):
    """Corrections, seen by those who see people where the books they put right are kept: they may name some."""

    read_action = Action.READ_PEOPLE

    def waiting(self):
        """Those that need a second person and have no answer yet."""
        return self.filter(needs_second=True, decided_at__isnull=True)

    def applied(self):
        """Those that hold."""
        return self.filter(Q(needs_second=False) | Q(is_granted=True))


class Correction(Record):
    """One wrong fact of a record put right; of an election day or an extension only once a second person agrees.

    `before` and `after` are {field: value} as texts. A figure that was published stays as it went out; the corrections
    are what its 更正说明 tells.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    table = models.CharField("表", max_length=60)
    target_uid = models.UUIDField("记录标识")
    # What the record is in words, as it stood when it was corrected.
    subject = models.CharField("更正的记录", max_length=200)
    before = models.JSONField("原值")
    after = models.JSONField("新值")
    reason = models.CharField("更正理由", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="更正人", related_name="+")
    needs_second = models.BooleanField("须经复核", default=False)
    is_granted = models.BooleanField("是否同意", null=True, blank=True)
    answer = models.CharField("复核意见", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="复核人", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)

    objects = RecordManager.from_queryset(CorrectionQuerySet)()
    everything = models.Manager.from_queryset(CorrectionQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "更正"
        ordering = ["-created_at", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, is_granted__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_granted__isnull=False, needs_second=True),
                name="elections_correction_decided_all_or_none",
                violation_error_message="复核须同时记明结果、时间和复核人。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("by")) | Q(is_granted=False),
                name="elections_correction_by_two",
                violation_error_message="更正须由另一人复核。",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(needs_second=True, decided_at__isnull=True, voided_at__isnull=True),
                name="elections_correction_one_waiting",
                violation_error_message="该党组织已有一项更正等待复核。",
            ),
        ]
        indexes = [models.Index(fields=["organization", "created_at"], name="elections_correction_recent")]

    def __str__(self):
        return f"更正{self.subject}"
