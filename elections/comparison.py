"""时点对比: the states of a node on two days side by side, which organizations changed theirs, when, and why.

Counts and the list come from one SQL statement over both days (`states_sql` twice, joined by organization); the rows a
page shows are told by the rule of each day. A fixed number of queries, whatever the number of organizations.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db import connections
from django.db.models import QuerySet

from elections import books
from elections.law import law_for
from elections.ledger import OUTSIDE_DENOMINATOR, URGENCY
from elections.rules.parameters import Law
from elections.rules.state import StateOn, state
from elections.rules.turns import Cause, Turn, turns
from elections.states_sql import with_state
from members.headcount import headcount
from orgs import history, paths
from orgs.days import spoken
from orgs.enums import Kind, State
from orgs.models import Organization
from orgs.opening import people_since

PAGE_SIZE = 50
TOTAL, EXPECTED = "total", "expected"
CAME, LEFT = "in", "out"
# What is counted: a key as an address carries it, its words, the states that make it up.
GROUPS = {
    TOTAL: ("党组织总数", frozenset(URGENCY)),
    EXPECTED: ("应换届数", frozenset(URGENCY) - frozenset(OUTSIDE_DENOMINATOR)),
    **{each.value: (each.label, frozenset({each})) for each in URGENCY},
}


@dataclass(frozen=True)
class Line:
    """One count on both days; `came` and `left` are the organizations that make the difference."""

    key: str
    label: str
    states: frozenset[State]
    first: int
    last: int
    came: int
    left: int

    @property
    def difference(self) -> int:
        """How many more there are on the later day."""
        return self.last - self.first


@dataclass(frozen=True)
class Moved:
    """What of the changes is asked for: the state before and after, or a group that was entered (`way` in) or left."""

    before: tuple[State, ...] = ()
    after: tuple[State, ...] = ()
    group: str = ""
    way: str = ""

    def takes(self, before: State, after: State) -> bool:
        """Whether a change from `before` to `after` is asked for; what did not change never is."""
        if before == after or (self.before and before not in self.before) or (self.after and after not in self.after):
            return False
        if not self.group:
            return True
        was, is_now = (state in GROUPS[self.group][1] for state in (before, after))
        return was != is_now and (not self.way or is_now == (self.way == CAME))


@dataclass(frozen=True)
class Change:
    """One organization whose state differs between the two days."""

    organization: Organization
    # Name and kind of the later day.
    name: str
    kind: Kind
    place: Organization | None
    before: StateOn
    after: StateOn
    turns: tuple[Turn, ...]

    @property
    def reasons(self) -> list[str]:
        """What happened between the days, in order, each with its day."""
        return [reason(turn) for turn in self.turns]


class Comparison:
    """The subtree of `node` on the days `first` < `last`, as far as `user` may see it; ValueError otherwise."""

    def __init__(
        self,
        *,
        user,
        node: Organization,
        first: date,
        last: date,
        moved: Moved | None = None,
        law: Law | None = None,
    ):
        if first >= last:
            raise ValueError("the first day must lie before the last")
        self.user = user
        self.node = node
        self.first = first
        self.last = last
        self.moved = moved or Moved()
        self.law = law or law_for(node)

    @cached_property
    def books_since(self) -> date | None:
        """The 建账日 that forbids the comparison: its earlier day lies before the books of the node or of a part."""
        since = people_since([self.node])[self.node.pk]
        return since if since and self.first < since else None

    @cached_property
    def pairs(self) -> dict[tuple[State, State], int]:
        """{(state on the first day, state on the last): number of organizations}, what never existed left out."""
        sql, params = self._joined(columns="a.state, b.state, count(*)", rest="GROUP BY a.state, b.state")
        counted = {(State(before), State(after)): number for before, after, number in self._ask(sql, params)}
        counted.pop((State.NOT_EXISTING, State.NOT_EXISTING), None)
        return counted

    def lines(self) -> list[Line]:
        """The counts of both days; those of the states add up to the total of their day."""
        return [self._line(key, label, states) for key, (label, states) in GROUPS.items()]

    def _line(self, key: str, label: str, states: frozenset[State]) -> Line:
        first = last = came = left = 0
        for (before, after), number in self.pairs.items():
            first += number if before in states else 0
            last += number if after in states else 0
            came += number if after in states and before not in states else 0
            left += number if before in states and after not in states else 0
        return Line(key, label, states, first, last, came, left)

    def page(self, number=1, size: int = PAGE_SIZE) -> Page:
        """Page `number` (the nearest existing one) of the changes that are asked for, by name."""
        page = Paginator(_Ids(self), size).get_page(number)
        page.object_list = self._changes(list(page.object_list))
        return page

    def changes(self) -> list[Change]:
        """All changes that are asked for, for a file."""
        return self._changes(self.ids())

    def ids(self, start: int = 0, end: int | None = None) -> list[int]:
        """The keys of the organizations whose change is asked for, by name; those from `start` up to `end`."""
        wanted = [pair for pair in self.pairs if self.moved.takes(*pair)]
        if not wanted:
            return []
        condition = " OR ".join(["(a.state = %s AND b.state = %s)"] * len(wanted))
        sql, params = self._joined(columns="a.id", rest=f"WHERE {condition} ORDER BY o.sort_key, o.id")
        params += [each.value for pair in wanted for each in pair]
        if end is not None:
            sql, params = f"{sql} LIMIT %s OFFSET %s", [*params, end - start, start]
        return [key for (key,) in self._ask(sql, params)]

    @property
    def number(self) -> int:
        """How many changes are asked for."""
        return sum(number for pair, number in self.pairs.items() if self.moved.takes(*pair))

    # ---- Both days in one statement ---------------------------------------------------------------------------------

    def _states_on(self, day: date) -> QuerySet:
        organizations = Organization.objects.visible_to(self.user).under(self.node)
        return with_state(organizations, on=day, law=self.law, fields=["state"]).order_by().values_list("pk", "state")

    def _joined(self, *, columns: str, rest: str) -> tuple[str, list]:
        """`columns` of the organizations `o` with their states `a` and `b` of both days.

        The ORM cannot join a query with itself under another name; both halves are its own, compiled as they are.
        """
        (first, first_params), (last, last_params) = (
            self._states_on(day).query.get_compiler(self._database).as_sql() for day in (self.first, self.last)
        )
        table = Organization._meta.db_table
        # Materialized, or each comparison of a state would work it out again.
        sql = (
            f"WITH a(id, state) AS MATERIALIZED ({first}), b(id, state) AS MATERIALIZED ({last}) "
            f"SELECT {columns} FROM a JOIN b ON b.id = a.id JOIN {table} o ON o.id = a.id {rest}"
        )
        return sql, [*first_params, *last_params]

    def _ask(self, sql: str, params: Iterable) -> list[tuple]:
        with connections[self._database].cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    @property
    def _database(self) -> str:
        return Organization.objects.db

    # ---- Rows -------------------------------------------------------------------------------------------------------

    def _changes(self, ids: list[int]) -> list[Change]:
        visible = Organization.objects.visible_to(self.user)
        found = {each.pk: each for each in visible.filter(pk__in=ids)}
        organizations = [found[pk] for pk in ids if pk in found]
        then = history.values_on(organizations, self.last)
        read = books.read(organizations, on=self.last, headcounts=headcount(organizations, self.last), law=self.law)
        wanted = {each.path[: 2 * paths.WIDTH] for each in organizations if each.level > 1}
        places = {each.path: each for each in visible.filter(path__in=wanted)}
        return [
            Change(
                organization=each,
                name=then[each.pk]["name"],
                kind=Kind(then[each.pk]["kind"]),
                place=places.get(each.path[: 2 * paths.WIDTH]),
                before=state(read[each.pk].facts, on=self.first, law=self.law),
                after=state(read[each.pk].facts, on=self.last, law=self.law),
                turns=turns(read[each.pk].facts, first=self.first, last=self.last, law=self.law),
            )
            for each in organizations
        ]


class _Ids:
    """The keys of a comparison as a sequence for a paginator, of which only a page is read."""

    def __init__(self, comparison: Comparison):
        self.comparison = comparison

    def __len__(self):
        return self.comparison.number

    def __getitem__(self, part: slice):
        return self.comparison.ids(part.start, part.stop)


def reason(turn: Turn) -> str:
    """What happened on the day of a turn, in words."""
    day, eve, after = spoken(turn.day), turn.day - timedelta(days=1), turn.after
    term = after.term or turn.before.term
    ended = spoken(eve, term.expires_precision) if term else spoken(eve)
    if turn.cause is Cause.ELECTED:
        first = turn.before.state in (State.AWAITING_FIRST, State.NO_DATA) or turn.before.term is None
        elected = spoken(turn.day, after.term.elected_precision)
        return f"{elected}{'选举产生班子' if first else '换届选举产生新一届班子'}"
    if turn.cause is Cause.CONVERTED:
        return f"{day}改建{'，原任期终止' if turn.before.term and after.term is None else ''}"
    if turn.cause is Cause.INTO_EXTENSION:
        return f"{ended}任期届满，进入批准的延期（至{spoken(after.extended_to)}）"
    if turn.cause is Cause.EXTENDED:
        return f"{day}批准延期至{spoken(after.extended_to)}"
    if turn.cause is Cause.REMINDER:
        return f"{day}起进入届满提醒期（{spoken(after.expires_on, term.expires_precision)}届满）"
    return {
        Cause.FOUNDED: f"{day}成立",
        Cause.CLOSED: f"{day}撤销",
        Cause.RESHAPED: f"{day}组织类别或组织形式变更",
        Cause.OPENED: f"{day}启动换届选举",
        Cause.APPOINTED: f"{day}由上级指派班子",
        Cause.EXPIRED: f"{ended}任期届满",
        Cause.EXTENSION_ENDED: f"{spoken(eve)}延期期满",
        Cause.CASE_CLOSED: f"{day}选举办结，没有产生新一届班子",
        Cause.DAY_PASSED: f"选举日{day}已到，尚未录入选举结果",
        Cause.FIRST_ELECTION_DUE: f"{spoken(eve)}首次选举期限届满，尚未选举",
        Cause.RULE: f"{day}起按新的规定计算",
    }[turn.cause]
