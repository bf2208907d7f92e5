"""Every file of the zoo, and files mixed at random: the marked copy reads as the file itself."""

import pytest

from orgs.importing.codes import Code, issue
from orgs.importing.marked import copies, marked_copy
from orgs.workbook import Format, read
from tests import workbooks
from tests.zoo.formats import FORMATS
from tests.zoo.layouts import LAYOUTS
from tests.zoo.mixer import mixed
from tests.zoo.values import VALUES

# What cannot come back: a formula of an .xls, which is told as an error cell.
WITHOUT = {"formula without a result in an xls"}
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

    if not file.rejected:
        reads_the_same(file.data, file.name)


# As Excel, WPS and other programs write a long number into a number cell; the first two keep what it was typed as.
@pytest.mark.parametrize(
    "stored", ["1.1990119770113034E+17", "119901197701130336", "119901197701130000", "0.30000000000000004", "36"]
)
def test_a_number_of_an_xlsx_keeps_the_very_digits_that_it_had(stored):
    data = workbooks.raw_xlsx(
        f'<row r="1"><c r="A1"><v>{stored}</v></c></row><row r="2"><c r="A2"><v>{stored}</v></c></row>'
    )

    reads_the_same(data, "名册.xlsx")
