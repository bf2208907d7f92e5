"""All kinds of roster, and the four steps that pages and the command take: upload, preview, confirm, undo."""

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
    "importer",
    "preview",
    "undo",
    "upload",
]
