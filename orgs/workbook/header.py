"""Where the table begins: the rows with the column titles, and which column is which field.

A header has one to three rows. Titles of groups stand above (「入党」 over 「时间」 and 「地点」): they are joined as
「入党/时间」 by the merged range, or, where a file keeps none, by the blank cells to the right of the group.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile
from types import MappingProxyType

from .cells import shown
from .sheets import Merge, Row, Sheet
from .titles import Synonyms, find_field, is_about_others, is_note, is_running, is_value, title_key

SEARCHED = 15  # rows; titles, 填报单位 and notes stand above the header
DEEPEST = 3  # rows of one header
LEAST_HITS = 2  # one known word alone may stand in any title
LONGEST_TITLE = 60
PEEKED = 40  # rows looked at to tell a column of running numbers from one of codes
CODE = re.compile(r"[0-9A-Za-z]")
LONGEST_CODE = 30
NO_TITLE = re.compile(r"^第(\d{1,5})列$")

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Header:
    """The column titles that were found. Columns count from 1.

    `first` and `last` row of the header (the same for a header of one row); `columns` field → column;
    `titles` column → title as it stands in the sheet, those of several rows joined by `/`; `unknown` columns whose
    title is no known word; `duplicates` columns that repeat a field which an earlier column already gives;
    `lines` per row of the header column → text, by which a repeated header is known.
    """

    first: int
    last: int
    columns: dict[str, int] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    unknown: tuple[int, ...] = ()
    duplicates: tuple[int, ...] = ()
    lines: tuple[dict[int, str], ...] = field(default=(), compare=False, repr=False)

    def title(self, name: str) -> str:
        """The title of a field's column as it stands in the sheet; '' when the sheet has no such column."""
        return self.titles.get(self.columns.get(name, 0), "")


def find_header(sheet: Sheet, synonyms: Mapping[str, str], mapping: Mapping[str, str] = NOTHING) -> Header | None:
    """The rows among the first rows with the most known titles; None without any.

    Of equal ones the lowest header and then the upper one is taken. `synonyms` maps titles, written as `title_key`
    returns them, to fields; so does `mapping`, which wins: what a clerk said by hand, '' for a column to be left out
    and 「第3列」 for one without a title.
    """
    best, best_rank = None, (False, LEAST_HITS - 1, 0)
    titles = _Titles(sheet, synonyms, mapping)
    if not mapping and not titles.knows_any():
        return None
    for lines in titles.candidates():
        if best is not None and titles.has_data(best, lines[-1].number):
            break  # another table further down does not make the rows above it no data
        if titles.are_unknown(lines):
            continue
        header = titles.read(lines)
        # Groups about somebody else must not lend their 姓名 to the row's own person.
        is_grouped = len(lines) > 1 and any(is_about_others(shown(cell)) for cell in lines[0].cells)
        rank = (is_grouped, len(header.columns), -len(lines))
        if len(header.columns) >= LEAST_HITS and rank > best_rank:
            best, best_rank = header, rank
    return best


def knows_title(sheet: Sheet, synonyms: Mapping[str, str]) -> bool:
    """Whether a known title stands in the rows where a header may be: else `find_header` finds none."""
    return _Titles(sheet, synonyms, NOTHING).knows_any()


def guess_header(sheet: Sheet, nothing: Synonyms) -> Header | None:
    """The row among the first rows that has the most texts and no values, though none is a known title.

    For a table of which every column has to be explained; None when there is no such row of two cells or more.
    `nothing` knows no title; it remembers rows that were worked out, for the other sheets of the file.
    """
    titles = _Titles(sheet, nothing, NOTHING)
    best, most = None, LEAST_HITS - 1
    for row in titles.head:
        filled = sum(cell is not None for cell in row.cells)
        if row.number <= SEARCHED and filled > most and not _has_values(row):
            best, most = row, filled
    return titles.read([best]) if best else None


def rows_below(sheet: Sheet, row: int) -> Iterator[Row]:
    """The rows of a sheet below a row, in order; a sheet that is read piece by piece is read anew."""
    return (each for each in sheet.rows if each.number > row)


def _has_values(row: Row) -> bool:
    return any(
        cell is not None and (not isinstance(cell, str) or (is_value(cell) and not is_note(cell))) for cell in row.cells
    )


def _strong(parts: Sequence[str], words: Mapping[str, str]) -> str | None:
    """The field that the whole title of a column names: 「入党/时间」 as it is, or run together."""
    if len(parts) == 1:
        return find_field(parts[0], words)
    tries = ("/".join(parts), "".join(parts), "/".join(parts[-2:]), "".join(parts[-2:]))
    return next((name for title in tries if (name := find_field(title, words)) is not None), None)


def _weak(parts: Sequence[str], words: Mapping[str, str]) -> str | None:
    """The field of the lowest title, or of the upper one above a mere note; None under a group about others."""
    if len(parts) == 1 or any(is_about_others(part) for part in parts[:-1]):
        return None
    return _strong(parts[:-1], words) if is_note(parts[-1]) else find_field(parts[-1], words)


class _Titles:
    """The first rows of a sheet, read as titles in every way they can be."""

    def __init__(self, sheet: Sheet, synonyms: Mapping[str, str], mapping: Mapping[str, str]):
        self.sheet, self.mapping = sheet, mapping
        self.words = synonyms if mapping.items() <= synonyms.items() else {**synonyms, **mapping}
        self.head = list(takewhile(lambda row: row.number <= SEARCHED + DEEPEST, sheet.rows))
        self._merged = _covered(sheet)
        self.merges = list(dict.fromkeys(self._merged.values()))

    def knows_any(self) -> bool:
        """Whether any cell is a known title by itself: else no combination of the rows is worth a try."""
        return any(self._known(row) for row in self.head)

    def are_unknown(self, lines: Sequence[Row]) -> bool:
        """Whether a row, alone, has too few known titles to be a header: as nearly all rows of data."""
        return len(lines) == 1 and not self.mapping and self._known(lines[0]) < LEAST_HITS

    def _known(self, row: Row) -> int:
        """How many cells of a row are a known title by themselves."""
        texts = [cell for cell in row.cells if type(cell) is str]
        if isinstance(self.words, Synonyms) and self.words.unknown.issuperset(texts):
            return 0
        return sum(find_field(text, self.words) is not None for text in texts)

    def candidates(self) -> Iterator[list[Row]]:
        """The rows that may be a header together: each of the first rows, alone and with those that continue it."""
        for start, row in enumerate(self.head):
            if row.number > SEARCHED:
                return
            lines = [row]
            for lower in (*self.head[start + 1 : start + DEEPEST], None):
                is_covered = lower is not None and lower.number <= self._reach(lines) and not _has_values(lower)
                if not is_covered:
                    yield list(lines)
                if lower is None or not (is_covered or self._continues(lines, lower)):
                    break
                lines.append(lower)

    def has_data(self, header: Header, end: int) -> bool:
        """Whether rows of data stand between a header without values in it and a row further down."""
        rows = [row for row in self.head if header.first <= row.number < end]
        if any(_has_values(row) for row in rows if row.number <= header.last):
            return False
        return any(
            sum(row.cells[column - 1] is not None for column in header.columns.values()) >= LEAST_HITS
            and _has_values(row)
            for row in rows
            if row.number > header.last
        )

    def read(self, lines: Sequence[Row]) -> Header:
        """The header that these rows make; equal rows of other sheets are worked out once."""
        last = self._reach(lines)
        known = self.words.headers if isinstance(self.words, Synonyms) else {}
        key = (last, tuple((row.number, *row.cells) for row in lines), tuple(self.merges))
        # True and 1 are equal, and not the same.
        if not all(type(cell) is str or cell is None for row in lines for cell in row.cells):
            known = {}
        if key not in known:
            made = self._read(lines, last)
            if any(self._may_hold_codes(title) for title in made[0].values()):  # told from the rows below
                known = {}
            known[key] = made
        titles, columns, unknown, duplicates, texts = known[key]
        return Header(lines[0].number, last, columns, titles, unknown, duplicates, texts)

    def _read(self, lines: Sequence[Row], last: int) -> tuple:
        """Titles, columns, unknown and repeated ones, and texts of a header."""
        parts = {}
        for column in range(1, self.sheet.width + 1):
            above = [text for _, text in self._above(lines, column)]
            if above:
                parts[column] = above
        titles = {column: "/".join(above) for column, above in parts.items()}
        columns, unknown, duplicates = self._assign(parts, titles, last)
        texts = tuple(
            {column: shown(cell).strip() for column, cell in enumerate(row.cells, start=1) if cell is not None}
            for row in lines
        )
        return titles, columns, unknown, duplicates, texts

    def _assign(self, parts, titles, last) -> tuple[dict[str, int], tuple[int, ...], tuple[int, ...]]:
        """Which column is which field: by hand first, then by the whole title, then by its lowest part."""
        columns: dict[str, int] = {}
        for column, title in titles.items():
            if name := self.mapping.get(title_key(title)):
                columns.setdefault(name, column)
        for key, name in self.mapping.items():
            nameless = NO_TITLE.match(key)
            if nameless and name and int(nameless[1]) not in titles:
                columns.setdefault(name, int(nameless[1]))
                titles[int(nameless[1])] = key
        counting = {column for column in titles if self._counts_rows(titles[column], column, last)}
        strong = {column: _strong(above, self.words) for column, above in parts.items() if column not in counting}
        taken = set(columns.values())
        for column, name in strong.items():
            if name and column not in taken and columns.setdefault(name, column) == column:
                taken.add(column)
        claimed = frozenset(columns)
        unknown, duplicates = [], []
        for column, name in strong.items():
            if column in taken:
                continue
            if name is None and (name := _weak(parts[column], self.words)) and name not in columns:
                columns[name] = column
            elif name and (strong[column] or name not in claimed):
                duplicates.append(column)
            else:
                unknown.append(column)
        return columns, tuple(unknown), tuple(duplicates)

    def _above(self, lines: Sequence[Row], column: int, lower: Row | None = None) -> list[tuple[Row, str]]:
        """The titles over a column from the top, each with its row; for a column of `lines`, or of a row `lower`."""
        found = []
        for place, row in enumerate(lines):
            text = shown(row.cells[column - 1]).strip()
            below = [*lines[place + 1 :], *([lower] if lower else [])]
            if not text and any(each.cells[column - 1] is not None for each in below):
                text = self._group(row, column, below)
            if text:
                found.append((row, text))
        return found

    def _group(self, upper: Row, column: int, below: Sequence[Row]) -> str:
        """The title of the group over a column whose own cell in that row is blank; '' when none spans it."""
        if merge := self._merged.get((upper.number, column)):
            is_group = merge.first_row == upper.number and merge.first_column < column
            return shown(upper.cells[merge.first_column - 1]).strip() if is_group else ""
        # Without merged ranges: the title to the left, as long as every column since then has a title of its own below.
        for left in range(column - 1, 0, -1):
            if all(row.cells[left - 1] is None for row in below):
                return ""
            if upper.cells[left - 1] is not None:
                return "" if (upper.number, left) in self._merged else shown(upper.cells[left - 1]).strip()
        return ""

    def _spans(self, upper: Row, column: int, lower: Row) -> bool:
        """Whether the title over a column in `upper` is a group that spans more than this column of `lower`."""
        if upper.cells[column - 1] is None:
            return True
        right = column + 1
        if right > len(upper.cells) or upper.cells[column] is not None or lower.cells[column] is None:
            return False
        return bool(self._group(upper, right, [lower]))

    def _reach(self, lines: Sequence[Row]) -> int:
        """The last row that the known titles of these rows cover when merged downward."""
        reach = lines[-1].number
        rows = {row.number: row for row in lines}
        for merge in self.merges:
            row = rows.get(merge.first_row)
            if row is None or merge.last_row <= reach or merge.last_row - lines[0].number > DEEPEST:
                continue
            title = shown(row.cells[merge.first_column - 1])
            if find_field(title, self.words) is not None or is_running(title):
                reach = merge.last_row
        return reach

    def _continues(self, lines: Sequence[Row], lower: Row) -> bool:
        """Whether a row is the next row of titles below `lines`, and not already the first row of data."""
        if lower.number != lines[-1].number + 1 or _has_values(lines[-1]) or _has_values(lower):
            return False
        if self._is_heading(lines[-1], lower):
            return False
        evidence = False
        for column, cell in enumerate(lower.cells, start=1):
            if cell is None or is_note(cell):
                continue
            if len(cell) > LONGEST_TITLE:
                return False
            above = self._above(lines, column, lower)
            if not above:
                continue
            texts = [text for _, text in above]
            if self._spans(above[-1][0], column, lower) or _strong([*texts, cell], self.words) is not None:
                evidence = True
            elif _strong(texts, self.words) is not None or is_running(texts[-1]):
                return False  # a title of a single column with a text below it: the row is data
        return evidence

    def _is_heading(self, upper: Row, lower: Row) -> bool:
        """Whether a row is the title of the whole table, or a line such as 填报单位, and no group of columns."""
        filled = [column for column, cell in enumerate(upper.cells, start=1) if cell is not None]
        if any(":" in title_key(shown(upper.cells[column - 1])) for column in filled):
            return True
        columns = [column for column, cell in enumerate(lower.cells, start=1) if cell is not None]
        return len(filled) == 1 and all(
            column == filled[0] or self._group(upper, column, [lower]) for column in columns
        )

    def _may_hold_codes(self, title: str) -> bool:
        """Whether a column called 编号 may hold codes, so that only the rows below tell what it is."""
        return is_running(title) and find_field(title, self.words) not in (None, "seq")

    def _counts_rows(self, title: str, column: int, last: int) -> bool:
        """Whether a column only counts the rows; one called 编号 may hold codes, but 1, 2, 3 … are none."""
        if not self._may_hold_codes(title):
            return is_running(title) and find_field(title, self.words) is None
        texts = (shown(row.cells[column - 1]).strip() for row in islice(rows_below(self.sheet, last), PEEKED))
        # 合计 and notes stand in the column too.
        counted = [text for text in texts if CODE.search(text) and len(text) <= LONGEST_CODE]
        return bool(counted) and counted == [str(number) for number in range(1, len(counted) + 1)]


def _covered(sheet: Sheet) -> dict[tuple[int, int], Merge]:
    """{(row, column): the range over it} in the rows where a header may stand.

    Ranges do not overlap; where a file says otherwise the first one counts, and what the others cover is not gone over.
    """
    covered: dict[tuple[int, int], Merge] = {}
    for merge in takewhile(lambda merge: merge.first_row <= SEARCHED + DEEPEST, sheet.merges):
        if merge[:2] in covered:
            continue
        columns = range(merge.first_column, min(merge.last_column, sheet.width) + 1)
        for row in range(merge.first_row, min(merge.last_row, SEARCHED + DEEPEST) + 1):
            free = takewhile(lambda column, at=row, known=covered: (at, column) not in known, columns)
            covered |= {(row, column): merge for column in free}
    return covered
