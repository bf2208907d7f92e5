"""The 建账日: who may set it, that it is never changed silently, and that rows and SQL read the same day."""

import datetime
import random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from orgs import opening
from orgs.enums import Kind, Role
from orgs.models import AuditEvent, Opening, Organization
from orgs.services.opening import open_books, withdraw_opening
from orgs.services.records import StaleRecord
from tests.factories import OpeningFactory, OrganizationFactory, RootFactory, StreetFactory, user_at

pytestmark = pytest.mark.django_db
FIRST, SECOND = datetime.date(2025, 1, 1), datetime.date(2026, 3, 1)
TODAY = datetime.date(2026, 11, 21)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def street(root):
    return StreetFactory(parent=root)


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street)


@pytest.fixture
def clerk(street):
    return user_at(street, Role.CLERK)


# ---- Setting it -----------------------------------------------------------------------------------------------------


def test_the_first_day_needs_no_reason_and_is_logged(street, clerk):
    found = open_books(organization=street, opened_on=FIRST, by=clerk)

    event = AuditEvent.objects.get(kind="opening.set")
    assert (found.organization, found.opened_on, found.by) == (street, FIRST, clerk)
    assert (event.target_uid, event.actor) == (found.uid, clerk)
    assert event.changes == {"opened_on": [None, "2025-01-01"], "reason": [None, ""]}


def test_a_change_needs_a_reason_and_leaves_the_former_day_with_it(street, clerk):
    former = open_books(organization=street, opened_on=FIRST, by=clerk)

    with pytest.raises(ValidationError) as refused:
        open_books(organization=street, opened_on=SECOND, by=clerk, reason=" ")
    open_books(organization=street, opened_on=SECOND, by=clerk, reason="首份花名册实际为三月")

    former.refresh_from_db()
    assert refused.value.message_dict == {"reason": ["更改建账日须写明理由。"]}
    assert (former.voided_by, former.voided_reason) == (clerk, "首份花名册实际为三月")
    assert list(Opening.objects.values_list("opened_on", flat=True)) == [SECOND]
    assert AuditEvent.objects.get(kind="opening.change").changes == {
        "opened_on": ["2025-01-01", "2026-03-01"],
        "reason": [None, "首份花名册实际为三月"],
    }


def test_the_same_day_again_changes_nothing(street, clerk):
    former = open_books(organization=street, opened_on=FIRST, by=clerk)

    again = open_books(organization=street, opened_on=FIRST, by=clerk)

    assert again == former
    assert AuditEvent.objects.filter(kind__startswith="opening").count() == 1


def test_withdrawn_with_a_reason_it_no_longer_holds(street, clerk):
    open_books(organization=street, opened_on=FIRST, by=clerk)

    with pytest.raises(ValidationError):
        withdraw_opening(organization=street, reason="", by=clerk)
    withdraw_opening(organization=street, reason="随全区统一", by=clerk)

    assert opening.opened_on([street]) == {street.pk: None}
    assert AuditEvent.objects.get(kind="opening.withdraw").changes == {
        "opened_on": ["2025-01-01", None],
        "reason": [None, "随全区统一"],
    }
    with pytest.raises(ValidationError):
        withdraw_opening(organization=street, reason="再次取消", by=clerk)


@pytest.mark.parametrize("day", [TODAY + datetime.timedelta(days=1), datetime.date(1911, 10, 10)])
def test_a_day_ahead_or_before_the_party_is_refused(street, clerk, day):
    with pytest.raises(ValidationError):
        open_books(organization=street, opened_on=day, by=clerk)

    assert not Opening.everything.exists()


def test_a_form_opened_before_somebody_elses_change_is_refused(street, clerk):
    seen = open_books(organization=street, opened_on=FIRST, by=clerk, seen="")
    open_books(organization=street, opened_on=SECOND, by=clerk, reason="更正", seen=str(seen.uid))

    with pytest.raises(StaleRecord):
        open_books(organization=street, opened_on=TODAY, by=clerk, reason="再改", seen=str(seen.uid))
    with pytest.raises(StaleRecord):
        withdraw_opening(organization=street, reason="取消", by=clerk, seen="")


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ACCOUNT_ADMIN])
def test_whoever_may_only_look_sets_no_day(street, role):
    with pytest.raises(PermissionDenied):
        open_books(organization=street, opened_on=FIRST, by=user_at(street, role))


def test_a_clerk_sets_no_day_for_another_street_or_the_root(root, street, clerk):
    other = StreetFactory(parent=root)

    for place in (root, other):
        with pytest.raises(PermissionDenied):
            open_books(organization=place, opened_on=FIRST, by=clerk)
    assert not Opening.everything.exists()


# ---- Reading it -----------------------------------------------------------------------------------------------------


def test_the_nearest_ancestor_or_self_decides(root, street, branch):
    other = StreetFactory(parent=root)
    OpeningFactory(organization=root, opened_on=FIRST)
    OpeningFactory(organization=street, opened_on=SECOND)

    assert opening.opened_on([root, street, branch, other]) == {
        root.pk: FIRST,
        street.pk: SECOND,
        branch.pk: SECOND,
        other.pk: FIRST,
    }


def test_without_a_day_the_books_have_no_beginning(root, branch):
    assert opening.opened_on([root, branch]) == {root.pk: None, branch.pk: None}
    assert opening.in_the_books(datetime.date(1990, 1, 1)) == opening.Q()


def test_people_of_a_subtree_are_known_from_the_latest_day_in_it(root, street, branch):
    other = StreetFactory(parent=root)
    OpeningFactory(organization=root, opened_on=FIRST)
    OpeningFactory(organization=street, opened_on=SECOND)

    assert opening.people_since([root, street, branch, other]) == {
        root.pk: SECOND,
        street.pk: SECOND,
        branch.pk: SECOND,
        other.pk: FIRST,
    }


def test_one_query_whatever_the_rows(root, django_assert_num_queries):
    streets = [StreetFactory(parent=root) for _ in range(30)]
    branches = [OrganizationFactory(parent=street) for street in streets]
    for street in streets:
        OpeningFactory(organization=street, opened_on=FIRST)

    with django_assert_num_queries(1):
        assert set(opening.opened_on(branches).values()) == {FIRST}
    with django_assert_num_queries(1):
        assert set(opening.people_since(branches[:1]).values()) == {FIRST}
    with django_assert_num_queries(1):
        opening.in_the_books(SECOND)


def test_sql_and_rows_read_the_same_day_in_any_tree():
    chosen = random.Random(20261121)
    days = [datetime.date(2025, month, 1) for month in range(1, 13)]
    for _ in range(12):
        Opening.everything.all().delete()
        places = [RootFactory(kind=Kind.COMMITTEE)]
        for _ in range(25):
            places.append(OrganizationFactory(parent=chosen.choice(places[-8:]), kind=Kind.COMMITTEE))
        for place in chosen.sample(places, 7):
            OpeningFactory(organization=place, opened_on=chosen.choice(days))
        begun = opening.opened_on(places)
        for on in (*days, datetime.date(2024, 12, 31), datetime.date(2025, 5, 17)):
            inside = Organization.objects.filter(pk__in=begun).filter(opening.in_the_books(on))
            assert set(inside.values_list("pk", flat=True)) == {
                pk for pk, day in begun.items() if day is None or day <= on
            }
            part = places[3]
            under = Organization.objects.under(part).filter(opening.in_the_books(on, path=part.path))
            assert set(under) == set(inside.under(part))


# ---- Who sees it ----------------------------------------------------------------------------------------------------


def test_a_stranger_sees_no_day_of_another_street(root, street):
    OpeningFactory(organization=street)
    stranger = user_at(StreetFactory(parent=root), Role.CLERK)

    assert not Opening.objects.visible_to(stranger).exists()
    assert Opening.objects.visible_to(user_at(root, Role.VIEWER)).count() == 1
