"""党员名册: who is on the roll of an organization on a day, as one user may see it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from members.models import Affiliation, Guest, Standing, TransferRequest, full_on
from orgs import paths
from orgs.enums import Labeled, StandingKind
from orgs.models import Organization
from orgs.opening import in_the_books


class Which(Labeled):
    """Which of the people on the roll are listed."""

    FULL = "full", "正式党员"
    PROBATIONARY = "probationary", "预备党员"
    FLOATING = "floating", "外出流动"
    LOST = "lost", "失联"
    STOPPED = "stopped", "停止党籍"


@dataclass(frozen=True)
class Entry:
    """One person on the roll: as they are recorded, whether full on the day, what lasts of them, whether in transit."""

    affiliation: Affiliation
    is_full: bool
    standings: list[Standing]
    is_leaving: bool


@dataclass(frozen=True)
class Roll:
    """The people whose regular affiliation is at or under an organization on a day."""

    user: object
    node: Organization
    on: date

    def affiliations(self, *, name: str = "", which: Which | None = None) -> QuerySet:
        """The affiliations that hold on the day, by name of the person; before the 建账日 there are none."""
        inside = paths.subtree(self.node.path, "organization__path")
        books = in_the_books(self.on, path=self.node.path, field="organization__path")
        rows = Affiliation.objects.visible_to(self.user).regular().holding(self.on).filter(inside, books)
        rows = rows.filter(member__voided_at__isnull=True)
        if name:
            rows = rows.filter(member__name__icontains=name)
        if which is not None:
            rows = rows.filter(self._condition(which))
        return rows.order_by("member__sort_key", "member_id", "id")

    def guests(self, *, name: str = "") -> QuerySet:
        """Those who are received (流入) on the day and belong elsewhere, by name: listed apart and never counted."""
        inside = paths.subtree(self.node.path, "affiliation__organization__path")
        books = in_the_books(self.on, path=self.node.path, field="affiliation__organization__path")
        rows = Guest.objects.visible_to(self.user).staying(self.on).filter(inside, books)
        if name:
            rows = rows.filter(affiliation__member__name__icontains=name)
        rows = rows.select_related("affiliation__member", "affiliation__organization")
        return rows.order_by("affiliation__member__sort_key", "id")

    def entries(self, rows: QuerySet) -> list[Entry]:
        """The people of some of `affiliations`, in their order; three queries."""
        lasting = Standing.objects.holding(self.on).order_by("since", "id")
        rows = rows.select_related("member", "organization", "unit")
        rows = rows.prefetch_related(Prefetch("member__standings", lasting, to_attr="lasting"))
        rows = list(rows)
        leaving = self._leaving([row.member_id for row in rows])
        return [
            Entry(row, row.member.is_full_on(self.on), row.member.lasting, row.member_id in leaving) for row in rows
        ]

    def _leaving(self, members: list[int]) -> set[int]:
        """Whose 组织关系 was on its way elsewhere at the end of the day: counted here until it is received (PM-10)."""
        tomorrow = timezone.make_aware(datetime.combine(self.on + timedelta(days=1), time.min))
        asked = TransferRequest.objects.filter(member__in=members, asked_on__lte=self.on)
        waiting = asked.filter(Q(decided_at__isnull=True) | Q(decided_at__gte=tomorrow))
        return set(waiting.values_list("member_id", flat=True))

    def _condition(self, which: Which) -> Q:
        if which in (Which.FULL, Which.PROBATIONARY):
            full = full_on(self.on, "member__")
            return full if which == Which.FULL else ~full
        lasting = Standing.objects.filter(kind=StandingKind(which.value)).holding(self.on)
        return Q(member__in=lasting.values("member"))
