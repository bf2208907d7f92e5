"""Rows of data before they are laid out: what stands in their cells, the traps in them, what must become of them.

What must become of a row follows from the traps that were put into it, as imports.md says, never from the importer.
"""

import copy
import datetime
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from orgs.enums import Precision

MOST_TRAPS = 4
FIRST_DAY = datetime.date(1899, 12, 30)  # a spreadsheet counts from it
DAYS = (
    "{0:%Y-%m-%d}",
    "{0:%Y.%m.%d}",
    "{0:%Y}年{0.month}月{0.day}日",
    "{0:%Y年%m月%d日}",
    "{0:%Y%m%d}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}-{0.month}-{0.day}",
    "{0.year}、{0.month}、{0.day}",
    " {0:%Y-%m-%d}",
    "{0:%Y-%m-%d} 00:00:00",
)
MONTHS = ("{0:%Y-%m}", "{0:%Y.%m}", "{0:%Y}年{0.month}月", "{0:%Y%m}")
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９ｘ")


class Lost(NamedTuple):
    """A number typed into a number cell: a spreadsheet keeps fifteen digits of it."""

    number: float


class Formula(NamedTuple):
    """A cell with a formula; `result` None: whatever wrote the file never worked it out."""

    result: str | None


@dataclass
class Entry:
    """One row of data. `cells` {field: what is written}, `record` {field: what a good row must come to}.

    `facts` is what of it reaches the books in other words than the report's. `then_errors` and `then_warnings` come of
    comparing the row with the books, so it must be without an error so far. `touched` are the fields that a trap has
    used or looks at: no second trap may.
    """

    cells: dict[str, object]
    record: dict[str, str]
    errors: set[str] = field(default_factory=set)
    warnings: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    then_errors: set[str] = field(default_factory=set)
    then_warnings: set[str] = field(default_factory=set)
    facts: dict[str, str] = field(default_factory=dict)
    step: str = "new"
    touched: set[str] = field(default_factory=set)
    # Said to be no row of the roster, though it looks like one: 空缺.
    is_skipped: bool = False

    @property
    def status(self) -> str:
        """What the report says of the row."""
        if self.is_skipped and not self.errors:
            return "skipped"
        if not self.is_good:
            return "error"
        return "warning" if self.warnings | self.then_warnings else "ok"

    @property
    def is_good(self) -> bool:
        """Whether the row may be written."""
        return not self.errors and not self.then_errors and not self.is_skipped

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes of the row."""
        then = set() if self.errors else self.then_errors | self.then_warnings
        return tuple(sorted(self.errors | self.warnings | self.told | then))

    def again(self, *errors: str) -> "Entry":
        """The same row once more, which is an error; no trap may change it."""
        made = copy.deepcopy(self)
        made.errors.update(errors)
        made.touched |= set(made.cells)
        return made

    def write(self, **cells) -> None:
        """Put something else into cells; what it means stays."""
        self.cells.update(cells)

    def mean(self, **record) -> None:
        """Change what the row comes to; '' takes a field away."""
        self.record.update(record)
        for name in [name for name, value in record.items() if not value]:
            del self.record[name]


class Trap(NamedTuple):
    """`spring(entry, chance)` puts it into a row that has all of `fields` and none of them touched."""

    fields: frozenset[str]
    spring: Callable[[Entry, random.Random], None]
    # Only in files that can hold a formula.
    in_formulas: bool = False


def trap(fields: str, spring: Callable[[Entry, random.Random], None], *, in_formulas: bool = False) -> Trap:
    """A trap that uses these fields (separated by spaces)."""
    return Trap(frozenset(fields.split()), spring, in_formulas)


def wrong(fields: str, code: str, write: Callable[[Entry], object], *, in_formulas: bool = False) -> Trap:
    """An error in the first of the fields: what is written there instead, and its code."""
    name = fields.split()[0]

    def spring(entry: Entry, chance: random.Random) -> None:
        entry.write(**{name: write(entry)})
        entry.errors.add(code)

    return trap(fields, spring, in_formulas=in_formulas)


def odd(fields: str, write: Callable[[Entry], object], means: str | None = None, code: str = "") -> Trap:
    """Something unusual that can be read: `means` other than before where given, `code` a warning where given."""
    name = fields.split()[0]

    def spring(entry: Entry, chance: random.Random) -> None:
        entry.write(**{name: write(entry)})
        if means is not None:
            entry.mean(**{name: means})
        if code:
            entry.warnings.add(code)

    return trap(fields, spring)


def set_traps(
    entries: Iterable[Entry], traps: Mapping[str, Trap], columns: Iterable[str], chance: random.Random, formulas: bool
) -> None:
    """Put up to `MOST_TRAPS` into each entry, half of the entries none; no two of them into one cell."""
    possible = [each for each in traps.values() if each.fields <= set(columns) and (formulas or not each.in_formulas)]
    for entry in entries:
        if chance.random() < 0.4:
            continue
        for each in chance.sample(possible, min(len(possible), chance.randrange(1, MOST_TRAPS + 1))):
            if not each.fields & entry.touched and all(entry.cells.get(name) is not None for name in each.fields):
                entry.touched |= each.fields
                each.spring(entry, chance)


def drop_absent(entry: Entry, columns: Iterable[str], *kept: str) -> None:
    """Take away what a row would come to by columns that its sheet does not have; `kept` follows from others."""
    for name in set(entry.record) - set(columns) - {*kept, "org_name"}:
        del entry.record[name]


def as_stated(day: datetime.date | None, precision: str) -> str:
    """A stored day as a record of the contract has it: 2021-03-05, 2021-03, 2021."""
    length = {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[Precision(precision)]
    return day.isoformat()[:length] if day else ""


def spelled(day: datetime.date, chance: random.Random) -> object:
    """A day in one of the spellings of clerks, as a day of a spreadsheet, or as its number."""
    way = chance.random()
    if way < 0.2:
        return day
    return (day - FIRST_DAY).days if way < 0.25 else chance.choice(DAYS).format(day)


def month_of(day: datetime.date, chance: random.Random) -> str:
    """The month of a day in one of its spellings."""
    return chance.choice(MONTHS).format(day)
