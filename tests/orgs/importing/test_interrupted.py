"""Batches whose process died: what becomes of them, when, and which are left alone."""

import datetime

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from orgs import jobs
from orgs.enums import BatchState
from orgs.models import ImportBatch, ImportPart
from tests.factories import RootFactory, user_at

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC)
LATER = NOW + jobs.SILENT


@pytest.fixture(autouse=True)
def on_the_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def batch():
    return make_batch()


def make_batch(**values) -> ImportBatch:
    root = RootFactory()
    made = {
        "organization": root,
        "on": datetime.date(2026, 11, 21),
        "uploaded_by": user_at(root),
        "file_name": "名册.xlsx",
        "file_size": 1,
        "file_sha256": "",
        "state": BatchState.CHECKING,
        "expires_at": NOW + datetime.timedelta(days=14),
    }
    return ImportBatch.objects.create(**made | values)


def queued(batch) -> DBTaskResult:
    return DBTaskResult.objects.create(
        task_path="a.task",
        args_kwargs={"args": [], "kwargs": {"batch": str(batch.uid)}},
        backend_name="default",
        run_after=None,
    )


def state_of(batch) -> tuple:
    batch.refresh_from_db()
    return batch.state, batch.message, batch.version


def test_a_check_that_fell_silent_begins_anew(batch):
    again = []

    assert jobs.settle_interrupted(now=LATER, check_again=again.append) == 1

    assert again == [batch]
    assert state_of(batch) == (BatchState.CHECKING, "", 1)
    assert (batch.checks, batch.progressed_at) == (1, LATER)
    # It was just begun.
    assert jobs.settle_interrupted(now=LATER, check_again=again.append) == 0


def test_a_file_that_ends_its_worker_each_time_is_not_tried_for_ever(batch):
    again = []
    for minutes in range(1, 6):
        jobs.settle_interrupted(now=NOW + minutes * jobs.SILENT, check_again=again.append)

    assert again == [batch] * jobs.MOST_CHECKS
    assert state_of(batch) == (BatchState.UNCHECKED, jobs.UNCHECKED, 2)


def test_without_a_worker_a_check_is_said_to_be_unfinished(batch):
    assert jobs.settle_interrupted(now=LATER) == 1

    assert state_of(batch) == (BatchState.UNCHECKED, jobs.UNCHECKED, 2)


@pytest.mark.parametrize("state", jobs.AT_WORK)
def test_whoever_beats_is_alive(batch, state):
    ImportBatch.objects.update(state=state)
    with jobs.at_work(batch):
        jobs.beat()
    batch.refresh_from_db()

    assert batch.progressed_at == NOW
    assert jobs.settle_interrupted(now=LATER - datetime.timedelta(seconds=1)) == 0
    assert state_of(batch) == (state, "", 1)


def test_nobody_beats_for_a_batch_that_is_done(batch):
    with jobs.at_work(batch):
        pass
    jobs.beat()

    batch.refresh_from_db()
    assert batch.progressed_at is None


@pytest.mark.parametrize("state", jobs.AT_WORK)
def test_a_batch_that_waits_for_a_worker_is_left_alone(batch, state):
    ImportBatch.objects.update(state=state)
    task = queued(batch)

    assert jobs.settle_interrupted(now=LATER) == 0

    task.claim("a worker that was killed")
    assert jobs.settle_interrupted(now=LATER) == 1


def test_a_confirm_of_an_old_batch_is_not_taken_for_dead_at_once(batch):
    ImportBatch.objects.update(
        state=BatchState.APPLYING,
        created_at=NOW - datetime.timedelta(days=1),
        confirmed_at=NOW,
        confirmed_by=batch.uploaded_by,
    )

    assert jobs.settle_interrupted(now=NOW + datetime.timedelta(seconds=59)) == 0
    assert jobs.settle_interrupted(now=LATER) == 1
    assert state_of(batch) == (BatchState.FAILED, jobs.INTERRUPTED, 2)


def test_an_undo_that_fell_silent_leaves_the_batch_imported_and_can_be_asked_for_again(batch):
    ImportBatch.objects.update(
        state=BatchState.UNDOING,
        message="已导入：新增 1 行。",
        created_at=NOW - datetime.timedelta(days=1),
        undone_at=NOW,
        undone_by=batch.uploaded_by,
    )

    assert jobs.settle_interrupted(now=NOW + datetime.timedelta(seconds=59)) == 0
    assert jobs.settle_interrupted(now=LATER) == 1
    assert state_of(batch) == (BatchState.APPLIED, "已导入：新增 1 行。", 2)
    assert (batch.undone_by, batch.undone_at) == (None, None)
    assert batch.undo_refused == {"sentence": jobs.UNDO_INTERRUPTED}


@pytest.mark.parametrize("state", [state for state in BatchState if state not in jobs.AT_WORK])
def test_a_batch_at_rest_is_left_alone(batch, state):
    ImportBatch.objects.update(state=state)

    assert jobs.settle_interrupted(now=LATER) == 0


@pytest.mark.parametrize("state", jobs.MAY_EXPIRE)
def test_an_expired_preview_leaves_with_its_file_and_all_its_parts(batch, state):
    ImportBatch.objects.update(state=state, expires_at=NOW, file_sealed=b"file", preview_sealed=b"preview")
    ImportPart.objects.create(batch=batch, run=batch.uid, number=1, rows=1, sealed=b"rows")
    kept = make_batch(state=state)
    part = ImportPart.objects.create(batch=kept, run=kept.uid, number=1, rows=1, sealed=b"rows")

    assert jobs.expire_previews() == 1

    batch.refresh_from_db()
    assert (batch.state, batch.file_sealed, batch.preview_sealed) == (BatchState.EXPIRED, None, None)
    assert list(ImportPart.objects.all()) == [part]


def test_what_the_queue_keeps_is_cleared_after_a_week_even_of_a_killed_worker(batch):
    task = queued(batch)
    task.claim("a worker that was killed")
    waiting = queued(batch)

    assert jobs.clear_tasks(timezone.now() + jobs.TASKS_KEPT) == 0
    assert jobs.clear_tasks(timezone.now() + jobs.TASKS_KEPT + datetime.timedelta(seconds=1)) == 1
    assert list(DBTaskResult.objects.all()) == [waiting]
