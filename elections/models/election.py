"""Elections (换届选举) under way, in their smallest form."""

from django.db import models
from django.db.models import Q

from orgs.enums import Body, ElectionKind, ElectionStage
from orgs.models import Organization
from orgs.models.records import Record, RecordManager, half_open, holding_on
from orgs.scoping import ScopedQuerySet


class ElectionQuerySet(ScopedQuerySet):
    """Elections, seen with their organization."""

    def general(self):
        """Elections of a whole committee."""
        return self.filter(kind=ElectionKind.GENERAL)

    def open_on(self, on):
        """Cases that were open on the day `on`."""
        return self.filter(holding_on(on, since="opened_on", until="closed_on"))


class Election(Record):
    """One case of a general election or a by-election, from its opening to its closing."""

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    kind = models.CharField("选举类型", max_length=12, choices=ElectionKind.choices(), default=ElectionKind.GENERAL)
    body = models.CharField("班子", max_length=12, choices=Body.choices(), default=Body.COMMITTEE)
    opened_on = models.DateField("启动日期")
    election_day = models.DateField("选举日", null=True, blank=True)
    # First day the case is no longer open.
    closed_on = models.DateField("办结日期", null=True, blank=True)
    stage = models.CharField("阶段", max_length=12, choices=ElectionStage.choices(), default=ElectionStage.PREPARING)

    objects = RecordManager.from_queryset(ElectionQuerySet)()
    everything = models.Manager.from_queryset(ElectionQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "换届选举"
        ordering = ["-opened_on", "-id"]
        constraints = [
            *Record.Meta.constraints,
            half_open(since="opened_on", until="closed_on", name="elections_election_opened_before_closed"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(kind=ElectionKind.GENERAL, closed_on__isnull=True, voided_at__isnull=True),
                name="elections_election_one_open_general",
                violation_error_message="该党组织已有一项正在进行的换届选举。",
            ),
        ]
        indexes = [models.Index(fields=["organization", "kind", "opened_on"], name="elections_election_open")]

    def __str__(self):
        return f"{self.organization} {self.get_kind_display()} {self.opened_on}"
