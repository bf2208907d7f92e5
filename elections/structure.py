"""The structure (组织设置) of a node on a day: what its organizations are, what their size allows or demands.

Every number is a count of `Line`s by one `Selection`, so that it adds up with its neighbors and opens as exactly so
many rows. Demands are counted by the findings as SQL (`findings_sql`), the rows of a list are judged by the rules
(`rules.evaluate`). The number of queries is fixed, whatever the number of organizations.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from elections import books
from elections.findings_sql.committees import committees
from elections.findings_sql.records import records
from elections.findings_sql.scope import Found, Scope
from elections.findings_sql.structure import structure
from elections.law import law_for
from elections.rules import sizes
from elections.rules.evaluate import evaluate
from elections.rules.findings import Finding
from elections.rules.parameters import Law
from elections.rules.sizes import Band, Demand, Reach
from elections.states_sql import flag, no_term
from members.headcount import HeadCount
from orgs import history, paths
from orgs.enums import Form, Kind, UnitType
from orgs.models import Organization
from orgs.opening import people_since

# Read at once; above it the page asks for a lower node. A district has a few thousand.
MOST = 20_000
UNKNOWN = "unknown"
"""The band of organizations whose number is not known: no threshold is tested on them."""
NO_TYPE = "none"
"""The code of organizations without a registered unit type."""
PARTS = (structure, committees, records)
"""The findings on size stand in these parts of `findings_sql`."""
KINDS = (Kind.COMMITTEE, Kind.GENERAL_BRANCH, Kind.BRANCH)


@dataclass(frozen=True)
class Line:
    """One organization on the day: what it is, how many members it has, what that allows or demands.

    `band` and `full_band` are codes of `Structure.bands` and `.full_bands`, UNKNOWN without a number.
    """

    key: int
    kind: Kind
    form: Form
    unit_type: UnitType | None
    headcount: HeadCount
    band: str
    full_band: str
    demands: frozenset[Demand]
    # The path of the direct child of the node in whose part it stands; the node's own path for the node itself.
    place: str

    @property
    def type_code(self) -> str:
        """The unit type as a code, NO_TYPE without one."""
        return self.unit_type.value if self.unit_type else NO_TYPE


@dataclass(frozen=True)
class Detail:
    """A line as a list shows it: the organization, its name on the day, and the finding behind each demand."""

    line: Line
    organization: Organization
    name: str
    findings: dict[Demand, Finding]


@dataclass(frozen=True)
class Selection:
    """Which organizations are meant; None asks for all. `place` is the path of a direct child, or of the node."""

    kind: Kind | None = None
    band: str | None = None
    full_band: str | None = None
    unit_type: str | None = None
    place: str | None = None
    demand: str | None = None
    reach: Reach | None = None

    def holds(self, line: Line) -> bool:
        """Whether the line is one of them."""
        return (
            self.kind in (None, line.kind)
            and self.band in (None, line.band)
            and self.full_band in (None, line.full_band)
            and self.unit_type in (None, line.type_code)
            and self.place in (None, line.place)
            and (self.demand is None or self.demand in line.demands)
            and (self.reach is None or self.reach.holds(line.kind, line.form, line.unit_type))
        )


@dataclass(frozen=True)
class Cell:
    """A number, the selection it counts, and the number it is a share of (none: of nothing)."""

    number: int
    selection: Selection
    of: int | None = None

    @property
    def share(self) -> str:
        """The share in words of one decimal, rounded half up: 39.2%; empty where there is nothing to be a part of."""
        return share(self.number, self.of) if self.of else ""


@dataclass(frozen=True)
class TableRow:
    """One line of a table; `key` is what it stands for, `cells` stand under the table's columns."""

    key: Hashable
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """Rows whose cells add up, column by column, to those of `total`."""

    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]
    total: TableRow


@dataclass(frozen=True)
class Asked:
    """One demand in the node: how many have it, of all, and of the like (`reach`)."""

    demand: Demand
    label: str
    of_all: Cell
    of_like: Cell
    reach: Reach


def share(number: int, of: int) -> str:
    """`number` in percent of `of` (above zero) with one decimal, half rounded up: 560 of 1,427 is 39.2%."""
    tenths = (2000 * number + of) // (2 * of)
    return f"{tenths // 10}.{tenths % 10}%"


class Structure:
    """The structure of `node` on the day `on`, as far as `user` may see it; `unit_type` (a code) narrows all of it."""

    def __init__(self, *, user, node: Organization, on: date, law: Law | None = None, unit_type: str | None = None):
        self.user = user
        self.node = node
        self.on = on
        self.law = law or law_for(node)
        self.unit_type = unit_type
        self.bands = sizes.member_bands(self.law, on)
        self.full_bands = sizes.full_bands(self.law, on)

    @property
    def is_too_large(self) -> bool:
        """Whether the node has more organizations than are read at once."""
        return Organization.objects.visible_to(self.user).under(self.node).existing(self.on).count() > MOST

    @cached_property
    def _scope(self) -> Scope:
        found = Organization.objects.visible_to(self.user).under(self.node)
        scope = Scope.of(found, on=self.on, law=self.law, path=self.node.path)
        if self.unit_type is None:
            return scope
        code = "" if self.unit_type == NO_TYPE else self.unit_type
        return replace(scope, organizations=scope.organizations.filter(unit_type_on=code))

    @cached_property
    def lines(self) -> list[Line]:
        """The organizations that are tested, by name: all but those of kinds and forms without a term (不适用)."""
        counts, found = self._scope.heads.counts, self._found()
        tested = self._scope.organizations.filter(~no_term())
        columns = ("pk", "path", "kind_on", "form_on", "unit_type_on")
        rows = list(
            tested.order_by("sort_key", "id").values_list(*columns, *(flag(each.condition) for each, _ in found))
        )
        # Before the 建账日 of it or of one below it nobody tests a number, so none is shown as known.
        since = people_since(Organization(pk=pk, path=path) for pk, path, *_ in rows)
        return [
            self._line(
                pk,
                path,
                kind,
                form,
                unit_type,
                counts[pk],
                counts[pk].is_known and (since[pk] is None or since[pk] <= self.on),
                {demand for (_, demands), has_it in zip(found, flags, strict=True) if has_it for demand in demands},
            )
            for pk, path, kind, form, unit_type, *flags in rows
        ]

    def _found(self) -> list[tuple[Found, tuple[Demand, ...]]]:
        """The findings as SQL that a demand follows from, each with its demands."""
        every = [(found, (found.rule_id, found.aspect)) for part in PARTS for found in part(self._scope)]
        return [(found, sizes.FOUND_BY[key]) for found, key in every if key in sizes.FOUND_BY]

    def _line(self, pk, path, kind, form, unit_type, count: HeadCount, known: bool, demanded: set[Demand]) -> Line:
        return Line(
            key=pk,
            kind=Kind(kind),
            form=Form(form),
            unit_type=UnitType(unit_type) if unit_type else None,
            headcount=count,
            band=_code(self.bands, count.total) if known else UNKNOWN,
            full_band=_code(self.full_bands, count.full) if known else UNKNOWN,
            demands=frozenset(demanded),
            place=path[: len(self.node.path) + paths.WIDTH],
        )

    @cached_property
    def outside(self) -> int:
        """How many are not tested: 地方党委, 党工委, 临时, 功能型 and 流动党支部."""
        return self._scope.organizations.filter(no_term()).count()

    def details(self, lines: list[Line]) -> list[Detail]:
        """The lines of a list with names and findings, by the rules themselves."""
        keys = [line.key for line in lines]
        found = {each.pk: each for each in Organization.objects.visible_to(self.user).filter(pk__in=keys)}
        counts = {line.key: line.headcount for line in lines}
        read = books.read(found.values(), on=self.on, headcounts=counts, law=self.law)
        then = history.values_on(found.values(), self.on)
        return [
            Detail(
                line=line,
                organization=found[line.key],
                name=then[line.key]["name"],
                findings=sizes.demands(evaluate(read[line.key].facts, on=self.on, law=self.law)),
            )
            for line in lines
        ]

    def select(self, selection: Selection) -> list[Line]:
        """The lines of a selection, the largest first, unknown numbers last, then by name."""
        found = [line for line in self.lines if selection.holds(line)]
        return sorted(found, key=lambda line: (line.band == UNKNOWN, -line.headcount.total))

    def by_kind(self) -> Table:
        """Kind × band of all 党员."""
        return self._cross(KINDS, self.bands, "band")

    def by_full_members(self) -> Table:
        """党支部 × band of 正式党员."""
        return self._cross((Kind.BRANCH,), self.full_bands, "full_band")

    def _cross(self, kinds: Iterable[Kind], bands: tuple[Band, ...], field: str) -> Table:
        kinds, codes = tuple(kinds), (*(band.code for band in bands), UNKNOWN)
        counted = Counter((line.kind, getattr(line, field)) for line in self.lines if line.kind in kinds)
        all_of_them = counted.total()

        def row(key, label, some_kinds, selection):
            cells = [
                Cell(sum(counted[kind, code] for kind in some_kinds), replace(selection, **{field: code}))
                for code in codes
            ]
            total = Cell(sum(cell.number for cell in cells), selection)
            return TableRow(key, label, tuple(replace(cell, of=all_of_them) for cell in (*cells, total)))

        rows = tuple(row(kind, kind.label, (kind,), Selection(kind=kind)) for kind in kinds)
        whole = Selection() if kinds == KINDS else Selection(kind=kinds[0])
        columns = (*(band.label for band in bands), "人数未知", "合计")
        return Table(columns, rows, row(None, "合计", kinds, whole))

    def asked(self) -> list[Asked]:
        """Every demand, also those nobody has, and how many have it."""
        counted = Counter(demand for line in self.lines for demand in line.demands)
        found = []
        for demand in Demand:
            reach = sizes.REACH[demand]
            alike = [line for line in self.lines if reach.holds(line.kind, line.form, line.unit_type)]
            # Of numbers that nobody knows no share is told, not even none.
            tested = demand in sizes.PROVISIONS or not alike or any(line.band != UNKNOWN for line in alike)
            cell = Cell(counted[demand], Selection(demand=demand.value))
            found.append(
                Asked(
                    demand=demand,
                    label=sizes.words(demand, self.law, self.on),
                    of_all=replace(cell, of=len(self.lines) if tested else None),
                    of_like=replace(cell, of=len(alike) if tested else None),
                    reach=reach,
                )
            )
        return found

    def shown_demands(self) -> list[Demand]:
        """The demands that somebody has: the columns of the tables below."""
        had = {demand for line in self.lines for demand in line.demands}
        return [demand for demand in Demand if demand in had]

    def by_unit_type(self) -> Table:
        """The demands by unit type, in the order of the types; the last one is not registered."""
        labels = {**{each.value: each.label for each in UnitType}, NO_TYPE: "未登记"}
        return self._demands_by(
            lambda line: line.type_code,
            lambda keys: [(code, label, {"unit_type": code}) for code, label in labels.items() if code in keys],
        )

    def by_place(self) -> Table:
        """The demands by direct child with all below it, the node's own row first; the keys are organizations."""
        return self._demands_by(
            lambda line: line.place,
            lambda keys: [(each, each.name, {"place": each.path}) for each in self.places if each.path in keys],
        )

    @cached_property
    def places(self) -> list[Organization]:
        """The node and its direct children, in the order of their names."""
        below = Organization.objects.visible_to(self.user).filter(parent=self.node).order_by("sort_key", "id")
        return [self.node, *below]

    def _demands_by(self, key: Callable[[Line], str], rows_of: Callable[[set], list]) -> Table:
        shown = self.shown_demands()
        totals, counted = Counter(), Counter()
        for line in self.lines:
            totals[key(line)] += 1
            counted[key(line), UNKNOWN] += line.band == UNKNOWN
            counted.update((key(line), demand) for demand in line.demands)

        def row(label_key, label, keys, asked):
            total = sum(totals[each] for each in keys)
            numbers = [
                (sum(counted[each, UNKNOWN] for each in keys), {"band": UNKNOWN}),
                *((sum(counted[each, demand] for each in keys), {"demand": demand.value}) for demand in shown),
            ]
            cells = [Cell(number, Selection(**asked, **more), total) for number, more in numbers]
            return TableRow(label_key, label, (Cell(total, Selection(**asked), len(self.lines)), *cells))

        made = rows_of(set(totals))
        codes = [next(iter(asked.values())) for _, _, asked in made]
        heads = [sizes.words(demand, self.law, self.on, short=True) for demand in shown]
        return Table(
            ("党组织数", "人数未知", *heads),
            tuple(
                row(label_key, label, (code,), asked)
                for (label_key, label, asked), code in zip(made, codes, strict=True)
            ),
            row(None, "合计", codes, {}),
        )


def _code(bands: tuple[Band, ...], number: int) -> str:
    return bands[bisect_right(bands, number, key=lambda band: band.least) - 1].code
