"""For tests that kill a process at work: when it is in the middle of writing, or of taking back."""

import os
import sqlite3
import time

from django.db import connection

from orgs.enums import BatchState
from orgs.models import ImportBatch

DEADLINE = 120
# More than any short transaction (taking a task, a sign of life) adds to SQLite's log, far less than thousands of rows.
SPILT = 300_000
# The name under which the other process is known to PostgreSQL (PGAPPNAME).
NAME = "kill-test"


class Writing:
    """Asked again and again: whether the other process is in the middle of its transaction, with rows written.

    `state` is the one that the batch has meanwhile.
    """

    def __init__(self, state=BatchState.APPLYING):
        self.state = state
        self.size_at_begin = None
        if connection.vendor == "sqlite":
            # A log that was used before is written over from its beginning and would not grow.
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def __call__(self) -> bool:
        if not ImportBatch.objects.filter(state=self.state).exists():
            return False
        return self.on_postgresql() if connection.vendor == "postgresql" else self.on_sqlite()

    def on_postgresql(self) -> bool:
        """It holds the lock of changing affiliations, which are added after the members and removed before them."""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT count(*) FROM pg_locks held
                   JOIN pg_stat_activity session ON session.pid = held.pid
                   WHERE session.application_name = %s AND session.datname = current_database()
                     AND held.mode = 'RowExclusiveLock' AND held.granted
                     AND held.relation = 'members_affiliation'::regclass""",
                [NAME],
            )
            return cursor.fetchone()[0] > 0

    def on_sqlite(self) -> bool:
        """It has held the write lock since the log was smaller: its pages run over before they are kept."""
        path = connection.settings_dict["NAME"]
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            self.size_at_begin = None
            return False
        except sqlite3.OperationalError:
            size = os.path.getsize(f"{path}-wal")
            self.size_at_begin = size if self.size_at_begin is None else self.size_at_begin
            return size > self.size_at_begin + SPILT
        finally:
            other.close()


def wait_for(condition, process=None):
    """Return when `condition()` holds; fail when the process ends before, or after two minutes."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert process is None or process.poll() is None, "the import ended before it could be killed"
        assert time.monotonic() < end, "waited too long"
