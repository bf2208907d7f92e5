"""Where the table begins: the row with the column titles, and which column is which field."""

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .cells import shown
from .sheets import Row, Sheet

SEARCHED = 15  # rows; titles, 填报单位 and notes stand above the header
LEAST_HITS = 2  # one known word alone may stand in any title

# White space, marks for required columns, and the invisible characters that copying from web pages leaves behind.
DROPPED = re.compile(r"[\s*※\u200b-\u200f\u2060\ufeff\u00ad]+")
NOTE = re.compile(r"^(.+?)\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Header:
    """The column titles that were found. Columns count from 1.

    `first` and `last` row of the header (the same for a header of one row); `columns` field → column;
    `titles` column → title as it stands in the sheet; `unknown` columns whose title is no known word;
    `duplicates` columns that repeat a field which an earlier column already gives.
    """

    first: int
    last: int
    columns: dict[str, int] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    unknown: tuple[int, ...] = ()
    duplicates: tuple[int, ...] = ()

    def title(self, name: str) -> str:
        """The title of a field's column as it stands in the sheet; '' when the sheet has no such column."""
        return self.titles.get(self.columns.get(name, 0), "")


@functools.lru_cache(maxsize=4096)
def title_key(title: str) -> str:
    """A column title as it is compared: NFKC, without white space, line breaks, `*` and a closing colon."""
    return DROPPED.sub("", unicodedata.normalize("NFKC", title)).rstrip(":").casefold()


def find_field(title: str, synonyms: Mapping[str, str]) -> str | None:
    """The field of a column title; a note in brackets at the end is ignored when nothing fits with it."""
    key = title_key(title)
    while key:
        if key in synonyms:
            return synonyms[key]
        note = NOTE.match(key)
        if note is None:
            return None
        key = note[1]
    return None


def find_header(sheet: Sheet, synonyms: Mapping[str, str]) -> Header | None:
    """The row among the first rows with the most known titles, the upper one when two are equal; None without any.

    `synonyms` maps titles, written as `title_key` returns them, to fields.
    """
    best = None
    for row in sheet.rows:
        if row.number > SEARCHED:
            break
        header = _read_titles([row], synonyms)
        if len(header.columns) >= LEAST_HITS and (best is None or len(header.columns) > len(best.columns)):
            best = header
    return best


def _read_titles(rows: Sequence[Row], synonyms: Mapping[str, str]) -> Header:
    """The header that these rows make. The lowest row has the titles."""
    columns: dict[str, int] = {}
    titles: dict[int, str] = {}
    unknown, duplicates = [], []
    for column, cell in enumerate(rows[-1].cells, start=1):
        title = shown(cell).strip()
        if not title:
            continue
        titles[column] = title
        name = find_field(title, synonyms)
        if name is None:
            unknown.append(column)
        elif name in columns:
            duplicates.append(column)
        else:
            columns[name] = column
    return Header(rows[0].number, rows[-1].number, columns, titles, tuple(unknown), tuple(duplicates))
