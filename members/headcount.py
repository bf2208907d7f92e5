"""How many members organizations have on a day, and how we know it (rules D11: full and all are two numbers).

People are counted where their 组织关系 is (教育管理条例 第二十五条). Member rows count
from the first confirmed roster of an organization on; before it, or without it, what
the organization declared; else its number is unknown. The tree is today's.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Count, Exists, Max, OuterRef, Q

from members.models import Affiliation, DeclaredCount, RosterConfirmation, Standing, full_on
from orgs import paths
from orgs.enums import Form, Kind, Labeled, StandingKind
from orgs.models import Organization

# Beyond this many ranges one condition grows too deep for SQLite; wider subtrees are read instead.
MOST_RANGES = 100
# Up to so many organizations are named to the database one by one, which is quicker than ranges.
MOST_KEYS = 1000
# 临时党支部 does not take over 组织关系 (支部条例 第八条), a functional one neither: whoever is declared there is
# counted at home.
WITHOUT_MEMBERS = frozenset({Form.TEMPORARY, Form.FUNCTIONAL})
# Their members stand in branches below; without children they have none rather than an unknown number.
NEVER_A_ROLL = frozenset({Kind.LOCAL_COMMITTEE, Kind.WORKING_COMMITTEE})


class Basis(Labeled):
    """Where a head count comes from."""

    MEMBERS = "members", "党员名册"
    DECLARED = "declared", "上报人数"
    MIXED = "mixed", "名册与上报人数合计"
    UNKNOWN = "unknown", "人数未知"


class _Node(NamedTuple):
    """An organization of the tree, with no more than counting needs."""

    pk: int
    path: str
    kind: str
    form: str
    holds_affiliations: bool
    founded_on: date | None
    closed_on: date | None

    def exists_on(self, day: date) -> bool:
        return (self.founded_on is None or self.founded_on <= day) and (self.closed_on is None or day < self.closed_on)


@dataclass(frozen=True)
class Declared:
    """What an organization said it has, on the day of the ledger that says so."""

    on: date
    full: int
    probationary: int

    @property
    def total(self) -> int:
        """Full and probationary members together."""
        return self.full + self.probationary


@dataclass(frozen=True)
class HeadCount:
    """The members in the subtree of one organization on a day."""

    full: int = 0
    probationary: int = 0
    basis: Basis = Basis.UNKNOWN
    # Organizations in the subtree whose members are missing from the numbers.
    unknown: int = 0
    # How many of the total come from rosters, and how many from declared numbers.
    from_members: int = 0
    from_declared: int = 0
    # On the roll with 停止党籍, in neither number.
    stopped: int = 0
    # The oldest of the rosters and of the declarations that were used.
    roster_on: date | None = None
    declared_on: date | None = None
    # The organization's own latest declaration, used or not.
    own_declared: Declared | None = None

    @property
    def total(self) -> int:
        """Full and probationary members together: the 党员 of 50, 100 and 500."""
        return self.full + self.probationary

    @property
    def is_known(self) -> bool:
        """Whether every organization in the subtree is in the numbers, so that thresholds may be tested."""
        return self.basis != Basis.UNKNOWN and self.unknown == 0

    @property
    def declared_difference(self) -> int | None:
        """People in the rosters minus people in the organization's own declaration; None when not comparable."""
        if self.own_declared is None or self.basis != Basis.MEMBERS or self.unknown:
            return None
        return self.total - self.own_declared.total


class _Tally:
    """What is known so far of one subtree."""

    def __init__(self):
        self.rows = [0, 0, 0]  # full, probationary, stopped
        self.declared = [0, 0]  # full, probationary
        self.roster_days: set[date] = set()
        self.declared_days: set[date] = set()
        self.unknown = 0
        self.has_children = False

    @property
    def is_known(self) -> bool:
        return bool(self.roster_days or self.declared_days)

    def add_rows(self, rows, days) -> None:
        self.rows = [mine + more for mine, more in zip(self.rows, rows, strict=True)]
        self.roster_days |= days

    def add_declared(self, declared, days) -> None:
        self.declared = [mine + more for mine, more in zip(self.declared, declared, strict=True)]
        self.declared_days |= days

    def head_count(self, own_declared: Declared | None) -> HeadCount:
        bases = {
            (True, True): Basis.MIXED,
            (True, False): Basis.MEMBERS,
            (False, True): Basis.DECLARED,
            (False, False): Basis.UNKNOWN,
        }
        return HeadCount(
            full=self.rows[0] + self.declared[0],
            probationary=self.rows[1] + self.declared[1],
            basis=bases[bool(self.roster_days), bool(self.declared_days)],
            unknown=self.unknown,
            from_members=self.rows[0] + self.rows[1],
            from_declared=sum(self.declared),
            stopped=self.rows[2],
            roster_on=min(self.roster_days, default=None),
            declared_on=min(self.declared_days, default=None),
            own_declared=own_declared,
        )


def headcount(organizations, on: date) -> dict[int, HeadCount]:
    """The head count of every organization of `organizations` (rows or a QuerySet) on the day `on`, by its id.

    A number covers the subtree; organizations that do not exist on `on` add
    nothing. Six queries at most, however many organizations and members there are.
    """
    wanted = {organization.pk: organization.path for organization in organizations}
    if not wanted:
        return {}
    ranges = paths.covering(wanted.values(), MOST_RANGES)
    inside = Organization.objects.filter(paths.subtrees(ranges))
    nodes = [_Node(*row) for row in inside.order_by("-path").values_list(*_Node._fields)]
    at = Q(organization__in=[node.pk for node in nodes] if len(nodes) <= MOST_KEYS else inside.values("pk"))
    confirmed = dict(
        RosterConfirmation.objects.filter(at, on__lte=on)
        .order_by()
        .values_list("organization_id")
        .annotate(latest=Max("on"))
    )
    declared = _declared(at, on)
    counting = {node.pk: node.path for node in nodes if node.exists_on(on) and node.pk in confirmed}
    rows, twice = _rows(at, on), _counted_twice(at, on, counting)

    tallies: dict[str, _Tally] = defaultdict(_Tally)
    recorded = {node.path for node in nodes}
    for path, surplus in twice:
        tallies[_nearest(path, recorded)].add_rows([-people for people in surplus], set())
    for node in nodes:  # by descending path: whatever stands below comes first
        tally = tallies[node.path]
        if node.exists_on(on):
            _add_own(tally, node, rows.get(node.pk), confirmed.get(node.pk), declared.get(node.pk))
        superior = _nearest(paths.parent_of(node.path), recorded)
        if superior:
            _pass_up(tally, node, on, tallies[superior])
    return {pk: tallies[path].head_count(declared.get(pk)) for pk, path in wanted.items()}


def full_by_unit(organizations: list[int], on: date) -> dict[tuple[int, int], int]:
    """{(organization id, unit id): full members} of those whose unit in a joint branch is known; one query."""
    at = Q(organization__in=organizations, unit__isnull=False)
    grouped = on_roll(at, on).values_list("organization_id", "unit_id").annotate(full=_counters(on)["full_members"])
    return {(organization, unit): full for organization, unit, full in grouped}


def _add_own(tally: _Tally, node, rows, confirmed_on: date | None, declared: Declared | None) -> None:
    """Add what `node` itself has to what its children gave."""
    is_leaf = not tally.has_children
    if confirmed_on and (rows or is_leaf):
        tally.add_rows(rows or (0, 0, 0), {confirmed_on})
    elif tally.is_known:
        return  # a superior's declared number contains its children's: never add both
    elif declared:
        tally.add_declared((declared.full, declared.probationary), {declared.on})
        tally.unknown = 0  # it speaks for all below
    elif is_leaf and node.kind not in NEVER_A_ROLL:
        tally.unknown += 1


def _pass_up(tally: _Tally, node, on: date, superior: _Tally) -> None:
    """Add the subtree of `node` to the one above."""
    if not _holds_members(node):
        # People declared here are counted where their affiliation is; only rows, if there are any, speak for it.
        if any(tally.rows):
            superior.add_rows(tally.rows, tally.roster_days)
        return
    superior.add_rows(tally.rows, tally.roster_days)
    superior.has_children |= tally.has_children or node.exists_on(on)
    superior.add_declared(tally.declared, tally.declared_days)
    superior.unknown += tally.unknown


def _holds_members(node) -> bool:
    if node.form == Form.MOBILE:
        return node.holds_affiliations
    return node.form not in WITHOUT_MEMBERS


def _nearest(path: str, recorded: set[str]) -> str:
    """`path` or the nearest one above it that is recorded; empty when there is none."""
    while path and path not in recorded:
        path = paths.parent_of(path)
    return path


def on_roll(at: Q, on: date):
    """Regular affiliations that hold on the day, with whether the person is 停止党籍 then.

    Whoever is 停止党籍 stays on the roll but has no membership until it is
    restored (教育管理条例 第二十四条), so they fill neither 3, 7 nor 50: a number
    padded with them would hide that a branch is too small.
    """
    stopped = Standing.objects.filter(member=OuterRef("member_id"), kind=StandingKind.STOPPED).holding(on)
    return (
        Affiliation.objects.regular()
        .holding(on)
        .filter(at, member__voided_at__isnull=True)
        .alias(is_stopped=Exists(stopped))
        .order_by()
    )


def _counters(on: date) -> dict[str, Count]:
    full, stopped = full_on(on, "member__"), Q(is_stopped=True)
    return {
        "full_members": Count("id", filter=full & ~stopped),
        "probationary_members": Count("id", filter=~full & ~stopped),
        "stopped_members": Count("id", filter=stopped),
    }


def _rows(at: Q, on: date) -> dict[int, tuple[int, int, int]]:
    """(full, probationary, stopped) by organization, as the affiliations stand."""
    grouped = on_roll(at, on).values_list("organization_id").annotate(**_counters(on))
    return {organization: counts for organization, *counts in grouped}


def _counted_twice(at: Q, on: date, counting: dict[int, str]) -> list[tuple[str, list[int]]]:
    """Where people with several affiliations at once meet: (path, (full, probationary, stopped) too many there).

    The services never write such rows and PM-11 forbids them, but a wrong import
    must not make one person two. In the order of the paths, two neighboring
    affiliations of a person meet at their lowest common ancestor.
    """
    holding = Affiliation.objects.regular().holding(on).filter(at).order_by()
    # Of two affiliations of a person only one is open, so whoever has two has one that ends: few to look at.
    ending = holding.filter(until__isnull=False).values("member_id")
    several = holding.filter(member_id__in=ending).values("member_id")
    several = several.annotate(times=Count("id")).filter(times__gt=1).values("member_id")
    grouped = (
        on_roll(at, on)
        .filter(member_id__in=several)
        .values_list("member_id", "organization_id", "id")
        .annotate(**_counters(on))
    )
    places = defaultdict(list)
    for member, organization, _, *counts in grouped:
        if organization in counting:
            places[member].append((counting[organization], counts))
    return [
        (_common(first[0], second[0]), first[1])
        for rows in places.values()
        for first, second in pairwise(sorted(rows))
        if _common(first[0], second[0])
    ]


def _common(first: str, second: str) -> str:
    """The path of the lowest organization that has both in its subtree; empty in different trees."""
    above = [*paths.ancestors_of(first), first]
    return max((path for path in above if paths.is_within(second, path)), key=len, default="")


def _declared(at: Q, on: date) -> dict[int, Declared]:
    """The latest declaration up to the day, by organization."""
    later = DeclaredCount.objects.filter(organization=OuterRef("organization"), on__lte=on, on__gt=OuterRef("on"))
    latest = DeclaredCount.objects.filter(at, ~Exists(later), on__lte=on).order_by()
    return {
        organization: Declared(day, full, probationary)
        for organization, day, full, probationary in latest.values_list("organization_id", "on", "full", "probationary")
    }
