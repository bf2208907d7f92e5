"""Two clerks at once: one effect, whatever the order."""

import datetime
import threading

import pytest
from django.db import connection

from elections import imports
from members.models import Affiliation, Member
from orgs.enums import BatchState
from orgs.models import AuditEvent, ImportBatch, Organization
from tests import factories, workbooks

pytestmark = pytest.mark.django_db(transaction=True)

ON = datetime.date(2026, 11, 21)
PEOPLE = 60


@pytest.fixture
def root():
    root = factories.RootFactory(code="YL")
    for number in range(3):
        factories.OrganizationFactory(parent=root, code=f"YL{number}", name=f"虚构社区第{number}党支部")
    return root


def uploaded(root, kind, rows):
    clerk = factories.user_at(root)
    data = workbooks.xlsx(("名册", rows))
    batch = imports.upload(data=data, file_name="a.xlsx", kind=kind, organization=root, on=ON, by=clerk)
    return batch, clerk


def people(reverse=False):
    rows = [
        [f"YL{number % 3}", f"李{'一二三四五六七八九十'[number % 10]}", workbooks.id_number(order=f"{number:03d}")]
        for number in range(PEOPLE)
    ]
    return [["党组织编码", "姓名", "身份证号"], *(rows[::-1] if reverse else rows)]


def confirm(batch, clerk):
    imports.confirm(batch=batch, partial=False, by=clerk)


def undo(batch, clerk):
    imports.undo(batch=batch, by=clerk)


def at_once(*confirmations, step=confirm):
    """Take the step with all batches at the same moment; return what each raised, or None."""
    barrier, outcomes = threading.Barrier(len(confirmations)), {}

    def run(place, batch, clerk):
        try:
            barrier.wait()
            step(ImportBatch.objects.get(pk=batch.pk), clerk)
            outcomes[place] = None
        except Exception as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, *each)) for place, each in enumerate(confirmations)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcomes[place] for place in range(len(confirmations))]


def test_same_roster_confirmed_twice_at_once_has_one_effect(root):
    first, second = uploaded(root, "members", people()), uploaded(root, "members", people(reverse=True))

    outcomes = at_once(first, second)

    assert outcomes == [None, None]
    assert (Member.objects.count(), Affiliation.objects.count()) == (PEOPLE, PEOPLE)
    written = sorted(each.effects.count() for each in ImportBatch.objects.all())
    assert written == [0, 2 * PEOPLE + 3]


def test_one_batch_confirmed_twice_at_once_is_written_once(root):
    batch, clerk = uploaded(root, "members", people())

    outcomes = at_once((batch, clerk), (batch, clerk))

    refused = [each for each in outcomes if each is not None]
    assert [type(each) for each in refused] == [imports.BatchClosed]
    assert Member.objects.count() == PEOPLE


def test_one_batch_taken_back_twice_at_once_is_taken_back_once(root):
    batch, clerk = uploaded(root, "members", people())
    confirm(batch, clerk)

    outcomes = at_once((batch, clerk), (batch, clerk), step=undo)

    refused = [each for each in outcomes if each is not None]
    assert [type(each) for each in refused] == [imports.BatchClosed]
    batch.refresh_from_db()
    assert (batch.state, Member.everything.count()) == (BatchState.UNDONE, 0)
    assert AuditEvent.objects.filter(kind="import.undo").count() == 1


def test_same_new_organizations_confirmed_at_once_are_made_once(root):
    header = ["党组织编码", "党组织名称", "上级党组织编码", "组织类别"]
    rows = [header, *([f"N{number}", f"新{number}街道党工委", "YL", "党工委"] for number in range(20))]

    outcomes = at_once(uploaded(root, "organizations", rows), uploaded(root, "organizations", rows[:1] + rows[:0:-1]))

    assert outcomes == [None, None]
    assert Organization.objects.filter(code__startswith="N").count() == 20
    paths = Organization.objects.filter(parent=root).values_list("path", flat=True)
    assert len(set(paths)) == 23
