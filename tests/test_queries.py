"""How many queries a page costs must not depend on how many rows it counts or shows: 1, 3 or 2,400."""

import datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections.models import Election, Extension, Post, Term
from members.models import Affiliation, DeclaredCount, Member
from orgs import tree
from orgs.enums import Form, Kind, Role, UnitType
from orgs.models import Organization
from tests.factories import (
    AffiliationFactory,
    ExtensionFactory,
    GrantFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    UnitFactory,
    UserFactory,
    user_at,
)
from tests.upkeep import analyze

pytestmark = [pytest.mark.django_db, pytest.mark.long]

MANY = 2_400
DAY = datetime.date(2026, 11, 21)
# One of each sort, so that no query appears only when the first row of a sort does.
FORMS = (Form.ORDINARY, Form.JOINT, Form.TEMPORARY)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """Three streets, with 1, 3 and MANY branches, built once for all pages."""
    with django_db_blocker.unblock(), transaction.atomic():
        root = RootFactory()
        streets = [StreetFactory(parent=root) for _ in range(3)]
        for street, count in zip(streets, (1, 3, MANY), strict=True):
            add_branches(street, count)
        yield streets
        transaction.set_rollback(True)


@pytest.fixture
def streets(built, db):
    return built


@pytest.fixture
def street(db):
    return StreetFactory(parent=RootFactory())


def add_branches(street, count: int) -> None:
    """`count` branches, each with a term, an extension, an election, a secretary, a member and a declared number."""
    start = Organization.objects.count()
    branches = Organization.objects.bulk_create(
        Organization(
            parent=street,
            path=path,
            code=f"F{start + number:06d}",
            name=f"虚构社区第{start + number}党支部",
            kind=Kind.BRANCH,
            form=FORMS[number % len(FORMS)],
            unit_type=UnitType.COMMUNITY,
            sort_key=f"xugou{start + number:06d}",
        )
        for number, path in enumerate(tree.next_paths(street, count))
    )
    terms = Term.objects.bulk_create(
        Term(
            organization=branch,
            elected_on=datetime.date(2021, 1 + number % 12, 1),
            years=5,
            years_basis="TERM-04",
            expires_on=datetime.date(2026, 1 + number % 12, 1),
            kind_at_election=Kind.BRANCH,
        )
        for number, branch in enumerate(branches)
    )
    Extension.objects.bulk_create(
        Extension(term=term, ends_on=DAY, is_approved=True, approved_on=DAY, document_no="云组〔2026〕1号")
        for term in terms
    )
    Election.objects.bulk_create(Election(organization=branch, opened_on=DAY) for branch in branches)
    members = Member.objects.bulk_create(Member(name="王建国", sort_key="wangjianguo") for _ in branches)
    Affiliation.objects.bulk_create(
        Affiliation(member=member, organization=branch) for member, branch in zip(members, branches, strict=True)
    )
    Post.objects.bulk_create(
        Post(organization=branch, member=member, holder_name=member.name, title="secretary", since=DAY)
        for member, branch in zip(members, branches, strict=True)
    )
    DeclaredCount.objects.bulk_create(DeclaredCount(organization=branch, on=DAY, full=12) for branch in branches)
    analyze()


def cost(client, address) -> int:
    """How many queries a request takes; the page must come."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200
    return len(captured)


def costs(client, streets, address_of) -> list[int]:
    """The queries of a page of each street, asked by its own official."""
    counted = []
    for street in streets:
        client.force_login(user_at(street))
        address = address_of(street)
        cost(client, address)  # the first request of a session notes its time
        counted.append(cost(client, address))
    return counted


@pytest.mark.parametrize("name", ["dashboard", "ledger", "findings", "structure", "duplicates", "imports", "start"])
def test_screens_of_a_street(client, streets, name):
    counted = costs(client, streets, lambda street: f"{reverse(name)}?node={street.uid}")

    assert counted == [counted[0]] * 3


def test_lines_of_the_tree(client, streets):
    counted = costs(client, streets, lambda street: f"{reverse('tree')}?screen=ledger&parent={street.uid}")

    assert counted == [counted[0]] * 3


def test_filtered_and_sorted_ledger(client, streets):
    counted = costs(client, streets, lambda _: f"{reverse('ledger')}?q=虚构&kind=branch&sort=-expires_on")

    assert counted == [counted[0]] * 3


def test_page_of_the_street(client, streets):
    counted = costs(client, streets, lambda street: reverse("organization", args=[street.uid]))

    assert counted == [counted[0]] * 3


def test_page_of_a_branch_with_one_and_three_terms(client, street):
    client.force_login(user_at(street))
    branch = OrganizationFactory(parent=street)
    address = reverse("organization", args=[branch.uid])

    def add(year):
        term = TermFactory(
            organization=branch, elected_on=datetime.date(year, 6, 1), expires_on=datetime.date(year + 5, 6, 1)
        )
        ExtensionFactory(term=term, ends_on=datetime.date(year + 5, 9, 1), approved_on=datetime.date(year + 5, 5, 1))
        PostFactory(organization=branch)

    add(2024)
    cost(client, address)
    one = cost(client, address)
    add(2019)
    add(2014)

    assert cost(client, address) == one


@pytest.mark.parametrize(
    "model", ["orgs_organization", "orgs_unit", "orgs_user", "orgs_grant", "members_member", "elections_term"]
)
def test_lists_of_the_admin(client, street, model):
    official = UserFactory(organization=street, is_staff=True)
    for role in (Role.CLERK, Role.ACCOUNT_ADMIN, Role.GRANT_ADMIN):
        GrantFactory(user=official, organization=street, role=role)
    client.force_login(official)
    address = reverse(f"admin:{model}_changelist")

    def add():
        branch = OrganizationFactory(parent=street)
        UnitFactory(keeper=branch)
        GrantFactory(user=UserFactory(organization=branch), organization=branch)
        AffiliationFactory(organization=branch)
        TermFactory(organization=branch)

    add()
    cost(client, address)
    one = cost(client, address)
    add()
    add()

    assert cost(client, address) == one
