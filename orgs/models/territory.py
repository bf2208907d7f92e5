"""属地: a 党（工）委 on whose ground an organization of another superior stands may look at its ledger."""

from django.db import models
from django.db.models import F, Q

from orgs import paths
from orgs.models.records import DatedRecord, RecordManager, holding_on
from orgs.scoping import ScopedQuerySet


class TerritorialLinkQuerySet(ScopedQuerySet):
    """Links, seen with the organization; changed where it is approved for."""

    def holding(self, on):
        """Links that hold on the day `on`."""
        return self.filter(holding_on(on))

    def apart_from(self, node):
        """Links to a place in the part of `node` of organizations that do not stand in it themselves."""
        here = Q(paths.subtree(node.path, "street__path"))
        return self.filter(here & ~Q(paths.subtree(node.path, "organization__path")))


class TerritorialLink(DatedRecord):
    """The read-only sight of `organization` and all below it, people left out, for those who see `street`."""

    organization = models.ForeignKey("orgs.Organization", models.PROTECT, verbose_name="党组织", related_name="+")
    street = models.ForeignKey("orgs.Organization", models.PROTECT, verbose_name="属地党（工）委", related_name="+")

    objects = RecordManager.from_queryset(TerritorialLinkQuerySet)()
    everything = models.Manager.from_queryset(TerritorialLinkQuerySet)()

    class Meta(DatedRecord.Meta):
        verbose_name = verbose_name_plural = "属地关系"
        ordering = ["organization_id", "since", "id"]
        constraints = [
            *DatedRecord.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(until__isnull=True, voided_at__isnull=True),
                name="orgs_territoriallink_one_open",
                violation_error_message="该党组织已登记属地党（工）委。",
            ),
            models.CheckConstraint(
                condition=~Q(organization=F("street")),
                name="orgs_territoriallink_of_two",
                violation_error_message="党组织不能是它自己的属地党（工）委。",
            ),
        ]
        indexes = [models.Index(fields=["street", "until"], name="orgs_territoriallink_street")]

    def __str__(self):
        return f"{self.organization} 属地 {self.street}"
