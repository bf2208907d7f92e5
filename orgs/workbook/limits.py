"""How much of a file is read before it is refused."""

from dataclasses import dataclass

MB = 1024 * 1024
LONGEST_TEXT = 32_767
"""Characters of a cell, as in any spreadsheet."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds, each checked before the work that it bounds.

    `upload` bytes of the file; `entries`, `unpacked` bytes and `ratio` of a zip's directory;
    `strings` bytes of its table of texts; `sheets` with or without content; `rows`, `columns` of a sheet; `cells`
    with content in the whole file; `area` rows by columns of a sheet, the blank ones among them included; `merges` of
    a file; `empty_run` blank rows that end a sheet.
    """

    upload: int = 20 * MB
    entries: int = 5_000
    unpacked: int = 200 * MB
    strings: int = 64 * MB
    ratio: int = 100
    sheets: int = 500
    rows: int = 200_000
    columns: int = 256
    cells: int = 2_000_000
    area: int = 4_000_000
    merges: int = 100_000
    empty_run: int = 200


DEFAULT_LIMITS = Limits()
