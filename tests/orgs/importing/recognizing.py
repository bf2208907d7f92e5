"""One sheet, read as the import reads it: its rows, which are skipped and why, what is told of them."""

from elections.imports import CommitteeRoster, MemberRoster, OrganizationRoster
from orgs.importing.recognition import lay_out, rows_of
from orgs.workbook import Format, Merge, Row, Sheet, Workbook

ROSTERS = (OrganizationRoster, MemberRoster, CommitteeRoster)


def found(*rows, merges=(), title="花名册", kind=""):
    """The sheet with its header, and the roster that it is."""
    width = max(len(row) for row in rows if row)
    filled = [Row(number, [*row, *[None] * (width - len(row))]) for number, row in enumerate(rows, start=1) if row]
    sheet = Sheet(title, width=width, rows=filled, merges=[Merge(*each) for each in merges])
    laid_out = lay_out(Workbook(Format.XLSX, [sheet]), ROSTERS, kind)
    return laid_out.data[0], laid_out.roster


def read(*rows, **sheet):
    """The rows of one sheet below its header, not yet cleaned."""
    each, roster = found(*rows, **sheet)
    return list(rows_of(each.sheet, each.part, roster, each.named))


def skipped(rows):
    """{number: why} of the rows that are no data."""
    return {row.number: row.skipped for row in rows if row.skipped}


def told(rows):
    """Row, column, code, weight and sentence of all findings."""
    return [(each.row, each.column, each.code, each.severity, each.message) for row in rows for each in row.issues]
