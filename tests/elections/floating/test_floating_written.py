"""流动党员台账 written: what it registers, changes and ends, what it leaves alone, and taken back as a whole."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elections import imports
from elections.ledger import Ledger
from elections.roll import Roll
from members.headcount import headcount
from members.models import Affiliation, Guest, Standing
from members.services import confirm_roster, receive_guest
from orgs.crypto import check_database_key
from orgs.enums import AffiliationKind
from orgs.models import Organization
from orgs.refusals import UndoBlocked
from tests import factories, workbooks
from tests.elections.floating.ledgers import (
    BRANCH,
    DAY,
    IN_HEADER,
    ON,
    OUT_HEADER,
    ZHAO,
    coming,
    confirm,
    li_out,
    member_at,
    missing,
    out,
    outcome,
    people,
    problems,
    upload,
    zhao_in,
)

pytestmark = pytest.mark.django_db


def test_the_national_forms_are_recognized_and_both_directions_written(street, branch, clerk, li):
    batch = upload(clerk, street, out(li_out()), coming(zhao_in()))

    assert (batch.kind, outcome(batch), problems(batch)) == (
        "floating",
        [(2, "ok", "new", {}), (2, "ok", "new", {})],
        [],
    )
    confirm(batch, clerk)

    away = Standing.objects.get()
    assert (away.member, away.kind, away.since, away.until) == (li, "floating", DAY(2025, 3, 1), None)
    assert (away.destination, away.province, away.floating_reason, away.occupation, away.has_certificate) == (
        "虚构省虚构市",
        "虚构省",
        "务工",
        "工人",
        True,
    )
    guest = Guest.objects.select_related("affiliation__member").get()
    stay, person = guest.affiliation, guest.affiliation.member
    assert (stay.organization, stay.kind, stay.since) == (branch, AffiliationKind.INCOMING, DAY(2025, 6, 1))
    assert (person.name, person.reveal_id_number(), person.joined_on, person.birth) == (
        "赵敏",
        ZHAO,
        DAY(2010, 7, 1),
        DAY(1985, 12, 12),
    )
    assert (guest.place_of_affiliation, guest.province, guest.floating_reason, guest.occupation) == (
        "虚构省虚构县虚构村党支部",
        "虚构省",
        "随迁",
        "教师",
    )
    assert (guest.has_certificate, guest.reveal_contact()) == (None, "15400000012")


def test_the_same_file_twice_changes_nothing(street, branch, clerk, li):
    sheets = out(li_out()), coming(zhao_in())
    confirm(upload(clerk, street, *sheets), clerk)
    before = people()

    again = upload(clerk, street, *sheets)

    assert outcome(again) == [(2, "ok", "unchanged", {}), (2, "ok", "unchanged", {})]
    confirm(again, clerk)
    assert people() == before


def test_changes_are_shown_field_by_field_and_undone(street, branch, clerk, li):
    confirm(upload(clerk, street, out(li_out()), coming(zhao_in())), clerk)
    before = people()

    batch = upload(
        clerk,
        street,
        out(li_out(外出流向="虚构省别市", **{"是否持有《流动党员活动证》": "否"})),
        coming(zhao_in(联系方式="15400000013", 入党时间="2011-07-01")),
    )

    assert outcome(batch) == [
        (2, "ok", "changed", {"destination": ["虚构省虚构市", "虚构省别市"], "certificate": ["是", "否"]}),
        (2, "ok", "changed", {"contact": ["15400000012", "15400000013"], "joined": ["2010-07-01", "2011-07-01"]}),
    ]
    confirm(batch, clerk)
    assert Standing.objects.get().destination == "虚构省别市"
    assert Guest.objects.get().reveal_contact() == "15400000013"
    imports.undo(batch=batch, by=clerk)
    assert people() == before


def test_a_whole_ledger_is_taken_back_with_the_people_it_brought(street, branch, clerk, li):
    check_database_key()
    before = people()
    batch = confirm(upload(clerk, street, out(li_out()), coming(zhao_in())), clerk)

    imports.undo(batch=batch, by=clerk)

    assert people() == before


def test_who_is_in_is_counted_nowhere(street, branch, clerk, li):
    confirm_roster(organization=branch, on=DAY(2026, 1, 1), by=clerk)

    def figures():
        ledger = Ledger(user=clerk, node=Organization.objects.get(pk=street.pk), on=ON)
        roll = Roll(user=clerk, node=street, on=ON)
        return (
            headcount([street, branch], ON),
            ledger.summary(),
            ledger.row_of(Organization.objects.get(pk=branch.pk)),
            list(roll.affiliations()),
        )

    before = figures()
    confirm(upload(clerk, street, coming(zhao_in(), zhao_in(姓名="冯丙水", 公民身份号码=""))), clerk)

    assert Guest.objects.count() == 2
    assert figures() == before


def test_a_day_of_return_ends_the_registration_and_an_older_one_says_nothing_new(street, branch, clerk, li):
    confirm(upload(clerk, street, out(li_out())), clerk)
    header, back = [*OUT_HEADER, "返回时间"], [*li_out(), "2026-05-01"]

    batch = upload(clerk, street, ("流出", [header, back]))

    assert outcome(batch) == [(2, "ok", "changed", {"ended_on": ["", "2026-05-01"]})]
    confirm(batch, clerk)
    assert Standing.objects.get().until == DAY(2026, 5, 1)
    assert outcome(upload(clerk, street, ("流出", [header, back]))) == [(2, "ok", "unchanged", {})]
    # Away again: not before the return.
    again = upload(clerk, street, out(li_out(流出时间="2026-04-01"), title="甲"))
    assert [each[:3] for each in problems(again)] == [(2, "DATE_ORDER", "error")]
    confirm(upload(clerk, street, out(li_out(流出时间="2026-05-01"))), clerk)
    with pytest.raises(UndoBlocked):
        imports.undo(batch=batch, by=clerk)


def test_a_day_known_to_the_month_or_year_begins_with_its_first_day_and_says_so(street, branch, clerk, li):
    batch = upload(clerk, street, out(li_out(流出时间="2025.03")), coming(zhao_in(流入时间="2024年")))

    assert problems(batch) == [
        (2, "DATE_MONTH_ONLY", "warning", "「流出时间」只有年月「2025-03」，暂按2025-03-01登记，请补填日期。"),
        (2, "DATE_YEAR_ONLY_MEMBER", "warning", "「流入时间」只有年份「2024」，暂按2024-01-01登记，请补填日期。"),
    ]
    confirm(batch, clerk)
    assert (Standing.objects.get().since, Affiliation.objects.get(kind="incoming").since) == (
        DAY(2025, 3, 1),
        DAY(2024, 1, 1),
    )


def test_whoever_is_registered_and_not_named_is_listed_and_stays(street, branch, clerk, li):
    wang = member_at(branch, "王建国", None)
    factories.StandingFactory(member=wang, kind="floating", destination="外省")
    receive_guest(organization=branch, name="冯丙水", by=clerk)
    second = factories.OrganizationFactory(parent=street, code="YL0102", name="虚构社区第二党支部")
    receive_guest(organization=second, name="陈丁木", by=clerk)

    only_out = upload(clerk, street, out(li_out()))
    both = upload(clerk, street, out(li_out()), coming(zhao_in()))

    assert missing(only_out) == [("王建国（流出）", BRANCH)]
    assert missing(both) == [("王建国（流出）", BRANCH), ("冯丙水（流入）", BRANCH)]
    confirm(both, clerk)
    assert Standing.objects.get(member=wang).until is None
    assert Guest.objects.staying(ON).count() == 3


def test_a_stay_that_a_ledger_ended_comes_back_though_the_guest_belongs_elsewhere_and_not_over_a_newer_one(
    street, branch, clerk
):
    member_at(factories.OrganizationFactory(parent=factories.StreetFactory(parent=street.parent)), "赵敏", ZHAO)
    confirm(upload(clerk, street, coming(zhao_in())), clerk)
    left = "流入", [[*IN_HEADER, "离开日期"], [*zhao_in(), "2026-05-01"]]

    first = confirm(upload(clerk, street, left), clerk)
    imports.undo(batch=first, by=clerk)
    second = confirm(upload(clerk, street, left), clerk)
    receive_guest(organization=branch, name="赵敏", id_number=ZHAO, since=DAY(2026, 6, 1), by=clerk)

    with pytest.raises(UndoBlocked, match="该党员已重新登记为流入党员"):
        imports.undo(batch=second, by=clerk)


def test_many_rows_cost_as_many_queries_as_few(street, branch, clerk):
    def queries(number):
        rows = [
            zhao_in(姓名="赵" + "甲乙丙丁"[each], 公民身份号码=workbooks.id_number(order=f"{each + 10:03}"))
            for each in range(number)
        ]
        with CaptureQueriesContext(connection) as captured:
            upload(clerk, street, coming(*rows))
        return len(captured)

    queries(1)
    assert queries(1) == queries(4)
