"""The sheet 「问题清单」: every problem of the file in one table, each with a link to its cell.

It stands in front of the clerk's own sheets and is open when the file is opened. Its texts are texts: what a cell
of the file begins with never makes a formula here. An import of the marked file leaves the sheet out by its mark.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from orgs.enums import Severity
from orgs.importing.codes import Issue
from orgs.importing.marked import advice
from orgs.importing.marked.copies import TEXT_FORMAT, Copy, put_text
from orgs.importing.marked.marks import FILLS
from orgs.workbook.example import PROBLEM_MARK, PROBLEMS

TITLES = ("工作表", "行", "列", "列名", "内容", "问题", "怎么改", "程度")
WIDTHS = (16, 7, 6, 18, 24, 52, 52, 8)
HEADER = 4
WHOLE_ROW, WHOLE_FILE = "整行", "整表"
LINK = Font(color="FF0563C1", underline="single")
THIN = Border(*[Side("thin", color="FFD9D9D9")] * 4)
WRAPPED = Alignment(vertical="top", wrap_text=True)
PLAIN = Alignment(vertical="top")
HOW = (
    "红色单元格为错误，须改正才能导入；黄色为提醒，可以导入，请核对。点击行号跳到该单元格。"
    "改好后保存并直接上传本文件即可，颜色、批注和本表都不影响导入。"
)
PERSONAL = "本文件含完整的个人信息，仅限经办人改正名册使用，请勿转发。"


def add(file: Copy, issues: Sequence[Issue], addresses: Mapping, order: Sequence[str], more: int = 0) -> None:
    """Put the sheet in front and make it the one that is open.

    `addresses` {(sheet, row, column): address in this workbook}; `order` the sheets of the file; `more` problems
    beyond `issues` are only counted.
    """
    sheet = file.book.create_sheet(PROBLEMS, 0)
    _heading(sheet, file, issues, more)
    listed = sorted(issues, key=lambda each: _place(each, order))
    styles = _styles(sheet)
    for number, each in enumerate(listed, start=HEADER + 1):
        _line(sheet, number, each, file, addresses.get((each.sheet, each.row, each.column)), styles)
    for number, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"A{HEADER + 1}"
    sheet.auto_filter.ref = f"A{HEADER}:{get_column_letter(len(TITLES))}{HEADER + max(len(listed), 1)}"
    sheet.sheet_properties.tabColor = "FFC00000"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight = True, 0
    sheet.print_title_rows = f"{HEADER}:{HEADER}"
    file.book.active = 0
    for other in file.book.worksheets:
        # Two sheets selected at once would be written to at once.
        other.sheet_view.tabSelected = other is sheet


def remove(file: Copy) -> None:
    """Take away the list of an earlier copy."""
    for title, sheet in list(file.sheets.items()):
        if str(sheet["A1"].value or "").strip() == PROBLEM_MARK:
            file.book.remove(sheet)
            del file.sheets[title]


def _place(issue: Issue, order: Sequence[str]) -> tuple[bool, int, int, int]:
    """What is to be mended in the order of the sheets; behind it what only tells how a cell was read."""
    sheet = order.index(issue.sheet) if issue.sheet in order else -1
    return issue.severity == Severity.INFO, sheet, issue.row or 0, issue.column or 0


def _heading(sheet: Worksheet, file: Copy, issues: Sequence[Issue], more: int) -> None:
    numbers = Counter(each.severity for each in issues)
    said = "，".join(f"{each.label} {numbers[each]} 处" for each in Severity if numbers[each])
    notes = [f"共 {len(issues)} 处：{said}。{HOW}"]
    if more:
        notes.append(f"问题过多，本表只列出前 {len(issues)} 处，其余 {more} 处改正后重新上传即可看到。")
    for row, text in enumerate((PROBLEM_MARK, "".join([*notes, *file.notes]), PERSONAL), start=1):
        put_text(sheet.cell(row, 1), text)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(TITLES))
        sheet.cell(row, 1).alignment = Alignment(vertical="center", wrap_text=True)
    sheet["A1"].font = Font(bold=True, size=14)
    sheet.row_dimensions[1].height, sheet.row_dimensions[2].height = 26, 48
    for column, title in enumerate(TITLES, start=1):
        cell = sheet.cell(HEADER, column)
        put_text(cell, title)
        cell.font, cell.border = Font(bold=True), THIN
        cell.fill = PatternFill("solid", fgColor="FFF2F2F2")
        cell.alignment = Alignment(horizontal="center", vertical="center")


def _styles(sheet: Worksheet) -> dict[int | str, StyleArray]:
    """The look of a line's cells by column, of a link, and of the last column by severity.

    Made once on cells that are overwritten later: working out each cell's look anew takes ten times as long as writing.
    """
    looks: dict[int | str, tuple[Font | None, PatternFill | None]] = dict.fromkeys(range(1, 9), (None, None))
    looks["link"] = (LINK, None)
    looks |= {severity: (None, fill) for severity, fill in FILLS.items()}
    styles = {}
    cell = sheet.cell(HEADER, 1)
    header = copy(cell._style)
    for name, (font, fill) in looks.items():
        cell._style = StyleArray()
        cell.border, cell.alignment = THIN, WRAPPED if name in (5, 6, 7) else PLAIN
        if name not in (2, "link"):
            cell.number_format = TEXT_FORMAT
        if font:
            cell.font = font
        if fill:
            cell.fill = fill
        styles[name] = copy(cell._style)
    cell._style = header
    return styles


def _line(sheet: Worksheet, number: int, issue: Issue, file: Copy, address: str | None, styles: dict) -> None:
    problem, mending = advice.split(issue.message, is_info=issue.severity == Severity.INFO)
    where = issue.header or (WHOLE_FILE if issue.row is None else WHOLE_ROW)
    letter = get_column_letter(issue.column) if issue.column else ""
    texts: Iterable = (issue.sheet, issue.row, letter, where, issue.value, problem, mending, issue.severity.label)
    for column, text in enumerate(texts, start=1):
        cell = sheet.cell(number, column)
        if isinstance(text, int):
            cell.value = text
        elif text:
            put_text(cell, text)
        cell._style = styles[column]
    if issue.severity in styles:
        cell._style = styles[issue.severity]
    if address:
        title = file.sheets[issue.sheet].title.replace("'", "''")
        cell = sheet.cell(number, 2)
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!{address}")
        cell._style = styles["link"]
