"""Recording terms and extensions, and what is derived from them."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from elections.models import Extension, Term
from elections.services import terms
from orgs import tree
from orgs.enums import ApprovalLevel, Kind, Precision, Role, UnitType
from orgs.models import AuditEvent
from tests.factories import (
    ExtensionFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    UnitFactory,
    user_at,
)

pytestmark = pytest.mark.django_db


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory())


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street, unit_type=UnitType.PRIVATE)


@pytest.fixture
def clerk(street):
    return user_at(street)


def sitting(organization):
    return list(
        Term.objects.filter(organization=organization)
        .order_by("elected_on")
        .values_list("elected_on", "until", "expires_on", "extended_until", "extension_effective_on")
    )


def test_branch_of_an_enterprise_sits_three_years_by_TERM_03(branch, clerk):
    term = terms.record_term(organization=branch, elected_on=day("2024-06-01"), by=clerk)

    assert (term.years, term.years_basis, term.expires_on) == (3, "TERM-03", day("2027-06-01"))
    assert (term.kind_at_election, term.unit_type_at_election) == (Kind.BRANCH, UnitType.PRIVATE)


def test_later_term_ends_the_earlier_one_and_an_older_one_is_linked_in(branch, clerk):
    terms.record_term(organization=branch, elected_on=day("2021-06-01"), by=clerk)
    terms.record_term(organization=branch, elected_on=day("2024-07-01"), by=clerk)
    terms.record_term(organization=branch, elected_on=day("2018-08-01"), by=clerk)

    assert sitting(branch) == [
        (day("2018-08-01"), day("2021-06-01"), day("2021-08-01"), None, None),
        (day("2021-06-01"), day("2024-07-01"), day("2024-06-01"), None, None),
        (day("2024-07-01"), None, day("2027-07-01"), None, None),
    ]


def test_voiding_the_new_term_makes_the_old_one_sit_again(branch, clerk):
    terms.record_term(organization=branch, elected_on=day("2021-06-01"), by=clerk)
    wrong = terms.record_term(organization=branch, elected_on=day("2024-07-01"), by=clerk)

    terms.void_term(term=wrong, reason="云组〔2024〕9号宣布选举无效", by=clerk)

    assert sitting(branch) == [(day("2021-06-01"), None, day("2024-06-01"), None, None)]
    assert Term.everything.get(pk=wrong.pk).voided_by == clerk


def test_conversion_ends_the_old_term(branch, clerk):
    branch.converted_on = day("2025-03-01")
    branch.save()

    terms.record_term(organization=branch, elected_on=day("2024-07-01"), by=clerk)

    assert sitting(branch) == [(day("2024-07-01"), day("2025-03-01"), day("2027-07-01"), None, None)]


def test_extension_works_from_its_approval_and_is_cut_at_one_year_by_TERM_12(branch, clerk):
    term = terms.record_term(organization=branch, elected_on=day("2023-06-01"), by=clerk)

    extension = terms.record_extension(
        term=term, ends_on=day("2028-01-01"), document_no="云组〔2026〕3号", approved_on=day("2026-05-20"), by=clerk
    )

    assert (extension.effective_on, extension.counts_until) == (day("2026-05-20"), day("2027-06-01"))
    assert sitting(branch) == [
        (day("2023-06-01"), None, day("2026-06-01"), day("2027-06-01"), day("2026-05-20")),
    ]


def test_province_order_with_a_number_lifts_the_cap(branch, clerk):
    term = terms.record_term(organization=branch, elected_on=day("2023-06-01"), by=clerk)

    extension = terms.record_extension(
        term=term,
        ends_on=day("2028-01-01"),
        level=ApprovalLevel.PROVINCE_CITY,
        document_no="云省组〔2026〕3号",
        approved_on=day("2026-05-20"),
        by=clerk,
    )

    assert extension.counts_until == day("2028-01-01")


def test_extension_nobody_approved_moves_nothing(branch, clerk):
    term = terms.record_term(organization=branch, elected_on=day("2023-06-01"), by=clerk)

    extension = terms.record_extension(term=term, ends_on=day("2027-01-01"), reason="多数委员外出", by=clerk)

    assert (extension.is_approved, extension.effective_on, extension.counts_until) == (False, None, None)
    assert term.extended_until is None


def test_extension_not_after_the_expiry_is_refused(branch, clerk):
    term = terms.record_term(organization=branch, elected_on=day("2023-06-01"), by=clerk)

    with pytest.raises(ValidationError) as refused:
        terms.record_extension(term=term, ends_on=day("2026-06-01"), by=clerk)

    assert refused.value.message_dict == {"ends_on": ["延期至的日期须晚于届满日期（2026-06-01）。"]}


def test_length_follows_the_unit_type_on_the_election_day_not_today(street, branch, clerk):
    tree.reshape(branch, unit_type=UnitType.COMMUNITY, on=day("2025-01-01"), by=clerk)
    branch.refresh_from_db()

    before = terms.record_term(organization=branch, elected_on=day("2024-12-31"), by=clerk)
    after = terms.record_term(organization=branch, elected_on=day("2025-01-01"), by=clerk)

    assert (before.years, after.years) == (3, 5)


def test_old_term_of_a_large_enterprise_is_four_years_by_TERM_09(street, clerk):
    committee = OrganizationFactory(parent=street, kind=Kind.COMMITTEE, unit_type=UnitType.STATE_OWNED)
    committee.units.add(UnitFactory(keeper=street, unit_type=UnitType.STATE_OWNED, is_large=True))

    term = terms.record_term(organization=committee, elected_on=day("2017-05-01"), by=clerk)

    assert (term.years, term.expires_on) == (4, day("2021-05-01"))


def test_unknown_unit_type_is_asked_for_not_assumed(street, clerk):
    branch = OrganizationFactory(parent=street, name="虚构党支部", unit_type="")

    with pytest.raises(ValidationError) as refused:
        terms.record_term(organization=branch, elected_on=day("2024-06-01"), by=clerk)

    assert refused.value.message_dict == {"organization": ["请先登记“虚构党支部”的单位类别，任期年限由它决定。"]}
    assert Term.everything.count() == 0


@pytest.mark.parametrize(
    ("document_no", "expires_on"), [("", "2027-06-01"), ("云组〔2024〕5号", "2026-12-31")], ids=["kept beside", "holds"]
)
def test_stated_expiry_replaces_the_computed_one_only_with_a_document(branch, clerk, document_no, expires_on):
    term = terms.record_term(
        organization=branch,
        elected_on=day("2024-06-01"),
        stated_expires_on=day("2026-12-31"),
        document_no=document_no,
        by=clerk,
    )

    assert (term.expires_on, term.stated_expires_on) == (day(expires_on), day("2026-12-31"))


def test_month_only_election_expires_with_its_month(branch, clerk):
    term = terms.record_term(
        organization=branch, elected_on=day("2024-02-29"), elected_precision=Precision.MONTH, by=clerk
    )

    assert (term.expires_on, term.expires_on_precision) == (day("2027-02-28"), Precision.MONTH)


def test_two_elections_on_one_day_are_one_too_many(branch, clerk):
    terms.record_term(organization=branch, elected_on=day("2024-06-01"), by=clerk)

    with pytest.raises(ValidationError):
        terms.record_term(organization=branch, elected_on=day("2024-06-01"), by=clerk)

    assert Term.everything.count() == 1


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ACCOUNT_ADMIN, Role.AUDITOR])
def test_who_may_not_edit_records_nothing(street, branch, role):
    with pytest.raises(PermissionDenied):
        terms.record_term(organization=branch, elected_on=day("2024-06-01"), by=user_at(street, role))

    assert Term.everything.count() == 0


def test_clerk_of_another_street_records_nothing(street, branch):
    stranger = user_at(StreetFactory(parent=street.parent))

    with pytest.raises(PermissionDenied):
        terms.record_term(organization=branch, elected_on=day("2024-06-01"), by=stranger)

    assert (Term.everything.count(), AuditEvent.objects.count()) == (0, 0)


def test_each_record_leaves_one_event(branch, clerk):
    term = terms.record_term(organization=branch, elected_on=day("2023-06-01"), by=clerk)
    terms.record_extension(term=term, ends_on=day("2026-12-01"), document_no="云组〔2026〕3号", by=clerk)
    terms.record_appointment(organization=branch, on=day("2026-03-01"), document_no="云组〔2026〕4号", by=clerk)

    assert list(AuditEvent.objects.order_by("id").values_list("kind", "actor", "changes")) == [
        ("term.record", clerk.pk, {"elected_on": [None, "2023-06-01"], "expires_on": [None, "2026-06-01"]}),
        ("extension.record", clerk.pk, {"ends_on": [None, "2026-12-01"], "document_no": [None, "云组〔2026〕3号"]}),
        ("appointment.record", clerk.pk, {"on": [None, "2026-03-01"], "document_no": [None, "云组〔2026〕4号"]}),
    ]


def test_refresh_mends_what_was_derived_and_then_changes_nothing(branch, django_assert_num_queries):
    first = TermFactory(organization=branch, elected_on=day("2019-06-01"), expires_on=day("2022-06-01"))
    TermFactory(organization=branch, elected_on=day("2022-07-01"), expires_on=day("2025-07-01"))
    ExtensionFactory(term=first, ends_on=day("2022-12-01"), approved_on=day("2022-05-01"))

    assert terms.refresh([branch.pk]) == 3  # the two terms and the extension
    assert Extension.objects.get().counts_until == day("2022-12-01")
    assert sitting(branch) == [
        (day("2019-06-01"), day("2022-07-01"), day("2022-06-01"), day("2022-12-01"), day("2022-05-01")),
        (day("2022-07-01"), None, day("2025-07-01"), None, None),
    ]
    with django_assert_num_queries(4):
        assert terms.refresh([branch.pk]) == 0
