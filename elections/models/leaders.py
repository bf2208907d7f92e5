"""联系领导: the leader of the district or street who is in charge of an organization's election."""

from django.db import models
from django.db.models import Q

from orgs.enums import Action
from orgs.models import Organization
from orgs.models.records import DatedRecord, RecordManager, holding_on
from orgs.scoping import ScopedQuerySet


class LeaderQuerySet(ScopedQuerySet):
    """Leaders, seen as contacts are: by those who see people at the organization."""

    read_action = Action.READ_PEOPLE

    def holding(self, on):
        """Who is in charge on the day `on`."""
        return self.filter(holding_on(on))


class Leader(DatedRecord):
    """One leader in charge of one organization for a time."""

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    name = models.CharField("联系领导", max_length=40)
    post = models.CharField("职务", max_length=60)
    phone = models.CharField("联系电话", max_length=40, blank=True)

    objects = RecordManager.from_queryset(LeaderQuerySet)()
    everything = models.Manager.from_queryset(LeaderQuerySet)()

    class Meta(DatedRecord.Meta):
        verbose_name = verbose_name_plural = "联系领导"
        ordering = ["organization_id", "since", "id"]
        constraints = [
            *DatedRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(until__isnull=True, voided_at__isnull=True),
                name="elections_leader_one_open",
                violation_error_message="该党组织已登记联系领导。",
            ),
        ]

    def __str__(self):
        return f"{self.name}（{self.post}）"
