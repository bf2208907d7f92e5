"""Cleaning: from the cells of rows to values and problems, column by column."""

from collections.abc import Callable, Sequence
from itertools import groupby

from orgs.importing.cleaned import Cleaned
from orgs.importing.codes import ERROR, Code
from orgs.importing.roster import Roster
from orgs.importing.rows import RosterRow
from orgs.workbook.cells import Cell

LONGEST_CELL = 1_000
"""Characters; nothing that a roster says is as long, and every word of it would be looked for again and again."""
SHOWN = 40
REMEMBERED = 5_000
"""Distinct cells of a column that are remembered: names of organizations and dates repeat, ID numbers do not."""


class Cleaner:
    """Cleans the rows of one file, at once or in chunks. Cleaning a cell is pure, so equal cells are cleaned once."""

    def __init__(self, roster: Roster):
        self.roster = roster
        self._known: dict[str, dict[object, Cleaned]] = {}

    def clean(self, rows: Sequence[RosterRow]) -> None:
        """Set `values` and add the issues of all rows that are not skipped."""
        for part, group in groupby(rows, key=lambda row: row.sheet):
            data = [(row.cells, row.values, row) for row in group if not row.skipped]
            for name, column in part.header.columns.items():
                self._clean_column(name, column - 1, data)

    def _clean_column(self, name: str, place: int, rows: Sequence[tuple[list[Cell], dict, RosterRow]]) -> None:
        clean: Callable[[Cell], Cleaned] = self.roster.fields[name].widget.clean
        known = self._known.setdefault(name, {})
        for cells, values, row in rows:
            cell = cells[place]
            # True and 1 are equal, and not the same.
            key = cell if type(cell) is str or cell is None else (type(cell), cell)
            cleaned = known.get(key)
            if cleaned is None:
                if type(cell) is str and len(cell) > LONGEST_CELL:
                    _report_long(row, name, cell)
                    continue
                cleaned = clean(cell)
                if len(known) < REMEMBERED:
                    known[key] = cleaned
            value, problems = cleaned
            if value is not None:
                values[name] = value
            for problem in problems:
                if not _is_told(row, place + 1):
                    row.report(problem.code, name, **problem.words)


def _report_long(row: RosterRow, name: str, cell: str) -> None:
    """Note that a cell is far too long; what is shown of it is its beginning."""
    message = f"「{row.sheet.header.title(name)}」超过{LONGEST_CELL}个字，不是名册内容，请删减到应填的内容后重新上传。"
    row.report(Code.ENUM_UNKNOWN, name, value=f"{cell[:SHOWN]}…", message=message, severity=ERROR)


def _is_told(row: RosterRow, column: int) -> bool:
    """Whether it was said already why a cell is empty that says 同上."""
    return any(each.code is Code.DITTO and each.column == column and each.severity == ERROR for each in row.issues)
