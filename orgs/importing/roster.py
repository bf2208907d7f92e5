"""What a kind of roster is: a django-import-export Resource whose columns know their titles and clean their cells.

The pipeline drives it and knows no kind. A kind lives in the highest app whose rows it writes and says, beyond its
columns, how rows are compared with the books and written: all at once (`examine`, `write`), or, where rosters can be
very long, some rows at a time (`part_size`, `begin`, `examine_part`, `finish`, `write_part`, `finish_writing`).
"""

from collections.abc import Callable, Iterable, Iterator

from import_export import fields, resources, widgets

from orgs.enums import Labeled, RosterKind
from orgs.importing.cleaned import Cleaned, Problem
from orgs.importing.codes import Code
from orgs.importing.rows import Missing, RosterRow, Scope
from orgs.workbook import title_key
from orgs.workbook.cells import Cell


def written(value) -> str:
    """A cleaned value as a sheet or a page has it: days ISO (YYYY-MM to the month), words of enumerations, 是/否."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.label if isinstance(value, Labeled) else str(value)


def limited(clean: Callable[[Cell], Cleaned], length: int) -> Callable[[Cell], Cleaned]:
    """`clean` for a column that holds `length` characters: a longer text is a problem, never cut."""

    def clean_limited(cell: Cell) -> Cleaned:
        cleaned = clean(cell)
        if cleaned.value is None or len(cleaned.value) <= length:
            return cleaned
        return Cleaned(None, (*cleaned.problems, Problem(Code.ENUM_UNKNOWN, {"choices": f"不超过{length}个字的文字"})))

    return clean_limited


class CellWidget(widgets.Widget):
    """Cleans a cell by one of the functions of `orgs.importing.values` and its neighbors, and writes it back."""

    def __init__(self, clean: Callable[[Cell], Cleaned]):
        super().__init__()
        self.clean_cell = clean

    def clean(self, value, row=None, **kwargs) -> Cleaned:
        """The value with what is wrong with it, not the bare value: all errors of all rows are told at once."""
        return self.clean_cell(value)

    def render(self, value, obj=None, **kwargs) -> str:
        return written(value)


class Column(fields.Field):
    """One column: the title of our template, what other templates call it (separated by spaces), how cells are cleaned.

    `is_personal` values (ID number, phone) are masked in reports. `sample` stands in the template's example row,
    `choices` become its drop-down, `hint` its instruction.
    """

    def __init__(
        self, title, synonyms="", *, clean, is_personal=False, is_required=False, sample="", choices=(), hint=""
    ):
        super().__init__(column_name=title, widget=CellWidget(clean))
        self.synonyms = tuple(synonyms.split())
        self.is_personal = is_personal
        self.is_required = is_required
        self.sample, self.choices, self.hint = sample, tuple(choices), hint


class Roster(resources.Resource):
    """One kind of roster at work on one file; made anew for every run, since it keeps what it looked up."""

    roster_kind: RosterKind
    # A sheet is of this kind when it has at least one column of each group.
    needed: tuple[frozenset[str], ...] = ()
    # So many rows are examined and written together, whatever stands in the others; None: all of a file.
    part_size: int | None = None
    # What can be chosen for single people of a preview (orgs.importing.choosing.Chooser); None: nothing.
    chooser = None

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        for name, column in self.fields.items():
            column.attribute = name

    @classmethod
    def synonyms(cls) -> dict[str, str]:
        """{title as `title_key` gives it: canonical field} of all columns."""
        known = {}
        for name, column in cls.fields.items():
            for title in (column.column_name, *column.synonyms):
                known.setdefault(title_key(title), name)
        return known

    @classmethod
    def in_order(cls, names: Iterable[str]) -> list[str]:
        """The fields of these names as the contract lists them, which is as they are declared."""
        order = {name: place for place, name in enumerate(cls.fields)}
        return sorted(names, key=order.__getitem__)

    @classmethod
    def personal_fields(cls) -> frozenset[str]:
        """The fields whose values are masked outside the books."""
        return frozenset(name for name, column in cls.fields.items() if column.is_personal)

    def begin(self, scope: Scope) -> None:
        """Look up what all rows need; called once, before the first part."""
        self.scope = scope
        self._missing: Iterable[Missing] = ()

    def hold_back(self, organizations: Iterable[int]) -> None:
        """Note organizations of rows that are in error and are not handed on; default: all rows are."""

    def examine_part(self, rows: list[RosterRow]) -> None:
        """Check and compare some rows, in the order of the file; with `part_size` None it is called once, with all."""
        self.prepare(rows, self.scope)
        self._missing = self.examine(rows, self.scope)

    def finish(self) -> Iterable[Missing]:
        """Who is on the books but was in none of the parts; called once, after the last one was examined."""
        return self._missing

    def write_plain(self, part, recall, writer) -> list[int]:
        """Write rows of a stored part (parts.OpenedPart) that need not be examined anew, and return the good ones left.

        Those are rows that only add something of which the books still hold nothing, and rows that said nothing new of
        something untouched since; `recall` (recalling.Recall) has their values. Default: every good row is examined.
        """
        return part.good

    def write_part(self, rows: list[RosterRow], writer) -> None:
        """Write the good rows among those that were examined last, inside the caller's transaction."""
        self.write([row for row in rows if row.is_good], self.scope, writer)

    def finish_writing(self, writer) -> None:
        """Write what only all parts together decide; default: nothing."""

    def prepare(self, rows: list[RosterRow], scope: Scope) -> None:
        """Fill what a sheet leaves out because it is plain from the scope; default: nothing."""

    def examine(self, rows: list[RosterRow], scope: Scope) -> list[Missing]:
        """Check the rows (skipped ones left out) against each other and the books, and say what each would do.

        Adds issues, sets `step`, `changes`, `target`, `organizations`. Returns who is on the books but not in
        the roster. Reads with few queries whatever the rows; writes nothing.
        """
        raise NotImplementedError

    def write(self, rows: list[RosterRow], scope: Scope, writer) -> None:
        """Write the good rows through `writer` (orgs.importing.effects.Writer), inside the caller's transaction."""
        raise NotImplementedError

    def after_undo(self, organizations: list[int]) -> None:
        """Work out derived values anew for these organizations after a batch was taken back; default: nothing."""

    def depending(self, batch) -> Iterable[str]:
        """Sentences on what depends on a batch beyond its own rows, so that it cannot be taken back; default: none."""
        return ()

    def export_records(self, scope: Scope, *, unmasked: bool = False) -> Iterator[dict]:
        """What the books hold in the scope on its day, as {canonical field: value} for each row of an export."""
        raise NotImplementedError

    def table(self, records: Iterable[dict]) -> tuple[list[str], Iterator[list[str]]]:
        """Titles and rows of texts of an export, in the order of the columns."""
        columns = self.get_export_fields()
        titles = [column.column_name for column in columns]
        return titles, ([column.export(record) for column in columns] for record in records)
