"""Every link and button of every page, followed by each role: no 403, 404 or 500, no dead end, no foreign host.

The crawl begins at the dashboard and follows what the pages offer:
links, addresses of fragments and of charts, GET forms and POST forms as they stand.
What a POST changes is taken back. Of addresses that differ only in their values a
few are followed, so that lists of any length cost the same.
"""

import json
import re
from collections import Counter, deque
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.urls import Resolver404, resolve

from orgs.enums import Role
from tests.factories import (
    AffiliationFactory,
    ElectionFactory,
    GrantFactory,
    OrganizationFactory,
    RootFactory,
    TermFactory,
    UserFactory,
)
from tests.pages import Form, Page
from tests.streets import build_street

# Links are followed once: what the two databases could differ in is tested where it is asked.
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]

HOST = "testserver"
# How many addresses are followed of one shape (same page, same parameters), and of one page.
OF_A_SHAPE = 1
OF_A_PAGE = 12
# Served from node_modules, which only browser tests need.
VENDOR = "/static/vendor/"
STATIC = "/static/"
JSON_SCRIPT = re.compile(r'<script[^>]*type="application/json"[^>]*>(.*?)</script>', re.DOTALL)
# Ends the session that the crawl needs; the forms of this address are sent last, on its own.
LOGOUT = "/logout/"
# What a form sent as it stands may answer: done, shown again, refused in words, nothing more to confirm.
ANSWERS_TO_POST = {200, 302, 409, 410, 429}


@dataclass(frozen=True)
class Step:
    """An address to follow, and the page it was found on."""

    url: str
    found_on: str
    fragment: bool = False


class Crawl:
    """One user's walk through all pages."""

    def __init__(self, client, user):
        self.client = client
        client.force_login(user)
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.seen: set[str] = set()
        self.sent: set[tuple] = set()
        self.shapes = Counter()
        self.visited: list[str] = []
        self.faults: list[str] = []

    def walk(self, *starts: str) -> None:
        """Follow everything that can be reached from `starts`; what is wrong stands in `faults`."""
        steps = deque(Step(start, "（入口）") for start in starts)
        while steps:
            step = steps.popleft()
            if self.wanted(step):
                steps.extend(self.follow(step))

    def wanted(self, step: Step) -> bool:
        """Whether to follow an address: not seen yet, and not the umpteenth of its shape."""
        parts = urlsplit(step.url)
        url = f"{parts.path}?{parts.query}"
        if parts.scheme not in ("", "http", "https"):
            self.fault(step, f"链接 {step.url} 不是网页地址")
            return False
        if parts.netloc not in ("", HOST):
            self.fault(step, f"链接指向外部 {parts.netloc}")
            return False
        if url in self.seen:
            return False
        self.seen.add(url)
        if parts.path.startswith(STATIC):
            if not parts.path.startswith(VENDOR) and finders.find(parts.path.removeprefix(STATIC)) is None:
                self.fault(step, "静态文件不存在")
            return False
        try:
            found = resolve(parts.path)
        except Resolver404:
            self.fault(step, "地址不存在")
            return False
        names = tuple(sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}))
        shape, page = (found.route, names, step.fragment), (found.route, step.fragment)
        if self.shapes[shape] == OF_A_SHAPE or self.shapes[page] == OF_A_PAGE:
            return False
        self.shapes.update([shape, page])
        return True

    def follow(self, step: Step) -> list[Step]:
        """Ask for the address; what its page offers next."""
        self.restore()
        reply = self.client.get(step.url, headers={"HX-Request": "true"} if step.fragment else {})
        self.visited.append(urlsplit(step.url).path)
        if reply.status_code in (301, 302):
            return [Step(reply.headers["Location"], step.url)]
        if reply.status_code != 200:
            self.fault(step, f"{reply.status_code}")
            return []
        if not reply.headers["Content-Type"].startswith("text/html") or reply.streaming:
            return []
        html = reply.content.decode()
        page = Page(step.url, html)
        if not step.fragment and not self.leads_on(page):
            self.fault(step, "死路：页面上没有离开的链接或按钮")
        for name in page.lost_anchors:
            self.fault(Step(step.url, step.url), f"锚点 #{name} 不存在")
        for form in page.forms:
            if form.method == "post" and form.is_sendable:
                self.send(form, step.url)
        return [
            *(Step(link, step.url) for link in page.links),
            *(Step(link, step.url, fragment=True) for link in page.fragments),
            *(Step(link, step.url) for link in links_in_data(html)),
            *(Step(with_query(form), step.url) for form in page.forms if form.method == "get"),
        ]

    def leads_on(self, page: Page) -> bool:
        """Whether the page has a way to somewhere else."""
        here = urlsplit(page.url).path
        ways = [urlsplit(link).path for link in page.links] + [urlsplit(form.action).path for form in page.forms]
        return any(path != here and not path.startswith(STATIC) and path != LOGOUT for path in ways)

    def send(self, form: Form, found_on: str) -> None:
        """Send a POST form as it stands, once with each of its buttons, and take back what it did."""
        path = urlsplit(form.action).path
        if path == LOGOUT:
            return
        for button in form.buttons or [None]:
            key = (resolve(path).route, tuple(sorted(form.values)), button and button[0])
            if key in self.sent:
                continue
            self.sent.add(key)
            self.restore()
            with transaction.atomic():
                data = form.data(**({button[0]: [button[1]]} if button else {}))
                reply = self.client.post(form.action, data)
                step = Step(f"POST {form.action}", found_on)
                if reply.status_code not in ANSWERS_TO_POST:
                    self.fault(step, f"{reply.status_code}")
                elif reply.status_code == 302:
                    after = self.client.get(reply.headers["Location"], follow=True)
                    if after.status_code != 200:
                        self.fault(step, f"跳转到 {reply.headers['Location']}：{after.status_code}")
                transaction.set_rollback(True)

    def restore(self) -> None:
        """The session of the walk, whatever an earlier reply did to the cookies."""
        for name, value in self.cookies.items():
            self.client.cookies[name] = value

    def fault(self, step: Step, what: str) -> None:
        """Note what is wrong with an address and where it was offered."""
        self.faults.append(f"{step.url}（见于 {step.found_on}）：{what}")


def with_query(form: Form) -> str:
    """The address a GET form leads to as it stands."""
    pairs = [(name, value) for name, values in form.values.items() for value in values]
    return form.action.partition("?")[0] + (f"?{urlencode(pairs)}" if pairs else "")


def links_in_data(html: str) -> list[str]:
    """The addresses that a page hands to its charts."""
    found = []

    def gather(value):
        if isinstance(value, dict):
            for each in value.values():
                gather(each)
        elif isinstance(value, list):
            for each in value:
                gather(each)
        elif isinstance(value, str) and value.startswith("/"):
            found.append(value)

    for data in JSON_SCRIPT.findall(html):
        gather(json.loads(data))
    return found


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """A district in which every kind of page has something on it, built once for all walks: what they do is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        root = RootFactory(code="YL")
        streets = [build_street(root, "甲溪", "7301"), build_street(root, "乙泉", "8402")]
        for number in range(60):
            branch = OrganizationFactory(parent=streets[0].organization)
            if number % 3:
                TermFactory(organization=branch)
            if number % 5 == 0:
                ElectionFactory(organization=branch)
            AffiliationFactory(organization=branch)
        yield root, *streets
        transaction.set_rollback(True)


@pytest.fixture
def district(built, db):
    return built


def account(organization, *roles, **fields):
    user = UserFactory(organization=organization, **fields)
    for role in roles:
        GrantFactory(user=user, organization=organization, role=role)
    return user


WALKERS = {
    "district": lambda root, street: account(root, *Role, is_staff=True),
    "clerk": lambda root, street: account(street.organization, Role.CLERK, is_staff=True),
    "branch": lambda root, street: account(street.branch, Role.BRANCH),
    "account admin": lambda root, street: account(root, Role.ACCOUNT_ADMIN, is_staff=True),
    "grant admin": lambda root, street: account(root, Role.GRANT_ADMIN, is_staff=True),
    "auditor": lambda root, street: account(root, Role.AUDITOR, is_staff=True),
    "viewer": lambda root, street: account(root, Role.VIEWER),
    "without rights": lambda root, street: account(root),
    "superuser": lambda root, street: account(None, is_staff=True, is_superuser=True),
}


# Without these the walk of the district could be short and find nothing wrong.
REACHED = {
    "dashboard",
    "ledger",
    "ledger_export",
    "start",
    "structure",
    "structure_export",
    "duplicates",
    "organization",
    "imports",
    "import_batch",
    "import_template",
    "tree",
    "password_change",
    "admin:index",
    *(
        f"admin:{model}_{page}"
        for model in ("orgs_organization", "orgs_unit", "orgs_user", "members_member", "elections_term")
        for page in ("changelist", "add", "change", "history")
    ),
    "admin:orgs_grant_changelist",
    "admin:orgs_unit_import",
    "admin:orgs_unit_import_template",
    "admin:orgs_unit_export",
}


@pytest.mark.parametrize("who", WALKERS)
def test_every_link_and_button_leads_somewhere(who, client, district):
    root, street, _ = district
    crawl = Crawl(client, WALKERS[who](root, street))

    crawl.walk("/")

    assert crawl.faults == []
    assert len(crawl.visited) > 1
    if who == "district":
        assert REACHED - {resolve(path).view_name for path in crawl.visited} == set()


@pytest.mark.parametrize(
    "path", ["/nothing/", "/admin/nothing/", "/organizations/5d7c3f5e-4a1b-4c8d-9e2f-7b6a5c4d3e2f/"]
)
def test_error_pages_are_no_dead_ends(client, district, path):
    root, _, _ = district
    client.force_login(account(root, Role.VIEWER, is_staff=True))

    reply = client.get(path)

    assert reply.status_code == 404
    assert "/" in {urlsplit(link).path for link in Page(path, reply.content.decode()).links}
