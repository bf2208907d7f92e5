"""流入党员: floating members whose 组织关系 is elsewhere, as the branch that receives them knows them."""

from django.db import models

from members.models.people import Affiliation
from members.models.whereabouts import Whereabouts
from orgs.enums import Action, AffiliationKind
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class GuestQuerySet(ScopedQuerySet):
    """Guests, seen where they are received by those who may see people; their home learns nothing of it."""

    scope_field = "affiliation__organization__path"
    read_action = Action.READ_PEOPLE

    def staying(self, on):
        """Those who are received somewhere on the day `on` and do not belong there."""
        stays = Affiliation.objects.filter(kind=AffiliationKind.INCOMING).holding(on)
        at_home = (
            Affiliation.objects.regular()
            .holding(on)
            .filter(member=models.OuterRef("member"), organization=models.OuterRef("organization"))
        )
        return self.filter(affiliation__in=stays.filter(~models.Exists(at_home)), affiliation__voided_at__isnull=True)


class Guest(Whereabouts, Record):
    """What a branch recorded of a 流入 stay: beside its affiliation, in which nobody is counted."""

    sealed_fields = frozenset({"contact_sealed"})

    affiliation = models.OneToOneField(Affiliation, models.PROTECT, verbose_name="流入", related_name="guest")
    place_of_affiliation = models.CharField("组织关系所在地", max_length=120, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = RecordManager.from_queryset(GuestQuerySet)()
    everything = models.Manager.from_queryset(GuestQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "流入党员登记"
        ordering = ["affiliation_id"]
        constraints = [*Record.Meta.constraints]

    def __str__(self):
        return str(self.affiliation)
