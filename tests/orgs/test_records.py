"""Changing a record under its version."""

import pytest
from django.core.exceptions import ValidationError

from orgs.models import AuditEvent, Organization
from orgs.services.records import StaleRecord, save_changes, void
from tests.factories import OrganizationFactory, user_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return OrganizationFactory(contact_name="陈晓燕")


@pytest.fixture
def clerk(branch):
    return user_at(branch)


def save(record, by, **options):
    return save_changes(record, by=by, kind="organization.change", organization=record, **options)


def test_a_change_is_written_counted_and_logged(branch, clerk):
    changed = save(branch, clerk, changes={"contact_name": "李秀英", "remark": ""})

    stored = Organization.objects.get(pk=branch.pk)
    event = AuditEvent.objects.get()
    assert changed == {"contact_name": ["陈晓燕", "李秀英"]}
    assert (stored.contact_name, stored.version, branch.version) == ("李秀英", 2, 2)
    assert (event.kind, event.actor, event.target_uid, event.changes) == (
        "organization.change",
        clerk,
        branch.uid,
        {"contact_name": ["陈晓燕", "李秀英"]},
    )


def test_without_a_difference_nothing_is_written(branch, clerk):
    assert save(branch, clerk, changes={"contact_name": "陈晓燕"}) == {}
    assert Organization.objects.get(pk=branch.pk).version == 1
    assert not AuditEvent.objects.exists()


def test_a_record_changed_by_another_is_not_overwritten(branch, clerk):
    mine = Organization.objects.get(pk=branch.pk)
    save(branch, clerk, changes={"contact_name": "李秀英"})

    with pytest.raises(StaleRecord, match="刚被他人修改过"):
        save(mine, clerk, changes={"contact_name": "赵敏"})

    assert Organization.objects.get(pk=branch.pk).contact_name == "李秀英"
    assert AuditEvent.objects.count() == 1


def test_the_version_of_the_form_decides_not_the_one_just_read(branch, clerk):
    save(branch, clerk, changes={"contact_name": "李秀英"})
    fresh = Organization.objects.get(pk=branch.pk)

    with pytest.raises(StaleRecord):
        save(fresh, clerk, changes={"contact_name": "赵敏"}, expected_version=1)
    save(Organization.objects.get(pk=branch.pk), clerk, changes={"contact_name": "赵敏"}, expected_version=2)

    assert Organization.objects.get(pk=branch.pk).contact_name == "赵敏"


def test_a_value_that_does_not_fit_is_refused_in_chinese_and_not_written(branch, clerk):
    OrganizationFactory(code="DUPLICATE")

    with pytest.raises(ValidationError) as caught:
        save(branch, clerk, changes={"code": "DUPLICATE"})

    assert caught.value.messages == ["该统一编码已被使用，请核对。"]
    assert Organization.objects.filter(code="DUPLICATE").count() == 1
    assert not AuditEvent.objects.exists()


def test_a_voided_record_counts_nowhere_and_keeps_its_trace(branch, clerk):
    void(branch, by=clerk, reason="重复登记", organization=branch)

    stored = Organization.everything.get(pk=branch.pk)
    assert not Organization.objects.filter(pk=branch.pk).exists()
    assert (stored.voided_by, stored.voided_reason, stored.version) == (clerk, "重复登记", 2)
    assert stored.voided_at is not None
    assert AuditEvent.objects.get().kind == "void"
