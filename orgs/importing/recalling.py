"""Rows of a stored preview as the rows they were: their texts cleaned again as cells of the sheet were.

A value written as a text and cleaned again is the same value (an export imports as unchanged), so the preview
keeps texts only. What was a text already is taken as it is.
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
        # Of fields that hold no texts: how a text is cleaned, and {text: value} of what was.
        self._clean = {name: roster.fields[name].widget.clean for name in head.typed}
        self._known: dict[str, dict[str, object]] = {name: {} for name in head.typed}

    def row(self, stored: PreviewRow) -> RecalledRow:
        """The row with its values; issues are found anew."""
        row = RecalledRow(self._sheets[stored.sheet], stored.number, [], record=stored.record)
        row.values = dict(stored.record)
        for name, known in self._known.items():
            text = stored.record.get(name)
            if text is None:
                continue
            value = known.get(text)
            if value is None:
                if len(known) >= REMEMBERED:
                    known.clear()
                value = known[text] = self._clean[name](text).value
            row.values[name] = value
        return row


def _header(columns: dict[str, tuple[int, str]]) -> Header:
    return Header(
        first=0,
        last=0,
        columns={name: column for name, (column, _) in columns.items()},
        titles=dict(columns.values()),
    )
