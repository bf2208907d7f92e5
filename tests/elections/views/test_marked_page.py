"""「下载批注后的原表」: who may have it, that it is logged, and that mending it and uploading it again is enough."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from elections import imports as rosters
from members.models import Member
from orgs.enums import BatchState, Role
from orgs.jobs import expire_previews
from orgs.models import AuditEvent, ImportBatch
from tests import workbooks
from tests.factories import user_at

DAY = datetime.date(2026, 11, 21)
TITLES = ["所在党支部", "姓名", "公民身份号码", "入党日期", "转正日期", "民族"]
BRANCH = "石桥社区第一党支部"
WANG, LI = workbooks.id_number(order="002"), workbooks.id_number(order="004")
GOOD = [BRANCH, "王建国", WANG, "2010-07-01", "2011-07-01", "汉族"]
BAD = [BRANCH, "李秀英", LI[:17], "2010-07", "2011-07-01", "汉族"]


def upload(district, *rows, data=None, name="东湖花名册.xlsx"):
    return rosters.upload(
        data=data or workbooks.xlsx(("花名册", [TITLES, *rows])),
        file_name=name,
        kind="members",
        organization=district.street_a,
        on=DAY,
        by=district.clerk,
    )


def address(batch):
    return reverse("import_marked", args=[batch.uid])


def downloaded(client, batch, **asked):
    reply = client.post(address(batch), asked)
    assert reply.status_code == 200
    return reply, openpyxl.load_workbook(io.BytesIO(reply.getvalue()))


def test_the_clerks_own_file_comes_back_with_its_problems(as_clerk, district):
    batch = upload(district, GOOD, BAD)

    reply, book = downloaded(as_clerk, batch)

    assert reply["Content-Disposition"] == (
        "attachment; filename*=utf-8''"
        "%E4%B8%9C%E6%B9%96%E8%8A%B1%E5%90%8D%E5%86%8C%EF%BC%88%E5%B7%B2%E6%89%B9%E6%B3%A8%EF%BC%89.xlsx"
    )
    assert "no-store" in reply["Cache-Control"]
    assert book.sheetnames == ["问题清单", "花名册"]
    assert [[cell.value for cell in row] for row in book["花名册"].iter_rows()] == [TITLES, GOOD, BAD]
    assert [[row[0], row[1], row[2], row[7]] for row in book["问题清单"].iter_rows(min_row=5, values_only=True)] == [
        ["花名册", 3, "C", "错误"],
        ["花名册", 3, "D", "提醒"],
    ]


def test_each_download_is_told_to_the_log_without_personal_data(as_clerk, district):
    batch = upload(district, GOOD, BAD)
    downloaded(as_clerk, batch)

    event = AuditEvent.objects.get(kind="import.marked")

    assert (event.actor, event.target_uid, event.root, event.changes) == (
        district.clerk,
        batch.uid,
        district.root,
        {"issues": [None, 2], "only_bad": [None, False]},
    )


def test_mended_in_the_copy_and_uploaded_again_it_is_good(as_clerk, district):
    _, book = downloaded(as_clerk, upload(district, GOOD, BAD))
    book["花名册"]["C3"].value = LI
    book["花名册"]["D3"].value = "2010-07-01"
    content = io.BytesIO()
    book.save(content)

    as_clerk.post(
        reverse("imports"),
        {"file": SimpleUploadedFile("改好.xlsx", content.getvalue()), "kind": "", "on": "2026-11-21"},
    )

    batch = ImportBatch.objects.latest("id")
    preview = rosters.preview(batch)
    assert (batch.kind, batch.counts["good"], batch.counts["bad"], preview.issues) == ("members", 2, 0, ())
    assert [(sheet.title, sheet.skipped) for sheet in preview.sheets] == [
        ("问题清单", "系统生成的问题清单"),
        ("花名册", ""),
    ]
    rosters.confirm(batch=batch, partial=False, by=district.clerk)
    assert sorted(Member.objects.values_list("name", flat=True)) == ["李秀英", "王建国"]


def test_after_the_good_rows_are_in_the_bad_ones_are_an_open_list(as_clerk, district):
    batch = rosters.confirm(batch=upload(district, GOOD, BAD), partial=True, by=district.clerk)

    reply, book = downloaded(as_clerk, batch, only_bad="1")

    assert [[cell.value for cell in row] for row in book["花名册"].iter_rows()] == [TITLES, BAD]
    assert "%E6%9C%89%E9%97%AE%E9%A2%98%E7%9A%84%E8%A1%8C" in reply["Content-Disposition"]  # 有问题的行
    assert AuditEvent.objects.get(kind="import.marked").changes["only_bad"] == [None, True]


def test_another_clerk_of_the_unit_may_take_over(client, district):
    batch = upload(district, GOOD, BAD)
    client.force_login(user_at(district.street_a, Role.CLERK))

    downloaded(client, batch)


def test_a_csv_comes_back_as_a_workbook(as_clerk, district):
    data = workbooks.csv_bytes([TITLES, GOOD, BAD], encoding="gb18030")

    reply, book = downloaded(as_clerk, upload(district, data=data, name="东湖花名册.csv"))

    assert [[cell.value for cell in row] for row in book["东湖花名册"].iter_rows()] == [TITLES, GOOD, BAD]


def refused(client, batch):
    """The sentence that a refused download leads to."""
    page = client.post(address(batch), follow=True)
    assert page.redirect_chain == [(reverse("import_batch", args=[batch.uid]), 302)]
    assert not AuditEvent.objects.filter(kind="import.marked").exists()
    return [str(message) for message in page.context["messages"]]


def test_after_the_purge_there_is_nothing_to_download(as_clerk, district):
    batch = upload(district, GOOD, BAD)
    ImportBatch.objects.update(expires_at=timezone.now())
    expire_previews()

    assert refused(as_clerk, batch) == [
        "这个批次的原文件已按期清除，不能再下载批注后的原表。如需改正，请重新上传名册。"
    ]


def test_a_file_without_problems_needs_no_copy(as_clerk, district):
    assert refused(as_clerk, upload(district, GOOD)) == ["这份名册没有发现问题，不需要批注。"]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (BatchState.CHECKING, "这个批次正在核对，完成后才能下载批注后的原表，请稍候。"),
        (BatchState.UNCHECKED, "这个批次的核对中断了，请先重新核对，再下载批注后的原表。"),
        (BatchState.REJECTED, "这份文件没有能够读取的名册，不能批注。请按页面上的提示改正后重新上传。"),
    ],
)
def test_before_it_was_checked_there_is_nothing_to_download(as_clerk, district, state, sentence):
    batch = upload(district, GOOD, BAD)
    ImportBatch.objects.update(state=state)

    assert refused(as_clerk, batch) == [sentence]


def test_whoever_had_to_sign_in_again_finds_the_batch_and_no_download(as_clerk, district):
    batch = upload(district, GOOD, BAD)

    page = as_clerk.get(address(batch), follow=True)

    assert page.redirect_chain == [(reverse("import_batch", args=[batch.uid]), 302)]
    assert "没有下载任何文件" in page.content.decode()


def test_another_street_finds_nothing(client, district):
    batch = upload(district, GOOD, BAD)
    client.force_login(district.stranger)

    assert (client.get(address(batch)).status_code, client.post(address(batch)).status_code) == (404, 404)
    assert not AuditEvent.objects.filter(kind="import.marked").exists()


def test_whoever_only_reads_has_no_batches(client, district):
    batch = upload(district, GOOD, BAD)
    client.force_login(user_at(district.street_a, Role.VIEWER))

    assert client.post(address(batch)).status_code == 404
