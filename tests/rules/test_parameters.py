"""The table of the law's numbers: complete, cited, and honest about what was read."""

from datetime import date

import pytest

from elections.rules.parameters import (
    LAST_CHECKED,
    TERM_YEARS,
    Confidence,
    Entry,
    Law,
    LawGap,
    Local,
    Parameter,
    Status,
)
from orgs.enums import Kind, UnitType

BEFORE, FIRST = date(2018, 7, 11), date(2018, 7, 12)
LAW = Law.builtin()


def parameters() -> list[Parameter]:
    """Every parameter of the built-in law."""
    single = [value for value in vars(LAW).values() if isinstance(value, Parameter)]
    return [*LAW.term_years.values(), *single]


@pytest.mark.parametrize("kind", [Kind.COMMITTEE, Kind.GENERAL_BRANCH, Kind.BRANCH])
@pytest.mark.parametrize("unit_type", UnitType)
def test_every_unit_type_has_a_length_for_every_elected_kind(kind, unit_type):
    assert LAW.length(kind, unit_type, elected_on=FIRST).value in (3, 5)


@pytest.mark.parametrize("kind", [Kind.LOCAL_COMMITTEE, Kind.WORKING_COMMITTEE])
def test_kind_without_a_row_raises_instead_of_falling_back(kind):
    with pytest.raises(LawGap):
        LAW.length(kind, UnitType.AGENCY, elected_on=FIRST)


def test_table_of_lengths_since_the_opinion_of_2018():
    """TERM-02 to TERM-04, TERM-05, TERM-07."""
    years = {key: parameter.on(FIRST).value for key, parameter in TERM_YEARS.items()}

    assert {unit_type for (kind, unit_type), length in years.items() if kind == Kind.COMMITTEE and length == 5} == set(
        UnitType
    )
    for kind in (Kind.GENERAL_BRANCH, Kind.BRANCH):
        assert {unit_type for unit_type in UnitType if years[kind, unit_type] == 5} == {
            UnitType.VILLAGE,
            UnitType.COMMUNITY,
        }
        assert {unit_type for unit_type in UnitType if years[kind, unit_type] not in (3, 5)} == set()


def test_table_of_lengths_before_the_opinion_of_2018():
    """TERM-09 as settled for the product."""
    years = {key: parameter.on(BEFORE).value for key, parameter in TERM_YEARS.items()}

    assert {
        unit_type: years[Kind.COMMITTEE, unit_type] for unit_type in UnitType if years[Kind.COMMITTEE, unit_type] != 3
    } == {
        UnitType.TOWNSHIP: 5,
        UnitType.UNIVERSITY: 4,
        UnitType.RESEARCH: 4,
    }
    assert {years[Kind.GENERAL_BRANCH, unit_type] for unit_type in UnitType} == {3}
    assert {
        unit_type: years[Kind.BRANCH, unit_type] for unit_type in UnitType if years[Kind.BRANCH, unit_type] != 2
    } == {
        UnitType.VILLAGE: 3,
        UnitType.COMMUNITY: 3,
    }


def test_large_enterprise_had_four_years_before_2018():
    """TERM-09: 大中型企业."""
    assert LAW.length(Kind.COMMITTEE, UnitType.STATE_OWNED, elected_on=BEFORE, large=True).value == 4
    assert LAW.length(Kind.COMMITTEE, UnitType.STATE_OWNED, elected_on=BEFORE, large=False).value == 3
    assert LAW.length(Kind.COMMITTEE, UnitType.STATE_OWNED, elected_on=BEFORE).value == 3
    assert LAW.length(Kind.COMMITTEE, UnitType.STATE_OWNED, elected_on=FIRST, large=True).value == 5
    assert LAW.length(Kind.BRANCH, UnitType.STATE_OWNED, elected_on=BEFORE, large=True).value == 2


def test_every_number_has_a_rule_a_document_and_the_day_it_was_checked():
    entries = [entry for parameter in parameters() for _, entry in parameter.entries.values]

    assert [entry for entry in entries if not (entry.rule_id and entry.document)] == []
    assert {entry.checked_on for entry in entries} == {LAST_CHECKED}
    assert [parameter for parameter in parameters() if not (parameter.title and parameter.unit)] == []


def test_every_number_holds_on_any_past_day():
    assert [parameter.title for parameter in parameters() if parameter.on(date(1980, 1, 1)) is None] == []


@pytest.mark.parametrize(
    ("status", "label"),
    [
        (Status.READ, ""),
        (Status.READ_SECOND_HAND, "依据待核"),
        (Status.MEMORY, "依据待核"),
        (Status.PRACTICE, "依据待核"),
    ],
)
def test_what_was_not_read_is_labeled_as_unverified(status, label):
    assert Entry(1, "TERM-12", "《某条例》", status=status).label == label


def test_citation_says_when_the_article_number_was_not_checked():
    """TERM-15: the article number is from memory."""
    lead = LAW.reminder_lead_months.on(date(2026, 1, 1))

    assert lead.citation == "《中国共产党支部工作条例（试行）》第二十二条（条号待核）"
    assert LAW.extension_cap_years.on(date(2026, 1, 1)).citation == "《中国共产党基层组织选举工作条例》第三条"


def test_document_of_the_extension_cap_changes_with_each_regulation():
    """TERM-12: eve and day of 任期意见 and 选举条例."""
    cap = LAW.extension_cap_years

    assert [cap.on(day).document for day in (date(2018, 7, 11), FIRST, date(2020, 7, 12), date(2020, 7, 13))] == [
        "《中国共产党基层组织选举工作暂行条例》",
        "《关于党的基层组织任期的意见》",
        "《关于党的基层组织任期的意见》",
        "《中国共产党基层组织选举工作条例》",
    ]
    assert {entry.value for _, entry in cap.entries.values} == {1}


def test_every_rule_without_a_number_has_a_document_and_none_stands_twice():
    numbered = {entry.rule_id for parameter in parameters() for _, entry in parameter.entries.values}

    assert [entry for entry in LAW.provisions.values() if entry.value is not None or not entry.document] == []
    assert {rule_id: entry.rule_id for rule_id, entry in LAW.provisions.items() if rule_id != entry.rule_id} == {}
    # TERM-16 demands a timely reminder; the months of it are practice and a number of their own.
    assert numbered & set(LAW.provisions) == {"TERM-16"}


def test_rule_without_a_number_has_no_fallback():
    with pytest.raises(LawGap):
        LAW.provision("ORG-99")


@pytest.mark.parametrize(
    ("status", "confidence", "may_block"),
    [
        (Status.READ, Confidence.LOW, True),
        (Status.READ_SECOND_HAND, Confidence.HIGH, True),
        (Status.READ_SECOND_HAND, Confidence.MEDIUM, False),
        (Status.MEMORY, Confidence.HIGH, False),
        (Status.PRACTICE, Confidence.HIGH, False),
        (Status.BOOKS, Confidence.HIGH, False),
        (Status.LOCAL, Confidence.HIGH, False),
    ],
)
def test_only_what_was_read_or_surely_reported_may_block(status, confidence, may_block):
    assert Entry(1, "TERM-12", "《某条例》", status=status, confidence=confidence).may_block == may_block


def test_thresholds_of_size_as_written():
    """ORG-01 to ORG-27 and EL-05 with their words: 「以上」 includes, 「超过」 does not."""
    on = date(2026, 11, 21)
    names = dict(LAW.parameters())

    assert {name: names[name].on(on).value for name in names if name.endswith(("_least", "_above", "_most"))} == {
        "old_stated_years_least": 2,
        "old_stated_years_most": 5,
        "term_years_least": 3,
        "term_years_most": 5,
        "extensions_most": 1,
        "full_members_least": 3,
        "branch_members_most": 50,
        "joint_units_most": 5,
        "joint_unit_full_members_least": 3,
        "agency_general_branch_least": 50,
        "state_owned_general_branch_least": 50,
        "village_general_branch_above": 50,
        "other_general_branch_above": 50,
        "agency_committee_least": 100,
        "state_owned_committee_least": 100,
        "village_committee_least": 100,
        "other_committee_least": 100,
        "delegates_least": 500,
        "committee_full_members_least": 7,
        "branch_seats_least": 3,
        "branch_seats_most": 7,
        "small_branch_seats_most": 2,
        "general_branch_seats_least": 5,
        "general_branch_seats_most": 9,
        "committee_seats_least": 5,
        "committee_seats_most": 11,
        "standing_seats_least": 15,
        "standing_seats_most": 21,
        "state_owned_seats_least": 5,
        "state_owned_seats_most": 11,
        "township_seats_least": 7,
        "township_seats_most": 9,
        "discipline_seats_least": 3,
        "secretaries_most": 1,
        "joining_age_least": 18,
        "birth_year_least": 1900,
    }


def test_what_is_open_to_local_values_and_which_direction_is_stricter():
    assert {name: each.local for name, each in LAW.parameters() if each.local is not Local.CLOSED} == {
        "reminder_lead_months": Local.MORE,
        "first_election_months": Local.LESS,
        "roster_stale_months": Local.LESS,
        "below_three_months": Local.LESS,
        "notice_days": Local.MORE,
    }


def test_only_the_length_of_the_notice_has_no_number_of_the_country():
    without = {name: each for name, each in LAW.parameters() if each.on(date(2026, 11, 21)).value is None}

    assert list(without) == ["notice_days"]
    assert without["notice_days"].on(date(2026, 11, 21)).label == "依据待核"


@pytest.mark.parametrize(
    ("entry", "standing"),
    [
        (Entry(1, "TERM-12", "《某条例》", "第三条"), "已核原文"),
        (Entry(1, "TERM-12", "《某条例》", "第三条", article_checked=False), "已核原文，条号待核"),
        (Entry(1, "TERM-12", "《某条例》", "第三条", status=Status.MEMORY, article_checked=False), "依据待核"),
        (Entry(1, "TERM-12", "某区文件", status=Status.LOCAL), "地方规定"),
        (Entry(None, "P-05", "台账数据核对", status=Status.BOOKS), "产品约定"),
    ],
)
def test_standing_says_read_only_of_what_was_read(entry, standing):
    assert entry.standing == standing
