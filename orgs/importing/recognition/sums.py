"""Rows of sums are compared with the rows that they add up."""

import re
from collections.abc import Sequence

from orgs.importing.recognition.notes import is_group_sum
from orgs.importing.roster import Roster
from orgs.importing.values import clean_integer
from orgs.workbook import shown
from orgs.workbook.cells import Cell
from orgs.workbook.titles import title_key

NUMBER = re.compile(r"^(\d{1,7})(?:\.0)?(?:人|名|个|行|条|户)?$")
STATED = re.compile(r"(?:计|共|数)\D{0,6}(\d{1,7})|^(\d{1,7})(?:人|名)")
NEVER_ADDED = frozenset({"term_no", "term_years"})


class Sums:
    """Counts the rows of one sheet, and adds up its columns of numbers."""

    def __init__(self, roster: Roster, columns: dict[str, int]):
        self.columns = columns
        self._numeric = {
            column: name
            for name, column in columns.items()
            if roster.fields[name].widget.clean_cell is clean_integer and name not in NEVER_ADDED
        }
        self._all = self._group = 0
        self._sums = {column: [0, 0] for column in self._numeric}  # of all rows, of the group

    def add(self, cells: Sequence[Cell]) -> None:
        """Count a row of data."""
        self._all += 1
        self._group += 1
        for column, sums in self._sums.items():
            number = _number(cells[column - 1])
            if number is not None:
                sums[0] += number
                sums[1] += number

    def compare(self, cells: Sequence[Cell]) -> list[str]:
        """What a row of sums says otherwise than the rows above it, a sentence each; above all rows it is believed."""
        problems = []
        if not self._all:
            return problems
        is_group = is_group_sum(cells)
        stated = self._stated_rows(cells)
        counted = {self._group} if is_group else {self._all, self._group}
        if stated and not counted & set(stated):
            actual = self._group if is_group else self._all
            problems.append(f"合计行写的是 {stated[0]}，上面的数据是 {actual} 行，请核对是否漏填、多填或误读。")
        for column, (of_all, of_group) in self._sums.items():
            number = _number(cells[column - 1])
            if number is not None and number not in ({of_group} if is_group else {of_all, of_group}):
                actual = of_group if is_group else of_all
                problems.append(f"合计行第{column}列写的是 {number}，上面各行相加是 {actual}，请核对。")
        self._group = 0
        for sums in self._sums.values():
            sums[1] = 0
        return problems

    def _stated_rows(self, cells: Sequence[Cell]) -> list[int]:
        """The numbers of a row of sums that can be numbers of rows."""
        found = []
        for column, cell in enumerate(cells, start=1):
            if cell is None or column in self._sums:
                continue
            key = title_key(shown(cell))
            number = NUMBER.match(key) or STATED.search(key)
            if number:
                found.append(int(next(filter(None, number.groups()))))
        return found


def _number(cell: Cell) -> int | None:
    number = NUMBER.match(title_key(shown(cell))) if cell is not None else None
    return int(number[1]) if number else None
