"""From the sheets of a file to the rows of a roster: which kind it is, where the data are, what each cell says.

Pure: reads no database. Every row below the header is accounted for, as data or as skipped with the reason.
"""

from dataclasses import dataclass, field

from orgs.importing.codes import Code, Issue, issue
from orgs.importing.roster import Roster
from orgs.importing.rows import RosterRow, SheetPart
from orgs.workbook import DEFAULT_LIMITS, FileRejected, Header, Sheet, Workbook, find_header, is_example, read, shown
from orgs.workbook.example import TEMPLATE_SHEETS, is_problem_list

SUMS = frozenset({"小计", "合计", "总计", "共计"})
LEAST_FIELDS = 2


class RosterRejected(Exception):
    """The file as a whole is no roster that can be imported; `code` and `message` say why."""

    def __init__(self, code: Code, message: str):
        self.code, self.message = code, message
        super().__init__(message)


@dataclass(slots=True)
class RosterFile:
    """What a file holds: the roster it is, its sheets, its rows, and issues of whole sheets."""

    roster: Roster
    sheets: list[SheetPart] = field(default_factory=list)
    rows: list[RosterRow] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def recognize(data: bytes, file_name: str, rosters: tuple[type[Roster], ...], kind: str = "") -> RosterFile:
    """Read a file, tell which of `rosters` it is (`kind` empty: any of them), and clean its cells.

    RosterRejected for errors of the whole file: unreadable, unrecognized, of another kind than asked for.
    """
    try:
        workbook = read(data, file_name, DEFAULT_LIMITS)
    except FileRejected as rejected:
        raise RosterRejected(Code(rejected.code), rejected.message) from rejected
    chosen = _choose(workbook, rosters, kind)
    found = RosterFile(chosen())
    synonyms = chosen.synonyms()
    for sheet in workbook.sheets:
        header = None if sheet.hidden else find_header(sheet, synonyms)
        reason = _why_skipped(sheet, header, chosen)
        part = SheetPart(sheet.title, header, reason)
        found.sheets.append(part)
        if reason:
            if sheet.rows and sheet.title not in TEMPLATE_SHEETS:
                found.issues.append(issue(Code.SHEET_SKIPPED, sheet=sheet.title, words={"reason": reason}))
            continue
        if sheet.stopped_after is not None:
            reason = f"第{sheet.stopped_after}行之后有大段空行，空行以下的内容没有读取"
            found.issues.append(issue(Code.SHEET_SKIPPED, sheet=sheet.title, words={"reason": reason}))
        found.rows.extend(_rows(sheet, part))
    _clean(found)
    if not any(not row.skipped for row in found.rows):
        raise RosterRejected(Code.FILE_EMPTY, Code.FILE_EMPTY.message())
    return found


def _fits(header: Header | None, roster: type[Roster]) -> bool:
    return header is not None and all(group & header.columns.keys() for group in roster.needed)


def _choose(workbook: Workbook, rosters: tuple[type[Roster], ...], kind: str) -> type[Roster]:
    """The roster whose titles a sheet of the file knows best, among those whose needed columns are there."""
    sheets = [sheet for sheet in workbook.sheets if not sheet.hidden] or workbook.sheets
    hits: dict[type[Roster], int] = {}
    nearest: tuple[int, Sheet, Header, type[Roster]] | None = None
    for roster in rosters:
        synonyms = roster.synonyms()
        for sheet in sheets:
            header = find_header(sheet, synonyms)
            if _fits(header, roster):
                hits[roster] = max(hits.get(roster, 0), len(header.columns))
            elif header and roster.roster_kind == kind and (nearest is None or len(header.columns) > nearest[0]):
                nearest = len(header.columns), sheet, header, roster
    asked = [roster for roster in rosters if roster.roster_kind == kind]
    if asked and asked[0] in hits:
        return asked[0]
    if hits:
        best = max(hits, key=hits.__getitem__)
        if not asked:
            return best
        message = Code.WRONG_KIND.message(found=best.roster_kind.label, expected=asked[0].roster_kind.label)
        raise RosterRejected(Code.WRONG_KIND, message)
    if nearest is not None:
        _, sheet, header, roster = nearest
        lacking = "、".join(_lacking(header, roster))
        message = f"工作表「{sheet.title}」的表头中缺少必需的列：{lacking}。请对照模板补上后重新上传。"
        raise RosterRejected(Code.SHEET_UNRECOGNISED, message)
    raise RosterRejected(Code.SHEET_UNRECOGNISED, Code.SHEET_UNRECOGNISED.message(sheet=sheets[0].title))


def _lacking(header: Header, roster: type[Roster]) -> list[str]:
    return [
        "或".join(column.column_name for name, column in roster.fields.items() if name in group)
        for group in roster.needed
        if not group & header.columns.keys()
    ]


def _why_skipped(sheet: Sheet, header: Header | None, roster: type[Roster]) -> str:
    if is_problem_list(sheet):
        return "系统生成的问题清单"
    if sheet.hidden:
        return "工作表是隐藏的"
    if not sheet.rows:
        return "工作表是空的"
    return "" if _fits(header, roster) else f"没有找到「{roster.roster_kind.label}」的表头"


def _rows(sheet: Sheet, part: SheetPart):
    header = part.header
    columns = [column - 1 for column in header.columns.values()]
    titles = {column - 1: title for column, title in header.titles.items()}
    for row in sheet.rows:
        if row.number <= header.last:
            continue
        cells = row.cells
        made = RosterRow(part, row.number, cells)
        if is_example(cells):
            made.skipped = "模板中的示例行"
        elif isinstance(first := next(filter(None, cells), None), str) and "".join(first.split()) in SUMS:
            made.skipped = "合计行"
        elif sum(cells[column] is not None for column in columns) < LEAST_FIELDS:
            made.skipped = "有内容的列不足两项，不是名册数据"
        elif all(shown(cells[column]).strip() == title for column, title in titles.items()):
            made.skipped = "重复的表头"
        yield made


def _clean(found: RosterFile) -> None:
    """Clean the cells column by column: the work of a column is the same for all its rows."""
    for part in found.sheets:
        if part.skipped:
            continue
        rows = [row for row in found.rows if row.sheet is part and not row.skipped]
        for name, column in part.header.columns.items():
            clean = found.roster.fields[name].widget.clean
            for row in rows:
                value, problems = clean(row.cells[column - 1])
                if value is not None:
                    row.values[name] = value
                for problem in problems:
                    row.report(problem.code, name, **problem.words)
