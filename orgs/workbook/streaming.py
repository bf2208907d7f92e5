"""Very large files row by row: `stream` gives what `read` gives, in bounded memory.

An .xlsx is cut into pieces between two rows, and the cells of a row are found by one regular expression: several
times as fast as a parser that makes an object of every element, and tried cell by cell against calamine in the
tests. Where a sheet is written in an unusual way, openpyxl goes on from that row.
"""

import gzip
import io
from collections.abc import Callable, Iterator

from .limits import MB, Limits
from .reading import is_text, is_zip, read, title_of
from .rejection import FileRejected, Reason
from .rows import clean_text, sensible
from .sheets import Format, Row, Sheet, Workbook
from .text import encoding_of, records_in, records_of, separator_of, text_format
from .xlsx import Book, refusing

STREAM_LIMITS = Limits(
    upload=300 * MB,
    unpacked=2_000 * MB,
    strings=500 * MB,
    rows=1_048_576,
    cells=30_000_000,
    merges=200_000,
)
"""For files that an administrator imports by command."""


class Rows:
    """The rows of a sheet, read anew each time that somebody iterates; true when there is one.

    Raises FileRejected in the middle when the file turns out damaged there.
    """

    def __init__(self, begin: Callable[[], Iterator[Row]]):
        self._begin = begin

    def __iter__(self) -> Iterator[Row]:
        return self._begin()

    def __bool__(self) -> bool:
        return next(iter(self), None) is not None


def stream(data: bytes, name: str, limits: Limits = STREAM_LIMITS) -> Workbook:
    """A workbook like that of `read`, whose sheets hold `Rows`: an iterable that begins anew with every `iter()`.

    Use `for row in sheet.rows` and `if sheet.rows`; there is neither `len()` nor an index. Memory stays bounded
    whatever the number of rows: about 60 MB beside an .xlsx, or a third of a text, and the distinct texts. `width`,
    `merges` and `hidden_rows` are known from a first look at the whole file, which also refuses what `read`
    refuses. Differences: rows are read to the end of the sheet (`stopped_after` is always None), and `Row.cells`
    is a fresh list each time. Files that are neither .xlsx nor text go through `read` with its own limits.

    FileRejected as from `read`; from iterating only when damage shows that the first look could not see.
    """
    if len(data) > limits.upload:
        raise FileRejected(Reason.TOO_LARGE, limit=limits.upload // MB)
    if is_zip(data):
        with refusing():
            workbook = _stream_xlsx(data, limits)
    elif is_text(data):
        workbook = _stream_text(data, title_of(name), limits)
    else:
        return read(data, name)
    if not any(sheet.rows for sheet in workbook.sheets):
        raise FileRejected(Reason.EMPTY)
    return workbook


def _stream_text(data: bytes, title: str, limits: Limits) -> Workbook:
    encoding = encoding_of(data)
    separator = separator_of(data, encoding)
    sheet = Sheet(title)
    for number, record in enumerate(records_of(data, encoding, separator, limits), start=1):
        if number > limits.rows:
            raise FileRejected(Reason.TOO_MANY_ROWS, sheet=title, limit=limits.rows)
        if len(record) > sheet.width:
            sheet.width = min(len(record), limits.columns)
    packed = gzip.compress(data, 1)  # a third of the memory for as long as the rows are worked on

    def rows() -> Iterator[Row]:
        with gzip.open(io.BytesIO(packed), "rt", encoding=encoding, newline="") as lines:
            for number, record in enumerate(records_in(lines, separator, limits), start=1):
                cells = [clean_text(text) for text in record[: sheet.width]]
                if any(cell is not None for cell in cells):
                    cells.extend([None] * (sheet.width - len(cells)))
                    yield Row(number, cells)

    sheet.rows = Rows(rows)
    return Workbook(text_format(separator), [sheet])


def _stream_xlsx(data: bytes, limits: Limits) -> Workbook:
    book = Book(data, limits)
    sheets = []
    for part, seen in zip(book.parts, book.surveys, strict=True):
        sheet = Sheet(part.title, part.hidden, book.width(seen))
        sheet.merges = sensible(seen.merges, seen.last_row)
        sheet.hidden_rows = frozenset(seen.hidden_rows)
        sheet.rows = Rows(lambda part=part, seen=seen: book.reading(part, seen).rows())
        sheets.append(sheet)
    return Workbook(Format.XLSX, sheets)
