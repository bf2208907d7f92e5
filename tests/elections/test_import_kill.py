"""kill -9 in the middle of writing 6,000 members: nothing is left of it, the batch says so and can be confirmed."""

import datetime
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest
from django.db import connection
from django.utils import timezone

from elections import imports
from members.models import Affiliation, Member
from orgs.enums import BatchState
from orgs.jobs import INTERRUPTED, SILENT, settle_interrupted
from orgs.models import ImportBatch, ImportEffect
from tests import factories, workbooks

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6000
DEADLINE = 120
NAME = "kill-test"


@pytest.fixture
def clerk():
    root = factories.RootFactory(code="YL")
    for number in range(20):
        factories.OrganizationFactory(parent=root, code=f"YL{number:02d}")
    return factories.user_at(root, username="clerk")


@pytest.fixture
def roster(tmp_path):
    first = datetime.date(1950, 1, 1)
    rows = []
    for number in range(PEOPLE):
        birth = (first + datetime.timedelta(days=number)).strftime("%Y%m%d")
        rows.append([f"YL{number % 20:02d}", "李明", workbooks.id_number(birth=birth, order="011"), "15400000001"])
    path = tmp_path / "roster.xlsx"
    path.write_bytes(workbooks.xlsx(("名册", [["党组织编码", "姓名", "身份证号", "联系电话"], *rows])))
    return path


class Writing:
    """Asked again and again: whether the other process is in the middle of its transaction, with rows written."""

    def __init__(self):
        self.size_at_begin = None

    def __call__(self) -> bool:
        if not ImportBatch.objects.filter(state=BatchState.APPLYING).exists():
            return False
        return self.on_postgresql() if connection.vendor == "postgresql" else self.on_sqlite()

    def on_postgresql(self) -> bool:
        """It holds the lock that inserting affiliations takes, and those come after the members."""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT count(*) FROM pg_locks held
                   JOIN pg_stat_activity session ON session.pid = held.pid
                   WHERE session.application_name = %s AND held.mode = 'RowExclusiveLock' AND held.granted
                     AND held.relation = 'members_affiliation'::regclass""",
                [NAME],
            )
            return cursor.fetchone()[0] > 0

    def on_sqlite(self) -> bool:
        """It holds the write lock, and its pages have begun to run over into the write-ahead log."""
        path = connection.settings_dict["NAME"]
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
            return False
        except sqlite3.OperationalError:
            size = os.path.getsize(f"{path}-wal")
            self.size_at_begin = size if self.size_at_begin is None else self.size_at_begin
            return size > self.size_at_begin
        finally:
            other.close()


def wait_for(condition, process=None):
    """Return when `condition()` holds; fail when the process ends before, or after two minutes."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert process is None or process.poll() is None, "the import ended before it could be killed"
        assert time.monotonic() < end, "waited too long"


def test_killed_import_leaves_nothing_and_can_be_confirmed_again(clerk, roster, child_environment, repository):
    process = subprocess.Popen(
        [sys.executable, "manage.py", "import_roster", "members", str(roster), "--user", "clerk", "--confirm"],
        cwd=repository,
        env={**child_environment, "HJ_NO_BOOTSTRAP": "1", "PGAPPNAME": NAME},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    wait_for(Writing(), process)
    process.send_signal(signal.SIGKILL)

    assert process.wait() == -signal.SIGKILL
    # PostgreSQL notices the broken connection at its own time.
    wait_for(lambda: settle_interrupted(now=timezone.now() + SILENT) == 1)
    assert (Member.everything.count(), Affiliation.everything.count(), ImportEffect.objects.count()) == (0, 0, 0)
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.message) == (BatchState.FAILED, INTERRUPTED)

    imports.confirm(batch=batch, partial=False, by=clerk)

    assert (Member.objects.count(), Affiliation.objects.count()) == (PEOPLE, PEOPLE)
    assert batch.state == BatchState.APPLIED


def test_batch_that_is_being_written_is_left_alone(clerk):
    batch = ImportBatch.objects.create(
        organization=clerk.organization,
        on=datetime.date(2026, 11, 21),
        uploaded_by=clerk,
        file_name="a.xlsx",
        file_size=1,
        file_sha256="",
        state=BatchState.APPLYING,
        expires_at=datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC),
    )
    later = timezone.now() + SILENT
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE" if other.vendor == "sqlite" else "BEGIN")
            cursor.execute("UPDATE orgs_importbatch SET version = version WHERE id = %s", [batch.pk])

            assert settle_interrupted(now=later) == 0

            cursor.execute("ROLLBACK")
    finally:
        other.close()
    assert settle_interrupted(now=later) == 1
