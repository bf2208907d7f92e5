"""Lists whose items are data: who should not be proposed (CAND-12), who may be left out of 应到会 (EL-12).

Which items hold depends on the day and, where the country leaves it open, on the district's own document.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from elections.rules.dated import ALWAYS, Since
from elections.rules.parameters.entries import PRACTICE_NAME, Confidence, Entry, Status
from orgs.enums import Labeled


class ListName(Labeled):
    """Which list it is."""

    DISQUALIFICATIONS = "disqualifications", "不宜提名为候选人的情形"
    EXCLUSIONS = "exclusions", "可不计入应到会人数的情形"


class ClosedList(ValueError):
    """The list is the same everywhere; the message says so, in Chinese."""


@dataclass(frozen=True)
class Items:
    """A list as it stands from a day on, with its source; no items where none is set."""

    lines: tuple[str, ...]
    entry: Entry


@dataclass(frozen=True)
class ItemList:
    """A list of the law through time; `is_open` says whether a district publishes its own."""

    name: ListName
    dated: Since[Items]
    is_open: bool = False

    @property
    def title(self) -> str:
        """What the list is called."""
        return self.name.label

    def on(self, day: date) -> Items:
        """The items in force on `day`."""
        return self.dated.on(day)


@dataclass(frozen=True)
class ListRow:
    """A list that a root publishes for its tree from a day on; without lines the one before ends."""

    name: str
    since: date
    lines: tuple[str, ...]
    basis: str


# CAND-12: lists differ by province and year, and the country has none; a district publishes its own.
_NO_DISQUALIFICATIONS = Items(
    (),
    Entry(None, "CAND-12", PRACTICE_NAME, status=Status.READ_SECOND_HAND, confidence=Confidence.MEDIUM),
)
# EL-12: each exclusion needs the superior's consent and the vote of the 党员大会; the categories are from memory.
_EXCLUSIONS = Items(
    (
        "患有精神病或者因其他疾病不能表达本人意志的",
        "出国半年以上的",
        "虽未受到留党察看以上党纪处分，但正在服刑的",
        "年老体弱卧床不起或者长期生病、生活不能自理的",
        "工作调动、下派锻炼、蹲点、外出学习或者务工经商等半年以上，按规定应转走正式组织关系而没有转走的",
        "已经回原籍长期居住的离退休党员",
    ),
    Entry(None, "EL-12", "中央组织部有关说明", status=Status.MEMORY, confidence=Confidence.MEDIUM),
)

LISTS = (
    ItemList(ListName.DISQUALIFICATIONS, Since((ALWAYS, _NO_DISQUALIFICATIONS)), is_open=True),
    ItemList(ListName.EXCLUSIONS, Since((ALWAYS, _EXCLUSIONS))),
)


def lists_with(rows: Iterable[ListRow]) -> tuple[ItemList, ...]:
    """All lists of the law, those that a district publishes with its own; ClosedList for one that is not open."""
    rows = sorted(rows, key=lambda row: row.since)
    known = {each.name: each for each in LISTS}
    if any(not known[ListName(row.name)].is_open for row in rows):
        raise ClosedList("这一清单全国统一，不能另行发布。")
    return tuple(_with(each, [row for row in rows if row.name == each.name]) for each in LISTS)


def _with(found: ItemList, rows: list[ListRow]) -> ItemList:
    added = [(row.since, _items(found, row)) for row in rows]
    return replace(found, dated=Since(*found.dated.values, *added)) if added else found


def _items(found: ItemList, row: ListRow) -> Items:
    entry = Entry(
        None,
        found.on(row.since).entry.rule_id,
        row.basis.strip(),
        status=Status.LOCAL,
        checked_on=row.since,
    )
    return Items(row.lines, entry)
