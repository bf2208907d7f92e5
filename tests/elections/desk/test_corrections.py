"""更正: what was wrong, what is right, why and by whom; the weighty ones by two people, and each can be undone."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from elections.desk.registry import BY_CODE
from elections.ledger import Ledger
from elections.models import Correction, Post, Term
from elections.services.corrections import decide
from elections.services.terms import record_extension
from orgs.enums import Role, State, UnitType
from orgs.models import AuditEvent, Organization
from tests.desk import checked, done, undone
from tests.factories import (
    AffiliationFactory,
    MemberFactory,
    OrganizationFactory,
    PostFactory,
    StreetFactory,
    TermFactory,
    user_at,
)
from tests.snapshots import books

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 21)


@pytest.fixture
def clerk(street):
    return user_at(street, name="刘文静")


@pytest.fixture
def second(street):
    return user_at(street.parent, Role.APPROVER, name="陈晓燕")


@pytest.fixture
def branch(street):
    """A community's branch elected on 1 June 2021 for five years: overdue since 2 June 2026."""
    branch = OrganizationFactory(parent=street, name="石桥社区党支部", unit_type=UnitType.COMMUNITY)
    TermFactory(
        organization=branch, elected_on=datetime.date(2021, 6, 1), expires_on=datetime.date(2026, 6, 1), ordinal=3
    )
    PostFactory(organization=branch, holder_name="何丽华", since=datetime.date(2021, 6, 1))
    return branch


def term(branch) -> Term:
    return Term.objects.get(organization=branch)


def row(branch, user, on=TODAY):
    return Ledger(user=user, node=branch, on=on).row_of(Organization.objects.get(pk=branch.pk))


def ask_for_day(branch, clerk, day="2022-01-10"):
    return done(
        "correct-term", branch, clerk, record=str(term(branch).uid), elected_on=day, reason="档案中批复为2022年1月"
    )


def test_an_election_day_is_corrected_once_a_second_person_agrees(branch, clerk, second):
    before = books()
    asked = ask_for_day(branch, clerk)
    assert (row(branch, clerk).state, term(branch).elected_on) == (State.OVERDUE, datetime.date(2021, 6, 1))
    assert BY_CODE["correct-term"].refusal(branch, clerk) == "已有一项更正等待复核，请先办理“复核更正”。"

    agreed = done("decide-correction", branch, second, is_granted="yes")

    now = row(branch, clerk)
    assert (now.state, now.elected_on, now.expires_on) == (
        State.DUE_SOON,
        datetime.date(2022, 1, 10),
        datetime.date(2027, 1, 10),
    )
    assert Post.objects.get(organization=branch).since == datetime.date(2022, 1, 10)
    correction = Correction.objects.get()
    assert (correction.before, correction.after) == ({"elected_on": "2021-06-01"}, {"elected_on": "2022-01-10"})
    assert (correction.by, correction.decided_by, correction.is_granted, correction.reason) == (
        clerk,
        second,
        True,
        "档案中批复为2022年1月",
    )
    kinds = set(AuditEvent.objects.values_list("kind", flat=True))
    assert {"correction.file", "correction.decide", "term.correct", "post.correct"} <= kinds

    undone(agreed, second)
    undone(asked, clerk)
    assert books() == before


def test_who_asked_cannot_agree_but_may_withdraw(branch, clerk, second):
    ask_for_day(branch, clerk)
    form = BY_CODE["decide-correction"].form_class({"is_granted": "yes"}, organization=branch, user=clerk)
    assert form.errors["is_granted"] == ["这项更正是您提出的，须由另一个账号复核；您可以撤回。"]
    with pytest.raises(PermissionDenied, match="另一人"):
        decide(correction=Correction.objects.get(), is_granted=True, by=clerk)

    done("decide-correction", branch, clerk, is_granted="no", answer="日期填错")

    assert (Correction.objects.get().is_granted, term(branch).elected_on) == (False, datetime.date(2021, 6, 1))
    assert BY_CODE["decide-correction"].refusal(branch, clerk) == "没有等待复核的更正。"


def test_the_second_person_reads_old_and_new_and_the_reason(branch, clerk, second):
    ask_for_day(branch, clerk)

    form = BY_CODE["decide-correction"].form_class(organization=branch, user=second)

    assert form.initial["asked"] == (
        "2021年6月1日换届的一届：\n换届选举日期：2021-06-01 → 2022-01-10\n理由：档案中批复为2022年1月（刘文静提出）"
    )


def test_the_check_of_the_second_person_shows_the_ledger_after_it(branch, clerk, second):
    ask_for_day(branch, clerk)

    (comparison,) = checked("decide-correction", branch, second, is_granted="yes").comparisons

    assert (comparison.state_before, comparison.state_after) == (State.OVERDUE, State.DUE_SOON)


def test_what_changed_meanwhile_is_not_overwritten(branch, clerk, second):
    ask_for_day(branch, clerk)
    Term.objects.update(elected_on=datetime.date(2021, 7, 1), version=2)

    with pytest.raises(ValidationError, match="更正提出以后，这条记录又有变动"):
        checked("decide-correction", branch, second, is_granted="yes")


def test_a_number_of_the_document_is_corrected_at_once_and_lets_the_stated_length_count(branch, clerk):
    Term.objects.update(stated_years=3)
    before = books()
    sent = {"record": str(term(branch).uid), "reason": "补录批复文号"}

    operation = done("correct-term", branch, clerk, **sent, document_no="云组〔2021〕8号")

    assert (term(branch).years, term(branch).expires_on) == (3, datetime.date(2024, 6, 1))
    assert (Correction.objects.get().needs_second, operation.reason) == (False, "补录批复文号")
    undone(operation, clerk)
    assert books() == before


def test_a_term_entered_by_mistake_leaves_the_books_with_its_trace(branch, clerk, second):
    done("correct-term", branch, clerk, record=str(term(branch).uid), void="on", reason="误录其他支部的届次")
    done("decide-correction", branch, second, is_granted="yes")

    assert Term.objects.count() == 0
    assert Term.everything.get().voided_reason == "更正：误录其他支部的届次"
    assert row(branch, clerk).state == State.NO_DATA


def test_every_correction_of_an_extension_needs_two(branch, clerk, second):
    extension = record_extension(
        term=term(branch),
        ends_on=datetime.date(2026, 12, 1),
        document_no="云组〔2026〕3号",
        approved_on=datetime.date(2026, 5, 20),
        by=clerk,
    )
    sent = {"record": str(extension.uid), "reason": "批复为2027年6月1日"}
    assert row(branch, clerk).extended_to == datetime.date(2026, 12, 1)

    done("correct-extension", branch, clerk, **sent, ends_on="2027-06-01")
    assert row(branch, clerk).extended_to == datetime.date(2026, 12, 1)
    done("decide-correction", branch, second, is_granted="yes")

    assert row(branch, clerk).extended_to == datetime.date(2027, 6, 1)


def test_a_post_is_corrected_at_once_with_the_person_it_names(branch, clerk):
    member = MemberFactory(name="何丽花", sort_key="何丽花")
    AffiliationFactory(member=member, organization=branch)
    post = Post.objects.get()
    before = books()

    operation = done(
        "correct-post",
        branch,
        clerk,
        record=str(post.uid),
        holder_name="何丽花",
        title="deputy_secretary",
        reason="姓名录错",
    )

    post.refresh_from_db()
    assert (post.holder_name, post.member, post.title) == ("何丽花", member, "deputy_secretary")
    undone(operation, clerk)
    assert books() == before


def test_a_correction_says_what_and_why(branch, clerk):
    form_class = BY_CODE["correct-term"].form_class

    form = form_class({"record": str(term(branch).uid)}, organization=branch, user=clerk)

    assert set(form.errors) == {"reason"}
    nothing = form_class({"record": str(term(branch).uid), "reason": "核对"}, organization=branch, user=clerk)
    assert nothing.errors["__all__"] == ["请填写需要更正的项目，或者勾选整条作废。"]
    with pytest.raises(ValidationError, match="没有需要更正的"):
        checked("correct-term", branch, clerk, record=str(term(branch).uid), ordinal="3", reason="核对")


def test_the_records_of_another_street_cannot_be_chosen(branch, street, clerk):
    other = user_at(StreetFactory(parent=street.parent))

    form = BY_CODE["correct-term"].form_class(
        {"record": str(term(branch).uid), "ordinal": "9", "reason": "核对"}, organization=branch, user=other
    )

    assert form.errors["record"] == ["请从列表中选择。"]
