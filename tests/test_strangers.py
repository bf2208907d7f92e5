"""The stranger test: whoever has no right to a street learns nothing of it, at any address, whatever they send.

Every address of the resolver is asked by a visitor, by a superuser without Grants,
and by an official of another street who fills every parameter and every field with
what belongs to this one: uids, keys, codes, names. A reply must not hold anything of
the street (body, headers, redirects), must not be a 500, must not differ from the
reply to something that does not exist, and must not change a row.

A new address fails until it is answered for: give it a line in ANSWERS, and each
new kind of path parameter a line in PATH_VALUES.
"""

import re
import uuid
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client

from elections.desk.registry import BY_CODE
from elections.models.scans import RECORDS
from orgs.admin import pending
from tests.addresses import Address, all_addresses
from tests.asking import NOWHERE, OURS, Asker, rows_of, text_of, told_apart, twins
from tests.factories import RootFactory, UserFactory
from tests.pages import Page
from tests.streets import build_street

# Doors are tried once: what the two databases could differ in is tested where rows are scoped.
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.long]
ADDRESSES = all_addresses()
# The form of every page that needs no asking on each.
LEAVING = "/logout/"


@dataclass(frozen=True)
class Answer:
    """What is known of an address: whether visitors may use it, whether it shows something of its user's street.

    `query` is needed to get an answer at all; `names` are parameters that its page does not tell.
    """

    open: bool = False
    shows: bool = True
    query: tuple[tuple[str, str], ...] = ()
    names: frozenset[str] = frozenset()


SHOWS_NOTHING = Answer(shows=False)
ANSWERS = {
    "login": Answer(open=True, shows=False),
    "logout": Answer(open=True, shows=False),
    "password_change": SHOWS_NOTHING,
    "admin/login/": Answer(open=True, shows=False),
    "admin/password_change/": Answer(open=True, shows=False),  # leads to the password, which asks for sign-in
    "dashboard": Answer(),
    "ledger": Answer(),
    "ledger_export": Answer(),
    "findings": Answer(),
    "start": Answer(),
    "duplicates": Answer(),
    "structure": Answer(),
    "structure_export": Answer(),
    "organization": Answer(),
    "roll": Answer(),
    "task": Answer(),
    "operations": Answer(),
    "history": Answer(),
    "operation": Answer(),
    "operation_undo": Answer(),
    "scans": Answer(),
    "scan": SHOWS_NOTHING,
    "scan_withdraw": Answer(),
    "tree": Answer(query=(("screen", "ledger"),), names=frozenset({"parent"})),
    "openings": Answer(),
    "on_time": Answer(),
    "comparison": Answer(),
    "comparison_export": Answer(),
    "freezes": Answer(),
    "freeze": Answer(),
    "rules": Answer(names=frozenset({"node"})),
    "import_sample": SHOWS_NOTHING,
    "imports": Answer(),
    "import_template": SHOWS_NOTHING,
    "import_batch": Answer(),
    "import_choices": Answer(),
    "import_confirm": SHOWS_NOTHING,
    "import_undo": SHOWS_NOTHING,
    "import_marked": SHOWS_NOTHING,
    "import_check": SHOWS_NOTHING,
    "import_columns": SHOWS_NOTHING,
    "import_close": SHOWS_NOTHING,
    # The admin
    "admin:index": SHOWS_NOTHING,
    "admin:login": Answer(open=True, shows=False),
    "admin:logout": Answer(open=True, shows=False),  # leads to the admin, which asks for sign-in
    "admin:password_change": Answer(open=True, shows=False),
    "admin:jsi18n": SHOWS_NOTHING,
    "admin:app_list": SHOWS_NOTHING,
    "admin/(?P<url>.*)$": SHOWS_NOTHING,
    "admin:model:changelist": Answer(),
    "admin:model:add": SHOWS_NOTHING,
    "admin:model:change": Answer(),
    "admin:model:history": Answer(),
    "admin:model:delete": SHOWS_NOTHING,
    "admin:model:choices": Answer(),
    "admin:model:import": SHOWS_NOTHING,
    "admin:model:import_template": SHOWS_NOTHING,
    "admin:model:import_confirm": Answer(),
    "admin:model:export": SHOWS_NOTHING,
    **{
        # Django's older address of a change page; leads to it.
        f"admin/{model}/<path:object_id>/": SHOWS_NOTHING
        for model in (
            "orgs/organization",
            "orgs/unit",
            "orgs/user",
            "orgs/grant",
            "members/member",
            "elections/term",
            "elections/localvalue",
            "elections/locallist",
            "elections/checkedprovision",
        )
    },
}


# Of these a scan may be.
WITH_SCANS = {model._meta.label_lower for model in RECORDS.values()}


def object_ids(street, address):
    """The uid and the key of the street's row of the model, and the key of its organization."""
    record = street.records[address.model]
    return [record.uid, record.pk, street.organization.uid]


# {path parameter: what of a street may stand there}
PATH_VALUES = {
    "uid": lambda street, address: [
        street.branch.uid,
        *(
            each.uid
            for label, each in street.records.items()
            # Every task at every record would be hundreds of times the same first line of one view.
            if label != "orgs.organization"
            and "code" not in address.parameters
            and ("record" not in address.parameters or label in WITH_SCANS)
        ),
    ],
    "object_id": object_ids,
    "token": lambda street, address: [street.token],
    "field": lambda street, address: ["organization", "parent", "keeper", "user", "root"],
    "kind": lambda street, address: ["members", "organizations"],
    "subject": lambda street, address: ["missing", "transfer"],
    "record": lambda street, address: sorted(RECORDS),
    "code": lambda street, address: sorted(BY_CODE),
    "app_label": lambda street, address: ["orgs", "members", "elections"],
    "url": lambda street, address: [f"orgs/organization/{street.organization.uid}/nothing", street.organization.code],
}


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """The two streets, built once for all doors: what a test writes is rolled back to them."""
    with django_db_blocker.unblock(), transaction.atomic():
        root = RootFactory(code="YL")
        streets = build_street(root, "甲溪", "7301"), build_street(root, "乙泉", "8402")
        for street in streets:
            street.rows = rows_of(street)
        yield streets
        transaction.set_rollback(True)


@pytest.fixture
def streets(built, db, client):
    """Street A, whose official tries, and street B, which must not be seen."""
    for street in built:
        street.token = NOWHERE
        street.user.__dict__.pop("rights", None)
    return built


def answer_for(address: Address) -> Answer:
    if address.key not in ANSWERS:
        pytest.fail(
            f"新地址 {address.route}（{address.key}）还没有答案：请在 tests/test_strangers.py 的 ANSWERS 中加一行。"
        )
    missing = [name for name in address.parameters if name not in PATH_VALUES]
    if missing:
        pytest.fail(
            f"地址 {address.route} 的参数 {missing} 还没有取值：请在 tests/test_strangers.py 的 PATH_VALUES 中加一行。"
        )
    return ANSWERS[address.key]


def paths_of(address: Address, street) -> list[str]:
    """The address with every value of the street in its parameters, one after another."""
    filled = [{}]
    for name in address.parameters:
        values = PATH_VALUES[name](street, address)
        filled = [{**each, name: value} for each in filled for value in values]
    return [address.path(each) for each in filled]


@pytest.fixture
def official(client, streets):
    """The official of street A."""
    return Asker(client, streets[0].user, streets[1])


def keep_tables(asker, address, streets):
    """Give each street a table that waits for its confirmation, where the address asks for one."""
    if "token" not in address.parameters or not address.model:
        return
    own, foreign = streets
    for street in (foreign, own):
        client = Client()
        client.force_login(street.user)
        session = client.session
        request = type("Request", (), {"session": session, "user": street.user})()
        street.token = pending.keep(
            request,
            label=address.model,
            file_name=f"{street.mark}表格.csv",
            headers=["单位名称"],
            rows=[[f"{street.mark}待导入"]],
            lines=[2],
        )
        session.save()
        street.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    asker.cookies = own.cookies


# ---- The tests ------------------------------------------------------------------------------------------------------


def ids(address):
    return address.route or "/"


@pytest.mark.parametrize("address", ADDRESSES, ids=ids)
def test_an_official_of_another_street_learns_nothing(address, official, streets):
    answer = answer_for(address)
    own, foreign = streets
    keep_tables(official, address, streets)

    for number, path in enumerate(paths_of(address, foreign)):
        reply = official.ask("get", path)
        if number == 0:
            official.ask("get", path, **{"HX-Request": "true"})
        official.ask("post", path)
        if {"uid", "object_id", "token"} & set(address.parameters):
            assert reply.status_code != 200

    for path in dict.fromkeys(paths_of(address, own)):
        reply = official.ask("get", path)
        if reply.status_code != 200:
            continue
        page = page_in(reply, path)
        # A step by hand is asked about its one organization: it takes what its own links and fields name.
        common = set() if "code" in address.parameters else {"q", "node"}
        ask_about(official, path, answer, page.parameters() | answer.names | common, common)
        for form in page.forms:
            if form.method == "post" and (path == LEAVING or not form.action.endswith(LEAVING)):
                send_forms(official, form, foreign)


def ask_about(asker, path, answer, names, common):
    """Ask a page for what belongs to the foreign street, in every parameter and every shape a value can have.

    Each parameter is sent a uid, and those of the tree and the search every shape, by itself. The other shapes go to
    all the rest at once; where that is refused, which says nothing of the others, one after another.
    """
    for number, (sent, twin) in enumerate(twins(asker.foreign)):
        alone = names if number == 0 else names & common
        for name in sorted(alone):
            ask_alike(asker, path, answer, [name], sent, twin)
        together = sorted(names - alone)
        if together and ask_alike(asker, path, answer, together, sent, twin) != 200:
            for name in together:
                ask_alike(asker, path, answer, [name], sent, twin)


def ask_alike(asker, path, answer, names, sent, twin) -> int:
    """Send a value in the parameters, then its twin: the replies must not tell them apart. The status of both."""
    one, other = (
        asker.ask("get", path, {**dict(answer.query), **dict.fromkeys(names, value)}) for value in (sent, twin)
    )
    assert told_apart(one, other, sent, twin) == "", f"{path} {names}: {sent}"
    return one.status_code


def page_in(reply, path) -> Page:
    """The links and forms of a page of one's own; none where there is no page."""
    is_page = reply.status_code == 200 and reply.headers["Content-Type"].startswith("text/html")
    return Page(path, reply.plain.decode() if is_page else "")


def send_forms(asker, form, foreign):
    """Send a form of one's own with each field, and then all, holding what belongs to the foreign street.

    Of fields that differ in their number only (姓名 1, 姓名 2 …) the first stands for all.
    """
    uid, code, name, key = (sent for sent, _ in twins(foreign))
    alike = {re.sub(r"\d+$", "", field): field for field in reversed(form.values) if field != "csrfmiddlewaretoken"}
    for field in alike.values():
        asker.ask("post", form.action, form.data(**{field: [uid]}))
    for value in (uid, code, name, key):
        asker.ask("post", form.action, {field: [value] for field in form.values})


def test_forms_of_the_street_sent_by_a_stranger_change_nothing(client, streets):
    own, foreign = streets
    theirs = Asker(client, foreign.user, own)
    paths = {path for address in ADDRESSES if answer_for(address) for path in paths_of(address, foreign)}
    # The same form stands on many pages, as that which signs out does on all.
    forms = {}
    for path in sorted(paths):
        for form in page_in(theirs.ask("get", path), path).forms:
            if form.method == "post":
                sent = sorted((name, *each) for name, each in form.values.items() if name != "csrfmiddlewaretoken")
                forms[form.action, str(sent)] = form

    stranger = Asker(client, own.user, foreign)
    for form in forms.values():
        stranger.ask("post", form.action, form.values)


def test_a_visitor_is_led_to_sign_in(client, streets):
    visitor = Asker(client, None, streets[1])

    for address in ADDRESSES:
        answer = answer_for(address)
        # Nothing of the address is read before somebody signed in: one of its kind stands for all.
        for path in paths_of(address, streets[1])[:1]:
            for reply in (visitor.ask("get", path), visitor.ask("post", path)):
                signs_in = reply.status_code == 302 and "/login/" in reply.headers["Location"]
                refused = signs_in or reply.status_code in (403, 404, 405)
                assert answer.open or refused, f"{path}: {reply.status_code}"


def test_a_superuser_without_grants_sees_no_rows(client, streets):
    user = UserFactory(username="chaoji", is_staff=True, is_superuser=True)

    street = streets[1]
    superuser = Asker(client, user, street)
    for address in ADDRESSES:
        for path in paths_of(address, street):
            superuser.ask("post", path)
            # Where the very row is refused there is nothing to ask about it in other ways.
            reply = superuser.ask("get", path)
            if reply.status_code == 200 or not address.parameters:
                for name in ("node", "q"):
                    superuser.ask("get", path, {name: str(street.organization.uid)})
                names = page_in(reply, path).parameters() - {"node", "q"}
                asked = superuser.ask("get", path, dict.fromkeys(names, str(street.organization.uid)))
                for name in sorted(names) if asked.status_code != 200 else ():
                    superuser.ask("get", path, {name: str(street.organization.uid)})


SHOWING = [address for address in ADDRESSES if ANSWERS.get(address.key, SHOWS_NOTHING).shows]


@pytest.mark.parametrize("address", SHOWING, ids=ids)
def test_the_streets_own_official_does_see_it(address, official, client, streets):
    """Without this the tests above would pass on empty pages."""
    own, foreign = streets
    keep_tables(official, address, streets)
    client.force_login(foreign.user)
    if "token" in address.parameters:
        for name, value in foreign.cookies.items():
            client.cookies[name] = value

    answer = ANSWERS[address.key]
    questions = [{}, *({**dict(answer.query), name: str(foreign.organization.uid)} for name in sorted(answer.names))]
    replies = [text_of(client.get(path, each)) for path in paths_of(address, foreign) for each in questions]

    assert any(foreign.mark in reply for reply in replies)


def test_the_street_holds_a_row_of_every_table_that_could_leak(streets):
    tables = {
        model._meta.label_lower
        for model in apps.get_models()
        if model._meta.app_label in OURS
        and {"uid"} <= {each.name for each in model._meta.concrete_fields}
        and model._meta.label_lower != "orgs.auditevent"
    }

    assert tables - streets[1].records.keys() == set()


def test_uids_are_random():
    """A uid that could be guessed would need no leak."""
    assert uuid.UUID(NOWHERE).version == 4
    assert {uuid.UUID(str(RootFactory(code=code).uid)).version for code in ("X1", "X2")} == {4}
