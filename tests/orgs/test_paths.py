"""Paths of the tree as texts."""

import pytest

from orgs import paths
from orgs.models import Organization


def test_segments_count_in_base_36_with_fixed_width():
    assert [paths.segment(number) for number in (0, 9, 10, 35, 36, 36**4 - 1)] == [
        "0000",
        "0009",
        "000A",
        "000Z",
        "0010",
        "ZZZZ",
    ]


@pytest.mark.parametrize("number", [-1, 36**4])
def test_a_segment_outside_the_room_is_refused(number):
    with pytest.raises(OverflowError):
        paths.segment(number)


def test_the_number_of_a_path_is_that_of_its_last_segment():
    assert paths.number_of("0001000Z") == 35


@pytest.mark.parametrize(
    ("path", "after"), [("0000", "0001"), ("0009", "000:"), ("000Z", "000["), ("00010009", "0001000:")]
)
def test_the_successor_follows_every_path_below_and_precedes_the_next_sibling(path, after):
    assert paths.successor(path) == after
    assert path + "ZZZZ" * 14 < after


def test_a_path_names_its_parent_its_ancestors_and_its_level():
    assert paths.parent_of("000100020003") == "00010002"
    assert paths.parent_of("0001") == ""
    assert paths.ancestors_of("000100020003") == ["0001", "00010002"]
    assert paths.ancestors_of("0001") == []
    assert paths.level_of("000100020003") == 3


@pytest.mark.parametrize(
    ("path", "ancestor", "within"),
    [
        ("0001", "0001", True),
        ("00010002", "0001", True),
        ("0001", "00010002", False),
        ("0002", "0001", False),
        ("000A0000", "0009", False),
        ("000Z0000", "000Z", True),
        ("0010", "000Z", False),
    ],
)
def test_a_path_lies_within_itself_and_what_stands_above_it(path, ancestor, within):
    assert paths.is_within(path, ancestor) is within


def test_outermost_leaves_out_what_lies_under_another():
    assert paths.outermost(["00020001", "0001", "00010002", "0001", "000100020003"]) == ("0001", "00020001")
    assert paths.outermost([]) == ()


def test_covering_gives_way_to_parents_from_the_deepest_on_until_few_enough_are_left():
    given = ["000100010001", "000100010002", "00010002", "00020001"]

    assert paths.covering(given, 4) == ("000100010001", "000100010002", "00010002", "00020001")
    assert paths.covering(given, 3) == ("00010001", "00010002", "00020001")
    assert paths.covering(given, 2) == ("0001", "0002")


def test_covering_keeps_more_roots_than_asked_since_nothing_stands_above_them():
    assert paths.covering(["0001", "0002", "0003"], 2) == ("0001", "0002", "0003")


@pytest.mark.django_db
def test_no_paths_hold_no_rows():
    Organization.objects.create(name="中共云岭区委员会", kind="local_committee", path="0000")

    assert list(Organization.objects.filter(paths.subtrees(()))) == []
    assert Organization.objects.filter(paths.subtrees(("0000",))).count() == 1
