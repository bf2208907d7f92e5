"""Scans of papers: kept sealed with what was recorded, handed out with a trace, withdrawn with a reason."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from elections.models import Appointment, Scan, ScanContent, Term
from elections.services.scans import attach_scan, of_record, open_scan, withdraw_scan
from orgs.crypto import check_database_key
from orgs.enums import Role, ScanKind
from orgs.models import AuditEvent
from orgs.refusals import UndoBlocked
from orgs.scanfiles import WRONG_TYPE
from tests.desk import done, undone
from tests.factories import (
    AppointmentFactory,
    ExtensionFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    user_at,
)
from tests.scans import JPEG, PDF, WEB_PAGE
from tests.snapshots import books

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory(), name="东湖街道党工委")


@pytest.fixture
def clerk(street):
    return user_at(street, name="赵经办")


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street, name="石桥社区党支部")


@pytest.fixture
def term(branch):
    return TermFactory(organization=branch)


def events(scan) -> list[str]:
    return list(AuditEvent.objects.filter(target_uid=scan.uid).order_by("id").values_list("kind", flat=True))


def test_a_scan_is_kept_sealed_and_handed_out_as_it_was(term, clerk):
    scan = attach_scan(record=term, data=PDF, file_name="批复.PDF", by=clerk)

    fresh = Scan.objects.get()
    assert fresh == scan
    assert (fresh.subject, fresh.file_name, fresh.media_type, fresh.size, fresh.kind, fresh.by) == (
        "2024年6月1日换届的一届",
        "批复.pdf",
        "application/pdf",
        len(PDF),
        ScanKind.APPROVAL,
        clerk,
    )
    assert PDF not in bytes(ScanContent.objects.get().sealed)
    assert open_scan(scan=fresh, by=clerk) == PDF
    assert events(scan) == ["scan.attach", "scan.open"]


def test_scans_of_each_sort_of_record(branch, term, clerk):
    extension = ExtensionFactory(term=term, ends_on=datetime.date(2029, 12, 1), approved_on=datetime.date(2026, 3, 1))
    appointment = AppointmentFactory(organization=branch)
    operation = done("contact", branch, clerk, contact_name="李秀英", contact_phone="")

    found = [
        attach_scan(record=each, data=PDF, file_name="批复.pdf", by=clerk).subject
        for each in (term, extension, appointment, operation)
    ]

    assert found == [
        "2024年6月1日换届的一届",
        "延期至2029年12月1日的批复",
        "2026年3月1日的指派（云组〔2026〕2号）",
        "修改联系人：石桥社区党支部",
    ]
    assert [of_record(each).count() for each in (term, extension, appointment, operation)] == [1, 1, 1, 1]


def test_a_file_of_another_type_is_refused_whatever_it_is_called(term, clerk):
    with pytest.raises(ValidationError) as refused:
        attach_scan(record=term, data=WEB_PAGE, file_name="批复.pdf", by=clerk)

    assert refused.value.message_dict == {"file": [WRONG_TYPE]}
    assert not Scan.everything.exists()


def test_the_same_file_twice_at_one_record_is_refused_but_not_at_another(term, branch, clerk):
    attach_scan(record=term, data=PDF, file_name="批复.pdf", by=clerk)
    other = AppointmentFactory(organization=branch)

    with pytest.raises(ValidationError, match="已经上传过"):
        attach_scan(record=term, data=PDF, file_name="又一份.pdf", by=clerk)
    attach_scan(record=other, data=PDF, file_name="批复.pdf", by=clerk)

    assert Scan.objects.count() == 2


def test_a_withdrawn_scan_keeps_its_trace_and_nothing_else(term, clerk):
    scan = attach_scan(record=term, data=PDF, file_name="批复.pdf", by=clerk)
    with pytest.raises(ValidationError, match="请写明撤回的理由"):
        withdraw_scan(scan=scan, reason=" ", by=clerk)

    withdraw_scan(scan=Scan.objects.get(), reason="传错了文件", by=clerk)

    assert not of_record(term).exists()
    kept = Scan.everything.get()
    assert (kept.voided_by, kept.voided_reason, kept.term_id, kept.subject) == (
        clerk,
        "传错了文件",
        None,
        "2024年6月1日换届的一届",
    )
    assert events(scan) == ["scan.attach", "scan.withdraw"]
    attach_scan(record=term, data=PDF, file_name="批复.pdf", by=clerk)


def test_what_has_a_scan_is_not_taken_back_until_the_scan_is_withdrawn(branch, clerk):
    check_database_key()
    before = books()
    operation = done("appointment", branch, clerk, on="2026-11-01", document_no="云组〔2026〕9号")
    scan = attach_scan(record=Appointment.objects.get(), data=JPEG, file_name="批复.jpg", by=clerk)

    with pytest.raises(UndoBlocked) as blocked:
        undone(operation, clerk)
    assert blocked.value.reasons == ["批复扫描件“批复.jpg”依赖这次办理新增的指派“石桥社区党支部 2026-11-01”"]
    withdraw_scan(scan=scan, reason="换一份清楚的", by=clerk)
    undone(operation, clerk)

    after = books()
    for table in ("elections.scan", "elections.scancontent"):
        assert (len(before.pop(table)), len(after.pop(table))) == (0, 1)
    assert after == before


def test_a_scan_belongs_to_exactly_one_record(term, branch, clerk):
    scan = attach_scan(record=term, data=PDF, file_name="批复.pdf", by=clerk)
    appointment = AppointmentFactory(organization=branch)

    for changes in ({"term": None}, {"appointment": appointment}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Scan.objects.filter(pk=scan.pk).update(**changes)


def test_bytes_of_another_scan_do_not_open(term, clerk):
    first = attach_scan(record=term, data=PDF, file_name="一.pdf", by=clerk)
    second = attach_scan(record=term, data=JPEG, file_name="二.jpg", by=clerk)
    swapped = ScanContent.objects.get(scan=second).sealed
    ScanContent.objects.filter(scan=first).update(sealed=swapped)

    with pytest.raises(Exception, match="密文校验不符"):
        open_scan(scan=first, by=clerk)


def test_only_who_may_change_the_organization_attaches_and_withdraws(street, term, clerk):
    scan = attach_scan(record=term, data=PDF, file_name="批复.pdf", by=clerk)
    viewer, stranger = user_at(street, Role.VIEWER), user_at(StreetFactory(parent=street.parent))
    admin = user_at(street, Role.ACCOUNT_ADMIN)

    for user in (viewer, stranger, admin):
        with pytest.raises(PermissionDenied):
            attach_scan(record=term, data=JPEG, file_name="批复.jpg", by=user)
        with pytest.raises(PermissionDenied):
            withdraw_scan(scan=scan, reason="传错了", by=user)
    for user in (stranger, admin):
        with pytest.raises(PermissionDenied):
            open_scan(scan=scan, by=user)
        assert not Scan.objects.visible_to(user).exists()
    assert open_scan(scan=scan, by=viewer) == PDF
    assert Term.objects.visible_to(admin).exists()
