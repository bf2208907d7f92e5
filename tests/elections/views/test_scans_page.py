"""The page of a record's scans: upload, list, download, withdraw; and where it is reached from."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections.models import Scan, Term
from elections.services.scans import attach_scan
from orgs.enums import Role
from orgs.models import AuditEvent, Operation
from orgs.scanfiles import MAX_BYTES, TOO_LARGE, WRONG_TYPE
from tests.desk import done
from tests.factories import OrganizationFactory, RootFactory, StreetFactory, TermFactory, user_at
from tests.pages import Page
from tests.scans import JPEG, PDF, WEB_PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory(), name="东湖街道党工委")


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street, name="石桥社区党支部")


@pytest.fixture
def term(branch):
    return TermFactory(organization=branch)


@pytest.fixture
def clerk(client, street):
    user = user_at(street, name="赵经办")
    client.force_login(user)
    return user


def there(term) -> str:
    return reverse("scans", args=["term", term.uid])


def upload(client, term, data=PDF, name="批复.pdf", kind="approval"):
    return client.post(there(term), {"file": SimpleUploadedFile(name, data), "kind": kind}, follow=True)


def test_an_uploaded_scan_is_listed_with_who_and_how_large(client, clerk, term):
    page = upload(client, term, kind="early")

    scan = Scan.objects.get()
    assert [(line["file_name"], line["kind"], line["size"], line["by"]) for line in page.context["lines"]] == [
        ("批复.pdf", "提前换届批复", "1 KB", "赵经办")
    ]
    text = page.content.decode()
    assert "已上传“批复.pdf”。" in text
    assert reverse("scan", args=[scan.uid]) in text


@pytest.mark.parametrize(
    ("data", "sentence"), [(WEB_PAGE, WRONG_TYPE), (b"%PDF-" + b"0" * MAX_BYTES + b"%%EOF", TOO_LARGE)]
)
def test_a_refused_file_says_why_and_is_not_kept(client, clerk, term, data, sentence):
    page = upload(client, term, data)

    assert page.context["form"].errors == {"file": [sentence]}
    assert not Scan.everything.exists()


def test_without_a_file_the_page_asks_for_one(client, clerk, term):
    page = client.post(there(term), {"kind": "approval"})

    assert page.context["form"].errors == {"file": ["请选择文件。"]}


def test_a_scan_is_always_a_file_to_keep(client, clerk, term):
    upload(client, term, JPEG, name="批复.html")

    reply = client.get(reverse("scan", args=[Scan.objects.get().uid]))

    assert b"".join(reply.streaming_content) == JPEG
    assert reply.headers["Content-Type"] == "image/jpeg"
    assert reply.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E6%89%B9%E5%A4%8D.jpg"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in reply.headers["Content-Security-Policy"]
    assert "no-store" in reply.headers["Cache-Control"]
    assert AuditEvent.objects.filter(kind="scan.open", actor=clerk).count() == 1


def test_a_scan_is_withdrawn_with_a_reason_and_told_in_the_history(client, clerk, term):
    upload(client, term)
    scan = Scan.objects.get()
    leave = reverse("scan_withdraw", args=[scan.uid])

    assert client.post(leave, {"reason": ""}).context["form"].errors
    page = client.post(leave, {"reason": "传错了文件"}, follow=True)

    assert page.context["lines"] == []
    assert client.get(reverse("scan", args=[scan.uid])).status_code == 404
    lines = client.get(reverse("history", args=[term.organization.uid])).context["lines"]
    told = [(line.what, line.record, line.changes) for line in lines if line.record.startswith("批复扫描件")]
    assert [what for what, _, _ in told] == ["撤回批复扫描件", "上传批复扫描件"]
    assert told[0][1] == "批复扫描件：批复.pdf"
    assert "作废原因：（空） → 传错了文件" in told[0][2]


def test_after_a_registered_election_its_scan_can_be_uploaded_at_once(client, clerk, branch):
    task = reverse("task", args=[branch.uid, "register-election"])
    check = client.post(task, {"on": "2026-11-10", "document_no": "云组〔2026〕9号", "step": "check"})
    (form,) = [each for each in Page(task, check.content.decode()).forms if "token" in each.values]

    page = client.post(task, form.data(step=["confirm"]), follow=True)

    term = Term.objects.get()
    assert f'<a href="{there(term)}">上传批复扫描件</a>' in page.content.decode()
    assert page.context["terms"][0]["papers"] == {"url": there(term), "words": "上传"}
    upload(client, term)
    page = client.get(reverse("organization", args=[branch.uid]))
    assert page.context["terms"][0]["papers"] == {"url": there(term), "words": "1 份"}


def test_the_page_of_an_operation_leads_to_its_scans_and_those_of_what_it_recorded(client, clerk, branch):
    operation = done("appointment", branch, clerk, on="2026-11-01", document_no="云组〔2026〕9号")

    page = client.get(reverse("operation", args=[operation.uid]))

    assert [(each["subject"], each["words"]) for each in page.context["papers"]] == [
        ("2026年11月1日的指派（云组〔2026〕9号）", "上传"),
        ("这次办理", "上传"),
    ]
    own = reverse("scans", args=["operation", operation.uid])
    assert page.context["papers"][1]["url"] == own
    assert client.get(own).context["subject"] == operation.summary


def test_a_viewer_reads_and_downloads_but_has_no_form(client, clerk, street, term):
    scan = attach_scan(record=term, data=PDF, file_name="批复.pdf", by=clerk)
    client.force_login(user_at(street, Role.VIEWER))

    page = client.get(there(term))

    assert page.context["form"] is None
    assert [line["file_name"] for line in page.context["lines"]] == ["批复.pdf"]
    assert client.get(reverse("scan", args=[scan.uid])).status_code == 200
    assert client.post(there(term), {}).status_code == 403
    assert client.get(reverse("scan_withdraw", args=[scan.uid])).status_code == 403


def test_who_sees_no_people_sees_no_scans(client, clerk, street, term):
    scan = attach_scan(record=term, data=PDF, file_name="批复.pdf", by=clerk)
    client.force_login(user_at(street, Role.ACCOUNT_ADMIN))

    assert client.get(there(term)).status_code == 403
    assert client.get(reverse("scan", args=[scan.uid])).status_code == 404
    page = client.get(reverse("organization", args=[term.organization.uid]))
    assert page.context["terms"][0]["papers"] is None


def test_another_street_finds_nothing(client, clerk, street, term):
    scan = attach_scan(record=term, data=PDF, file_name="批复.pdf", by=clerk)
    operation = done("contact", term.organization, clerk, contact_name="李秀英", contact_phone="")
    client.force_login(user_at(StreetFactory(parent=street.parent)))

    replies = [
        client.get(there(term)),
        upload(client, term),
        client.get(reverse("scans", args=["operation", operation.uid])),
        client.get(reverse("scans", args=["nothing", term.uid])),
        client.get(reverse("scan", args=[scan.uid])),
        client.post(reverse("scan_withdraw", args=[scan.uid]), {"reason": "x"}),
    ]

    assert [reply.status_code for reply in replies] == [404] * 6
    assert Scan.objects.count() == 1
    assert Operation.objects.count() == 1


def test_the_page_costs_the_same_for_one_scan_and_for_three(client, clerk, term):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(there(term)).status_code == 200
        return len(captured)

    attach_scan(record=term, data=PDF, file_name="一.pdf", by=clerk)
    cost()
    one = cost()
    for number in (b"2", b"3"):
        attach_scan(record=term, data=PDF.replace(b"1.4", b"1." + number), file_name="批复.pdf", by=clerk)

    assert cost() == one
