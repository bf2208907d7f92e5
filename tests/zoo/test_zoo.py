"""Every animal of the zoo: what becomes of each row is what imports.md says, written down by hand."""

import datetime

import pytest

from elections import imports
from orgs.importing.report import report
from tests import factories
from tests.zoo.formats import FORMATS
from tests.zoo.layouts import LAYOUTS
from tests.zoo.ledgers import ORGANIZATIONS, TERMS
from tests.zoo.posts import COMMITTEES, FLOATING
from tests.zoo.refused import REFUSED
from tests.zoo.values import VALUES

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
CAGES = (FORMATS, LAYOUTS, VALUES, REFUSED, ORGANIZATIONS, TERMS, COMMITTEES, FLOATING)
ANIMALS = {animal.trap: animal for cage in CAGES for animal in cage}


def test_the_zoo_is_large_and_its_names_differ():
    assert len(ANIMALS) == sum(map(len, CAGES))
    assert len(ANIMALS) >= 40


@pytest.mark.parametrize("trap", ANIMALS)
def test_each_row_becomes_what_it_must(trap):
    animal = ANIMALS[trap]
    root = animal.world()
    clerk = factories.user_at(root)

    batch = imports.upload(
        data=animal.make(), file_name=animal.name, kind=animal.kind, organization=root, on=ON, by=clerk
    )

    made = report(batch, imports.preview(batch), frozenset(), unmasked=True)
    if animal.rejected:
        assert (made["file_outcome"], [each["code"] for each in made["issues"]]) == ("reject", [animal.rejected])
        return
    assert made["file_outcome"] == "import", made["message"]
    silent = {(expected.sheet, expected.row) for expected in animal.rows if expected.record is None}
    found = [
        (
            row["row"],
            row["status"],
            tuple(sorted(row["codes"])),
            None if (row["sheet"], row["row"]) in silent else row["record"],
            row["sheet"],
        )
        for row in made["rows"]
    ]
    assert found == [tuple(expected._replace(codes=tuple(sorted(expected.codes)))) for expected in animal.rows]
    assert sorted(each["code"] for each in made["issues"] if each["row"] is None) == sorted(animal.issues)
    counts = made["counts"]
    assert (batch.progress_done, batch.progress_total) == (len(animal.rows), len(animal.rows))
    assert counts["good"] + counts["bad"] + counts["skipped"] == counts["rows"] == len(animal.rows)
