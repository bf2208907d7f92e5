"""People and where they belong."""

import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from members import idcard
from members.models.whereabouts import Whereabouts
from orgs import crypto, paths
from orgs.enums import Action, AffiliationKind, MemberKind, Precision, Sex, StandingKind
from orgs.fields import BytewiseCharField
from orgs.models import ImportBatch, Organization, Unit
from orgs.models.records import DatedQuerySet, Record, RecordManager, half_open, one_open
from orgs.scoping import ScopedQuerySet

NUMBER_PURPOSE = "members_member.id_number"
"""What the blind index of an ID number is made for."""


class MemberQuerySet(ScopedQuerySet):
    """People, seen where they are kept: where their 组织关系 is; after the last one has ended, where it was.

    Whoever receives a guest (流入) kept elsewhere sees the stay (`members.models.guests`), not the person's record:
    else a name and a number would be enough to read another street's books.
    """

    read_action = Action.READ_PEOPLE

    def scope_condition(self, allowed):
        return Q(pk__in=_inside(allowed).filter(_keeps()).values("member"))

    def kept_in(self, subtrees: tuple[str, ...]):
        """People kept in one of the subtrees under these paths."""
        return self.filter(self.scope_condition(subtrees))

    def affiliated(self, on, node):
        """People whose regular affiliation lies in the subtree of `node` on the day `on`."""
        return self.filter(pk__in=_inside((node.path,)).regular().holding(on).values("member"))


def _inside(allowed: tuple[str, ...]):
    """Affiliations with the organizations of the subtrees `allowed`.

    Conditions on people start from these, not from each person: a street is then
    as quick in a city's database as in its own.
    """
    return Affiliation.objects.filter(organization__in=Organization.everything.filter(paths.subtrees(allowed)))


def _keeps() -> Q:
    """The condition that the person of an affiliation is kept by it: the regular one, or the last there was.

    People whose 组织关系 never was in these books are kept by whoever received them.
    """
    regular = Affiliation.objects.regular().filter(member=OuterRef("member"))
    later = regular.filter(Q(until__isnull=True) | Q(until__gt=OuterRef("until")))
    return Q(kind=AffiliationKind.REGULAR) & (Q(until__isnull=True) | ~Exists(later)) | ~Exists(regular)


class Member(Record):
    """One Party member; the ID number and the phone are stored sealed and shown masked."""

    sealed_fields = frozenset({"id_number_sealed", "id_number_index", "phone_sealed"})

    name = models.CharField("姓名", max_length=60)
    sort_key = BytewiseCharField("排序键", max_length=200, editable=False)
    sex = models.CharField("性别", max_length=6, choices=Sex.choices(), blank=True)
    ethnicity = models.CharField("民族", max_length=20, blank=True)
    birth = models.DateField("出生日期", null=True, blank=True)
    birth_precision = models.CharField("出生日期精度", max_length=5, choices=Precision.choices(), default=Precision.DAY)
    # Sealed by crypto.seal; id_number_index is its keyed hash, so that the unique key never shows the number.
    id_number_sealed = models.TextField("公民身份号码（密文）", blank=True, editable=False)
    id_number_index = models.CharField(  # noqa: DJ001 people without a number share no key
        "公民身份号码（索引）", max_length=64, null=True, blank=True, editable=False
    )
    phone_sealed = models.TextField("手机号码（密文）", blank=True, editable=False)
    education = models.CharField("学历", max_length=20, blank=True)
    kind = models.CharField("人员类别", max_length=12, choices=MemberKind.choices(), default=MemberKind.FULL)
    joined_on = models.DateField("入党日期", null=True, blank=True)
    joined_on_precision = models.CharField(
        "入党日期精度", max_length=5, choices=Precision.choices(), default=Precision.DAY
    )
    formal_on = models.DateField("转正日期", null=True, blank=True)
    formal_on_precision = models.CharField(
        "转正日期精度", max_length=5, choices=Precision.choices(), default=Precision.DAY
    )
    work_unit = models.CharField("工作单位", max_length=120, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = RecordManager.from_queryset(MemberQuerySet)()
    everything = models.Manager.from_queryset(MemberQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "党员"
        ordering = ["sort_key", "id"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["id_number_index"],
                condition=Q(voided_at__isnull=True),
                name="members_member_id_number_unique",
                violation_error_message="该公民身份号码已登记。",
            ),
            models.CheckConstraint(
                condition=Q(id_number_sealed="", id_number_index__isnull=True)
                | (~Q(id_number_sealed="") & Q(id_number_index__isnull=False)),
                name="members_member_id_number_sealed_with_index",
                violation_error_message="公民身份号码的密文和索引须同时具备。",
            ),
            models.CheckConstraint(
                condition=Q(formal_on__isnull=True)
                | Q(joined_on__isnull=True)
                | Q(joined_on__lte=models.F("formal_on")),
                name="members_member_joined_before_formal",
                violation_error_message="转正日期不能早于入党日期。",
            ),
        ]

    def __str__(self):
        return self.name

    def set_id_number(self, number: str) -> None:
        """Seal `number` (18 characters, already checked; empty clears it) into this row, with its blind index."""
        self.id_number_sealed = crypto.seal(number, table="members_member", column="id_number", uid=self.uid)
        self.id_number_index = id_number_index(number) if number else None

    def reveal_id_number(self) -> str:
        """The full number; callers must hold the right to it and leave an audit event."""
        return crypto.reveal(self.id_number_sealed, table="members_member", column="id_number", uid=self.uid)

    @property
    def masked_id_number(self) -> str:
        """The number as screens and exports show it, e.g. `119901********7209`."""
        return idcard.mask(self.reveal_id_number())

    def set_phone(self, number: str) -> None:
        """Seal the phone number (empty clears it) into this row."""
        self.phone_sealed = crypto.seal(number, table="members_member", column="phone", uid=self.uid)

    def reveal_phone(self) -> str:
        """The full phone number; as `reveal_id_number`."""
        return crypto.reveal(self.phone_sealed, table="members_member", column="phone", uid=self.uid)

    @property
    def masked_phone(self) -> str:
        """The phone number as screens show it, e.g. `154****0123`."""
        return idcard.mask_phone(self.reveal_phone())

    def is_full_on(self, day: datetime.date) -> bool:
        """Whether this person was a full member on `day` (选举条例 第五条 counts full members)."""
        return self.kind == MemberKind.FULL and (self.formal_on is None or self.formal_on <= day)


def full_on(day, prefix: str = "") -> Q:
    """`Member.is_full_on` as a condition; `prefix` leads from the filtered row to the member."""
    return Q(**{f"{prefix}kind": MemberKind.FULL}) & (
        Q(**{f"{prefix}formal_on__isnull": True}) | Q(**{f"{prefix}formal_on__lte": day})
    )


def id_number_index(number: str) -> str:
    """The blind index of an ID number: equal numbers, equal index; nothing else can be told from it."""
    return crypto.blind_index(number, purpose=NUMBER_PURPOSE)


class AffiliationQuerySet(DatedQuerySet):
    """Affiliations, seen where the organization is by those who may see people."""

    read_action = Action.READ_PEOPLE

    def regular(self):
        """Those that count: 组织关系 in the organization."""
        return self.filter(kind=AffiliationKind.REGULAR)


class Affiliation(Record):
    """One period [since, until) in which a person belongs to an organization; no `since`: before all records."""

    member = models.ForeignKey(Member, models.PROTECT, verbose_name="党员", related_name="affiliations")
    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    # In a joint branch: the unit this member comes from.
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name="所在单位", null=True, blank=True, related_name="+")
    kind = models.CharField(
        "关系类别", max_length=10, choices=AffiliationKind.choices(), default=AffiliationKind.REGULAR
    )
    since = models.DateField("转入日期", null=True, blank=True)
    until = models.DateField("转出日期", null=True, blank=True, help_text="从这一天起不再属于本组织")
    reason = models.CharField("转出原因", max_length=100, blank=True)

    objects = RecordManager.from_queryset(AffiliationQuerySet)()
    everything = models.Manager.from_queryset(AffiliationQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "组织关系"
        ordering = ["member_id", "since", "id"]
        constraints = [
            *Record.Meta.constraints,
            half_open(name="members_affiliation_since_before_until"),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(kind=AffiliationKind.REGULAR, until__isnull=True, voided_at__isnull=True),
                name="members_affiliation_one_open_regular",
                violation_error_message="该党员已有正在履行的组织关系，请先转出。",
            ),
            models.UniqueConstraint(
                fields=["member", "organization"],
                condition=Q(kind=AffiliationKind.INCOMING, until__isnull=True, voided_at__isnull=True),
                name="members_affiliation_one_open_stay",
                violation_error_message="该党员已登记为本党组织的流入党员。",
            ),
        ]
        indexes = [models.Index(fields=["organization", "kind", "until"], name="members_affiliation_current")]

    def __str__(self):
        return f"{self.member} {self.organization}"


class StandingQuerySet(DatedQuerySet):
    """Standings, seen with their member by those who may see the person."""

    read_action = Action.READ_PEOPLE

    def scope_condition(self, allowed):
        return Q(member__in=Member.objects.kept_in(allowed))

    def editable_by(self, user):
        return self.filter(member__in=Member.objects.editable_by(user))


class Standing(Whereabouts, Record):
    """One period [since, until) in which a member's rights are suspended, or they are away, lost or stopped."""

    sealed_fields = frozenset({"contact_sealed"})

    member = models.ForeignKey(Member, models.PROTECT, verbose_name="党员", related_name="standings")
    kind = models.CharField("情形", max_length=14, choices=StandingKind.choices())
    since = models.DateField("开始日期", null=True, blank=True)
    until = models.DateField("结束日期", null=True, blank=True, help_text="从这一天起不再如此")
    destination = models.CharField("外出流向", max_length=100, blank=True)
    document_no = models.CharField("文号", max_length=60, blank=True)
    remark = models.CharField("备注", max_length=200, blank=True)

    objects = RecordManager.from_queryset(StandingQuerySet)()
    everything = models.Manager.from_queryset(StandingQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "党员情形"
        ordering = ["member_id", "since", "id"]
        constraints = [
            *Record.Meta.constraints,
            half_open(name="members_standing_since_before_until"),
            one_open(
                fields=("member", "kind"), name="members_standing_one_open", message="该党员已有同一情形尚未结束。"
            ),
        ]

    def __str__(self):
        return f"{self.member} {self.get_kind_display()}"


class DeclaredCountQuerySet(ScopedQuerySet):
    """Declared numbers, seen with their organization."""


class DeclaredCount(Record):
    """The members an organization says it has, on the day of the ledger that says so."""

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    on = models.DateField("上报日期")
    full = models.PositiveIntegerField("正式党员数")
    probationary = models.PositiveIntegerField("预备党员数", default=0)
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, verbose_name="来源批次", null=True, blank=True, related_name="+"
    )

    objects = RecordManager.from_queryset(DeclaredCountQuerySet)()
    everything = models.Manager.from_queryset(DeclaredCountQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "上报人数"
        ordering = ["organization_id", "on"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "on"],
                condition=Q(voided_at__isnull=True),
                name="members_declaredcount_once_a_day",
                violation_error_message="该党组织当日已有上报人数。",
            ),
        ]

    def __str__(self):
        return f"{self.organization} {self.on}"


class RosterConfirmationQuerySet(ScopedQuerySet):
    """Confirmations, seen with their organization."""


class RosterConfirmation(Record):
    """The day whose member roster an organization confirmed: from then on its people are counted by rows."""

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    on = models.DateField("名册日期")
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, verbose_name="来源批次", null=True, blank=True, related_name="+"
    )

    objects = RecordManager.from_queryset(RosterConfirmationQuerySet)()
    everything = models.Manager.from_queryset(RosterConfirmationQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "花名册确认"
        ordering = ["organization_id", "on"]
        constraints = [
            *Record.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "on"],
                condition=Q(voided_at__isnull=True),
                name="members_rosterconfirmation_once_a_day",
                violation_error_message="该党组织当日的花名册已确认。",
            ),
        ]

    def __str__(self):
        return f"{self.organization} {self.on}"
