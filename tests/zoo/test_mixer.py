"""Rosters mixed at random: every row is accounted for, and what is written is what was promised.

HJ_ZOO_FILES=1000 HJ_ZOO_SEED=7 .venv/bin/python -m pytest tests/zoo/test_mixer.py tries a thousand from seed 7 on.
"""

import datetime
import os

import pytest

from elections import imports
from members.imports import MemberRoster
from members.models import Member
from orgs.importing.report import report
from tests import factories, workbooks
from tests.members.rosters import books
from tests.zoo.mixer import mixed
from tests.zoo.people import street

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
FIRST_SEED = int(os.environ.get("HJ_ZOO_SEED", "0"))
FILES = int(os.environ.get("HJ_ZOO_FILES", "60"))


def uploaded(data: bytes, name: str, root, clerk):
    return imports.upload(data=data, file_name=name, kind="auto", organization=root, on=ON, by=clerk)


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + FILES))
def test_nothing_is_lost_and_nothing_is_written_that_was_not_good(seed):
    file = mixed(seed)
    root = street()
    clerk = factories.user_at(root)
    before = books()

    batch = uploaded(file.data, file.name, root, clerk)

    made = report(batch, imports.preview(batch), frozenset(), unmasked=True)
    counts = made["counts"]
    assert {row["row"]: row["status"] for row in made["rows"]} == file.statuses, made["message"]
    assert len(made["rows"]) == counts["rows"] == counts["good"] + counts["bad"] + counts["skipped"]
    assert sum(bool(row.get("reason")) for row in made["rows"]) == counts["skipped"]
    assert books() == before

    if not counts["good"]:
        return
    imports.confirm(batch=batch, partial=bool(counts["bad"]), by=clerk)

    assert {member.reveal_id_number() for member in Member.objects.all()} == file.numbers
    roster = MemberRoster()
    titles, rows = roster.table(roster.export_records(imports.Scope(clerk, root, ON), unmasked=True))
    exported = workbooks.xlsx(("花名册", [titles, *([cell or None for cell in row] for row in rows)]))
    again = uploaded(exported, "花名册.xlsx", root, clerk)
    counts = imports.preview(again).counts
    assert (counts["unchanged"], counts["rows"], counts["missing"]) == (len(file.numbers), len(file.numbers), 0)
