"""Bytes of an uploaded file → sheets of cells. Knows no roster, no database and no Django.

`read` recognizes a file by its bytes, refuses what is dangerous or unreadable with one
`FileRejected`, and returns a `Workbook`; `stream` does so for very large files; `find_header` finds
the row with the column titles.
"""

from .cells import CellError, MonthCell, NoValue, shown
from .example import EXAMPLE_MARK, TEMPLATE_SHEETS, is_example
from .header import Header, find_header, title_key
from .limits import DEFAULT_LIMITS, Limits
from .reading import read
from .rejection import FileRejected, Reason
from .sheets import Format, Merge, Row, Sheet, Workbook
from .streaming import STREAM_LIMITS, stream

__all__ = [
    "DEFAULT_LIMITS",
    "EXAMPLE_MARK",
    "STREAM_LIMITS",
    "TEMPLATE_SHEETS",
    "CellError",
    "FileRejected",
    "Format",
    "Header",
    "Limits",
    "Merge",
    "MonthCell",
    "NoValue",
    "Reason",
    "Row",
    "Sheet",
    "Workbook",
    "find_header",
    "is_example",
    "read",
    "shown",
    "stream",
    "title_key",
]
