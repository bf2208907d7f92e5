"""登记已完成的换届, 补录历届, 延期, 指派, 宣布无效, 启动换届, 任免: before and after by hand, and the undo of each."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from elections.desk.registry import BY_CODE
from elections.ledger import Ledger
from elections.models import Election, Post, Term
from orgs.enums import ElectionStage, Form, Kind, State, Title, UnitType
from orgs.models import Organization
from tests.desk import asked, checked, done, undone
from tests.factories import (
    AffiliationFactory,
    ElectionFactory,
    MemberFactory,
    OrganizationFactory,
    PostFactory,
    TermFactory,
)
from tests.snapshots import books

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 21)
ELECTED = datetime.date(2026, 11, 10)
ON = "2026-11-01"


@pytest.fixture
def branch(street):
    """A community's branch whose term ended on 1 June 2026, with a secretary and a case."""
    branch = OrganizationFactory(parent=street, name="石桥社区党支部", unit_type=UnitType.COMMUNITY)
    TermFactory(
        organization=branch, elected_on=datetime.date(2021, 6, 1), expires_on=datetime.date(2026, 6, 1), ordinal=3
    )
    PostFactory(organization=branch, holder_name="何丽华", since=datetime.date(2021, 6, 1))
    return branch


def person(branch, name, birth=None):
    member = MemberFactory(name=name, sort_key=name, birth=birth)
    AffiliationFactory(member=member, organization=branch)
    return member


def row(branch, user, on=TODAY):
    return Ledger(user=user, node=branch, on=on).row_of(Organization.objects.get(pk=branch.pk))


def posts(branch) -> list[tuple]:
    rows = Post.objects.filter(organization=branch).order_by("id")
    return [(each.title, each.holder_name, each.member_id, each.since, each.until) for each in rows]


def test_an_election_held_on_paper_is_registered_with_its_committee_and_ends_the_case(branch, clerk):
    case = ElectionFactory(organization=branch, opened_on=datetime.date(2026, 10, 1))
    wang = person(branch, "王建国")
    before = books()
    assert (row(branch, clerk).state, row(branch, clerk).days) == (State.OVERDUE, 173)

    operation = done(
        "register-election",
        branch,
        clerk,
        on="2026-11-10",
        ordinal="4",
        method="members",
        document_no="云组〔2026〕9号",
        title_1="secretary",
        name_1="王建国",
        title_2="organization",
        name_2="何丽华",
    )

    now = row(branch, clerk)
    assert (now.state, now.elected_on, now.expires_on, now.ordinal) == (
        State.IN_TERM,
        ELECTED,
        datetime.date(2031, 11, 10),
        4,
    )
    term = Term.objects.get(organization=branch, elected_on=ELECTED)
    assert (term.method, term.is_backfilled, term.years, term.document_no) == ("members", True, 5, "云组〔2026〕9号")
    assert posts(branch) == [
        ("secretary", "何丽华", None, datetime.date(2021, 6, 1), ELECTED),
        ("secretary", "王建国", wang.pk, ELECTED, None),
        ("organization", "何丽华", None, ELECTED, None),
    ]
    case.refresh_from_db()
    assert (case.stage, case.closed_on) == (ElectionStage.OFFLINE, ELECTED)
    # The day before the election it was overdue, and stays so for ever.
    assert row(branch, clerk, datetime.date(2026, 11, 9)).state == State.OVERDUE

    undone(operation, clerk)
    assert books() == before


def test_the_form_offers_the_next_ordinal_and_a_calendar_for_days(client, branch, clerk):
    client.force_login(clerk)

    page = client.get(reverse("task", args=[branch.uid, "register-election"]))

    assert page.context["form"].initial == {"ordinal": 4}
    days = re.findall(r'<input type="(\w+)" name="(on|early_approved_on)"', page.content.decode())
    assert days == [("date", "on"), ("date", "early_approved_on")]


def test_the_check_page_says_what_the_ledger_will_show_and_whom_no_roster_knows(branch, clerk):
    before = books(versions=True)

    outlook = checked("register-election", branch, clerk, on="2026-11-10", title_1="secretary", name_1="王建国")

    (comparison,) = outlook.comparisons
    assert (comparison.state_before, comparison.state_after) == (State.OVERDUE, State.IN_TERM)
    assert outlook.warnings == ["王建国不在本党组织的党员名册中，将只登记姓名，不关联党员。"]
    assert sorted(outlook.consequences) == sorted(
        [
            "免去 1 个职务：书记 何丽华。",
            "登记 1 个职务：书记 王建国。",
            "登记2026年11月10日换届的一届，任期 5 年，2031年11月10日届满。",
            "2021年6月1日换届的一届到2026年11月10日为止，不再在任。",
        ]
    )
    assert books(versions=True) == before


def errors(code, branch, clerk, **sent) -> dict[str, list[str]]:
    form = BY_CODE[code].form_class(sent, organization=branch, user=clerk)
    assert not form.is_valid()
    return {name: list(found) for name, found in form.errors.items()}


def test_two_of_one_name_are_told_apart_by_the_month_of_birth(branch, clerk):
    person(branch, "王建国", datetime.date(1968, 3, 5))
    younger = person(branch, "王建国", datetime.date(1990, 12, 1))
    sent = {"on": "2026-11-10", "title_1": "secretary"}

    assert errors("register-election", branch, clerk, **sent, name_1="王建国") == {
        "name_1": ["名册中有 2 名王建国（1968-03、1990-12），请在姓名后写明出生年月。"]
    }
    assert errors("register-election", branch, clerk, **sent, name_1="王建国 1970-01") == {
        "name_1": ["本党组织名册中没有1970-01出生的王建国，请核对。"]
    }
    (who,) = asked("register-election", branch, clerk, **sent, name_1="王建国（1990-12）").data["people"]
    assert (who.title, who.name, who.member) == (Title.SECRETARY, "王建国", younger)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"on": "2026-11-22"}, {"on": ["生效日期不能晚于今天，请到那一天再办理。"]}),
        ({"on": "2021-06-01"}, {"on": ["2021年6月1日的换届选举已登记，请核对日期。"]}),
        ({"on": "2026-11-10", "title_1": "secretary"}, {"name_1": ["请填写姓名。"]}),
        ({"on": "2026-11-10", "name_1": "王建国"}, {"title_1": ["请选择职务。"]}),
        (
            {"on": "2026-11-10", "title_1": "secretary", "name_1": "=王建国"},
            {"name_1": ["请填写姓名，不要含数字或者符号。"]},
        ),
        (
            {"on": "2026-11-10", "title_1": "youth", "name_1": "李秀英", "title_2": "youth", "name_2": "李秀英"},
            {"__all__": ["同一人的同一职务填写了两次，请删去一处。"]},
        ),
    ],
)
def test_what_is_wrong_with_an_election_is_told_at_its_field(branch, clerk, sent, expected):
    assert errors("register-election", branch, clerk, **sent) == expected


def test_a_length_other_than_the_laws_needs_a_document(branch, clerk):
    operation = done("register-election", branch, clerk, on="2026-11-10", years="3")
    assert row(branch, clerk).expires_on == datetime.date(2031, 11, 10)
    undone(operation, clerk)

    done("register-election", branch, clerk, on="2026-11-10", years="3", document_no="云组〔2026〕9号")
    assert row(branch, clerk).expires_on == datetime.date(2029, 11, 10)


def test_a_past_term_changes_nothing_of_today(branch, clerk):
    before, state_before = books(), row(branch, clerk)

    operation = done("past-term", branch, clerk, on="2016-05-20", ordinal="2", title_1="secretary", name_1="孙志强")

    past = Term.objects.get(organization=branch, ordinal=2)
    assert (past.until, past.is_backfilled) == (datetime.date(2021, 6, 1), True)
    assert posts(branch)[-1] == (
        "secretary",
        "孙志强",
        None,
        datetime.date(2016, 5, 20),
        datetime.date(2021, 6, 1),
    )
    now = row(branch, clerk)
    assert (now.state, now.term, now.secretary) == (state_before.state, state_before.term, "何丽华")
    undone(operation, clerk)
    assert books() == before
    assert errors("past-term", branch, clerk, on="2021-06-02") == {
        "on": ["补录历届只能早于现任一届的选举日期（2021年6月1日）。"]
    }


def test_an_extension_approved_in_time_makes_it_extended_and_one_too_late_leaves_it_overdue(branch, clerk):
    before = books()
    sent = {
        "ends_on": "2027-06-01",
        "document_no": "云组〔2026〕3号",
        "approved_by": "东湖街道党工委",
        "level": "superior",
        "kind": "individual",
        "reason": "重大任务关键期",
    }

    in_time = done("extension", branch, clerk, **sent, approved_on="2026-05-20")
    assert (row(branch, clerk).state, row(branch, clerk).extended_to) == (State.EXTENDED, datetime.date(2027, 6, 1))
    undone(in_time, clerk)
    assert books() == before

    done("extension", branch, clerk, **sent, approved_on="2026-11-20")
    assert row(branch, clerk, datetime.date(2026, 11, 19)).state == State.OVERDUE
    assert row(branch, clerk).state == State.EXTENDED
    assert "P-02" in [finding.rule_id for finding in row(branch, clerk).findings]
    assert errors("extension", branch, clerk, **{**sent, "ends_on": "2026-06-01"}, approved_on="2026-05-20") == {
        "ends_on": ["须晚于届满日期（2026年6月1日）。"]
    }


def test_an_appointed_committee_awaits_its_first_election(street, clerk):
    branch = OrganizationFactory(
        parent=street, name="新设党支部", unit_type=UnitType.PRIVATE, founded_on=datetime.date(2024, 1, 1)
    )
    before = books()
    assert row(branch, clerk).state == State.NO_DATA

    operation = done("appointment", branch, clerk, on="2026-11-01", document_no="云组〔2026〕5号")

    assert row(branch, clerk).state == State.AWAITING_FIRST
    undone(operation, clerk)
    assert books() == before


def test_an_election_declared_void_lets_the_term_before_sit_again(branch, clerk):
    done("register-election", branch, clerk, on="2026-11-10")
    before = books()

    operation = done("void-election", branch, clerk, document_no="云组〔2026〕11号", reason="差额不足")

    now = row(branch, clerk)
    assert (now.state, now.elected_on) == (State.OVERDUE, datetime.date(2021, 6, 1))
    voided = Term.everything.get(organization=branch, elected_on=ELECTED)
    assert voided.voided_reason == "云组〔2026〕11号宣布选举无效：差额不足"
    undone(operation, clerk)
    assert books() == before


def test_a_case_is_opened_once_gets_its_day_and_marks_the_overdue_branch_as_started(branch, clerk):
    done("open-election", branch, clerk, on="2026-11-01")
    assert (row(branch, clerk).state, [mark.label for mark in row(branch, clerk).marks]) == (State.OVERDUE, ["已启动"])

    before = books()
    operation = done("election-day", branch, clerk, election_day="2026-12-01")

    election = Election.objects.get(organization=branch)
    assert (election.election_day, election.stage) == (datetime.date(2026, 12, 1), ElectionStage.DAY_SET)
    undone(operation, clerk)
    assert books() == before
    assert BY_CODE["open-election"].refusal(branch, clerk) == (
        "已有一项2026年11月1日启动的换届选举正在进行，请先办结，或者“确定选举日”。"
    )
    assert errors("election-day", branch, clerk, election_day="2062-12-01") == {
        "election_day": ["选举日有误，请核对年份。"]
    }


def test_the_page_of_the_operation_tells_what_was_entered_and_nothing_that_says_nothing(client, branch, clerk):
    client.force_login(clerk)
    operation = done("begin-post", branch, clerk, title="youth", name="李秀英", seat="elected", body="committee", on=ON)

    (change,) = client.get(reverse("operation", args=[operation.uid])).context["changes"]

    assert (change.done, change.table, change.row) == ("新增", "班子成员", "青年委员 · 李秀英 · 石桥社区党支部")
    assert sorted(change.fields) == sorted(
        [
            ("任职日期", "—", "2026年11月1日"),
            ("班子", "—", "委员会"),
            ("产生方式", "—", "选举产生"),
        ]
    )


def test_plan_and_reason_of_a_late_branch_are_entered_on_its_sitting_term(branch, clerk):
    before = books()

    operation = done("plan", branch, clerk, planned_on="2026-12-20", overdue_reason="重大任务关键期")

    term = row(branch, clerk).term
    assert (term.planned_on, term.overdue_reason) == (datetime.date(2026, 12, 20), "重大任务关键期")
    undone(operation, clerk)
    assert books() == before


def test_somebody_comes_into_a_post_and_somebody_leaves(branch, clerk):
    li = person(branch, "李秀英")
    before = books()

    came = done(
        "begin-post", branch, clerk, title="youth", name="李秀英", seat="elected", body="committee", on="2026-11-01"
    )
    (he,) = Post.objects.filter(organization=branch, holder_name="何丽华")
    left = done("end-posts", branch, clerk, posts=[str(he.uid)], on="2026-11-20")

    assert posts(branch) == [
        ("secretary", "何丽华", None, datetime.date(2021, 6, 1), datetime.date(2026, 11, 20)),
        ("youth", "李秀英", li.pk, datetime.date(2026, 11, 1), None),
    ]
    assert left.summary == "免职：石桥社区党支部书记何丽华"
    undone(left, clerk)
    undone(came, clerk)
    assert books() == before


def test_the_same_post_twice_and_an_appointed_member_are_refused(branch, clerk):
    sent = {"seat": "elected", "body": "committee", "on": "2026-11-01"}

    with pytest.raises(ValidationError, match="何丽华这段时间已登记为书记，不必重复登记。"):
        checked("begin-post", branch, clerk, **sent, title="secretary", name="何丽华")
    assert errors("begin-post", branch, clerk, **{**sent, "seat": "appointed"}, title="youth", name="李秀英") == {
        "seat": ["确有必要时上级可以指派书记、副书记；其他委员应当补选。"]
    }


@pytest.mark.parametrize(
    ("kind", "form", "is_offered"),
    [
        (Kind.BRANCH, Form.ORDINARY, True),
        (Kind.BRANCH, Form.TEMPORARY, False),
        (Kind.BRANCH, Form.MOBILE, False),
        (Kind.GENERAL_BRANCH, Form.ORDINARY, True),
        (Kind.COMMITTEE, Form.ORDINARY, True),
        (Kind.WORKING_COMMITTEE, Form.ORDINARY, False),
    ],
)
def test_terms_are_registered_only_where_there_are_terms(street, kind, form, is_offered):
    organization = OrganizationFactory(parent=street, name="某党组织", kind=kind, form=form)

    offered = {code for code, task in BY_CODE.items() if task.offered(organization)}

    assert ({"register-election", "past-term", "extension"} <= offered) is is_offered
