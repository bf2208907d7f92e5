"""A quick look through the XML of a sheet, piece by piece, before a reader that builds the whole range opens it.

It finds how far the sheet reaches (one stray space in XFD1048576 makes the dense range 17 thousand million
cells) and what calamine does not tell: error cells, formulas without a stored result, month-only dates, merged
cells and hidden rows.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from . import serials
from .cells import Cell, CellError, MonthCell, NoValue
from .limits import DEFAULT_LIMITS, Limits
from .package import DOCTYPE, Package
from .rejection import FileRejected, Reason
from .sheets import Merge

LETTERS = 26  # columns with a name of one letter are not looked at one by one
MOST_REPLACED = 300_000  # errors, months and formulas without a result: some hundred bytes each
LONGEST_TAIL = 1024 * 1024  # a cell holds at most 32,767 characters; more without a boundary is no sheet

ANY_ROW = re.compile(rb"<row[ >/]")
ANY_CELL = re.compile(rb"<c[ >/]")
ROW = re.compile(rb'<row [^>]*?\br="(\d+)"')
CELL = re.compile(rb'<c [^>]*?\br="([A-Z]+)(\d+)"')
FAR = re.compile(rb' r="(?=[A-Z]{2}|[A-Z]\d{6})([A-Z]+)(\d+)"')
FILLED = re.compile(rb'<c [^>]*?\br="([A-Z]+)(\d+)"[^>]*(?<!/)>')
WHOLE_CELL = re.compile(rb'<c [^>]*?\br="([A-Z]+)(\d+)"([^>]*)(?<!/)>(.*?)</c>', re.DOTALL)
WITHOUT_VALUE = re.compile(rb't="e"|<f[ />]')
MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row (?=[^>]*?\bhidden="(?:1|true)")[^>]*?\br="(\d{1,7})"')
STORED = re.compile(rb"<v[^>]*>([^<]*)</v>|<is\b")


@dataclass(slots=True)
class Survey:
    """What was seen: the farthest row and column, cells with content, cells to be replaced after reading,
    merged cells and the numbers of hidden rows."""

    last_row: int = 0
    last_column: int = 0
    filled: int = 0
    regular: bool = True
    replaced: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)

    @property
    def area(self) -> int:
        """Cells of the dense range from A1 to the farthest corner."""
        return self.last_row * self.last_column


def survey(
    package: Package,
    part: str,
    month_styles: frozenset[int] = frozenset(),
    dates_1904: bool = False,
    limits: Limits = DEFAULT_LIMITS,
) -> Survey:
    """Look through one sheet. `month_styles`: style numbers whose dates show year and month only.

    `regular` is False when cells carry no addresses or the XML is written in an unusual way, so that
    nothing here can be relied on. FileRejected on a document type or on damaged data.
    """
    seen = Survey()
    months = re.compile(rb' s="(?:%s)"' % b"|".join(b"%d" % style for style in sorted(month_styles)))
    for piece in _pieces(package.chunks(part)):
        if b"DOCTYPE" in piece and DOCTYPE.search(piece):
            raise FileRejected(Reason.ENTITIES)
        _measure(piece, seen)
        if b't="e"' in piece or b"<f" in piece:
            _find_without_value(piece, seen)
        if month_styles:
            _find_months(piece, seen, months, dates_1904)
        if len(seen.replaced) > MOST_REPLACED:
            raise FileRejected(Reason.TOO_MANY_CELLS, limit=MOST_REPLACED)
        if b"mergeCell " in piece:
            _find_merges(piece, seen, limits)
        if b"hidden=" in piece:
            seen.hidden_rows += map(int, HIDDEN_ROW.findall(piece))
    return seen


def measure(package: Package, part: str, limits: Limits) -> Survey:
    """Like `survey`, for a sheet of any length: its exact last column, but no cells to be replaced.

    `regular` only where every cell begins with its address, so that rows can be cut at their ends.
    """
    seen = Survey()
    ends: set[bytes] = set()
    for piece in _pieces(package.chunks(part)):
        if b"DOCTYPE" in piece and DOCTYPE.search(piece):
            raise FileRejected(Reason.ENTITIES)
        rows = ROW.findall(piece)
        if b":c>" in piece or piece.count(b"<row ") + piece.count(b"<row>") != len(rows):
            seen.regular = False
        if piece.count(b"<c ") + piece.count(b"<c>") != piece.count(b'<c r="'):
            seen.regular = False
        if rows:
            seen.last_row = max(seen.last_row, int(rows[-1]))
        seen.filled += piece.count(b"</c>")
        # The last cell of each row; distinct beginnings of addresses are few.
        ends.update(
            row[place + 6 : place + 9] for row in piece.split(b"</row>") if (place := row.rfind(b'<c r="')) >= 0
        )
        if b"mergeCell " in piece:
            _find_merges(piece, seen, limits)
        if b"hidden=" in piece:
            seen.hidden_rows += map(int, HIDDEN_ROW.findall(piece))
    if not piece.rstrip().endswith(b"worksheet>"):
        raise FileRejected(Reason.DAMAGED)
    if seen.regular:
        seen.last_column = max((column_number(end.rstrip(b'0123456789"')) for end in ends), default=0)
    return seen


def filled_area(package: Package, part: str) -> tuple[int, int]:
    """The farthest (row, column) with content: slower than `survey`, but blind to cells that are only formatted."""
    last_row = last_column = 0
    for piece in _pieces(package.chunks(part)):
        for letters, row in FILLED.findall(piece):
            last_row = max(last_row, int(row))
            last_column = max(last_column, column_number(letters))
    return last_row, last_column


def column_number(letters: bytes) -> int:
    """The number of a column from its letters: A is 1, XFD 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, cut anew between two cells, rows or merges."""
    tail = b""
    for chunk in chunks:
        chunk = tail + chunk
        cut = max(chunk.rfind(b"<c "), chunk.rfind(b"<row "))
        if cut <= 0:
            cut = chunk.rfind(b"<mergeCell ")
        if cut <= 0 and len(chunk) <= LONGEST_TAIL:
            tail = chunk
            continue
        if cut <= 0:
            cut = len(chunk)
        yield chunk[:cut]
        tail = chunk[cut:]
    yield tail


def _measure(piece: bytes, seen: Survey) -> None:
    """Widen the range by the addresses of this piece. Counting is many times faster than matching every cell."""
    seen.filled += piece.count(b"</c>")
    cells = piece.count(b'<c r="')
    if piece.count(b"<c") != cells and len(ANY_CELL.findall(piece)) != len(CELL.findall(piece)):
        seen.regular = False  # cells without an address
    if b":c>" in piece:
        seen.regular = False  # cells under a prefix
    rows = ROW.findall(piece)
    if piece.count(b"<row") != len(rows) and len(ANY_ROW.findall(piece)) != len(rows):
        seen.regular = False  # rows without a number
    if rows:
        seen.last_row = max(seen.last_row, max(map(int, rows)))
    seen.last_column = max(seen.last_column, LETTERS)
    for letters, row in FAR.findall(piece):  # the row again: a cell may lie about the row it stands in
        seen.last_column = max(seen.last_column, column_number(letters))
        seen.last_row = max(seen.last_row, int(row))


def _find_merges(piece: bytes, seen: Survey, limits: Limits) -> None:
    """Merged cells; more than any table has make the file suspect."""
    for left, top, right, bottom in MERGED.findall(piece):
        seen.merges.append(Merge(int(top), column_number(left), int(bottom), column_number(right)))
    if len(seen.merges) > limits.merges:
        raise FileRejected(Reason.BOMB)


def _find_without_value(piece: bytes, seen: Survey) -> None:
    """Error cells and formulas whose result was not stored (a program wrote the file and never worked it out)."""
    for address, attributes, inside in _cells_around(WITHOUT_VALUE, piece):
        stored = STORED.search(inside)
        if b't="e"' in attributes:
            seen.replaced[address] = CellError(stored[1].decode("utf-8", "replace") if stored and stored[1] else "#N/A")
        elif b"<f" in inside and (stored is None or (stored[1] == b"" and b't="str"' not in attributes)):
            seen.replaced[address] = NoValue()


def _find_months(piece: bytes, seen: Survey, pattern: re.Pattern[bytes], dates_1904: bool) -> None:
    """Date cells that show year and month only."""
    for address, attributes, inside in _cells_around(pattern, piece):
        stored = STORED.search(inside)
        is_number = b' t="' not in attributes or b' t="n"' in attributes  # "n" is what no type means
        if is_number and stored and stored[1]:
            month = _month(stored[1], dates_1904)
            if month:
                seen.replaced[address] = month


def _cells_around(pattern: re.Pattern[bytes], piece: bytes) -> Iterator[tuple[tuple[int, int], bytes, bytes]]:
    """`((row, column), attributes, inside)` of each cell with content in which the pattern stands."""
    done = -1
    for found in pattern.finditer(piece):
        start = piece.rfind(b"<c ", 0, found.start())
        if start <= done:
            continue
        done = start
        cell = WHOLE_CELL.match(piece, start)
        if cell and cell.end() > found.start():
            yield (int(cell[2]), column_number(cell[1])), cell[3], cell[4]


def _month(serial: bytes, dates_1904: bool) -> MonthCell | None:
    """The month of a day number as it is written in the file."""
    try:
        return serials.month(float(serial), dates_1904)
    except ValueError:
        return None
