"""The shape every reader returns, whatever the file was."""

import enum
from dataclasses import dataclass, field
from typing import NamedTuple

from .cells import Cell


class Format(enum.StrEnum):
    """What a file is, by its bytes."""

    XLSX = "xlsx"
    XLS = "xls"
    HTML = "html"
    XML2003 = "xml2003"
    CSV = "csv"
    TSV = "tsv"


class Row(NamedTuple):
    """One row that holds something: its number in the sheet (from 1) and exactly `Sheet.width` cells."""

    number: int
    cells: list[Cell]


class Merge(NamedTuple):
    """A block of merged cells, rows and columns from 1, both ends included; the first cell holds the content."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(slots=True)
class Sheet:
    """One sheet. Rows without any content are left out; `number` tells where they were.

    `stopped_after` is the last row read when a long run of empty rows ended the reading although
    the file goes on below; None when everything was read. `merges` in the order of their first cells, only
    such of more than one cell and not below the last row with content; their other cells stay None.
    `hidden_rows` numbers of rows that are hidden in the file; they are in `rows` like any other.
    """

    title: str
    hidden: bool = False
    width: int = 0
    rows: list[Row] = field(default_factory=list)
    stopped_after: int | None = None
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()


@dataclass(slots=True)
class Workbook:
    """All sheets of a file in its order; a text file is one sheet."""

    format: Format
    sheets: list[Sheet]
