"""Rules without a number: what an article demands or forbids outright, and the checks of the books (P-03 to P-16)."""

from collections.abc import Mapping

from elections.rules.parameters.entries import (
    AGENCY_REGULATION_NAME,
    BRANCH_REGULATION_NAME,
    CONSTITUTION_NAME,
    ELECTION_REGULATION_NAME,
    TERM_OPINION_NAME,
    Confidence,
    Entry,
    Status,
)


def _books(rule_id: str) -> Entry:
    return Entry(None, rule_id, "台账数据核对", status=Status.BOOKS, confidence=Confidence.HIGH)


_ENTRIES = (
    Entry(None, "ORG-06", BRANCH_REGULATION_NAME, "第八条", article_checked=False),
    Entry(None, "ORG-07", BRANCH_REGULATION_NAME, "第六条", article_checked=False, confidence=Confidence.MEDIUM),
    Entry(None, "ORG-14", AGENCY_REGULATION_NAME, "第九条"),
    Entry(None, "ORG-24", CONSTITUTION_NAME),
    Entry(None, "TERM-16", TERM_OPINION_NAME, "三", quote="及时提醒督促"),
    Entry(None, "TERM-24", CONSTITUTION_NAME, "第二十七条"),
    Entry(None, "APP-07", BRANCH_REGULATION_NAME, "第二十一条"),
    Entry(None, "EL-01", ELECTION_REGULATION_NAME, "第五条"),
    Entry(None, "EL-02", ELECTION_REGULATION_NAME, "第五条"),
    *(_books(f"P-{number:02}") for number in (3, 4, 5, *range(7, 14), 15, 16)),
)

PROVISIONS: Mapping[str, Entry] = {entry.rule_id: entry for entry in _ENTRIES}
"""{rule id: the rule}."""
