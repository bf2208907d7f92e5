"""The hand-made cases of cases.csv, which an officer can read and extend in a spreadsheet."""

import csv
from datetime import date
from pathlib import Path

import pytest

from elections.rules.facts import AppointmentFacts, ElectionFacts, ExtensionFacts, OrganizationFacts, TermFacts
from elections.rules.state import state
from orgs.enums import ApprovalLevel, ElectionKind, Form, Kind, Mark, State

CASES = list(csv.DictReader((Path(__file__).parent / "cases.csv").open(encoding="utf-8")))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def facts_of(case: dict[str, str]) -> OrganizationFacts:
    extensions = ()
    if case["延期至"]:
        extensions = (
            ExtensionFacts(
                ends_on=day(case["延期至"]),
                approved_on=day(case["延期批复日期"]),
                level=ApprovalLevel.from_label(case["延期批准层级"]),
                document_no=case["延期文号"],
            ),
        )
    terms = ()
    if case["选举日期"]:
        terms = (
            TermFacts(
                elected_on=day(case["选举日期"]),
                expires_on=day(case["届满日期"]),
                ordinal=int(case["届次"]),
                extensions=extensions,
            ),
        )
    elections = ()
    if case["换届启动日期"]:
        elections = (
            ElectionFacts(
                kind=ElectionKind.from_label(case["选举类型"]),
                opened_on=day(case["换届启动日期"]),
                election_day=day(case["选举日"]),
                closed_on=day(case["办结日期"]),
            ),
        )
    return OrganizationFacts(
        kind=Kind.from_label(case["组织类别"]),
        form=Form.from_label(case["组织形式"]),
        founded_on=day(case["成立日期"]),
        converted_on=day(case["改建日期"]),
        closed_on=day(case["撤销日期"]),
        appointments=(AppointmentFacts(day(case["指派日期"]), case["指派文号"]),) if case["指派日期"] else (),
        terms=terms,
        elections=elections,
    )


@pytest.mark.parametrize("case", [pytest.param(case, id=case["编号"]) for case in CASES])
def test_case(case):
    found = state(facts_of(case), on=day(case["时点"]))

    assert {
        "应得状态": found.state,
        "天数": found.days,
        "延期后届满": found.extended_to,
        "专项检查未按期": found.inspection,
        "标记": found.marks,
    } == {
        "应得状态": State.from_label(case["应得状态"]),
        "天数": int(case["天数"]) if case["天数"] else None,
        "延期后届满": day(case["延期后届满"]),
        "专项检查未按期": case["专项检查未按期"] == "是",
        "标记": frozenset(Mark.from_label(mark) for mark in case["标记"].split("、") if mark),
    }, case["说明"]


def test_cases_cover_every_state():
    assert {case["应得状态"] for case in CASES} == {each.label for each in State}


def test_cases_are_numbered_once():
    numbers = [case["编号"] for case in CASES]

    assert sorted(set(numbers)) == sorted(numbers)
