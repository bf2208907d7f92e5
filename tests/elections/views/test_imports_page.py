"""Imports in the browser: upload, the preview with every problem at its cell, confirm, undo, forms to fill in."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections import imports as rosters
from members.models import Member
from orgs.enums import BatchState, Role
from orgs.exporting import write_csv
from orgs.models import ImportBatch
from tests.factories import user_at

ADDRESS = reverse("imports")
DAY = datetime.date(2026, 11, 21)
TITLES = ("所在党支部", "姓名", "性别", "公民身份号码", "出生日期", "入党日期", "转正日期", "联系电话")
GOOD = (
    "石桥社区第一党支部",
    "王建国",
    "女",
    "119901199001010025",
    "1990-01-01",
    "2010-07-01",
    "2011-07-01",
    "15400000001",
)
# The check digit is wrong.
BAD = (
    "石桥社区第一党支部",
    "李秀英",
    "女",
    "119901199001010024",
    "1990-01-01",
    "2010-07-01",
    "2011-07-01",
    "15400000002",
)


def roster(*rows) -> SimpleUploadedFile:
    return SimpleUploadedFile("党员花名册.csv", write_csv(TITLES, rows), content_type="text/csv")


def upload(client, *rows, **extra):
    return client.post(ADDRESS, {"file": roster(*rows), "kind": "members", "on": "2026-11-21", **extra})


def batch_of(user, organization, *rows) -> ImportBatch:
    return rosters.upload(
        data=write_csv(TITLES, rows),
        file_name="党员花名册.csv",
        kind="members",
        organization=organization,
        on=DAY,
        by=user,
    )


def test_upload_leads_to_the_preview_and_writes_nothing_else(as_clerk, district):
    response = upload(as_clerk, GOOD)

    batch = ImportBatch.objects.get()
    assert response.url == reverse("import_batch", args=[batch.uid])
    assert (batch.state, batch.organization) == (BatchState.CHECKED, district.street_a)
    assert Member.objects.count() == 0


def test_htmx_is_led_there_too(as_clerk, district):
    response = as_clerk.post(
        ADDRESS,
        {"file": roster(GOOD), "kind": "", "on": "2026-11-21"},
        headers={"HX-Request": "true", "HX-Target": "upload"},
    )

    assert response["HX-Redirect"] == reverse("import_batch", args=[ImportBatch.objects.get().uid])


def test_every_problem_stands_at_its_cell_and_numbers_are_masked(as_clerk, district):
    batch = batch_of(district.clerk, district.street_a, GOOD, BAD)

    page = as_clerk.get(reverse("import_batch", args=[batch.uid]), {"show": "all"})

    good, bad = page.context["rows"]
    cells = dict(zip([column["name"] for column in page.context["columns"]], bad["cells"], strict=True))
    assert (good["status"], good["step"], bad["status"]) == ("无误", "新增", "有错误")
    assert cells["id_number"]["tone"] == "error"
    assert cells["id_number"]["value"] == "119901********0024"
    assert page.context["problems"][0]["places"][0]["place"] == "工作表“党员花名册”第 3 行 D 列"
    text = page.content.decode()
    for number in (GOOD[3], BAD[3], GOOD[7]):
        assert number not in text


def test_rows_are_filtered_by_what_came_of_them(as_clerk, district):
    batch = batch_of(district.clerk, district.street_a, GOOD, BAD)
    page = as_clerk.get(reverse("import_batch", args=[batch.uid]))

    for chip in page.context["chips"]:
        assert len(as_clerk.get(chip["url"]).context["rows"]) == chip["number"]


def test_rows_in_error_hold_back_the_whole_and_the_good_ones_are_offered(as_clerk, district):
    batch = batch_of(district.clerk, district.street_a, GOOD, BAD)

    page = as_clerk.get(reverse("import_batch", args=[batch.uid])).content.decode()
    whole = as_clerk.post(reverse("import_confirm", args=[batch.uid]), follow=True).content.decode()

    assert "先导入无误的 1 行" in page
    assert "没有写入任何内容" in whole
    assert Member.objects.count() == 0


def test_good_rows_are_written_and_taken_back(as_clerk, district):
    batch = batch_of(district.clerk, district.street_a, GOOD, BAD)

    confirmed = as_clerk.post(reverse("import_confirm", args=[batch.uid]), {"partial": "1"}, follow=True)
    assert "已导入：新增 1 行" in confirmed.content.decode()
    assert Member.objects.get().name == "王建国"

    undone = as_clerk.post(reverse("import_undo", args=[batch.uid]), follow=True)
    assert "已撤销" in undone.content.decode()
    assert Member.objects.count() == 0


def test_an_undone_batch_no_longer_says_that_it_was_imported(as_clerk, district):
    batch = batch_of(district.clerk, district.street_a, GOOD)
    as_clerk.post(reverse("import_confirm", args=[batch.uid]))
    as_clerk.post(reverse("import_undo", args=[batch.uid]))

    page = as_clerk.get(reverse("import_batch", args=[batch.uid]))

    assert page.context["line"]["message"] == "这次导入已整体撤销，数据恢复到导入前的内容；以下是撤销前的核对结果。"


def test_a_refused_file_has_its_sentence_and_no_empty_tables(as_clerk, district):
    batch = rosters.upload(
        data=b"", file_name="空.xlsx", kind="auto", organization=district.street_a, on=DAY, by=district.clerk
    )

    page = as_clerk.get(reverse("import_batch", args=[batch.uid]))

    assert page.context["line"]["message"] == "文件里没有任何内容，请检查是否选错了文件，填好后重新上传。"
    assert (page.context["tiles"], page.context["chips"]) == ([], [])


def test_transfers_are_told_apart_from_what_is_written(as_clerk, district):
    rosters.confirm(batch=batch_of(district.clerk, district.street_a, GOOD), partial=False, by=district.clerk)
    batch = batch_of(district.clerk, district.street_a, ("石桥社区第二党支部", *GOOD[1:]))

    page = as_clerk.get(reverse("import_batch", args=[batch.uid]))

    assert page.context["choices_told"] == "1人的划转暂不办理。"
    assert [(each["title"], each["number"]) for each in page.context["choices"]] == [
        ("在其他党组织在册的人员（划转）", 1)
    ]


@pytest.mark.parametrize(("day", "word"), [("0001-01-01", "请核对年份"), ("2026-11-22", "不能晚于今天")])
def test_a_day_that_no_roster_can_have_is_refused(as_clerk, district, day, word):
    page = upload(as_clerk, GOOD, on=day)

    assert word in page.content.decode()
    assert ImportBatch.objects.count() == 0


def test_a_second_confirm_is_explained(as_clerk, district):
    batch = batch_of(district.clerk, district.street_a, GOOD)

    as_clerk.post(reverse("import_confirm", args=[batch.uid]))
    again = as_clerk.post(reverse("import_confirm", args=[batch.uid]), follow=True)

    assert "这个批次已经导入" in again.content.decode()
    assert Member.objects.count() == 1


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"file": ""}, "请选择要上传的名册文件"),
        ({"on": "2026-11-22"}, "名册日期不能晚于今天"),
        ({"on": "昨天"}, "输入一个有效的日期"),
    ],
)
def test_a_wrong_form_is_explained(as_clerk, district, asked, sentence):
    response = upload(as_clerk, GOOD, **asked)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_file_over_the_limit_is_explained(as_clerk, district, settings):
    settings.UPLOAD_MAX_BYTES = 100

    assert "文件过大" in upload(as_clerk, GOOD).content.decode()


def test_a_file_that_is_no_roster_is_kept_as_refused_with_the_reason(as_clerk, district):
    as_clerk.post(ADDRESS, {"file": SimpleUploadedFile("照片.xlsx", b"\x89PNG....."), "kind": "", "on": "2026-11-21"})

    batch = ImportBatch.objects.get()
    page = as_clerk.get(reverse("import_batch", args=[batch.uid])).content.decode()
    assert batch.state == BatchState.REJECTED
    assert batch.message in page
    assert reverse("import_confirm", args=[batch.uid]) not in page


def test_batches_of_another_street_do_not_exist(client, as_clerk, district):
    batch = batch_of(district.clerk, district.street_a, GOOD)
    client.force_login(district.stranger)

    assert client.get(reverse("import_batch", args=[batch.uid])).status_code == 404
    assert client.post(reverse("import_confirm", args=[batch.uid])).status_code == 404
    assert client.post(reverse("import_undo", args=[batch.uid])).status_code == 404
    assert "党员花名册.csv" not in client.get(ADDRESS).content.decode()
    assert client.get(ADDRESS, {"node": district.street_a.uid}).status_code == 404
    assert Member.objects.count() == 0


def test_whoever_only_reads_cannot_upload(client, district):
    client.force_login(user_at(district.street_a, Role.VIEWER))

    page = client.get(ADDRESS).content.decode()

    assert "只有查看权限" in page
    assert upload(client, GOOD).status_code == 403
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize("step", ["import_confirm", "import_undo"])
def test_whoever_signed_in_again_before_a_step_finds_the_batch_untouched(as_clerk, district, step):
    batch = batch_of(district.clerk, district.street_a, GOOD)

    page = as_clerk.get(reverse(step, args=[batch.uid]), follow=True)

    batch.refresh_from_db()
    assert page.redirect_chain == [(reverse("import_batch", args=[batch.uid]), 302)]
    assert "没有执行任何操作" in page.content.decode()
    assert (batch.state, Member.objects.count()) == (BatchState.CHECKED, 0)


def test_a_step_of_another_street_is_not_found_by_any_method(client, district):
    batch = batch_of(district.clerk, district.street_a, GOOD)
    client.force_login(district.stranger)

    for step in ("import_confirm", "import_undo"):
        assert client.get(reverse(step, args=[batch.uid])).status_code == 404
        assert client.post(reverse(step, args=[batch.uid])).status_code == 404


@pytest.mark.parametrize("kind", list(rosters.importer.by_kind))
def test_a_form_has_the_columns_of_its_import_and_imports_nothing_by_itself(as_clerk, district, kind):
    response = as_clerk.get(reverse("import_template", args=[kind]))
    content = response.getvalue()

    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    titles = [cell.value for cell in next(sheet.iter_rows(min_row=1, max_row=1))]
    columns = [field.column_name for field in rosters.importer.by_kind[kind]().get_export_fields()]
    assert [title.removeprefix("*") for title in titles] == ["序号", *columns]

    as_clerk.post(ADDRESS, {"file": SimpleUploadedFile("模板.xlsx", content), "kind": kind, "on": "2026-11-21"})
    assert ImportBatch.objects.get().counts["new"] == 0


def test_an_unknown_form_is_not_found(as_clerk, district):
    assert as_clerk.get(reverse("import_template", args=["nonsense"])).status_code == 404


def test_number_of_queries_does_not_depend_on_batches(as_clerk, district, django_assert_num_queries):
    batch_of(district.clerk, district.street_a, GOOD)
    as_clerk.get(ADDRESS)  # the session is written once
    with CaptureQueriesContext(connection) as few:
        as_clerk.get(ADDRESS)
    for _ in range(2):
        batch_of(district.clerk, district.street_a, GOOD)

    with django_assert_num_queries(len(few)):
        as_clerk.get(ADDRESS)
