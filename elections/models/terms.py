"""Terms (届), what prolonged them, and who was appointed meanwhile."""

from django.db import models
from django.db.models import F, Q

from orgs.enums import ApprovalLevel, Body, ElectionMethod, ExtensionKind, Kind, Precision, Timing, UnitType
from orgs.models import Organization
from orgs.models.records import Record, RecordManager, half_open
from orgs.scoping import ScopedQuerySet


class TermQuerySet(ScopedQuerySet):
    """Terms, seen with their organization."""

    def current(self, on):
        """The terms that sit on the day `on`: elected by then, no later one elected by then."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=on), elected_on__lte=on)

    def of_committees(self):
        """Terms of committees; a 纪委 shares day and term of its committee."""
        return self.filter(body=Body.COMMITTEE)


class Term(Record):
    """One elected term (届): begins on the day of the general election, whatever was approved later."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name="党组织", related_name="+", related_query_name="terms"
    )
    body = models.CharField("班子", max_length=12, choices=Body.choices(), default=Body.COMMITTEE)
    ordinal = models.PositiveSmallIntegerField("届次", null=True, blank=True)
    # Known to the month only: the month's last day, because that day then counts.
    elected_on = models.DateField("换届选举日期")
    elected_on_precision = models.CharField(
        "选举日期精度", max_length=5, choices=Precision.choices(), default=Precision.DAY
    )
    years = models.PositiveSmallIntegerField("任期（年）")
    # Rule id the length follows from (TERM-02 …), or "stated" with its document number.
    years_basis = models.CharField("任期依据", max_length=20)
    # Last day of the term; computed by elections.services.terms from the law, kept because SQL must compare it.
    expires_on = models.DateField("届满日期")
    expires_on_precision = models.CharField(
        "届满日期精度", max_length=5, choices=Precision.choices(), default=Precision.DAY
    )
    # What a roster said when it differs from the computed day; replaces it only with a document number.
    stated_expires_on = models.DateField("名册所列届满日期", null=True, blank=True)
    # In the same way a stated length that differs from the one that holds (P-10); none once a document decides.
    stated_years = models.PositiveSmallIntegerField("名册所列任期（年）", null=True, blank=True)
    document_no = models.CharField("批复文号", max_length=60, blank=True)
    # Unknown where a roster does not say.
    method = models.CharField("选举方式", max_length=10, choices=ElectionMethod.choices(), blank=True)
    # Registered by hand after the fact (补录), not elected step by step in the ledger.
    is_backfilled = models.BooleanField("补录", default=False)
    kind_at_election = models.CharField("选举时组织类别", max_length=20, choices=Kind.choices())
    unit_type_at_election = models.CharField("选举时单位类别", max_length=20, choices=UnitType.choices(), blank=True)
    # The 批复 on electing this term before the last one ended (TERM-13: 任期意见 二, 选举条例 第三条).
    early_approved_on = models.DateField("提前换届批复日期", null=True, blank=True)
    early_document_no = models.CharField("提前换届批复文号", max_length=60, blank=True)
    # When the election after this term is planned (to the month: its last day), and why it is late (TERM-22).
    planned_on = models.DateField("计划换届时间", null=True, blank=True)
    planned_on_precision = models.CharField(
        "计划换届时间精度", max_length=5, choices=Precision.choices(), default=Precision.DAY
    )
    overdue_reason = models.CharField("未换届原因", max_length=200, blank=True)
    # The four below are derived; written by elections.services.terms alone.
    # First day it no longer sits: the next general election's, or that of a conversion.
    until = models.DateField("卸任日期", null=True, blank=True, editable=False)
    # End of the latest extension that counts and the day from which it works.
    extended_until = models.DateField("延期至", null=True, blank=True, editable=False)
    extension_effective_on = models.DateField("延期生效日期", null=True, blank=True, editable=False)
    # How its election lay to the end of the term before (TERM-12, TERM-13).
    timing = models.CharField("换届早晚", max_length=9, choices=Timing.choices(), default=Timing.FIRST, editable=False)

    objects = RecordManager.from_queryset(TermQuerySet)()
    everything = models.Manager.from_queryset(TermQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "届次"
        ordering = ["organization_id", "body", "-elected_on"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "body", "elected_on"],
                condition=Q(voided_at__isnull=True),
                name="elections_term_once_a_day",
                violation_error_message="该班子当日的换届选举已登记。",
            ),
            models.CheckConstraint(
                condition=Q(elected_on__lt=F("expires_on")),
                name="elections_term_elected_before_expiry",
                violation_error_message="届满日期须晚于换届选举日期。",
            ),
            half_open(since="elected_on", name="elections_term_elected_before_until"),
            models.CheckConstraint(
                condition=Q(extended_until__isnull=True, extension_effective_on__isnull=True)
                | Q(extended_until__isnull=False, extension_effective_on__isnull=False),
                name="elections_term_extension_both_or_none",
                violation_error_message="延期须同时记明截止日期和生效日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "body", "elected_on"], name="elections_term_current"),
            models.Index(fields=["expires_on"], name="elections_term_expires_on"),
        ]

    def __str__(self):
        return f"{self.organization} {self.elected_on}"


class ExtensionQuerySet(ScopedQuerySet):
    """Extensions, seen with their organization."""

    scope_field = "term__organization__path"


class Extension(Record):
    """One request to prolong a term (延期); it moves a state only when it was approved in time."""

    term = models.ForeignKey(Term, models.PROTECT, verbose_name="届次", related_name="extensions")
    kind = models.CharField(
        "延期类别", max_length=14, choices=ExtensionKind.choices(), default=ExtensionKind.INDIVIDUAL
    )
    level = models.CharField("批准层级", max_length=14, choices=ApprovalLevel.choices(), default=ApprovalLevel.SUPERIOR)
    # Last day of the extension as the 批复 states it, inclusive.
    ends_on = models.DateField("延期至")
    reason = models.CharField("延期理由", max_length=200, blank=True)
    document_no = models.CharField("批复文号", max_length=60, blank=True)
    is_approved = models.BooleanField("是否批准", default=False)
    approved_by = models.CharField("批准机关", max_length=120, blank=True)
    approved_on = models.DateField("批复日期", null=True, blank=True)
    # All below are derived; written by elections.services.terms alone.
    # From when it works and the last day it gives within the cap (TERM-12); both null when it was not approved,
    # or approved more than a year after the expiry.
    effective_on = models.DateField("生效日期", null=True, blank=True, editable=False)
    counts_until = models.DateField("有效延期至", null=True, blank=True, editable=False)
    # The day an approved one works from, whether it counts or not, and which different approval of the term it is.
    works_on = models.DateField("批复起算日期", null=True, blank=True, editable=False)
    turn = models.PositiveSmallIntegerField("第几次批准", null=True, blank=True, editable=False)
    # Approved more than a year after the expiry (P-02); longer than the cap allows (TERM-12).
    is_too_late = models.BooleanField("补批过迟", default=False, editable=False)
    is_over_cap = models.BooleanField("超过延期上限", default=False, editable=False)

    objects = RecordManager.from_queryset(ExtensionQuerySet)()
    everything = models.Manager.from_queryset(ExtensionQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "延期"
        ordering = ["term_id", "approved_on", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(effective_on__isnull=True, counts_until__isnull=True)
                | Q(effective_on__isnull=False, counts_until__isnull=False),
                name="elections_extension_effect_both_or_none",
                violation_error_message="延期须同时记明生效日期和截止日期。",
            ),
        ]
        indexes = [models.Index(fields=["term", "effective_on"], name="elections_extension_steps")]

    def __str__(self):
        return f"{self.term} 延期至 {self.ends_on}"


class AppointmentQuerySet(ScopedQuerySet):
    """Appointments, seen with their organization."""


class Appointment(Record):
    """One committee appointed by the superior (指派) with document and day: no term, not a 届 (TERM-19)."""

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    on = models.DateField("指派日期")
    document_no = models.CharField("指派文号", max_length=60)

    objects = RecordManager.from_queryset(AppointmentQuerySet)()
    everything = models.Manager.from_queryset(AppointmentQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "指派"
        ordering = ["organization_id", "on"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "on"],
                condition=Q(voided_at__isnull=True),
                name="elections_appointment_once_a_day",
                violation_error_message="该党组织当日的指派已登记。",
            ),
        ]

    def __str__(self):
        return f"{self.organization} {self.on}"
