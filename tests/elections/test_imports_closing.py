"""Rows of an organization ledger that close an organization heed its people, posts and open elections."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elections import imports
from elections.models import Election, MoveRequest, Post, Term
from members.models import Affiliation, IntakeRequest
from orgs.models import Organization
from tests import factories, workbooks
from tests.checking import lines

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
CLOSED = datetime.date(2026, 11, 1)
TITLES = ["党组织编码", "党组织名称", "组织类别", "所在单位类别", "撤销日期"]


@pytest.fixture
def street():
    return factories.StreetFactory(parent=factories.RootFactory(), code="YL")


@pytest.fixture
def clerk(street):
    return factories.user_at(street)


@pytest.fixture
def branch(street):
    return factories.OrganizationFactory(parent=street, code="YL01", name="虚构社区第一党支部")


def upload(clerk, *closings):
    rows = [[each.code, each.name, each.get_kind_display(), "社区", str(day)] for each, day in closings]
    data = workbooks.xlsx(("台账", [TITLES, *rows]))
    return imports.upload(
        data=data, file_name="台账.xlsx", kind="organizations", organization=clerk.organization, on=ON, by=clerk
    )


def issues(batch):
    return [(each.row, each.header, each.code.value, each.message) for each in imports.preview(batch).issues]


def test_branch_with_members_is_not_closed_and_says_how_many_must_move_first(branch, clerk):
    factories.AffiliationFactory(organization=branch)
    factories.AffiliationFactory(organization=branch, until=datetime.date(2026, 11, 2))
    # Gone by then, a guest, and a row recorded by mistake do not hold it back.
    factories.AffiliationFactory(organization=branch, until=CLOSED)
    factories.AffiliationFactory(organization=branch, kind="incoming")
    factories.AffiliationFactory(organization=branch, voided_at="2026-01-01T00:00Z", voided_by=factories.UserFactory())

    batch = upload(clerk, (branch, CLOSED))

    assert issues(batch) == [
        (
            2,
            "撤销日期",
            "ORG_PARENT_BAD",
            "「虚构社区第一党支部」还有 2 名党员的组织关系，请先办理转出或划转，再撤销。",
        )
    ]
    with pytest.raises(imports.RowsInError):
        imports.confirm(batch=batch, partial=False, by=clerk)
    branch.refresh_from_db()
    assert branch.closed_on is None


def test_branch_that_received_a_guest_since_is_not_closed_before(branch, clerk):
    factories.AffiliationFactory(organization=branch, kind="incoming", since=CLOSED)

    (issue,) = issues(upload(clerk, (branch, CLOSED)))

    assert (issue[2], "流入党员" in issue[3]) == ("ORG_PARENT_BAD", True)


def test_what_the_branch_asked_for_is_taken_back_and_waits_again_after_an_undo(branch, clerk):
    member = factories.AffiliationFactory(organization=factories.OrganizationFactory(parent=branch.parent)).member
    asked = IntakeRequest.objects.create(member=member, to=branch, name="王健国", on=CLOSED, by=clerk)
    moved = MoveRequest.objects.create(organization=branch, wanted="别的街道", on=CLOSED, by=clerk)
    columns = ("is_granted", "answer", "decided_by")

    batch = imports.confirm(batch=upload(clerk, (branch, CLOSED)), partial=False, by=clerk)

    taken_back = IntakeRequest.objects.filter(pk=asked.pk).values_list("outcome", "answer", "decided_by")
    assert list(taken_back) == [("withdrawn", "党组织撤销", clerk.pk)]
    assert list(MoveRequest.objects.filter(pk=moved.pk).values_list(*columns)) == [(False, "党组织撤销", clerk.pk)]
    assert lines() == []
    imports.undo(batch=batch, by=clerk)
    assert IntakeRequest.objects.open().get() == asked
    assert MoveRequest.objects.open().get() == moved


def test_posts_and_open_elections_end_with_the_branch_and_come_back_with_an_undo(branch, clerk):
    factories.AffiliationFactory(organization=branch, until=CLOSED)
    factories.TermFactory(organization=branch)
    factories.PostFactory(organization=branch)
    factories.PostFactory(organization=branch, title="publicity", until=datetime.date(2025, 1, 1))
    factories.AffiliationFactory(organization=branch, kind="incoming")
    factories.ElectionFactory(organization=branch)

    def books():
        return (
            Organization.objects.get(pk=branch.pk).closed_on,
            list(Post.objects.order_by("pk").values_list("until", flat=True)),
            list(Affiliation.objects.order_by("pk").values_list("until", "reason")),
            list(Election.objects.values_list("closed_on", "stage")),
            Term.objects.get().until,
        )

    before = books()
    batch = imports.confirm(batch=upload(clerk, (branch, CLOSED)), partial=False, by=clerk)
    assert books() == (
        CLOSED,
        [CLOSED, datetime.date(2025, 1, 1)],
        [(CLOSED, ""), (CLOSED, "党组织撤销")],
        [(CLOSED, "dissolved")],
        None,
    )

    imports.undo(batch=batch, by=clerk)
    assert books() == before


def test_what_happened_on_that_day_or_later_speaks_against_the_day(branch, clerk):
    factories.TermFactory(organization=branch, elected_on=CLOSED)
    factories.ElectionFactory(organization=branch, opened_on=datetime.date(2026, 10, 31))
    factories.PostFactory(organization=branch, since=datetime.date(2026, 11, 9))

    assert [message for *_, message in issues(upload(clerk, (branch, CLOSED)))] == [
        "「虚构社区第一党支部」登记有2026年11月1日换届选举、2026年11月9日班子成员任职，不早于2026年11月1日，"
        "请核对撤销日期或先更正这些记录。"
    ]


def test_who_joins_between_preview_and_confirm_still_counts(branch, clerk):
    batch = upload(clerk, (branch, CLOSED))
    assert issues(batch) == []
    factories.AffiliationFactory(organization=branch)

    with pytest.raises((imports.PreviewOutdated, imports.RowsInError)):
        imports.confirm(batch=batch, partial=False, by=clerk)
    assert (Affiliation.objects.count(), Organization.objects.filter(closed_on__isnull=False).count()) == (1, 0)


def test_superior_closes_together_with_all_that_stands_under_it(street, clerk):
    general = factories.OrganizationFactory(parent=street, code="YL02", name="虚构社区党总支", kind="general_branch")
    below = factories.OrganizationFactory(parent=general, code="YL03", name="虚构社区第二党支部")

    assert issues(upload(clerk, (general, CLOSED)))[0][2:] == (
        "ORG_PARENT_BAD",
        "「虚构社区党总支」还有下级党组织「虚构社区第二党支部」，请先撤销或划转下级。",
    )
    assert issues(upload(clerk, (general, CLOSED), (below, CLOSED))) == []


def test_number_of_queries_does_not_depend_on_the_rows(street, clerk, django_assert_num_queries):
    branches = [factories.OrganizationFactory(parent=street, code=f"YL1{n}", name=f"虚构{n}号党支部") for n in range(6)]
    upload(clerk, (branches[0], CLOSED))  # what is kept between uploads is read once
    with CaptureQueriesContext(connection) as few:
        upload(clerk, *((each, CLOSED) for each in branches[:1]))
    with django_assert_num_queries(len(few)):
        upload(clerk, *((each, CLOSED) for each in branches))
