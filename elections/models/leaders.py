"""联系领导: the leader of the district or street who is in charge of an organization's election."""

from django.db import models

from orgs.enums import Action
from orgs.models.records import DatedQuerySet, DatedRecord, RecordManager, one_open


class LeaderQuerySet(DatedQuerySet):
    """Leaders, seen as contacts are: by those who see people at the organization."""

    read_action = Action.READ_PEOPLE


class Leader(DatedRecord):
    """One leader in charge of one organization for a time."""

    name = models.CharField("联系领导", max_length=40)
    post = models.CharField("职务", max_length=60)
    phone = models.CharField("联系电话", max_length=40, blank=True)

    objects = RecordManager.from_queryset(LeaderQuerySet)()
    everything = models.Manager.from_queryset(LeaderQuerySet)()

    class Meta(DatedRecord.Meta):
        verbose_name = verbose_name_plural = "联系领导"
        constraints = [
            *DatedRecord.Meta.constraints,
            one_open(name="elections_leader_one_open", message="该党组织已登记联系领导。"),
        ]

    def __str__(self):
        return f"{self.name}（{self.post}）"
