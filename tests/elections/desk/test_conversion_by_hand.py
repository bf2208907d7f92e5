"""升格, 改建: a branch becomes a 总支, a 总支 a 党委 or a branch; an undo restores every row."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from elections.desk import doing
from elections.desk.registry import BY_CODE
from elections.models import Election, Post, Term
from elections.services import reorganization, terms
from members.models import Affiliation
from orgs.enums import ElectionStage, Kind, State
from orgs.models import Organization, OrganizationChange
from tests.desk import checked, done, undone
from tests.elections.desk.branches import branch_with, heads, people_of, places, row
from tests.factories import ElectionFactory, OrganizationFactory, TermFactory
from tests.snapshots import books

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 11, 1)
FORM = {"on": "2026-11-01", "document_no": "云组〔2026〕7号"}


@pytest.fixture
def first(street):
    return branch_with(street, "石桥社区第一党支部", ["何丽华", "王建国", "李秀英"])


def test_a_branch_becomes_a_general_branch_with_the_same_code_and_its_term_ends(first, clerk):
    ElectionFactory(organization=first)
    code, before = first.code, books()

    operation = done(
        "convert",
        first,
        clerk,
        **FORM,
        kind="general_branch",
        name="石桥社区党总支",
        name_1="石桥社区党总支第一党支部",
        name_2="石桥社区党总支第二党支部",
        **places(first, 何丽华="1", 王建国="1", 李秀英="2"),
    )

    raised = Organization.objects.get(pk=first.pk)
    assert (raised.kind, raised.name, raised.code, raised.converted_on) == (
        Kind.GENERAL_BRANCH,
        "石桥社区党总支",
        code,
        ON,
    )
    assert (Term.objects.get(organization=first).until, Post.objects.get(organization=first).until) == (ON, ON)
    assert Election.objects.get(organization=first).stage == ElectionStage.CONVERTED
    assert (row(raised, clerk).state, heads(raised, clerk)) == (State.AWAITING_FIRST, 3)
    below = Organization.objects.children_of(raised).order_by("path")
    assert [people_of(each) for each in below] == [["何丽华", "王建国"], ["李秀英"]]
    eve = row(raised, clerk, datetime.date(2026, 10, 31))
    assert (eve.kind, eve.name, eve.state) == (Kind.BRANCH, "石桥社区第一党支部", State.IN_ELECTION)
    undone(operation, clerk)
    assert books() == before


def test_everybody_must_be_given_a_branch(first, clerk):
    sent = {**FORM, "kind": "general_branch", "name_1": "新支部", **places(first, 何丽华="1")}
    form = BY_CODE["convert"].form_class(sent, organization=first, user=clerk)

    assert list(form.errors.values()) == [["这个字段是必填项。"]] * 2
    one = Affiliation.objects.get(organization=first, member__name="何丽华").member
    with pytest.raises(ValidationError, match="还有 2 名党员没有分到新设的党支部"):
        reorganization.convert(
            organization=first,
            kind=Kind.GENERAL_BRANCH,
            on=ON,
            by=clerk,
            branches=[reorganization.NewBranch("新支部", (one,))],
        )


def test_a_general_branch_becomes_a_committee_and_what_it_elects_later_blocks_the_undo(street, clerk):
    general = OrganizationFactory(parent=street, name="石桥社区党总支", kind=Kind.GENERAL_BRANCH)
    OrganizationFactory(parent=general, name="石桥社区第一党支部")
    before = books()
    operation = done("convert", general, clerk, **FORM, kind="committee", name="石桥社区党委")
    assert OrganizationChange.objects.filter(organization=general, field="kind").count() == 1

    terms.record_term(
        organization=Organization.objects.get(pk=general.pk), elected_on=datetime.date(2026, 11, 20), by=clerk
    )
    assert doing.blocked(operation).reasons == ["届次“石桥社区党委 2026-11-20”在办理后登记"]

    Term.everything.update(voided_at=timezone.now(), voided_by=clerk)
    undone(operation, clerk)
    Term.everything.all().delete()
    assert books() == before


def test_what_is_founded_below_gets_no_name_that_one_below_has(street, clerk):
    general = OrganizationFactory(parent=street, name="石桥社区党总支", kind=Kind.GENERAL_BRANCH)
    OrganizationFactory(parent=general, name="石桥社区第一党支部", code="SQ01")

    with pytest.raises(ValidationError, match="“石桥社区党总支”之下已有“石桥社区第一党支部”（编码SQ01）"):
        reorganization.convert(
            organization=general,
            kind=Kind.COMMITTEE,
            on=ON,
            by=clerk,
            branches=[reorganization.NewBranch("石桥社区第一党支部")],
        )


def test_a_general_branch_becomes_a_branch_and_takes_in_those_below(street, clerk):
    general = OrganizationFactory(parent=street, name="石桥社区党总支", kind=Kind.GENERAL_BRANCH)
    TermFactory(organization=general)
    one = branch_with(general, "石桥社区第一党支部", ["何丽华", "王建国"])
    other = branch_with(general, "石桥社区第二党支部", ["孙志强"])
    before = books()

    operation = done("convert", general, clerk, **FORM, kind="branch", name="石桥社区党支部")

    branch = row(general, clerk)
    assert (branch.kind, branch.state, branch.headcount.total) == (Kind.BRANCH, State.AWAITING_FIRST, 3)
    assert people_of(general) == ["何丽华", "孙志强", "王建国"]
    assert set(Organization.objects.filter(closed_on=ON)) == {one, other}
    undone(operation, clerk)
    assert books() == before


def test_a_committee_above_a_general_branch_becomes_no_branch(street, clerk):
    committee = OrganizationFactory(parent=street, name="石桥社区党委", kind=Kind.COMMITTEE)
    OrganizationFactory(parent=committee, name="石桥社区第一党总支", kind=Kind.GENERAL_BRANCH)

    with pytest.raises(ValidationError, match="下级“石桥社区第一党总支”不是党支部"):
        checked("convert", committee, clerk, **FORM, kind="branch")
