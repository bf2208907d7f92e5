"""Checking and writing rosters as tasks for the worker; where none runs (dev, tests), a task runs at once.

A task names its batch by the keyword `batch` and nothing else: what is to be done stands in the batch's own row. No
exception leaves a task: the queue would keep its traceback, which may name people.
"""

import logging

from django_tasks import task
from django_tasks_db import DatabaseBackend

from elections.imports import importer
from orgs import jobs
from orgs.importing import undo as undoing
from orgs.importing.open_lists import close_mended
from orgs.importing.refusals import ChoicesRefused, ImportRefused, PreviewOutdated
from orgs.models import ImportBatch
from orgs.refusals import UndoBlocked

logger = logging.getLogger(__name__)

# Somebody has read a preview and waits; it also is the shorter work.
BEFORE_CHECKS = 10


@task()
def check_batch(batch: str) -> None:
    """Check the file of a batch (its uid) that is CHECKING; one in another state is left as it is."""
    found = _batch(batch)
    with jobs.at_work(found):
        try:
            importer.check(found)
        except ImportRefused as refused:
            logger.info("import batch %s is not checked: %s", batch, refused)
        except Exception:
            logger.exception("import batch %s was not checked", batch)


@task(priority=BEFORE_CHECKS)
def write_batch(batch: str) -> None:
    """Write a batch (its uid) that was claimed; one in another state is left as it is."""
    found = _batch(batch)
    with jobs.at_work(found):
        try:
            close_mended(importer.write(found))
        except PreviewOutdated as outdated:
            _say(found, str(outdated))
        except ChoicesRefused:
            logger.info("import batch %s is not written: choices for people", batch)  # the sentence names them
        except ImportRefused as refused:
            logger.info("import batch %s is not written: %s", batch, refused)
        except Exception:
            logger.exception("import batch %s was not written", batch)


@task(priority=BEFORE_CHECKS)
def take_back_batch(batch: str) -> None:
    """Take back a batch (its uid) that was claimed for it; one in another state is left as it is."""
    found = _batch(batch)
    with jobs.at_work(found):
        try:
            importer.take_back(found)
        except UndoBlocked:
            logger.info("import batch %s is not taken back: something depends on it", batch)  # the reasons name people
        except ImportRefused as refused:
            logger.info("import batch %s is not taken back: %s", batch, refused)
        except Exception:
            logger.exception("import batch %s was not taken back", batch)


def receive(**asked) -> ImportBatch:
    """Store a file (as Importer.receive) and have it checked."""
    batch = importer.receive(**asked)
    check(batch)
    return batch


def check(batch: ImportBatch) -> None:
    """Have a batch checked; with a worker this only puts it into the queue."""
    check_batch.enqueue(batch=str(batch.uid))
    batch.refresh_from_db()


def confirm(*, batch: ImportBatch, partial: bool, by) -> ImportBatch:
    """Claim a batch (as Importer.claim, with its refusals) and have it written; its row says what came of it."""
    claimed = importer.claim(batch=batch, partial=partial, by=by)
    write_batch.enqueue(batch=str(claimed.uid))
    claimed.refresh_from_db()
    return claimed


def undo(*, batch: ImportBatch, by) -> ImportBatch:
    """Claim a batch to be taken back (orgs.importing.undo.claim, with its refusals); its row says what came of it."""
    claimed = undoing.claim(batch=batch, by=by)
    take_back_batch.enqueue(batch=str(claimed.uid))
    claimed.refresh_from_db()
    return claimed


def settle() -> int:
    """Settle batches whose process died (orgs.jobs); where a worker runs a check begins anew. Return how many."""
    return jobs.settle_interrupted(check_again=check if has_worker() else None)


def tend() -> None:
    """What a worker sees to once a minute: batches whose process died, expired previews, what the queue keeps."""
    settle()
    jobs.expire_previews()
    jobs.clear_tasks()


def has_worker() -> bool:
    """Whether tasks wait for a worker instead of running at once."""
    return isinstance(check_batch.get_backend(), DatabaseBackend)


def _batch(uid: str) -> ImportBatch:
    return ImportBatch.objects.select_related("organization", "uploaded_by").get(uid=uid)


def _say(batch: ImportBatch, sentence: str) -> None:
    """Put a sentence before what a renewed preview says, for whoever comes back to the page."""
    batch.refresh_from_db()
    ImportBatch.objects.filter(pk=batch.pk, version=batch.version).update(message=f"{sentence}{batch.message}"[:300])
