"""The life of a batch: uploaded and checked, confirmed, written in one transaction, taken back.

CHECKING → (orgs.importing.checking) CHECKED → (claimed in a short transaction) APPLYING → (the transaction that locks
the batch, checks anew and writes: orgs.importing.applying) APPLIED → (orgs.importing.undo) UNDOING → UNDONE. Who is
killed while checking leaves CHECKING, from which it is checked again; who is killed while writing leaves APPLYING,
which orgs.jobs turns into FAILED, and that may be confirmed again.
"""

import hashlib
import logging
from datetime import date, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from orgs import audit, crypto
from orgs.enums import Action, BatchState, RosterKind
from orgs.exporting import Column, SheetSpec, write_xlsx
from orgs.importing import applying, checking, files
from orgs.importing import preview as previews
from orgs.importing import undo as undoing
from orgs.importing.bulk import refresh_statistics
from orgs.importing.choosing import drop_unlisted
from orgs.importing.preview import Preview
from orgs.importing.refusals import BatchClosed, ChoicesRefused, ImportFailed, PreviewOutdated, RowsInError
from orgs.importing.roster import Roster
from orgs.importing.rows import Scope
from orgs.jobs import expire_previews, repeated
from orgs.models import ImportBatch, Organization
from orgs.scoping import require_right

logger = logging.getLogger(__name__)

PREVIEW_DAYS = 14
# From this many written rows on, the database is told to look at its tables anew.
MANY_ROWS = 500
MAY_CONFIRM = (BatchState.CHECKED, BatchState.FAILED)


class Importer:
    """The pipeline over a list of kinds of roster; of two that fit a sheet equally well the first is taken."""

    def __init__(self, *rosters: type[Roster]):
        self.rosters = rosters
        # In the order in which pages list them.
        known = {roster.roster_kind: roster for roster in rosters}
        self.by_kind = {kind: known[kind] for kind in RosterKind if kind in known}

    def receive(
        self, *, data: bytes, file_name: str, kind: str, organization: Organization, on: date, by
    ) -> ImportBatch:
        """Store a file that is to be checked; the batch is CHECKING until `check` has been through.

        `kind` is a RosterKind, or '' or 'auto' to have it told from the titles. PermissionDenied without the right
        to change `organization`.
        """
        require_right(by, Action.EDIT, organization)
        crypto.check_database_key()
        expire_previews()
        batch = ImportBatch(
            kind="" if kind == "auto" else kind,
            organization=organization,
            state=BatchState.CHECKING,
            on=on,
            uploaded_by=by,
            file_name=file_name[-200:],
            file_size=len(data),
            file_sha256=hashlib.sha256(data).hexdigest(),
            expires_at=timezone.now() + timedelta(days=PREVIEW_DAYS),
        )
        with transaction.atomic():
            batch.save(force_insert=True)
            files.keep(batch, data)
        # Read anew when it is needed: whoever holds the batch must not hold the file as well.
        del batch.file_sealed
        return batch

    def check(self, batch: ImportBatch, progress: checking.Progress | None = None) -> ImportBatch:
        """Check a received file and store what is found; nothing else is written (orgs.importing.checking).

        The batch is REJECTED when the file as a whole cannot be used (its message says why), else CHECKED.
        """
        checking.check(batch, self.rosters, progress)
        if batch.choices.exists():  # made for the preview before this one
            drop_unlisted(batch, self.by_kind[RosterKind(batch.kind)].chooser if batch.kind else None)
        return batch

    def upload(
        self, *, data: bytes, file_name: str, kind: str, organization: Organization, on: date, by
    ) -> ImportBatch:
        """`receive` and `check` at once."""
        batch = self.receive(data=data, file_name=file_name, kind=kind, organization=organization, on=on, by=by)
        del data  # the check reads it anew, and a large one need not be there twice
        return self.check(batch)

    def preview(self, batch: ImportBatch) -> Preview:
        """What was found in the batch's file, as stored; empty when it was purged."""
        return previews.opened(batch)

    def confirm(self, *, batch: ImportBatch, partial: bool, by) -> ImportBatch:
        """Write the batch's good rows; all of them must be good unless `partial`.

        Refused without writing: RowsInError; PreviewOutdated, when the books changed so that something else
        would be written than was shown (the preview is renewed); BatchClosed, when it is not open any more.
        ImportFailed when the database gave up. PermissionDenied as for `upload`.
        """
        return self.write(self.claim(batch=batch, partial=partial, by=by))

    def claim(self, *, batch: ImportBatch, partial: bool, by) -> ImportBatch:
        """Mark the batch as being written by `by`, if it is open and its rows allow it; committed at once.

        PermissionDenied, BatchClosed, RowsInError.
        """
        require_right(by, Action.EDIT, batch.organization)
        with transaction.atomic():
            current = ImportBatch.objects.select_for_update().defer("file_sealed").get(pk=batch.pk)
            if current.state not in MAY_CONFIRM:
                raise BatchClosed(current.state)
            is_kept = ImportBatch.objects.filter(pk=batch.pk, file_sealed__isnull=False).exists()
            if current.expires_at <= timezone.now() or not is_kept:
                raise BatchClosed(BatchState.EXPIRED)
            if current.counts["bad"] and not partial:
                raise RowsInError(current.counts["bad"], current.counts["good"])
            ImportBatch.objects.filter(pk=batch.pk).update(
                state=BatchState.APPLYING,
                partial=partial and current.counts["bad"] > 0,
                confirmed_by=by,
                confirmed_at=timezone.now(),
                message="",
                version=F("version") + 1,
            )
        batch.refresh_from_db()
        return batch

    def write(self, batch: ImportBatch) -> ImportBatch:
        """Write a claimed batch. PreviewOutdated (it was renewed), ChoicesRefused, BatchClosed, ImportFailed."""
        by = batch.confirmed_by
        try:
            written = repeated(lambda: applying.apply(batch, self.by_kind, by))
        except applying.BooksChanged as changed:
            self._check_again(batch)
            raise PreviewOutdated(changed.rows) from None
        except ChoicesRefused as refused:
            self._hand_back(batch, str(refused))
            raise
        except BatchClosed as closed:
            # Between claim and lock somebody took the batch for abandoned: nothing was written.
            if closed.state == BatchState.FAILED:
                raise ImportFailed() from None
            raise
        except Exception as error:
            logger.exception("import batch %s was not written", batch.uid)
            self._fail(batch)
            raise ImportFailed() from error
        batch.refresh_from_db()
        if written.total() >= MANY_ROWS:
            refresh_statistics(written)
        return batch

    def undo(self, *, batch: ImportBatch, by) -> ImportBatch:
        """Take the whole batch back, row by row, or refuse and name what depends on it (orgs.importing.undo).

        PermissionDenied, BatchClosed, UndoBlocked, UndoFailed.
        """
        return self.take_back(undoing.claim(batch=batch, by=by))

    def take_back(self, batch: ImportBatch) -> ImportBatch:
        """Take back a batch that was claimed for it (orgs.importing.undo). UndoBlocked, BatchClosed, UndoFailed."""
        return undoing.take_back(batch, self.by_kind[RosterKind(batch.kind)]())

    def export(self, *, kind: str, organization: Organization, on: date, by) -> bytes:
        """The roster of a part of the tree on a day as an .xlsx in the template's columns; numbers are masked.

        Imported again it changes nothing. PermissionDenied without the right to see people there; it is logged.
        """
        require_right(by, Action.READ_PEOPLE, organization)
        roster = self.by_kind[RosterKind(kind)]()
        titles, rows = roster.table(roster.export_records(Scope(by, organization, on)))
        rows = [[cell or None for cell in row] for row in rows]
        audit.record_event(
            kind="roster.export",
            target=organization,
            organization=organization,
            by=by,
            changes={"kind": [None, str(kind)], "on": [None, on.isoformat()], "rows": [None, len(rows)]},
        )
        return write_xlsx([SheetSpec(RosterKind(kind).label, [Column(title) for title in titles], rows)])

    def _check_again(self, batch: ImportBatch) -> None:
        """Back to where it was uploaded, and through the check, with what the file means now."""
        ImportBatch.objects.filter(pk=batch.pk, state=BatchState.APPLYING).update(
            state=BatchState.CHECKING, confirmed_by=None, confirmed_at=None, version=F("version") + 1
        )
        self.check(batch)

    def _hand_back(self, batch: ImportBatch, sentence: str) -> None:
        """Back to waiting for its confirm, with the reason why nothing was written."""
        ImportBatch.objects.filter(pk=batch.pk, state=BatchState.APPLYING).update(
            state=BatchState.CHECKED,
            confirmed_by=None,
            confirmed_at=None,
            message=sentence[:300],
            version=F("version") + 1,
        )
        batch.refresh_from_db()

    def _fail(self, batch: ImportBatch) -> None:
        """Mark the batch as failed; when even that cannot be written, orgs.jobs does it later."""
        try:
            ImportBatch.objects.filter(pk=batch.pk, state=BatchState.APPLYING).update(
                state=BatchState.FAILED, message=str(ImportFailed()), version=F("version") + 1
            )
            batch.refresh_from_db()
        except DatabaseError:
            logger.exception("import batch %s could not be marked as failed", batch.uid)
