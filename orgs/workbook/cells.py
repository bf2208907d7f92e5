"""What a cell can hold.

For speed a cell is a plain Python value: None (blank, or only white space), str, int, float, bool,
datetime.date, datetime.datetime, datetime.time, datetime.timedelta – or one of the markers below.
A number typed as a number is never a str, so an ID number that Excel has rounded stays visible as such.
"""

import datetime
from dataclasses import dataclass

ERROR_TEXTS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"})
"""What a spreadsheet shows in place of a value that it could not work out; a CSV carries them as text."""


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that shows an error such as #N/A instead of a value."""

    text: str


@dataclass(frozen=True, slots=True)
class NoValue:
    """A cell with a formula whose result was never stored in the file."""


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A date cell whose format shows year and month only: typed as 2021年3月, stored by Excel as the first."""

    year: int
    month: int


Cell = (
    None
    | str
    | int
    | float
    | bool
    | datetime.date
    | datetime.datetime
    | datetime.time
    | datetime.timedelta
    | CellError
    | NoValue
    | MonthCell
)


def shown(cell: Cell) -> str:
    """The cell as the clerk sees it in the sheet, for messages; '' for a blank one."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, MonthCell):
        return f"{cell.year}-{cell.month:02d}"
    if isinstance(cell, CellError):
        return cell.text
    if isinstance(cell, NoValue):
        return ""
    if isinstance(cell, datetime.datetime):
        return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(cell, datetime.date):
        return cell.isoformat()
    return str(cell)
