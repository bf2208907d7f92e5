"""The base of every record: what a row has so that it can be named, guarded, voided and undone."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from orgs.scoping import ScopedQuerySet


class RecordManager(models.Manager):
    """Leaves voided rows out: they were recorded by mistake and count nowhere."""

    def get_queryset(self):
        rows = super().get_queryset()
        rows.query = self._not_voided.chain()
        return rows

    @cached_property
    def _not_voided(self):
        """The query that leaves them out, put together once: a page begins with it some hundred times."""
        return super().get_queryset().filter(voided_at__isnull=True).query


class Record(models.Model):
    """One fact of the books, with the name it has outside the database and the trace of its changes."""

    # Never counted out to users: addresses, exports and sealed values name a row by its uid.
    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    # Services write only where the version still matches, so that a stale form loses nothing.
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_at = models.DateTimeField("登记时间", auto_now_add=True)
    voided_at = models.DateTimeField("作废时间", null=True, blank=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="作废人",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    voided_reason = models.CharField("作废原因", max_length=200, blank=True, editable=False)

    # Columns whose values an audit event names only as changed.
    sealed_fields: frozenset[str] = frozenset()
    # Notes of what was done stay told, whatever became of the rows they name.
    tells_the_past = False

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="%(app_label)s_%(class)s_voided_both_or_none",
                violation_error_message="作废须同时记明时间和作废人。",
            ),
        ]


def half_open(*, since: str = "since", until: str = "until", name: str) -> models.CheckConstraint:
    """The constraint that a period [since, until) is not empty; an open end or beginning is allowed."""
    return models.CheckConstraint(
        condition=Q(**{f"{until}__isnull": True})
        | Q(**{f"{since}__isnull": True})
        | Q(**{f"{since}__lt": models.F(until)}),
        name=name,
        violation_error_message="结束日期须晚于开始日期。",
    )


def one_open(*, name: str, message: str, fields: tuple[str, ...] = ("organization",)) -> models.UniqueConstraint:
    """The constraint that at most one row for the same `fields` lasts on; `message` says so."""
    return models.UniqueConstraint(
        fields=fields,
        condition=Q(until__isnull=True, voided_at__isnull=True),
        name=name,
        violation_error_message=message,
    )


def holding_on(day, *, since: str = "since", until: str = "until", prefix: str = "") -> Q:
    """The condition that a half-open period holds on `day`; an unknown beginning lies before all records."""
    since, until = f"{prefix}{since}", f"{prefix}{until}"
    return (Q(**{f"{since}__isnull": True}) | Q(**{f"{since}__lte": day})) & (
        Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gt": day})
    )


class DatedQuerySet(ScopedQuerySet):
    """Rows that hold for [since, until)."""

    def holding(self, on):
        """Those that hold on the day `on`."""
        return self.filter(holding_on(on))


class DatedRecord(Record):
    """A fact about an organization that holds for [since, until) by a document; with another it ends, a row begins."""

    organization = models.ForeignKey("orgs.Organization", models.PROTECT, verbose_name="党组织", related_name="+")
    since = models.DateField("起始日期")
    # First day it no longer holds.
    until = models.DateField("终止日期", null=True, blank=True)
    document_no = models.CharField("文号", max_length=60, blank=True)

    class Meta:
        abstract = True
        ordering = ["organization_id", "since", "id"]
        constraints = [
            *Record.Meta.constraints,
            half_open(name="%(app_label)s_%(class)s_since_before_until"),
        ]
