"""What a finding carries: inputs, rules, weight, what clears it, and its sentence."""

from datetime import date

import pytest

from elections.rules.evaluate import evaluate
from elections.rules.facts import ExtensionFacts, HeadBasis, HeadFacts, OrganizationFacts, TermFacts, UnitFacts
from elections.rules.findings import Clears, Finding
from elections.rules.parameters import CheckedRow, Law, LocalRow, with_checked, with_local
from elections.rules.wording import SENTENCES, TITLES, sentence
from orgs.enums import Form, Kind, Severity, UnitType
from tests.rules.reading import CASES, day, facts_of

TERM = TermFacts(date(2021, 6, 15), date(2024, 6, 15))
ALL = [(case, finding) for case in CASES for finding in evaluate(facts_of(case), on=day(case["时点"]))]


def of(case_number: str, rule_id: str) -> Finding:
    """The only finding of a rule in a hand-made case."""
    (found,) = [each for case, each in ALL if case["编号"] == case_number and each.rule_id == rule_id]
    return found


def members(full: int, total: int | None = None) -> HeadFacts:
    return HeadFacts(full, total or full, HeadBasis.MEMBERS)


def test_overdue_in_full():
    (found,) = evaluate(OrganizationFacts(Kind.BRANCH, terms=(TERM,)), on=date(2024, 7, 1))

    assert (found.rule_id, found.aspect, found.severity, found.clears) == (
        "TERM-12",
        "overdue",
        Severity.ERROR,
        Clears.HOLD_OR_EXTEND,
    )
    assert found.inputs == {"ended_on": date(2024, 6, 15), "days": 16, "started": False}
    assert (found.citation, found.verified, found.label, found.may_block) == (
        "《中国共产党基层组织选举工作条例》第三条",
        True,
        "",
        True,
    )
    assert sentence(found) == "任期于2024年6月15日结束，逾期16天未换届。"


@pytest.mark.parametrize(
    ("on", "clears"),
    [
        # Expired on 15 June 2024: an approval counts until 15 June 2025, afterwards only an election helps.
        (date(2025, 6, 15), Clears.HOLD_OR_EXTEND),
        (date(2025, 6, 16), Clears.HOLD_ELECTION),
    ],
)
def test_what_clears_an_overdue_term_depends_on_whether_an_approval_would_still_count(on, clears):
    found = evaluate(OrganizationFacts(Kind.BRANCH, terms=(TERM,)), on=on)

    assert [each.clears for each in found if each.aspect == "overdue"] == [clears]


def test_an_extension_approved_too_late_to_count_is_not_said_to_count_up_to_the_cap():
    extension = ExtensionFacts(date(2026, 1, 1), approved_on=date(2025, 6, 16), is_approved=True, document_no="1号")
    term = TermFacts(date(2021, 6, 15), date(2024, 6, 15), extensions=(extension,))

    found = evaluate(OrganizationFacts(Kind.BRANCH, terms=(term,)), on=date(2025, 7, 1))

    assert [(each.rule_id, each.aspect) for each in found] == [
        ("P-02", "too_late"),
        ("TERM-12", "overdue"),
        ("TERM-20", "inspection"),
    ]


def test_inputs_cannot_be_changed():
    with pytest.raises(TypeError):
        of("届期-6", "TERM-12").inputs["days"] = 2


def test_number_and_half_year_of_a_small_branch_are_cited_apart():
    """TERM-25: three is law, half a year is practice, so the whole is not verified and blocks nothing."""
    found = of("不足三名-7", "TERM-25")

    assert [(entry.rule_id, entry.verified) for entry in found.entries] == [("TERM-25", False), ("ORG-01", True)]
    assert (found.severity, found.verified, found.label, found.may_block) == (Severity.ERROR, False, "依据待核", False)
    assert found.citation == "工作惯例；《中国共产党支部工作条例（试行）》第四条"


def test_errors_come_first_then_warnings_then_information():
    branch = OrganizationFacts(
        Kind.BRANCH,
        form=Form.JOINT,
        unit_type=UnitType.PRIVATE,
        terms=(TERM,),
        heads=members(60),
        posts=(),
        units=(UnitFacts("乙厂", 4), UnitFacts("甲厂", 3)),
    )

    found = evaluate(branch, on=date(2025, 6, 16))

    assert [(each.severity, each.rule_id, each.inputs.get("unit")) for each in found] == [
        (Severity.ERROR, "TERM-12", None),
        (Severity.ERROR, "TERM-20", None),
        (Severity.WARNING, "ORG-02", None),
        (Severity.WARNING, "ORG-03", "乙厂"),
        (Severity.WARNING, "ORG-03", "甲厂"),
        (Severity.WARNING, "P-09", None),
        (Severity.INFO, "ORG-26", None),
    ]


def test_only_errors_that_were_read_may_block():
    blocking = {each.rule_id for _, each in ALL if each.may_block}

    assert blocking == {"TERM-01", "TERM-12", "TERM-13", "TERM-20", "ORG-09", "ORG-14", "CAND-06", "EL-02"}
    assert {each.severity for _, each in ALL if each.may_block} == {Severity.ERROR}


def test_thresholds_of_50_and_100_never_block():
    """Rules §3.12: flag, never block."""
    sizes = {(each.rule_id, each.severity, each.may_block) for _, each in ALL if each.aspect == "size"}

    assert sizes == {
        ("ORG-11", Severity.WARNING, False),
        ("ORG-20", Severity.WARNING, False),
        *((f"ORG-{n}", Severity.INFO, False) for n in (12, 16, 17, 25, 26, 27)),
    }


def test_rule_compared_with_its_text_is_cited_as_law():
    document = "《中国共产党支部工作条例（试行）》"
    law = with_checked(Law.builtin(), [CheckedRow("CAND-08", document, "第二十三条", "核对人甲", date(2026, 12, 1))])
    case = next(case for case in CASES if case["编号"] == "任职-26")

    (found,) = evaluate(facts_of(case), on=day(case["时点"]), law=law)

    assert (found.citation, found.verified, found.label) == ("《中国共产党支部工作条例（试行）》第二十三条", True, "")


def test_local_value_is_cited_as_local():
    row = LocalRow("roster_stale_months", date(2022, 1, 1), 3, "区委组〔2022〕1号", "某区")
    branch = OrganizationFacts(Kind.BRANCH, terms=(TERM,), heads=members(20), roster_on=date(2022, 2, 28))
    law = with_local(Law.builtin(), [row])

    assert evaluate(branch, on=date(2022, 5, 28), law=law) == ()
    (found,) = evaluate(branch, on=date(2022, 5, 29), law=law)

    assert (found.rule_id, found.inputs["months"], found.citation, found.label) == (
        "P-06",
        3,
        "区委组〔2022〕1号",
        "地方规定",
    )


def test_earlier_local_reminder_lets_nobody_elect_earlier_without_approval():
    """TERM-13: seven months before the end stays early where the reminder comes nine months before."""
    terms = (TERM, TermFacts(date(2023, 11, 15), date(2026, 11, 15)))
    law = with_local(
        Law.builtin(), [LocalRow("reminder_lead_months", date(2023, 1, 1), 9, "区委组〔2023〕1号", "某区")]
    )

    found = evaluate(OrganizationFacts(Kind.BRANCH, terms=terms), on=date(2023, 12, 1), law=law)

    assert [(each.rule_id, each.aspect) for each in found] == [("TERM-13", "unapproved")]


def test_six_months_of_a_committee_are_practice_and_of_a_branch_law():
    committee, branch = of("提醒-2", "TERM-16"), of("届期-2", "TERM-15")

    assert (committee.citation, committee.label) == ("《关于党的基层组织任期的意见》第三条；工作惯例", "依据待核")
    assert (branch.citation, branch.label) == ("《中国共产党支部工作条例（试行）》第二十二条（条号待核）", "")


def test_rule_of_a_past_day_is_not_cited_before_it_was_made():
    branch = OrganizationFacts(Kind.BRANCH, unit_type=UnitType.VILLAGE, heads=members(51))
    days = (date(2018, 10, 27), date(2018, 10, 28), date(2018, 10, 29))

    found = [next(each for each in evaluate(branch, on=on) if each.rule_id == "ORG-02") for on in days]

    assert [(each.citation, each.verified) for each in found] == [
        ("工作惯例", False),
        ("《中国共产党支部工作条例（试行）》第四条", True),
        ("《中国共产党支部工作条例（试行）》第四条", True),
    ]


def test_nobody_asked_and_nothing_known_are_different():
    term = {"terms": (TERM,)}

    assert evaluate(OrganizationFacts(Kind.BRANCH, **term), on=date(2022, 6, 1)) == ()
    assert [
        each.rule_id
        for each in evaluate(OrganizationFacts(Kind.BRANCH, heads=HeadFacts(), posts=(), **term), on=date(2022, 6, 1))
    ] == ["P-05", "P-09"]


def test_one_branch_without_a_number_keeps_a_general_branch_from_being_tested():
    heads = HeadFacts(110, 120, HeadBasis.MIXED, unknown=1)
    facts = OrganizationFacts(Kind.GENERAL_BRANCH, heads=heads)

    assert [each.rule_id for each in evaluate(facts, on=date(2022, 6, 1))] == ["P-05"]


@pytest.mark.parametrize(
    ("case_number", "rule_id", "words"),
    [
        ("换届-11", "TERM-12", "任期于2024年6月15日结束，逾期1天未换届（已启动换届选举）。"),
        ("检查-3", "TERM-20", "2024年6月15日届满，超过1年没有换届，按专项检查口径属未按期换届。"),
        ("届期-2", "TERM-15", "2024年6月15日届满，已到届满前6个月，还有183天，应提醒启动换届。"),
        ("延期-9", "P-02", "2024年6月15日届满，2024年8月1日才批准延期，属届满后补批；批准以前为逾期。"),
        ("延期提示-11", "TERM-21", "本届已批准延期2次，原则上只能延期1次。"),
        ("提前-1", "TERM-13", "上一届2024年6月15日届满，本届2023年12月14日提前选举，未见批准提前换届的批复。"),
        ("首选提示-2", "P-01", "班子由上级指派已超过12个月（自2023年3月1日起），仍未选举，属长期未选举。"),
        ("不足三名-2", "TERM-25", "正式党员2名，不足3名，暂不能选举（自何日起不足没有记录）。"),
        ("不足三名-6", "TERM-25", "正式党员2名，不足3名，暂不能选举，自2021年12月1日起，保留期限至2022年6月1日。"),
        ("不足三名-7", "TERM-25", "正式党员2名，不足3名，暂不能选举，自2021年11月30日起，已超过保留期限6个月。"),
        ("人数上限-9", "ORG-25", "党员50名，达到50名，可设党总支。"),
        ("人数上限-11", "ORG-16", "党员51名，超过50名，可设党总支。"),
        ("人数上限-21", "ORG-11", "党员100名，达到100名，应设党委。"),
        ("人数上限-27", "ORG-27", "党员100名，达到100名，建议设党委。"),
        ("支委会-2", "ORG-09", "正式党员7名，达到7名，应设支部委员会；只登记选举产生的班子成员2名。"),
        ("任职-3", "APP-07", "书记空缺，自2022年6月1日起。"),
        ("任职-5", "APP-07", "书记空缺。"),
        ("任职-8", "APP-07", "组织委员自2022年3月1日起空缺。"),
        ("任职-17", "CAND-06", "同时登记乙、甲任书记，书记只能有1名。"),
        ("任职-26", "CAND-08", "书记甲于2021年6月2日转正，党龄不满1年。"),
        ("数据-7", "P-04", "上报党员21名，名册20名，两者不符。"),
    ],
)
def test_sentence(case_number, rule_id, words):
    assert sentence(of(case_number, rule_id)) == words


def test_every_finding_has_a_sentence_that_says_its_values():
    spoken = [sentence(each) for _, each in ALL]

    assert [
        words for words in spoken if not words.endswith("。") or set(words) & set("{}_[]()") or "None" in words
    ] == []


def test_every_rule_that_finds_something_has_a_title_and_no_sentence_is_unused():
    assert {each.rule_id for _, each in ALL} == set(TITLES)
    assert set(SENTENCES) <= {(each.rule_id, each.aspect) for _, each in ALL}


def test_every_way_to_clear_a_finding_is_used():
    assert {each.clears for _, each in ALL} == set(Clears)
