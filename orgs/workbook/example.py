"""What our own templates contain besides people's data, and what an import therefore leaves out."""

from .cells import Cell

EXAMPLE_MARK = "示例（导入时自动跳过）"
"""Stands in the first column of the example row of every template."""

INSTRUCTIONS, LISTS = "填表说明", "选项"
TEMPLATE_SHEETS = frozenset({INSTRUCTIONS, LISTS})
"""Titles of the sheets of a template that hold no rows of data."""


def is_example(cells: list[Cell]) -> bool:
    """Whether the first filled cell of a row is the mark of the example row."""
    for cell in cells:
        if cell is not None:
            return isinstance(cell, str) and cell.strip() == EXAMPLE_MARK
    return False
