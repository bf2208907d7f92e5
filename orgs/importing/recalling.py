"""Rows of a stored preview as the rows they were: their texts cleaned again as cells of the sheet were.

A value written as a text and cleaned again is the same value (an export imports as unchanged), so the preview
keeps texts only. What was a text already is taken as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from orgs.importing.cleaned import Cleaned
from orgs.importing.parts import PreviewRow
from orgs.importing.preview import PreviewHead
from orgs.importing.roster import Roster
from orgs.importing.rows import RosterRow, SheetPart
from orgs.workbook import Header

REMEMBERED = 20_000
"""Distinct texts of a column that are remembered."""


@dataclass(slots=True, eq=False)
class RecalledRow(RosterRow):
    """A row without its cells: what it shows is what was stored of it."""

    record: dict[str, str] = field(default_factory=dict)

    def shown(self, name: str) -> str:
        """The stored text of a field."""
        return self.record.get(name, "")


class _Cleaned(dict):
    """{text: its value}, cleaned when it is first asked for."""

    def __init__(self, clean: Callable[[str], Cleaned]):
        super().__init__()
        self._clean = clean

    def __missing__(self, text: str) -> object:
        if len(self) >= REMEMBERED:
            self.clear()
        value = self[text] = self._clean(text).value
        return value


class Recall:
    """Makes rows of one preview into rows that a roster can examine."""

    def __init__(self, head: PreviewHead, roster: Roster):
        self._sheets = {sheet.title: SheetPart(sheet.title, _header(sheet.columns)) for sheet in head.sheets}
        # {text: value} of fields that hold no texts.
        self._known = {name: _Cleaned(roster.fields[name].widget.clean) for name in head.typed}

    def row(self, stored: PreviewRow) -> RecalledRow:
        """The row with its values; issues are found anew."""
        row = RecalledRow(self._sheets[stored.sheet], stored.number, [], record=stored.record)
        row.values = dict(stored.record)
        for name, known in self._known.items():
            text = stored.record.get(name)
            if text is not None:
                row.values[name] = known[text]
        return row

    def value(self, name: str, text: str) -> object:
        """The value of a stored text of a field; None for ''."""
        return self._known[name][text] if text and name in self._known else text or None


def _header(columns: dict[str, tuple[int, str]]) -> Header:
    return Header(
        first=0,
        last=0,
        columns={name: column for name, (column, _) in columns.items()},
        titles=dict(columns.values()),
    )
