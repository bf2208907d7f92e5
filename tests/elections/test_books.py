"""What the law is told of people, units and terms, and what it finds in hand-made organizations."""

import datetime

import pytest

from elections import books
from elections.ledger import Ledger
from elections.rules.facts import Before, HeadBasis, HeadFacts, PostFacts, Standing, UnitFacts
from elections.rules.wording import sentence
from members.headcount import headcount
from orgs.enums import Body, Form, Kind, MemberKind, Precision, Role, Seat, StandingKind, Title, UnitType
from orgs.models import OrganizationChange
from orgs.models.organization import OrganizationUnit
from tests.factories import (
    DAY,
    AffiliationFactory,
    DeclaredCountFactory,
    MemberFactory,
    OrganizationFactory,
    PostFactory,
    RootFactory,
    RosterConfirmationFactory,
    StandingFactory,
    StreetFactory,
    TermFactory,
    UnitFactory,
    UserFactory,
    user_at,
)

pytestmark = pytest.mark.django_db


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory())


def member_of(organization, *, unit=None, **fields):
    """A member with a regular affiliation from before all records."""
    member = MemberFactory(**fields)
    AffiliationFactory(member=member, organization=organization, unit=unit)
    return member


def facts_of(organization, on=DAY):
    return books.read([organization], on=on, headcounts=headcount([organization], on))[organization.pk].facts


def found_in(street, organization) -> list[tuple[str, str]]:
    """(rule id, aspect) of every finding on the day."""
    row = Ledger(user=user_at(street, Role.CLERK), node=organization, on=DAY).row_of(organization)
    return [(finding.rule_id, finding.aspect) for finding in row.findings]


def test_holders_of_posts_are_told_with_what_they_are_on_the_day(street):
    branch, other = OrganizationFactory(parent=street), OrganizationFactory(parent=street)
    here = member_of(branch, name="何丽华", formal_on=day("2026-03-01"), formal_on_precision=Precision.MONTH)
    elsewhere = member_of(other, name="吴宏伟")
    probationary = member_of(branch, name="周敏", kind=MemberKind.PROBATIONARY, formal_on=None)
    PostFactory(organization=branch, member=here, holder_name="何丽华")
    PostFactory(organization=branch, member=elsewhere, holder_name="吴宏伟", title="deputy_secretary")
    PostFactory(organization=branch, member=probationary, holder_name="周敏", title="publicity")
    PostFactory(
        organization=branch, holder_name="郑强", title="organization", seat="appointed", until=day("2025-01-01")
    )
    PostFactory(organization=branch, holder_name="以后的人", title="organization", since=day("2026-11-22"))

    assert facts_of(branch).posts == (
        PostFacts(
            title=Title.SECRETARY,
            holder="何丽华",
            since=day("2024-06-01"),
            standing=Standing.FULL,
            here=True,
            formal_on=day("2026-03-01"),
            joined_on=day("2010-07-01"),
        ),
        PostFacts(
            title=Title.DEPUTY_SECRETARY,
            holder="吴宏伟",
            since=day("2024-06-01"),
            standing=Standing.FULL,
            here=False,
            formal_on=day("2011-07-01"),
            joined_on=day("2010-07-01"),
        ),
        PostFacts(
            title=Title.PUBLICITY,
            holder="周敏",
            since=day("2024-06-01"),
            standing=Standing.PROBATIONARY,
            here=False,
            joined_on=day("2010-07-01"),
        ),
        PostFacts(
            title=Title.ORGANIZATION,
            holder="郑强",
            seat=Seat.APPOINTED,
            since=day("2024-06-01"),
            until=day("2025-01-01"),
        ),
    )


def test_a_holder_whose_membership_is_stopped_is_no_full_member_until_it_is_restored(street):
    branch = OrganizationFactory(parent=street)
    TermFactory(organization=branch)
    member = member_of(branch, name="何丽华")
    PostFactory(organization=branch, member=member, holder_name="何丽华")
    StandingFactory(member=member, kind=StandingKind.STOPPED, since=day("2026-03-01"), until=day("2026-09-01"))
    days = [day("2026-02-28"), day("2026-03-01"), day("2026-08-31"), day("2026-09-01")]

    told = [(post.standing, post.here) for each in days for post in facts_of(branch, each).posts]

    full, stopped = (Standing.FULL, True), (Standing.STOPPED, False)
    assert told == [full, stopped, stopped, full]
    row = Ledger(user=user_at(street, Role.CLERK), node=branch, on=days[1]).row_of(branch)
    assert [sentence(each) for each in row.findings if each.rule_id == "EL-01"] == [
        "班子成员何丽华已停止党籍，停止期间不计入正式党员，应核对其职务。"
    ]


def test_a_member_of_a_branch_below_is_here(street):
    general = OrganizationFactory(parent=street, kind=Kind.GENERAL_BRANCH)
    below = OrganizationFactory(parent=general)
    PostFactory(organization=general, member=member_of(below), holder_name="王建国")

    assert [post.here for post in facts_of(general).posts] == [True]


def test_two_people_of_one_name_are_told_apart_and_one_person_in_two_posts_is_one(street):
    branch = OrganizationFactory(parent=street)
    first, second = member_of(branch), member_of(branch)
    PostFactory(organization=branch, member=first)
    PostFactory(organization=branch, member=second)
    PostFactory(organization=branch, member=first, title="publicity")

    assert [post.holder for post in facts_of(branch).posts] == ["王建国（1）", "王建国（2）", "王建国（1）"]


def test_heads_are_the_rosters_with_the_declared_number_beside_them(street):
    branch = OrganizationFactory(parent=street)
    RosterConfirmationFactory(organization=branch)
    RosterConfirmationFactory(organization=branch, on=day("2026-10-08"))
    RosterConfirmationFactory(organization=branch, on=day("2026-11-22"))
    DeclaredCountFactory(organization=branch, full=3, probationary=1)
    member_of(branch)
    member_of(branch, kind=MemberKind.PROBATIONARY)

    facts = facts_of(branch)

    assert facts.heads == HeadFacts(
        full=1,
        total=2,
        basis=HeadBasis.MEMBERS,
        declared=4,
        declared_on=day("2026-01-01"),
        difference=-2,
    )
    assert facts.roster_on == day("2026-10-08")


def test_units_of_a_joint_branch_are_told_with_their_full_members(street):
    joint = OrganizationFactory(parent=street, form=Form.JOINT)
    big, small = UnitFactory(keeper=joint, name="大厂", is_large=True), UnitFactory(keeper=joint, name="小店")
    for unit in (big, small):
        OrganizationUnit.objects.create(organization=joint, unit=unit)
    TermFactory(organization=joint)
    assert set(facts_of(joint).units) == {UnitFacts("大厂", None), UnitFacts("小店", None)}

    RosterConfirmationFactory(organization=joint)
    for _ in range(3):
        member_of(joint, unit=big)
    member_of(joint, unit=small, kind=MemberKind.PROBATIONARY)

    facts = facts_of(joint)
    assert set(facts.units) == {UnitFacts("大厂", 3), UnitFacts("小店", 0)}
    assert [term.large for term in facts.terms] == [True]


def test_only_a_joint_branch_has_units(street):
    branch = OrganizationFactory(parent=street)
    OrganizationUnit.objects.create(organization=branch, unit=UnitFactory(keeper=branch))

    assert facts_of(branch).units == ()


def test_unit_type_is_that_of_the_day(street):
    branch = OrganizationFactory(parent=street)
    OrganizationChange.objects.create(
        organization=branch, field="unit_type", on=day("2026-02-01"), before="", after="community", by=UserFactory()
    )

    facts = facts_of(branch)

    assert (facts.unit_type, facts.unit_type_before) == (UnitType.COMMUNITY, (Before(day("2026-02-01"), None),))


def test_a_term_is_told_with_its_length_and_documents(street):
    branch = OrganizationFactory(parent=street)
    TermFactory(
        organization=branch,
        stated_expires_on=day("2029-07-01"),
        document_no="云组〔2024〕3号",
        early_approved_on=day("2024-05-01"),
        early_document_no="云组〔2024〕2号",
    )
    TermFactory(organization=branch, body=Body.DISCIPLINE)

    (term,) = facts_of(branch).terms

    assert (term.years, term.kind, term.unit_type, term.large) == (5, Kind.BRANCH, UnitType.COMMUNITY, None)
    assert (term.stated_expires_on, term.document_no) == (day("2029-07-01"), "云组〔2024〕3号")
    assert (term.early_approved_on, term.early_document_no) == (day("2024-05-01"), "云组〔2024〕2号")
    assert facts_of(branch).has_discipline is True
    assert facts_of(branch, day("2024-05-31")).has_discipline is False


def test_what_is_found_in_a_branch_whose_people_do_not_fit(street):
    branch, other = OrganizationFactory(parent=street), OrganizationFactory(parent=street)
    TermFactory(organization=branch)
    RosterConfirmationFactory(organization=branch)
    DeclaredCountFactory(organization=branch, full=9)
    for _ in range(7):
        member_of(branch)
    PostFactory(organization=branch, member=member_of(other, name="吴宏伟"), holder_name="吴宏伟")
    PostFactory(
        organization=branch,
        member=member_of(branch, name="周敏", kind=MemberKind.PROBATIONARY, formal_on=None),
        holder_name="周敏",
        title="publicity",
    )

    row = Ledger(user=user_at(street, Role.CLERK), node=branch, on=DAY).row_of(branch)

    assert [sentence(finding) for finding in row.findings] == [
        "周敏是预备党员，没有选举权和被选举权，不能担任班子成员。",
        "正式党员7名，达到7名，应设支部委员会；只登记选举产生的班子成员2名。",
        "书记吴宏伟的组织关系不在本组织。",
        "上报党员9名（2026年1月1日），名册8名，两者不符。",
        "党员名册最近于2026年1月1日确认，已超过6个月。",
    ]


def test_a_branch_in_order_has_nothing_to_be_done(street):
    branch = OrganizationFactory(parent=street)
    TermFactory(organization=branch)
    RosterConfirmationFactory(organization=branch, on=day("2026-06-01"))
    people = [member_of(branch, name=name) for name in ("何丽华", "吴宏伟", "周敏", "郑强", "冯霞", "陈涛", "褚平")]
    for member, title in zip(people, ("secretary", "organization", "publicity"), strict=False):
        PostFactory(organization=branch, member=member, holder_name=member.name, title=title)

    assert found_in(street, branch) == []


def test_an_agency_committee_without_a_discipline_committee(street):
    committee = OrganizationFactory(parent=street, kind=Kind.COMMITTEE, unit_type=UnitType.AGENCY)
    TermFactory(organization=committee, kind_at_election=Kind.COMMITTEE, unit_type_at_election=UnitType.AGENCY)
    DeclaredCountFactory(organization=committee, full=120)
    for number, title in enumerate(("secretary", *["committee_member"] * 4)):
        PostFactory(organization=committee, holder_name=f"委员{number}", title=title)
    assert found_in(street, committee) == [("ORG-14", "missing")]

    for number in range(3):
        PostFactory(organization=committee, holder_name=f"纪委{number}", body="discipline", title="committee_member")
    assert found_in(street, committee) == []


def test_a_joint_branch_with_a_unit_large_enough_for_its_own(street):
    joint = OrganizationFactory(parent=street, form=Form.JOINT)
    unit = UnitFactory(keeper=joint, name="云岭虚构制造有限公司")
    OrganizationUnit.objects.create(organization=joint, unit=unit)
    RosterConfirmationFactory(organization=joint, on=day("2026-06-01"))
    TermFactory(organization=joint)
    for name in ("何丽华", "吴宏伟", "周敏"):
        PostFactory(
            organization=joint, member=member_of(joint, name=name, unit=unit), holder_name=name, title="publicity"
        )
    PostFactory(organization=joint, member=member_of(joint, name="冯霞"), holder_name="冯霞")

    assert found_in(street, joint) == [("ORG-03", "unit_large_enough"), ("ORG-10", "committee")]
