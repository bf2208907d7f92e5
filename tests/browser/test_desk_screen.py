"""办理 in the browser: from the menu of an organization's page through check and confirm to the undo."""

import pytest
from django.urls import reverse
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions as conditions
from selenium.webdriver.support.ui import Select

from members.models import Affiliation
from orgs.models import Operation, Organization
from tests.browser.test_screens import overhang
from tests.factories import AffiliationFactory, MemberFactory, OrganizationFactory
from tests.snapshots import books

CSS = By.CSS_SELECTOR


@pytest.fixture
def branch(district):
    """The overdue branch with two members, beside another one."""
    for name in ("何丽华", "王建国"):
        AffiliationFactory(organization=district.late, member=MemberFactory(name=name))
    OrganizationFactory(parent=district.late.parent, name="石桥社区第三党支部")
    return district.late


def absorb(page, branch):
    Select(page.browser.find_element(By.NAME, "other")).select_by_visible_text("石桥社区第三党支部（石桥社区党委）")


def split(page, branch):
    member = Affiliation.objects.get(organization=branch, member__name="王建国").member
    page.browser.find_element(By.NAME, "name_1").send_keys("石桥社区第五党支部")
    Select(page.browser.find_element(By.NAME, f"to_{member.uid}")).select_by_visible_text("新设党支部 1")


def convert(page, branch):
    Select(page.browser.find_element(By.NAME, "kind")).select_by_visible_text("党总支")
    page.browser.find_element(By.NAME, "name_1").send_keys("石桥社区第五党支部")


STEPS = {
    "absorb": (absorb, "并入其他党组织", "2 名党员的组织关系由“石桥社区第一党支部”转到“石桥社区第三党支部”。"),
    "split": (split, "拆分", "1 名党员的组织关系由“石桥社区第一党支部”转到“石桥社区第五党支部”。"),
    "convert": (convert, "升格或改建", "“石桥社区第一党支部”由党支部改为党总支。"),
}


@pytest.mark.parametrize("code", STEPS)
def test_a_branch_is_reorganized_and_put_back_by_hand(page, branch, code):
    fill_in, title, consequence = STEPS[code]
    before = books()
    page.open(reverse("organization", args=[branch.uid]))
    # By key: the menu is longer than the window, and a click would not wait for the page to scroll to it.
    page.browser.find_element(By.LINK_TEXT, title).send_keys(Keys.ENTER)
    page.until(conditions.presence_of_element_located((By.NAME, "document_no")))
    assert overhang(page.browser) == 0

    fill_in(page, branch)
    page.browser.find_element(CSS, "button[value=check]").send_keys(Keys.ENTER)
    confirm = page.until(conditions.presence_of_element_located((CSS, "button[value=confirm]")))
    assert consequence in page.browser.find_element(By.ID, "main").text
    assert overhang(page.browser) == 0
    assert Operation.objects.count() == 0

    confirm.click()
    page.until(conditions.presence_of_element_located((By.LINK_TEXT, "查看办理记录，可撤销"))).click()
    page.until(conditions.presence_of_element_located((By.PARTIAL_LINK_TEXT, "撤销这次办理"))).click()
    page.until(conditions.presence_of_element_located((By.XPATH, "//button[contains(., '确认撤销')]"))).click()
    page.until(conditions.text_to_be_present_in_element((By.ID, "main"), "有关内容恢复到办理之前"))

    assert Organization.objects.get(pk=branch.pk).closed_on is None
    assert books() == before
