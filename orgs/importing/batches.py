"""The life of a batch: uploaded and checked, confirmed, written in one transaction, taken back.

CHECKED → (confirm, its own short transaction) APPLYING → (the transaction that locks the batch, checks anew and
writes) APPLIED → UNDONE. Whoever is killed in between leaves APPLYING, which orgs.jobs turns into FAILED, and
that may be confirmed again.
"""

import hashlib
import logging
from collections import Counter
from datetime import date, timedelta

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from orgs import audit, crypto
from orgs.enums import Action, BatchState, RosterKind
from orgs.exporting import Column, SheetSpec, write_xlsx
from orgs.importing import preview as previews
from orgs.importing import undo as undoing
from orgs.importing.bulk import refresh_statistics
from orgs.importing.effects import Writer
from orgs.importing.preview import Preview
from orgs.importing.recognition import RosterFile, RosterRejected, recognize
from orgs.importing.refusals import BatchClosed, ImportFailed, PreviewOutdated, RowsInError
from orgs.importing.roster import Roster
from orgs.importing.rows import Missing, Scope, Step
from orgs.jobs import expire_previews, repeated
from orgs.models import ImportBatch, Organization
from orgs.scoping import require_right

logger = logging.getLogger(__name__)

PREVIEW_DAYS = 14
TABLE, FILE = "orgs_importbatch", "file"
# From this many written rows on, the database is told to look at its tables anew.
MANY_ROWS = 500
MAY_CONFIRM = (BatchState.CHECKED, BatchState.FAILED)
UNCHANGED = "名册与在册内容一致，没有需要写入的内容。"


class Importer:
    """The pipeline over a list of kinds of roster; of two that fit a sheet equally well the first is taken."""

    def __init__(self, *rosters: type[Roster]):
        self.rosters = rosters
        # In the order in which pages list them.
        known = {roster.roster_kind: roster for roster in rosters}
        self.by_kind = {kind: known[kind] for kind in RosterKind if kind in known}

    def upload(
        self, *, data: bytes, file_name: str, kind: str, organization: Organization, on: date, by
    ) -> ImportBatch:
        """Check a file and store it with what was found; nothing else is written.

        `kind` is a RosterKind, or '' or 'auto' to have it told from the titles. The batch is REJECTED when the
        file as a whole cannot be used (its message says why), else CHECKED. PermissionDenied without the right
        to change `organization`; ImportRefused when its part of the tree is too large.
        """
        require_right(by, Action.EDIT, organization)
        crypto.check_database_key()
        expire_previews()
        kind = "" if kind == "auto" else kind
        batch = ImportBatch(
            kind=kind,
            organization=organization,
            on=on,
            uploaded_by=by,
            file_name=file_name[-200:],
            file_size=len(data),
            file_sha256=hashlib.sha256(data).hexdigest(),
            expires_at=timezone.now() + timedelta(days=PREVIEW_DAYS),
        )
        try:
            found = recognize(data, file_name, self.rosters, kind)
        except RosterRejected as refused:
            preview = previews.rejected(kind, refused.code, refused.message)
            batch.state = BatchState.REJECTED
        else:
            batch.kind = found.roster.roster_kind
            preview = preview_of(found, examine(found, Scope(by, organization, on)))
            batch.file_sealed = crypto.seal_bytes(data, table=TABLE, column=FILE, uid=batch.uid)
        batch.counts, batch.message = preview.counts, preview.message
        batch.preview_sealed = previews.seal(preview, batch)
        batch.save(force_insert=True)
        return batch

    def preview(self, batch: ImportBatch) -> Preview:
        """What was found in the batch's file, as stored; empty when it was purged."""
        return previews.opened(batch)

    def confirm(self, *, batch: ImportBatch, partial: bool, by) -> ImportBatch:
        """Write the batch's good rows; all of them must be good unless `partial`.

        Refused without writing: RowsInError; PreviewOutdated, when the books changed so that something else
        would be written than was shown (the preview is renewed); BatchClosed, when it is not open any more.
        ImportFailed when the database gave up. PermissionDenied as for `upload`.
        """
        require_right(by, Action.EDIT, batch.organization)
        self._claim(batch, partial, by)
        data = crypto.reveal_bytes(batch.file_sealed, table=TABLE, column=FILE, uid=batch.uid)
        try:
            written = repeated(lambda: self._apply(batch, data, by))
        except _Changed as changed:
            self._reopen(batch, changed.preview)
            raise PreviewOutdated(changed.rows) from None
        except BatchClosed as closed:
            # Between claim and lock somebody took the batch for abandoned: nothing was written.
            if closed.state == BatchState.FAILED:
                raise ImportFailed() from None
            raise
        except Exception as error:
            logger.exception("import batch %s was not written", batch.uid)
            self._fail(batch)
            raise ImportFailed() from error
        if batch.effects.count() >= MANY_ROWS:
            refresh_statistics(set(batch.effects.order_by().values_list("table", flat=True).distinct()))
        return written

    def undo(self, *, batch: ImportBatch, by) -> ImportBatch:
        """Take the whole batch back, row by row, or refuse and name what depends on it (orgs.importing.undo)."""
        return undoing.undo(batch=batch, by=by, after_undo=self.by_kind[RosterKind(batch.kind)]().after_undo)

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

    def _claim(self, batch: ImportBatch, partial: bool, by) -> None:
        """Mark the batch as being written, if it is open and its rows allow it; committed at once."""
        with transaction.atomic():
            current = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            if current.state not in MAY_CONFIRM:
                raise BatchClosed(current.state)
            if current.expires_at <= timezone.now() or not current.file_sealed:
                raise BatchClosed(BatchState.EXPIRED)
            if current.counts["bad"] and not partial:
                raise RowsInError(current.counts["bad"], current.counts["good"])
            ImportBatch.objects.filter(pk=batch.pk).update(
                state=BatchState.APPLYING,
                partial=partial,
                confirmed_by=by,
                confirmed_at=timezone.now(),
                message="",
                version=F("version") + 1,
            )
        batch.refresh_from_db()

    def _apply(self, batch: ImportBatch, data: bytes, by) -> ImportBatch:
        """Check anew and write, in one transaction that holds the batch's row from beginning to end."""
        scope = Scope(by, batch.organization, batch.on)
        found = recognize(data, batch.file_name, self.rosters, batch.kind)
        with transaction.atomic():
            locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
            if locked.state != BatchState.APPLYING:
                raise BatchClosed(locked.state)
            promised = previews.opened(locked, records=False)
            keys = sorted({locked.organization_id, *promised.organizations})
            list(Organization.everything.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
            missing = examine(found, scope)
            changed = sum(not old.promises(row) for old, row in zip(promised.rows, found.rows, strict=True))
            if changed:
                raise _Changed(preview_of(found, missing), changed)
            del promised
            writer = Writer(locked)
            good = [row for row in found.rows if row.is_good]
            found.roster.write(good, scope, writer)
            written = writer.finish()
            counts = previews.count(found.rows, len(missing))
            locked.state = BatchState.APPLIED
            locked.message = applied_message(counts, written)
            locked.version += 1
            audit.record_event(
                kind="import.apply",
                target=locked,
                organization=locked.organization,
                by=by,
                changes={
                    "kind": [None, locked.kind],
                    "file_sha256": [None, locked.file_sha256],
                    "counts": [None, counts],
                    "written": [None, dict(writer.written)],
                },
            )
            locked.save(update_fields=["state", "message", "version"])
        batch.refresh_from_db()
        return batch

    def _reopen(self, batch: ImportBatch, fresh: Preview) -> None:
        """Back to CHECKED with what the file means now."""
        ImportBatch.objects.filter(pk=batch.pk, state=BatchState.APPLYING).update(
            state=BatchState.CHECKED,
            confirmed_by=None,
            confirmed_at=None,
            counts=fresh.counts,
            message=fresh.message,
            preview_sealed=previews.seal(fresh, batch),
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


class _Changed(Exception):
    """The books no longer are what the preview was made from."""

    def __init__(self, preview: Preview, rows: int):
        self.preview, self.rows = preview, rows


def examine(found: RosterFile, scope: Scope) -> list[Missing]:
    """Check and compare the rows of a file with the books as they are now."""
    rows = [row for row in found.rows if not row.skipped]
    found.roster.prepare(rows, scope)
    return found.roster.examine(rows, scope)


def preview_of(found: RosterFile, missing: list[Missing]) -> Preview:
    """What was found, with a sentence."""
    made = previews.build(found, missing)
    return previews.with_message(made, checked_message(made.counts))


def checked_message(counts: dict[str, int]) -> str:
    """One sentence on what a check found."""
    parts = [f"共 {counts['rows']} 行，无误 {counts['good']} 行，有错误 {counts['bad']} 行"]
    if counts["skipped"]:
        parts.append(f"跳过 {counts['skipped']} 行")
    steps = [f"{step.label} {counts[step.value]} 行" for step in Step if counts[step.value]]
    text = "，".join(parts) + "。" + (f"其中{'、'.join(steps)}。" if steps else "")
    if not counts["bad"] and not counts["new"] and not counts["changed"]:
        text += UNCHANGED if not counts["transfer"] else "划转须另行确认，其余没有需要写入的内容。"
    if counts["missing"]:
        text += f"在册而名册中没有的 {counts['missing']} 人保持不变，请逐一核对。"
    return text


def applied_message(counts: Counter | dict[str, int], written: int) -> str:
    """One sentence on what was written."""
    if not written:
        return UNCHANGED
    text = f"已导入：新增 {counts['new']} 行，变更 {counts['changed']} 行，无变化 {counts['unchanged']} 行。"
    if counts["bad"]:
        text += f"有错误的 {counts['bad']} 行没有导入，请改正后重新上传。"
    if counts["transfer"]:
        text += f"待确认划转的 {counts['transfer']} 行没有写入。"
    return text
