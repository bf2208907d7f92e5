"""The admin in a real browser: our look over Django's pages, nothing against the policy, choosing by typing."""

import pytest
from django.urls import reverse
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions as conditions

from orgs.enums import Role
from tests.factories import AffiliationFactory, GrantFactory, UnitFactory

CSS = By.CSS_SELECTOR
LISTS = ("orgs_organization", "orgs_unit", "orgs_user", "orgs_grant", "members_member", "elections_term")


@pytest.fixture
def admin(page, district):
    """The browser of an officer who may do everything in the admin."""
    district.officer.is_staff = True
    district.officer.save(update_fields=["is_staff"])
    for role in (Role.ACCOUNT_ADMIN, Role.GRANT_ADMIN):
        GrantFactory(user=district.officer, organization=district.root, role=role)
    UnitFactory(keeper=district.street)
    AffiliationFactory(organization=district.late)
    return page


FOUND = """
const options = [...document.querySelectorAll(".select2-results__option")]
return options.length === 1 && options[0].textContent.includes(arguments[0])
    && options[0].classList.contains("select2-results__option--highlighted")
"""


def overhang(browser) -> int:
    """Pixels by which the page is wider than the window."""
    return browser.execute_script("return document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_first_page_and_lists_keep_to_the_policy_and_the_window(admin):
    for address in [reverse("admin:index"), *(reverse(f"admin:{name}_changelist") for name in LISTS)]:
        admin.open(address)

        assert overhang(admin.browser) == 0, address
    # The fixture looks into the console at the end.


def test_a_parent_is_chosen_by_typing(admin, district):
    admin.open(reverse("admin:orgs_organization_add"))
    admin.browser.find_element(CSS, ".field-parent .select2-selection").click()
    search = admin.until(conditions.visibility_of_element_located((CSS, ".select2-search__field")))
    search.send_keys("东湖")
    # The list is made anew for each letter: only that of the whole word is one option long.
    admin.until(lambda browser: browser.execute_script(FOUND, "东湖"))
    search.send_keys(Keys.ENTER)

    chosen = admin.browser.find_element(By.NAME, "parent").get_attribute("value")
    assert chosen == str(district.street.uid)


def test_an_extension_is_added_below_a_term(admin, district):
    admin.open(reverse("admin:elections_term_changelist"))
    admin.browser.find_element(CSS, "#result_list tbody th a").click()
    admin.until(conditions.element_to_be_clickable((CSS, ".add-row a"))).click()

    ends_on = admin.until(conditions.visibility_of_element_located((By.NAME, "extensions-0-ends_on")))
    assert ends_on.get_attribute("type") == "date"


def test_import_and_export_pages_keep_to_the_policy(admin):
    for page in ("import", "export"):
        admin.open(reverse(f"admin:orgs_unit_{page}"))

        assert overhang(admin.browser) == 0
