"""What a cell means without saying it: merged downward, or 同上. Only inside the merge, only from the row above."""

from collections.abc import Iterable, Sequence

from orgs.enums import Severity
from orgs.importing.codes import Code
from orgs.importing.rows import RosterRow
from orgs.workbook import Merge, shown
from orgs.workbook.cells import Cell

WORDS = (
    "同上",
    "同上。",
    "同 上",
    "同\u3000上",
    "上同",
    "同前",
    "〃",
    "″",
    "〞",
    '"',
    '""',
    "“",
    "”",
    "“”",
    "＂",
    "''",
    "々",
)
DITTOS = frozenset(before + word + behind for word in WORDS for before in ("", " ") for behind in ("", " "))
PLACES = ("org_name", "org_code")


class Merges:
    """The merged ranges of a sheet, asked row by row from the top."""

    def __init__(self, merges: Iterable[Merge], below: int):
        """`below`: the last row of the header; ranges that begin there or above are no data."""
        self._by_column: dict[int, list[Merge]] = {}
        for merge in sorted(merges, reverse=True):
            if merge.first_row > below:
                self._by_column.setdefault(merge.first_column, []).append(merge)
        self.columns = frozenset(
            column
            for column, ranges in self._by_column.items()
            if any(each.last_row > each.first_row for each in ranges)
        )
        self._wide = [
            column
            for column, ranges in self._by_column.items()
            if any(each.last_column > each.first_column for each in ranges)
        ]

    @property
    def is_wide(self) -> bool:
        """Whether any range spans several columns."""
        return bool(self._wide)

    def over(self, row: int, column: int) -> Merge | None:
        """The range that begins in this column and covers this row."""
        ranges = self._by_column.get(column)
        while ranges and ranges[-1].last_row < row:
            ranges.pop()
        return ranges[-1] if ranges and ranges[-1].first_row <= row else None

    def across(self, row: int) -> list[Merge]:
        """The ranges over this row that span several columns."""
        found = (self.over(row, column) for column in self._wide)
        return [merge for merge in found if merge is not None and merge.last_column > merge.first_column]


class Filler:
    """Fills what the rows of one sheet leave unsaid; keeps the row above."""

    def __init__(self, columns: dict[str, int], merges: Merges, personal: frozenset[str]):
        self.columns, self.merges, self.personal = columns, merges, personal
        self._merged = {name: column for name, column in columns.items() if column in merges.columns}
        self._contents: dict[Merge, Cell] = {}
        self._above: Sequence[Cell] | None = None
        self._group: tuple = ()

    def see(self, number: int, cells: Sequence[Cell]) -> None:
        """Note what merged ranges hold that begin in this row, whether it is data or not."""
        for column in self._merged.values():
            merge = self.merges.over(number, column)
            if merge is not None and merge.first_row == number:
                self._contents = {kept: cell for kept, cell in self._contents.items() if kept.last_row >= number}
                self._contents[merge] = cells[column - 1]

    def merged(self, number: int, cells: Sequence[Cell]) -> dict[str, Cell]:
        """{field: content} of the fields whose cell of this row is covered by a range that began above."""
        found = {}
        for name, column in self._merged.items():
            merge = self.merges.over(number, column) if cells[column - 1] is None else None
            if merge is not None and merge.first_row < number:
                content = self._contents.get(merge)
                if content is not None:
                    found[name] = content
        return found

    def forget(self) -> None:
        """What stands above is no row of the same list any more."""
        self._above = None

    def fill(self, row: RosterRow, merged: dict[str, Cell]) -> None:
        """Put into the cells of a row of data what they mean, and say so."""
        group = tuple(self.merges.over(row.number, self._merged[name]) for name in PLACES if name in self._merged)
        if group != self._group:
            self._group, self._above = group, None
        has_ditto = not DITTOS.isdisjoint(row.cells)
        dittos = [pair for pair in self.columns.items() if row.cells[pair[1] - 1] in DITTOS] if has_ditto else []
        if merged or dittos:
            row.cells = list(row.cells)
        for name, content in merged.items():
            row.cells[self.columns[name] - 1] = content
            self._say(row, Code.MERGED_FILL, name, shown(content), content)
        for name, column in dittos:
            self._copy(row, name, column - 1)
        self._above = row.cells

    def _copy(self, row: RosterRow, name: str, place: int) -> None:
        written, header = shown(row.cells[place]), row.sheet.header.title(name)
        content = self._above[place] if self._above is not None else None
        row.cells[place] = content
        if self._above is None:
            message = f"「{header}」写作「{written}」，但上面没有同一组的行可以照抄，请填写完整。"
            row.report(Code.DITTO, name, value=written, message=message, severity=Severity.ERROR)
        elif content is None:
            message = f"「{header}」写作「{written}」，上一行此项是空的，按空白处理。"
            row.report(Code.DITTO, name, value=written, message=message)
        else:
            self._say(row, Code.DITTO, name, written, content)

    def _say(self, row: RosterRow, code: Code, name: str, value: str, content: Cell) -> None:
        """Say that a cell was filled; personal values are not repeated in a sentence."""
        if name in self.personal:
            how = "合并单元格" if code is Code.MERGED_FILL else "上一行"
            row.report(code, name, value=value, message=f"「{row.sheet.header.title(name)}」已按{how}填写。")
        else:
            row.report(code, name, value=value, filled=shown(content))
