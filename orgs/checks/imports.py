"""Imports: the state of a batch and the rows it wrote."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from orgs import crypto
from orgs.checks.contradiction import KEY_REMEDY, Contradiction, of_uid
from orgs.enums import BatchState
from orgs.importing import batches
from orgs.importing import preview as previews
from orgs.models import ImportBatch, ImportEffect

WRITTEN = (BatchState.APPLIED, BatchState.UNDONE)


def states_of_batches() -> Iterator[Contradiction]:
    """A batch says who confirmed it when it was written and who took it back when it was, and only then wrote rows."""
    has_effects = Exists(ImportEffect.objects.filter(batch=OuterRef("pk")))
    told = {
        "已写入或已撤销，却没有确认人": Q(state__in=WRITTEN, confirmed_at__isnull=True),
        "已撤销，却没有撤销人": Q(state=BatchState.UNDONE, undone_at__isnull=True),
        "没有撤销，却记有撤销人": Q(undone_at__isnull=False) & ~Q(state=BatchState.UNDONE),
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


def rows_that_imports_wrote() -> Iterator[Contradiction]:
    """What a batch wrote is on the books unless it was taken back, and is not any more once it was."""
    yield from _rows_written(ImportEffect, "batch__state", BatchState.APPLIED, BatchState.UNDONE)


def _rows_written(notes: type[models.Model], state: str, kept, taken_back) -> Iterator[Contradiction]:
    tables = notes.objects.order_by("table").values_list("table", flat=True).distinct()
    for table in list(tables):
        model = apps.get_model(table)
        written = notes.objects.filter(table=table).order_by("id")
        yield from _gone(written.filter(**{state: kept}, after__isnull=False), model)
        yield from _still_there(written.filter(**{state: taken_back}, before__isnull=True), model)


def _gone(written, model) -> Iterator[Contradiction]:
    """Rows that were written and are missing although no note says that they were removed."""
    removed = ImportEffect.objects.filter(
        table=OuterRef("table"), target_uid=OuterRef("target_uid"), after__isnull=True
    )
    for uid in _uids(written.filter(~Exists(removed)), model, present=False):
        yield Contradiction(
            model._meta.verbose_name, of_uid(uid), "已由导入写入，却不在库中，也没有撤销记录", "从备份恢复这条记录"
        )


def _still_there(written, model) -> Iterator[Contradiction]:
    for uid in _uids(written, model, present=True):
        yield Contradiction(model._meta.verbose_name, of_uid(uid), "写入它的导入已撤销，它却仍在库中", "核对后将它作废")


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
    """The uploaded file and the preview of a batch open with the data key of this installation."""
    for batch in ImportBatch.everything.order_by("id").iterator(chunk_size=10):
        for column, sealed in ((batches.FILE, batch.file_sealed), (previews.COLUMN, batch.preview_sealed)):
            if not sealed:
                continue
            try:
                crypto.reveal_bytes(sealed, table=batches.TABLE, column=column, uid=batch.uid)
            except (crypto.DataKeyError, crypto.SealBroken) as broken:
                yield Contradiction(
                    "导入批次",
                    f"“{batch.file_name}”（标识 {batch.uid}）",
                    f"文件或预览打不开（{str(broken).rstrip('。')}）",
                    KEY_REMEDY,
                )
