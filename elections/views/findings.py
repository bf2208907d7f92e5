"""Findings as screens show them: sentence, sources with their standing, what clears it; and how many a row has."""

from collections.abc import Collection

from elections.finding_words import SEVERITIES, words
from elections.ledger import Row
from elections.rules.chapters import titles
from elections.rules.parameters import Law
from elections.rules.wording import TITLES
from elections.views.addresses import address
from orgs.enums import Severity

ICONS = {
    Severity.ERROR: "exclamation-octagon-fill",
    Severity.WARNING: "exclamation-triangle-fill",
    Severity.INFO: "info-circle-fill",
}
COUNTED = (Severity.ERROR, Severity.WARNING)


def finding_lines(row: Row | None, *, law: Law, sees_people: bool, units: Collection[str]) -> list[dict]:
    """Every finding of a row, errors first.

    Sources lead to the law of the tree the row stands in. Whoever may not see people reads no sentence that names
    one; of units only those of `units` are named.
    """
    if row is None:
        return []
    anchors, page = titles(law), address("rules", node=row.organization.uid)
    return [
        {
            "severity": finding.severity.value,
            "icon": ICONS[finding.severity],
            "word": SEVERITIES[finding.severity],
            "words": words(finding, sees_people=sees_people, units=units),
            "clears": finding.clears.label,
            "sources": [
                {
                    "citation": citation,
                    "label": entry.label,
                    "url": f"{page}#{anchors[id(entry)]}",
                }
                for citation, entry in {entry.citation: entry for entry in reversed(finding.entries)}.items()
            ][::-1],
        }
        for finding in row.findings
    ]


def finding_titles(row: Row) -> str:
    """What is found on a row, each title once; empty without findings."""
    return "、".join(dict.fromkeys(TITLES[finding.rule_id] for finding in row.findings))


def finding_counts(row: Row) -> list[dict]:
    """How many errors and warnings a row has, each with the titles as one text; nothing where it has none."""
    counts = []
    for severity in COUNTED:
        found = [TITLES[finding.rule_id] for finding in row.findings if finding.severity is severity]
        if found:
            counts.append(
                {
                    "severity": severity.value,
                    "icon": ICONS[severity],
                    "word": SEVERITIES[severity],
                    "number": len(found),
                    "title": f"{SEVERITIES[severity]}：{'、'.join(dict.fromkeys(found))}",
                }
            )
    return counts
