"""From the rows of a reader to the rows of a `Sheet`: blank cells, repeated texts, empty runs, limits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from .cells import ERROR_TEXTS, Cell, CellError
from .limits import LONGEST_TEXT, Limits
from .rejection import FileRejected, Reason
from .sheets import Merge, Row, Sheet


class LongText(Exception):
    """A cell holds more characters than a spreadsheet lets it hold; whoever knows its place tells it."""


def clean_text(text: str) -> Cell:
    """A text as a cell: None when it is blank, an error when it is one of #N/A and its like.

    LongText when it is longer than any cell of a spreadsheet: what comes after would take its time for each character.
    """
    if len(text) > LONGEST_TEXT:
        raise LongText
    stripped = text.strip()
    return None if not stripped else CellError(stripped) if stripped in ERROR_TEXTS else text


def whole(number: float) -> int | float:
    """A number without fraction as an int, as long as it is one that somebody may have typed."""
    return int(number) if number.is_integer() and -1e18 < number < 1e18 else number


class _Texts(dict):
    """One object per distinct text: a column of 60,000 times 汉族 costs one."""

    def __missing__(self, text: str) -> Cell:
        cell = self[text] = clean_text(text)
        return cell


def collect(
    sheet: Sheet,
    rows: Iterable[Sequence],
    limits: Limits,
    replaced: Mapping[tuple[int, int], Cell] | None = None,
) -> None:
    """Fill `sheet` from what a reader yields, row 1 first.

    `replaced` holds cells by (row, column) that the reader cannot tell, such as errors. Reading stops
    after `limits.empty_run` blank rows; columns after `limits.columns` are dropped. FileRejected when there
    are more rows than `limits.rows`.
    """
    texts = _Texts()
    by_row: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in (replaced or {}).items():
        if column <= limits.columns:
            by_row.setdefault(row, {})[column] = cell
    last = 0
    for number, raw in enumerate(rows, start=1):
        try:
            cells = [
                texts[cell] if type(cell) is str else whole(cell) if type(cell) is float else cell
                for cell in raw[: limits.columns]
            ]
        except LongText:
            raise too_long(sheet.title, number) from None
        for column, cell in by_row.get(number, {}).items():
            cells.extend([None] * (column - len(cells)))
            cells[column - 1] = cell
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            if number - last >= limits.empty_run:
                sheet.stopped_after = last
                break
            continue
        last = number
        sheet.rows.append(Row(number, cells))
        if len(sheet.rows) > limits.rows:
            raise FileRejected(Reason.TOO_MANY_ROWS, sheet=sheet.title, limit=limits.rows)
        if len(cells) > sheet.width:
            sheet.width = len(cells)
        if len(sheet.rows) * sheet.width > limits.area:
            raise FileRejected(Reason.TOO_WIDE, sheet=sheet.title)
    for row in sheet.rows:
        row.cells.extend([None] * (sheet.width - len(row.cells)))


def gather(sheet: Sheet, rows: Iterable[Row], limits: Limits) -> None:
    """Fill `sheet` with rows that are whole already and know their numbers; stops and refuses as `collect` does."""
    last = 0
    for row in rows:
        if row.number - last > limits.empty_run:
            sheet.stopped_after = last
            break
        last = row.number
        cells = row.cells
        while cells[-1] is None:
            cells.pop()
        sheet.rows.append(row)
        sheet.width = max(sheet.width, len(cells))
        if len(sheet.rows) > limits.rows:
            raise FileRejected(Reason.TOO_MANY_ROWS, sheet=sheet.title, limit=limits.rows)
        if len(sheet.rows) * sheet.width > limits.area:
            raise FileRejected(Reason.TOO_WIDE, sheet=sheet.title)
    for row in sheet.rows:
        row.cells.extend([None] * (sheet.width - len(row.cells)))


def collected(rows: Iterable[Sequence], title: str, width: int, first: int, empty_run: int) -> Iterator[Row | None]:
    """The rows with content, each of `width` cells, one at a time; `first` is the number of the first row.

    None, and no more, after `empty_run` blank ones: a reader may go on for as long as a number in the file says.
    """
    last = first - 1
    for number, raw in enumerate(rows, start=first):
        try:
            cells = [
                clean_text(cell) if type(cell) is str else whole(cell) if type(cell) is float else cell
                for cell in raw[:width]
            ]
        except LongText:
            raise too_long(title, number) from None
        if any(cell is not None for cell in cells):
            cells.extend([None] * (width - len(cells)))
            last = number
            yield Row(number, cells)
        elif number - last >= empty_run:
            yield None
            return


def too_long(title: str, number: int) -> FileRejected:
    """The refusal of a sheet with such a text in a row."""
    return FileRejected(Reason.LONG_TEXT, sheet=title, row=number, limit=LONGEST_TEXT)


def keep_places(sheet: Sheet, merges: Iterable[Merge], hidden: Iterable[int]) -> None:
    """Note the merged cells and hidden rows of a sheet that was read, as far as they concern its rows."""
    sheet.merges = sensible(merges, sheet.rows[-1].number if sheet.rows else 0)
    sheet.hidden_rows = frozenset(hidden).intersection(row.number for row in sheet.rows)


def sensible(merges: Iterable[Merge], last: int) -> list[Merge]:
    """Merges of more than one cell that begin above row `last`, cut off there, in the order of their first cells."""
    return sorted(
        merge._replace(last_row=min(merge.last_row, last))
        for merge in merges
        if merge.first_row <= last
        and merge[:2] != (min(merge.last_row, last), merge.last_column)
        and merge.first_row <= merge.last_row
        and merge.first_column <= merge.last_column
    )
