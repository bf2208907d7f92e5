"""From the sheets of a file to the rows of a roster: which kind it is, where the data are, what each cell says.

Pure: reads no database. Every row below a header is accounted for, as data or as skipped with the reason.
`recognize` does everything at once; for very large files `lay_out`, `rows_of` and `Cleaner` are its three steps.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from orgs.importing.codes import Code, Issue, issue
from orgs.importing.recognition.cleaning import Cleaner
from orgs.importing.recognition.placing import named, place_in_branch
from orgs.importing.recognition.rows import rows_of
from orgs.importing.recognition.sheets import Mappings, RosterRejected, Sheets, is_whole
from orgs.importing.roster import Roster
from orgs.importing.rows import RosterRow, SheetPart, UnsureColumn
from orgs.workbook import DEFAULT_LIMITS, FileRejected, Sheet, Workbook, read
from orgs.workbook.example import TEMPLATE_SHEETS, is_problem_list
from orgs.workbook.header import PEEKED, rows_below

__all__ = [
    "Cleaner",
    "DataSheet",
    "RosterFile",
    "RosterRejected",
    "lay_out",
    "place_in_branch",
    "recognize",
    "rows_of",
]


@dataclass(slots=True)
class DataSheet:
    """A sheet that holds rows; `named` is the organization that it names outside them, '' for none."""

    sheet: Sheet
    part: SheetPart
    named: str = ""

    @property
    def count(self) -> int | None:
        """How many rows stand below the header; None where they are read piece by piece and nobody knows yet."""
        rows = self.sheet.rows
        if not isinstance(rows, list):
            return None
        return len(rows) - bisect_right(rows, self.part.header.last, key=attrgetter("number"))


@dataclass(slots=True)
class RosterFile:
    """What a file holds: the roster it is, its sheets, its rows, and issues of whole sheets.

    `unsure` are columns that somebody has to explain, `layout` the hash of the titles under which the answer is kept,
    `mapping` {title key: field or ''} what was said by hand and is in force; `data` the sheets that hold rows.
    """

    roster: Roster
    sheets: list[SheetPart] = field(default_factory=list)
    rows: list[RosterRow] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    unsure: list[UnsureColumn] = field(default_factory=list)
    layout: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    data: list[DataSheet] = field(default_factory=list)


def nothing_said(kind: str, layout: str) -> Mapping[str, str]:
    """The mapping of a layout of which nobody has said anything."""
    return {}


def recognize(
    data: bytes,
    file_name: str,
    rosters: tuple[type[Roster], ...],
    kind: str = "",
    mapping: Mapping[str, str] | None = None,
    remembered: Mappings = nothing_said,
) -> RosterFile:
    """Read a file, tell which of `rosters` it is (`kind` empty: any of them), and clean its cells.

    `mapping` {title key: field, or '' for a column to be left out} is what a clerk says of the columns and wins over
    the known titles; without it `remembered(kind, layout)` is asked for what was said of such a file before.
    RosterRejected for errors of the whole file: unreadable, unrecognized, of another kind than asked for.
    """
    try:
        workbook = read(data, file_name, DEFAULT_LIMITS)
    except FileRejected as rejected:
        raise RosterRejected(Code(rejected.code), rejected.message) from rejected
    found = lay_out(workbook, rosters, kind, mapping, remembered)
    for each in found.data:
        found.rows.extend(rows_of(each.sheet, each.part, found.roster, each.named))
    Cleaner(found.roster).clean(found.rows)
    if all(row.skipped for row in found.rows):
        raise RosterRejected(Code.FILE_EMPTY, Code.FILE_EMPTY.message())
    return found


def lay_out(
    workbook: Workbook,
    rosters: tuple[type[Roster], ...],
    kind: str = "",
    mapping: Mapping[str, str] | None = None,
    remembered: Mappings = nothing_said,
) -> RosterFile:
    """Everything about a file but its rows: looks at the first rows of each sheet only. As `recognize` otherwise."""
    sheets = Sheets(workbook, rosters, mapping, remembered)
    chosen = sheets.choose(kind)
    found = RosterFile(chosen(), layout=sheets.layout, mapping=dict(sheets.mappings[chosen]))
    for sheet, head in zip(workbook.sheets, sheets.sheets, strict=True):
        reason = sheets.why_skipped(head, chosen)
        part = SheetPart(sheet.title, None if sheet.hidden else sheets.header(head, chosen), reason)
        found.sheets.append(part)
        if reason:
            if head.rows and sheet.title not in TEMPLATE_SHEETS and not is_problem_list(head):
                found.issues.append(issue(Code.SHEET_SKIPPED, sheet=sheet.title, words={"reason": reason}))
            continue
        if sheet.stopped_after is not None:
            reason = f"第{sheet.stopped_after}行之后有大段空行，空行以下的内容没有读取"
            found.issues.append(issue(Code.SHEET_SKIPPED, sheet=sheet.title, words={"reason": reason}))
        place = named(head, part.header, chosen)
        found.issues.extend(place.issues)
        found.issues.extend(_repeated_columns(head, part))
        found.data.append(DataSheet(head if is_whole(head) else sheet, part, place.name))
        found.unsure.extend(sheets.unsure(head, chosen))
    return found


def _repeated_columns(sheet: Sheet, part: SheetPart) -> Iterator[Issue]:
    """Columns that give once more what an earlier one gives; only the first is read."""
    header = part.header
    first = dict.fromkeys(header.duplicates, False)
    for row in islice(rows_below(sheet, header.last), PEEKED):
        for column in first:
            first[column] = first[column] or row.cells[column - 1] is not None
    for column, has_data in first.items():
        if has_data:
            title = header.titles[column]
            message = (
                f"工作表「{sheet.title}」第{column}列「{title}」与前面的列重复，没有导入；前面的列不对的，请删去它。"
            )
            yield Issue(sheet.title, None, column, title, "", Code.SHEET_SKIPPED, Code.SHEET_SKIPPED.severity, message)
