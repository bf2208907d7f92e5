"""The zip inside an .xlsx: checked by its directory before anything is unpacked, then read within bounds.

Damaged data make zipfile and the XML parser raise all sorts; `xlsx.read_xlsx` turns them into one sentence.
"""

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from .limits import MB, Limits
from .rejection import FileRejected, Reason

CHUNK = 256 * 1024
RATIO_FROM = 1 * MB  # small parts of pure repetition compress beyond any ratio and harm nobody
SMALL_PART = 8 * MB  # the list of sheets, the styles: parts that are parsed as a whole
MOST_ELEMENTS = 400_000  # of such a part: six for each of the 65,490 cell formats that a workbook can have
PREFIXED = re.compile(rb"<(\w{1,20}:)(?:worksheet|sst)[ >]")
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")

# The parts of an archive that tell what it is, first match wins.
CONTENTS = (
    ("xl/vbaproject.bin", Reason.MACRO),
    ("xl/macrosheets/", Reason.MACRO),
    ("xl/workbook.bin", Reason.BINARY_WORKBOOK),
    ("xl/workbook.xml", None),
    ("word/", Reason.WORD),
    ("ppt/", Reason.SLIDES),
    ("content.xml", Reason.OPEN_DOCUMENT),
)


class Package:
    """An .xlsx whose directory has been checked. FileRejected when it is no workbook or not harmless."""

    def __init__(self, data: bytes, limits: Limits):
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except zipfile.BadZipFile as error:
            raise FileRejected(Reason.TRUNCATED) from error
        entries = self._zip.infolist()
        self._check_directory(entries)
        self._entries = {_key(entry.filename): entry for entry in entries}
        if len(self._entries) != len(entries):  # two parts of one name: what is checked might not be what is read
            raise FileRejected(Reason.BOMB)
        self._check_contents()
        self._check_heads()

    def part(self, name: str) -> Element | None:
        """A small XML part, parsed; None when the archive has none of this name."""
        if _key(name) not in self._entries:
            return None
        if self.size(name) > SMALL_PART:
            raise FileRejected(Reason.BOMB)
        content = b"".join(self.chunks(name))
        if content.count(b"<") - content.count(b"</") > MOST_ELEMENTS:
            raise FileRejected(Reason.BOMB)
        return ElementTree.fromstring(content, forbid_dtd=True)

    def has(self, name: str) -> bool:
        """Whether there is a part of this name, compared without regard to case."""
        return _key(name) in self._entries

    def size(self, name: str) -> int:
        """The unpacked size of a part in bytes as the directory declares it; 0 when it is missing."""
        entry = self._entries.get(_key(name))
        return entry.file_size if entry else 0

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part unpacked piece by piece, never more of it than the directory declared."""
        entry = self._entries[_key(name)]
        left = entry.file_size
        with self._zip.open(entry) as stream:
            while piece := stream.read(CHUNK):
                left -= len(piece)
                if left < 0:
                    raise FileRejected(Reason.BOMB)
                yield piece

    def plain_chunks(self, name: str) -> Iterator[bytes]:
        """As `chunks`, cut in front of a tag, and without the prefix that some programs give all tags (<x:row>)."""
        opened = closed = tail = b""
        for number, chunk in enumerate(self.chunks(name)):
            if not number and (found := PREFIXED.search(chunk[:4096])):
                opened, closed = b"<" + found[1], b"</" + found[1]
            if not opened:
                yield chunk
                continue
            chunk = tail + chunk
            cut = max(chunk.rfind(b"<"), 0)
            tail = chunk[cut:]
            if len(tail) > CHUNK:
                raise FileRejected(Reason.DAMAGED)
            yield chunk[:cut].replace(opened, b"<").replace(closed, b"</")
        if tail:
            yield tail.replace(opened, b"<").replace(closed, b"</")

    def _check_directory(self, entries: list[zipfile.ZipInfo]) -> None:
        """Entries, declared sizes and ratios; a bomb is refused before a byte of it is unpacked."""
        if len(entries) > self._limits.entries:
            raise FileRejected(Reason.BOMB)
        if any(entry.flag_bits & 1 for entry in entries):
            raise FileRejected(Reason.PASSWORD)
        for entry in entries:
            if entry.file_size > RATIO_FROM and entry.file_size > self._limits.ratio * max(entry.compress_size, 1):
                raise FileRejected(Reason.BOMB)
        placed = sorted((entry.header_offset, entry.compress_size) for entry in entries)
        if any(start + size > following for (start, size), (following, _) in itertools.pairwise(placed)):
            raise FileRejected(Reason.BOMB)  # one piece of the file unpacked as many parts
        if sum(entry.file_size for entry in entries) > self._limits.unpacked:
            raise FileRejected(Reason.UNPACKED_TOO_LARGE, limit=self._limits.unpacked // MB)

    def _check_contents(self) -> None:
        """That the archive is a workbook without macros."""
        for mark, reason in CONTENTS:
            if any(name.startswith(mark) for name in self._entries):
                if reason:
                    raise FileRejected(reason)
                break
        else:
            raise FileRejected(Reason.ARCHIVE)
        if self.size("xl/sharedStrings.xml") > self._limits.strings:
            raise FileRejected(Reason.UNPACKED_TOO_LARGE, limit=self._limits.strings // MB)

    def _check_heads(self) -> None:
        """No document type in any XML part, and no encoding that would hide one."""
        for name in self._entries:
            if name.endswith((".xml", ".rels")):
                head = next(self.chunks(name), b"")[:4096]
                if DOCTYPE.search(head):
                    raise FileRejected(Reason.ENTITIES)
                if b"\0" in head[:4] or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise FileRejected(Reason.DAMAGED)


def _key(name: str) -> str:
    """A name as readers compare it: case and the slash of another system make no difference."""
    return name.replace("\\", "/").lstrip("/").casefold()
