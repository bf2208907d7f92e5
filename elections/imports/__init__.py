"""All kinds of roster, and what pages and the command do with them: upload, preview, confirm, undo, export."""

from elections.imports.committee_roster import CommitteeRoster
from elections.imports.organizations import OrganizationRoster
from elections.imports.term_roster import TermRoster
from members.imports import FloatingRoster, MemberRoster
from orgs.importing.batches import Importer
from orgs.importing.refusals import (
    BatchClosed,
    ImportFailed,
    ImportRefused,
    PreviewOutdated,
    RowsInError,
)
from orgs.importing.rows import Scope
from orgs.refusals import UndoBlocked

# Of two kinds that know equally many titles of a sheet the first one is taken: a table of terms says nothing about the
# organizations themselves, and a list of people with their posts, or with where
# they went, may as well be one of members.
importer = Importer(TermRoster, OrganizationRoster, MemberRoster, CommitteeRoster, FloatingRoster)

upload = importer.upload
preview = importer.preview
confirm = importer.confirm
undo = importer.undo
export = importer.export

__all__ = [
    "BatchClosed",
    "CommitteeRoster",
    "FloatingRoster",
    "ImportFailed",
    "ImportRefused",
    "MemberRoster",
    "OrganizationRoster",
    "PreviewOutdated",
    "RowsInError",
    "Scope",
    "TermRoster",
    "UndoBlocked",
    "confirm",
    "export",
    "importer",
    "preview",
    "undo",
    "upload",
]
