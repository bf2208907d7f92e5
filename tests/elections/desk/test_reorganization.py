"""撤销, 合并, 拆分: hand-made before and after, and an undo that restores every row."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from elections.desk import doing
from elections.desk.registry import BY_CODE
from elections.models import Election, Post, Succession, Term
from elections.services import reorganization, terms
from members.models import Affiliation, RosterConfirmation
from orgs.enums import ElectionStage, Kind, Role, State
from orgs.models import Grant, Operation, Organization
from orgs.refusals import UndoBlocked
from tests.desk import asked, checked, done, undone
from tests.elections.desk.branches import branch_with, heads, people_of, places, row
from tests.factories import (
    AffiliationFactory,
    ElectionFactory,
    GrantFactory,
    MemberFactory,
    OrganizationFactory,
    StreetFactory,
    TermFactory,
    UserFactory,
    user_at,
)
from tests.snapshots import books

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 11, 1)
FORM = {"on": "2026-11-01", "document_no": "云组〔2026〕7号"}


@pytest.fixture
def first(street):
    return branch_with(street, "石桥社区第一党支部", ["何丽华", "王建国", "李秀英"])


@pytest.fixture
def second(street):
    return branch_with(street, "石桥社区第二党支部", ["孙志强", "周文斌"])


# ---- 撤销 -----------------------------------------------------------------------------------------------------------


def test_closing_moves_the_people_and_ends_posts_cases_and_rights(street, first, second, clerk):
    ElectionFactory(organization=first)
    grant = GrantFactory(user=UserFactory(), organization=first, role=Role.BRANCH)
    before = books()

    assert checked("close", first, clerk, **FORM, other=str(second.uid)).consequences[-1] == "1 项授权随之终止。"
    operation = done("close", first, clerk, **FORM, other=str(second.uid))

    first.refresh_from_db()
    assert (first.closed_on, people_of(first), people_of(second)) == (
        ON,
        [],
        ["何丽华", "周文斌", "孙志强", "李秀英", "王建国"],
    )
    assert people_of(first, ON - datetime.timedelta(days=1)) == ["何丽华", "李秀英", "王建国"]
    assert Post.objects.get(organization=first).until == ON
    election = Election.objects.get(organization=first)
    assert (election.closed_on, election.stage) == (ON, ElectionStage.DISSOLVED)
    assert Grant.objects.get(pk=grant.pk).until == ON
    assert row(first, clerk) is None
    assert row(first, clerk, datetime.date(2026, 10, 31)).state == State.IN_ELECTION
    assert heads(second, clerk) == 5

    undone(operation, clerk)
    assert books() == before


def test_the_check_page_tells_what_closing_would_do_and_keeps_nothing(first, second, clerk):
    ElectionFactory(organization=first, kind="by_election")
    before = books(versions=True)

    outlook = checked("close", first, clerk, **FORM, other=str(second.uid))

    assert [(each.name, each.state_before, each.state_after) for each in outlook.comparisons] == [
        ("石桥社区第一党支部", State.IN_TERM, State.NOT_EXISTING),
        ("石桥社区第二党支部", State.IN_TERM, State.IN_TERM),
    ]
    assert [(line.label, line.before, line.after) for line in outlook.comparisons[1].lines] == [
        ("党员数", "2（正式 2、预备 0）", "5（正式 5、预备 0）")
    ]
    assert outlook.consequences == [
        "“石桥社区第一党支部”自2026年11月1日起撤销，届次和历史记录保留。",
        "3 名党员的组织关系由“石桥社区第一党支部”转到“石桥社区第二党支部”。",
        "免去 1 个职务：书记 何丽华。",
        "2026年10月1日启动的补选办结（因撤销终止）。",
    ]
    assert outlook.warnings == []
    assert books(versions=True) == before


def test_a_branch_with_people_is_not_closed_without_a_place_for_them(first, clerk):
    with pytest.raises(ValidationError) as refused:
        checked("close", first, clerk, **FORM)

    assert refused.value.messages == ["“石桥社区第一党支部”还有 3 名党员的组织关系，请先办理转出或划转，再撤销。"]


def test_a_branch_that_elected_after_the_day_is_not_closed_on_it(first, second, clerk):
    TermFactory(organization=first, elected_on=datetime.date(2026, 11, 5), expires_on=datetime.date(2031, 11, 5))

    with pytest.raises(ValidationError) as refused:
        checked("close", first, clerk, **FORM, other=str(second.uid))

    assert refused.value.message_dict == {
        "on": ["“石桥社区第一党支部”登记有2026年11月5日换届选举，不早于2026年11月1日，请核对生效日期或先更正这些记录。"]
    }


def test_whoever_came_after_the_day_must_be_looked_at_first(street, first, second, clerk):
    AffiliationFactory(organization=first, member=MemberFactory(name="吴宏伟"), since=datetime.date(2026, 11, 10))

    with pytest.raises(ValidationError) as refused:
        checked("close", first, clerk, **FORM, other=str(second.uid))

    assert "有 1 名党员在2026年11月1日当天或之后转入“石桥社区第一党支部”" in refused.value.messages[0]


def test_closing_after_the_expiry_does_not_make_the_term_punctual(street, second, clerk):
    late = OrganizationFactory(parent=street, name="柳林社区党支部")
    term = TermFactory(organization=late, elected_on=datetime.date(2021, 9, 1), expires_on=datetime.date(2026, 9, 1))
    done("close", late, clerk, **FORM)

    kept = Term.objects.get(pk=term.pk)
    assert (kept.expires_on, kept.until, kept.organization.closed_on) == (datetime.date(2026, 9, 1), None, ON)
    assert row(late, clerk, datetime.date(2026, 10, 31)).state == State.OVERDUE


# ---- 吸收合并 -------------------------------------------------------------------------------------------------------


def test_absorbing_keeps_term_and_expiry_of_the_one_that_stays(first, second, clerk):
    ElectionFactory(organization=first, election_day=datetime.date(2026, 12, 1))
    before, expires = books(), row(second, clerk).expires_on

    operation = done("absorb", first, clerk, **FORM, other=str(second.uid))

    first.refresh_from_db()
    election = Election.objects.get(organization=first)
    stays = row(second, clerk)
    assert (first.closed_on, first.remark) == (ON, "云组〔2026〕7号 并入“石桥社区第二党支部”")
    assert (election.closed_on, election.stage) == (ON, ElectionStage.MERGED)
    assert (stays.state, stays.expires_on, stays.secretary, stays.headcount.total) == (
        State.IN_TERM,
        expires,
        "孙志强",
        5,
    )
    assert list(Succession.objects.absorbed().values_list("organization", "former", "on")) == [
        (second.pk, first.pk, ON)
    ]

    undone(operation, clerk)
    assert books() == before


def test_what_stands_below_goes_over_with_a_committee(street, clerk):
    one, other = (
        OrganizationFactory(parent=street, name=name, kind=Kind.GENERAL_BRANCH)
        for name in ("石桥社区党总支", "柳林社区党总支")
    )
    below = OrganizationFactory(parent=one, name="石桥社区第一党支部")
    before = books()

    operation = done("absorb", one, clerk, **FORM, other=str(other.uid))

    below.refresh_from_db()
    other.refresh_from_db()
    assert (below.parent, below.path[: len(other.path)]) == (other, other.path)
    undone(operation, clerk)
    assert books() == before


def test_what_was_recorded_of_the_merged_one_later_blocks_the_undo(first, second, clerk):
    operation = done("absorb", first, clerk, **FORM, other=str(second.uid))
    terms.record_term(organization=second, elected_on=datetime.date(2026, 11, 15), by=clerk)

    with pytest.raises(UndoBlocked) as refused:
        undone(operation, clerk)

    assert refused.value.reasons == ["届次“石桥社区第二党支部 2026-11-15”在办理后登记"]
    assert Organization.objects.get(pk=first.pk).closed_on == ON


def test_a_member_who_moved_on_blocks_the_undo_by_name(street, first, second, clerk):
    third = branch_with(street, "石桥社区第三党支部", ["冯雪梅"])
    operation = done("absorb", first, clerk, **FORM, other=str(second.uid))
    member = Affiliation.objects.get(organization=second, member__name="王建国").member
    reorganization.move_people(
        organization=second, to=third, on=datetime.date(2026, 11, 10), by=clerk, reason="转接", members=[member]
    )

    assert doing.blocked(operation).reasons == ["组织关系“王建国 石桥社区第二党支部”在办理后又被修改"]


def test_different_kinds_are_no_choice_and_refused_by_the_service(street, first, clerk):
    committee = OrganizationFactory(parent=street, name="石桥社区党委", kind=Kind.COMMITTEE)
    form = BY_CODE["absorb"].form_class({**FORM, "other": str(committee.uid)}, organization=first, user=clerk)

    assert form.errors["other"] == ["请从列表中选择。"]
    with pytest.raises(ValidationError, match="类别不同"):
        reorganization.absorb(former=first, into=committee, on=ON, by=clerk)


def test_another_branch_is_found_by_its_code_within_ones_part_only(street, first, clerk):
    other = OrganizationFactory(parent=street, code="YL77", name="柳林社区党支部")
    OrganizationFactory(parent=StreetFactory(parent=street.parent), code="YL88", name="外街道党支部")

    form = BY_CODE["absorb"].form_class({**FORM, "other_code": "YL88"}, organization=first, user=clerk)
    absent = BY_CODE["absorb"].form_class({**FORM, "other_code": "YL99"}, organization=first, user=clerk)

    assert (
        form.errors == absent.errors == {"other_code": ["没有找到这个编码的党组织，或者它不在您的管理范围内，请核对。"]}
    )
    assert asked("absorb", first, clerk, **FORM, other_code="YL77").data["other"] == other


# ---- 新设合并 -------------------------------------------------------------------------------------------------------


def test_a_new_branch_out_of_two_awaits_its_first_election(first, second, clerk):
    before = books()

    operation = done(
        "merge", first, clerk, **FORM, others=[str(second.uid)], name="石桥社区联合党支部", code="YL55", form="joint"
    )

    new = Organization.objects.get(code="YL55")
    assert (new.parent, new.founded_on, new.form, new.unit_type) == (first.parent, ON, "joint", first.unit_type)
    assert set(Organization.objects.filter(closed_on=ON)) == {first, second}
    found = row(new, clerk)
    assert (found.state, found.headcount.total) == (State.AWAITING_FIRST, 5)
    assert people_of(new) == ["何丽华", "周文斌", "孙志强", "李秀英", "王建国"]
    assert RosterConfirmation.objects.get(organization=new).on == ON
    assert list(Succession.objects.filter(organization=new).order_by("id").values_list("former", "kind")) == [
        (first.pk, "merged"),
        (second.pk, "merged"),
    ]
    undone(operation, clerk)
    assert books() == before


# ---- 拆分 -----------------------------------------------------------------------------------------------------------


def test_whoever_is_chosen_goes_to_the_new_branch_and_the_old_one_keeps_its_term(first, clerk):
    before = books()

    operation = done(
        "split",
        first,
        clerk,
        **FORM,
        name_1="石桥社区第五党支部",
        name_2="石桥社区第六党支部",
        **places(first, 王建国="1", 李秀英="2"),
    )

    fifth, sixth = (Organization.objects.get(name=f"石桥社区第{each}党支部") for each in "五六")
    assert (people_of(first), people_of(fifth), people_of(sixth)) == (["何丽华"], ["王建国"], ["李秀英"])
    assert (row(first, clerk).state, row(first, clerk).secretary) == (State.IN_TERM, "何丽华")
    assert [row(each, clerk).state for each in (fifth, sixth)] == [State.AWAITING_FIRST] * 2
    assert [heads(each, clerk) for each in (first, fifth, sixth)] == [1, 1, 1]
    undone(operation, clerk)
    assert books() == before


def test_the_old_branch_closes_only_when_nobody_is_left(first, clerk):
    sent = {**FORM, "name_1": "石桥社区第五党支部", "closes": "on"}
    with pytest.raises(ValidationError, match="还有 1 名党员"):
        checked("split", first, clerk, **sent, **places(first, 王建国="1", 李秀英="1"))

    done("split", first, clerk, **sent, **places(first, 何丽华="1", 王建国="1", 李秀英="1"))

    assert Organization.objects.get(pk=first.pk).closed_on == ON
    assert people_of(Organization.objects.get(name="石桥社区第五党支部")) == ["何丽华", "李秀英", "王建国"]


def test_nobody_goes_to_a_branch_without_a_name(first, clerk):
    sent = {**FORM, "name_1": "石桥社区第五党支部", **places(first, 王建国="2")}
    form = BY_CODE["split"].form_class(sent, organization=first, user=clerk)

    assert list(form.errors.values()) == [["请先填写新设党支部 2 的名称。"]]


def test_a_roster_confirmed_after_the_day_counts_the_new_ones_from_then_on(first, clerk):
    RosterConfirmation.everything.update(on=datetime.date(2026, 11, 10))

    done("split", first, clerk, **FORM, name_1="石桥社区第五党支部", **places(first, 王建国="1"))

    fifth = Organization.objects.get(name="石桥社区第五党支部")
    assert RosterConfirmation.objects.get(organization=fifth).on == datetime.date(2026, 11, 10)
    assert heads(fifth, clerk) == 1


# ---- Names ----------------------------------------------------------------------------------------------------------


def test_what_is_founded_gets_no_name_that_one_beside_it_keeps(street, first, second, clerk):
    third = branch_with(street, "石桥社区第三党支部", ["冯雪梅"])
    taken = (
        f"“东湖街道党工委”之下已有“石桥社区第三党支部”（编码{third.code}）。"
        "请核对是否为同一党组织；不是的，请在名称中写明区别，或者先将原有的更名、撤销。"
    )
    merging = {**FORM, "others": [str(second.uid)], "code": ""}

    for code, sent in (
        ("merge", {**merging, "name": third.name}),
        ("split", {**FORM, "name_1": third.name, **places(first, 王建国="1")}),
        ("convert", {**FORM, "kind": "committee", "name": third.name, "name_1": "甲", **places(first, 何丽华="1",
                     王建国="1", 李秀英="1")}),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            checked(code, first, clerk, **sent)
        assert refused.value.message_dict == {"name": [taken]}

    # That of one which closes with it goes on.
    assert done("merge", first, clerk, **merging, name=first.name).pk


def test_a_move_beside_one_of_the_same_name_is_told(street, first, clerk):
    committee = OrganizationFactory(parent=street, name="石桥社区党委", kind=Kind.COMMITTEE)
    OrganizationFactory(parent=committee, name=first.name)

    assert checked("move", first, clerk, **FORM, other=str(committee.uid)).warnings == [
        "“石桥社区党委”之下已有“石桥社区第一党支部”，划入后两个党组织同名，请随后更名。"
    ]


# ---- Who may --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["close", "absorb", "merge", "split"])
def test_the_branch_itself_is_told_that_its_superior_does_it(code, first):
    own = user_at(first, Role.BRANCH)

    assert BY_CODE[code].refusal(first, own) == "撤并须由能够维护其上级党组织的单位办理，请联系上级党组织。"


def test_officials_of_another_street_and_viewers_reorganize_nothing(street, first, second, clerk):
    others = [user_at(StreetFactory(parent=street.parent)), user_at(street, Role.VIEWER)]
    before = books()

    for other in others:
        for step in (
            lambda by: reorganization.close_with_people(organization=first, on=ON, by=by, to=second),
            lambda by: reorganization.absorb(former=first, into=second, on=ON, by=by),
            lambda by: reorganization.merge_into_new(former=[first, second], name="新", on=ON, by=by),
            lambda by: reorganization.split(
                organization=first, branches=[reorganization.NewBranch("新")], on=ON, by=by
            ),
            lambda by: reorganization.convert(organization=first, kind=Kind.COMMITTEE, on=ON, by=by),
        ):
            with pytest.raises(PermissionDenied):
                step(other)

    assert (books(), Operation.objects.count()) == (before, 0)
