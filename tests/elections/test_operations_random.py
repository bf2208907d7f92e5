"""After any operations and undos in any order the books are whole, and the past is what it was."""

import datetime
import random

import pytest

from elections.desk.registry import TASKS
from elections.desk.tasks.reorganization import Absorb
from elections.ledger import Ledger
from members.models import Affiliation
from orgs import paths
from orgs.models import Organization
from tests.checking import lines
from tests.elections.random_operations import EVE, Sequence, district

pytestmark = pytest.mark.django_db

STEPS = 30
TODAY = datetime.datetime(2026, 11, 22, 10, tzinfo=datetime.UTC)
# What puts right what was recorded of earlier days, and says so: after it the past may differ.
CORRECTING = {task.code for task in TASKS if task.group == "更正"} | {"void-election"}
ADDING = tuple(task for task in TASKS if task.code not in CORRECTING)


def past(officer) -> set[tuple[str, ...]]:
    """What the ledger said on EVE of each organization, and who belonged where then.

    Sums of superiors follow today's tree, so they are not asked.
    """
    officer.__dict__.pop("rights", None)
    root = Organization.objects.get(parent=None)
    rows = {
        tuple(
            str(value)
            for value in (
                row.organization.uid,
                row.name,
                row.kind,
                row.form,
                row.unit_type,
                row.state,
                row.days,
                row.elected_on,
                row.expires_on,
                row.extended_to,
                row.secretary,
            )
        )
        for row in Ledger(user=officer, node=root, on=EVE).rows()
    }
    held = Affiliation.objects.regular().holding(EVE).values_list("organization__uid", "member__uid")
    return rows | {(str(place), str(who)) for place, who in held}


def paths_unlike_parents() -> list[str]:
    rows = Organization.everything.values_list("name", "path", "parent__path")
    return [name for name, path, above in rows if paths.parent_of(path) != (above or "")]


def counted_twice() -> list[int]:
    """People with two regular affiliations on one day, found day by day and not by the conditions of check_data."""
    held = list(Affiliation.objects.regular().values_list("member_id", "since", "until"))
    first, last = datetime.date.min, datetime.date.max
    days = {day for _, since, until in held for day in (since or first, until) if day}
    return [
        (member, day)
        for day in sorted(days)
        for member in {member for member, _, _ in held}
        if sum(1 for who, since, until in held if who == member and (since or first) <= day < (until or last)) > 1
    ]


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.once)])
def test_any_thirty_operations_and_undos_leave_whole_books(seed, time_machine):
    time_machine.move_to(TODAY)
    chance = random.Random(seed)
    sequence = Sequence(chance, district(chance))

    run(sequence, seed)

    assert paths_unlike_parents() == [], told(sequence, seed)
    assert counted_twice() == [], told(sequence, seed)


@pytest.mark.parametrize("seed", [3, pytest.param(4, marks=pytest.mark.once)])
def test_without_corrections_the_ledger_of_an_earlier_day_is_what_it_was(seed, time_machine):
    time_machine.move_to(TODAY)
    chance = random.Random(seed)
    officers = district(chance)
    before = past(officers[0])
    sequence = Sequence(chance, officers, ADDING)

    run(sequence, seed)

    assert sorted(past(officers[0]) ^ before) == [], told(sequence, seed)


def run(sequence: Sequence, seed: int) -> None:
    """All steps; after each that did something the books must be whole."""
    assert lines() == []
    for _ in range(STEPS):
        if sequence.step() is not None:
            assert lines() == [], told(sequence, seed)


def test_the_sequences_merge_split_grow_move_close_and_undo(time_machine):
    """Without this the test above could refuse everything and find nothing wrong."""
    time_machine.move_to(TODAY)
    chance = random.Random(20261122)
    reorganizing = tuple(task for task in TASKS if task.group == Absorb.group)
    sequence = Sequence(chance, district(chance), reorganizing)

    for _ in range(2 * STEPS):
        sequence.step()

    assert set(sequence.done) >= {"undo", "absorb", "merge", "split", "convert", "close", "move"}


def told(sequence: Sequence, seed: int) -> str:
    """The steps so far, for whoever looks for the fault."""
    return "\n".join([f"seed={seed}", *(f"{number}. {words}" for number, words in enumerate(sequence.told, 1))])
