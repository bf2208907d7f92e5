"""疑似重复党员: what counts as a slip, which pairs are shown and to whom."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from members.duplicates import (
    NEAR_BIRTH,
    NO_NUMBER,
    ONE_DIGIT,
    OTHER_AREA,
    SAME_BIRTH,
    SAME_PHONE,
    SAME_PLACE,
    SWAPPED,
    number_reason,
    slip,
    suspects,
)
from members.models import Identity
from members.services import record_member
from members.services.merging import declare_different
from orgs.enums import Role
from tests.factories import user_at
from tests.workbooks import id_number

BORN = "19850412"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("19850412", "19850412", ""),
        ("19850412", "19850413", ONE_DIGIT),
        ("19850412", "19850421", SWAPPED),
        ("19850412", "19850214", ""),
        ("19850412", "19860413", ""),
    ],
)
def test_a_slip_is_one_wrong_digit_or_two_swapped_neighbors(one, other, expected):
    assert slip(one, other) == expected
    assert slip(other, one) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # The check digit follows the slip and says nothing by itself.
        (id_number(birth=BORN, order="001"), id_number(birth=BORN, order="003"), ONE_DIGIT),
        (id_number(birth=BORN, order="012"), id_number(birth=BORN, order="021"), SWAPPED),
        (id_number("119901", BORN, "001"), id_number("119915", BORN, "001"), OTHER_AREA),
        (id_number(birth=BORN, order="001"), id_number(birth=BORN, order="123"), ""),
        (id_number(birth=BORN), "", NO_NUMBER),
    ],
)
def test_two_numbers_speak_for_one_person_when_a_slip_makes_one_of_the_other(one, other, expected):
    assert number_reason(one, other) == expected


@pytest.fixture
def entered(clerk):
    def enter(place, name="王建国", number=None, by=clerk, **values):
        return record_member(organization=place, name=name, id_number=number or id_number(birth=BORN), by=by, **values)

    return enter


@pytest.mark.django_db
class TestSuspects:
    def test_one_digit_apart_in_two_branches_is_shown_with_its_reasons(self, entered, branch, sibling, clerk, street):
        first, second = entered(branch), entered(sibling, number=id_number(birth=BORN, order="003"))

        (found,) = suspects(clerk, street)

        assert (found.first, found.second, found.reasons) == (first, second, (SAME_BIRTH, ONE_DIGIT))

    def test_a_wrong_digit_of_the_birth_is_found_too(self, entered, branch, sibling, clerk, street):
        entered(branch)
        entered(sibling, number=id_number(birth="19850413"))

        assert [each.reasons for each in suspects(clerk, street)] == [(NEAR_BIRTH, ONE_DIGIT)]

    def test_namesakes_born_on_one_day_are_left_alone_until_something_else_speaks(
        self, entered, branch, sibling, clerk, street
    ):
        entered(branch)
        entered(sibling, number=id_number(birth=BORN, order="123"))
        assert suspects(clerk, street) == []

        entered(sibling, number=id_number(birth=BORN, order="456"), phone="15400000001")
        entered(branch, number=id_number(birth=BORN, order="789"), phone="15400000001")

        assert [each.reasons for each in suspects(clerk, street)] == [
            (SAME_BIRTH, SAME_PLACE),
            (SAME_BIRTH, SAME_PLACE),
            (SAME_BIRTH, SAME_PHONE),
        ]

    def test_another_name_or_day_of_birth_is_another_person(self, entered, branch, clerk, street):
        entered(branch)
        entered(branch, name="王建军", number=id_number(birth=BORN, order="003"))
        entered(branch, number=id_number(birth="19920718", order="001"))

        assert suspects(clerk, street) == []

    def test_a_pair_is_for_who_may_change_both(self, entered, branch, abroad, clerk, street, root):
        officer = user_at(root, Role.OPERATOR)
        entered(branch)
        entered(abroad, number=id_number(birth=BORN, order="003"), by=officer)

        assert suspects(clerk, street) == []
        assert suspects(user_at(root, Role.VIEWER), root) == []
        assert len(suspects(officer, root)) == 1
        assert len(suspects(officer, street)) == 1

    def test_a_node_shows_the_pairs_with_one_of_its_own_people(self, entered, branch, sibling, abroad, root):
        officer = user_at(root, Role.OPERATOR)
        entered(branch, by=officer)
        entered(sibling, number=id_number(birth=BORN, order="003"), by=officer)

        assert len(suspects(officer, branch)) == 1
        assert suspects(officer, abroad) == []

    def test_two_people_are_not_asked_about_again(self, entered, branch, sibling, clerk, street):
        first, second = entered(branch), entered(sibling, number=id_number(birth=BORN, order="003"))

        declare_different(first=second, second=first, reason="已核对两人身份证", by=clerk)

        assert suspects(clerk, street) == []
        assert list(Identity.objects.values_list("first", "second", "is_same", "reason", "by")) == [
            (first.pk, second.pk, False, "已核对两人身份证", clerk.pk)
        ]
        with pytest.raises(ValidationError):
            declare_different(first=first, second=second, reason="再次核对", by=clerk)

    def test_only_who_may_change_both_says_that_they_are_two(self, entered, branch, sibling, viewer, abroad):
        first, second = entered(branch), entered(sibling, number=id_number(birth=BORN, order="003"))

        for user in (viewer, user_at(abroad, Role.CLERK)):
            with pytest.raises(PermissionDenied):
                declare_different(first=first, second=second, reason="不是", by=user)
        assert Identity.objects.count() == 0

    def test_questions_to_the_database_do_not_grow_with_the_people(
        self, entered, branch, sibling, clerk, street, django_assert_num_queries
    ):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        def asked():
            clerk.__dict__.pop("rights", None)
            with CaptureQueriesContext(connection) as queries:
                assert suspects(clerk, street)
            return len(queries)

        entered(branch)
        entered(sibling, number=id_number(birth=BORN, order="003"))
        few = asked()
        for year in range(1950, 1970):
            entered(branch, name=f"李{'一二三四五六七八九十'[year % 10]}", number=id_number(birth=f"{year}0412"))
            other = id_number(birth=f"{year}0412", order="003")
            entered(sibling, name=f"李{'一二三四五六七八九十'[year % 10]}", number=other)

        assert asked() == few


@pytest.mark.django_db
def test_entries_without_a_day_of_birth_are_never_compared(branch, sibling, clerk, street):
    for place in (branch, sibling):
        record_member(organization=place, name="王建国", by=clerk, joined_on=date(2010, 7, 1))

    assert suspects(clerk, street) == []
