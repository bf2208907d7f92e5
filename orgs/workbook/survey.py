"""A quick look through the XML of a sheet, piece by piece, before its rows are read.

It finds how far the sheet reaches, how much is in it, merged cells and hidden rows. Everything is counted or matched
in one pass: no pattern goes beyond the next `<`, so that none of them begins the same search again and again.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .limits import Limits
from .package import DOCTYPE, Package
from .rejection import FileRejected, Reason
from .sheets import Merge

LONGEST_TAIL = 1024 * 1024  # a cell holds at most 32,767 characters; more without a boundary is no sheet

ROW = re.compile(rb'<row [^<>]*?\br="(\d{1,7})"')
MERGED = re.compile(rb'<mergeCell [^<>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
OPENED_ROW = re.compile(rb"<row ([^<>]*[^<>/])>")
HIDDEN, NUMBER = re.compile(rb'\bhidden="(?:1|true)"'), re.compile(rb'\br="(\d{1,7})"')


@dataclass(slots=True)
class Survey:
    """What was seen: the farthest row and column, cells with content, all cells and rows (`tags`) however they are
    written, their attributes, pieces of text, merged cells and the numbers of hidden rows with
    cells.

    `regular` is False when rows carry no numbers or cells do not begin with their address, so that `rowwise` cannot
    tell where they stand; `last_column` is then unknown.
    """

    last_row: int = 0
    last_column: int = 0
    filled: int = 0
    tags: int = 0
    attributes: int = 0
    runs: int = 0
    regular: bool = True
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)


def measure(package: Package, part: str, limits: Limits) -> Survey:
    """Look through one sheet of any length. FileRejected on a document type, damaged data or too many merges."""
    seen = Survey()
    ends: set[bytes] = set()
    for piece in _pieces(package.plain_chunks(part)):
        if b"DOCTYPE" in piece and DOCTYPE.search(piece):
            raise FileRejected(Reason.ENTITIES)
        rows = ROW.findall(piece)
        cells = piece.count(b"<c ") + piece.count(b"<c>") + piece.count(b"<c/")
        prefixed = piece.count(b":c>") + piece.count(b":c ")
        all_rows = piece.count(b"<row")
        if prefixed or all_rows != len(rows) or cells != piece.count(b'<c r="'):
            seen.regular = False
        if rows:
            seen.last_row = max(seen.last_row, int(rows[-1]))
        seen.filled += piece.count(b"</c>")
        seen.tags += cells + prefixed + all_rows
        seen.runs += piece.count(b"<t>") + piece.count(b"<t ")
        seen.attributes += piece.count(b'="')
        # The last cell of each row; distinct beginnings of addresses are few.
        ends.update(
            row[place + 6 : place + 9] for row in piece.split(b"</row>") if (place := row.rfind(b'<c r="')) >= 0
        )
        if b"mergeCell " in piece:
            _find_merges(piece, seen, limits)
        if b"hidden=" in piece:
            _find_hidden(piece, seen)
    if not piece.rstrip().endswith(b"worksheet>"):
        raise FileRejected(Reason.DAMAGED)
    if seen.regular:
        seen.last_column = max((column_number(end.rstrip(b'0123456789"')) for end in ends), default=0)
    return seen


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
            cut = chunk.rfind(b"<")  # the end of the sheet stays in one piece
        if cut <= 0:
            cut = len(chunk)
        yield chunk[:cut]
        tail = chunk[cut:]
    yield tail


def _find_merges(piece: bytes, seen: Survey, limits: Limits) -> None:
    """Merged cells; more than any table has make the file suspect."""
    for left, top, right, bottom in MERGED.findall(piece):
        seen.merges.append(Merge(int(top), column_number(left), int(bottom), column_number(right)))
    if len(seen.merges) > limits.merges:
        raise FileRejected(Reason.BOMB)


def _find_hidden(piece: bytes, seen: Survey) -> None:
    """Hidden rows, but for those without cells, of which there may be a million."""
    for attributes in OPENED_ROW.findall(piece):
        if HIDDEN.search(attributes) and (number := NUMBER.search(attributes)):
            seen.hidden_rows.append(int(number[1]))
