"""A roster from upload to undo, with a worker beside the server: progress that follows by itself, problems, results."""

import contextlib
import subprocess
import sys

import pytest
from django.urls import reverse
from django.utils import timezone
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as conditions
from selenium.webdriver.support.ui import Select, WebDriverWait

from elections import imports as rosters
from members.models import Member
from orgs.enums import BatchState
from orgs.exporting import write_csv
from orgs.models import ImportBatch, ImportChoice
from tests.factories import AffiliationFactory

CSS = By.CSS_SELECTOR
# The driver answers the browser's question by itself; the event tells whether it would be asked.
ASKED_BEFORE_LEAVING = """
const leaving = new Event("beforeunload", {cancelable: true});
window.dispatchEvent(leaving);
return leaving.defaultPrevented;
"""
# A worker needs some seconds to start on a busy machine.
WORK_SECONDS = 60

# As a clerk keeps it: a title, who fills it in, dates in three spellings, a slip in one number, none in another.
MESSY = """石桥社区第一党支部党员花名册,,,,
填报单位：石桥社区,,,填表日期：2026年11月,
序号,姓 名,身份证号码,入党时间,转正时间
1,王建国,119901199001010025,2010年7月1日,2011.7.1
2,李秀英,119901199001010024,2010-07-01,2011-07-01
3,张桂兰,,2010-07-01,2011-07-01
合计,3人,,,
"""


@pytest.fixture(autouse=True)
def in_the_background(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def worker(repository, child_environment):
    """A worker for the length of a `with` block."""

    @contextlib.contextmanager
    def start():
        process = subprocess.Popen(
            [sys.executable, "manage.py", "db_worker", "--no-reload", "--no-startup-delay", "--interval", "0.2"],
            cwd=repository,
            env={**child_environment, "HJ_NO_BOOTSTRAP": "1", "HJ_BACKGROUND": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait()

    return start


def test_from_upload_to_undo(page, district, worker, tmp_path):
    browser = page.browser
    work = WebDriverWait(browser, WORK_SECONDS).until
    file = tmp_path / "党员花名册.csv"
    file.write_bytes(MESSY.encode("gb18030"))

    def shows(selector, text):
        return conditions.text_to_be_present_in_element((CSS, selector), text)

    def press(words):
        browser.find_element(By.XPATH, f"//main//button[contains(., '{words}')]").click()

    page.open(reverse("imports") + f"?node={district.late.uid}")
    browser.find_element(CSS, "input[type=file]").send_keys(str(file))
    press("上传并核对")
    page.until(shows("#progress", "正在排队"))
    batch = ImportBatch.objects.get()

    # Left and come back: the list says how far it is, and follows too.
    page.open(reverse("imports"))
    page.until(shows("#batches tbody", "正在核对"))
    with worker():
        work(shows("#batches tbody", "待确认"))
        browser.find_element(By.LINK_TEXT, "党员花名册.csv").click()
        page.until(shows("#heading-problems", "问题清单"))

        # What needs attention comes first; a kind of problem leads to its rows.
        assert [row.text for row in browser.find_elements(CSS, "#rows tbody th")] == ["5", "6"]
        browser.find_element(CSS, ".hj-problem summary a").click()
        assert len(browser.find_elements(CSS, "#rows tbody tr")) == 1
        assert "119901199001010024" not in browser.page_source
        assert browser.execute_script("return document.documentElement.scrollWidth") <= 1366

        press("先导入无误的 1 行")
        work(shows(".hj-verdict", "已导入"))
        assert [member.name for member in Member.objects.all()] == ["王建国"]
        assert "有错误的 2 行没有导入" in browser.find_element(CSS, "#open-list").text

        press("撤销这次导入")
        work(shows(".hj-verdict", "已撤销"))
    batch.refresh_from_db()
    assert (batch.state, Member.objects.count()) == (BatchState.UNDONE, 0)


def test_choices_that_are_not_saved_are_asked_about_before_leaving(page, district):
    browser = page.browser
    left_out = AffiliationFactory(organization=district.late, member__name="李秀英").member
    batch = rosters.upload(
        data=write_csv(
            ["所在党支部", "姓名", "公民身份号码"], [["石桥社区第一党支部", "王建国", "119901199001010025"]]
        ),
        file_name="花名册.csv",
        kind="members",
        organization=district.street,
        on=timezone.localdate(),
        by=district.officer,
    )
    page.open(reverse("import_choices", args=[batch.uid, "missing"]))

    before = browser.execute_script(ASKED_BEFORE_LEAVING)
    Select(browser.find_element(By.NAME, f"{left_out.uid}-choice")).select_by_visible_text("保持不变")
    unsaved = browser.execute_script(ASKED_BEFORE_LEAVING)
    browser.find_element(By.XPATH, "//main//button[contains(., '保存本页的选择')]").click()
    page.until(conditions.text_to_be_present_in_element((CSS, "body"), "已保存 1 人的选择"))
    saved = browser.execute_script(ASKED_BEFORE_LEAVING)

    assert (before, unsaved, saved) == (False, True, False)
    assert list(ImportChoice.objects.values_list("target_uid", "choice")) == [(left_out.uid, "keep")]
