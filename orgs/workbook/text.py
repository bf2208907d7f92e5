"""Reader of tables in text: comma or tab separated; UTF-8 with or without mark, UTF-16, GB18030."""

import codecs
import csv
import io
from collections.abc import Iterator

from .limits import Limits
from .rejection import FileRejected, Reason
from .rows import collect
from .sheets import Format, Sheet, Workbook

MARKED = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LOOKED_AT = 20  # lines from which the separator is told; a title above the header has none
LONGEST_CELL = 32_767  # as in a spreadsheet; a longer one comes from a quote that is never closed


def decode(data: bytes) -> str:
    """The text of a file: by its mark, else strict UTF-8, else strict GB18030 (which holds all of GBK).

    FileRejected when none fits; nothing is ever replaced by question marks.
    """
    for mark, encoding in MARKED:
        if data.startswith(mark):
            candidates = [encoding]
            break
    else:
        candidates = [_utf16_without_mark(data)] if b"\0" in data[:200] else ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRejected(Reason.ENCODING)


def read_text(text: str, title: str, limits: Limits) -> Workbook:
    """One sheet. Row numbers are record numbers, the first line being 1, blank lines counted.

    FileRejected when a double quote is not closed, or on too many rows or cells.
    """
    separator = _separator(text)
    sheet = Sheet(title)
    collect(sheet, _records(text, separator, limits), limits)
    return Workbook(Format.TSV if separator == "\t" else Format.CSV, [sheet])


def _utf16_without_mark(data: bytes) -> str:
    """Which half of the pairs is zero: separators and digits have their zero byte there."""
    return "utf-16-le" if data[1:200:2].count(0) >= data[0:200:2].count(0) else "utf-16-be"


def _separator(text: str) -> str:
    head = "\n".join(text[:20_000].splitlines()[:LOOKED_AT])
    return max(",\t;", key=head.count)


def _records(text: str, separator: str, limits: Limits) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = cells = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise FileRejected(Reason.QUOTES, record=number) from error
        cells += len(record)
        if cells > limits.cells:
            raise FileRejected(Reason.TOO_MANY_CELLS, limit=limits.cells)
        if any(len(cell) > LONGEST_CELL for cell in record):
            raise FileRejected(Reason.QUOTES, record=number)
        yield record
