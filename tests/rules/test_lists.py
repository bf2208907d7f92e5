"""Lists whose items are data: dated, with a document, and a district's own only where the country leaves it open."""

from datetime import date

import pytest

from elections.rules.parameters.lists import LISTS, ClosedList, ListName, ListRow, lists_with

EVE, DAY = date(2026, 2, 28), date(2026, 3, 1)
OWN = ListRow("disqualifications", DAY, ("受过刑事处罚未满五年的", "拒不作出承诺的"), "区委组〔2026〕3号")


def by_name(rows=()) -> dict:
    return {each.name: each for each in lists_with(rows)}


def test_the_country_has_no_list_of_disqualifications_and_six_exclusions_from_memory():
    found = by_name()

    assert {name: len(each.on(DAY).lines) for name, each in found.items()} == {
        ListName.DISQUALIFICATIONS: 0,
        ListName.EXCLUSIONS: 6,
    }
    assert [each.on(DAY).entry.label for each in LISTS] == ["依据待核", "依据待核"]


def test_own_list_holds_from_its_day_and_leaves_the_past():
    found = by_name([OWN])[ListName.DISQUALIFICATIONS]

    assert [found.on(day).lines for day in (EVE, DAY)] == [(), OWN.lines]
    assert (found.on(DAY).entry.citation, found.on(DAY).entry.standing) == ("区委组〔2026〕3号", "地方规定")


def test_later_list_replaces_the_one_before_and_an_empty_one_ends_it():
    later = ListRow("disqualifications", date(2027, 1, 1), ("只剩一项",), "区委组〔2026〕9号")
    end = ListRow("disqualifications", date(2028, 1, 1), (), "区委组〔2027〕9号")
    found = by_name([end, later, OWN])[ListName.DISQUALIFICATIONS]

    assert [found.on(day).lines for day in (DAY, date(2027, 1, 1), date(2028, 1, 1))] == [OWN.lines, ("只剩一项",), ()]


def test_exclusions_are_the_same_everywhere():
    with pytest.raises(ClosedList):
        lists_with([ListRow("exclusions", DAY, ("另加一类",), "区委组〔2026〕3号")])
