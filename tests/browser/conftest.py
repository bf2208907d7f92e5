"""A real Chromium on a running server; an empty console also proves the policy for scripts and styles."""

import datetime
import shutil
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.support.ui import WebDriverWait

from orgs.enums import Kind, Role
from tests.factories import OrganizationFactory, PostFactory, RootFactory, StreetFactory, TermFactory, user_at

WAIT_SECONDS = 10


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium of 1366 × 768 for the whole run; no driver is ever fetched from the network."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not program or not driver:
        pytest.fail("浏览器测试需要 chromium 和 chromedriver（Debian：apt install chromium chromium-driver）。")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1366,768"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    chrome.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": 1366, "height": 768, "deviceScaleFactor": 1, "mobile": False},
    )
    yield chrome
    chrome.quit()


@pytest.fixture
def district(transactional_db):
    """A street whose one community branch is overdue, beside one in term."""
    today = timezone.localdate()
    root = RootFactory()
    street = StreetFactory(parent=root, name="东湖街道党工委")
    committee = OrganizationFactory(parent=street, name="石桥社区党委", kind=Kind.COMMITTEE)
    late = OrganizationFactory(parent=committee, name="石桥社区第一党支部")
    in_term = OrganizationFactory(parent=committee, name="石桥社区第二党支部")
    expired = today - datetime.timedelta(days=30)
    TermFactory(organization=late, elected_on=expired - datetime.timedelta(days=1826), expires_on=expired)
    TermFactory(
        organization=in_term,
        elected_on=today - datetime.timedelta(days=365),
        expires_on=today + datetime.timedelta(days=300),
    )
    PostFactory(organization=late, holder_name="何丽华")
    return SimpleNamespace(root=root, street=street, late=late, officer=user_at(root, Role.OPERATOR))


@pytest.fixture
def page(browser, live_server, district):
    """The browser signed in as an officer of the district; at the end the console has to be empty."""
    client = Client()
    client.force_login(district.officer)
    browser.get(f"{live_server.url}/login/")
    browser.add_cookie(
        {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}
    )
    browser.get_log("browser")
    yield SimpleNamespace(
        browser=browser,
        open=lambda address: browser.get(f"{live_server.url}{address}"),
        until=WebDriverWait(browser, WAIT_SECONDS).until,
    )
    assert browser.get_log("browser") == []
    browser.delete_all_cookies()
