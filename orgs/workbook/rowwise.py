"""The rows of one .xlsx sheet, piece by piece of its XML, without holding more than a piece."""

import re
from collections.abc import Iterable, Iterator, Mapping

from . import serials
from .cells import Cell, CellError, NoValue
from .rejection import FileRejected, Reason
from .rows import clean_text, whole
from .sharedtexts import PINYIN, RUN, SharedTexts, Unusual, text_of, unescaped
from .sheets import Row
from .survey import column_number

LONGEST_ROW = 16 * 1024 * 1024

ROW = re.compile(rb'<row (?:[^>]*? )?r="(\d{1,7})"[^>]*?(?:/>|>(.*?)</row>)', re.DOTALL)
CELL = re.compile(
    rb'<c r="([A-Z]{1,3})\d{1,7}"([^>]*?)(?:/>|>'
    rb"(?:<v>([^<]*)</v>|<is><t([^>/]*)>([^<]*)</t></is>|(.*?))</c>)",
    re.DOTALL,
)
STORED = re.compile(rb"<v(?: [^>]*)?>([^<]*)</v>")
TYPE, STYLE = re.compile(rb' t="(\w+)"'), re.compile(rb' s="(\d+)"')


class RowReader:
    """Turns the XML of rows into rows of exactly `width` cells.

    `texts` the file's table of texts; `kinds` what styles show (styles.style_kinds); `dates_1904` where days begin.
    """

    def __init__(self, width: int, texts: SharedTexts, kinds: Mapping[int, str], dates_1904: bool):
        self._width, self._texts, self._kinds, self._dates_1904 = width, texts, kinds, dates_1904
        self._columns: dict[bytes, int] = {}
        self._marks: dict[bytes, tuple[str, str]] = {}
        self.last = 0
        """The number of the last row that was read, blank or not."""

    def rows(self, chunks: Iterable[bytes]) -> Iterator[Row]:
        """The rows with content. Unusual where the XML is not written as expected: go on behind `last`."""
        for piece in _row_pieces(chunks):
            rows = ROW.findall(piece)
            if len(rows) != piece.count(b"<row"):
                raise Unusual
            for number, inside in rows:
                number = int(number)
                if number <= self.last:
                    raise FileRejected(Reason.DAMAGED)
                row = self._row(number, inside) if inside else None
                self.last = number
                if row is not None:
                    yield row

    def _row(self, number: int, inside: bytes) -> Row | None:
        found = CELL.findall(inside)
        if len(found) != inside.count(b"<c ") or b"<c>" in inside or b":c " in inside:
            raise Unusual
        width, columns, marks, text = self._width, self._columns, self._marks, self._texts.cell
        cells: list[Cell] = [None] * width
        filled = False
        for letters, attributes, value, text_marks, inline, rest in found:
            column = columns.get(letters)
            if column is None:
                column = columns[letters] = column_number(letters) - 1
            if column >= width:
                continue
            try:
                kind, shows = marks[attributes]
            except KeyError:
                kind, shows = marks[attributes] = self._mark(attributes)
            if value:
                if kind == "s":
                    cell = text(value)
                elif kind == "n" and not shows:
                    cell = whole(float(value))
                else:
                    cell = self._cell(kind, shows, value)
            elif inline:
                cell = clean_text(text_of(inline, text_marks))
            elif rest:
                cell = self._unusual_cell(kind, shows, rest)
            else:
                continue
            if cell is not None:
                cells[column] = cell
                filled = True
        return Row(number, cells) if filled else None

    def _mark(self, attributes: bytes) -> tuple[str, str]:
        """Type of a cell and what its style shows, from its attributes."""
        kind, style = TYPE.search(attributes), STYLE.search(attributes)
        return kind[1].decode() if kind else "n", self._kinds.get(int(style[1]) if style else 0, "")

    def _cell(self, kind: str, shows: str, value: bytes) -> Cell:
        """A cell by its stored value."""
        if kind == "s":
            return self._texts.cell(value)
        if kind == "n":
            number = float(value)
            if shows == "month":
                return serials.month(number, self._dates_1904) or whole(number)
            if shows == "date":
                return serials.moment(number, self._dates_1904)
            return whole(number) if not shows else serials.duration(number)
        if kind == "b":
            return value == b"1"
        if kind == "e":
            return CellError(value.decode("utf-8", "replace"))
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
            return CellError("#N/A")
        return NoValue() if b"<f" in inside and not (stored and kind == "str") else None


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
