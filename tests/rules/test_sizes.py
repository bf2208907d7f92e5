"""Bands of sizes and the demands of a size: both follow the law, neither decides."""

from dataclasses import replace
from datetime import date
from itertools import product

from elections.rules import sizes
from elections.rules.dated import ALWAYS, Since
from elections.rules.evaluate import evaluate
from elections.rules.facts import HeadBasis, HeadFacts, OrganizationFacts, PostFacts, TermFacts, UnitFacts
from elections.rules.parameters import Law
from elections.rules.sizes import Demand
from elections.rules.structure import Duty
from orgs.enums import Form, Kind, Title, UnitType

ON = date(2026, 11, 21)
LAW = Law.builtin()
TERM = TermFacts(elected_on=date(2024, 6, 1), expires_on=date(2029, 6, 1))
SECRETARY = PostFacts(Title.SECRETARY, "王建国", since=date(2024, 6, 1))
SIZES = (0, 2, 3, 6, 7, 49, 50, 51, 99, 100, 499, 500)
POSTS = (None, (), (SECRETARY,), tuple(replace(SECRETARY, holder=name) for name in ("何丽华", "吴宏伟", "王立新")))


def every_case():
    """Organizations of every kind, form and unit type, in sizes on both sides of each threshold."""
    for kind, form, unit_type, size, posts in product(Kind, Form, (None, *UnitType), SIZES, POSTS):
        yield OrganizationFacts(
            kind,
            form,
            unit_type=unit_type,
            terms=(TERM,),
            heads=HeadFacts(size, size, HeadBasis.DECLARED),
            posts=posts,
            has_discipline=False,
            units=tuple(UnitFacts(f"虚构{number}厂", number) for number in range(6)),
        )


def test_bands_of_all_members_begin_where_a_threshold_is_reached_or_exceeded():
    bands = sizes.member_bands(LAW, ON)

    assert [(band.code, band.label) for band in bands] == [
        ("0-49", "0–49"),
        ("50-50", "50"),
        ("51-99", "51–99"),
        ("100-499", "100–499"),
        ("500-", "500以上"),
    ]


def test_bands_of_full_members_are_those_of_a_branch_and_of_its_committee():
    assert [band.label for band in sizes.full_bands(LAW, ON)] == ["0–2", "3–6", "7以上"]


def test_every_number_lies_in_exactly_one_band():
    bands = sizes.member_bands(LAW, ON)

    assert [sum(band.holds(number) for band in bands) for number in range(600)] == [1] * 600


def test_another_law_cuts_other_bands():
    most = LAW.branch_members_most
    law = replace(LAW, branch_members_most=replace(most, entries=Since((ALWAYS, replace(most.on(ON), value=30)))))

    assert [band.label for band in sizes.member_bands(law, ON)][:3] == ["0–30", "31–49", "50"]
    assert sizes.words(Demand.TOO_LARGE, law, ON) == "党支部党员超过30名"


def test_demands_have_the_number_of_the_law_in_their_words():
    assert [sizes.words(demand, LAW, ON) for demand in Demand] == [
        "应设党委",
        "可设党委",
        "建议设党委",
        "可设党总支",
        "建议设党总支",
        "党支部党员超过50名",
        "正式党员不足3名",
        "正式党员不足且超过保留期限（6个月）",
        "正式党员7名以上，未设支部委员会",
        "正式党员不足7名，设了支部委员会",
        "班子未登记，未核对支委会、纪委",
        "联合党支部的单位超过5个",
        "联合党支部有单位应单独成立党支部",
        "机关党委未设机关纪委",
        "可召开党员代表大会",
    ]


def test_a_size_is_named_by_the_duty_and_the_kind_that_the_law_finds():
    named = set()
    for facts in every_case():
        for finding in evaluate(facts, on=ON):
            if finding.aspect == "size":
                [demand] = sizes.FOUND_BY[finding.rule_id, "size"]
                assert demand.label == f"{finding.inputs['duty'].label}{finding.inputs['kind'].label}"
                named.add((finding.inputs["duty"], finding.inputs["kind"]))

    assert named == {
        (Duty.MUST, Kind.COMMITTEE),
        (Duty.MAY, Kind.COMMITTEE),
        (Duty.SUGGESTED, Kind.COMMITTEE),
        (Duty.MAY, Kind.GENERAL_BRANCH),
        (Duty.SUGGESTED, Kind.GENERAL_BRANCH),
    }


def test_every_demand_is_found_and_only_within_its_reach_and_by_the_rules_it_rests_on():
    found_somewhere = set()
    for facts in every_case():
        for demand, finding in sizes.demands(evaluate(facts, on=ON)).items():
            assert sizes.REACH[demand].holds(facts.kind, facts.form, facts.unit_type), (demand, facts)
            assert set(finding.entries) & set(sizes.entries(demand, LAW, ON)), (demand, finding)
            found_somewhere.add(demand)

    # Nobody here is known to have had fewer than three for half a year.
    assert found_somewhere == set(Demand) - {Demand.KEPT_TOO_LONG}


def test_too_few_for_too_long_is_also_too_few():
    facts = OrganizationFacts(
        Kind.BRANCH, heads=HeadFacts(2, 2, HeadBasis.DECLARED), below_three_since=date(2026, 1, 1), terms=(TERM,)
    )

    assert list(sizes.demands(evaluate(facts, on=ON))) == [Demand.BELOW_THREE, Demand.KEPT_TOO_LONG]
