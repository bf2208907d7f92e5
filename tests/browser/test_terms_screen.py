"""An election held on paper is registered, its day corrected by two people, and last December stays what it was."""

import datetime

from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as conditions
from selenium.webdriver.support.ui import Select

from elections.models import Term
from orgs.enums import Role, UnitType
from tests.browser.test_screens import overhang
from tests.factories import user_at

CSS = By.CSS_SELECTOR


def set_day(page, name, day):
    """A calendar field, as choosing a day leaves it."""
    field = page.browser.find_element(By.NAME, name)
    assert field.get_attribute("type") == "date"
    page.browser.execute_script("arguments[0].value = arguments[1]", field, day.isoformat())


def press(page, step):
    """A button of the form, wherever the page has scrolled to."""
    button = page.until(conditions.presence_of_element_located((CSS, f"button[value={step}]")))
    page.browser.execute_script("arguments[0].click()", button)


def confirmed(page):
    press(page, "check")
    page.until(conditions.presence_of_element_located((CSS, "button[value=confirm]")))
    assert overhang(page.browser) == 0
    told = page.browser.find_element(By.ID, "main").text
    press(page, "confirm")
    page.until(conditions.presence_of_element_located((By.LINK_TEXT, "查看办理记录，可撤销")))
    return told


def sign_in_as(page, user):
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.browser.delete_cookie(name)
    page.browser.add_cookie({"name": name, "value": client.cookies[name].value})


def state_of(page, branch, on):
    page.open(f"{reverse('organization', args=[branch.uid])}?on={on.isoformat()}")
    return page.browser.find_element(CSS, ".hj-verdict .hj-state, .hj-state").text


def test_an_election_on_paper_its_correction_and_the_ledger_of_last_december(page, district):
    branch = district.late
    branch.unit_type = UnitType.COMMUNITY
    branch.save()
    today = timezone.localdate()
    wrong, right = today - datetime.timedelta(days=20), today - datetime.timedelta(days=10)
    december = datetime.date(today.year - 1, 12, 31)
    in_december = state_of(page, branch, december)

    page.open(reverse("task", args=[branch.uid, "register-election"]))
    set_day(page, "on", wrong)
    Select(page.browser.find_element(By.NAME, "title_1")).select_by_visible_text("书记")
    page.browser.find_element(By.NAME, "name_1").send_keys("李秀英")
    told = confirmed(page)
    assert "逾期未换届" in told and "正常" in told
    assert state_of(page, branch, today) == "正常"

    page.open(reverse("task", args=[branch.uid, "correct-term"]))
    label = f"{wrong.year}年{wrong.month}月{wrong.day}日换届的一届"
    Select(page.browser.find_element(By.NAME, "record")).select_by_visible_text(label)
    set_day(page, "elected_on", right)
    page.browser.find_element(By.NAME, "reason").send_keys("批复日期误作选举日期")
    confirmed(page)
    assert set(Term.objects.filter(organization=branch).values_list("elected_on", flat=True)) >= {wrong}

    sign_in_as(page, user_at(district.root, Role.APPROVER))
    page.open(reverse("task", args=[branch.uid, "decide-correction"]))
    page.browser.find_element(CSS, "input[value=yes]").click()
    confirmed(page)

    assert Term.objects.filter(organization=branch, elected_on=right).count() == 1
    assert Term.objects.filter(organization=branch, elected_on=wrong).count() == 0
    assert state_of(page, branch, today - datetime.timedelta(days=11)) == "逾期未换届"
    assert state_of(page, branch, december) == in_december
    page.open(reverse("history", args=[branch.uid]))
    assert "批复日期误作选举日期" in page.browser.find_element(By.ID, "main").text
