"""Contradictions between books as the page of an organization and the counts tell them, in hand-made organizations."""

import datetime

import pytest

from elections.ledger import Ledger
from elections.rules.wording import sentence
from orgs.enums import Body, Precision, Role, Title
from orgs.models import OrganizationChange
from tests.factories import (
    DAY,
    AffiliationFactory,
    MemberFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    UserFactory,
    user_at,
)

pytestmark = pytest.mark.django_db

CODES = ("P-11", "P-12", "P-13", "P-14", "P-15", "P-16")


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory())


@pytest.fixture
def clerk(street):
    return user_at(street, Role.CLERK)


def told(user, organization, on=DAY) -> list[str]:
    """The sentences of the contradictions of one organization; its counts must say the same."""
    ledger = Ledger(user=user, node=organization, on=on)
    found = [each for each in ledger.row_of(organization).findings if each.rule_id in CODES]
    alone = Ledger(user=user, node=organization, on=on).finding_counts()
    assert {rule: number for rule, number in alone.rules().items() if rule in CODES and number} == {
        each.rule_id: 1 for each in found
    }
    return [sentence(each) for each in found]


def test_a_term_without_unit_type_cannot_be_checked_until_the_type_is_entered(street, clerk):
    branch = OrganizationFactory(parent=street, unit_type="")
    TermFactory(organization=branch, unit_type_at_election="", document_no="")

    before = told(clerk, branch)
    branch.unit_type = "community"
    branch.save()

    assert (before, told(clerk, branch)) == (["单位类别未填，本届任期5年无法核对。"], [])


def test_two_branches_of_one_superior_share_a_name_only_since_one_was_renamed(street, clerk):
    first, second = (OrganizationFactory(parent=street, name="虚构社区党支部") for _ in range(2))
    elsewhere = OrganizationFactory(parent=StreetFactory(parent=street.parent), name="虚构社区党支部")
    OrganizationFactory(parent=street, name="虚构社区党支部", closed_on=DAY)
    renamed_on = day("2026-03-01")
    OrganizationChange.objects.create(
        organization=second, field="name", on=renamed_on, before="虚构小区党支部", after=second.name, by=UserFactory()
    )
    days = (renamed_on - datetime.timedelta(days=1), renamed_on, DAY)

    # The day before, the third one still had the name; on the last day it is closed.
    found = [told(clerk, first, on) for on in days]

    said = [f"同一上级党组织下另有{number}个党组织与本组织同名。" for number in (1, 2, 1)]
    assert found == [[each] for each in said]
    assert told(user_at(elsewhere.parent, Role.CLERK), elsewhere) == []


def test_whoever_sees_only_one_of_two_namesakes_is_told_of_the_name(street):
    first, _ = (OrganizationFactory(parent=street, name="虚构社区党支部") for _ in range(2))

    assert told(user_at(first, Role.BRANCH), first) == ["同一上级党组织下另有1个党组织与本组织同名。"]


def test_posts_from_before_the_founding_and_before_joining_the_party(street, clerk):
    branch = OrganizationFactory(parent=street, founded_on=day("2024-06-02"))
    member = MemberFactory(name="何丽华", joined_on=day("2024-07-01"), formal_on=day("2025-07-01"))
    AffiliationFactory(member=member, organization=branch)
    PostFactory(organization=branch, member=member, holder_name="何丽华", since=day("2024-06-01"))
    PostFactory(
        organization=branch,
        holder_name="吴宏伟",
        title=Title.PUBLICITY,
        since=day("2024-06-02"),
        joined_on=day("2024-01-01"),
        joined_on_precision=Precision.YEAR,
    )

    assert told(clerk, branch) == [
        "何丽华自2024年6月1日起任职，早于本组织成立日期2024年6月2日。",
        "何丽华自2024年6月1日起任职，早于其入党日期。",
    ]


def test_people_whose_days_cannot_be_are_counted_and_not_named(street, clerk):
    branch, other = OrganizationFactory(parent=street), OrganizationFactory(parent=street)
    wrong = [
        {"birth": day("1992-07-02")},
        {"birth": day("1993-01-01"), "birth_precision": Precision.YEAR},
        {"birth": DAY + datetime.timedelta(days=1)},
        {"birth": day("1899-12-31")},
    ]
    right = [
        {"birth": day("1992-07-01")},
        {"birth": day("1992-01-01"), "birth_precision": Precision.YEAR},
        # In 2010 the day may have come.
        {"birth": day("1992-10-01"), "joined_on": day("2010-01-01"), "joined_on_precision": Precision.YEAR},
        {"birth": None},
    ]
    for fields in (*wrong, *right):
        AffiliationFactory(member=MemberFactory(**fields), organization=branch)
    AffiliationFactory(member=MemberFactory(birth=day("1899-12-31")), organization=branch, until=DAY)

    assert told(clerk, branch) == ["有4名党员的出生、入党日期有误（入党时不满18周岁，或者出生日期不可能）。"]
    assert told(clerk, other) == []


def test_whoever_belongs_to_two_organizations_is_counted_in_both_without_telling_where(street, clerk):
    branch = OrganizationFactory(parent=street)
    far = OrganizationFactory(parent=StreetFactory(parent=street.parent))
    member = MemberFactory()
    AffiliationFactory(member=member, organization=far, until=day("2026-12-01"))
    AffiliationFactory(member=member, organization=branch, since=day("2026-11-21"))

    both = ["有1名党员同时在另一个党组织有组织关系。"]
    assert (told(clerk, branch), told(user_at(far.parent, Role.CLERK), far)) == (both, both)
    assert told(clerk, branch, day("2026-11-20")) == told(clerk, branch, day("2026-12-01")) == []


def test_a_committee_member_who_left_while_in_post_and_a_secretary_who_did_is_told_once(street, clerk):
    branch = OrganizationFactory(parent=street)
    for name, title in (("何丽华", Title.SECRETARY), ("吴宏伟", Title.PUBLICITY)):
        member = MemberFactory(name=name)
        AffiliationFactory(member=member, organization=branch, until=DAY)
        PostFactory(organization=branch, member=member, holder_name=name, title=title)
    PostFactory(organization=branch, member=member, holder_name=name, body=Body.DISCIPLINE, until=DAY)

    eve = told(clerk, branch, DAY - datetime.timedelta(days=1))

    assert (eve, told(clerk, branch)) == ([], ["班子成员吴宏伟的组织关系已于2026年11月21日转出，仍登记在任。"])
