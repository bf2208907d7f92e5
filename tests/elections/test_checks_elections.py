"""Contradictions in terms, posts and elections: each broken once, told once."""

import datetime

import pytest
from django.utils import timezone

from elections.models import Extension, Term
from elections.services import terms
from orgs.enums import Precision, Title
from tests.checking import lines, without_unique
from tests.factories import (
    ElectionFactory,
    ExtensionFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    UserFactory,
    user_at,
)

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 5, 1)
LATER = datetime.date(2026, 6, 1)


@pytest.fixture
def branch():
    return OrganizationFactory(
        parent=StreetFactory(parent=RootFactory()),
        name="虚构社区党支部",
        code="B1",
        founded_on=datetime.date(2000, 1, 1),
    )


@pytest.fixture
def term(branch):
    return TermFactory(organization=branch)


def rewrite(row, **values):
    """Write columns past every service."""
    type(row).everything.filter(pk=row.pk).update(**values)


def test_terms_through_the_services_are_whole(branch):
    clerk = user_at(branch)
    first = terms.record_term(organization=branch, elected_on=datetime.date(2016, 3, 1), by=clerk)
    terms.record_extension(
        term=first, ends_on=datetime.date(2021, 9, 1), approved_on=datetime.date(2021, 2, 1), by=clerk
    )
    terms.record_term(organization=branch, elected_on=datetime.date(2021, 8, 1), by=clerk)

    assert lines() == []


# ---- Terms ----------------------------------------------------------------------------------------------------------

AGAIN = "处理：对该党组织的任一届次重新登记或更正一次，由系统重新计算。"


def test_a_term_that_sits_on_after_the_next_election(branch, term):
    TermFactory(
        organization=branch,
        elected_on=datetime.date(2019, 6, 1),
        expires_on=datetime.date(2024, 6, 1),
        until=datetime.date(2024, 7, 1),
    )
    rewrite(term, timing="on_time")

    earlier = Term.objects.get(elected_on__year=2019)
    assert lines() == [
        f"届次（标识 {earlier.uid}）：“虚构社区党支部”（编码 B1）的“卸任日期”存为“2024-07-01”，"
        f"按规定应为“2024-06-01”。{AGAIN}"
    ]


def test_an_extension_whose_end_was_not_derived(branch, term):
    extension = ExtensionFactory(term=term, ends_on=datetime.date(2029, 9, 1), approved_on=datetime.date(2029, 5, 1))
    terms.refresh([branch.pk])
    rewrite(extension, counts_until=datetime.date(2030, 9, 1))

    assert Extension.objects.count() == 1
    assert lines() == [
        f"延期（标识 {extension.uid}）：“虚构社区党支部”（编码 B1）的“有效延期至”存为“2030-09-01”，"
        f"按规定应为“2029-09-01”。{AGAIN}"
    ]


def test_an_end_of_the_term_that_no_extension_gives(branch, term):
    rewrite(term, extended_until=LATER, extension_effective_on=DAY)

    assert lines() == [
        f"届次（标识 {term.uid}）：“虚构社区党支部”（编码 B1）的“延期至”存为“2026-06-01”，按规定应为“无”；"
        f"“延期生效日期”存为“2026-05-01”，按规定应为“无”。{AGAIN}"
    ]


def test_an_expiry_without_a_basis(branch, term):
    rewrite(term, expires_on=datetime.date(2029, 6, 30))

    assert lines() == [
        f"届次（标识 {term.uid}）：“虚构社区党支部”（编码 B1）的届满日期存为2029-06-30，"
        "按2024-06-01当选、任期5年应为2029-06-01，又没有批复载明这一天。处理：核对批复，补登文号，或更正当选日期和任期。"
    ]


def test_an_expiry_that_a_document_states(branch, term):
    day = datetime.date(2029, 6, 30)
    rewrite(term, expires_on=day, stated_expires_on=day, document_no="云组〔2024〕1号")

    assert lines() == []


def test_an_election_known_to_the_month_expires_at_the_months_end(branch, term):
    rewrite(
        term,
        elected_on=datetime.date(2024, 6, 30),
        elected_on_precision=Precision.MONTH,
        expires_on=datetime.date(2029, 6, 30),
        expires_on_precision=Precision.MONTH,
    )

    assert lines() == []


def test_a_length_by_document_without_the_document(branch, term):
    rewrite(term, years_basis="stated")

    assert lines() == [
        f"届次（标识 {term.uid}）：“虚构社区党支部”（编码 B1）的任期5年注明以批复为准，却没有批复文号。"
        "处理：核对批复，补登文号，或更正当选日期和任期。"
    ]


def test_a_body_elected_twice_on_a_day(branch, term):
    without_unique("elections_term_once_a_day")
    TermFactory(organization=branch)

    assert lines() == [
        "届次“虚构社区党支部”（编码 B1）：委员会在2024-06-01登记了 2 届。处理：保留正确的一届，其余作废。"
    ]


# ---- Posts and elections --------------------------------------------------------------------------------------------

DAYS = "处理：核对任职、免职日期和党组织成立、撤销日期，更正有误的一项。"


def test_a_post_held_after_the_closing(branch):
    post = PostFactory(organization=branch)
    rewrite(branch, closed_on=DAY)

    assert lines() == [
        f"班子成员（标识 {post.uid}）：在“虚构社区党支部”（编码 B1）任职到现在，而它已于2026-05-01撤销。{DAYS}"
    ]


def test_a_post_held_before_the_founding(branch):
    post = PostFactory(organization=branch, since=datetime.date(1999, 5, 1), title=Title.PUBLICITY)

    assert lines() == [
        f"班子成员（标识 {post.uid}）：在“虚构社区党支部”（编码 B1）从1999-05-01起任职，而它2000-01-01才成立。{DAYS}"
    ]


def test_a_post_that_ended_with_its_organization(branch):
    PostFactory(organization=branch, until=DAY)
    rewrite(branch, closed_on=DAY)

    assert lines() == []


@pytest.mark.parametrize("closed_on", [None, datetime.date(2026, 12, 1)])
def test_two_general_elections_at_once(branch, closed_on):
    without_unique("elections_election_one_open_general")
    ElectionFactory(organization=branch, opened_on=DAY)
    second = ElectionFactory(organization=branch, opened_on=LATER, closed_on=closed_on)

    assert lines() == [
        f"换届选举（标识 {second.uid}）：“虚构社区党支部”（编码 B1）在2026-06-01启动时，另一项换届选举尚未办结。"
        "处理：核对两项的启动和办结日期，或将重复的一项作废。"
    ]


def test_one_general_election_after_the_other_and_a_by_election_beside(branch):
    ElectionFactory(organization=branch, opened_on=DAY, closed_on=LATER)
    ElectionFactory(organization=branch, opened_on=LATER)
    ElectionFactory(organization=branch, opened_on=LATER, kind="by_election")

    assert lines() == []


def test_an_election_open_after_the_closing(branch):
    election = ElectionFactory(organization=branch, opened_on=DAY)
    rewrite(branch, closed_on=LATER)

    assert lines() == [
        f"换届选举（标识 {election.uid}）：“虚构社区党支部”（编码 B1）已于2026-06-01撤销，这项选举没有同时办结。"
        "处理：以撤销日期办结。"
    ]


def test_an_extension_of_a_voided_term(branch, term):
    extension = ExtensionFactory(term=term, ends_on=datetime.date(2029, 9, 1))
    rewrite(term, voided_at=timezone.now(), voided_by=UserFactory())

    assert lines() == [
        f"延期（标识 {extension.uid}）：所指的届次（标识 {term.uid}）已作废。处理：改指正确的记录，或将它一并作废。"
    ]
