"""Imports and operations: the state of a batch, and the rows that either wrote."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from orgs import crypto
from orgs.checks.contradiction import KEY_REMEDY, Contradiction, of_uid
from orgs.enums import BatchState
from orgs.importing import files, parts
from orgs.importing import preview as previews
from orgs.models import ImportBatch, ImportEffect, ImportPart, OperationEffect
from orgs.models.importing import ON_THE_BOOKS

WRITTEN = (*ON_THE_BOOKS, BatchState.UNDONE)
TAKEN_BACK = (BatchState.UNDOING, BatchState.UNDONE)


def states_of_batches() -> Iterator[Contradiction]:
    """A batch says who confirmed it when it was written and who took it back when it was, and only then wrote rows."""
    has_effects = Exists(ImportEffect.objects.filter(batch=OuterRef("pk")))
    told = {
        "已写入或已撤销，却没有确认人": Q(state__in=WRITTEN, confirmed_at__isnull=True),
        "已撤销，却没有撤销人": Q(state__in=TAKEN_BACK, undone_at__isnull=True),
        "没有撤销，却记有撤销人": Q(undone_at__isnull=False) & ~Q(state__in=TAKEN_BACK),
        "没有写入，却留有写入明细": has_effects & ~Q(state__in=WRITTEN),
    }
    for wrong, condition in told.items():
        for uid, name, state in (
            ImportBatch.objects.filter(condition).order_by("id").values_list("uid", "file_name", "state").iterator()
        ):
            yield Contradiction(
                "导入批次",
                f"“{name}”（标识 {uid}）",
                f"状态为“{BatchState(state).label}”：{wrong}",
                "与上传人核对这次导入，从备份恢复这一批次的记录",
            )


def rows_that_were_written() -> Iterator[Contradiction]:
    """What an import or an operation wrote is on the books until it is taken back, and then not any more."""
    applied, undone = Q(batch__state__in=ON_THE_BOOKS), Q(batch__state=BatchState.UNDONE)
    yield from _rows_written("导入", ImportEffect.objects, applied, undone)
    done, taken_back = Q(operation__undone_at__isnull=True), Q(operation__undone_at__isnull=False)
    yield from _rows_written("办理", OperationEffect.objects, done, taken_back)


def _rows_written(word: str, notes, kept: Q, taken_back: Q) -> Iterator[Contradiction]:
    for table in list(notes.order_by("table").values_list("table", flat=True).distinct()):
        model = apps.get_model(table)
        written = notes.filter(table=table).order_by("id")
        yield from _gone(word, written.filter(kept, after__isnull=False), model)
        yield from _still_there(word, written.filter(taken_back, before__isnull=True), model)


def _gone(word: str, written, model) -> Iterator[Contradiction]:
    """Rows that were written and are missing although no note says that they were removed."""
    removed = OperationEffect.objects.filter(
        table=OuterRef("table"),
        target_uid=OuterRef("target_uid"),
        after__isnull=True,
        operation__undone_at__isnull=True,
    )
    for uid in _uids(written.filter(~Exists(removed)), model, present=False):
        wrong = f"已由{word}写入，却不在库中，也没有撤销记录"
        yield Contradiction(model._meta.verbose_name, of_uid(uid), wrong, "从备份恢复这条记录")


def _still_there(word: str, written, model) -> Iterator[Contradiction]:
    for uid in _uids(written, model, present=True):
        yield Contradiction(
            model._meta.verbose_name, of_uid(uid), f"写入它的{word}已撤销，它却仍在库中", "核对后将它作废"
        )


def _uids(written, model, *, present: bool) -> Iterator:
    """The targets of notes that are, or are not, on the books."""
    if hasattr(model, "uid"):
        there = Exists(model._base_manager.filter(uid=OuterRef("target_uid")))
        yield from written.filter(there if present else ~there).values_list("target_uid", flat=True).iterator()
        return
    # A table without uids is noted under its integer key in the shape of a uid, which no database can take apart.
    keys = set(model._base_manager.values_list("pk", flat=True))
    for uid in written.values_list("target_uid", flat=True).iterator():
        if (uid.int in keys) == present:
            yield uid


def sealed_files() -> Iterator[Contradiction]:
    """The uploaded file and the preview of a batch, with all its parts, open with the data key of this installation."""
    for batch in ImportBatch.everything.order_by("id").iterator(chunk_size=10):
        for column, sealed in ((files.COLUMN, batch.file_sealed), (previews.COLUMN, batch.preview_sealed)):
            if not sealed:
                continue
            try:
                crypto.reveal_bytes(sealed, table=files.TABLE, column=column, uid=batch.uid)
            except (crypto.DataKeyError, crypto.SealBroken) as broken:
                yield _broken(batch, broken)
    for part in ImportPart.objects.select_related("batch").order_by("id").iterator(chunk_size=10):
        try:
            parts.unsealed(part)
        except (crypto.DataKeyError, crypto.SealBroken) as broken:
            yield _broken(part.batch, broken)


def _broken(batch: ImportBatch, broken: Exception) -> Contradiction:
    return Contradiction(
        "导入批次",
        f"“{batch.file_name}”（标识 {batch.uid}）",
        f"文件或预览打不开（{str(broken).rstrip('。')}）",
        KEY_REMEDY,
    )
