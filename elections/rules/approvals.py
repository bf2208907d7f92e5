"""What does not depend on the day asked about: how each approved extension stands, and how an election lay to the end
of the term before it.

So it is judged once, when it is recorded; elections.services.terms keeps it on the rows for the findings in SQL.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from elections.rules.dated import add_months, add_years
from elections.rules.facts import ExtensionFacts, TermFacts
from elections.rules.parameters import Law
from elections.rules.terms import extended_to, lifts_cap, works_from
from orgs.enums import Timing


@dataclass(frozen=True)
class ApprovedExtension:
    """An approved extension: from when it works, which approval of the term it is, and what is wrong with it.

    `turn` counts different approvals from 1, a repeated row keeps its number; `last` is the last day the cap leaves.
    """

    extension: ExtensionFacts
    works_on: date
    turn: int
    last: date
    is_late: bool
    is_too_late: bool
    is_over_cap: bool


def approved_extensions(
    *, elected_on: date, expires_on: date, extensions: Iterable[ExtensionFacts], law: Law | None = None
) -> tuple[ApprovedExtension, ...]:
    """The extensions that are approved, by the day they work from.

    P-02 approved after the expiry, too late when more than a year after it (then it changes nothing); TERM-12 longer
    than a year past the expiry without a higher level's document. What counts for nothing has no cap to be over.
    """
    law = law or Law.builtin()
    working = [(works_from(each, elected_on=elected_on), each) for each in extensions]
    approved = sorted(
        ((day, each) for day, each in working if day is not None), key=lambda pair: (pair[0], pair[1].ends_on)
    )
    turns: dict[tuple, int] = {}
    found = []
    for works_on, each in approved:
        turn = turns.setdefault((each.document_no.strip(), each.approved_on, each.ends_on), len(turns) + 1)
        is_too_late = add_years(expires_on, law.late_approval_years.on(works_on).value) < works_on
        last = add_years(expires_on, law.extension_cap_years.on(works_on).value)
        found.append(
            ApprovedExtension(
                extension=each,
                works_on=works_on,
                turn=turn,
                last=last,
                is_late=expires_on < works_on,
                is_too_late=is_too_late,
                is_over_cap=last < each.ends_on and not is_too_late and not lifts_cap(each),
            )
        )
    return tuple(found)


def timing(elected_on: date, *, last: TermFacts | None, law: Law | None = None) -> Timing:
    """How the election lay to the end of the term before, `last` (None: nothing was followed).

    TERM-12 late: after the end that the extensions approved by then gave; TERM-13 early: before the window at the
    end of the term, too early: more than a year before it (任期意见 二; 选举条例 第三条).
    """
    if last is None:
        return Timing.FIRST
    law = law or Law.builtin()
    if (extended_to(last, on=elected_on, law=law) or last.expires_on) < elected_on:
        return Timing.LATE
    if elected_on >= add_months(last.expires_on, -law.early_window_months.on(elected_on).value):
        return Timing.ON_TIME
    too_early = elected_on < add_years(last.expires_on, -law.early_cap_years.on(elected_on).value)
    return Timing.TOO_EARLY if too_early else Timing.EARLY
