"""Findings on size: too few members, a branch too large, what its size allows or demands.

3 and 50 are tested on branches, 100 on branches and on the subtree of a 总支, 500 on the subtree of a 总支 or 党委; on
党工委 nothing. Nothing is tested while a number is missing.
"""

from collections.abc import Iterator

from elections.rules.dated import add_months
from elections.rules.facts import HeadFacts
from elections.rules.findings import Clears, Finding, Question, error, info, warning
from elections.rules.parameters import Entry
from orgs.enums import Form, Kind, Labeled, UnitType

AGENCIES = frozenset({UnitType.AGENCY, UnitType.SUBDISTRICT_OFFICE})
"""Unit types under 机关条例."""


class Duty(Labeled):
    """How strongly the size speaks for another kind."""

    MUST = "must", "应设"
    MAY = "may", "可设"
    SUGGESTED = "suggested", "建议设"


def structure(question: Question) -> Iterator[Finding]:
    """Findings that follow from the number of members."""
    heads = question.facts.heads
    if heads is None or not heads.is_known:
        return
    if question.kind == Kind.BRANCH:
        yield from _below_three(question, heads)
        yield from _branch_too_large(question, heads)
    if question.kind in (Kind.BRANCH, Kind.GENERAL_BRANCH):
        yield from _other_kind(question, heads)
    if question.kind in (Kind.GENERAL_BRANCH, Kind.COMMITTEE):
        yield from _delegates(question, heads)
    if question.kind == Kind.BRANCH and question.facts.form_on(question.on) == Form.JOINT:
        yield from _joint(question)


def _below_three(question: Question, heads: HeadFacts) -> Iterator[Finding]:
    """TERM-25 on the number of ORG-01: a warning while its half-year runs or cannot be told, then an error."""
    least, months = question.law.full_members_least.on(question.on), question.law.below_three_months.on(question.on)
    if heads.full >= least.value:
        return
    since = question.facts.below_three_since
    until = add_months(since, months.value) if since is not None else None
    inputs = {"full": heads.full, "least": least.value, "since": since, "until": until, "months": months.value}
    if until is not None and until < question.on:
        yield error("TERM-25", "kept_too_long", Clears.ADMIT_OR_MERGE, months, least, **inputs)
    else:
        yield warning("TERM-25", "below_three", Clears.ADMIT_OR_MERGE, months, least, **inputs)


def _branch_too_large(question: Question, heads: HeadFacts) -> Iterator[Finding]:
    most = question.law.branch_members_most.on(question.on)
    if heads.total > most.value:
        yield warning("ORG-02", "too_large", Clears.SPLIT_OR_RAISE, most, total=heads.total, most=most.value)


def _other_kind(question: Question, heads: HeadFacts) -> Iterator[Finding]:
    """党委 from 100 on; below that 总支 for a branch. An unknown unit type gets the weakest words: practice."""
    general, above, committee, duty = _steps(question)
    if heads.total >= committee.value:
        made = warning if duty is Duty.MUST else info
        inputs = {"total": heads.total, "threshold": committee.value, "kind": Kind.COMMITTEE, "duty": duty}
        yield made(committee.rule_id, "size", Clears.RAISE, committee, **inputs)
    elif question.kind == Kind.BRANCH and heads.total >= general.value + above:
        weaker = Duty.MAY if duty is Duty.MUST else duty
        inputs = {"total": heads.total, "threshold": general.value, "kind": Kind.GENERAL_BRANCH, "duty": weaker}
        yield info(general.rule_id, "size", Clears.RAISE, general, **inputs)


def _steps(question: Question) -> tuple[Entry, int, Entry, Duty]:
    """The 总支 threshold, 1 where it must be exceeded, the 党委 threshold, and how strong the latter is."""
    law, unit_type, on = question.law, question.unit_type, question.on
    if unit_type in AGENCIES:
        return law.agency_general_branch_least.on(on), 0, law.agency_committee_least.on(on), Duty.MUST
    if unit_type == UnitType.STATE_OWNED:
        return law.state_owned_general_branch_least.on(on), 0, law.state_owned_committee_least.on(on), Duty.MUST
    if unit_type == UnitType.VILLAGE:
        return law.village_general_branch_above.on(on), 1, law.village_committee_least.on(on), Duty.MAY
    return law.other_general_branch_above.on(on), 1, law.other_committee_least.on(on), Duty.SUGGESTED


def _delegates(question: Question, heads: HeadFacts) -> Iterator[Finding]:
    least = question.law.delegates_least.on(question.on)
    if heads.total >= least.value and not question.facts.delegates:
        yield info("EL-05", "delegates", Clears.NOTHING, least, total=heads.total, threshold=least.value)


def _joint(question: Question) -> Iterator[Finding]:
    law, on, units = question.law, question.on, question.facts.units
    most, least = law.joint_units_most.on(on), law.joint_unit_full_members_least.on(on)
    if len(units) > most.value:
        yield warning("ORG-03", "units", Clears.SEPARATE_UNIT, most, units=len(units), most=most.value)
    for unit in sorted(units, key=lambda each: each.name):
        if unit.full is not None and unit.full >= least.value:
            inputs = {"unit": unit.name, "full": unit.full, "least": least.value}
            yield warning("ORG-03", "unit_large_enough", Clears.SEPARATE_UNIT, least, **inputs)
