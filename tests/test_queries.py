"""How many queries a page costs must not depend on how many rows it counts or shows: 1, 3 or 2,400."""

import datetime

import pytest
from django.db import connection
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

pytestmark = pytest.mark.django_db

MANY = 2_400
DAY = datetime.date(2026, 11, 21)
# One of each sort, so that no query appears only when the first row of a sort does.
FORMS = (Form.ORDINARY, Form.JOINT, Form.TEMPORARY)


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory())


@pytest.fixture
def page(client, street):
    client.force_login(user_at(street))
    return client


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
    with connection.cursor() as cursor:
        # As the database's own upkeep does soon after such an import; without it a plan fits the rows of before.
        cursor.execute("ANALYZE")


def cost(page, address, **query) -> int:
    """How many queries a request takes; the page must come."""
    with CaptureQueriesContext(connection) as captured:
        response = page.get(address, query)
    assert response.status_code == 200
    return len(captured)


def costs(page, street, address, **query) -> list[int]:
    """The queries of a page with 1, 3 and MANY branches in the street."""
    counted = []
    add_branches(street, 1)
    cost(page, address, **query)  # the first request of a session notes its time
    for more in (0, 2, MANY - 3):
        add_branches(street, more)
        counted.append(cost(page, address, **query))
    return counted


@pytest.mark.parametrize(
    "name", ["dashboard", "ledger", "findings", "structure", "duplicates", "tree", "imports", "start"]
)
def test_screens_of_a_street(page, street, name):
    query = {"screen": "ledger", "parent": str(street.uid)} if name == "tree" else {"node": str(street.uid)}

    counted = costs(page, street, reverse(name), **query)

    assert counted == [counted[0]] * 3


def test_filtered_and_sorted_ledger(page, street):
    counted = costs(page, street, reverse("ledger"), q="虚构", kind="branch", sort="-expires_on")

    assert counted == [counted[0]] * 3


def test_page_of_the_street(page, street):
    counted = costs(page, street, reverse("organization", args=[street.uid]))

    assert counted == [counted[0]] * 3


def test_page_of_a_branch_with_one_and_three_terms(page, street):
    branch = OrganizationFactory(parent=street)
    address = reverse("organization", args=[branch.uid])

    def add(year):
        term = TermFactory(
            organization=branch, elected_on=datetime.date(year, 6, 1), expires_on=datetime.date(year + 5, 6, 1)
        )
        ExtensionFactory(term=term, ends_on=datetime.date(year + 5, 9, 1), approved_on=datetime.date(year + 5, 5, 1))
        PostFactory(organization=branch)

    add(2024)
    cost(page, address)
    one = cost(page, address)
    add(2019)
    add(2014)

    assert cost(page, address) == one


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
