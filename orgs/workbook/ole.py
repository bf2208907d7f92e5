"""The old compound container (D0CF11E0): the names of its streams tell a workbook, a Word file and a password apart."""

import struct

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END = 0xFFFFFFFA  # from here on a sector number is a mark, not a place
ENTRY = 128
MOST_SECTORS = 50_000


def streams(data: bytes) -> frozenset[str]:
    """The names of all streams and storages; empty when the container is too damaged to be followed."""
    try:
        return frozenset(_names(data))
    except (struct.error, IndexError, ValueError):
        return frozenset()


def _names(data: bytes) -> list[str]:
    (shift,) = struct.unpack_from("<H", data, 30)
    if shift not in (9, 12):
        raise ValueError
    size = 1 << shift
    (sector,) = struct.unpack_from("<I", data, 48)
    table = _allocation(data, size)
    names = []
    for _ in range(MOST_SECTORS):
        if sector >= END:
            break
        start = (sector + 1) * size
        for offset in range(start, start + size, ENTRY):
            (length,) = struct.unpack_from("<H", data, offset + 64)
            if 2 <= length <= 64:
                names.append(data[offset : offset + length - 2].decode("utf-16-le", "replace"))
        sector = table[sector]
    return names


def _allocation(data: bytes, size: int) -> list[int]:
    """The chain of sectors, from the sectors that the header lists (enough for files up to 7 MB) and their sequel."""
    listed = [sector for sector in struct.unpack_from("<109I", data, 76) if sector < END]
    sequel, per_sector = struct.unpack_from("<I", data, 68)[0], size // 4
    for _ in range(MOST_SECTORS):
        if sequel >= END:
            break
        numbers = struct.unpack_from(f"<{per_sector}I", data, (sequel + 1) * size)
        listed.extend(sector for sector in numbers[:-1] if sector < END)
        sequel = numbers[-1]
    table: list[int] = []
    for sector in listed[:MOST_SECTORS]:
        table.extend(struct.unpack_from(f"<{per_sector}I", data, (sector + 1) * size))
    return table
