"""Work that can be cut off in the middle: one effect or none, and afterwards a sentence that says which.

A job's row is locked by the transaction that does the work, and its state is flipped as that transaction's last
act. Whoever can take the lock of a row that still says "at work" therefore knows that the worker is gone and
that nothing of its work was kept.
"""

from collections.abc import Callable
from contextlib import contextmanager
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone

from orgs.enums import BatchState
from orgs.models import ImportBatch

T = TypeVar("T")

INTERRUPTED = "上次写入被中断，没有写入任何数据，请重新确认。"
ATTEMPTS = 3
# Deadlock and serialization failure (SQLSTATE): the database asks to run the same transaction again.
TRY_AGAIN = frozenset({"40P01", "40001"})


def settle_interrupted() -> int:
    """Mark batches FAILED whose writing process died; return how many.

    Never waits: a batch that is being written now is left alone. Called when the server starts, by the import
    command and by the pages that show batches; one read when there is nothing to settle.
    """
    if not ImportBatch.objects.filter(state=BatchState.APPLYING).exists():
        return 0
    try:
        with _without_waiting(), transaction.atomic():
            # On SQLite BEGIN IMMEDIATE has succeeded here, so nobody is writing at all.
            dead = list(
                ImportBatch.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
                .filter(state=BatchState.APPLYING)
                .order_by("pk")
                .values_list("pk", flat=True)
            )
            return ImportBatch.objects.filter(pk__in=dead).update(
                state=BatchState.FAILED, message=INTERRUPTED, version=F("version") + 1
            )
    except OperationalError:
        if connection.vendor != "sqlite":
            raise
        return 0  # somebody holds the write lock: alive


def expire_previews() -> int:
    """Purge file and preview of batches that nobody confirmed in time; return how many."""
    overdue = ImportBatch.objects.filter(
        state__in=(BatchState.CHECKED, BatchState.FAILED, BatchState.REJECTED), expires_at__lte=timezone.now()
    )
    return overdue.update(
        state=BatchState.EXPIRED,
        message="预览已过期，文件已清除，如需导入请重新上传。",
        file_sealed=None,
        preview_sealed=None,
        version=F("version") + 1,
    )


def repeated(work: Callable[[], T]) -> T:
    """The result of `work`, a whole transaction, run again (up to 3 times) when another one crossed it.

    Crossed means a deadlock, a serialization failure, or a unique key that another transaction took first: the
    second run reads what the other one left.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return work()
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
        except OperationalError as error:
            if attempt == ATTEMPTS or getattr(error.__cause__, "sqlstate", None) not in TRY_AGAIN:
                raise
    raise AssertionError("unreachable")


@contextmanager
def _without_waiting():
    """On SQLite: do not wait for another writer inside the block."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        waiting = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {int(waiting)}")
