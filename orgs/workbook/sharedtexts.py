"""The table of texts of an .xlsx in little memory, and how a text is written in XML."""

import re
from array import array
from xml.sax.saxutils import unescape

from .cells import Cell
from .package import DOCTYPE, Package
from .rejection import FileRejected, Reason
from .rows import clean_text

PART = "xl/sharedStrings.xml"
LONGEST_TAIL = 4 * 1024 * 1024  # a text holds at most 32,767 characters, with all its fonts around it
MORE_RUNS = 300_000  # pieces of text in different fonts or of pinyin, beside one for each text
KEPT = 50_000  # texts that are kept ready: names of branches, 汉族, 正式党员 stand in every row

# No pattern looks beyond the next tag of its own kind: a flood of tags without an end costs no more than its length.
ITEM = re.compile(rb"<si(?: [^<>]*)?(?:/>|>(?:<t([^<>/]*)>([^<]*)</t>)?((?:[^<]|<(?!/?si[ />]))*+)</si>)")
PINYIN = re.compile(rb"<rPh\b(?:[^<]|<(?!/?rPh\b))*+</rPh>")
RUN = re.compile(rb"<t(?:/|([^<>/]*)>([^<]*)</t)>")
NUMERIC = re.compile(r"&#(x[0-9A-Fa-f]{1,6}|[0-9]{1,7});")
HIDDEN_CHARACTER = re.compile(r"_x([0-9A-Fa-f]{4})_")
NAMED = {"&quot;": '"', "&apos;": "'"}


class Unusual(Exception):
    """The XML is written in a way that the quick readers do not know; nothing is wrong with it."""


class SharedTexts(dict):
    """Number of a text, in digits as it stands in a cell → the cell: None for a blank one.

    All texts are held as bytes; the dictionary keeps some of them ready. IndexError or ValueError without such a text.

    Unusual when the table has elements under a prefix. FileRejected when it has a document type, no end, more than
    `most` texts or far more pieces of them.
    """

    def __init__(self, package: Package, most: int):
        self._most, self._runs = most, 0
        self._ends = array("Q")
        content: list[bytes] = []
        if package.has(PART):
            self._read(package, content)
        self._bytes = b"".join(content)

    def __missing__(self, number: bytes) -> Cell:
        place = int(number)
        if place < 0:
            raise IndexError
        start = self._ends[place - 1] if place else 0
        cell = clean_text(self._bytes[start : self._ends[place]].decode())
        if len(self) < KEPT:
            self[number] = cell
        return cell

    def _read(self, package: Package, content: list[bytes]) -> None:
        tail, total, head = b"", 0, True
        for chunk in package.plain_chunks(PART):
            chunk = tail + chunk
            if head:
                if b"<sst" not in chunk[:4096]:
                    raise Unusual
                head = False
            if b"DOCTYPE" in chunk and DOCTYPE.search(chunk):
                raise FileRejected(Reason.ENTITIES)
            cut = chunk.rfind(b"</si>") + 5
            if cut < 5:
                if len(chunk) > LONGEST_TAIL:
                    raise FileRejected(Reason.DAMAGED)
                tail = chunk
                continue
            tail = chunk[cut:]
            piece = chunk[:cut]
            count = piece.count(b"<si>") + piece.count(b"<si/>") + piece.count(b"<si ")
            self._runs += max(piece.count(b"<t>") + piece.count(b"<t ") - count, 0)
            if len(self._ends) + count > self._most or self._runs > MORE_RUNS:
                raise FileRejected(Reason.BOMB)
            items = ITEM.findall(piece)
            if len(items) != count:
                raise Unusual
            made = []
            for attributes, text, rest in items:
                if rest:
                    runs = ([(attributes, text)] if text else []) + RUN.findall(PINYIN.sub(b"", rest))
                    text = "".join(text_of(run, marks) for marks, run in runs).encode("utf-8", "replace")
                elif b"&" in text or b"_x" in text or b"\r" in text or text[:1].isspace() or text[-1:].isspace():
                    text = text_of(text, attributes).encode("utf-8", "replace")
                total += len(text)
                self._ends.append(total)
                made.append(text)
            content.append(b"".join(made))
        if tail.strip() != b"</sst>" and not tail.rstrip().endswith((b"</sst>", b"/>")):
            raise FileRejected(Reason.DAMAGED)
        if tail.count(b"<si"):
            raise Unusual


def text_of(content: bytes, attributes: bytes = b"preserve") -> str:
    """The text inside a <t>: white space around it counts only where the attributes say so."""
    text = content.decode("utf-8", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if b"preserve" not in attributes:
        text = text.strip(" \t\r\n")
    if "&" in text:
        text = unescaped(text)
    return HIDDEN_CHARACTER.sub(_hidden, text) if "_x" in text else text


def unescaped(text: str) -> str:
    """Without the escapes of XML; one that XML does not know stays as it is."""
    return unescape(NUMERIC.sub(_numbered, text), NAMED)


def _numbered(found: re.Match[str]) -> str:
    number = int(found[1][1:], 16) if found[1][0] == "x" else int(found[1])
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else found[0]


def _hidden(found: re.Match[str]) -> str:
    number = int(found[1], 16)
    return found[0] if 0xD800 <= number < 0xE000 else chr(number)
