"""What can never be false about people, and who sees them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.models import Affiliation, DeclaredCount, Member, RosterConfirmation, Standing, full_on, id_number_index
from orgs.enums import AffiliationKind, MemberKind, Role, StandingKind
from tests.factories import (
    AffiliationFactory,
    DeclaredCountFactory,
    MemberFactory,
    OrganizationFactory,
    RootFactory,
    RosterConfirmationFactory,
    StandingFactory,
    StreetFactory,
    UserFactory,
    user_at,
)

NUMBER, PHONE = "119901199003071235", "15400000123"
MARCH, JUNE = date(2026, 3, 1), date(2026, 6, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def branch_a(root):
    return OrganizationFactory(parent=StreetFactory(parent=root))


@pytest.fixture
def branch_b(root):
    return OrganizationFactory(parent=StreetFactory(parent=root))


@pytest.fixture
def clerk_a(branch_a):
    return user_at(branch_a.parent)


@pytest.fixture
def clerk_b(branch_b):
    return user_at(branch_b.parent)


def sees(user, member) -> bool:
    return Member.objects.visible_to(user).filter(pk=member.pk).exists()


def edits(user, member) -> bool:
    return Member.objects.editable_by(user).filter(pk=member.pk).exists()


# ---- Who sees whom ---------------------------------------------------------------------------------------------------


def test_a_person_is_seen_and_edited_where_the_affiliation_is(branch_a, clerk_a, clerk_b):
    member = AffiliationFactory(organization=branch_a).member

    assert [sees(user, member) for user in (clerk_a, clerk_b)] == [True, False]
    assert [edits(user, member) for user in (clerk_a, clerk_b)] == [True, False]


def test_after_a_transfer_the_old_street_sees_the_person_no_more(branch_a, branch_b, clerk_a, clerk_b):
    member = AffiliationFactory(organization=branch_a, until=JUNE).member
    AffiliationFactory(member=member, organization=branch_b, since=JUNE)

    assert [sees(user, member) for user in (clerk_a, clerk_b)] == [False, True]


def test_after_leaving_everything_only_the_last_organization_still_sees_the_person(
    branch_a, branch_b, clerk_a, clerk_b
):
    member = AffiliationFactory(organization=branch_a, until=MARCH).member
    AffiliationFactory(member=member, organization=branch_b, since=MARCH, until=JUNE)

    assert [sees(user, member) for user in (clerk_a, clerk_b)] == [False, True]
    assert [edits(user, member) for user in (clerk_a, clerk_b)] == [False, True]


def test_a_host_sees_the_stay_of_a_guest_and_not_the_record_that_their_home_keeps(branch_a, branch_b, clerk_a, clerk_b):
    member = AffiliationFactory(organization=branch_a).member
    stay = AffiliationFactory(member=member, organization=branch_b, kind=AffiliationKind.INCOMING, since=MARCH)

    assert [(sees(user, member), edits(user, member)) for user in (clerk_a, clerk_b)] == [(True, True), (False, False)]
    assert [Affiliation.objects.visible_to(user).filter(pk=stay.pk).exists() for user in (clerk_a, clerk_b)] == [
        False,
        True,
    ]


def test_a_guest_whose_affiliation_is_outside_the_books_belongs_to_the_host(branch_b, clerk_a, clerk_b):
    member = AffiliationFactory(organization=branch_b, kind=AffiliationKind.INCOMING, since=MARCH).member

    assert [edits(user, member) for user in (clerk_a, clerk_b)] == [False, True]


def test_voided_affiliations_open_nothing(branch_a, clerk_a):
    member = AffiliationFactory(organization=branch_a, voided_at=timezone.now(), voided_by=clerk_a).member

    assert not sees(clerk_a, member)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.BRANCH, (True, True)),
        (Role.VIEWER, (True, False)),
        (Role.ACCOUNT_ADMIN, (False, False)),
        (Role.GRANT_ADMIN, (False, False)),
        (Role.AUDITOR, (False, False)),
    ],
)
def test_who_manages_accounts_or_rights_sees_no_people(branch_a, role, expected):
    member = AffiliationFactory(organization=branch_a).member
    user = user_at(branch_a, role)

    assert (sees(user, member), edits(user, member)) == expected


def test_a_superuser_without_grants_sees_nobody(branch_a):
    AffiliationFactory(organization=branch_a)
    superuser = UserFactory(is_superuser=True)

    assert not Member.objects.visible_to(superuser).exists()
    assert not Affiliation.objects.visible_to(superuser).exists()


def test_a_standing_is_seen_and_edited_with_its_person(branch_a, branch_b, clerk_a, clerk_b):
    member = AffiliationFactory(organization=branch_a).member
    AffiliationFactory(member=member, organization=branch_b, kind=AffiliationKind.INCOMING, since=MARCH)
    standing = StandingFactory(member=member, kind=StandingKind.FLOATING)

    assert [Standing.objects.visible_to(user).filter(pk=standing.pk).exists() for user in (clerk_a, clerk_b)] == [
        True,
        False,
    ]
    assert [Standing.objects.editable_by(user).filter(pk=standing.pk).exists() for user in (clerk_a, clerk_b)] == [
        True,
        False,
    ]


def test_people_of_a_subtree_on_a_day(root, branch_a, branch_b):
    member = AffiliationFactory(organization=branch_a, since=MARCH, until=JUNE).member
    AffiliationFactory(member=member, organization=branch_b, since=JUNE)

    def on(day, node):
        return list(Member.objects.affiliated(day, node))

    assert (on(date(2026, 5, 31), branch_a), on(date(2026, 5, 31), branch_b)) == ([member], [])
    assert (on(JUNE, branch_a), on(JUNE, branch_b), on(JUNE, root)) == ([], [member], [member])
    assert on(date(2026, 2, 28), root) == []


# ---- Sealed numbers --------------------------------------------------------------------------------------------------


def test_numbers_are_sealed_and_shown_masked():
    member = MemberFactory()
    member.set_id_number(NUMBER)
    member.set_phone(PHONE)
    member.save()
    stored = Member.objects.get(pk=member.pk)

    assert (stored.reveal_id_number(), stored.reveal_phone()) == (NUMBER, PHONE)
    assert (stored.masked_id_number, stored.masked_phone) == ("119901********1235", "154****0123")
    assert stored.id_number_index == id_number_index(NUMBER)
    row = Member.objects.values_list().get(pk=member.pk)
    assert not [value for value in row if NUMBER in str(value) or PHONE in str(value)]


def test_empty_clears_a_number():
    member = MemberFactory()
    member.set_id_number(NUMBER)
    member.set_id_number("")
    member.save()

    assert (member.reveal_id_number(), member.id_number_index, member.masked_id_number) == ("", None, "")


def test_an_id_number_is_registered_once_among_rows_in_force():
    first, second = MemberFactory.build(), MemberFactory.build()
    first.set_id_number(NUMBER)
    first.save()
    second.set_id_number(NUMBER)

    with pytest.raises(ValidationError) as caught:
        second.full_clean()
    assert caught.value.messages == ["该公民身份号码已登记。"]
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        second.save()
    assert NUMBER not in str(refused.value)

    Member.objects.filter(pk=first.pk).update(voided_at=timezone.now(), voided_by=UserFactory())
    second.save()
    MemberFactory(), MemberFactory()


# ---- Full members ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "formal_on", "expected"),
    [
        (MemberKind.FULL, None, [True, True, True]),
        (MemberKind.FULL, JUNE, [False, True, True]),
        (MemberKind.PROBATIONARY, None, [False, False, False]),
    ],
)
def test_full_from_the_formal_day_on_in_python_and_in_the_database(kind, formal_on, expected):
    member = MemberFactory(kind=kind, formal_on=formal_on)
    days = [date(2026, 5, 31), JUNE, date(2026, 6, 2)]

    assert [member.is_full_on(day) for day in days] == expected
    assert [Member.objects.filter(full_on(day)).exists() for day in days] == expected


# ---- Constraints -----------------------------------------------------------------------------------------------------


def refused(record) -> list[str]:
    """The sentences of `full_clean`, where the database refuses the row too."""
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.messages


def test_people_cannot_become_full_before_they_joined():
    member = MemberFactory.build(joined_on=JUNE, formal_on=MARCH)

    assert refused(member) == ["转正日期不能早于入党日期。"]


def test_a_sealed_number_has_its_index():
    member = MemberFactory.build(id_number_index="0" * 64)

    assert refused(member) == ["公民身份号码的密文和索引须同时具备。"]


def test_periods_are_not_empty(branch_a):
    member = MemberFactory()

    assert refused(Affiliation(member=member, organization=branch_a, since=JUNE, until=JUNE)) == [
        "结束日期须晚于开始日期。"
    ]
    assert refused(Standing(member=member, kind=StandingKind.LOST, since=JUNE, until=JUNE)) == [
        "结束日期须晚于开始日期。"
    ]


def test_a_person_has_one_open_regular_affiliation(branch_a, branch_b):
    member = AffiliationFactory(organization=branch_a).member
    AffiliationFactory(member=member, organization=branch_b, kind=AffiliationKind.INCOMING)

    assert refused(Affiliation(member=member, organization=branch_b, since=JUNE)) == [
        "该党员已有正在履行的组织关系，请先转出。"
    ]


def test_a_person_has_each_standing_once_at_a_time():
    member = StandingFactory(member=MemberFactory(), kind=StandingKind.LOST).member
    StandingFactory(member=member, kind=StandingKind.FLOATING)

    assert refused(Standing(member=member, kind=StandingKind.LOST, since=JUNE)) == ["该党员已有同一情形尚未结束。"]


def test_declarations_and_rosters_are_once_a_day(branch_a):
    DeclaredCountFactory(organization=branch_a)
    RosterConfirmationFactory(organization=branch_a)

    assert refused(DeclaredCount(organization=branch_a, on=date(2026, 1, 1), full=3)) == ["该党组织当日已有上报人数。"]
    assert refused(RosterConfirmation(organization=branch_a, on=date(2026, 1, 1))) == ["该党组织当日的花名册已确认。"]


def test_a_voided_row_says_when_and_by_whom(branch_a):
    assert refused(Affiliation(member=MemberFactory(), organization=branch_a, voided_at=timezone.now())) == [
        "作废须同时记明时间和作废人。"
    ]
