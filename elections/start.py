"""The first days (启用): what is on the books of each street and what is still missing, step by step.

Counted for the units under a node in a fixed number of queries. A step that a user may not see is no step of theirs.
Everything is today's: what was before the books began is asked of nobody.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr

from elections.groups import grouped
from elections.ledger import OUTSIDE_DENOMINATOR, Summary
from elections.models import Post
from elections.states_sql import with_state
from members.models import RosterConfirmation
from members.services.affiliations import TAKES_NO_AFFILIATIONS
from orgs import paths
from orgs.enums import ROLE_ACTIONS, Action, Body, Form, Kind, Labeled, RosterKind, State
from orgs.models import Grant, ImportBatch, ImportEffect, Organization, User
from orgs.models.importing import ON_THE_BOOKS
from orgs.opening import opened_on

# Kinds that hold others, so that books can be begun for them.
HOLDERS = frozenset({Kind.LOCAL_COMMITTEE, Kind.WORKING_COMMITTEE, Kind.COMMITTEE})
# Of one unit so many organizations without a roster are named.
NAMED = 20
WORKING_ROLES = [role.value for role, actions in ROLE_ACTIONS.items() if Action.EDIT in actions]


class Step(Labeled):
    """What has to be there, in the order in which it is best done."""

    ACCOUNTS = "accounts", "账号与授权"
    ORGANIZATIONS = "organizations", "党组织"
    TERMS = "terms", "届次"
    MEMBERS = "members", "党员花名册"
    COMMITTEE = "committee", "班子成员"
    BOOKS = "books", "建账日"


@dataclass(frozen=True)
class Measure:
    """How much of one step is there: `there` of the `due`; a step may be due for nothing and not yet be done."""

    there: int
    due: int
    is_done: bool

    @property
    def missing(self) -> int:
        """How many are still to come."""
        return self.due - self.there


@dataclass(frozen=True)
class Unit:
    """One street, 党（工）委 or other unit with what its user may see of its steps."""

    organization: Organization
    measures: dict[Step, Measure]
    # Organizations under it, and the roster that last wrote any of them: None when entered by hand or out of sight.
    below: int = 0
    roster: ImportBatch | None = None
    is_imported: bool = False
    # Accounts kept there, for those who manage accounts.
    accounts: int = 0
    # The day of the latest confirmed member roster, and the first day of the books.
    members_on: date | None = None
    books_since: date | None = None

    @property
    def done(self) -> int:
        """How many of its steps are done."""
        return sum(measure.is_done for measure in self.measures.values())

    @property
    def next_step(self) -> Step | None:
        """The first step that is not done; None when all are."""
        return next((step for step in Step if step in self.measures and not self.measures[step].is_done), None)


@dataclass(frozen=True)
class Missing:
    """Organizations of one unit that lack something: the first of them, and how many there are."""

    names: list[Organization]
    number: int


@dataclass(frozen=True)
class Start:
    """The units under a node, and of a single unit which organizations lack a roster or a committee."""

    units: list[Unit]
    without_members: Missing | None = None
    without_committee: Missing | None = None

    @property
    def is_finished(self) -> bool:
        """Whether nothing is left to do for anybody here."""
        return bool(self.units) and all(unit.next_step is None for unit in self.units)


def is_starting(node: Organization, summary: Summary) -> bool:
    """Whether a node holds so little that its first days are not over: no term of half of those that must have one."""
    if Kind(node.kind) not in HOLDERS:
        return False
    return not summary.expected or summary.states[State.NO_DATA] * 2 >= summary.expected


@dataclass
class _Counts:
    """What is counted of one unit."""

    organizations: int = 0
    states: dict[State, int] = field(default_factory=dict)
    seated: int = 0
    branches: int = 0
    rosters: int = 0
    accounts: int = 0
    holders: int = 0

    @property
    def expected(self) -> int:
        return sum(number for state, number in self.states.items() if state not in OUTSIDE_DENOMINATOR)


class FirstDays:
    """What is there and what is missing under `node` on the day `on`, as far as `user` may see it."""

    def __init__(self, *, user, node: Organization, on: date):
        self.user, self.node, self.on = user, node, on
        # Of a 地方党委 each unit under it is a line, of anything else itself.
        self.is_many = node.kind == Kind.LOCAL_COMMITTEE
        self._width = len(node.path) + (paths.WIDTH if self.is_many else 0)

    def read(self) -> Start:
        """Everything, in a fixed number of queries."""
        organizations = self._units()
        counts = self._counts({each.path for each in organizations})
        rosters = self._rosters()
        confirmed = self._confirmed()
        since = opened_on(organizations)
        units = [
            Unit(
                organization=each,
                measures=self._measures(each, counts[each.path], since[each.pk]),
                below=counts[each.path].organizations,
                roster=rosters.get(each.path),
                is_imported=each.path in rosters,
                accounts=counts[each.path].accounts,
                members_on=confirmed.get(each.path),
                books_since=since[each.pk],
            )
            for each in organizations
        ]
        if self.is_many or not units:
            return Start(units)
        return Start(units, self._missing(_lacking_roster()), self._missing(self._lacking_committee()))

    def _visible(self) -> QuerySet:
        return Organization.objects.visible_to(self.user).under(self.node).existing(self.on)

    def _placed(self, rows: QuerySet, path: str = "path") -> QuerySet:
        return rows.order_by().annotate(place=Substr(path, 1, self._width))

    def _units(self) -> list[Organization]:
        if not self.is_many:
            return [self.node]
        children = Organization.objects.visible_to(self.user).children_of(self.node).existing(self.on)
        return list(children.order_by("sort_key", "id"))

    def _counts(self, places: set[str]) -> dict[str, _Counts]:
        counts = {place: _Counts() for place in places}
        states = with_state(self._visible(), on=self.on, fields=["state"])
        states = self._placed(states.annotate(seated=Exists(self._posts())))
        for row in grouped(states.values("place", "state", "seated")):
            if (found := counts.get(row["place"])) is None:
                continue  # the node itself
            state, number = State(row["state"]), row["number"]
            found.organizations += number
            found.states[state] = found.states.get(state, 0) + number
            if row["seated"] and state not in OUTSIDE_DENOMINATOR:
                found.seated += number
        branches = self._placed(self._visible().filter(_keeps_a_roll()).annotate(has_roster=Exists(_confirmations())))
        for row in grouped(branches.values("place", "has_roster")):
            if found := counts.get(row["place"]):
                found.branches += row["number"]
                found.rosters += row["number"] if row["has_roster"] else 0
        for place in places:
            counts[place].organizations -= 1  # itself
        self._count_accounts(counts)
        return counts

    def _count_accounts(self, counts: dict[str, _Counts]) -> None:
        """Accounts kept in each unit and accounts with a right to work there, each for those who manage them."""
        inside = paths.subtree(self.node.path, "organization__path")
        kept = User.objects.allowing(self.user, Action.MANAGE_ACCOUNTS).filter(inside, is_active=True)
        for row in self._placed(kept, "organization__path").values("place").annotate(number=Count("pk")):
            if found := counts.get(row["place"]):
                found.accounts = row["number"]
        given = Grant.objects.visible_to(self.user).in_force(self.on)
        given = given.filter(inside, role__in=WORKING_ROLES, user__is_active=True)
        holders = self._placed(given, "organization__path").values("place")
        for row in holders.annotate(number=Count("user", distinct=True)):
            if found := counts.get(row["place"]):
                found.holders = row["number"]

    def _measures(self, unit: Organization, found: _Counts, since: date | None) -> dict[Step, Measure]:
        begun = found.organizations > 0 or unit.kind not in HOLDERS

        def of(there: int, due: int) -> Measure:
            return Measure(there, due, begun and there == due)

        measures = {}
        if self.user.may(Action.MANAGE_GRANTS, unit):
            measures[Step.ACCOUNTS] = Measure(found.holders, 1, found.holders > 0)
        elif self.user.may(Action.MANAGE_ACCOUNTS, unit):
            measures[Step.ACCOUNTS] = Measure(found.accounts, 1, found.accounts > 0)
        if unit.kind in HOLDERS:
            measures[Step.ORGANIZATIONS] = Measure(found.organizations, 1, begun)
        measures[Step.TERMS] = of(found.expected - found.states.get(State.NO_DATA, 0), found.expected)
        measures[Step.MEMBERS] = of(found.rosters, found.branches)
        if self.user.may(Action.READ_PEOPLE, unit):
            measures[Step.COMMITTEE] = of(found.seated, found.expected)
        if unit.kind in HOLDERS:
            measures[Step.BOOKS] = Measure(int(since is not None), 1, since is not None)
        return measures

    def _rosters(self) -> dict[str, ImportBatch | None]:
        """{unit's path: the roster that last wrote one of its organizations}; None where it is out of sight."""
        effects = ImportEffect.objects.filter(
            table=Organization._meta.label_lower,
            target_uid=OuterRef("uid"),
            batch__state__in=ON_THE_BOOKS,
            batch__kind=RosterKind.ORGANIZATIONS,
        )
        latest = effects.order_by("-batch_id").values("batch_id")[:1]
        written = self._placed(self._visible().annotate(batch=Subquery(latest))).filter(batch__isnull=False)
        last = {row["place"]: row["last"] for row in written.values("place").annotate(last=Max("batch"))}
        batches = ImportBatch.objects.visible_to(self.user).select_related("uploaded_by")
        seen = {
            batch.pk: batch for batch in batches.filter(pk__in=last.values()).defer("file_sealed", "preview_sealed")
        }
        return {place: seen.get(pk) for place, pk in last.items()}

    def _confirmed(self) -> dict[str, date]:
        """{unit's path: day of its latest confirmed member roster}."""
        inside = RosterConfirmation.objects.visible_to(self.user).filter(
            paths.subtree(self.node.path, "organization__path"), on__lte=self.on
        )
        days = self._placed(inside, "organization__path").values("place").annotate(last=Max("on"))
        return {row["place"]: row["last"] for row in days}

    def _posts(self) -> QuerySet:
        posts = Post.objects.visible_to(self.user).holding(self.on)
        return posts.filter(body=Body.COMMITTEE, organization=OuterRef("pk"))

    def _lacking_committee(self) -> Q:
        states = [state.value for state in State if state not in OUTSIDE_DENOMINATOR]
        return Q(state__in=states) & ~Exists(self._posts())

    def _missing(self, condition: Q) -> Missing:
        rows = with_state(self._visible(), on=self.on, fields=["state"]).filter(condition).order_by("sort_key", "id")
        return Missing(list(rows[:NAMED]), rows.count())


def _keeps_a_roll() -> Q:
    """Branches whose members' 组织关系 are kept there: each owes a member roster."""
    mobile_without = Q(form=Form.MOBILE, holds_affiliations=False)
    return Q(kind=Kind.BRANCH) & ~Q(form__in=TAKES_NO_AFFILIATIONS) & ~mobile_without


def _confirmations() -> QuerySet:
    return RosterConfirmation.objects.filter(organization=OuterRef("pk"))


def _lacking_roster() -> Q:
    return _keeps_a_roll() & ~Exists(_confirmations())
