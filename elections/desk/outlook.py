"""The ledger's rows of some organizations before and after, and what of them differs."""

from dataclasses import dataclass
from datetime import date

from elections.ledger import Ledger, Row
from elections.rules.wording import TITLES
from members.headcount import Basis, HeadCount
from orgs import paths
from orgs.days import written
from orgs.enums import State
from orgs.models import Organization
from orgs.wording import NONE, day_column


@dataclass(frozen=True)
class Line:
    """One field of a row in words, before and after."""

    label: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether it changes."""
        return self.before != self.after


@dataclass(frozen=True)
class Comparison:
    """One organization before and after: its two states, and the fields that differ."""

    name: str
    state_before: State
    state_after: State
    lines: list[Line]
    # Titles of findings that come and go.
    raised: list[str]
    cleared: list[str]

    @property
    def is_same(self) -> bool:
        """Whether the ledger shows nothing new of it."""
        return self.state_before == self.state_after and not (self.lines or self.raised or self.cleared)


Rows = dict[int, tuple[str, Row | None]]


def rows_on(day: date, organizations: list[Organization], *, by) -> Rows:
    """{organization id: (name, row of the ledger on the day as `by` sees it)}; None where it does not exist then."""
    visible = Organization.objects.visible_to(by).filter(pk__in=[each.pk for each in organizations])
    seen = set(visible.values_list("pk", flat=True))
    of_tree: dict[str, list[Organization]] = {}
    for each in organizations:
        if each.pk in seen:
            of_tree.setdefault(each.path[: paths.WIDTH], []).append(each)
    rows = {}
    for those in of_tree.values():
        rows |= Ledger(user=by, node=those[0], on=day).rows_of(those)
    return {each.pk: (each.name, rows.get(each.pk)) for each in organizations if each.pk in seen}


def compared(before: Rows, after: Rows) -> list[Comparison]:
    """The organizations of both, those from before first; one that is in neither sight any more is left out."""
    keys = [*before, *(key for key in after if key not in before)]
    return [_compared(before.get(key), after.get(key)) for key in keys]


def _compared(before: tuple[str, Row | None] | None, after: tuple[str, Row | None] | None) -> Comparison:
    name = (after or before)[0]
    old, new = before and before[1], after and after[1]
    if new is None:  # what it was needs no telling line by line
        return Comparison(name, old.state if old else State.NOT_EXISTING, State.NOT_EXISTING, [], [], [])
    lines = [Line(label, *pair) for label, *pair in zip(LABELS, _values(old), _values(new), strict=True)]
    raised, cleared = _titles(new), _titles(old)
    return Comparison(
        name=name,
        state_before=old.state if old else State.NOT_EXISTING,
        state_after=new.state,
        lines=[line for line in lines if line.differs],
        raised=[title for title in raised if title not in cleared],
        cleared=[title for title in cleared if title not in raised],
    )


LABELS = ("名称", "组织类别", "组织形式", "单位类别", "任期", "换届选举日期", "届满日期", "延期至", "书记", "党员数")


def _values(row: Row | None) -> list[str]:
    if row is None:
        return [NONE] * len(LABELS)
    return [
        row.name,
        row.kind.label,
        row.form.label,
        row.unit_type.label if row.unit_type else NONE,
        _term(row),
        day_column(row.elected_on, row.elected_on_precision),
        day_column(row.expires_on, row.expires_on_precision),
        written(row.extended_to) or NONE,
        row.secretary or NONE,
        _people(row.headcount),
    ]


def _term(row: Row) -> str:
    ordinal = f"第 {row.ordinal} 届" if row.ordinal else ""
    years = f"{row.years} 年" if row.years else ""
    return "，".join(filter(None, (ordinal, years))) or NONE


def _people(count: HeadCount | None) -> str:
    if count is None or count.basis == Basis.UNKNOWN:
        return NONE
    return f"{count.total}（正式 {count.full}、预备 {count.probationary}）"


def _titles(row: Row | None) -> list[str]:
    return list(dict.fromkeys(TITLES[finding.rule_id] for finding in row.findings)) if row else []
