"""The records inside an .xls (BIFF2 to BIFF8): what holds for the whole file – sheets, texts, formats, encoding.

Why not xlrd: a table of texts that lies about the length of its pinyin sends it back and forth in the file until
the memory is full, and it works out the names' formulas. It reads the same files in our tests, and both agree.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from .rejection import FileRejected, Reason
from .styles import format_kind

BOF_CODES = frozenset({0x0009, 0x0209, 0x0409, 0x0809})
OLDER = {0x0009: 2, 0x0209: 3, 0x0409: 4}  # versions that the record's code tells; later ones stand in the record
EOF, CONTINUE, FILEPASS, CODEPAGE, DATEMODE = 0x000A, 0x003C, 0x002F, 0x0042, 0x0022
BOUNDSHEET, SST, FORMAT, XF = 0x0085, 0x00FC, 0x041E, 0x00E0
GLOBALS, WORKSHEET, WORKSPACE = 0x0005, 0x0010, 0x0100
BIFF5, BIFF8 = 0x0500, 0x0600
MACRO_SHEETS = (1, 6)
MOST_RECORDS = 850_000  # more than twice as many as cells are read
MOST_STYLES = 65_490  # cell formats, as in any workbook
MOST_TEXTS = 500_000
ENCODINGS = {932: "cp932", 936: "gb18030", 949: "cp949", 950: "cp950", 54936: "gb18030"}
UNSAID = ("utf-8", "gb18030")  # programs that write Chinese under a Western code page mean one of these
LABELS = {0x0004: 8, 0x0204: 8, 0x00D6: 8, 0x0007: 1, 0x0207: 2}  # where their text begins

_head = struct.Struct("<HH").unpack_from
_word = struct.Struct("<H").unpack_from
_long = struct.Struct("<I").unpack_from


class Broken(Exception):
    """The records contradict themselves or end too early."""


@dataclass(frozen=True, slots=True)
class BiffSheet:
    """A worksheet as the list of sheets names it; `start` is the place of its BOF record."""

    title: str
    hidden: bool
    start: int


@dataclass(slots=True)
class Book:
    """What the sheets of a file share. `kinds` of the cell formats: see `styles.format_kind`."""

    stream: bytes
    version: int
    sheets: list[BiffSheet] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    dates_1904: bool = False
    encoding: str = ""

    def kind(self, style: int) -> str:
        """What a cell of this style shows: "month", "date", "duration" or "" for a plain value."""
        return self.kinds[style] if style < len(self.kinds) else ""

    def text(self, at: int, end: int, width: int = 2) -> str:
        """The text that begins at `at` with its length in `width` bytes: UTF-16 or Latin in BIFF8, bytes before."""
        stream = self.stream
        length = _word(stream, at)[0] if width == 2 else stream[at]
        at += width
        if self.version != BIFF8:
            return self.decoded(stream[at : at + length])
        options = stream[at]
        at += 1 + (2 if options & 8 else 0) + (4 if options & 4 else 0)
        if options & 1:
            return stream[at : min(end, at + 2 * length)].decode("utf-16-le", "surrogatepass")
        return stream[at : min(end, at + length)].decode("latin-1")

    def decoded(self, content: bytes) -> str:
        """Text of before BIFF8, in the encoding that the file names or that fits all its texts."""
        self.encoding = self.encoding or _fitting(self.stream)
        try:
            return content.decode(self.encoding)
        except UnicodeDecodeError as error:
            raise FileRejected(Reason.ENCODING) from error


def records(stream: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """`(code, start, end)` of each record from `at` to the end of the stream. Broken when one is cut off."""
    size = len(stream)
    while at + 4 <= size:
        code, length = _head(stream, at)
        start = at + 4
        at = start + length
        if at > size:
            raise Broken
        yield code, start, at


def _fitting(stream: bytes) -> str:
    """The encoding in which all texts are valid: one alone may be so by chance (女 in GBK is Ů in UTF-8)."""
    for code, start, end in records(stream, 0):
        if code in LABELS:
            try:
                stream[start + LABELS[code] : end].decode(UNSAID[0])
            except UnicodeDecodeError:
                return UNSAID[1]
    return UNSAID[0]


def begins(stream: bytes, at: int) -> tuple[int, int]:
    """`(version, kind of substream)` of the BOF record at this place. Broken when there is none."""
    if at + 8 > len(stream):
        raise Broken
    code, length = _head(stream, at)
    if code not in BOF_CODES or not 4 <= length <= 20:
        raise Broken
    version, kind = _head(stream, at + 4)
    return OLDER.get(code, version), kind


def looks_like_records(data: bytes) -> bool:
    """Whether a file is BIFF without a container, as simple export programs write it."""
    try:
        _, kind = begins(data, 0)
    except (Broken, struct.error):
        return False
    return kind in (GLOBALS, WORKSHEET, WORKSPACE)


def open_book(stream: bytes, title: str) -> Book:
    """What the sheets share, and the list of sheets. `title` names the only sheet of a file without such a list.

    FileRejected for a password or a macro sheet; Broken or struct.error for damaged records.
    """
    version, kind = begins(stream, 0)
    book = Book(stream, version)
    if kind == WORKSHEET:
        _read_shared(book, alone=True)
        book.sheets = [BiffSheet(title, False, 0)]
    elif kind == GLOBALS and version in (BIFF5, BIFF8):
        _read_shared(book, alone=False)
    else:
        raise Broken
    return book


def _read_shared(book: Book, alone: bool) -> None:
    """Go through the globals; in a file that is one sheet `alone`, through that sheet."""
    stream = book.stream
    formats: dict[int, str] = {}
    styles: list[int] = []
    listed: list[tuple[int, int]] = []
    texts: list[tuple[int, int]] = []
    previous = number = 0
    for code, at, end in records(stream, 0):
        number += 1
        if number > MOST_RECORDS:
            raise FileRejected(Reason.BOMB)
        if code == EOF:
            break
        if code == FILEPASS:
            raise FileRejected(Reason.PASSWORD)
        if code == BOUNDSHEET:
            listed.append((at, end))
        elif code == SST:
            texts = [(at, end)]
        elif code == CONTINUE and previous == SST:
            texts.append((at, end))
            continue
        elif code == FORMAT and not alone:
            formats[_word(stream, at)[0]] = book.text(at + 2, end, 2 if book.version == BIFF8 else 1)
        elif code == XF:
            styles.append(_word(stream, at + 2)[0])
            if len(styles) > MOST_STYLES:
                raise FileRejected(Reason.BOMB)
        elif code == DATEMODE:
            book.dates_1904 = _word(stream, at)[0] == 1
        elif code == CODEPAGE:
            book.encoding = ENCODINGS.get(_word(stream, at)[0], "")
        previous = code
    else:
        if not alone:
            raise Broken
    book.kinds = [format_kind(style, formats) for style in styles]
    book.sheets = [sheet for place in listed if (sheet := _sheet(book, *place))]
    if texts:
        book.texts = shared_texts(stream, texts)


def _sheet(book: Book, at: int, end: int) -> BiffSheet | None:
    """A worksheet of the list of sheets; None for a chart."""
    stream = book.stream
    start, hidden, kind = _long(stream, at)[0], stream[at + 4] & 3, stream[at + 5]
    if kind in MACRO_SHEETS:
        raise FileRejected(Reason.MACRO)
    return BiffSheet(book.text(at + 6, end, 1), bool(hidden), start) if kind == 0 else None


def shared_texts(stream: bytes, places: list[tuple[int, int]]) -> list[str]:
    """The table of texts in an SST record and its sequels (`places`); rich text without format, pinyin left out.

    A text may be cut by the end of a record; its sequel then says anew how wide the characters are.
    """
    sequels = iter(places)
    at, end = next(sequels)
    (count,) = _long(stream, at + 4)
    at += 8
    if count > (sum(last - first for first, last in places)) // 3:
        raise Broken
    if count > MOST_TEXTS:
        raise FileRejected(Reason.TOO_MANY_CELLS, limit=MOST_TEXTS)
    texts: list[str] = []
    for _ in range(count):
        if at >= end:
            at, end = next(sequels, (0, 0))
            if not end:
                raise Broken
        length, options = _word(stream, at)[0], stream[at + 2]
        at += 3
        behind = 0
        if options & 8:
            behind += 4 * _word(stream, at)[0]
            at += 2
        if options & 4:
            behind += _long(stream, at)[0]
            at += 4
        wide = options & 1
        taken = min(length, (end - at) >> wide)
        text = _characters(stream, at, taken, wide)
        at += taken << wide
        while taken < length:
            at, end = next(sequels, (0, 0))
            if not end:
                raise Broken
            wide = stream[at] & 1
            more = min(length - taken, (end - at - 1) >> wide)
            text += _characters(stream, at + 1, more, wide)
            at += 1 + (more << wide)
            taken += more
        texts.append(text)
        while behind > end - at:
            behind -= max(end - at, 0)
            at, end = next(sequels, (0, 0))
            if not end:
                raise Broken
        at += behind
    return texts


def _characters(stream: bytes, at: int, count: int, wide: int) -> str:
    return stream[at : at + 2 * count].decode("utf-16-le") if wide else stream[at : at + count].decode("latin-1")
