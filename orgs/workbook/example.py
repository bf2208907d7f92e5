"""The filled-in example row of our own templates, which an import must not take for a person."""

from .cells import Cell

EXAMPLE_MARK = "示例（导入时自动跳过）"
"""Stands in the first column of the example row of every template."""


def is_example(cells: list[Cell]) -> bool:
    """Whether the first filled cell of a row is the mark of the example row."""
    for cell in cells:
        if cell is not None:
            return isinstance(cell, str) and cell.strip() == EXAMPLE_MARK
    return False
