"""All kinds of roster, and the four steps that pages and the command take: upload, preview, confirm, undo."""

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

importer = Importer(MemberRoster)

upload = importer.upload
preview = importer.preview
confirm = importer.confirm
undo = importer.undo

__all__ = [
    "BatchClosed",
    "ImportFailed",
    "ImportRefused",
    "PreviewOutdated",
    "RowsInError",
    "UndoBlocked",
    "confirm",
    "importer",
    "preview",
    "undo",
    "upload",
]
