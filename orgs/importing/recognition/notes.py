"""Rows below a header that are no data: sums, notes, signatures, examples, lines of a form. Told by their words."""

import re
from collections.abc import Sequence
from itertools import islice, pairwise

from orgs.workbook import is_example, shown
from orgs.workbook.cells import Cell
from orgs.workbook.titles import title_key

SUM_WORDS = ("小计", "合计", "总计", "共计", "累计")
SUM = re.compile(
    r"^(?:.{0,30}(?:小计|合计|总计|共计|累计)|(?:党员)?总(?:人)?数)(?:[:(]?[^:]{0,4}\d*\)?(?:人|名|个|行|条|户)?.{0,20})?$"
    r"|^共\d+(?:人|名|个|行|条|户).{0,20}$"
)
NOTE = re.compile(
    r"^(?:注(?:\d|[:.、]|$)|备注(?:\d|[:.、]|$)|(?:填表|填写|填报|使用|有关|相关|特别)?(?:说明|要求|须知|提示)(?:\d|[:.、]|$)"
    r"|(?:填表|填报|填写|制表|审核|审批|审查|复核|经办|负责|联系|统计|报送|校对)人?(?:签[字名章])?[:(]"
    r"|(?:填表|填报|填写|制表|审核|审批|复核|经办|负责|报送)人?(?:签[字名章])?$"
    r"|(?:单位|党组织|党支部|支部|主要|分管)?(?:负责人|领导|书记)(?:签[字名章])?[:(]"
    r"|(?:填报|填表|制表|报送|上报)(?:单位|党组织|日期|时间)|签[字名]|盖章|\(?公章|\(?盖章"
    r"|导入前|请勿|请不要|请按|第\d+页|以下空白|以下无|此表|本表|此行|本行)"
)
DELETE_FIRST = re.compile(r"(?:导入|上传|填报)前请?(?:先)?删除|请删除(?:此|本)(?:行|例)")
EXAMPLE = re.compile(
    r"^(?:填写|填报|数据)?(?:示例|样例|例如|范例)|^例(?:[:.、\d]|$)|\((?:示例|样例|例|示范)\)$|^\(?例\)"
)
DEMANDS = frozenset(
    "必填 选填 必填项 选填项 非必填 必输 选输 可不填 可为空 不能为空 不可为空 可选 文本 文本格式 日期 日期格式 数字 "
    "下拉选择 下拉 18位 系统生成 自动生成 yyyy-mm-dd yyyymmdd yyyy.mm.dd yyyy/mm/dd".split()
)
PLACES = tuple("甲乙丙丁戊己庚辛壬癸")
SAMPLE_ROWS = 3
"""So many rows below the header may be what a template shows as an example."""


def why_no_data(cells: Sequence[Cell], *, near: bool) -> str:
    """Why the words of a row say that it is no data; '' when they do not.

    `near`: it stands close below the header, where forms explain themselves in several cells of a row.
    """
    if is_example(cells):
        return "模板中的示例行"
    for text in _first_texts(cells)[:1]:
        if NOTE.match(text) or DELETE_FIRST.search(text):
            return "说明、备注或签字行"
        if EXAMPLE.search(text):
            return "模板中的示例行"
    return _why_form(cells) if near else ""


def is_sum(cells: Sequence[Cell]) -> bool:
    """Whether a row adds up others: 合计, 第一党支部小计, 共12人."""
    texts = _first_texts(cells)
    return any(text in SUM_WORDS for text in texts) or any(SUM.match(text) for text in texts[:1])


def is_group_sum(cells: Sequence[Cell]) -> bool:
    """Whether a row of sums adds up only its group: 小计."""
    return any("小计" in text for text in _first_texts(cells))


def _first_texts(cells: Sequence[Cell]) -> list[str]:
    """The first two texts of a row as they are compared; numbers before them only count the rows."""
    return [title_key(cell) for cell in islice((cell for cell in cells if type(cell) is str), 2)]


def _why_form(cells: Sequence[Cell]) -> str:
    """Why a row belongs to the form itself: what has to be filled in, the numbers of the columns."""
    keys = [title_key(shown(cell)) for cell in cells if cell is not None]
    if len(keys) > 1 and sum(key in DEMANDS for key in keys) * 2 > len(keys):
        return "填写要求行"
    if _counts_columns(keys):
        return "栏次行"
    return "说明、备注或签字行" if any(DELETE_FIRST.search(key) for key in keys) else ""


def _counts_columns(keys: Sequence[str]) -> bool:
    """Whether the cells are the numbers of the columns: 1, 2, 3 … or 甲, 乙, 1, 2 …"""
    if len(keys) < 3:
        return False
    rest = [key.strip("()") for key in keys]
    while rest and rest[0] in PLACES:
        rest.pop(0)
    numbers = [int(key) for key in rest if key.isascii() and key.isdigit() and len(key) <= 3]
    return len(numbers) == len(rest) and all(after - before == 1 for before, after in pairwise(numbers))
