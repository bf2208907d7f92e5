"""Reader of tables in text: comma or tab separated; UTF-8 with or without mark, UTF-16, GB18030."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator

from .limits import Limits
from .rejection import FileRejected, Reason
from .rows import collect
from .sheets import Format, Sheet, Workbook

MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
HEAD = 20_000
PIECE = 1024 * 1024
LOOKED_AT = 20  # lines from which the separator is told; a title above the header has none
MOST_COLUMNS = 16_384  # of a record, as in a spreadsheet
LONGEST_CELL = 32_767  # as in a spreadsheet; a longer one comes from a quote that is never closed


def encoding_of(data: bytes) -> str:
    """The encoding of a text: by its mark, else strict UTF-8, else strict GB18030 (which holds all of GBK).

    FileRejected when none fits; nothing is ever replaced by question marks.
    """
    for mark, encoding in MARKED:
        if data.startswith(mark):
            candidates = [encoding]
            break
    else:
        candidates = [_utf16_without_mark(data)] if b"\0" in data[:200] else ["utf-8", "gb18030"]
    for encoding in candidates:
        if _fits(data, encoding):
            return encoding
    raise FileRejected(Reason.ENCODING)


def read_text(data: bytes, encoding: str, title: str, limits: Limits) -> Workbook:
    """One sheet. Row numbers are record numbers, the first line being 1, blank lines counted.

    FileRejected when a double quote is not closed, or on too many rows or cells.
    """
    separator = separator_of(data, encoding)
    sheet = Sheet(title)
    collect(sheet, records_of(data, encoding, separator, limits), limits)
    return Workbook(text_format(separator), [sheet])


def text_format(separator: str) -> Format:
    """How a text with this separator is called."""
    return Format.TSV if separator == "\t" else Format.CSV


def separator_of(data: bytes, encoding: str) -> str:
    """The separator of a text, told from its first lines."""
    lines = "\n".join(_lines(data, encoding).read(HEAD).splitlines()[:LOOKED_AT])
    return max(",\t;", key=lines.count)


def records_of(data: bytes, encoding: str, separator: str, limits: Limits) -> Iterator[list[str]]:
    """The records of a text. FileRejected on a quote that is not closed and on too many cells."""
    if data.count(separator.encode(encoding.removesuffix("-sig"))[-2:]) > limits.cells:  # all in one record, perhaps
        raise FileRejected(Reason.TOO_MANY_CELLS, limit=limits.cells)
    return records_in(_lines(data, encoding), separator, limits)


def records_in(lines: Iterable[str], separator: str, limits: Limits) -> Iterator[list[str]]:
    """The records of a text given by its lines; FileRejected as `records_of`."""
    counted = _Record(lines, separator)
    reader = csv.reader(counted, delimiter=separator, strict=True)
    number = cells = 0
    while True:
        number += 1
        counted.separators = 0
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRejected(Reason.QUOTES, record=number) from error
        except _TooWide as error:
            raise FileRejected(Reason.WIDE_RECORD, record=number, limit=MOST_COLUMNS) from error
        cells += len(record)
        if cells > limits.cells:
            raise FileRejected(Reason.TOO_MANY_CELLS, limit=limits.cells)
        for cell in record:
            if len(cell) > LONGEST_CELL:
                raise FileRejected(Reason.QUOTES, record=number)
        yield record


class _TooWide(Exception):
    """A record has more separators than any table has columns."""


class _Record:
    """The lines of a text, with the separators of those that one record is made of counted before it is."""

    def __init__(self, lines: Iterable[str], separator: str):
        self._lines, self._separator = lines, separator
        self.separators = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.separators += line.count(self._separator)
            if self.separators > MOST_COLUMNS:
                raise _TooWide
            yield line


def _lines(data: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")


def _fits(data: bytes, encoding: str) -> bool:
    """Whether the data are this encoding throughout, looked at piece by piece; no text has a zero character."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), PIECE):
            if "\0" in decoder.decode(data[start : start + PIECE]):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _utf16_without_mark(data: bytes) -> str:
    """Which half of the pairs is zero: separators and digits have their zero byte there."""
    return "utf-16-le" if data[1:200:2].count(0) >= data[0:200:2].count(0) else "utf-16-be"
