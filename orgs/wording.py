"""How screens write what files leave empty."""

from datetime import date

from orgs.days import spoken, written
from orgs.enums import Precision

# A value that is not there, in what changed; and the end of the title of a sealed column.
EMPTY = "（空）"
SEALED_MARK = "（密文）"
NONE = "—"
# What there is no record of, since it lies before the 建账日.
NO_DATA = "无数据"


def day_column(day: date | None, precision: str = Precision.DAY) -> str:
    """A date as in tables, 2026-11-21 or 2026-11; a dash for none."""
    return written(day, precision) or NONE


def day_prose(day: date | None, precision: str = Precision.DAY) -> str:
    """A date as in sentences, 2026年11月21日; a dash for none."""
    return spoken(day, precision) or NONE


def value_words(field, value) -> str:
    """A stored value of a model's field as people read it: the label of a choice, 是 or 否; empty stays empty."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(dict(field.flatchoices).get(value, value))


def change_words(field, old, new) -> str:
    """A changed field in one line: 「届次：3 → 4」."""
    before, after = (value_words(field, each) or EMPTY for each in (old, new))
    return f"{str(field.verbose_name).removesuffix(SEALED_MARK)}：{before} → {after}"
