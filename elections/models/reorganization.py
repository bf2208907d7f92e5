"""How organizations came out of others (合并, 拆分), and requests to move one under another superior (划转)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from orgs.enums import SuccessionKind
from orgs.models import Organization
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class SuccessionQuerySet(ScopedQuerySet):
    """Successions, seen with the organization that goes on."""

    def absorbed(self):
        """Those by which an organization that stays took in another."""
        return self.filter(kind=SuccessionKind.ABSORBED)


class Succession(Record):
    """One organization that went, wholly or in part, into another on a day."""

    # The one that goes on: it took in the former one, or was founded out of it.
    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    former = models.ForeignKey(Organization, models.PROTECT, verbose_name="原党组织", related_name="+")
    kind = models.CharField("方式", max_length=10, choices=SuccessionKind.choices())
    on = models.DateField("生效日期")
    document_no = models.CharField("批复文号", max_length=60, blank=True)

    objects = RecordManager.from_queryset(SuccessionQuerySet)()
    everything = models.Manager.from_queryset(SuccessionQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "党组织沿革"
        ordering = ["organization_id", "on", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "former"],
                condition=Q(voided_at__isnull=True),
                name="elections_succession_once",
                violation_error_message="这两个党组织之间的合并或拆分已登记。",
            ),
            models.CheckConstraint(
                condition=~Q(organization=F("former")),
                name="elections_succession_of_two",
                violation_error_message="党组织不能并入它自己。",
            ),
        ]

    def __str__(self):
        return f"{self.former} {self.get_kind_display()} {self.organization}"


class MoveRequestQuerySet(ScopedQuerySet):
    """Requests, seen with the organization that is to be moved."""

    def open(self):
        """Requests that wait for a decision."""
        return self.filter(decided_at__isnull=True)


class MoveRequest(Record):
    """One request to the superior to move an organization under a place the requester may not change.

    The place is told in the requester's own words: nothing is looked up for them, so nothing is disclosed.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    wanted = models.CharField("拟划入的上级党组织", max_length=120)
    on = models.DateField("拟生效日期")
    document_no = models.CharField("批复文号", max_length=60, blank=True)
    reason = models.CharField("理由", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="申请人", related_name="+")
    is_granted = models.BooleanField("是否同意", null=True, blank=True)
    answer = models.CharField("答复", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="答复人", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = RecordManager.from_queryset(MoveRequestQuerySet)()
    everything = models.Manager.from_queryset(MoveRequestQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "划转申请"
        ordering = ["-created_at", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, is_granted__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False, is_granted__isnull=False),
                name="elections_moverequest_decided_all_or_none",
                violation_error_message="答复须同时记明结果、时间和答复人。",
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(decided_at__isnull=True, voided_at__isnull=True),
                name="elections_moverequest_one_open",
                violation_error_message="该党组织已有一项划转申请等待答复。",
            ),
        ]

    def __str__(self):
        return f"{self.organization} 划转到 {self.wanted}"
