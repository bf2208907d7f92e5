"""What cleaning a cell returns, and the text of a cell that all cleaning begins with.

Cleaning forgives form (full width, spaces, 2021.6) but never meaning: doubt is a problem, not a guess.
"""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from orgs.importing.codes import Code
from orgs.workbook.cells import Cell, CellError, NoValue, shown

BLANK_WORDS = frozenset(
    {"", "空", "无", "—", "--", "——", "-", "/", ";", "；", "暂无", "不涉及", "空缺"}
    | {"---", "–", "———", "//", "\\", "*", ".", "。", "、", "不详", "未知", "不明", "未填", "未填写"}
    | {"null", "NULL", "None", "nan", "NaN", "N/A", "n/a"}
    | {
        f"{opened}{word}{closed}"
        for word in ("空", "无", "空缺", "暂缺", "缺", "暂无", "不涉及", "未知", "不详", "待补")
        for opened, closed in ("()", "（）", "[]", "【】")
    }
)
"""What clerks, and programs that export for them, write into a cell that has nothing to say."""

# Also the marks that choose one drawing of a character; with them the same name would be another.
INVISIBLE = dict.fromkeys(
    (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A), 0xFEFF, 0xAD)
    + (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)
# Punctuation of Chinese texts stays as an official wrote it: NFKC would turn 「（」 into "(".
FOLDED = re.compile(r"[^（），：；！？～…]+")
TEXT_MARKS = ("=", "'", "‘", "’")
FORMULA_TEXT = re.compile(r'^="([^"]*)"$')
MOST_DIGITS = 10**15  # a number cell keeps fifteen of them

NO_WORDS: Mapping[str, object] = MappingProxyType({})


class Problem(NamedTuple):
    """A code and what its sentence needs to know."""

    code: Code
    words: Mapping[str, object] = NO_WORDS


class Cleaned(NamedTuple):
    """The value of a cell (None when blank or unusable) and what is wrong with it."""

    value: object
    problems: tuple[Problem, ...] = ()


BLANK = Cleaned(None)


def broken(cell: Cell) -> Cleaned | None:
    """The finding for a cell that shows an error or whose formula has no stored result; None for all others."""
    if isinstance(cell, CellError):
        return Cleaned(None, (Problem(Code.CELL_ERROR),))
    if isinstance(cell, NoValue):
        return Cleaned(None, (Problem(Code.FORMULA_NO_VALUE),))
    return None


def folded(text: str) -> str:
    """A text in one form: full-width letters, digits and spaces as plain ones, nothing invisible, no outer spaces.

    Also without the `="…"` and the leading apostrophe by which other programs (and our own CSV) keep a text a
    text. Chinese punctuation stays.
    """
    if not text.isascii():
        text = text.translate(INVISIBLE)
        if not unicodedata.is_normalized("NFKC", text):
            text = FOLDED.sub(lambda part: unicodedata.normalize("NFKC", part[0]), text)
    text = text.strip()
    if text[:1] in TEXT_MARKS:
        wrapped = FORMULA_TEXT.match(text)
        text = (wrapped[1] if wrapped else text.lstrip("'‘’")).strip()
    return text


def text_of(cell: Cell) -> str:
    """The folded text of a cell of any type, numbers and dates as they are shown; '' for a blank one."""
    if isinstance(cell, str):
        return folded(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < MOST_DIGITS:
        return str(int(cell))
    return shown(cell)
