"""The rows of one .xlsx sheet, piece by piece of its XML, without holding more than a piece."""

import re
from collections.abc import Iterable, Iterator, Mapping

from . import serials
from .cells import Cell, CellError, NoValue
from .rejection import FileRejected, Reason
from .rows import LongText, clean_text, too_long, whole
from .sharedtexts import KEPT, PINYIN, RUN, SharedTexts, Unusual, text_of, unescaped
from .sheets import Row
from .survey import column_number

LONGEST_ROW = 8 * 1024 * 1024

# No pattern looks beyond the next tag of its own kind: a flood of tags without an end costs no more than its length.
ROW = re.compile(rb'<row (?:[^<>]*? )?r="(\d{1,7})"[^<>]*>')
PLAIN_CELL = re.compile(rb'<c r="([A-Z]{1,3})\d{1,7}"([^<>]*)><v>([^<]*)</v></c>')
BLANK_CELL = re.compile(rb'<c r="[A-Z]{1,3}\d{1,7}"[^<>]*/>')
CELL = re.compile(
    rb'<c r="([A-Z]{1,3})\d{1,7}"([^<>]*?)>'
    rb"(?:<v>([^<]*)</v>|<is><t([^<>/]*)>([^<]*)</t></is>|((?:[^<]|<(?!c[ >]|/c>))*+))</c>"
)
STORED = re.compile(rb"<v(?: [^<>]*)?>([^<]*)</v>")
TYPE, STYLE = re.compile(rb' t="(\w+)"'), re.compile(rb' s="(\d+)"')


class _Columns(dict):
    """Letters of a column → its place in a row."""

    def __missing__(self, letters: bytes) -> int:
        place = self[letters] = column_number(letters) - 1
        return place


class _Marks(dict):
    """Attributes of a cell → its type and what its style shows."""

    def __init__(self, kinds: Mapping[int, str]):
        self._kinds = kinds

    def __missing__(self, attributes: bytes) -> tuple[str, str]:
        kind, style = TYPE.search(attributes), STYLE.search(attributes)
        mark = self[attributes] = (
            kind[1].decode() if kind else "n",
            self._kinds.get(int(style[1]) if style else 0, ""),
        )
        return mark


class RowReader:
    """Turns the XML of rows into rows of exactly `width` cells.

    `title` of the sheet, for refusals; `texts` the file's table of texts; `kinds` what styles show
    (styles.style_kinds); `dates_1904` where days begin.
    """

    def __init__(self, title: str, width: int, texts: SharedTexts, kinds: Mapping[int, str], dates_1904: bool):
        self._title = title
        self._width, self._texts, self._dates_1904 = width, texts, dates_1904
        self._columns, self._marks = _Columns(), _Marks(kinds)
        self.last = self.last_filled = 0
        """The number of the last row that was read, blank or not, and of the last one in which a cell holds something,
        be it a space."""
        self._inline: dict[bytes, Cell] = {}
        self._special: dict[Cell, Cell] = {}

    def rows(self, chunks: Iterable[bytes]) -> Iterator[Row]:
        """The rows with content. Unusual where the XML is not written as expected: go on behind `last`."""
        for piece in _row_pieces(chunks):
            if b"</c>" not in piece:  # only blank rows, as a formatted column has a million of
                piece = piece[max(piece.rfind(b"<row "), 0) :]
            for block in piece.split(b"</row>"):  # blank rows without an end of their own, then one with cells
                start = block.rfind(b"<row ")
                if start < 0:
                    continue
                head = ROW.match(block, start)
                if head is None:
                    raise Unusual
                number = int(head[1])
                if number <= self.last:
                    raise FileRejected(Reason.DAMAGED)
                if block.find(b"</c>", head.end()) < 0:
                    self.last = number
                    continue
                try:
                    row = self._row(number, block[head.end() :])
                except LongText:
                    raise too_long(self._title, number) from None
                self.last = self.last_filled = number
                if row is not None:
                    yield row

    def _row(self, number: int, inside: bytes) -> Row | None:
        found = PLAIN_CELL.findall(inside)
        if len(found) != inside.count(b"</c>"):  # cells without content have no end of their own
            return self._mixed_row(number, inside)
        width, columns, marks, texts = self._width, self._columns, self._marks, self._texts
        cells: list[Cell] = [None] * width
        is_blank = True
        for letters, attributes, value in found:
            kind, shows = marks[attributes]
            cell = texts[value] if kind == "s" else self._cell(kind, shows, value) if value else None
            if cell is not None and columns[letters] < width:
                cells[columns[letters]] = cell
                is_blank = False
        return None if is_blank else Row(number, cells)

    def _mixed_row(self, number: int, inside: bytes) -> Row | None:
        """A row with blank cells, formulas or texts of their own."""
        if b"/>" in inside:
            inside = BLANK_CELL.sub(b"", inside)
        found = CELL.findall(inside)
        if len(found) != inside.count(b"<c "):
            raise Unusual
        width, columns, marks, texts = self._width, self._columns, self._marks, self._texts
        cells: list[Cell] = [None] * width
        is_blank = True
        for letters, attributes, value, text_marks, inline, rest in found:
            kind, shows = marks[attributes]
            if value:
                cell = texts[value] if kind == "s" else self._cell(kind, shows, value)
            elif inline:
                cell = self._inline_text(inline, text_marks)
            elif rest:
                cell = self._unusual_cell(kind, shows, rest)
            else:
                continue
            if cell is not None and columns[letters] < width:
                cells[columns[letters]] = cell
                is_blank = False
        return None if is_blank else Row(number, cells)

    def _inline_text(self, inline: bytes, marks: bytes) -> Cell:
        """A text inside its cell; one object for what stands in every row."""
        if inline not in self._inline:
            cell = clean_text(text_of(inline, marks))
            if marks or len(self._inline) >= KEPT:
                return cell
            self._inline[inline] = cell
        return self._inline[inline]

    def _once(self, cell: Cell) -> Cell:
        """One object for equal errors and months, of which there may be as many as cells."""
        return self._special.setdefault(cell, cell) if len(self._special) < KEPT else cell

    def _cell(self, kind: str, shows: str, value: bytes) -> Cell:
        """A cell by its stored value."""
        if kind == "s":
            return self._texts[value]
        if kind == "n":
            number = float(value)
            if shows == "month":
                month = serials.month(number, self._dates_1904)
                return whole(number) if month is None else self._once(month)
            if shows == "date":
                return serials.moment(number, self._dates_1904)
            return whole(number) if not shows else serials.duration(number)
        if kind == "b":
            return value == b"1"
        if kind == "e":
            return self._once(CellError(value.decode("utf-8", "replace")))
        if kind == "str":
            return clean_text(unescaped(value.decode("utf-8", "replace").replace("\r\n", "\n")))
        raise Unusual

    def _unusual_cell(self, kind: str, shows: str, inside: bytes) -> Cell:
        """A formula, or text with fonts and pinyin."""
        if kind == "inlineStr":
            runs = RUN.findall(PINYIN.sub(b"", inside))
            return clean_text("".join(text_of(run, marks) for marks, run in runs))
        stored = STORED.search(inside)
        if stored and stored[1]:
            return self._cell(kind, shows, stored[1])
        if kind == "e":
            return self._once(CellError("#N/A"))
        return self._once(NoValue()) if b"<f" in inside and not (stored and kind == "str") else None


def _row_pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks, cut anew in front of a row, up to the end of the data."""
    tail = b""
    for chunk in chunks:
        chunk = tail + chunk
        end = chunk.find(b"</sheetData>")
        cut = end if end >= 0 else chunk.rfind(b"<row ")
        if cut > 0:
            yield chunk[:cut]
        if end >= 0:
            return
        tail = chunk[cut:] if cut > 0 else chunk
        if len(tail) > LONGEST_ROW:
            raise FileRejected(Reason.DAMAGED)
    if b"<row" in tail:
        raise FileRejected(Reason.DAMAGED)
