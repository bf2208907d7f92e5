"""审批权限 where it is not what kind and place give (双重管理 and other arrangements), dated, each by its document."""

from django.db import models
from django.db.models import F, Q

from orgs.models import Organization
from orgs.models.records import DatedQuerySet, DatedRecord, RecordManager, one_open


class ApprovalRight(DatedRecord):
    """Whether one organization has 审批权限 over those below it, whatever its kind and place say."""

    has_right = models.BooleanField("有审批权限")

    objects = RecordManager.from_queryset(DatedQuerySet)()
    everything = models.Manager.from_queryset(DatedQuerySet)()

    class Meta(DatedRecord.Meta):
        verbose_name = verbose_name_plural = "审批权限"
        constraints = [
            *DatedRecord.Meta.constraints,
            one_open(name="elections_approvalright_one_open", message="该党组织的审批权限已另有规定。"),
        ]

    def __str__(self):
        return f"{self.organization} {'有' if self.has_right else '无'}审批权限"


class AssignedApprover(DatedRecord):
    """Who approves for one organization, and all below it without one of their own, instead of the nearest superior."""

    approver = models.ForeignKey(Organization, models.PROTECT, verbose_name="审批机关", related_name="+")

    objects = RecordManager.from_queryset(DatedQuerySet)()
    everything = models.Manager.from_queryset(DatedQuerySet)()

    class Meta(DatedRecord.Meta):
        verbose_name = verbose_name_plural = "指定审批机关"
        constraints = [
            *DatedRecord.Meta.constraints,
            one_open(name="elections_assignedapprover_one_open", message="该党组织已指定审批机关。"),
            models.CheckConstraint(
                condition=~Q(organization=F("approver")),
                name="elections_assignedapprover_of_two",
                violation_error_message="党组织不能审批它自己。",
            ),
        ]

    def __str__(self):
        return f"{self.organization} 由 {self.approver} 审批"
