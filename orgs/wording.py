"""How screens write what files leave empty."""

from datetime import date

from orgs.days import spoken, written
from orgs.enums import Precision

NONE = "—"
# What there is no record of, since it lies before the 建账日.
NO_DATA = "无数据"


def day_column(day: date | None, precision: str = Precision.DAY) -> str:
    """A date as in tables, 2026-11-21 or 2026-11; a dash for none."""
    return written(day, precision) or NONE


def day_prose(day: date | None, precision: str = Precision.DAY) -> str:
    """A date as in sentences, 2026年11月21日; a dash for none."""
    return spoken(day, precision) or NONE
