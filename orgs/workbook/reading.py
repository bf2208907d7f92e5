"""`read`: recognize a file by its bytes and hand it to the reader that fits."""

import re

from .biff import looks_like_records
from .limits import DEFAULT_LIMITS, MB, Limits
from .ole import SIGNATURE
from .rejection import FileRejected, Reason
from .sheets import Workbook
from .spreadsheetml import read_spreadsheetml
from .text import HEAD, encoding_of, read_text
from .webpage import read_page
from .xls import read_container, read_records
from .xlsx import read_xlsx

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|meta|title|link|style|script|body|div|center|form|font|span|p|table|tr|td)\b",
    re.IGNORECASE,
)
CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
XML = re.compile(r"\s*<\?xml\b", re.IGNORECASE)
BLANKS = re.compile(r"\s*")
BEFORE_ROOT = (("<!--", "-->"), ("<?", "?>"))
MOST_BEFORE_ROOT = 100_000
LONGEST_TAG = 40  # characters of the first tag of a page that have to be seen
LOOKED_AT = 4000  # characters


def read(data: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Workbook:
    """The sheets of an uploaded file. `name` only gives a text file's sheet its title; its ending is not trusted.

    FileRejected when the file is empty, too large, dangerous, damaged, locked or no table.
    """
    if len(data) > limits.upload:
        raise FileRejected(Reason.TOO_LARGE, limit=limits.upload // MB)
    if not data.strip(b"\0 \t\r\n"):
        raise FileRejected(Reason.EMPTY)
    workbook = _read(data, name, limits)
    if not any(sheet.rows for sheet in workbook.sheets):
        raise FileRejected(Reason.EMPTY)
    return workbook


def _read(data: bytes, name: str, limits: Limits) -> Workbook:
    if data.startswith(ZIP):
        return read_xlsx(data, limits)
    if data.startswith(SIGNATURE):
        return read_container(data, title_of(name), limits)
    if looks_like_records(data):
        return read_records(data, title_of(name), limits)
    if data.startswith(b"%PDF"):
        raise FileRejected(Reason.PDF)
    if data.startswith(PICTURES):
        raise FileRejected(Reason.PICTURE)
    encoding = encoding_of(data)
    kind = kind_of_text(data, encoding)
    if kind == "html":
        return read_page(data.decode(encoding), title_of(name), limits)
    if kind == "xml":
        return read_spreadsheetml(data.decode(encoding), limits)
    return read_text(data, encoding, title_of(name), limits)


def is_zip(data: bytes) -> bool:
    """Whether the file is an archive, as every .xlsx is."""
    return data.startswith(ZIP)


def is_text(data: bytes) -> bool:
    """Whether the file is separated text: no archive, container, picture, web page or XML. FileRejected as `read`."""
    if data.startswith((*ZIP, SIGNATURE, b"%PDF", *PICTURES)) or looks_like_records(data):
        return False
    return not kind_of_text(data, encoding_of(data))


def kind_of_text(data: bytes, encoding: str) -> str:
    """ "html", "xml" or "" for separated text.

    FileRejected when control characters say that it is no text at all, and for a page that ends inside a comment.
    """
    head = data[: 4 * HEAD].decode(encoding, "ignore")[:HEAD]
    if CONTROL.search(head[:LOOKED_AT]):
        raise FileRejected(Reason.UNKNOWN)
    root = _root(head)
    if root < 0 or len(head) - LONGEST_TAG < root:
        # What stands before the page is longer than any head, or its first tag is cut in two.
        head = data.decode(encoding, "ignore")
        root = _root(head)
        if root < 0:
            raise FileRejected(Reason.TRUNCATED)
    return "html" if HTML.match(head, root) else "xml" if XML.match(head) else ""


def _root(text: str) -> int:
    """Where the first tag of a text stands: comments and what else may stand before it are passed over one by one.

    -1 when one of them has no end; FileRejected when they are more than anybody writes.
    """
    place, passed = BLANKS.match(text).end(), 0
    while pair := next((pair for pair in BEFORE_ROOT if text.startswith(pair[0], place)), None):
        passed += 1
        if passed > MOST_BEFORE_ROOT:
            raise FileRejected(Reason.BOMB)
        end = text.find(pair[1], place)
        if end < 0:
            return -1
        place = BLANKS.match(text, end + len(pair[1])).end()
    return place


def title_of(name: str) -> str:
    """The file's name without folder and ending, as the title of its only sheet."""
    stem = re.split(r"[\\/]", name)[-1]
    return stem.rpartition(".")[0] or stem
