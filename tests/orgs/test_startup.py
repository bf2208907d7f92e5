"""What a server does before its first request."""

import datetime

import pytest
from django.utils import timezone

from orgs import crypto
from orgs.enums import BatchState
from orgs.jobs import SILENT
from orgs.models import DataKey, ImportBatch
from orgs.startup import prepare
from tests.factories import RootFactory, user_at

pytestmark = pytest.mark.django_db(transaction=True)


def test_batch_of_a_killed_server_says_failed_after_the_restart():
    root = RootFactory()
    clerk = user_at(root)
    now = timezone.now() - SILENT
    batch = ImportBatch.objects.create(
        organization=root,
        state=BatchState.APPLYING,
        on=datetime.date(2026, 11, 21),
        uploaded_by=clerk,
        file_name="名册.xlsx",
        file_size=1,
        file_sha256="0" * 64,
        confirmed_by=clerk,
        confirmed_at=now,
        expires_at=now + datetime.timedelta(days=1),
    )
    ImportBatch.objects.update(created_at=now)

    prepare()

    batch.refresh_from_db()
    assert (batch.state, batch.message) == (BatchState.FAILED, "上次写入被中断，没有写入任何数据，请重新确认。")


def test_database_written_with_another_key_is_refused():
    DataKey.objects.create(key_id="another")

    with pytest.raises(crypto.DataKeyError, match="数据密钥与数据库不符"):
        prepare()


def test_database_is_noted_with_the_key_of_its_first_server():
    prepare()
    prepare()

    assert list(DataKey.objects.values_list("key_id", flat=True)) == [crypto.keyring().key_id]
