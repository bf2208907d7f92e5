"""The law of a district: added by who approves at its root, dated, for its own tree only, never changing the past."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from elections.law import law_for
from elections.ledger import Ledger
from elections.models import Extension, LocalValue, Term
from elections.rules.parameters import Law, Local, LocalRow, with_local
from elections.services.law import add_local_value, void_local
from elections.services.terms import DERIVED_ON_EXTENSION, DERIVED_ON_TERM, derive, plan_term
from orgs.enums import Role, State
from orgs.models import AuditEvent
from tests.factories import (
    ExtensionFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    UserFactory,
    user_at,
)

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 21)
FIRST = datetime.date(2026, 12, 1)
EVE = datetime.date(2026, 11, 30)
# Reached by a lead of nine months on 1 December 2026, by one of six on 1 March 2027.
EXPIRY = datetime.date(2027, 9, 1)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime.datetime(2026, 11, 21, 9, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def district():
    return RootFactory(name="中共云岭区委员会")


@pytest.fixture
def approver(district):
    return user_at(district, Role.APPROVER, name="李审批")


def branch_under(root):
    """A branch of the tree whose term runs out on EXPIRY."""
    branch = OrganizationFactory(parent=StreetFactory(parent=root))
    TermFactory(organization=branch, elected_on=datetime.date(2022, 9, 1), expires_on=EXPIRY)
    return branch


def nine_months(root, by, **changed) -> LocalValue:
    values = {"parameter": "reminder_lead_months", "since": FIRST, "value": 9, "basis": "云组〔2026〕10号", **changed}
    return add_local_value(root=root, by=by, **values)


def states(user, root, on) -> tuple[dict, dict]:
    """{code: state} by the rule and by SQL, of everything under the root that has a term."""
    ledger = Ledger(user=user, node=root, on=on)
    by_rule = {row.code: row.state for row in ledger.rows() if row.term}
    found = ledger.organizations(any_state=True).filter(code__in=by_rule)
    return by_rule, {each.code: State(each.state) for each in found}


# ---- What it does ---------------------------------------------------------------------------------------------------


def test_earlier_reminder_changes_due_soon_from_its_day_on_and_only_in_its_tree(district, approver):
    neighbor = RootFactory(name="中共邻川区委员会")
    here, there = branch_under(district), branch_under(neighbor)
    other = user_at(neighbor, Role.APPROVER)
    nine_months(district, approver)

    assert states(approver, district, EVE) == ({here.code: State.IN_TERM}, {here.code: State.IN_TERM})
    assert states(approver, district, FIRST) == ({here.code: State.DUE_SOON}, {here.code: State.DUE_SOON})
    assert states(other, neighbor, FIRST) == ({there.code: State.IN_TERM}, {there.code: State.IN_TERM})


def test_sql_and_rule_agree_by_the_law_of_a_district(district, approver):
    street = StreetFactory(parent=district)
    for month in range(1, 13):
        expiry = datetime.date(2027, month, 1)
        term = {"elected_on": expiry.replace(year=2022), "expires_on": expiry}
        TermFactory(organization=OrganizationFactory(parent=street), **term)
        OrganizationFactory(parent=street, founded_on=datetime.date(2026, month, 1))
    nine_months(district, approver)
    nine_months(district, approver, since=datetime.date(2027, 2, 1), value=12)
    nine_months(district, approver, parameter="first_election_months", value=6)
    national = Law.builtin()

    for day in (EVE, FIRST, datetime.date(2027, 1, 31), datetime.date(2027, 2, 1)):
        ledger = Ledger(user=approver, node=district, on=day)
        by_rule = {row.code: row.state for row in ledger.rows()}
        by_sql = {each.code: State(each.state) for each in ledger.organizations(any_state=True)}
        by_country = {row.code: row.state for row in Ledger(user=approver, node=district, on=day, law=national).rows()}

        assert by_rule == by_sql
        assert (by_rule == by_country) == (day == EVE)


def test_ledger_of_the_eve_is_the_same_before_and_after_a_value_is_added(district, approver):
    branch_under(district)
    before = Ledger(user=approver, node=district, on=EVE)
    was = (before.summary(), before.rows())

    nine_months(district, approver)

    after = Ledger(user=approver, node=district, on=EVE)
    assert (after.summary(), after.rows()) == was


def test_value_ends_where_a_later_row_without_one_begins(district, approver):
    nine_months(district, approver)
    nine_months(district, approver, since=datetime.date(2027, 1, 1), value=None, basis="云组〔2026〕20号")

    lead = law_for(district).reminder_lead_months

    assert [lead.on(day).value for day in (EVE, FIRST, datetime.date(2027, 1, 1))] == [6, 9, 6]


def test_law_of_a_branch_is_that_of_its_root_and_is_read_anew(district, approver):
    branch = branch_under(district)
    assert law_for(branch) == Law.builtin()

    nine_months(district, approver)

    assert law_for(branch).reminder_lead_months.on(FIRST).citation == "云组〔2026〕10号"


def test_law_takes_two_queries_whatever_was_added(district, approver, django_assert_num_queries):
    for month in range(1, 6):
        nine_months(district, approver, since=datetime.date(2027, month, 1), value=6 + month)
    branch = branch_under(district)

    with django_assert_num_queries(2):
        law_for(branch)


def test_what_is_stored_with_terms_rests_on_closed_numbers_alone():
    """So a value that a district adds leaves no stored day stale, and derived days need no law of a tree."""
    longest = {Local.MORE: 60, Local.LESS: 1}
    rows = [
        LocalRow(name, datetime.date(1990, 1, 1), longest[each.local], "云组〔1990〕1号", "root")
        for name, each in Law.builtin().parameters()
        if each.local is not Local.CLOSED
    ]
    local = with_local(Law.builtin(), rows)
    branch = OrganizationFactory()
    for year, month in ((2012, 6), (2015, 4), (2020, 9), (2024, 1)):
        term = TermFactory(
            organization=branch,
            elected_on=datetime.date(year, month, 1),
            expires_on=datetime.date(year + 3, month, 1),
        )
        for late in (-30, 40):
            approved_on = term.expires_on + datetime.timedelta(days=late)
            ExtensionFactory(term=term, ends_on=datetime.date(year + 4, month, 20), approved_on=approved_on)

    stored = [_derived(law) for law in (Law.builtin(), local)]

    assert rows and stored[0] == stored[1]
    assert _planned(Law.builtin()) == _planned(local)


def _derived(law):
    """Every derived column of all terms and extensions by this law."""
    terms, extensions = list(Term.objects.order_by("id")), list(Extension.objects.order_by("id"))
    derive(terms=terms, extensions=extensions, converted_on={}, law=law)
    return [
        [getattr(row, name) for name in names]
        for names, rows in ((DERIVED_ON_TERM, terms), (DERIVED_ON_EXTENSION, extensions))
        for row in rows
    ]


def _planned(law):
    """What a term elected before and after 2018 becomes, by kind and unit type."""
    return [
        plan_term(kind=kind, unit_type=unit_type, elected_on=datetime.date(year, 6, 1), law=law)
        for kind, unit_type in law.term_years
        for year in (2016, 2024)
    ]


# ---- Who may, and what is refused -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.APPROVER])
def test_only_who_approves_at_the_root_adds(district, role):
    user = user_at(district, role)

    with pytest.raises(PermissionDenied):
        nine_months(district, user)


def test_approver_of_a_street_cannot_change_the_law_of_the_district(district):
    street = StreetFactory(parent=district)
    user = user_at(street, Role.APPROVER)

    with pytest.raises(PermissionDenied):
        nine_months(district, user)
    with pytest.raises(ValidationError) as refused:
        nine_months(street, user)
    assert refused.value.message_dict == {"root": ["只能由一个区（最上级党组织）统一设定，不能只对下级设定。"]}


def test_approver_of_another_district_and_a_superuser_without_rights_are_refused(district):
    for user in (user_at(RootFactory(), Role.APPROVER), UserFactory(is_superuser=True, is_staff=True)):
        with pytest.raises(PermissionDenied):
            nine_months(district, user)
    assert not LocalValue.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"value": 6}, "value", "“届满提醒提前量”的地方值须大于全国的6个月。"),
        ({"value": 61}, "value", "“届满提醒提前量”的地方值最多60个月，请核对。"),
        ({"value": None}, "value", "这一项还没有地方值，请填写数值。"),
        ({"since": datetime.date(2026, 11, 20)}, "since", "地方值只能从今天或者以后的日期起施行，不能改变以前的认定。"),
        ({"basis": " "}, "basis", "请填写地方值依据的文件名称和文号。"),
        ({"parameter": "extension_cap_years"}, "parameter", "“延期换届上限”全国统一，不能另设地方值。"),
        ({"parameter": "unknown"}, "parameter", "没有“unknown”这项参数。"),
    ],
)
def test_refused_value_names_its_field(district, approver, changed, field, words):
    with pytest.raises(ValidationError) as refused:
        nine_months(district, approver, **changed)

    assert refused.value.message_dict == {field: [words]}
    assert not LocalValue.objects.exists()


def test_value_in_force_is_neither_replaced_nor_preceded(district, approver):
    nine_months(district, approver)

    for since in (FIRST, EVE):
        with pytest.raises(ValidationError) as refused:
            nine_months(district, approver, since=since, value=12)
        assert refused.value.message_dict == {"since": ["施行日期须晚于已有的地方值；已录入的地方值不能更改。"]}


# ---- Taking back ----------------------------------------------------------------------------------------------------


def test_wrong_future_value_is_taken_back_and_set_anew(district, approver):
    wrong = nine_months(district, approver, value=19)

    void_local(wrong, reason="数值录错", by=approver)
    nine_months(district, approver)

    assert law_for(district).reminder_lead_months.on(FIRST).value == 9
    assert list(LocalValue.everything.values_list("value", "voided_reason").order_by("id")) == [
        (19, "数值录错"),
        (9, ""),
    ]


def test_value_is_not_taken_back_once_its_day_has_come(district, approver):
    row = nine_months(district, approver, since=TODAY)

    with pytest.raises(ValidationError, match="已经施行的不能作废"):
        void_local(row, reason="数值录错", by=approver)
    assert LocalValue.objects.get() == row


def test_taking_back_needs_a_reason_and_the_right(district, approver):
    row = nine_months(district, approver)

    with pytest.raises(ValidationError, match="请填写作废原因"):
        void_local(row, reason=" ", by=approver)
    with pytest.raises(PermissionDenied):
        void_local(row, reason="数值录错", by=user_at(district, Role.OPERATOR))


# ---- The log --------------------------------------------------------------------------------------------------------


def test_each_addition_and_taking_back_is_one_event_of_the_tree(district, approver):
    value = nine_months(district, approver)
    void_local(value, reason="数值录错", by=approver)

    events = AuditEvent.objects.order_by("id").values_list("kind", "target_type", "root", "actor")

    assert list(events) == [
        ("local_value.add", "elections.localvalue", district.pk, approver.pk),
        ("void", "elections.localvalue", district.pk, approver.pk),
    ]
    assert AuditEvent.objects.get(kind="local_value.add").changes == {
        "parameter": [None, "届满提醒提前量"],
        "value": [None, 9],
        "since": [None, "2026-12-01"],
        "basis": [None, "云组〔2026〕10号"],
    }
