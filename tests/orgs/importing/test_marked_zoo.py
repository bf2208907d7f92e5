"""Every file of the zoo, and files mixed at random: the marked copy reads as the file itself."""

import pytest

from orgs.importing.codes import Code, issue
from orgs.importing.marked import copies, marked_copy
from orgs.workbook import Format, read
from tests.zoo.formats import FORMATS
from tests.zoo.layouts import LAYOUTS
from tests.zoo.mixer import mixed
from tests.zoo.mixing.entries import Lost
from tests.zoo.values import VALUES

# What cannot come back: a formula of an .xls, which is told as an error cell, and digits that were lost before.
WITHOUT = {"formula without a result in an xls", "ID in a number cell of an xls"}
ANIMALS = {
    animal.trap: animal
    for animal in (*FORMATS, *LAYOUTS, *VALUES)
    if not animal.rejected and animal.trap not in WITHOUT
}


def reads_the_same(data: bytes, name: str) -> None:
    """Mark every second row of the file, in a cell and as a whole, and compare what is read."""
    before = read(data, name)
    issues = [
        issue(Code.NAME_EMPTY, sheet=sheet.title, row=row.number, column=column, header="姓名")
        for sheet in before.sheets
        for row in sheet.rows[::2]
        for column in (2, None)
    ]

    content, _ = marked_copy(data, name, issues, {sheet.title: 2 for sheet in before.sheets})

    after = read(content, "已批注.xlsx")
    assert (after.format, after.sheets[0].title) == (Format.XLSX, "问题清单")
    for sheet in before.sheets:
        sheet.title = copies.title_here(sheet.title)
    assert after.sheets[1:] == before.sheets


@pytest.mark.once
@pytest.mark.parametrize("trap", ANIMALS)
def test_the_marked_copy_of_every_animal_reads_as_the_animal(trap):
    reads_the_same(ANIMALS[trap].make(), ANIMALS[trap].name)


@pytest.mark.once
@pytest.mark.parametrize("seed", range(50))
def test_the_marked_copy_of_a_mixed_file_reads_as_the_file(seed):
    file = mixed(seed)
    digits_are_lost = any(isinstance(cell, Lost) for entry in file.entries for cell in entry.cells.values())

    if not file.rejected and not digits_are_lost:
        reads_the_same(file.data, file.name)
