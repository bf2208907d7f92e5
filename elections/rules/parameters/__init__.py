"""Every number of the law, once, with where it is written and how sure we are of it.

A number never changes here: a new law adds a line with its first day in force and the old one
stays, so that a past day is judged by the law of that day. `rule_id` is the id of the team's list
of rules; cite the document and article, never the id, to a user. Whatever is not READ is shown as
「依据待核」 and is never printed as law in a notice.
"""

from elections.rules.parameters.entries import (
    LAST_CHECKED,
    TERM_OPINION,
    Confidence,
    Entry,
    LawGap,
    Local,
    Parameter,
    Status,
)
from elections.rules.parameters.law import Law
from elections.rules.parameters.lengths import TERM_YEARS
from elections.rules.parameters.local import (
    CheckedRow,
    LocalRow,
    LocalValueRefused,
    admit,
    may_be_checked,
    with_checked,
    with_local,
)

__all__ = [
    "LAST_CHECKED",
    "TERM_OPINION",
    "TERM_YEARS",
    "CheckedRow",
    "Confidence",
    "Entry",
    "Law",
    "LawGap",
    "Local",
    "LocalRow",
    "LocalValueRefused",
    "Parameter",
    "Status",
    "admit",
    "may_be_checked",
    "with_checked",
    "with_local",
]
