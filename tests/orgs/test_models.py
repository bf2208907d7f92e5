"""What can never be false about organizations, units, accounts and rights; days on which they exist."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from orgs.models import Grant, Organization, OrganizationChange, OrganizationUnit, Unit
from orgs.models.records import holding_on
from tests.factories import OrganizationFactory, RootFactory, StreetFactory, UnitFactory, UserFactory, user_at

JUNE = date(2026, 6, 1)

pytestmark = pytest.mark.django_db


def refused(record) -> list[str]:
    """The sentences of `full_clean`, where the database refuses the row too."""
    with pytest.raises(IntegrityError), transaction.atomic():
        record.save()
    with pytest.raises(ValidationError) as caught:
        record.full_clean()
    return caught.value.messages


# ---- Days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("founded", "closed", "day", "exists"),
    [
        (None, None, JUNE, True),
        (JUNE, None, date(2026, 5, 31), False),
        (JUNE, None, JUNE, True),
        (None, JUNE, date(2026, 5, 31), True),
        (None, JUNE, JUNE, False),
        (JUNE, date(2026, 6, 2), JUNE, True),
    ],
)
def test_an_organization_exists_from_its_founding_to_the_day_before_its_closing(founded, closed, day, exists):
    organization = OrganizationFactory(founded_on=founded, closed_on=closed)

    assert organization.exists_on(day) is exists
    assert Organization.objects.existing(day).exists() is exists


@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (None, None, True),
        (JUNE, None, True),
        (date(2026, 6, 2), None, False),
        (None, JUNE, False),
        (None, date(2026, 6, 2), True),
    ],
)
def test_a_period_holds_from_its_first_day_to_the_day_before_its_end(since, until, holds):
    organization = OrganizationFactory(founded_on=since, closed_on=until)

    found = Organization.objects.filter(holding_on(JUNE, since="founded_on", until="closed_on"))

    assert (organization in found) is holds


def test_levels_come_before_what_stands_below_them_and_then_by_reading():
    root = RootFactory()
    second = StreetFactory(parent=root, name="张家湾街道党工委")
    first = StreetFactory(parent=root, name="安宁街道党工委")
    branch = OrganizationFactory(parent=second)

    assert list(Organization.objects.by_level()) == [root, first, second, branch]
    assert list(Organization.objects.children_of(root)) == [first, second]
    assert list(Organization.objects.under(second).by_level()) == [second, branch]
    assert list(Organization.objects.roots()) == [root]
    assert [organization.level for organization in (root, second, branch)] == [1, 2, 3]


# ---- Constraints -----------------------------------------------------------------------------------------------------


def test_a_code_is_used_once_among_organizations_in_force_and_may_be_empty():
    taken = OrganizationFactory(code="YL01")
    second = OrganizationFactory.build(code="YL01", path="0009")

    assert refused(second) == ["该统一编码已被使用，请核对。"]
    Organization.objects.filter(pk=taken.pk).update(voided_at=timezone.now(), voided_by=UserFactory())
    second.save()
    OrganizationFactory(code=""), OrganizationFactory(code="")


def test_codes_that_differ_in_case_are_different():
    OrganizationFactory(code="yl01")

    OrganizationFactory(code="YL01")


def test_an_organization_is_not_its_own_superior():
    organization = OrganizationFactory()
    organization.parent = organization

    assert refused(organization) == ["上级党组织不能是它自己。"]


def test_an_organization_closes_after_it_was_founded():
    organization = OrganizationFactory.build(path="0009", founded_on=JUNE, closed_on=JUNE)

    assert refused(organization) == ["撤销日期须晚于成立日期。"]


def test_a_place_in_the_tree_is_held_by_one_organization():
    first = OrganizationFactory()
    second = OrganizationFactory.build(path=first.path)

    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


def test_an_organization_with_children_or_units_cannot_be_deleted():
    root = RootFactory()
    UnitFactory(keeper=StreetFactory(parent=root))

    for organization in Organization.objects.all():
        with pytest.raises(ProtectedError):
            organization.delete()


def test_voiding_names_when_and_by_whom():
    assert refused(OrganizationFactory.build(path="0009", voided_at=timezone.now())) == ["作废须同时记明时间和作废人。"]


def test_a_credit_code_is_registered_once_and_may_be_empty():
    keeper = OrganizationFactory()
    UnitFactory(keeper=keeper, credit_code="91119901MA00000000")
    UnitFactory(keeper=keeper), UnitFactory(keeper=keeper)

    assert refused(
        Unit(keeper=keeper, name="乙", unit_type="private", credit_code="91119901MA00000000", sort_key="yi")
    ) == ["该统一社会信用代码已登记。"]


def test_a_unit_stands_behind_an_organization_once():
    organization = OrganizationFactory()
    unit = UnitFactory(keeper=organization)
    OrganizationUnit.objects.create(organization=organization, unit=unit)

    assert refused(OrganizationUnit(organization=organization, unit=unit)) == ["该单位已列入本党组织。"]


def test_a_right_is_given_once_at_a_time_and_not_for_an_empty_period():
    organization = OrganizationFactory()
    user = user_at(organization)

    assert refused(Grant(user=user, organization=organization, role="clerk")) == ["该账号在此范围内已有同一角色。"]
    assert refused(Grant(user=user, organization=organization, role="viewer", since=JUNE, until=JUNE)) == [
        "结束日期须晚于开始日期。"
    ]
    Grant.objects.update(until=JUNE)
    Grant(user=user, organization=organization, role="clerk").save()


def test_changes_are_seen_with_their_organization():
    root = RootFactory()
    here, there = StreetFactory(parent=root), StreetFactory(parent=root)
    user = user_at(here)
    for organization in (here, there):
        OrganizationChange.objects.create(organization=organization, field="name", on=JUNE, by=user)

    assert [change.organization for change in OrganizationChange.objects.visible_to(user)] == [here]
