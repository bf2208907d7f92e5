"""A batch at work, as its page and the list of batches show it: queue, progress, what died, several at once."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from elections.imports import background
from members.models import Member
from orgs.enums import BatchState
from orgs.exporting import write_csv
from orgs.jobs import INTERRUPTED, SILENT, UNCHECKED, UNDO_INTERRUPTED
from orgs.models import ImportBatch

ADDRESS = reverse("imports")
TITLES = ("所在党支部", "姓名", "公民身份号码")
GOOD = ("石桥社区第一党支部", "王建国", "119901199001010025")
AS_HTMX = {"HX-Request": "true"}


@pytest.fixture
def queue(settings):
    """A worker does the work, later; `work()` is what it does."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def work():
    for task in DBTaskResult.objects.ready():
        task.claim("worker")
        task.task.call(**task.args_kwargs["kwargs"])
        task.set_successful(None)


def upload(client, *rows) -> ImportBatch:
    file = SimpleUploadedFile("党员花名册.csv", write_csv(TITLES, rows))
    client.post(ADDRESS, {"file": file, "kind": "members", "on": "2026-11-21"})
    return ImportBatch.objects.latest("created_at")


def written(client, *rows) -> ImportBatch:
    batch = upload(client, *rows)
    work()
    client.post(at(batch, "confirm"))
    work()
    return batch


def at(batch, step=""):
    return reverse(f"import_{step}" if step else "import_batch", args=[batch.uid])


def test_an_uploaded_file_waits_for_the_worker_and_the_page_says_so(as_clerk, district, queue):
    batch = upload(as_clerk, GOOD)

    page = as_clerk.get(at(batch))

    assert batch.state == BatchState.CHECKING
    assert page.context["is_waiting"] is True
    text = page.content.decode()
    assert "正在排队，轮到后自动开始" in text
    # Without JavaScript the page asks for itself again.
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in text
    assert at(batch, "confirm") not in text


def test_the_page_asks_for_its_progress_until_the_work_is_done(as_clerk, district, queue):
    batch = upload(as_clerk, GOOD)
    ImportBatch.objects.update(progress_done=500, progress_total=2000)

    asked = as_clerk.get(at(batch), headers=AS_HTMX)
    work()
    done = as_clerk.get(at(batch), headers=AS_HTMX)

    text = asked.content.decode()
    assert 'hx-trigger="every 1s"' in text
    assert "已核对 500 行，共 2000 行" in text
    assert "<html" not in text
    assert (done["HX-Refresh"], done.content) == ("true", b"")
    page = as_clerk.get(at(batch)).content.decode()
    assert "确认导入全部 1 行" in page
    assert 'http-equiv="refresh"' not in page


def test_a_confirm_waits_for_the_worker_too_and_is_done_once(as_clerk, district, queue):
    batch = upload(as_clerk, GOOD)
    work()

    as_clerk.post(at(batch, "confirm"))
    again = as_clerk.post(at(batch, "confirm"), follow=True).content.decode()
    assert "正在写入，请稍候再看结果，不要重复确认" in again
    assert Member.objects.count() == 0
    work()

    assert "已导入：新增 1 行" in as_clerk.get(at(batch)).content.decode()
    assert Member.objects.count() == 1


def test_an_undo_waits_for_the_worker_too_and_is_done_once(as_clerk, district, queue):
    batch = written(as_clerk, GOOD)

    page = as_clerk.post(at(batch, "undo"), follow=True)
    again = as_clerk.post(at(batch, "undo"), follow=True).content.decode()

    assert (page.context["line"]["state"], page.context["is_waiting"]) == ("正在撤销", True)
    assert "正在排队，轮到后自动开始" in page.content.decode()
    assert "这个批次正在撤销，请稍候再看结果，不要重复操作。" in again
    assert [line["state"] for line in as_clerk.get(ADDRESS, {"standing": "at_work"}).context["batches"]] == ["正在撤销"]
    DBTaskResult.objects.get(status="READY").claim("worker")
    begun = as_clerk.get(at(batch), headers=AS_HTMX).content.decode()
    assert "要么整批撤销，要么一行也不改动" in begun
    assert Member.objects.count() == 1

    background.take_back_batch.call(batch=str(batch.uid))

    assert "这次导入已整体撤销" in as_clerk.get(at(batch)).content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.undone_by, Member.objects.count()) == (BatchState.UNDONE, district.clerk, 0)


def test_what_stands_in_the_way_of_an_undo_is_told_when_the_worker_found_it(as_clerk, district, queue):
    batch, later = [written(as_clerk, row) for row in (GOOD, (GOOD[0], "王建军", GOOD[2]))]

    as_clerk.post(at(batch, "undo"))
    work()

    page = as_clerk.get(at(batch))
    assert page.context["line"]["message"] == (
        "没有撤销：后来的内容依赖这次导入。已导入：新增 1 行，变更 0 行，无变化 0 行。"
    )
    assert page.context["blocked"].reasons == ["党员“王建军”在导入后又被修改"]
    assert [each["url"] for each in page.context["later"]] == [at(later)]
    assert "撤销这次导入" in page.content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.undone_by, batch.undone_at) == (BatchState.APPLIED, None, None)

    for each in (later, batch):
        as_clerk.post(at(each, "undo"))
        work()

    batch.refresh_from_db()
    assert (batch.state, batch.undo_refused, Member.objects.count()) == (BatchState.UNDONE, None, 0)


def test_an_undo_whose_worker_died_says_so_and_can_be_asked_for_again(as_clerk, district, queue):
    batch = written(as_clerk, GOOD)
    as_clerk.post(at(batch, "undo"))
    DBTaskResult.objects.get(status="READY").claim("killed")
    fell_silent()
    ImportBatch.objects.update(confirmed_at=timezone.now() - SILENT, undone_at=timezone.now() - SILENT)

    page = as_clerk.get(at(batch))

    assert page.context["line"]["state"] == "已导入"
    assert page.context["line"]["message"].startswith(UNDO_INTERRUPTED)
    as_clerk.post(at(batch, "undo"))
    work()
    assert Member.objects.count() == 0


def test_books_that_changed_before_the_worker_came_are_told_on_the_page(as_clerk, district, queue):
    first, second = upload(as_clerk, GOOD), upload(as_clerk, (GOOD[0], "王建军", GOOD[2]))
    work()
    for batch in (first, second):
        as_clerk.post(at(batch, "confirm"))

    work()

    second.refresh_from_db()
    assert second.state == BatchState.CHECKED
    assert second.message.startswith(
        "预览之后，有 1 行涉及的在册内容已被他人修改。预览已更新，请核对后重新确认。共 1 行"
    )
    assert Member.objects.get().name == "王建国"


def test_several_batches_are_listed_with_how_far_each_is(as_clerk, district, queue):
    upload(as_clerk, GOOD)
    work()
    upload(as_clerk, GOOD)
    ImportBatch.objects.filter(state=BatchState.CHECKING).update(progress_done=1, progress_total=4)
    upload(as_clerk, GOOD)

    page = as_clerk.get(ADDRESS)

    lines = page.context["batches"]
    assert [line["state"] for line in lines] == ["正在核对", "正在核对", "待确认"]
    assert [line["total"] for line in lines[:2]] == [0, 4]
    text = as_clerk.get(ADDRESS, headers={**AS_HTMX, "HX-Target": "batches"}).content.decode()
    assert 'hx-trigger="every 2s"' in text
    assert "已核对 1/4 行" in text
    work()
    assert "every 2s" not in as_clerk.get(ADDRESS, headers={**AS_HTMX, "HX-Target": "batches"}).content.decode()


@pytest.mark.parametrize(
    ("standing", "states"),
    [
        ("", ["正在核对", "待确认", "已导入", "未受理"]),
        ("at_work", ["正在核对"]),
        ("waiting", ["待确认"]),
        ("applied", ["已导入"]),
        ("ended", ["未受理"]),
        ("open_list", []),
        ("nonsense", ["正在核对", "待确认", "已导入", "未受理"]),
    ],
)
def test_batches_are_filtered_by_how_they_stand(as_clerk, district, standing, states):
    batches = [upload(as_clerk, GOOD) for _ in range(4)]
    for batch, state in zip(
        batches, [BatchState.REJECTED, BatchState.APPLIED, BatchState.CHECKED, BatchState.CHECKING], strict=True
    ):
        ImportBatch.objects.filter(pk=batch.pk).update(state=state)

    page = as_clerk.get(ADDRESS, {"standing": standing})

    assert [line["state"] for line in page.context["batches"]] == states
    assert (
        page.context["batches"] == as_clerk.get(ADDRESS, {"standing": standing, "kind": "members"}).context["batches"]
    )
    assert as_clerk.get(ADDRESS, {"standing": standing, "kind": "terms"}).context["batches"] == []


def fell_silent():
    before = timezone.now() - SILENT - datetime.timedelta(seconds=1)
    ImportBatch.objects.update(created_at=before, progressed_at=before)


def test_a_page_puts_a_check_whose_worker_died_back_into_the_queue(as_clerk, district, queue):
    batch = upload(as_clerk, GOOD)
    DBTaskResult.objects.get().claim("killed")
    fell_silent()

    page = as_clerk.get(at(batch))
    work()

    assert page.context["is_waiting"] is True
    assert "确认导入全部 1 行" in as_clerk.get(at(batch)).content.decode()


def test_writing_whose_worker_died_says_so(as_clerk, district, queue):
    batch = upload(as_clerk, GOOD)
    work()
    background.confirm(batch=batch, partial=False, by=district.clerk)
    DBTaskResult.objects.get(status="READY").claim("killed")
    fell_silent()
    ImportBatch.objects.update(confirmed_at=timezone.now() - SILENT)

    page = as_clerk.get(at(batch)).content.decode()

    assert INTERRUPTED in page
    assert "确认导入全部 1 行" in page


def test_a_check_that_broke_off_can_be_begun_again_by_anyone_of_the_unit(as_clerk, district):
    batch = upload(as_clerk, GOOD)
    ImportBatch.objects.update(state=BatchState.UNCHECKED, message=UNCHECKED)
    page = as_clerk.get(at(batch)).content.decode()
    assert UNCHECKED in page
    assert at(batch, "check") in page

    again = as_clerk.post(at(batch, "check"), follow=True).content.decode()

    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED
    assert "确认导入全部 1 行" in again


@pytest.mark.parametrize("step", ["check", "columns", "close"])
def test_a_step_of_another_street_is_not_found_by_any_method(client, as_clerk, district, step):
    batch = upload(as_clerk, GOOD)
    client.force_login(district.stranger)

    assert client.get(at(batch, step)).status_code == 404
    assert client.post(at(batch, step)).status_code == 404


@pytest.mark.parametrize("step", ["check", "columns", "close"])
def test_whoever_signed_in_again_before_a_step_finds_the_batch_untouched(as_clerk, district, step):
    batch = upload(as_clerk, GOOD)

    page = as_clerk.get(at(batch, step), follow=True)

    version = batch.version
    batch.refresh_from_db()
    assert "没有执行任何操作" in page.content.decode()
    assert batch.version == version
