"""Rosters mixed at random: every row is accounted for, and what is written is what was put into the good rows.

HJ_ZOO_FILES=1000 HJ_ZOO_SEED=7 .venv/bin/python -m pytest tests/zoo/test_mixer.py tries a thousand from seed 7 on.
"""

import datetime
import os

import pytest
from django.conf import settings

from elections import imports
from orgs.crypto import check_database_key
from orgs.enums import RosterKind
from orgs.importing.report import report
from tests import factories, snapshots, workbooks
from tests.zoo.mixer import KINDS, Mixed, mixed
from tests.zoo.mixing.branches import street

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
# Each database has files of its own, so that a run on both tries twice as many.
FIRST_SEED = int(os.environ.get("HJ_ZOO_SEED", "0" if "sqlite" in settings.DATABASES["default"]["ENGINE"] else "500"))
FILES = int(os.environ.get("HJ_ZOO_FILES", "15"))
# What every upload keeps beside the books.
KEPT = frozenset({"orgs.importbatch", "orgs.importpart", "orgs.importeffect", "orgs.importchoice"})


def books() -> dict[str, list[dict]]:
    """The books without what is kept of uploads."""
    return snapshots.books(without=KEPT)


def uploaded(data: bytes, name: str, kind: str, top, clerk):
    return imports.upload(data=data, file_name=name, kind=kind, organization=top, on=ON, by=clerk)


def reported(batch) -> dict:
    return report(batch, imports.preview(batch), frozenset(), unmasked=True)


def check_report(made: dict, file: Mixed) -> None:
    """Every row once, each with what must become of it; the counts add up."""
    assert made["file_outcome"] == "import", made["message"]
    silent = {place for place, outcome in file.outcomes.items() if outcome.record is None}
    found = {
        (row["sheet"], row["row"]): (
            row["status"],
            tuple(sorted(row["codes"])),
            None if (row["sheet"], row["row"]) in silent else row["record"],
            row.get("step", "") if row["status"] in ("ok", "warning") else "",
        )
        for row in made["rows"]
    }
    assert found == {place: tuple(outcome) for place, outcome in file.outcomes.items()}
    assert len(found) == len(made["rows"])
    assert made["kind"] == file.kind
    assert sorted(each["code"] for each in made["issues"] if each["row"] is None) == sorted(file.issues)
    counts = made["counts"]
    assert len(made["rows"]) == counts["rows"] == counts["good"] + counts["bad"] + counts["skipped"]
    assert sum(bool(row.get("reason")) for row in made["rows"]) == counts["skipped"]


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + FILES))
def test_nothing_is_lost_and_nothing_is_written_that_was_not_good(seed):
    file = mixed(seed)
    top, branches = street()
    clerk = factories.user_at(top)
    file.mix.build(branches)
    check_database_key()  # notes the key once
    before = books()

    batch = uploaded(file.data, file.name, file.asked, top, clerk)

    made = reported(batch)
    assert books() == before
    if file.rejected:
        assert (made["file_outcome"], [each["code"] for each in made["issues"]]) == ("reject", [file.rejected])
        return
    check_report(made, file)
    if not made["counts"]["good"]:
        return

    imports.confirm(batch=batch, partial=bool(made["counts"]["bad"]), by=clerk)

    assert file.mix.written() == file.mix.expected(file.entries)
    after = books()
    data = exported(file.kind, top, clerk, masked=seed // len(KINDS) % 2 == 0)
    again = reported(uploaded(data, "导出.xlsx", file.kind, top, clerk))
    assert again["file_outcome"] == "import", again["message"]
    assert [row for row in again["rows"] if row.get("step") != "unchanged"] == []
    assert again["missing"] == []
    twice = reported(uploaded(file.data, file.name, file.asked, top, clerk))
    assert [row for row in twice["rows"] if row.get("step") in ("new", "changed")] == []
    assert twice["counts"]["good"] == made["counts"]["good"]
    assert books() == after

    imports.undo(batch=batch, by=clerk)

    assert books() == before


def exported(kind: str, top, clerk, *, masked: bool) -> bytes:
    """The books of the street as a roster of this kind: as a clerk downloads it, or with full numbers."""
    if masked:
        return imports.export(kind=kind, organization=top, on=ON, by=clerk)
    roster = imports.importer.by_kind[RosterKind(kind)]()
    titles, rows = roster.table(roster.export_records(imports.Scope(clerk, top, ON), unmasked=True))
    return workbooks.xlsx(("名册", [titles, *([cell or None for cell in row] for row in rows)]))
