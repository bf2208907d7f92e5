"""Reader of .xlsx: its rows one after the other in bounded memory, behind the checks of `package` and `survey`.

No reader in another language works on an uploaded file: calamine takes the number of texts that a file claims to have
for granted and ends the whole process when the memory for them is not there. openpyxl reads on, within bounds, where a
sheet is written in a way that `rowwise` does not know.
"""

import contextlib
import io
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import openpyxl

from .limits import Limits
from .package import Package
from .rejection import FileRejected, Reason
from .rows import collected, gather, keep_places
from .rowwise import RowReader
from .sharedtexts import MORE_RUNS, SharedTexts, Unusual
from .sharedtexts import PART as TEXTS
from .sheets import Format, Row, Sheet, Workbook
from .styles import MAIN, style_kinds
from .survey import Survey, measure

RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STYLES = "xl/styles.xml"
# A file of text packs a cell into three bytes and more; one with a million cells in less is no roster.
PACKED_CELL, ANY_FILE = 2, 1_000_000
# Where openpyxl reads: cells (and rows) at some twenty microseconds each, and bytes of the parts that it holds whole.
MOST_FOREIGN, MOST_FOREIGN_TEXTS, MOST_FOREIGN_STYLES = 80_000, 8_000_000, 1_000_000
ATTRIBUTES = 6  # of one cell
UNUSED_TEXTS = 200_000
"""So many texts there may be beside one for each cell: programs write those that are used."""


@dataclass(frozen=True, slots=True)
class Part:
    """A worksheet as the list of sheets names it, and where its XML is."""

    title: str
    hidden: bool
    path: str


class Book:
    """An .xlsx that was looked through: its worksheets with what was seen of them, read as often as asked.

    FileRejected when it is dangerous, damaged or too large. `parts` and `surveys` go together.
    """

    def __init__(self, data: bytes, limits: Limits):
        self._data, self._limits = data, limits
        self._package = Package(data, limits)
        self.parts, self._dates_1904 = worksheets(self._package, limits)
        self._kinds = style_kinds(self._package.part(STYLES))
        self.surveys: list[Survey] = []
        most = min(limits.cells, max(ANY_FILE, len(data) // PACKED_CELL))
        filled = merges = runs = 0
        for part in self.parts:
            seen = measure(self._package, part.path, limits)
            filled += seen.filled
            merges += len(seen.merges)
            if filled > most:
                raise FileRejected(Reason.TOO_MANY_CELLS, limit=most)
            runs += seen.runs
            if merges > limits.merges or runs > filled + MORE_RUNS:
                raise FileRejected(Reason.BOMB)
            self.surveys.append(seen)
        try:
            self._texts = SharedTexts(self._package, filled + UNUSED_TEXTS)
        except Unusual:
            self._texts = None
        self._check_foreign()

    def width(self, seen: Survey) -> int:
        """How many columns of a sheet are read."""
        return min(seen.last_column, self._limits.columns) if seen.regular else self._limits.columns

    def reading(self, part: Part, seen: Survey) -> "Reading":
        """A sheet, to be read once from its first row on."""
        return Reading(self, part, seen)

    def _check_foreign(self) -> None:
        """Refuse what openpyxl would take too long over."""
        foreign = [seen for seen in self.surveys if self._texts is None or not seen.regular]
        if foreign and (
            sum(seen.tags for seen in foreign) > MOST_FOREIGN
            or sum(seen.attributes for seen in foreign) > ATTRIBUTES * MOST_FOREIGN
            or self._package.size(TEXTS) > MOST_FOREIGN_TEXTS
            or self._package.size(STYLES) > MOST_FOREIGN_STYLES
        ):
            raise FileRejected(Reason.FOREIGN_TOO_LARGE, limit=MOST_FOREIGN)


class Reading:
    """One pass over the rows of a sheet."""

    def __init__(self, book: Book, part: Part, seen: Survey):
        self._book, self._part, self._seen, self._width = book, part, seen, book.width(seen)
        self.gave_up = False
        """Whether a run of blank rows ended the reading of a sheet in an unusual form."""
        self._rows = RowReader(part.title, self._width, book._texts, book._kinds, book._dates_1904)

    @property
    def last_filled(self) -> int:
        """The last row so far with a cell that holds something, be it a space."""
        return self._rows.last_filled

    def rows(self) -> Iterator[Row]:
        """The rows with content, in order. FileRejected in the middle when damage shows there."""
        book, reader = self._book, self._rows
        with refusing():
            try:
                if book._texts is None or not self._seen.regular:
                    raise Unusual
                yield from reader.rows(book._package.plain_chunks(self._part.path))
            except Unusual:
                if self._seen.tags > MOST_FOREIGN or self._seen.attributes > ATTRIBUTES * MOST_FOREIGN:
                    raise FileRejected(Reason.FOREIGN_TOO_LARGE, limit=MOST_FOREIGN) from None
                opened = openpyxl.load_workbook(
                    io.BytesIO(book._data), read_only=True, data_only=True, keep_links=False
                )
                found = lazy_rows(opened, self._part.title, self._width, reader.last + 1)
                run = book._limits.empty_run
                for row in collected(found, self._part.title, self._width, first=reader.last + 1, empty_run=run):
                    self.gave_up = row is None
                    if row is not None:
                        yield row


def read_xlsx(data: bytes, limits: Limits) -> Workbook:
    """All worksheets of an .xlsx. FileRejected when it is dangerous, damaged or too large."""
    sheets = []
    with refusing():
        book = Book(data, limits)
        for part, seen in zip(book.parts, book.surveys, strict=True):
            sheet = Sheet(part.title, part.hidden)
            reading = book.reading(part, seen)
            gather(sheet, reading.rows(), limits)
            last = sheet.rows[-1].number if sheet.rows else 0
            if sheet.rows and (reading.gave_up or reading.last_filled - last > limits.empty_run):
                sheet.stopped_after = last
            keep_places(sheet, seen.merges, seen.hidden_rows)
            sheets.append(sheet)
    return Workbook(Format.XLSX, sheets)


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Whatever is raised inside over a damaged file becomes one FileRejected: zipfile and the parsers raise all sorts.

    None of their words reach the clerk.
    """
    try:
        yield
    except FileRejected:
        raise
    except MemoryError as error:
        raise FileRejected(Reason.BOMB) from error
    except Exception as error:
        raise FileRejected(Reason.DAMAGED) from error


def worksheets(package: Package, limits: Limits) -> tuple[list[Part], bool]:
    """The worksheets in their order (charts and dialogs left out), and whether days are counted from 1904."""
    workbook, relations = package.part("xl/workbook.xml"), package.part("xl/_rels/workbook.xml.rels")
    if workbook is None or relations is None:
        raise FileRejected(Reason.DAMAGED)
    targets = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in relations
        if relation.get("Type", "").endswith("/worksheet")
    }
    parts = []
    for sheet in workbook.iter(f"{MAIN}sheet"):
        path = targets.get(sheet.get(RELATIONSHIP))
        if path is None:
            continue
        if not package.has(path):
            raise FileRejected(Reason.DAMAGED)
        parts.append(Part(sheet.get("name", ""), sheet.get("state", "visible") != "visible", path))
    if len(parts) > limits.sheets:
        raise FileRejected(Reason.TOO_MANY_SHEETS, limit=limits.sheets)
    if len({part.path for part in parts}) < len(parts):  # a small file that is read many times
        raise FileRejected(Reason.BOMB)
    properties = workbook.find(f"{MAIN}workbookPr")
    dates_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    return parts, dates_1904


def lazy_rows(workbook: openpyxl.Workbook, title: str, columns: int, first: int = 1) -> Iterable[tuple]:
    """The rows of a sheet from row `first` on, one at a time, whatever its <dimension> says (WPS writes A1)."""
    sheet = workbook[title]
    sheet.reset_dimensions()
    return sheet.iter_rows(min_row=first, max_col=columns, values_only=True)
