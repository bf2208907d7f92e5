"""Scans of the papers (批复扫描件) that what was recorded rests on."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from elections.models.corrections import Correction
from elections.models.terms import Appointment, Extension, Term
from orgs.enums import Action, ScanKind
from orgs.models import Operation, Organization
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet

# What a scan is attached to, by the name of its column.
RECORDS: dict[str, type[Record]] = {
    "term": Term,
    "extension": Extension,
    "appointment": Appointment,
    "correction": Correction,
    "operation": Operation,
}


class ScanQuerySet(ScopedQuerySet):
    """Scans, seen by those who see people where the record stands: the papers name some."""

    read_action = Action.READ_PEOPLE


class Scan(Record):
    """One scanned paper of one record; its bytes are in `ScanContent`.

    A withdrawn one (`voided`) lets go of its record, so that the record itself can still be taken back; `subject`
    goes on saying what it was of.
    """

    tells_the_past = True

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, verbose_name="届次", null=True, blank=True, related_name="+")
    extension = models.ForeignKey(
        Extension, models.PROTECT, verbose_name="延期", null=True, blank=True, related_name="+"
    )
    appointment = models.ForeignKey(
        Appointment, models.PROTECT, verbose_name="指派", null=True, blank=True, related_name="+"
    )
    correction = models.ForeignKey(
        Correction, models.PROTECT, verbose_name="更正", null=True, blank=True, related_name="+"
    )
    operation = models.ForeignKey(
        Operation, models.PROTECT, verbose_name="办理记录", null=True, blank=True, related_name="+"
    )
    # What the record is in words, as it stood when the scan was uploaded.
    subject = models.CharField("所属记录", max_length=300)
    kind = models.CharField("材料", max_length=10, choices=ScanKind.choices(), default=ScanKind.APPROVAL)
    file_name = models.CharField("文件名", max_length=120)
    media_type = models.CharField("文件类型", max_length=20)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="上传人", related_name="+")

    objects = RecordManager.from_queryset(ScanQuerySet)()
    everything = models.Manager.from_queryset(ScanQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "批复扫描件"
        ordering = ["-created_at", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(voided_at__isnull=False)
                | Q(
                    *(Q(*(Q(**{f"{other}__isnull": other != name}) for other in RECORDS)) for name in RECORDS),
                    _connector=Q.OR,
                ),
                name="elections_scan_of_one_record",
                violation_error_message="扫描件须属于一条记录。",
            ),
        ]

    def __str__(self):
        return self.file_name


class ScanContent(models.Model):
    """The sealed bytes of one scan, apart from it so that no list reads them."""

    scan = models.OneToOneField(Scan, models.CASCADE, verbose_name="扫描件", related_name="content")
    sealed = models.BinaryField("内容")

    class Meta:
        verbose_name = verbose_name_plural = "扫描件内容"

    def __str__(self):
        return str(self.scan)
