"""The ledger (换届台账): the organizations of a node on a day, each in one state, and counts that add up to them.

What filters, orders and counts is SQL (`states_sql`, `findings_sql`); the rows get their state and their findings from
the rules (`ledger_row`).
Both take a fixed number of queries, whatever the number of organizations.
"""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Substr

from elections import books
from elections.finding_words import SEVERITIES, WITHOUT
from elections.findings_sql import Scope
from elections.groups import grouped
from elections.law import law_for
from elections.ledger_findings import FindingCounts, condition, counted, term_errors
from elections.ledger_row import Row, judged
from elections.models import Post
from elections.rules.parameters import Law
from elections.rules.wording import TITLES
from elections.states_sql import end_of_term, flag, in_states, opposite, state_rank, with_state
from members.headcount import headcount
from orgs import history, paths
from orgs.days import spoken
from orgs.enums import Body, Kind, Severity, State, Title, UnitType
from orgs.models import Organization
from orgs.opening import people_since

PAGE_SIZE = 50
# From the most to the least urgent; also the order of chips, tiles and legends.
URGENCY = (
    State.OVERDUE,
    State.NO_DATA,
    State.DUE_SOON,
    State.EXTENDED,
    State.IN_ELECTION,
    State.AWAITING_FIRST,
    State.IN_TERM,
    State.NO_TERM,
)
# What is no part of 应换届数 (design: total − no_term − awaiting_first).
OUTSIDE_DENOMINATOR = (State.NO_TERM, State.AWAITING_FIRST)
# Column → the stored or computed values it sorts by; nothing else is accepted from an address.
SORTS = {
    "urgency": ("urgency", "without_error", "ends_on"),
    "name": ("sort_key",),
    "code": ("code",),
    "kind": ("kind_on",),
    "state": ("urgency",),
    "elected_on": ("sitting__elected_on",),
    "expires_on": ("expires_on",),
    "ends_on": ("ends_on",),
}
DEFAULT_SORT = "urgency"


@dataclass(frozen=True)
class Filters:
    """What of the ledger is asked for; an empty value asks for everything."""

    states: tuple[State, ...] = ()
    kinds: tuple[Kind, ...] = ()
    unit_types: tuple[UnitType, ...] = ()
    due_from: date | None = None
    due_to: date | None = None
    text: str = ""
    inspection: bool = False
    # Findings by rule id, by severity, and (with or without these) organizations that have none at all.
    findings: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    without_findings: bool = False

    def words(self) -> str:
        """What is asked for as a heading on paper or in a file says it; empty when everything is."""
        first, last = spoken(self.due_from), spoken(self.due_to)
        parts = [
            "、".join(each.label for each in chosen) for chosen in (self.states, self.kinds, self.unit_types) if chosen
        ]
        if self.inspection:
            parts.append("届满超过1年")
        if self.findings:
            parts.append("提示：" + "、".join(TITLES.get(each, each) for each in self.findings))
        if self.severities:
            parts.append("有" + "、".join(SEVERITIES[each] for each in self.severities))
        if self.without_findings:
            parts.append(WITHOUT)
        if first or last:
            parts.append(
                f"{first}至{last}届满"
                if first and last
                else f"{first}后（含当日）届满"
                if first
                else f"{last}前（含当日）届满"
            )
        if text := self.text.strip():
            parts.append(f"名称、编码或书记含“{text}”")
        return "；".join(parts)


@dataclass(frozen=True)
class Child:
    """The counts of one direct child with all that stands under it, or of the node's own row."""

    organization: Organization
    total: int
    states: dict[State, int]
    is_node: bool


@dataclass(frozen=True)
class Summary:
    """Counts of a node on a day; every number is the number of rows the same filters list."""

    total: int
    kinds: dict[Kind, int]
    states: dict[State, int]
    inspection: int
    children: list[Child]

    @property
    def expected(self) -> int:
        """应换届数: organizations that must hold elections, without those that have no term or await the first."""
        return self.total - sum(self.states[state] for state in OUTSIDE_DENOMINATOR)


class Ledger:
    """The ledger of `node` on the day `on`, as far as `user` may see it."""

    def __init__(self, *, user, node: Organization, on: date, filters: Filters | None = None, law: Law | None = None):
        self.user = user
        self.node = node
        self.on = on
        self.filters = filters or Filters()
        self.law = law or law_for(node)

    def organizations(self, *, any_state: bool = False, any_finding: bool = False) -> QuerySet:
        """The organizations the filters leave; `any_state`, `any_finding` ignore the filters of state and findings.

        They are annotated with `expires_on`, `inspection` and, where it is asked for, `state`.
        """
        filters = self.filters
        found = Organization.objects.visible_to(self.user).under(self.node).existing(self.on)
        fields = ["expires_on", "inspection"]
        if any_state or filters.states:
            fields.append("state")
        found = with_state(found, on=self.on, law=self.law, fields=fields).filter(self._condition())
        if not any_state:
            if filters.states:
                found = in_states(found, filters.states, on=self.on, law=self.law)
            if filters.inspection:
                found = found.filter(inspection=True)
        if any_finding:
            return found
        return found.filter(
            condition(
                self._scope(found),
                rules=filters.findings,
                severities=filters.severities,
                without=filters.without_findings,
            )
        )

    def _scope(self, organizations: QuerySet) -> Scope:
        return Scope(organizations, self.on, self.law, self.node.path)

    def _condition(self) -> Q:
        """All filters but those of state and findings."""
        filters, condition = self.filters, Q()
        if filters.kinds:
            condition &= Q(kind_on__in=filters.kinds)
        if filters.unit_types:
            condition &= Q(unit_type_on__in=filters.unit_types)
        if filters.due_from:
            condition &= Q(expires_on__gte=filters.due_from)
        if filters.due_to:
            condition &= Q(expires_on__lte=filters.due_to)
        if text := filters.text.strip():
            condition &= (
                Q(name__icontains=text)
                | Q(short_name__icontains=text)
                | Q(code__icontains=text)
                | Exists(self._secretaries().filter(organization=OuterRef("pk"), holder_name__icontains=text))
            )
        return condition

    def _secretaries(self) -> QuerySet:
        return Post.objects.visible_to(self.user).holding(self.on).filter(title=Title.SECRETARY, body=Body.COMMITTEE)

    def summary(self) -> Summary:
        """Counts by kind, state and direct child under all filters but that of states."""
        width = len(self.node.path) + paths.WIDTH
        groups = grouped(
            self.organizations(any_state=True).values(
                "state", "inspection", kind_then=F("kind_on"), place=Substr("path", 1, width)
            )
        )
        kinds = dict.fromkeys(Kind, 0)
        states = dict.fromkeys(URGENCY, 0)
        inspection = 0
        places: dict[str, dict[State, int]] = {}
        for group in groups:
            state, number = State(group["state"]), group["number"]
            kinds[Kind(group["kind_then"])] += number
            states[state] += number
            inspection += number if group["inspection"] else 0
            of_place = places.setdefault(group["place"], dict.fromkeys(URGENCY, 0))
            of_place[state] += number
        return Summary(
            total=sum(states.values()),
            kinds=kinds,
            states=states,
            inspection=inspection,
            children=self._children(places),
        )

    def finding_counts(self) -> FindingCounts:
        """How many organizations have which findings, under all filters but those of findings."""
        return counted(self._scope(self.organizations(any_finding=True)))

    def _children(self, places: dict[str, dict[State, int]]) -> list[Child]:
        found = Organization.objects.visible_to(self.user).filter(path__in=places).order_by("sort_key", "id")
        children = [
            Child(
                organization=organization,
                total=sum(places[organization.path].values()),
                states=places[organization.path],
                is_node=organization.path == self.node.path,
            )
            for organization in found
        ]
        return sorted(children, key=lambda child: not child.is_node)

    def months(self, count: int = 18) -> list[tuple[date, dict[Kind, int]]]:
        """For the month of the day and those after it: [(first of month, {kind: number expiring})], `count` long."""
        firsts = _months_from(self.on, count + 1)
        expiring = grouped(
            self.organizations(any_state=True)
            .filter(expires_on__gte=firsts[0], expires_on__lt=firsts[-1])
            .values("expires_on", kind_then=F("kind_on"))
        )
        numbers = {first: dict.fromkeys(Kind, 0) for first in firsts[:-1]}
        for group in expiring:
            numbers[group["expires_on"].replace(day=1)][Kind(group["kind_then"])] += group["number"]
        return list(numbers.items())

    def ids(self, sort: str = DEFAULT_SORT) -> QuerySet:
        """The keys of what the filters leave, in the order of a column of `SORTS`; `-` before it turns it round.

        An unknown column is ignored. Only what orders and filters is put into words: the state of a row is the rule's.
        By urgency: the state (URGENCY), inside one state what has an error of its term before the others (more than a
        year late, over the cap, early without approval …), then the end of the term. Errors about people do not move a
        row: the members of all rows would have to be counted to find the first fifty.
        """
        name, descending = sort.removeprefix("-"), sort.startswith("-")
        columns = SORTS.get(name, SORTS[DEFAULT_SORT])
        found = self.organizations()
        if "urgency" in columns:
            found = found.annotate(urgency=state_rank(URGENCY, on=self.on, law=self.law))
        if "without_error" in columns:
            found = found.annotate(without_error=flag(opposite(term_errors(self._scope(found)))))
        if "ends_on" in columns:
            found = found.annotate(ends_on=end_of_term(self.on))
        ordering = [
            F(column).desc(nulls_last=True) if descending else F(column).asc(nulls_last=True) for column in columns
        ]
        return found.order_by(*ordering, "sort_key", "id").values_list("pk", flat=True)

    def page(self, *, number=1, sort: str = DEFAULT_SORT, size: int = PAGE_SIZE) -> Page:
        """Page `number` (the nearest existing one) of `Row`s."""
        page = Paginator(self.ids(sort), size).get_page(number)
        ids = list(page.object_list)
        page.object_list = self._rows(ids, Organization.objects.visible_to(self.user).filter(pk__in=ids))
        return page

    def rows(self, sort: str = DEFAULT_SORT) -> list[Row]:
        """All rows, for a file or a print."""
        return self._rows(list(self.ids(sort)), Organization.objects.visible_to(self.user).under(self.node))

    def row_of(self, organization: Organization) -> Row | None:
        """The row of one organization, whatever the filters; None when it does not exist then or is not visible."""
        return self.rows_of([organization]).get(organization.pk)

    def rows_of(self, organizations: list[Organization]) -> dict[int, Row]:
        """{organization id: its row}, as `row_of` each, of organizations of the node's tree; read at once."""
        ids = [each.pk for each in organizations]
        found = Organization.objects.visible_to(self.user).existing(self.on).filter(pk__in=ids)
        return {row.organization.pk: row for row in self._rows(ids, found)}

    def _rows(self, ids: list[int], source: QuerySet) -> list[Row]:
        """The rows of `ids` in their order, as far as `source` has them."""
        found = {each.pk: each for each in source}
        organizations = [found[pk] for pk in ids if pk in found]
        then = history.values_on(organizations, self.on)
        counts = headcount(organizations, self.on)
        known_since = people_since(organizations)
        read = books.read(organizations, on=self.on, headcounts=counts, law=self.law)
        secretaries = self._names_of_secretaries(organizations)
        places = self._places(organizations)
        return [
            judged(
                each,
                then[each.pk],
                read[each.pk],
                on=self.on,
                law=self.law,
                place=places.get(each.path[: 2 * paths.WIDTH]),
                secretary="、".join(secretaries.get(each.pk, ())),
                headcount=counts[each.pk] if (known_since[each.pk] or self.on) <= self.on else None,
            )
            for each in organizations
        ]

    def _names_of_secretaries(self, organizations: list[Organization]) -> dict[int, list[str]]:
        names: dict[int, list[str]] = {}
        posts = self._secretaries().filter(organization__in=[each.pk for each in organizations]).order_by("id")
        for pk, holder in posts.values_list("organization_id", "holder_name"):
            names.setdefault(pk, []).append(holder)
        return names

    def _places(self, organizations: list[Organization]) -> dict[str, Organization]:
        """The 党(工)委 under the root in whose part each organization stands, by path, where the user may see it."""
        wanted = {each.path[: 2 * paths.WIDTH] for each in organizations if each.level > 1}
        return {each.path: each for each in Organization.objects.visible_to(self.user).filter(path__in=wanted)}


def _months_from(day: date, count: int) -> list[date]:
    first = 12 * day.year + day.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, first + count)]
