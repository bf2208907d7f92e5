"""Reader of .xls and .et: the records of each sheet become cells. Every loop is bounded by what was counted before."""

import dataclasses
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import biff, ole
from .biff import Book, Broken
from .cells import Cell, CellError, NoValue
from .limits import Limits
from .rejection import FileRejected, Reason
from .rows import collect, keep_places
from .serials import duration, moment, month
from .sheets import Format, Merge, Sheet, Workbook

INTEGER_2, NUMBER_2, LABEL_2, BOOLERR_2 = 0x0002, 0x0003, 0x0004, 0x0005
NUMBER, LABEL, BOOLERR, RSTRING, LABELSST = 0x0203, 0x0204, 0x0205, 0x00D6, 0x00FD
RK, RK_OLD, MULRK = 0x027E, 0x007E, 0x00BD
FORMULAS = frozenset({0x0006, 0x0206, 0x0406})
TEXT_RESULT, TEXT_RESULT_2 = 0x0207, 0x0007
ROW, MERGED = 0x0208, 0x00E5
HIDDEN_ROW = 0x20
KNOWN = FORMULAS | {
    *(INTEGER_2, NUMBER_2, LABEL_2, BOOLERR_2, NUMBER, LABEL, BOOLERR, RSTRING, LABELSST, RK, RK_OLD, MULRK),
    *(TEXT_RESULT, TEXT_RESULT_2, ROW, MERGED, biff.EOF, biff.FILEPASS, *biff.BOF_CODES),
}
ALWAYS_WORK_OUT = 1
MOST_CELLS = 400_000  # 20,000 people, twenty columns wide
NOT_AVAILABLE = CellError("#N/A")
ERRORS = {
    code: CellError(text)
    for code, text in {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!"}.items()
}

_place = struct.Struct("<HHH").unpack_from
_word = struct.Struct("<H").unpack_from
_signed = struct.Struct("<i").unpack_from
_double = struct.Struct("<d").unpack_from
_double_of = struct.Struct("<d").unpack


@dataclass(slots=True)
class _Cells:
    """The cells of a sheet as they were found: row → column → cell, from 0."""

    book: Book
    limits: Limits
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    filled: int = 0
    moments: dict[float, Cell] = field(default_factory=dict)

    def put(self, row: int, column: int, cell: Cell) -> None:
        self.filled += 1
        if self.filled > self.limits.cells:
            raise FileRejected(Reason.TOO_MANY_CELLS, limit=self.limits.cells)
        cells = self.rows.get(row)
        if cells is None:
            cells = self.rows[row] = {}
        cells[column] = cell

    def put_number(self, row: int, column: int, style: int, number: float) -> None:
        kind = self.book.kind(style)
        if kind == "month":
            self.put(row, column, month(number, self.book.dates_1904) or number)
        elif kind == "date":
            day = self.moments.get(number)
            if day is None:
                day = self.moments[number] = moment(number, self.book.dates_1904)
            self.put(row, column, day)
        elif kind == "duration":
            self.put(row, column, duration(number))
        else:
            self.put(row, column, number)

    def dense(self) -> Iterator[list[Cell]]:
        """Row after row from the first, blank ones empty."""
        for number in range(max(self.rows, default=-1) + 1):
            cells = self.rows.pop(number, None)
            if not cells:
                yield []
                continue
            made: list[Cell] = [None] * (max(cells) + 1)
            for column, cell in cells.items():
                made[column] = cell
            yield made


def read_container(data: bytes, title: str, limits: Limits) -> Workbook:
    """A workbook in a compound container. FileRejected for a password, macros, Word, slides or damage."""
    try:
        container = ole.Container(data)
        names = container.names
        if "encryptedpackage" in names:
            raise FileRejected(Reason.PASSWORD)
        if names & {"_vba_project_cur", "macros"}:
            raise FileRejected(Reason.MACRO)
        for name in ("workbook", "book"):
            if name in names:
                return read_records(container.stream(name), title, limits)
    except ole.Damaged as damaged:
        raise FileRejected(Reason.TRUNCATED if damaged.cut_off else Reason.DAMAGED) from damaged
    if "worddocument" in names:
        raise FileRejected(Reason.WORD)
    if "powerpoint document" in names:
        raise FileRejected(Reason.SLIDES)
    raise FileRejected(Reason.UNKNOWN)


def read_records(stream: bytes, title: str, limits: Limits) -> Workbook:
    """A workbook from its bare records; `title` names the sheet of a file that has only one and no name for it."""
    limits = dataclasses.replace(limits, cells=min(limits.cells, MOST_CELLS))
    try:
        book = biff.open_book(stream, title)
        if len(book.sheets) > limits.sheets:
            raise FileRejected(Reason.TOO_MANY_SHEETS, limit=limits.sheets)
        return Workbook(Format.XLS, list(_sheets(book, limits)))
    except (Broken, struct.error, IndexError, UnicodeDecodeError) as error:
        raise FileRejected(Reason.DAMAGED) from error


def _sheets(book: Book, limits: Limits) -> Iterator[Sheet]:
    left, filled, merged = len(book.stream), 0, 0
    for listed in book.sheets:
        cells = _Cells(book, limits, filled=filled)
        sheet = Sheet(listed.title, listed.hidden)
        merges: list[Merge] = []
        hidden: list[int] = []
        end = _read_sheet(book, listed.start, cells, merges, hidden)
        left -= end - listed.start
        if left < 0:  # sheets that share their records: a small file that is read a thousand times
            raise FileRejected(Reason.BOMB)
        filled, merged = cells.filled, merged + len(merges)
        if merged > limits.merges:
            raise FileRejected(Reason.BOMB)
        collect(sheet, cells.dense(), limits)
        keep_places(sheet, merges, hidden)
        yield sheet


def _read_sheet(book: Book, start: int, cells: _Cells, merges: list[Merge], hidden: list[int]) -> int:
    """Read the records from the sheet's BOF to its EOF, charts inside it left out; the place behind them."""
    stream, limits = book.stream, cells.limits
    biff.begins(stream, start)
    depth = number = end = 0
    awaited: tuple[int, int] | None = None
    for code, at, end in biff.records(stream, start):
        number += 1
        if number > biff.MOST_RECORDS:
            raise FileRejected(Reason.BOMB)
        if code not in KNOWN:
            continue
        if code in biff.BOF_CODES:
            depth += 1
        elif code == biff.EOF:
            depth -= 1
            if depth == 0:
                return end
        elif depth > 1:
            continue
        elif code == LABELSST:
            row, column, _ = _place(stream, at)
            cells.put(row, column, book.texts[_signed(stream, at + 6)[0]])
        elif code in (RK, RK_OLD):
            row, column, style = _place(stream, at)
            cells.put_number(row, column, style, _compact(stream, at + 6))
        elif code == MULRK:
            row, column = _word(stream, at)[0], _word(stream, at + 2)[0]
            for place in range(at + 4, end - 2, 6):
                cells.put_number(row, column, _word(stream, place)[0], _compact(stream, place + 2))
                column += 1
        elif code == NUMBER:
            row, column, style = _place(stream, at)
            cells.put_number(row, column, style, _double(stream, at + 6)[0])
        elif code in FORMULAS:
            row, column, style = _place(stream, at)
            shift = 7 if book.version == 2 else 6
            awaited = _put_result(book, cells, row, column, style, at + shift)
        elif code in (TEXT_RESULT, TEXT_RESULT_2) and awaited:
            cells.put(*awaited, book.text(at, end, 2 if code == TEXT_RESULT else 1))
            awaited = None
        elif code in (LABEL, RSTRING):
            row, column, _ = _place(stream, at)
            cells.put(row, column, book.text(at + 6, end))
        elif code == BOOLERR:
            row, column, _ = _place(stream, at)
            cells.put(row, column, _bool_or_error(stream[at + 6], stream[at + 7]))
        elif code == ROW:
            if stream[at + 12] & HIDDEN_ROW:
                hidden.append(_word(stream, at)[0] + 1)
        elif code == MERGED:
            merges += _merges(stream, at, end)
            if len(merges) > limits.merges:
                raise FileRejected(Reason.BOMB)
        elif code in (INTEGER_2, NUMBER_2, LABEL_2, BOOLERR_2):
            _put_old(book, cells, code, at, end)
        elif code == biff.FILEPASS:
            raise FileRejected(Reason.PASSWORD)
    if book.version in (biff.BIFF5, biff.BIFF8):
        raise Broken  # the sheet has no end
    return end


def _compact(stream: bytes, at: int) -> float:
    """A number in four bytes: an integer or the upper half of a float, either perhaps in hundredths."""
    (packed,) = _signed(stream, at)
    number = float(packed >> 2) if packed & 2 else _double_of(b"\0\0\0\0" + struct.pack("<i", packed & ~3))[0]
    return number / 100 if packed & 1 else number


def _put_result(book: Book, cells: _Cells, row: int, column: int, style: int, at: int) -> tuple[int, int] | None:
    """The stored result of a formula; the cell that awaits its text when it is one, which follows in a record."""
    stream = book.stream
    if stream[at + 6 : at + 8] != b"\xff\xff":
        cells.put_number(row, column, style, _double(stream, at)[0])
        return None
    kind, value = stream[at], stream[at + 2]
    if kind == 0:
        return row, column
    if kind == 3:  # no text – or none yet: then the program that wrote the file has it worked out on opening
        cells.put(row, column, NoValue() if stream[at + 8] & ALWAYS_WORK_OUT else None)
    else:
        cells.put(row, column, _bool_or_error(value, kind == 2))
    return None


def _bool_or_error(value: int, is_error: int) -> Cell:
    return ERRORS.get(value, NOT_AVAILABLE) if is_error else bool(value)


def _merges(stream: bytes, at: int, end: int) -> Iterator[Merge]:
    count = min(_word(stream, at)[0], (end - at - 2) // 8)
    for first_row, last_row, first_column, last_column in struct.iter_unpack(
        "<4H", stream[at + 2 : at + 2 + 8 * count]
    ):
        yield Merge(first_row + 1, first_column + 1, last_row + 1, last_column + 1)


def _put_old(book: Book, cells: _Cells, code: int, at: int, end: int) -> None:
    """A cell of BIFF2: place, three bytes of format, value."""
    stream = book.stream
    row, column = _word(stream, at)[0], _word(stream, at + 2)[0]
    at += 7
    if code == INTEGER_2:
        cells.put(row, column, _word(stream, at)[0])
    elif code == NUMBER_2:
        cells.put(row, column, _double(stream, at)[0])
    elif code == LABEL_2:
        cells.put(row, column, book.text(at, end, 1))
    else:
        cells.put(row, column, _bool_or_error(stream[at], stream[at + 1]))
