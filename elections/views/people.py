"""How a head count reads, with where it comes from."""

from elections.roll import Roll
from members.headcount import Basis, HeadCount
from orgs.days import spoken
from orgs.wording import NO_DATA, NONE

BEFORE_BOOKS = "无数据：这一天早于建账日"


def people_words(count: HeadCount | None) -> str:
    """One sentence: how many, full and probationary, from which source, and what is missing; None: before the books."""
    if count is None:
        return BEFORE_BOOKS
    if count.basis == Basis.UNKNOWN:
        return "党员人数未知：没有已确认的花名册，也没有上报人数"
    sentence = f"党员 {count.total} 名（正式 {count.full} 名、预备 {count.probationary} 名），{people_source(count)}"
    return sentence + (f"；另有 {count.unknown} 个党组织人数未知" if count.unknown else "")


def guest_words(roll: Roll) -> str:
    """How many are received (流入) besides, as far as the user sees people; empty for none."""
    number = roll.guests().count()
    return f"另有流入党员 {number} 名，不计入人数。" if number else ""


def people_source(count: HeadCount) -> str:
    """Where the number comes from: 据党员花名册（最早 2026年1月1日）."""
    sources = []
    if count.roster_on:
        sources.append(f"党员花名册（最早 {spoken(count.roster_on)}）")
    if count.declared_on:
        sources.append(f"上报人数（最早 {spoken(count.declared_on)}）")
    return "据" + "和".join(sources) if sources else "来源不明"


def people_column(count: HeadCount | None) -> str:
    """The number in a table: marked + when part of the subtree is unknown, — when all is, 无数据 before the books."""
    if count is None:
        return NO_DATA
    if count.basis == Basis.UNKNOWN:
        return NONE
    return f"{count.total}+" if count.unknown else str(count.total)
