"""kill -9 in the middle of writing 6,000 members: nothing is left of it, the batch says so and can be confirmed."""

import datetime
import signal
import subprocess
import sys

import pytest
from django.db import connection
from django.utils import timezone

from elections import imports
from members.models import Affiliation, Member
from orgs.enums import BatchState
from orgs.jobs import INTERRUPTED, SILENT, settle_interrupted
from orgs.models import ImportBatch, ImportEffect
from tests import factories, workbooks
from tests.killing import NAME, Writing, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6000


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
