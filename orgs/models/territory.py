"""属地: a 党（工）委 on whose ground an organization of another superior stands may look at its ledger."""

from django.db import models
from django.db.models import F, Q

from orgs import paths
from orgs.models.records import DatedQuerySet, DatedRecord, RecordManager, one_open


class TerritorialLinkQuerySet(DatedQuerySet):
    """Links, seen with the organization; changed where it is approved for."""

    def apart_from(self, node):
        """Links to a place in the part of `node` of organizations that do not stand in it themselves."""
        here = Q(paths.subtree(node.path, "street__path"))
        return self.filter(here & ~Q(paths.subtree(node.path, "organization__path")))


class TerritorialLink(DatedRecord):
    """The read-only sight of `organization` and all below it, people left out, for those who see `street`."""

    street = models.ForeignKey("orgs.Organization", models.PROTECT, verbose_name="属地党（工）委", related_name="+")

    objects = RecordManager.from_queryset(TerritorialLinkQuerySet)()
    everything = models.Manager.from_queryset(TerritorialLinkQuerySet)()

    class Meta(DatedRecord.Meta):
        verbose_name = verbose_name_plural = "属地关系"
        constraints = [
            *DatedRecord.Meta.constraints,
            one_open(name="orgs_territoriallink_one_open", message="该党组织已登记属地党（工）委。"),
            models.CheckConstraint(
                condition=~Q(organization=F("street")),
                name="orgs_territoriallink_of_two",
                violation_error_message="党组织不能是它自己的属地党（工）委。",
            ),
        ]
        indexes = [models.Index(fields=["street", "until"], name="orgs_territoriallink_street")]

    def __str__(self):
        return f"{self.organization} 属地 {self.street}"
