"""The hand-made cases of cases.csv, which an officer can read and extend in a spreadsheet."""

import re
from dataclasses import replace

import pytest

from elections.rules.dated import Since
from elections.rules.evaluate import evaluate
from elections.rules.parameters import TERM_OPINION, Law, Parameter
from elections.rules.state import state
from elections.rules.terms import UnknownUnitType
from orgs.enums import Mark, State
from tests.rules.reading import CASES, day, facts_of

LAW = Law.builtin()

WITHOUT_EFFECT = {
    "ORG-04": "no book of projects is kept",
    "ORG-05": "who founds a mobile branch is agreed outside the books; its lack of a term is a state (设计§4)",
    "ORG-08": "applications to change or abolish are not recorded; the day itself is, and decides existence",
    "TERM-11": "army and armed police are out of scope",
    "TERM-14": "how carefully the superior reviewed cannot be told from the books",
    "TERM-22": "a pick-list of reasons",
    "TERM-23": "a pick-list of reasons",
}
"""Ids of the rules on organizations and terms that nothing recorded can break."""

RULES = [
    *(f"ORG-{n:02}" for n in range(1, 28)),
    *(f"TERM-{n:02}" for n in range(1, 26)),
    *(f"P-{n:02}" for n in range(1, 17)),
]


def expected(case: dict[str, str]) -> dict:
    return {
        "应得状态": State.from_label(case["应得状态"]),
        "天数": int(case["天数"]) if case["天数"] else None,
        "延期后届满": day(case["延期后届满"]),
        "专项检查未按期": case["专项检查未按期"] == "是",
        "标记": frozenset(Mark.from_label(mark) for mark in case["标记"].split("、") if mark),
        "应得提示": sorted(each for each in case["应得提示"].split("、") if each),
    }


def judged(case: dict[str, str], law: Law = LAW) -> dict:
    facts, on = facts_of(case, law), day(case["时点"])
    found = state(facts, on=on, law=law)
    findings = evaluate(facts, on=on, law=law, found=found)
    return {
        "应得状态": found.state,
        "天数": found.days,
        "延期后届满": found.extended_to,
        "专项检查未按期": found.inspection,
        "标记": found.marks,
        "应得提示": sorted(f"{each.rule_id}{each.severity.label}" for each in findings),
    }


@pytest.mark.parametrize("case", [pytest.param(case, id=case["编号"]) for case in CASES])
def test_case(case):
    assert judged(case) == expected(case), case["说明"]


def test_cases_cover_every_state_mark_and_severity():
    found = [expected(case) for case in CASES]

    assert {each["应得状态"] for each in found} == set(State)
    assert {mark for each in found for mark in each["标记"]} == set(Mark)
    assert {finding[-2:] for each in found for finding in each["应得提示"]} == {"错误", "提醒", "说明"}


def test_cases_are_numbered_once():
    numbers = [case["编号"] for case in CASES]

    assert sorted(set(numbers)) == sorted(numbers)


def test_every_rule_on_organizations_and_terms_has_a_case_or_a_reason():
    named = {rule_id for case in CASES for rule_id in case["依据"].split("、")}

    assert sorted((set(RULES) - named) ^ set(WITHOUT_EFFECT)) == []


def test_every_rule_that_finds_something_is_expected_by_a_case_and_named_by_it():
    """A finding that no hand-made case expects would be unproved; one case must be about it."""
    shown = {re.match(r"[A-Z]+-\d+", each).group() for case in CASES for each in expected(case)["应得提示"]}
    named = {rule_id for case in CASES for rule_id in case["依据"].split("、")}

    assert sorted(shown - named) == []


def one_more(parameter: Parameter, *, since=None) -> Parameter:
    """The parameter with each number raised by one, or only the one in force from `since`."""
    entries = [
        (first, replace(entry, value=entry.value + 1) if since in (None, first) else entry)
        for first, entry in parameter.entries.values
    ]
    return replace(parameter, entries=Since(*entries))


def changed_laws() -> list:
    return list(_changed_laws())


def _changed_laws():
    for name, parameter in LAW.parameters():
        if all(entry.value is None for _, entry in parameter.entries.values):
            # No number of the country to be wrong by one: tests/rules/test_local_values.py says what it is then.
            continue
        yield pytest.param(replace(LAW, **{name: one_more(parameter)}), id=name)
    for key, parameter in LAW.term_years.items():
        # Every kind and unit type has an old and a new length, and each is a number of its own.
        for first, _ in parameter.entries.values:
            lengths = {**LAW.term_years, key: one_more(parameter, since=first)}
            era = "new" if first == TERM_OPINION else "old"
            yield pytest.param(replace(LAW, term_years=lengths), id=f"{key[0]}-{key[1]}-{era}")


@pytest.mark.parametrize("law", changed_laws())
def test_a_number_of_the_law_that_is_wrong_by_one_fails_a_case(law):
    assert any(fails(case, law) for case in CASES)


def fails(case: dict[str, str], law: Law) -> bool:
    try:
        return judged(case, law) != expected(case)
    except UnknownUnitType:
        return True
