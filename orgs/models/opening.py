"""The first day of the books (建账日): before it nothing is known about people, and nothing is held against anybody."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class OpeningQuerySet(ScopedQuerySet):
    """First days, seen with their organization."""


class Opening(Record):
    """One decision that the books of an organization and of all under it begin on a day.

    The nearest ancestor-or-self with one decides. A changed or withdrawn decision is voided with its reason and stays
    readable; `created_at` says when it was made.
    """

    organization = models.ForeignKey("orgs.Organization", models.PROTECT, verbose_name="党组织", related_name="+")
    opened_on = models.DateField("建账日")
    reason = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="经办人", related_name="+")

    objects = RecordManager.from_queryset(OpeningQuerySet)()
    everything = models.Manager.from_queryset(OpeningQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "建账日"
        ordering = ["organization__path"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(voided_at__isnull=True),
                name="orgs_opening_one_each",
                violation_error_message="该党组织已设置建账日。",
            ),
        ]

    def __str__(self):
        return f"{self.organization} {self.opened_on}"
