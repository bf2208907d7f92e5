"""All kinds of roster, and what pages and the command do with them: upload, preview, confirm, undo, export."""

from elections.imports.organizations import OrganizationRoster
from members.imports import MemberRoster
from orgs.importing.batches import Importer
from orgs.importing.refusals import (
    BatchClosed,
    ImportFailed,
    ImportRefused,
    PreviewOutdated,
    RowsInError,
    UndoBlocked,
)
from orgs.importing.rows import Scope

importer = Importer(OrganizationRoster, MemberRoster)

upload = importer.upload
preview = importer.preview
confirm = importer.confirm
undo = importer.undo
export = importer.export

__all__ = [
    "BatchClosed",
    "ImportFailed",
    "ImportRefused",
    "MemberRoster",
    "OrganizationRoster",
    "PreviewOutdated",
    "RowsInError",
    "Scope",
    "UndoBlocked",
    "confirm",
    "export",
    "importer",
    "preview",
    "undo",
    "upload",
]
