"""Rows of a stored preview as the rows they were: their texts cleaned again as cells of the sheet were.

A value written as a text and cleaned again is the same value (an export imports as unchanged), so the preview
keeps texts only.
"""

from dataclasses import dataclass, field

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


class Recall:
    """Makes rows of one preview into rows that a roster can examine."""

    def __init__(self, head: PreviewHead, roster: Roster):
        self._sheets = {sheet.title: SheetPart(sheet.title, _header(sheet.columns)) for sheet in head.sheets}
        self._clean = {name: column.widget.clean for name, column in roster.fields.items()}
        # {field: {text: value}} of what repeats; numbers of people do not.
        self._known: dict[str, dict[str, object]] = {
            name: {} for name, column in roster.fields.items() if not column.is_personal
        }

    def row(self, stored: PreviewRow) -> RecalledRow:
        """The row with its values; issues are found anew."""
        row = RecalledRow(self._sheets[stored.sheet], stored.number, [], record=stored.record)
        for name, text in stored.record.items():
            row.values[name] = self._value(name, text)
        return row

    def _value(self, name: str, text: str) -> object:
        known = self._known.get(name)
        if known is None:
            return self._clean[name](text).value
        if text not in known:
            if len(known) >= REMEMBERED:
                known.clear()
            known[text] = self._clean[name](text).value
        return known[text]


def _header(columns: dict[str, tuple[int, str]]) -> Header:
    return Header(
        first=0,
        last=0,
        columns={name: column for name, (column, _) in columns.items()},
        titles=dict(columns.values()),
    )
