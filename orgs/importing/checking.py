"""Checking a file: read, recognized, examined part by part, and stored as a preview that appears all at once.

A check may be cut off and run again, or run twice at the same time: each run stores its parts under its own token,
and only the latest run puts its token, with the head, onto the batch.
"""

import logging
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import islice

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from orgs.enums import BatchState
from orgs.importing import parts
from orgs.importing import preview as previews
from orgs.importing.codes import Code
from orgs.importing.files import file_of
from orgs.importing.layouts import remembered
from orgs.importing.preview import PreviewHead, Tally
from orgs.importing.recognition import Cleaner, RosterFile, RosterRejected, lay_out, recognize, rows_of
from orgs.importing.refusals import BatchClosed, ImportRefused
from orgs.importing.roster import Roster
from orgs.importing.rows import RosterRow, Scope, Status, Step
from orgs.models import ImportBatch
from orgs.workbook import DEFAULT_LIMITS, FileRejected, read
from orgs.workbook.streaming import STREAM_LIMITS, stream

logger = logging.getLogger(__name__)

# Bytes from which a file is read row by row.
LARGE = 2_000_000
MAY_CHECK = (BatchState.CHECKING, BatchState.UNCHECKED)
UNCHANGED = "名册与在册内容一致，没有需要写入的内容。"
BROKEN_OFF = "核对没有完成，没有写入任何内容。请重新核对；如果仍不成功，请联系系统管理员。"

Progress = Callable[[int, int], object]


class Superseded(Exception):
    """A later run of the same check has begun: this one changes nothing any more."""


def check(batch: ImportBatch, rosters: tuple[type[Roster], ...], progress: Progress | None = None) -> None:
    """Read the batch's file and store what is found; afterwards it is CHECKED or REJECTED.

    `progress(rows done, rows in all)` is called after each part. BatchClosed when the batch is not to be checked; an
    exception leaves it UNCHECKED, from where it may be checked again. An older run that is overtaken returns quietly.
    """
    run = Run(batch, progress)
    try:
        scope = Scope(batch.uploaded_by, batch.organization, batch.on)
        try:
            found = laid_out(batch, rosters)
            run.reject_or_show(found.roster.roster_kind.value, examined(found, scope, run))
        except RosterRejected as refused:
            head = previews.rejected(refused.kind or batch.kind, refused.code, refused.message)
            head = replace(head, unsure=refused.unsure, layout=refused.layout, mapping=refused.mapping)
            run.reject_or_show(batch.kind, head)
        except ImportRefused as refused:
            run.reject_or_show(batch.kind, PreviewHead(batch.kind, rejected=True, message=str(refused)))
    except Superseded:
        run.clear()
    except Exception:
        run.break_off()
        raise
    batch.refresh_from_db()


class Run:
    """One run of the check of one batch: its token, its parts, its progress."""

    def __init__(self, batch: ImportBatch, progress: Progress | None = None):
        self.batch, self.token, self._tell = batch, uuid.uuid4(), progress
        self.tally = Tally()
        self._places: dict[str, int] = {}
        self._number = 0
        with transaction.atomic():
            state = ImportBatch.objects.select_for_update().values_list("state", flat=True).get(pk=batch.pk)
            if state not in MAY_CHECK:
                raise BatchClosed(state)
            ImportBatch.objects.filter(pk=batch.pk).update(
                state=BatchState.CHECKING,
                check_run=self.token,
                progress_done=0,
                progress_total=0,
                progressed_at=timezone.now(),
                message="",
            )

    def store(self, rows: list[RosterRow], found: RosterFile, total: int) -> None:
        """Store examined rows in parts and tell how far the check is; Superseded when a later run has begun."""
        self._places = self._places or {sheet.title: place for place, sheet in enumerate(found.sheets)}
        for chunk in (rows[start : start + parts.SIZE] for start in range(0, len(rows), parts.SIZE)):
            made = parts.made(self.batch, self.token, self._number, chunk, self._places)
            made.part.save(force_insert=True)
            self.tally.add(chunk, made)
            self._number += 1
        if not self._mine().update(progress_done=self.tally.rows, progress_total=total, progressed_at=timezone.now()):
            raise Superseded
        if self._tell is not None:
            self._tell(self.tally.rows, total)

    def reject_or_show(self, kind: str, head: PreviewHead) -> None:
        """Let the batch show this run's preview, all at once; Superseded when a later run has begun."""
        state = BatchState.REJECTED if head.rejected else BatchState.CHECKED
        with transaction.atomic():
            shown = self._mine().update(
                state=state,
                kind=kind,
                shown_run=self.token,
                counts=head.counts or dict.fromkeys(parts.COUNTED, 0),
                message=head.message[:300],
                preview_sealed=previews.seal(head, self.batch),
                # What cannot be used is not kept: it may hold anything. Where somebody has only to say what some
                # columns are it can.
                **({"file_sealed": None} if head.rejected and not (head.unsure or head.mapping) else {}),
                version=F("version") + 1,
            )
            if not shown:
                raise Superseded
            kept = self.batch.parts.none() if head.rejected else self.batch.parts.filter(run=self.token)
            self.batch.parts.exclude(pk__in=kept.values("pk")).delete()

    def clear(self) -> None:
        """Remove what this run has stored."""
        self.batch.parts.filter(run=self.token).delete()

    def break_off(self) -> None:
        """Mark the batch as not checked; when even that cannot be written, the reaper does it later."""
        logger.exception("import batch %s was not checked", self.batch.uid)
        try:
            self._mine().update(state=BatchState.UNCHECKED, message=BROKEN_OFF, version=F("version") + 1)
            self.clear()
        except DatabaseError:
            logger.exception("import batch %s could not be marked as not checked", self.batch.uid)

    def _mine(self):
        """The batch's row as long as this is its latest run."""
        return ImportBatch.objects.filter(pk=self.batch.pk, check_run=self.token, state=BatchState.CHECKING)


def recognized(
    batch: ImportBatch, rosters: tuple[type[Roster], ...], mapping: Mapping[str, str] | None = None
) -> RosterFile:
    """The batch's file with all its rows, read anew; RosterRejected for what cannot be used.

    `mapping` as `recognize` takes it; without it what was said before of such a file counts.
    """
    said = partial(remembered, batch.organization)
    return recognize(file_of(batch), batch.file_name, rosters, batch.kind, mapping, said)


def laid_out(batch: ImportBatch, rosters: tuple[type[Roster], ...]) -> RosterFile:
    """The batch's file without its rows, which `parts_of` reads; RosterRejected for what cannot be used."""
    data = file_of(batch)
    read_rows = stream if len(data) > LARGE else read
    limits = STREAM_LIMITS if len(data) > DEFAULT_LIMITS.upload else DEFAULT_LIMITS
    with _refusing():
        workbook = read_rows(data, batch.file_name, limits)
        return lay_out(workbook, rosters, batch.kind, remembered=partial(remembered, batch.organization))


def parts_of(found: RosterFile) -> Iterator[list[RosterRow]]:
    """The cleaned rows of a laid out file, as many at a time as its roster wants; all of them without `part_size`."""
    cleaner = Cleaner(found.roster)
    rows = (row for each in found.data for row in rows_of(each.sheet, each.part, found.roster, each.named))
    with _refusing():
        while part := list(islice(rows, found.roster.part_size)):
            cleaner.clean(part)
            yield part


@contextmanager
def _refusing() -> Iterator[None]:
    """What is wrong with a file as a whole, be it found in the middle, refuses it as a roster."""
    try:
        yield
    except FileRejected as rejected:
        raise RosterRejected(Code(rejected.code), rejected.message) from rejected


def examined(found: RosterFile, scope: Scope, run: Run) -> PreviewHead:
    """Read and examine a file's rows, store them as parts of `run`, and return the head.

    RosterRejected when there are none, or when the file turns out to be damaged.
    """
    sizes = [each.count for each in found.data]
    total = 0 if None in sizes else sum(sizes)
    found.roster.begin(scope)
    for rows in parts_of(found):
        found.roster.examine_part([row for row in rows if not row.skipped])
        for row in rows:
            if len(row.changes) > 1:
                row.changes = {name: row.changes[name] for name in found.roster.in_order(row.changes)}
        run.store(rows, found, total)
    tally = run.tally
    if tally.rows == tally.summary[parts.status_key(Status.SKIPPED)]:
        raise RosterRejected(Code.FILE_EMPTY, Code.FILE_EMPTY.message())
    missing = tuple(found.roster.finish())
    counts = parts.counts_of(tally.summary, tally.rows, len(missing))
    return PreviewHead(
        kind=found.roster.roster_kind.value,
        message=checked_message(counts),
        sheets=tuple(previews.sheet_of(part) for part in found.sheets),
        issues=tuple(found.issues),
        problems=tally.problems(found.sheets),
        missing=missing,
        fields=tuple(tally.fields),
        typed=tuple(tally.typed),
        counts=counts,
        summary=dict(tally.summary),
        organizations=tuple(sorted(tally.organizations)),
        unsure=tuple(found.unsure),
        layout=found.layout,
        mapping=dict(found.mapping),
    )


def checked_message(counts: dict[str, int]) -> str:
    """One sentence on what a check found."""
    told = [f"共 {counts['rows']} 行，无误 {counts['good']} 行，有错误 {counts['bad']} 行"]
    if counts["skipped"]:
        told.append(f"跳过 {counts['skipped']} 行")
    steps = [f"{step.label} {counts[step.value]} 行" for step in Step if counts[step.value]]
    text = "，".join(told) + "。" + (f"其中{'、'.join(steps)}。" if steps else "")
    if not counts["bad"] and not counts["new"] and not counts["changed"]:
        text += UNCHANGED if not counts["transfer"] else "划转须另行确认，其余没有需要写入的内容。"
    if counts["missing"]:
        text += f"在册而名册中没有的有 {counts['missing']} 人，请逐一核对。"
    return text
