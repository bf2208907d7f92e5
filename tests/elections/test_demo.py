"""`manage.py demo`: the district in the database, loaded whole or not at all, and the accounts that come with it."""

from collections import Counter
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse

from elections.demo import accounts, dealing, district, floating, loading, rosters
from elections.imports import importer
from elections.ledger import Ledger
from elections.models import Appointment, Election, Extension, Post, Term
from members.duplicates import suspects
from members.models import Affiliation, Guest, Member, Standing
from orgs.enums import Action, Kind, StandingKind, State
from orgs.models import AuditEvent, Grant, ImportBatch, Organization, User
from orgs.opening import opened_on
from tests.checking import lines

DAY = date(2026, 11, 22)
TABLES = (Organization, User, Grant, ImportBatch, AuditEvent, Member, Affiliation, Term, Extension, Election, Post)


@pytest.fixture(scope="module")
def planned():
    """The district as pure data."""
    return district.build(DAY)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The district in the database for all tests of this file, as of DAY; returns its roster files."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield loading.load(DAY, say=lambda text: None)
        transaction.set_rollback(True)


@pytest.fixture
def root(loaded, db):
    """The district committee."""
    return Organization.objects.get(parent=None)


def account(username) -> User:
    """One of the demo's accounts."""
    return User.objects.get(username=username)


def rows_of(table) -> int:
    """How many rows a table has, voided ones included."""
    return getattr(table, "everything", table.objects).count()


# ---- The district ---------------------------------------------------------------------------------------------------


def test_the_ledger_has_every_organization_in_its_planned_state(root, planned):
    rows = Ledger(user=account("qw"), node=root, on=DAY).rows()

    assert {row.code: row.state for row in rows} == {
        org.code: org.course.expected for org in planned.organizations if org.course.expected != State.NOT_EXISTING
    }


def test_the_books_of_the_district_contradict_nothing(root):
    assert lines(sealed=True) == []


def test_the_states_of_the_district_add_up(root):
    summary = Ledger(user=account("qw"), node=root, on=DAY).summary()

    assert summary.total == 410
    assert summary.states == {
        State.IN_TERM: 263,
        State.OVERDUE: 34,
        State.DUE_SOON: 30,
        State.IN_ELECTION: 24,
        State.AWAITING_FIRST: 18,
        State.NO_DATA: 10,
        State.EXTENDED: 10,
        State.NO_TERM: 21,
    }
    assert len(summary.children) == 14  # the district committee itself and its 13 党（工）委


def test_the_books_hold_the_people_of_all_rosters(root, planned):
    named = {org.name: len(org.people) for org in planned.organizations if org.people}
    held = Affiliation.objects.regular().filter(until=None).values_list("organization__name", flat=True)

    # And the two guests, whose rosters others keep.
    assert Member.objects.count() == 8123 + 2
    assert Counter(held) == named


def test_history_beyond_the_rosters_is_in_the_books(root, planned):
    courses = [org.course for org in planned.organizations]

    assert Term.objects.count() == sum(len(each.earlier) + (each.current is not None) for each in courses)
    assert Extension.objects.count() == sum(
        len(term.extensions) for each in courses for term in (*each.earlier, each.current) if term
    )
    assert Election.objects.count() == sum(len(each.elections) for each in courses)
    assert Appointment.objects.count() == 3


def test_a_raised_branch_keeps_its_past(root, planned):
    raised = next(org for org in planned.organizations if org.course.converted_on)
    organization = Organization.objects.get(code=raised.code)

    term = Term.objects.get(organization=organization, elected_on=raised.course.current.elected_on)

    assert (organization.kind, organization.converted_on) == (Kind.GENERAL_BRANCH, raised.course.converted_on)
    assert (term.kind_at_election, term.until) == (Kind.BRANCH, raised.course.converted_on)


def test_holders_of_posts_are_people_of_the_roster(root, planned):
    holders = sum(person.post is not None for org in planned.organizations for person in org.people)

    assert Post.objects.exclude(member=None).count() == holders
    assert [
        post.holder_name for post in Post.objects.exclude(member=None) if post.holder_name != post.member.name
    ] == []


def test_a_few_members_have_no_vote_or_are_lost(root):
    kinds = Standing.objects.exclude(kind=StandingKind.FLOATING).values_list("kind", flat=True)

    assert set(kinds) == {StandingKind.SUSPENDED, StandingKind.ON_PROBATION, StandingKind.LOST}


def test_members_of_a_joint_branch_name_one_of_its_units(root):
    branch = Organization.objects.get(name="东湖商圈联合党支部")
    affiliations = Affiliation.objects.filter(organization=branch)

    assert branch.units.count() == 3
    assert {each.unit for each in affiliations} <= set(branch.units.all())


# ---- The roster files -----------------------------------------------------------------------------------------------


def test_there_is_a_ledger_and_one_roster_for_each_street(loaded, root, planned):
    assert list(loaded) == [
        "党组织台账-云岭区.xlsx",
        *(f"党员花名册-{street.name}.xlsx" for street in planned.streets),
        "流动党员台账-东湖街道党工委.xlsx",
    ]


def test_the_ledger_uploaded_again_changes_nothing(loaded, root):
    batch = importer.upload(
        data=loaded[rosters.LEDGER_NAME],
        file_name=rosters.LEDGER_NAME,
        kind="auto",
        organization=root,
        on=DAY,
        by=account("qw"),
    )

    assert {name: batch.counts[name] for name in ("rows", "unchanged", "bad")} == {
        "rows": 414,
        "unchanged": 414,
        "bad": 0,
    }


def test_the_clerk_uploads_the_streets_roster_again_and_nothing_changes(loaded, root):
    name = f"党员花名册-{dealing.HOME}.xlsx"
    street = Organization.objects.get(name=dealing.HOME)

    batch = importer.upload(
        data=loaded[name], file_name=name, kind="auto", organization=street, on=DAY, by=account("donghu")
    )

    assert batch.counts["unchanged"] == batch.counts["rows"] == 545


def test_the_floating_ledger_uploaded_again_changes_nothing(loaded, root):
    name = f"流动党员台账-{dealing.HOME}.xlsx"
    street = Organization.objects.get(name=dealing.HOME)

    batch = importer.upload(
        data=loaded[name], file_name=name, kind="auto", organization=street, on=DAY, by=account("donghu")
    )

    assert batch.kind == "floating"
    assert batch.counts["unchanged"] == batch.counts["rows"]
    assert batch.counts["rows"] == Standing.objects.filter(kind=StandingKind.FLOATING).exclude(
        destination=""
    ).count() + len(floating.GUESTS)


# ---- What the pages of the first day show ---------------------------------------------------------------------------


def test_the_clerk_finds_one_pair_of_suspected_duplicates(root):
    street = Organization.objects.get(name=dealing.HOME)

    (pair,) = suspects(account("donghu"), street)

    assert pair.first.name == pair.second.name
    assert pair.reasons == ("姓名、出生日期相同", "公民身份号码只差一位")
    # Of all others of the district nothing speaks for one person.
    assert [(each.first, each.second) for each in suspects(account("qw"), root)] == [(pair.first, pair.second)]


def test_the_books_of_the_clerks_street_began_three_months_ago(root):
    street = Organization.objects.get(name=dealing.HOME)

    assert opened_on([root, street]) == {root.pk: None, street.pk: date(2026, 8, 1)}


def test_the_branch_account_has_guests_who_are_not_counted(root):
    branch = Organization.objects.get(name=dealing.HOME_BRANCH)

    guests = Guest.objects.visible_to(account("zhibu")).filter(affiliation__organization=branch)

    assert sorted(guest.affiliation.member.name for guest in guests) == ["白露", "贺远帆"]


# ---- The accounts ---------------------------------------------------------------------------------------------------

DISTRICT, STREET, BRANCH = "中共云岭区委员会", dealing.HOME, dealing.HOME_BRANCH


@pytest.mark.parametrize(
    ("username", "rights"),
    [
        ("qw", dict.fromkeys((Action.READ, Action.READ_PEOPLE, Action.EDIT, Action.APPROVE), DISTRICT)),
        ("donghu", dict.fromkeys((Action.READ, Action.READ_PEOPLE, Action.EDIT), STREET)),
        ("zhibu", dict.fromkeys((Action.READ, Action.READ_PEOPLE, Action.EDIT), BRANCH)),
        ("kan", dict.fromkeys((Action.READ, Action.READ_PEOPLE), DISTRICT)),
        ("admin", dict.fromkeys((Action.READ, Action.MANAGE_ACCOUNTS, Action.MANAGE_GRANTS), DISTRICT)),
    ],
)
def test_each_account_has_its_rights_and_no_others(root, username, rights):
    user = account(username)
    names = dict(Organization.objects.values_list("path", "name"))

    found = {action: [names[path] for path in user.paths_allowing(action)] for action in Action}

    assert {action: places for action, places in found.items() if places} == {
        action: [place] for action, place in rights.items()
    }


def test_only_officer_and_administrator_enter_the_admin(root):
    assert set(User.objects.filter(is_staff=True).values_list("username", flat=True)) == {"qw", "admin"}
    assert set(User.objects.filter(is_superuser=True).values_list("username", flat=True)) == {"admin"}


@pytest.mark.parametrize("username", [each.username for each in accounts.ACCOUNTS])
def test_the_printed_password_opens_each_account_at_once(root, client, username):
    client.post(reverse("login"), {"username": username, "password": accounts.PASSWORD})

    assert client.session["_auth_user_id"] == str(account(username).pk)
    assert account(username).must_change_password is False


def test_no_demo_account_signs_in_in_production(root, client, settings):
    settings.PRODUCTION = True

    for each in accounts.ACCOUNTS:
        client.post(reverse("login"), {"username": each.username, "password": accounts.PASSWORD})
        assert "_auth_user_id" not in client.session


def test_the_clerk_sees_every_state_in_the_own_street(root):
    street = Organization.objects.get(name=dealing.HOME)

    summary = Ledger(user=account("donghu"), node=street, on=DAY).summary()

    assert {state for state, number in summary.states.items() if number} == set(summary.states)


# ---- The command ----------------------------------------------------------------------------------------------------


def test_a_later_run_changes_nothing_and_says_where_everything_is(loaded, root, settings, tmp_path, time_machine):
    time_machine.move_to(datetime(2027, 3, 1, 12, tzinfo=UTC))
    settings.VAR_DIR = tmp_path
    before, out = {table: rows_of(table) for table in TABLES}, StringIO()

    call_command("demo", no_server=True, stdout=out)

    assert {table: rows_of(table) for table in TABLES} == before
    assert sorted(path.name for path in (tmp_path / "demo-rosters").iterdir()) == sorted(loaded)
    assert "数据按 2026-11-22 生成" in out.getvalue()
    assert out.getvalue().splitlines()[:2] == [
        "准备数据库 …",
        "云岭区演示数据（均为虚构）：415 个党组织，8123 名党员。",
    ]
    assert [line.split()[0] for line in out.getvalue().splitlines()[-5:]] == ["qw", "donghu", "zhibu", "admin", "kan"]
