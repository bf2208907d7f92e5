"""Closing a day: who may, which day, that it is kept as it was, and what is told when the facts change later."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elections.frozen import corrections
from elections.models import Freeze, Term
from elections.services.freezes import freeze_day, reopen_day
from elections.services.terms import record_term
from orgs import tree
from orgs.enums import Role, State
from orgs.models import AuditEvent
from orgs.services.records import void
from tests.factories import OpeningFactory, OrganizationFactory, RootFactory, StreetFactory, TermFactory, user_at

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 10, 31)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 2, tzinfo=datetime.UTC))


@pytest.fixture
def root():
    return RootFactory()


@pytest.fixture
def street(root):
    return StreetFactory(parent=root, name="东湖街道党工委", code="S1")


@pytest.fixture
def late(street):
    """Overdue since 5 October 2026."""
    found = OrganizationFactory(parent=street, name="石桥社区第一党支部", code="A-1")
    TermFactory(
        organization=found, elected_on=datetime.date(2021, 10, 5), expires_on=datetime.date(2026, 10, 5), ordinal=3
    )
    return found


@pytest.fixture
def unknown(street):
    return OrganizationFactory(parent=street, name="石桥社区第二党支部", code="A-2")


@pytest.fixture
def approver(root):
    return user_at(root, Role.APPROVER)


@pytest.fixture
def closed(street, late, unknown, approver):
    return freeze_day(organization=street, on=DAY, by=approver)


def kept(freeze) -> list[tuple]:
    return [(row.number, row.code, row.state, row.days, str(row.expires_on), row.place) for row in freeze.rows.all()]


ROWS = [
    (1, "A-1", "overdue", 26, "2026-10-05", "东湖街道党工委"),
    (2, "A-2", "no_data", None, "None", "东湖街道党工委"),
    (3, "S1", "no_term", None, "None", "东湖街道党工委"),
]


# ---- Closing --------------------------------------------------------------------------------------------------------


def test_every_organization_is_kept_with_its_state(closed, approver):
    assert (closed.name, closed.on, closed.edition, closed.by) == ("东湖街道党工委", DAY, 1, approver)
    assert kept(closed) == ROWS
    assert {state: number for state, number in closed.counts["states"].items() if number} == {
        "overdue": 1,
        "no_data": 1,
        "no_term": 1,
    }
    assert "TERM-12" in closed.rows.get(number=1).findings
    assert AuditEvent.objects.get(kind="freeze.close").target_uid == closed.uid


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (datetime.date(2026, 10, 30), "只能对月末结账，年末即12月31日。"),
        (datetime.date(2026, 11, 30), "结账日不能晚于今天。"),
        (datetime.date(2025, 11, 30), "结账日早于建账日（2026年1月1日），没有账可结。"),
    ],
)
def test_a_day_that_cannot_be_closed_is_refused_in_words(street, approver, day, words):
    OpeningFactory(organization=street, opened_on=datetime.date(2026, 1, 1))

    with pytest.raises(ValidationError) as refused:
        freeze_day(organization=street, on=day, by=approver)

    assert (refused.value.messages, Freeze.objects.count()) == ([words], 0)


def test_the_last_day_of_february_and_of_the_year_can_be_closed(street, approver):
    for day in (datetime.date(2024, 2, 29), datetime.date(2025, 2, 28), datetime.date(2025, 12, 31)):
        assert freeze_day(organization=street, on=day, by=approver).on == day


def test_a_closed_day_is_not_closed_again(closed, street, approver):
    with pytest.raises(ValidationError) as refused:
        freeze_day(organization=street, on=DAY, by=approver)

    assert refused.value.messages == ["“东湖街道党工委”2026年10月31日已经结账，不能重复结账；确需更改的，先重新开账。"]
    assert Freeze.everything.count() == 1


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.CLERK, Role.VIEWER])
def test_only_who_approves_closes_and_reopens(street, closed, role):
    user = user_at(street, role)

    with pytest.raises(PermissionDenied):
        freeze_day(organization=street, on=datetime.date(2026, 9, 30), by=user)
    with pytest.raises(PermissionDenied):
        reopen_day(closed, reason="更正", by=user)


def test_an_approver_of_another_street_closes_nothing_here_and_sees_nothing(root, street, closed):
    stranger = user_at(StreetFactory(parent=root), Role.APPROVER)

    with pytest.raises(PermissionDenied):
        freeze_day(organization=street, on=datetime.date(2026, 9, 30), by=stranger)
    with pytest.raises(PermissionDenied):
        reopen_day(closed, reason="更正", by=stranger)
    assert not Freeze.objects.visible_to(stranger).exists()


# ---- Reopening ------------------------------------------------------------------------------------------------------


def test_reopening_needs_a_reason_and_keeps_what_went_out(closed, approver):
    with pytest.raises(ValidationError) as refused:
        reopen_day(closed, reason="  ", by=approver)
    reopen_day(closed, reason="第二党支部届次漏登", by=approver)
    with pytest.raises(ValidationError):
        reopen_day(closed, reason="再来一次", by=approver)

    closed.refresh_from_db()
    assert refused.value.message_dict == {"reason": ["重新开账须写明理由。"]}
    assert (closed.reopened_by, closed.reopened_reason) == (approver, "第二党支部届次漏登")
    assert kept(closed) == ROWS
    assert AuditEvent.objects.get(kind="freeze.reopen").changes == {"reopened_reason": ["", "第二党支部届次漏登"]}


def test_a_reopened_day_is_closed_anew_as_the_next_edition(closed, street, unknown, approver):
    reopen_day(closed, reason="第二党支部届次漏登", by=approver)
    TermFactory(organization=unknown)

    again = freeze_day(organization=street, on=DAY, by=approver)

    assert (again.edition, [row[2] for row in kept(again)]) == (2, ["overdue", "in_term", "no_term"])
    assert kept(closed) == ROWS


# ---- Beside today's knowledge ---------------------------------------------------------------------------------------


def told(freeze, user) -> list[tuple]:
    return [(each.name, each.differences, each.deeds) for each in corrections(freeze, user)[0]]


def test_nothing_recorded_since_means_nothing_differs(closed, approver):
    found, now = corrections(closed, approver)

    assert found == []
    assert {state: number for state, number in now.items() if number} == {
        State.OVERDUE: 1,
        State.NO_DATA: 1,
        State.NO_TERM: 1,
    }


def test_what_was_recorded_later_is_told_with_when_and_what(closed, unknown, approver, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 25, 2, tzinfo=datetime.UTC))
    record_term(organization=unknown, elected_on=datetime.date(2025, 9, 1), by=approver)

    assert told(closed, approver) == [
        (
            "石桥社区第二党支部",
            ("状态：无届次数据 → 正常", "届满日期：— → 2030-09-01"),
            ("2026年11月25日登记届次",),
        )
    ]
    assert kept(closed) == ROWS


def test_what_was_voided_closed_or_moved_away_is_told(closed, root, street, late, unknown, approver, time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 25, 2, tzinfo=datetime.UTC))
    void(Term.objects.get(organization=late), by=approver, reason="误录", organization=late)
    tree.move(unknown, to=StreetFactory(parent=root), on=datetime.date(2026, 11, 25), by=approver)

    found, now = corrections(closed, approver)

    assert told(closed, approver) == [
        ("石桥社区第一党支部", ("状态：逾期未换届 → 无届次数据", "届满日期：2026-10-05 → —"), ("2026年11月25日作废",)),
        ("石桥社区第二党支部", ("结账时为无届次数据，现不列入",), ("2026年11月25日调整隶属关系",)),
    ]
    assert sum(now.values()) == 2


def test_what_came_with_a_later_founding_is_told(closed, street, approver):
    OrganizationFactory(parent=street, name="石桥社区第三党支部", founded_on=datetime.date(2026, 10, 1))

    assert told(closed, approver) == [("石桥社区第三党支部", ("结账时未列入，现为待首次选举",), ())]


def test_number_of_queries_does_not_depend_on_corrections(closed, unknown, street, approver):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            corrections(closed, approver)
        return len(captured)

    TermFactory(organization=unknown)
    cost()
    few = cost()
    for _ in range(3):
        TermFactory(organization=OrganizationFactory(parent=street))

    assert cost() == few
