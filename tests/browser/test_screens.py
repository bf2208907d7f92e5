"""What only a browser can show: no console message, no sideways scrolling, keyboard, drawer, charts, upload."""

import pytest
from django.urls import reverse
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions as conditions
from selenium.webdriver.support.ui import WebDriverWait

from orgs.exporting import write_csv
from tests.factories import PASSWORD

WAIT_SECONDS = 10
CSS = By.CSS_SELECTOR


def overhang(browser) -> int:
    """Pixels by which the page is wider than the window."""
    return browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("name", ["dashboard", "ledger", "structure", "imports", "password_change", "start"])
def test_no_page_scrolls_sideways_at_1366(page, name):
    page.open(reverse(name))

    assert overhang(page.browser) == 0


@pytest.mark.parametrize("asked", ["", "?state=overdue&kind=branch&finding=TERM-12"])
def test_filters_print_and_export_stand_in_one_row_at_1366(page, asked):
    page.open(reverse("ledger") + asked)

    bar = page.browser.find_elements(CSS, "#filters > :not([type=hidden]):not(noscript):not(.visually-hidden)")
    middles = {round(each.rect["y"] + each.rect["height"] / 2) for each in bar if each.is_displayed()}
    assert max(middles) - min(middles) <= 2


def test_an_organization_does_not_scroll_sideways_either(page, district):
    page.open(reverse("organization", args=[district.late.uid]))

    assert overhang(page.browser) == 0


def test_sign_in_by_hand(browser, live_server, district):
    browser.delete_all_cookies()
    browser.get(f"{live_server.url}/")
    browser.find_element(By.NAME, "username").send_keys(district.officer.username)
    browser.find_element(By.NAME, "password").send_keys(PASSWORD, Keys.ENTER)

    WebDriverWait(browser, WAIT_SECONDS).until(conditions.presence_of_element_located((CSS, ".hj-tiles")))
    assert browser.find_element(By.TAG_NAME, "h1").text == "中共云岭区委员会"


def test_a_bar_of_the_chart_opens_its_rows(page, district):
    page.open(reverse("dashboard"))
    canvas = page.until(conditions.visibility_of_element_located((CSS, "[data-hj-chart=states] canvas")))

    # The one bar begins with what is overdue; hovering first shows the tooltip, which must not break the policy.
    ActionChains(page.browser).move_to_element_with_offset(canvas, -canvas.size["width"] // 4, 0).perform()
    page.until(conditions.visibility_of_element_located((CSS, ".hj-tip")))
    ActionChains(page.browser).click().perform()

    page.until(conditions.url_contains("/ledger/"))
    assert f"node={district.street.uid}" in page.browser.current_url
    assert "state=overdue" in page.browser.current_url


def test_typing_filters_the_table_and_keeps_the_place(page):
    page.open(reverse("ledger"))
    field = page.browser.find_element(By.ID, "id_q")

    field.send_keys("第一")

    page.until(conditions.url_contains("q="))
    page.until(lambda browser: len(browser.find_elements(CSS, "#tcard tbody tr")) == 1)
    assert page.browser.switch_to.active_element.get_attribute("id") == "id_q"


def test_a_row_opens_the_drawer_and_escape_closes_it(page):
    page.open(reverse("ledger"))

    page.browser.find_element(By.LINK_TEXT, "石桥社区第一党支部").click()
    drawer = page.until(conditions.visibility_of_element_located((CSS, "#drawer.show")))
    assert "已超 30 天" in drawer.text
    assert page.browser.find_element(CSS, "tr[aria-selected=true]").text.startswith("石桥社区第一党支部")

    page.browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    page.until(conditions.invisibility_of_element_located((CSS, "#drawer.show")))


def test_the_tree_opens_by_keyboard_and_fetches_what_is_closed(page):
    page.open(reverse("ledger"))

    page.browser.find_element(CSS, ".hj-tree-item[aria-current]").send_keys(Keys.ARROW_DOWN)
    page.browser.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    page.until(lambda browser: browser.find_elements(CSS, '.hj-tree-item[aria-level="3"]'))
    page.browser.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)

    focused = page.browser.switch_to.active_element
    assert focused.get_attribute("title") == "石桥社区党委"
    focused.send_keys(Keys.ENTER)
    page.until(conditions.text_to_be_present_in_element((By.TAG_NAME, "h1"), "石桥社区党委"))


def test_slash_goes_to_the_search_field(page):
    page.open(reverse("ledger"))

    page.browser.find_element(By.TAG_NAME, "body").send_keys("/")

    assert page.browser.switch_to.active_element.get_attribute("id") == "id_q"


def test_a_file_is_uploaded_and_its_preview_opens(page, tmp_path):
    file = tmp_path / "党员花名册.csv"
    file.write_bytes(
        write_csv(("所在党支部", "姓名", "公民身份号码"), [("石桥社区第一党支部", "王建国", "119901199001010025")])
    )
    page.open(reverse("imports"))

    page.browser.find_element(CSS, "input[type=file]").send_keys(str(file))
    assert "党员花名册.csv" in page.browser.find_element(CSS, ".hj-drop-file").text
    page.browser.find_element(CSS, "#upload button[type=submit]").click()

    page.until(conditions.text_to_be_present_in_element((By.TAG_NAME, "h1"), "党员花名册.csv"))
    assert "119901********0025" in page.browser.find_element(CSS, ".hj-table").text
