"""The old compound container (D0CF11E0) of .xls, .et, .doc and of everything with a password: its top-level streams.

Bounded by construction: a chain of sectors is never followed farther than the file has sectors, an entry of the
directory never visited twice.
"""

import struct
from dataclasses import dataclass

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END = 0xFFFFFFFA  # from here on a sector number is a mark, not a place
NOBODY = 0xFFFFFFFF
ENTRY = 128
MINI_SECTOR = 64
MOST_ENTRIES = 20_000


class Damaged(Exception):
    """The container cannot be followed. `cut_off`: because it ends too early."""

    def __init__(self, cut_off: bool = False):
        self.cut_off = cut_off
        super().__init__("container")


@dataclass(frozen=True, slots=True)
class Entry:
    """A stream or storage: where it begins, its size in bytes, and its neighbours in the directory's tree."""

    name: str
    start: int
    size: int
    left: int
    right: int
    child: int


class Container:
    """The streams and storages at the top of a compound file, by name in lower case. Damaged when it has no shape."""

    def __init__(self, data: bytes):
        self._data = data
        try:
            self._open()
        except struct.error as error:
            raise Damaged(cut_off=True) from error

    @property
    def names(self) -> frozenset[str]:
        """Names of the top-level streams and storages, in lower case."""
        return frozenset(self._top)

    def stream(self, name: str) -> bytes:
        """The bytes of a top-level stream. Damaged when its chain of sectors is broken or runs in a circle."""
        entry = self._top[name]
        if entry.size < self._cutoff:
            content = self._chain(self._mini, self._mini_table, MINI_SECTOR, 0, entry.start)
        else:
            content = self._sectors(entry.start)
        if len(content) < entry.size:
            raise Damaged(cut_off=True)
        return content[: entry.size]

    def _open(self) -> None:
        data = self._data
        shift, _ = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12):
            raise Damaged
        self._size = 1 << shift
        directory, self._cutoff, mini_table = struct.unpack_from("<I4xII", data, 48)
        self._table = self._allocation()
        entries = self._entries(self._sectors(directory))
        if not entries or entries[0] is None:
            raise Damaged
        root = entries[0]
        self._top = self._children(entries, root.child)
        self._mini = self._sectors(root.start) if root.size else b""
        table = self._sectors(mini_table) if mini_table < END else b""
        self._mini_table = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])

    def _sectors(self, start: int) -> bytes:
        return self._chain(self._data, self._table, self._size, self._size, start)

    def _chain(self, source: bytes, table, size: int, offset: int, sector: int) -> bytes:
        """The sectors from `sector` on, joined; sector 0 begins at `offset` of the source."""
        pieces = []
        for _ in range(len(source) // size + 1):
            if sector >= END:
                return b"".join(pieces)
            begin = offset + sector * size
            if begin >= len(source) or sector >= len(table):
                raise Damaged(cut_off=True)
            pieces.append(source[begin : begin + size])
            sector = table[sector]
        raise Damaged  # more sectors than there are: a circle

    def _allocation(self) -> tuple[int, ...]:
        """The table of chains, from the sectors that the header lists and their sequel."""
        data, size, per_sector = self._data, self._size, self._size // 4
        listed = [sector for sector in struct.unpack_from("<109I", data, 76) if sector < END]
        (sequel,) = struct.unpack_from("<I", data, 68)
        most = len(data) // size + 1
        for _ in range(most):
            if sequel >= END:
                break
            numbers = struct.unpack_from(f"<{per_sector}I", data, (sequel + 1) * size)
            listed.extend(sector for sector in numbers[:-1] if sector < END)
            sequel = numbers[-1]
        if len(listed) > most:
            raise Damaged
        table: list[int] = []
        for sector in listed:
            table.extend(struct.unpack_from(f"<{per_sector}I", data, (sector + 1) * size))
        return tuple(table)

    def _entries(self, directory: bytes) -> list[Entry | None]:
        entries: list[Entry | None] = []
        for offset in range(0, min(len(directory), MOST_ENTRIES * ENTRY) - ENTRY + 1, ENTRY):
            length, kind, left, right, child = struct.unpack_from("<HBxIII", directory, offset + 64)
            start, size = struct.unpack_from("<II", directory, offset + 116)
            if kind and 2 <= length <= 64:
                name = directory[offset : offset + length - 2].decode("utf-16-le", "replace")
                entries.append(Entry(name.casefold(), start, size, left, right, child))
            else:
                entries.append(None)
        return entries

    def _children(self, entries: list[Entry | None], first: int) -> dict[str, Entry]:
        """The entries directly under the root: streams of the same name deeper down belong to embedded objects."""
        found: dict[str, Entry] = {}
        seen, waiting = set(), [first]
        while waiting:
            number = waiting.pop()
            if number == NOBODY or number in seen or number >= len(entries):
                continue
            seen.add(number)
            if entry := entries[number]:
                found[entry.name] = entry
                waiting += (entry.left, entry.right)
        return found
