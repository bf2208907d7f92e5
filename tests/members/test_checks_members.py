"""Contradictions in the books of people: each broken once, told once, and nobody is named."""

import datetime

import pytest
from django.utils import timezone

from members.models import Affiliation, IntakeRequest, Member, TransferRequest
from orgs.enums import AffiliationKind, StandingKind
from tests.checking import lines, without_unique
from tests.factories import (
    AffiliationFactory,
    DeclaredCountFactory,
    GuestFactory,
    MemberFactory,
    OrganizationFactory,
    RootFactory,
    StandingFactory,
    UserFactory,
)
from tests.workbooks import id_number

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 5, 1)
LATER = datetime.date(2026, 6, 1)


@pytest.fixture
def branch():
    return OrganizationFactory(parent=RootFactory(), name="虚构社区党支部", code="B1")


@pytest.fixture
def member(branch):
    """A member with sealed numbers, in the branch since 2020."""
    member = MemberFactory.build()
    member.set_id_number(id_number(birth="19850307", order="001"))
    member.set_phone("15400000001")
    member.save()
    AffiliationFactory(member=member, organization=branch, since=datetime.date(2020, 1, 1))
    return member


def rewrite(rows, **values):
    """Write columns past every service."""
    rows.update(**values)


def of_member(member):
    return Member.everything.filter(pk=member.pk)


def test_whole_books_have_no_contradiction(member):
    assert lines(sealed=True) == []


def overlap(affiliation):
    return [
        f"组织关系（标识 {affiliation.uid}）：党员（标识 {affiliation.member.uid}）的这一段与另一段组织关系重叠，"
        "这名党员会被计算两次。处理：核对两段的起止日期，更正其中有误的一段，或将重复的一段作废。"
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((None, LATER), (DAY, None)),
        ((DAY, LATER), (None, None)),
        ((DAY, None), (None, LATER)),
        ((None, DAY), (None, DAY)),
        ((DAY, LATER), (DAY, LATER)),
    ],
)
def test_two_regular_affiliations_on_one_day(branch, first, second):
    member = MemberFactory()
    AffiliationFactory(member=member, organization=branch, since=first[0], until=first[1])
    later = AffiliationFactory(member=member, organization=branch, since=second[0], until=second[1])

    assert lines() == overlap(later)


def test_two_open_regular_affiliations(branch, member):
    without_unique("members_affiliation_one_open_regular")

    assert lines() == []
    assert lines() == [] and overlap(AffiliationFactory(member=member, organization=branch)) == lines()


@pytest.mark.parametrize(
    ("first", "second"), [((None, DAY), (DAY, None)), ((DAY, LATER), (LATER, None)), ((LATER, None), (None, DAY))]
)
def test_one_affiliation_after_the_other(branch, first, second):
    member = MemberFactory()
    AffiliationFactory(member=member, organization=branch, since=first[0], until=first[1])
    AffiliationFactory(member=member, organization=branch, since=second[0], until=second[1])

    assert lines() == []


def test_a_guest_belongs_elsewhere_at_the_same_time(branch, member):
    AffiliationFactory(member=member, organization=branch, kind=AffiliationKind.TEMPORARY)

    assert lines() == []


def test_one_standing_twice_on_a_day(member):
    StandingFactory(member=member, kind=StandingKind.FLOATING, since=DAY, until=LATER)
    later = StandingFactory(member=member, kind=StandingKind.FLOATING, since=DAY)
    StandingFactory(member=member, kind=StandingKind.LOST, since=DAY)

    assert lines() == [
        f"党员情形（标识 {later.uid}）：党员（标识 {member.uid}）的这一段与同一情形的另一段重叠。"
        "处理：核对两段的起止日期，更正其中有误的一段，或将重复的一段作废。"
    ]


def test_one_guest_received_twice_on_a_day(branch, member):
    stays = [
        AffiliationFactory(member=member, organization=branch, kind=AffiliationKind.INCOMING, since=DAY, until=until)
        for until in (LATER, None)
    ]

    assert lines() == [
        f"组织关系（标识 {stays[1].uid}）：党员（标识 {member.uid}）的这一段与同一党组织的另一段流入重叠。"
        "处理：核对两段的起止日期，更正其中有误的一段，或将重复的一段作废。"
    ]


def test_a_guest_who_would_be_counted(branch, member):
    guest = GuestFactory(affiliation=member.affiliations.get())

    assert lines() == [
        f"流入党员登记（标识 {guest.uid}）：所依据的组织关系不是流入。处理：核对这名党员的组织关系，登记有误的作废。"
    ]


def test_a_contact_of_another_key(branch, member):
    guest = GuestFactory(affiliation__organization=branch, contact_sealed="v1.other.0000")
    away = StandingFactory(member=member, kind=StandingKind.FLOATING, contact_sealed="v1.other.0000")

    assert lines(sealed=True) == [
        f"{what}（标识 {each.uid}）：联系方式打不开（这条内容由另一把数据密钥加密，无法打开）。{KEY}"
        for what, each in (("党员情形", away), ("流入党员登记", guest))
    ]


def test_one_person_in_two_rows(branch, member):
    without_unique("members_member_id_number_unique")
    twin = MemberFactory.build()
    twin.set_id_number(member.reveal_id_number())
    twin.save()
    AffiliationFactory(member=twin, organization=branch)

    assert lines() == [
        f"党员（标识 {each.uid}）：与另一名党员的公民身份号码相同。处理：核对后合并为一人，其余的作废。"
        for each in (member, twin)
    ]


def test_a_person_who_belongs_nowhere(branch):
    member = MemberFactory()

    assert lines() == [
        f"党员（标识 {member.uid}）：没有任何组织关系，谁也看不到。处理：登记组织关系，或将这名党员作废。"
    ]


def test_a_person_left_behind_in_a_closed_branch(branch, member):
    rewrite(type(branch).objects.filter(pk=branch.pk), closed_on=DAY)

    assert lines() == [
        f"组织关系（标识 {Affiliation.objects.get().uid}）：党员（标识 {member.uid}）"
        "在“虚构社区党支部”（编码 B1）撤销后仍未转出。处理：办理组织关系转接，转出日期不晚于撤销日期。"
    ]


def test_a_person_who_left_on_the_day_of_the_closing(branch, member):
    rewrite(Affiliation.objects.all(), until=DAY)
    rewrite(type(branch).objects.filter(pk=branch.pk), closed_on=DAY)

    assert lines() == []


def test_an_affiliation_of_a_voided_person(branch, member):
    rewrite(of_member(member), voided_at=timezone.now(), voided_by=UserFactory())

    assert lines() == [
        f"组织关系（标识 {Affiliation.objects.get().uid}）：所指的党员（标识 {member.uid}）已作废。"
        "处理：改指正确的记录，或将它一并作废。"
    ]


def test_a_declared_number_of_a_voided_organization():
    voider = UserFactory()
    organization = RootFactory(voided_at=timezone.now(), voided_by=voider)
    declared = DeclaredCountFactory(organization=organization)

    assert lines() == [
        f"上报人数（标识 {declared.uid}）：所指的党组织（标识 {organization.uid}）已作废。"
        "处理：改指正确的记录，或将它一并作废。"
    ]


# ---- Sealed values --------------------------------------------------------------------------------------------------

KEY = "处理：换回写入这个数据库时使用的数据密钥；密钥无误的，从备份恢复这条记录。"


def test_a_number_copied_from_another_row(branch, member):
    other = MemberFactory.build()
    other.set_id_number(id_number(birth="19850307", order="002"))
    other.save()
    AffiliationFactory(member=other, organization=branch)
    rewrite(of_member(member), id_number_sealed=other.id_number_sealed)

    assert lines() == []
    assert lines(sealed=True) == [
        f"党员（标识 {member.uid}）：公民身份号码或手机号码打不开（密文校验不符：内容被改动，或不属于这条记录）。{KEY}"
    ]


def test_a_phone_of_another_key(member):
    rewrite(of_member(member), phone_sealed="v1.other.0000")

    assert lines(sealed=True) == [
        f"党员（标识 {member.uid}）：公民身份号码或手机号码打不开（这条内容由另一把数据密钥加密，无法打开）。{KEY}"
    ]


def test_an_index_that_finds_somebody_else(member):
    rewrite(of_member(member), id_number_index="0" * 64)

    assert lines(sealed=True) == [
        f"党员（标识 {member.uid}）：公民身份号码与用来查找它的索引不符。处理：核对证件后重新填写公民身份号码。"
    ]


def test_a_transfer_request_for_somebody_who_left_is_still_open(branch, member):
    request = TransferRequest.objects.create(
        member=member, origin=branch, wanted="外街道某支部", asked_on=DAY, letter_no="介字第1号", by=UserFactory()
    )
    assert lines() == []

    rewrite(Affiliation.objects.filter(member=member), until=LATER)

    assert lines() == [
        f"组织关系转接申请（标识 {request.uid}）：党员（标识 {member.uid}）在“虚构社区党支部”（编码 B1）"
        "的组织关系已经结束，这项转接申请还没有办结。处理：撤回这项转接申请。"
    ]


def test_a_branch_that_is_closed_asks_for_nobody(branch, member):
    asking = OrganizationFactory(parent=branch.parent, name="柳林社区党支部", code="B2")
    request = IntakeRequest.objects.create(member=member, to=asking, name="王健国", on=DAY, by=UserFactory())
    assert lines() == []

    rewrite(type(branch).objects.filter(pk=asking.pk), closed_on=LATER)

    assert lines() == [
        f"组织关系转入申请（标识 {request.uid}）：“柳林社区党支部”（编码 B2）已经撤销，它申请转入党员"
        f"（标识 {member.uid}）的这项申请还没有办结。处理：撤回这项转入申请。"
    ]


def test_no_line_says_who_it_is(branch, member):
    rewrite(of_member(member), id_number_index="0" * 64)
    rewrite(type(branch).objects.filter(pk=branch.pk), closed_on=DAY)
    secrets = (member.name, member.reveal_id_number(), member.masked_id_number, member.reveal_phone())

    text = "\n".join(lines(sealed=True))

    assert str(member.uid) in text
    assert [secret for secret in secrets if secret in text] == []
