"""Local values: stricter only, with a document, never in the past; and rules somebody compared with the text."""

from dataclasses import replace
from datetime import date

import pytest

from elections.rules.dated import Since
from elections.rules.facts import OrganizationFacts, TermFacts
from elections.rules.parameters import CheckedRow, Law, LocalRow, Status, admit, with_checked, with_local
from elections.rules.parameters.local import (
    BasisMissing,
    ChangesThePast,
    Implausible,
    NotOpenToLocalValues,
    NotStricter,
    UnknownParameter,
)
from elections.rules.state import state
from orgs.enums import Kind, State, UnitType

TODAY = date(2024, 1, 10)
EARLIER = LocalRow("reminder_lead_months", date(2024, 2, 1), 9, "区委组〔2024〕1号", "某区")
LAW = Law.builtin()
REGULATION = "《中国共产党支部工作条例（试行）》"


def admitted(row: LocalRow, *existing: LocalRow) -> bool:
    admit(row, existing=existing, today=TODAY)
    return True


def test_earlier_reminder_holds_from_its_day_and_leaves_the_past():
    law = with_local(LAW, [EARLIER])
    days = (date(2018, 10, 28), date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 2))

    assert [law.reminder_lead_months.on(day).value for day in days] == [6, 6, 9, 9]
    assert law.reminder_lead_months.on(date(2024, 2, 1)).citation == "区委组〔2024〕1号"
    assert law.reminder_lead_months.on(date(2024, 2, 1)).label == "地方规定"


def test_earlier_reminder_moves_the_state():
    facts = OrganizationFacts(Kind.BRANCH, terms=(TermFacts(date(2021, 11, 1), date(2024, 11, 1)),))
    law = with_local(LAW, [EARLIER])
    days = (date(2024, 1, 31), date(2024, 2, 1))

    assert [state(facts, on=day, law=law).state for day in days] == [State.IN_TERM, State.DUE_SOON]
    assert state(facts, on=date(2024, 4, 30)).state == State.IN_TERM


def test_ended_local_value_gives_way_to_the_national_one():
    law = with_local(LAW, [EARLIER, replace(EARLIER, since=date(2025, 1, 1), value=None)])

    assert [law.reminder_lead_months.on(day).value for day in (date(2024, 12, 31), date(2025, 1, 1))] == [9, 6]


def test_strictest_of_two_roots_holds():
    city = replace(EARLIER, value=12, root="某市", since=date(2024, 6, 1))
    law = with_local(LAW, [city, EARLIER])

    assert [law.reminder_lead_months.on(day).value for day in (date(2024, 5, 31), date(2024, 6, 1))] == [9, 12]


def test_national_value_that_became_stricter_is_not_undercut():
    national = LAW.reminder_lead_months
    later = replace(national.on(TODAY), value=10)
    law = replace(
        LAW, reminder_lead_months=replace(national, entries=Since(*national.entries.values, (date(2026, 1, 1), later)))
    )

    lead = with_local(law, [EARLIER]).reminder_lead_months

    assert [lead.on(day).value for day in (date(2025, 12, 31), date(2026, 1, 1))] == [9, 10]


def test_stricter_value_with_a_document_from_today_on_is_admitted():
    assert admitted(replace(EARLIER, since=TODAY))
    assert admitted(replace(EARLIER, since=date(2024, 3, 1), value=7), EARLIER)
    assert admitted(replace(EARLIER, parameter="below_three_months", value=3))
    assert admitted(replace(EARLIER, parameter="roster_stale_months", value=5))
    assert admitted(replace(EARLIER, value=60))


def test_notice_has_no_number_until_a_district_sets_one():
    """CAND-11: the number of days is left to districts; a later row may be shorter again, for no law forbids it."""
    rows = [
        replace(EARLIER, parameter="notice_days", value=7),
        replace(EARLIER, parameter="notice_days", value=5, since=date(2025, 1, 1)),
        replace(EARLIER, parameter="notice_days", value=None, since=date(2026, 1, 1)),
    ]
    days = (date(2024, 1, 31), date(2024, 2, 1), date(2024, 12, 31), date(2025, 1, 1), date(2026, 1, 1))

    assert all(admitted(row, *rows[:place]) for place, row in enumerate(rows))
    assert [with_local(LAW, rows).notice_days.on(day).value for day in days] == [None, 7, 7, 5, None]
    assert [with_local(LAW, rows).notice_days.on(day).label for day in days[:2]] == ["依据待核", "地方规定"]


@pytest.mark.parametrize(
    ("row", "refusal"),
    [
        (replace(EARLIER, parameter="reminder"), UnknownParameter),
        (replace(EARLIER, parameter="extension_cap_years", value=2), NotOpenToLocalValues),
        (replace(EARLIER, parameter="branch_members_most", value=40), NotOpenToLocalValues),
        (replace(EARLIER, value=6), NotStricter),
        (replace(EARLIER, value=5), NotStricter),
        (replace(EARLIER, parameter="below_three_months", value=7), NotStricter),
        (replace(EARLIER, parameter="below_three_months", value=0), NotStricter),
        (replace(EARLIER, since=date(2024, 1, 9)), ChangesThePast),
        (replace(EARLIER, basis=" "), BasisMissing),
        (replace(EARLIER, value=61), Implausible),
        (replace(EARLIER, parameter="notice_days", value=0), NotStricter),
        (replace(EARLIER, parameter="notice_days", value=61), Implausible),
    ],
)
def test_refused_local_value(row, refusal):
    with pytest.raises(refusal):
        admitted(row)


@pytest.mark.parametrize("since", [date(2024, 1, 31), date(2024, 2, 1)])
def test_entered_local_value_is_never_replaced_or_preceded(since):
    with pytest.raises(ChangesThePast):
        admitted(replace(EARLIER, since=since, value=12), EARLIER)


def test_another_root_may_have_a_value_of_its_own_on_the_same_day():
    assert admitted(replace(EARLIER, root="邻区"), EARLIER)


def test_closed_number_cannot_be_made_local_behind_the_door():
    with pytest.raises(NotOpenToLocalValues):
        with_local(LAW, [replace(EARLIER, parameter="extension_cap_years", value=2)])
    with pytest.raises(UnknownParameter):
        with_local(LAW, [replace(EARLIER, parameter="reminder")])


def test_term_length_is_the_same_everywhere():
    with pytest.raises(UnknownParameter):
        admitted(replace(EARLIER, parameter="term_years"))


def test_compared_rule_is_verified_with_article_name_and_day():
    law = with_checked(LAW, [CheckedRow("CAND-08", REGULATION, "第二十四条", "核对人甲", date(2026, 12, 1))])

    before, after = (each.secretary_party_age_years.on(TODAY) for each in (LAW, law))

    assert (before.verified, before.label, before.may_block) == (False, "依据待核", False)
    assert (after.verified, after.label, after.may_block) == (True, "", True)
    assert after.citation == "《中国共产党支部工作条例（试行）》第二十四条"
    assert (after.value, after.checked_by, after.checked_on) == (1, "核对人甲", date(2026, 12, 1))


def test_comparing_old_lengths_marks_them_all_and_nothing_else():
    law = with_checked(LAW, [CheckedRow("TERM-09", "中央组织部原有规定", "第三条", "核对人甲", date(2026, 12, 1))])
    old = law.length(Kind.BRANCH, UnitType.AGENCY, elected_on=date(2016, 1, 1))

    assert (old.status, law.length(Kind.BRANCH, UnitType.AGENCY, elected_on=TODAY)) == (
        Status.READ,
        LAW.length(Kind.BRANCH, UnitType.AGENCY, elected_on=TODAY),
    )


def test_checks_of_the_books_have_no_text_to_compare_with():
    law = with_checked(
        LAW,
        [
            CheckedRow("P-05", "台账数据核对", "第一条", "核对人甲", TODAY),
            CheckedRow("EL-01", "《中国共产党基层组织选举工作条例》", "第五条", "核对人甲", TODAY),
        ],
    )

    assert law.provision("P-05") == LAW.provision("P-05")
    assert law.provision("EL-01").checked_by == "核对人甲"


def test_one_document_compared_says_nothing_of_the_others_that_hold_the_rule():
    """TERM-12 stands in 任期意见 二 and in 选举条例 第三条."""
    regulation = "《中国共产党基层组织选举工作条例》"
    cap = with_checked(LAW, [CheckedRow("TERM-12", regulation, "第三条", "核对人甲", TODAY)]).extension_cap_years

    assert [(entry.document, entry.article, entry.checked_by) for _, entry in cap.entries.values][2:] == [
        ("《关于党的基层组织任期的意见》", "二", ""),
        (regulation, "第三条", "核对人甲"),
    ]


def test_latest_comparison_of_a_rule_holds():
    rows = [
        CheckedRow("CAND-08", REGULATION, "第二十四条", "核对人乙", date(2026, 12, 2)),
        CheckedRow("CAND-08", REGULATION, "第二十三条", "核对人甲", date(2026, 12, 1)),
    ]

    found = with_checked(LAW, rows).secretary_party_age_years.on(TODAY)

    assert (found.article, found.checked_by) == ("第二十四条", "核对人乙")


def test_rule_that_only_practice_knows_cannot_be_compared():
    practice = LAW.below_three_months.on(TODAY)
    law = with_checked(LAW, [CheckedRow("TERM-25", practice.document, "第一条", "核对人甲", TODAY)])

    assert law.below_three_months.on(TODAY) == practice
