"""Requests to have a person come over whose 组织关系 is somewhere the asking side may not look (申请转入)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from members.models.people import Member
from orgs import paths
from orgs.enums import Action, Labeled
from orgs.models import Organization
from orgs.models.records import Record, RecordManager
from orgs.scoping import ScopedQuerySet


class IntakeOutcome(Labeled):
    """How a request ended."""

    GRANTED = "granted", "已转入"
    DECLINED = "declined", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class IntakeRequestQuerySet(ScopedQuerySet):
    """Requests, seen by those who see people: at the branch that asks, and where the person is kept.

    While a request waits it follows the person; once it is answered it stays with whoever answered.
    """

    read_action = Action.READ_PEOPLE

    def scope_condition(self, allowed):
        return paths.subtrees(allowed, "to__path") | _held(allowed) | paths.subtrees(allowed, "origin__path")

    def open(self):
        """Requests that wait for an answer."""
        return self.filter(decided_at__isnull=True)

    def asked_by(self, user, action: Action = Action.READ_PEOPLE):
        """Requests of branches where `user` may do `action`."""
        return self.filter(paths.subtrees(user.paths_allowing(action), "to__path"))

    def answerable_by(self, user, action: Action = Action.READ_PEOPLE):
        """Open requests about people kept where `user` may do `action`."""
        return self.filter(_held(user.paths_allowing(action)))

    def about_people_of(self, node: Organization):
        """Open requests about people kept at `node` or below it."""
        return self.filter(_held((node.path,)))


def _held(allowed: tuple[str, ...]) -> Q:
    """The condition that a request waits, and its person is kept in one of the subtrees `allowed`."""
    return Q(decided_at__isnull=True, member__in=Member.objects.kept_in(allowed))


class IntakeRequest(Record):
    """One request of a branch to take a person over from wherever they are.

    The asking side knows the ID number from its own roster, and learns neither where the person is nor what is
    recorded of them: it goes on seeing the name that it wrote itself.
    """

    member = models.ForeignKey(Member, models.PROTECT, verbose_name="党员", related_name="+")
    to = models.ForeignKey(Organization, models.PROTECT, verbose_name="申请转入的党支部", related_name="+")
    # As the asking side has it.
    name = models.CharField("申请方所填姓名", max_length=60)
    on = models.DateField("申请转入日期")
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="申请人", related_name="+")
    outcome = models.CharField("结果", max_length=10, choices=IntakeOutcome.choices(), blank=True)
    answer = models.CharField("答复", max_length=200, blank=True)
    # Where the person was kept when it was answered; never shown to the asking side.
    origin = models.ForeignKey(
        Organization,
        models.PROTECT,
        verbose_name="答复的党组织",
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="答复人", null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)

    objects = RecordManager.from_queryset(IntakeRequestQuerySet)()
    everything = models.Manager.from_queryset(IntakeRequestQuerySet)()

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "组织关系转入申请"
        ordering = ["-created_at", "-id"]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, outcome="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(outcome="")),
                name="members_intakerequest_decided_all_or_none",
                violation_error_message="答复须同时记明结果、时间和答复人。",
            ),
            # By branch: whether another one asked for the same person is not told.
            models.UniqueConstraint(
                fields=["member", "to"],
                condition=Q(decided_at__isnull=True, voided_at__isnull=True),
                name="members_intakerequest_one_open",
                violation_error_message="本党支部已经申请转入该党员，请等待答复。",
            ),
        ]

    def __str__(self):
        return f"{self.name}转入{self.to}"
