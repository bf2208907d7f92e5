"""Who sits: posts of the Party's bodies, and those of a village's or community's own committee beside them."""

from django.db import models

from members.models import Member
from orgs.enums import Action, Body, Precision, Seat, Sex, Title
from orgs.models import Organization
from orgs.models.records import DatedQuerySet, Record, RecordManager, half_open


class PostQuerySet(DatedQuerySet):
    """Posts, seen with their organization by those who may see people."""

    read_action = Action.READ_PEOPLE


class Holder(Record):
    """Who holds a post for [since, until): a member of the books, or a name with what the roster says of the person.

    Sex, birth and education are kept only of people who are no members of the books; of the others the member's row
    tells them. ID numbers of people who are no members are never kept.
    """

    member = models.ForeignKey(Member, models.PROTECT, verbose_name="党员", null=True, blank=True, related_name="+")
    # The name as the roster has it; stays when the person is not on the books here.
    holder_name = models.CharField("姓名", max_length=60)
    sex = models.CharField("性别", max_length=6, choices=Sex.choices(), blank=True)
    birth = models.DateField("出生日期", null=True, blank=True)
    birth_precision = models.CharField("出生日期精度", max_length=5, choices=Precision.choices(), default=Precision.DAY)
    education = models.CharField("学历", max_length=20, blank=True)
    joined_on = models.DateField("入党日期", null=True, blank=True)
    joined_on_precision = models.CharField(
        "入党日期精度", max_length=5, choices=Precision.choices(), default=Precision.DAY
    )
    tags = models.CharField("人员标签", max_length=100, blank=True)
    since = models.DateField("任职日期", null=True, blank=True)
    until = models.DateField("免职日期", null=True, blank=True, help_text="从这一天起不再任职")

    class Meta(Record.Meta):
        abstract = True


class Post(Holder):
    """One person in one post of a body for a period [since, until), with or without a row as a member."""

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    body = models.CharField("班子", max_length=12, choices=Body.choices(), default=Body.COMMITTEE)
    seat = models.CharField("产生方式", max_length=16, choices=Seat.choices(), default=Seat.ELECTED)
    title = models.CharField("职务", max_length=20, choices=Title.choices())

    objects = RecordManager.from_queryset(PostQuerySet)()
    everything = models.Manager.from_queryset(PostQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "班子成员"
        ordering = ["organization_id", "body", "id"]
        constraints = [*Record.Meta.constraints, half_open(name="elections_post_since_before_until")]
        indexes = [models.Index(fields=["organization", "until"], name="elections_post_current")]

    def __str__(self):
        return f"{self.holder_name} {self.get_title_display()}"


class VillagePost(Holder):
    """One person in one post of a 村民委员会 or 居民委员会, kept for 两委 tables only."""

    organization = models.ForeignKey(Organization, models.PROTECT, verbose_name="党组织", related_name="+")
    title = models.CharField("村（居）委会职务", max_length=40)
    is_party_member = models.BooleanField("是否党员", null=True, blank=True)

    objects = RecordManager.from_queryset(PostQuerySet)()
    everything = models.Manager.from_queryset(PostQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "村（居）委会成员"
        ordering = ["organization_id", "id"]
        constraints = [*Record.Meta.constraints, half_open(name="elections_villagepost_since_before_until")]
        indexes = [models.Index(fields=["organization", "until"], name="elections_villagepost_current")]

    def __str__(self):
        return f"{self.holder_name} {self.title}"
