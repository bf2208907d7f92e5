"""Marks in the clerk's own sheets: a wrong cell is colored by its worst problem and has the sentences as a comment."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from orgs.enums import Severity
from orgs.importing.codes import Issue
from orgs.importing.marked.copies import Copy

AUTHOR = "换届台账"
OWN_NOTE = "\n—— 原有批注 ——\n"
# What the clerk must mend and what is worth a look; how a cell was read (info) is only listed.
COLORS = {Severity.ERROR: "FFFFC7CE", Severity.WARNING: "FFFFEB9C"}
FILLS = {severity: PatternFill("solid", fgColor=color) for severity, color in COLORS.items()}

MOST_SENTENCES = 8  # of one comment
MOST_COMMENTS = 20_000  # of a workbook; the cells beyond are only colored and listed
WIDTH, LINE, MARGIN, CHARACTERS = 300, 18, 12, 44  # pixels of a comment, and half-width characters of its line
SEARCHED = 30  # columns in which a row's first cell is looked for


def mark(copy: Copy, issues: Iterable[Issue]) -> dict[tuple[str, int, int | None], str]:
    """Color and comment every wrong cell; {(sheet, row, column) of the file: address here, such as D5}."""
    places: dict[tuple[str, int, int | None], Cell] = {}
    found: dict[Cell, list[Issue]] = defaultdict(list)
    starts = {title: _starts(sheet) for title, sheet in copy.sheets.items()}
    for each in issues:
        key = each.sheet, each.row, each.column
        if key not in places:
            row = copy.row_here(each.sheet, each.row) if each.row else None
            if row is None:
                continue
            places[key] = _cell(copy.sheets[each.sheet], starts[each.sheet], row, each.column)
        if each.severity in FILLS:
            found[places[key]].append(each)
    for number, (cell, own) in enumerate(found.items()):
        worst = Severity.ERROR if any(each.severity == Severity.ERROR for each in own) else Severity.WARNING
        cell.fill = FILLS[worst]
        if number < MOST_COMMENTS:
            cell.comment = _comment(own, cell.comment)
    return {key: cell.coordinate for key, cell in places.items()}


def clear(copy: Copy) -> None:
    """Take away the marks of an earlier copy that the clerk has mended and uploaded again; own notes stay."""
    for sheet in copy.sheets.values():
        # Only cells that exist: a walk over rows and columns would make those between a stray cell and the table.
        for cell in list(sheet._cells.values()):
            if isinstance(cell, MergedCell) or cell.comment is None:
                continue
            text, author = cell.comment.text, cell.comment.author
            if author == AUTHOR:
                _, _, text = text.partition(OWN_NOTE)
                author = ""
                if cell.fill.fgColor.rgb in COLORS.values():
                    cell.fill = PatternFill()
            # Made anew in any case: openpyxl forgets how large a comment was.
            cell.comment = _sized(text, author) if text else None


def _starts(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """{(row, column): (row, column) of the first cell of the merged range it lies in}."""
    return {
        (row, column): (merged.min_row, merged.min_col)
        for merged in sheet.merged_cells.ranges
        for row in range(merged.min_row, merged.max_row + 1)
        for column in range(merged.min_col, merged.max_col + 1)
    }


def _cell(sheet: Worksheet, starts: dict, row: int, column: int | None) -> Cell:
    """The cell that carries the marks: of a merged range its first one, of a row its first one with a content."""
    if column is None:
        for number in range(1, SEARCHED + 1):
            if (row, number) not in starts and sheet.cell(row, number).value is not None:
                return sheet.cell(row, number)
        column = 1
    return sheet.cell(*starts.get((row, column), (row, column)))


def _comment(issues: list[Issue], former: Comment | None) -> Comment:
    """All sentences of a cell in one comment that is large enough to be read; the clerk's own note stays below."""
    sentences = list(dict.fromkeys(f"【{each.severity.label}】{each.message}" for each in issues))
    if len(sentences) > MOST_SENTENCES:
        more = len(sentences) - MOST_SENTENCES
        sentences[MOST_SENTENCES:] = [f"另有 {more} 处问题，见「问题清单」。"]
    text = "\n".join(sentences)
    if former is not None and former.text:
        text += OWN_NOTE + former.text
    return _sized(text, AUTHOR)


def _sized(text: str, author: str) -> Comment:
    lines = sum(-(-_width(line) // CHARACTERS) or 1 for line in text.split("\n"))
    return Comment(text, author, width=WIDTH, height=lines * LINE + MARGIN)


def _width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WFA" else 1 for each in line)
