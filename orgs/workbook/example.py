"""What our own templates contain besides people's data, and what an import therefore leaves out."""

from .cells import Cell
from .sheets import Sheet

EXAMPLE_MARK = "示例（导入时自动跳过）"
"""Stands in the first column of the example row of every template."""

INSTRUCTIONS, LISTS = "填表说明", "选项"
PROBLEMS = "问题清单"
PROBLEM_MARK = "问题清单（系统生成，重新上传时自动跳过）"
"""Stands in the first cell of the list of problems in a marked copy of a roster."""
TEMPLATE_SHEETS = frozenset({INSTRUCTIONS, LISTS, PROBLEMS})
"""Titles of the sheets of a template or a marked copy that hold no rows of data."""


def is_example(cells: list[Cell]) -> bool:
    """Whether the first filled cell of a row is the mark of the example row."""
    for cell in cells:
        if cell is not None:
            return isinstance(cell, str) and cell.strip() == EXAMPLE_MARK
    return False


def is_problem_list(sheet: Sheet) -> bool:
    """Whether a sheet is the list of problems that a marked copy begins with, under whatever title."""
    first = next(iter(sheet.rows), None)
    return first is not None and isinstance(first.cells[0], str) and first.cells[0].strip() == PROBLEM_MARK
