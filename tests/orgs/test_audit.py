"""The log: what it keeps, what it never keeps, and that it only grows."""

import json

import pytest
from django.db import transaction

from members.models import Member
from orgs import audit
from orgs.models import AuditEvent, Organization
from tests.factories import MemberFactory, OrganizationFactory, RootFactory, UnitFactory, UserFactory

NUMBER, PHONE = "119901199003071235", "15400000123"

pytestmark = pytest.mark.django_db


def test_an_event_names_what_where_and_who():
    root = RootFactory()
    branch = OrganizationFactory(parent=OrganizationFactory(parent=root))
    user = UserFactory()

    event = audit.record_event(
        kind="organization.change", target=branch, organization=branch, by=user, changes={"name": ["甲", "乙"]}
    )

    assert (event.kind, event.target_type, event.target_uid) == (
        "organization.change",
        "orgs.organization",
        branch.uid,
    )
    assert (event.root, event.actor, event.changes) == (root, user, {"name": ["甲", "乙"]})
    assert (event.seq, event.hash) == (None, None)


def test_an_event_needs_neither_target_nor_place():
    event = audit.record_event(kind="sign_in.refused", by=None)

    assert (event.target_type, event.target_uid, event.root, event.actor, event.changes) == ("", None, None, None, {})


def test_the_root_of_a_root_is_itself():
    root = RootFactory()

    assert audit.root_of(root) == root
    assert audit.root_of(None) is None


def test_values_are_texts_numbers_and_uids():
    branch = OrganizationFactory()
    unit = UnitFactory(keeper=branch)

    values = audit.values_of(unit, ["name", "keeper", "is_large", "version"])

    assert values == {"name": unit.name, "keeper": str(branch.uid), "is_large": None, "version": 1}


def test_only_what_differs_is_kept():
    assert audit.differences({"name": "甲", "code": "1"}, {"name": "乙", "code": "1"}) == {"name": ["甲", "乙"]}


def test_sealed_values_are_named_as_changed_and_never_shown():
    before = MemberFactory()
    after = Member.objects.get(pk=before.pk)
    after.set_id_number(NUMBER)
    after.set_phone(PHONE)
    after.name = "李秀英"
    fields = ["name", "id_number_sealed", "id_number_index", "phone_sealed"]

    changes = audit.differences(audit.values_of(before, fields), audit.values_of(after, fields))

    assert changes == {
        "name": ["王建国", "李秀英"],
        "id_number_sealed": "changed",
        "id_number_index": "changed",
        "phone_sealed": "changed",
    }
    text = json.dumps(changes)
    for secret in (NUMBER, PHONE, after.id_number_index, after.id_number_sealed, after.phone_sealed):
        assert secret not in text


def test_the_log_can_only_be_added_to():
    event = audit.record_event(kind="organization.create", organization=OrganizationFactory(), by=UserFactory())

    for change in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(kind="nothing"),
    ):
        with pytest.raises(TypeError, match="审计日志只能追加"):
            change()

    assert AuditEvent.objects.get().kind == "organization.create"


def test_an_event_falls_with_the_change_it_belongs_to():
    with pytest.raises(RuntimeError), transaction.atomic():
        organization = OrganizationFactory()
        audit.record_event(kind="organization.create", target=organization, organization=organization, by=None)
        raise RuntimeError

    assert not AuditEvent.objects.exists()
    assert not Organization.objects.exists()
