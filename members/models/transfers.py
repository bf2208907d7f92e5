"""Requests to let a person's 组织关系 go to a place that the asking side may not change (组织关系转接)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from members.models.people import Member
from orgs import paths
from orgs.enums import Action, Labeled
from orgs.models import Organization
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class TransferOutcome(Labeled):
    """How a request ended."""

    ACCEPTED = "accepted", "已接收"
    DECLINED = "declined", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class TransferRequestQuerySet(ScopedQuerySet):
    """Requests, seen by both sides that may see people: where the person is, and to whom it is addressed."""

    read_action = Action.READ_PEOPLE

    def scope_condition(self, allowed):
        return paths.subtrees(allowed, "origin__path") | paths.subtrees(allowed, "to__path")

    def open(self):
        """Requests that wait for an answer: the person is in transit and counted at the origin (PM-10)."""
        return self.filter(decided_at__isnull=True)

    def sent_by(self, user, action: Action = Action.READ_PEOPLE):
        """Requests from organizations where `user` may do `action`."""
        return self.filter(paths.subtrees(user.paths_allowing(action), "origin__path"))

    def addressed_to(self, user, action: Action = Action.READ_PEOPLE):
        """Requests to organizations where `user` may do `action`."""
        return self.filter(paths.subtrees(user.paths_allowing(action), "to__path"))


class TransferRequest(Record):
    """One request of a branch to another part of the tree to take over a person's 组织关系.

    The asking side tells the place in its own words and learns nothing of whether it was found: `to` is found by the
    service and never shown to them. The receiving side learns who it is, not where the person is.
    """

    member = models.ForeignKey(Member, models.PROTECT, verbose_name="党员", related_name="+")
    origin = models.ForeignKey(Organization, models.PROTECT, verbose_name="转出党组织", related_name="+")
    wanted = models.CharField("转往", max_length=120)
    # Whom the words of `wanted` mean; empty when nobody, or more than one.
    to = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="接收党组织", null=True, blank=True, editable=False, related_name="+"
    )
    asked_on = models.DateField("开具日期")
    letter_no = models.CharField("介绍信编号", max_length=60)
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="申请人", related_name="+")
    outcome = models.CharField("结果", max_length=10, choices=TransferOutcome.choices(), blank=True)
    answer = models.CharField("答复", max_length=200, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="答复人", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = RecordManager.from_queryset(TransferRequestQuerySet)()
    everything = models.Manager.from_queryset(TransferRequestQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "组织关系转接申请"
        ordering = ["-created_at", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, outcome="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(outcome="")),
                name="members_transferrequest_decided_all_or_none",
                violation_error_message="答复须同时记明结果、时间和答复人。",
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(decided_at__isnull=True, voided_at__isnull=True),
                name="members_transferrequest_one_open",
                violation_error_message="该党员的组织关系正在转接，请先撤回原申请。",
            ),
        ]

    def __str__(self):
        return f"{self.member}转往{self.wanted}"
