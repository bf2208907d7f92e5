"""Work that can be cut off in the middle: one effect or none, and afterwards a sentence that says which.

Every job has its own row, a batch. The transaction that writes a batch, or takes it back, locks its row first and
flips its state last; so whoever can take the lock of a row that still says "at work" knows that nothing was kept. A
process that is reading or checking holds no lock, but says that it is alive (`beat`), and checking twice does no harm.

What the queue's own table says about a task counts for one thing only: whether it still waits for a worker.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from orgs.enums import BatchState
from orgs.models import ImportBatch, ImportPart

T = TypeVar("T")

INTERRUPTED = "上次写入被中断，没有写入任何数据，请重新确认。"
UNDO_INTERRUPTED = "上次撤销被中断，数据没有变动，仍是导入后的内容；如需撤销，请重新点击“撤销这次导入”。"
UNCHECKED = "核对没有完成，没有写入任何数据。请点“重新核对”；如果仍不成功，请联系系统管理员。"
AT_WORK = (BatchState.CHECKING, BatchState.APPLYING, BatchState.UNDOING)
MAY_EXPIRE = (BatchState.UNCHECKED, BatchState.CHECKED, BatchState.FAILED, BatchState.REJECTED)
# A worker says every few seconds that it is alive; one that is silent for longer is gone.
SILENT = timedelta(minutes=1)
# A file whose check ends its worker each time is not tried for ever.
MOST_CHECKS = 3
TASKS_KEPT = timedelta(days=7)
ATTEMPTS = 3
# Deadlock and serialization failure (SQLSTATE): the database asks to run the same transaction again.
TRY_AGAIN = frozenset({"40P01", "40001"})

# Keys of the batches that this process reads, checks or writes at the moment.
_here: set[int] = set()


def settle_interrupted(
    *,
    now: datetime | None = None,
    check_again: Callable[[ImportBatch], None] | None = None,
    states: Iterable[BatchState] = AT_WORK,
) -> int:
    """Settle batches (those in `states`) whose process died, and return how many.

    Writing that was cut off is FAILED; a batch that was being taken back is APPLIED as before. Checking that was cut
    off begins anew by `check_again(batch)`, a few times; then, or without `check_again`, it is UNCHECKED. `now` is the
    moment from which silence is measured.

    Never waits: a batch that is being written now is left alone. Called by the worker, when a server starts, by the
    import command and by the pages that show batches; one read when there is nothing to settle.
    """
    now = now or timezone.now()
    silent = _silent(now - SILENT).filter(state__in=states)
    if not silent.exists():
        return 0
    again = []
    try:
        with _without_waiting(), transaction.atomic():
            # On SQLite BEGIN IMMEDIATE has succeeded here, so nobody is writing at all.
            dead = list(_free(silent.exclude(uid__in=waiting())))
            for batch in dead:
                if batch.state == BatchState.APPLYING:
                    _settle(batch, BatchState.FAILED, message=INTERRUPTED)
                elif batch.state == BatchState.UNDOING:
                    stays(batch, {"sentence": UNDO_INTERRUPTED})
                elif check_again is None or batch.checks >= MOST_CHECKS:
                    _settle(batch, BatchState.UNCHECKED, message=UNCHECKED)
                else:
                    ImportBatch.objects.filter(pk=batch.pk).update(progressed_at=now, checks=F("checks") + 1)
                    again.append(batch)
    except OperationalError:
        if connection.vendor != "sqlite":
            raise
        return 0  # somebody holds the write lock: alive
    for batch in again:
        check_again(batch)
    return len(dead)


def stays(batch: ImportBatch, refused: dict) -> None:
    """Note of a batch that was to be taken back that it stands as it was, and why (ImportBatch.undo_refused)."""
    _settle(batch, BatchState.APPLIED, undone_by=None, undone_at=None, undo_refused=refused)


def waiting() -> set[UUID]:
    """The batches whose task waits for a worker; every task names its batch by the keyword `batch`."""
    ready = DBTaskResult.objects.ready().values_list("args_kwargs", flat=True)
    return {UUID(each["kwargs"]["batch"]) for each in ready if "batch" in each["kwargs"]}


@contextmanager
def at_work(batch: ImportBatch) -> Iterator[None]:
    """While the block runs, `beat` says that this batch is being worked on."""
    _here.add(batch.pk)
    try:
        yield
    finally:
        _here.discard(batch.pk)


def beat() -> None:
    """Say of all batches at work in this process that it is alive; one that is locked needs no such word."""
    if not _here:
        return
    try:
        with _without_waiting(), transaction.atomic():
            alive = _free(ImportBatch.objects.filter(pk__in=list(_here), state__in=AT_WORK))
            ImportBatch.objects.filter(pk__in=[batch.pk for batch in alive]).update(progressed_at=timezone.now())
    except OperationalError:
        if connection.vendor != "sqlite":
            raise


def clear_tasks(now: datetime | None = None) -> int:
    """Remove what the queue keeps of tasks begun long ago, whatever came of them; return how many."""
    return DBTaskResult.objects.filter(started_at__lt=(now or timezone.now()) - TASKS_KEPT).delete()[0]


def _silent(since: datetime) -> QuerySet[ImportBatch]:
    """Batches at work of which nothing was heard since a moment."""
    found = ImportBatch.objects.filter(state__in=AT_WORK, created_at__lte=since)
    return found.exclude(confirmed_at__gt=since).exclude(progressed_at__gt=since).exclude(undone_at__gt=since)


def _free(batches: QuerySet[ImportBatch]) -> QuerySet[ImportBatch]:
    """Those of the batches that nobody has locked, locked by us; only what settling needs is read."""
    locked = batches.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
    return locked.order_by("pk").only("pk", "uid", "state", "checks")


def _settle(batch: ImportBatch, state: BatchState, **values) -> None:
    """Give a batch another state, unless it was given one meanwhile."""
    here = ImportBatch.objects.filter(pk=batch.pk, state=batch.state)
    here.update(state=state, version=F("version") + 1, **values)


def expire_previews() -> int:
    """Purge file and preview of batches that nobody confirmed in time; return how many."""
    overdue = ImportBatch.objects.filter(state__in=MAY_EXPIRE, expires_at__lte=timezone.now())
    expired = overdue.update(
        state=BatchState.EXPIRED,
        message="预览已过期，文件已清除，如需导入请重新上传。",
        file_sealed=None,
        preview_sealed=None,
        version=F("version") + 1,
    )
    if expired:
        ImportPart.objects.filter(batch__state=BatchState.EXPIRED).delete()
    return expired


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


def lift_time_limit() -> None:
    """Let the statements of this transaction, its COMMIT among them, take as long as they need."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")


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
