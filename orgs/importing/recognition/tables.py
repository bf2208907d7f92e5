"""A further table in the same sheet, below the first one: with a header of its own, and perhaps other columns."""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from orgs.importing.recognition.sheets import lacking
from orgs.importing.roster import Roster
from orgs.importing.rows import SheetPart
from orgs.workbook import Header, Row, Sheet, find_header
from orgs.workbook.header import DEEPEST
from orgs.workbook.titles import Synonyms

HEADER = "另一张表的表头"
"""What is said of every row of such a header begins so."""
MOST_TABLES = 200  # of a sheet; a header above each person is a form for each, and no list


class Ahead:
    """Rows one after the other, with a look at those that come next."""

    def __init__(self, rows: Iterable[Row]):
        self._rows = iter(rows)
        self._next: deque[Row] = deque()

    def __iter__(self) -> Iterator[Row]:
        while True:
            if self._next:
                yield self._next.popleft()
            elif (row := next(self._rows, None)) is not None:
                yield row
            else:
                return

    def peek(self, count: int) -> list[Row]:
        """The next rows, which stay to be read."""
        while len(self._next) < count and (row := next(self._rows, None)) is not None:
            self._next.append(row)
        return list(self._next)[:count]


def further_part(sheet: Sheet, row: Row, ahead: Sequence[Row], roster: Roster, synonyms: Synonyms) -> SheetPart | None:
    """The part of a table whose header begins in this row; None when it is no table of this roster."""
    above = row.number - 1
    rows = [Row(each.number - above, each.cells) for each in (row, *ahead)]
    first = bisect_left(sheet.merges, (row.number,))
    merges = [
        each._replace(first_row=each.first_row - above, last_row=each.last_row - above)
        for each in sheet.merges[first : bisect_left(sheet.merges, (row.number + DEEPEST,))]
    ]
    header = find_header(replace(sheet, rows=rows, merges=merges), synonyms)
    if header is None or header.first != 1 or lacking(header.columns, type(roster)):
        return None
    return SheetPart(sheet.title, _moved(header, above), unshown=roster.personal_fields())


def why_read(part: SheetPart) -> str:
    """What is said of the first row of such a header."""
    unread = "".join(f"「{part.header.titles[column]}」" for column in part.header.unknown)
    told = f"，其中{unread}列没有导入" if unread else ""
    return f"{HEADER}，以下各行按这一行的列读取{told}"


def _moved(header: Header, rows: int) -> Header:
    return replace(header, first=header.first + rows, last=header.last + rows)
