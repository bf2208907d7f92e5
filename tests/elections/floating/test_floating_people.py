"""Whom a row of 流动党员台账 means: by number, by name in the branch, from elsewhere, and what neither side is told."""

import pytest

from elections import imports
from members.duplicates import MERGED
from members.models import Affiliation, Guest, Member, Standing
from members.services.merging import merge_members
from tests import factories, workbooks
from tests.elections.floating.ledgers import (
    BRANCH,
    DAY,
    LI,
    ON,
    OUT_HEADER,
    ZHAO,
    coming,
    confirm,
    exported,
    li_out,
    member_at,
    out,
    outcome,
    problems,
    upload,
    zhao_in,
)

pytestmark = pytest.mark.django_db


def test_of_two_people_of_one_name_the_row_says_which_or_is_an_error(street, branch, clerk, li):
    other = member_at(branch, number=ZHAO, birth=DAY(1985, 12, 12))

    unclear = upload(clerk, street, out(li_out()))
    header, row = [*OUT_HEADER, "出生年月"], [*li_out(), "1985.12"]
    clear = upload(clerk, street, ("流出", [header, row]))

    assert problems(unclear) == [
        (
            2,
            "ID_EMPTY",
            "error",
            f"「{BRANCH}」有2名党员叫「李明」，请填写公民身份号码或者出生日期，以便分清是哪一位。",
        )
    ]
    assert outcome(clear) == [(2, "ok", "new", {})]
    confirm(clear, clerk)
    assert Standing.objects.get().member == other


def test_who_is_out_has_to_be_a_member_of_the_branch(street, branch, clerk, li):
    second = factories.OrganizationFactory(parent=street, code="YL0102", name="虚构社区第二党支部")
    header = [*OUT_HEADER, "公民身份号码"]

    batch = upload(
        clerk,
        street,
        (
            "流出",
            [
                header,
                [*li_out(姓名="王建国"), None],
                [*li_out(所在党支部=second.name), LI],
                [*li_out(姓名="李敏"), LI],
                [*li_out(外出流向=None, 流出省份=None, 流出原因=None), LI],
            ],
        ),
    )

    assert [each[:3] for each in problems(batch)] == [
        (2, "COMMITTEE_PERSON_UNKNOWN", "error"),
        (3, "ID_DUP_CROSS_ORG", "error"),
        (4, "ID_DUP_NAME_DIFF", "error"),
        (5, "ENUM_UNKNOWN", "error"),
    ]
    assert (
        problems(batch)[0][3]
        == f"「王建国」不在「{BRANCH}」的党员花名册中，请核对姓名和党支部，或者先在党员花名册中导入。"
    )


def test_a_person_outside_the_part_is_answered_as_an_unknown_one(street, branch, clerk):
    abroad = factories.OrganizationFactory(parent=factories.StreetFactory(parent=street.parent), name="别处党支部")
    member_at(abroad)
    header = [*OUT_HEADER, "公民身份号码"]

    batch = upload(clerk, street, ("流出", [header, [*li_out(), LI], [*li_out(姓名="无此人"), ZHAO]]))

    assert [(each[1], each[3].replace("无此人", "李明")) for each in problems(batch)] == [
        ("COMMITTEE_PERSON_UNKNOWN", problems(batch)[0][3])
    ] * 2
    assert "别处" not in str(imports.preview(batch))


def test_who_is_in_from_another_street_is_not_recorded_twice_and_each_side_sees_its_half(street, branch, clerk):
    other_street = factories.StreetFactory(parent=street.parent)
    neighbor = factories.user_at(other_street)
    home = factories.OrganizationFactory(parent=other_street, name="别处党支部")
    zhao = member_at(home, name="赵敏", number=ZHAO, work_unit="虚构一厂")

    batch = upload(clerk, street, coming(zhao_in(入党时间="2005-07-01")))
    confirm(batch, clerk)

    assert list(Member.objects.all()) == [zhao]
    assert Member.objects.get().joined_on == zhao.joined_on
    assert (Guest.objects.visible_to(clerk).count(), Guest.objects.visible_to(neighbor).count()) == (1, 0)
    assert (Member.objects.visible_to(clerk).count(), Member.objects.visible_to(neighbor).count()) == (0, 1)
    title, rows = exported(clerk, street, unmasked=False)
    assert "虚构一厂" not in str(rows)
    assert "别处党支部" not in str(rows)
    again = upload(clerk, street, coming(zhao_in(入党时间="2005-07-01")))
    assert outcome(again) == [(2, "ok", "unchanged", {})]


def test_a_number_under_another_name_or_at_home_is_an_error(street, branch, clerk, li):
    member_at(factories.OrganizationFactory(parent=factories.StreetFactory(parent=street.parent)), "赵敏", ZHAO)

    batch = upload(clerk, street, coming(zhao_in(姓名="赵云"), zhao_in(姓名="李明", 公民身份号码=LI)))

    assert problems(batch) == [
        (2, "ID_DUP_NAME_DIFF", "error", "该公民身份号码已经登记，但姓名与所填的不一致，请核对姓名和公民身份号码。"),
        (3, "KIND_INCONSISTENT", "error", "该党员的组织关系就在本党组织，不能登记为流入党员。"),
    ]


def test_guests_without_a_number_are_told_by_name_and_keep_apart_from_the_roll(street, branch, clerk, li):
    batch = upload(
        clerk,
        street,
        coming(
            zhao_in(公民身份号码=""),
            zhao_in(公民身份号码=""),
            zhao_in(姓名="李明", 公民身份号码=""),
        ),
    )

    assert [each[:3] for each in problems(batch)] == [
        (2, "ID_EMPTY", "warning"),
        (3, "ID_EMPTY", "warning"),
        (3, "ID_DUP_IN_FILE", "error"),
        (4, "ID_EMPTY", "error"),
    ]
    confirm(batch, clerk, partial=True)

    # The number follows later: it goes to the same person.
    numbered = upload(clerk, street, coming(zhao_in()))
    assert outcome(numbered) == [
        (2, "ok", "changed", {"sex": ["", "男"], "birth": ["", "1985-12-12"], "id_number": ["", ZHAO]})
    ]
    confirm(numbered, clerk)
    assert Guest.objects.get().affiliation.member.reveal_id_number() == ZHAO
    assert Member.objects.count() == 2


def test_an_affiliation_that_ended_is_no_home(street, branch, clerk):
    """Who left their branch elsewhere and lives here is a guest like any other."""
    home = factories.OrganizationFactory(parent=factories.StreetFactory(parent=street.parent))
    zhao = member_at(home, "赵敏", ZHAO)
    Affiliation.objects.filter(member=zhao).update(until=DAY(2025, 1, 1))

    confirm(upload(clerk, street, coming(zhao_in())), clerk)

    assert Guest.objects.get().affiliation.member == zhao
    assert not Member.objects.visible_to(clerk).exists()


@pytest.mark.parametrize("birth", ["20261122", "19051231"])
def test_a_number_of_someone_not_born_yet_or_too_old_is_an_error(street, branch, clerk, birth):
    batch = upload(clerk, street, coming(zhao_in(公民身份号码=workbooks.id_number(birth=birth), 入党时间="")))

    assert problems(batch) == [
        (2, "ID_BIRTH_INVALID", "error", "身份证号中的出生日期晚于名册日期，或者距今超过120年，请对照证件改正。")
    ]


def test_a_number_that_a_merge_found_to_be_a_slip_makes_no_second_entry(street, branch, clerk):
    slip = workbooks.id_number(birth="19851212", order="032")
    keep, drop = (member_at(branch, "赵敏", number) for number in (ZHAO, slip))
    merge_members(keep=keep, drop=drop, stays_with=keep, on=ON, reason="号码录错", by=clerk)
    second = factories.OrganizationFactory(parent=street, code="YL0102", name="虚构社区第二党支部")
    header = [*OUT_HEADER, "公民身份号码"]

    batch = upload(
        clerk,
        street,
        ("流出", [header, [*li_out(姓名="赵敏"), slip]]),
        coming(zhao_in(公民身份号码=slip, 所在党支部=second.name)),
    )

    assert problems(batch) == [(2, "ID_DUP_NAME_DIFF", "error", MERGED)] * 2
