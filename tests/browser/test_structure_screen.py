"""组织设置 in a browser: a number swaps the list alone, the address follows, going back works, nothing overhangs."""

from django.urls import reverse
from selenium.webdriver.common.by import By
from selenium.webdriver.support import expected_conditions as conditions

from orgs.enums import Kind, UnitType
from tests.factories import DeclaredCountFactory, OrganizationFactory, StreetFactory

CSS = By.CSS_SELECTOR


def rows(browser) -> list[str]:
    return [row.text for row in browser.find_elements(CSS, "#list tbody th")]


def overhang(browser) -> int:
    return browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_a_number_swaps_the_list_alone_and_the_way_back_works(page, district):
    DeclaredCountFactory(organization=district.late, full=51)
    page.open(reverse("structure"))
    page.browser.execute_script("window.untouched = true")
    everything = rows(page.browser)

    page.browser.find_element(CSS, "a[href*='demand=too_large']").click()

    page.until(conditions.text_to_be_present_in_element((CSS, "#list .hj-card-head"), "党支部党员超过50名"))
    assert rows(page.browser) == ["石桥社区第一党支部"]
    assert "demand=too_large" in page.browser.current_url
    assert page.browser.execute_script("return window.untouched")
    list_top = "return document.getElementById('list').getBoundingClientRect().top"
    page.until(lambda browser: 0 <= browser.execute_script(list_top) < 768)

    page.browser.back()
    page.until(lambda browser: rows(browser) == everything)


def test_every_demand_at_once_does_not_overhang(page, district):
    """As many columns as a real district fills."""
    street = StreetFactory(parent=district.root, name="滨江经济技术开发区综合执法街道党工委")
    for unit_type in UnitType:
        for kind, full in ((Kind.BRANCH, 2), (Kind.BRANCH, 60), (Kind.BRANCH, 120), (Kind.COMMITTEE, 600)):
            organization = OrganizationFactory(parent=street, kind=kind, unit_type=unit_type)
            DeclaredCountFactory(organization=organization, full=full)

    page.open(reverse("structure"))

    assert overhang(page.browser) == 0
