"""The uploaded file of a batch: given back byte for byte, and refused when somebody changed it."""

import datetime
import random

import pytest

from elections import imports
from orgs import crypto
from orgs.importing import files
from orgs.models import ImportBatch
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    root = factories.RootFactory()
    return imports.importer.receive(
        data="姓名\n李明\n".encode(),
        file_name="花名册.csv",
        kind="members",
        organization=root,
        on=datetime.date(2026, 11, 21),
        by=factories.user_at(root),
    )


@pytest.mark.parametrize("size", [0, 1, 2 * files.SLICE, 2 * files.SLICE + 1])
def test_a_file_is_given_back_byte_for_byte(batch, size):
    data = random.Random(1).randbytes(size)  # nothing that packing makes smaller

    files.keep(batch, data)
    batch.file_size = size

    assert files.file_of(batch) == data


def test_a_changed_file_is_not_opened(batch):
    sealed = bytearray(ImportBatch.objects.values_list("file_sealed", flat=True).get(pk=batch.pk))
    sealed[-1] ^= 1
    ImportBatch.objects.filter(pk=batch.pk).update(file_sealed=bytes(sealed))

    with pytest.raises(crypto.SealBroken):
        files.file_of(batch)


def test_a_purged_file_is_told(batch):
    ImportBatch.objects.filter(pk=batch.pk).update(file_sealed=None)

    with pytest.raises(ValueError, match="purged"):
        files.file_of(batch)
