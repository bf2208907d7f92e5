"""A small roster with problems, and how a test looks at the marked copy of a file."""

import io
import re
import zipfile

import openpyxl

from orgs.importing.codes import Code, issue
from orgs.importing.marked import marked_copy

RED, YELLOW, NONE = "FFFFC7CE", "FFFFEB9C", "00000000"
TITLES = ["序号", "姓名", "公民身份号码", "出生日期"]
ROWS = [
    ["虚构社区第一党支部党员花名册", None, None, None],
    TITLES,
    [1, "李明", "119901199001010025", "1990-01-01"],
    [2, "=王芳", "1199011990", "1990.01"],
    [3, "赵强", None, "1990-01-01"],
]
FIRST = {"名册": 3}
LENGTH = issue(
    Code.ID_LENGTH,
    sheet="名册",
    row=4,
    column=3,
    header="公民身份号码",
    value="1199011990",
    words={"length": 10},
)
NAME = issue(
    Code.NAME_INVALID,
    sheet="名册",
    row=4,
    column=2,
    header="姓名",
    value="=王芳",
    words={"reason": "开头有表格软件会当作公式的字符"},
)
MONTH = issue(Code.DATE_MONTH_ONLY, sheet="名册", row=4, column=4, header="出生日期", value="1990.01")
EMPTY = issue(Code.ID_EMPTY, sheet="名册", row=5, column=3, header="公民身份号码")
PLACE = issue(Code.ORG_EMPTY, sheet="名册", row=5)
SHEET = issue(Code.SHEET_SKIPPED, sheet="汇总", words={"reason": "没有找到「党员花名册」的表头"})


def marked(data, *issues, name="名册.xlsx", first=FIRST, **options):
    content, _ = marked_copy(data, name, issues, first, **options)
    return openpyxl.load_workbook(io.BytesIO(content))


def listed(book):
    """The lines of the list of problems."""
    return [[cell.value for cell in row] for row in book["问题清单"].iter_rows(min_row=5)]


def values(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def sizes(content):
    """How large the comments of the first sheet that has any are shown; openpyxl itself does not read it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        name = next(each for each in archive.namelist() if each.endswith(".vml"))
        return re.findall(r"width:\d+px;height:\d+px", archive.read(name).decode())


def color(cell):
    return cell.fill.fgColor.rgb
