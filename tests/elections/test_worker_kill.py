"""kill -9 of the worker while it checks, writes or undoes 6,000 members: one effect, and a batch that says which."""

import contextlib
import datetime
import signal
import subprocess
import sys

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from elections import imports
from elections.imports import background
from members.models import Affiliation, Member
from orgs.enums import BatchState
from orgs.exporting import write_csv
from orgs.jobs import INTERRUPTED, SILENT, UNDO_INTERRUPTED
from orgs.models import AuditEvent, ImportBatch, ImportEffect, ImportPart
from tests import factories, workbooks
from tests.killing import NAME, Writing, wait_for
from tests.snapshots import books

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6000
BRANCHES = 20
# How the batch stands is asked by itself.
BATCHES = frozenset({"orgs.importbatch"})
TITLES = ("党组织编码", "姓名", "身份证号", "联系电话")


@pytest.fixture(autouse=True)
def in_the_background(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def clerk():
    root = factories.RootFactory(code="YL")
    for number in range(BRANCHES):
        factories.OrganizationFactory(parent=root, code=f"YL{number:02d}")
    return factories.user_at(root, username="clerk")


def roster(clerk) -> dict:
    """A file of six thousand people, as it is received."""
    first = datetime.date(1930, 1, 1)
    rows = []
    for number in range(PEOPLE):
        birth = (first + datetime.timedelta(days=number)).strftime("%Y%m%d")
        rows.append(
            [f"YL{number % BRANCHES:02d}", "李明", workbooks.id_number(birth=birth, order="011"), "15400000001"]
        )
    return {
        "data": write_csv(TITLES, rows),
        "file_name": "名册.csv",
        "kind": "members",
        "organization": clerk.organization,
        "on": datetime.date(2026, 11, 21),
        "by": clerk,
    }


def received(clerk) -> ImportBatch:
    """A batch that waits for a worker."""
    return background.receive(**roster(clerk))


@pytest.fixture
def worker(repository, child_environment):
    """`worker(name, *options)` in a `with` block: a worker of its own, killed at the end if it still runs."""

    @contextlib.contextmanager
    def start(name, *options):
        process = subprocess.Popen(
            [
                sys.executable,
                "manage.py",
                "db_worker",
                "--no-reload",
                "--no-startup-delay",
                "--worker-id",
                name,
                *options,
            ],
            cwd=repository,
            env={**child_environment, "HJ_NO_BOOTSTRAP": "1", "HJ_BACKGROUND": "1", "PGAPPNAME": NAME},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    return start


def work_off(worker, name):
    """All that waits is done by one more worker."""
    with worker(name, "--batch") as process:
        assert process.wait(timeout=180) == 0


def held_by() -> list[tuple]:
    """Which worker holds, and for ever will hold, which task."""
    return [(task.task_name, task.worker_ids) for task in DBTaskResult.objects.running()]


def test_a_check_that_was_killed_is_done_again_and_shown_once(clerk, worker):
    batch = received(clerk)

    with worker("first") as process:
        wait_for(ImportPart.objects.exists, process)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert held_by() == [("check_batch", ["first"])]
    batch.refresh_from_db()
    assert (batch.state, batch.shown_run) == (BatchState.CHECKING, None)
    assert ImportPart.objects.exists()

    assert background.jobs.settle_interrupted(now=timezone.now() + SILENT, check_again=background.check) == 1
    work_off(worker, "second")

    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"], batch.checks) == (BatchState.CHECKED, PEOPLE, 1)
    assert batch.progress_done == PEOPLE
    assert set(ImportPart.objects.values_list("run", flat=True)) == {batch.shown_run}
    assert sum(ImportPart.objects.values_list("rows", flat=True)) == PEOPLE
    assert Member.objects.count() == 0


def test_writing_that_was_killed_leaves_nothing_says_so_and_is_done_once_when_confirmed_again(clerk, worker):
    batch = received(clerk)
    work_off(worker, "checks")
    background.confirm(batch=batch, partial=False, by=clerk)
    assert batch.state == BatchState.APPLYING

    with worker("first") as process:
        wait_for(Writing(), process)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert held_by() == [("write_batch", ["first"])]

    # PostgreSQL notices the broken connection at its own time.
    wait_for(lambda: background.jobs.settle_interrupted(now=timezone.now() + SILENT) == 1)
    batch.refresh_from_db()
    assert (batch.state, batch.message) == (BatchState.FAILED, INTERRUPTED)
    assert (Member.everything.count(), Affiliation.everything.count(), ImportEffect.objects.count()) == (0, 0, 0)

    background.confirm(batch=batch, partial=False, by=clerk)
    work_off(worker, "second")

    batch.refresh_from_db()
    assert batch.state == BatchState.APPLIED
    assert (Member.objects.count(), Affiliation.objects.count()) == (PEOPLE, PEOPLE)
    assert AuditEvent.objects.filter(kind="import.apply").count() == 1


def test_an_undo_that_was_killed_leaves_everything_says_so_and_is_done_once_when_asked_for_again(clerk, worker):
    batch = imports.upload(**roster(clerk))
    imports.confirm(batch=batch, partial=False, by=clerk)
    before = books(without=BATCHES)
    background.undo(batch=batch, by=clerk)
    assert batch.state == BatchState.UNDOING

    in_the_middle = Writing(BatchState.UNDOING)
    with worker("first") as process:
        wait_for(in_the_middle, process)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert held_by() == [("take_back_batch", ["first"])]

    wait_for(lambda: background.jobs.settle_interrupted(now=timezone.now() + SILENT) == 1)
    batch.refresh_from_db()
    assert (batch.state, batch.undo_refused) == (BatchState.APPLIED, {"sentence": UNDO_INTERRUPTED})
    assert (batch.undone_by, batch.undone_at) == (None, None)
    assert books(without=BATCHES) == before
    assert (Member.objects.count(), AuditEvent.objects.filter(kind="import.undo").count()) == (PEOPLE, 0)

    background.undo(batch=batch, by=clerk)
    work_off(worker, "second")

    batch.refresh_from_db()
    assert (batch.state, batch.undone_by, batch.undo_refused) == (BatchState.UNDONE, clerk, None)
    assert (Member.everything.count(), Affiliation.everything.count()) == (0, 0)
    assert AuditEvent.objects.filter(kind="import.undo").count() == 1


def test_a_worker_takes_up_what_another_left_when_it_starts(clerk, worker):
    batch = received(clerk)
    # As a killed worker leaves it: taken from the queue, and silent for longer than anybody alive.
    for task in DBTaskResult.objects.all():
        task.claim("killed")
    ImportBatch.objects.update(created_at=timezone.now() - SILENT)

    with worker("next", "--max-tasks", "1") as process:
        assert process.wait(timeout=180) == 0

    batch.refresh_from_db()
    assert (batch.state, batch.counts["good"]) == (BatchState.CHECKED, PEOPLE)
    assert held_by() == [("check_batch", ["killed"])]
