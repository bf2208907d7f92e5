"""The shape every reader returns, whatever the file was."""

import enum
from dataclasses import dataclass, field
from typing import NamedTuple

from .cells import Cell


class Format(enum.StrEnum):
    """What a file is, by its bytes."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"
    TSV = "tsv"


class Row(NamedTuple):
    """One row that holds something: its number in the sheet (from 1) and exactly `Sheet.width` cells."""

    number: int
    cells: list[Cell]


@dataclass(slots=True)
class Sheet:
    """One sheet. Rows without any content are left out; `number` tells where they were.

    `stopped_after` is the last row read when a long run of empty rows ended the reading although
    the file goes on below; None when everything was read.
    """

    title: str
    hidden: bool = False
    width: int = 0
    rows: list[Row] = field(default_factory=list)
    stopped_after: int | None = None


@dataclass(slots=True)
class Workbook:
    """All sheets of a file in its order; a text file is one sheet."""

    format: Format
    sheets: list[Sheet]
