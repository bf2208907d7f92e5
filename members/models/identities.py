"""Whether two entries of the books are one person: what somebody found out, so that it is not asked again."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from members.models.people import Member
from orgs.enums import Action
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class IdentityQuerySet(ScopedQuerySet):
    """Findings about two entries, seen by those who may see the first of them."""

    read_action = Action.READ_PEOPLE

    def scope_condition(self, allowed):
        return Q(first__in=Member.objects.kept_in(allowed))

    def editable_by(self, user):
        return self.filter(first__in=Member.objects.editable_by(user))


class Identity(Record):
    """Two entries compared by a person: one and the same (`second` was merged into `first`), or two people."""

    first = models.ForeignKey(Member, models.PROTECT, verbose_name="党员", related_name="+")
    second = models.ForeignKey(Member, models.PROTECT, verbose_name="另一条登记", related_name="+")
    is_same = models.BooleanField("是同一人")
    reason = models.CharField("核实情况", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="核实人", related_name="+")

    objects = RecordManager.from_queryset(IdentityQuerySet)()
    everything = models.Manager.from_queryset(IdentityQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "疑似重复核实"
        ordering = ["-created_at", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(first=F("second")),
                name="members_identity_two_entries",
                violation_error_message="请选择两条不同的登记。",
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(voided_at__isnull=True),
                name="members_identity_once",
                violation_error_message="这两条登记已经核实过。",
            ),
        ]

    def __str__(self):
        return f"{self.first} {'是同一人' if self.is_same else '不是同一人'}"
