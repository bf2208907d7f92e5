"""A stated length of a term that differs from the law (P-10): kept, found, and holding with a 批复 number."""

import datetime

import pytest

from elections import imports
from elections.ledger import Ledger
from elections.models import Term
from elections.rules.wording import sentence
from elections.services.terms import record_term
from orgs.enums import Kind, UnitType
from orgs.models.organization import OrganizationUnit
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
ELECTED = datetime.date(2025, 6, 15)
TITLES = ["党组织编码", "党组织名称", "换届日期", "任期(年)", "换届批复文号"]
ORGANIZATION_TITLES = [*TITLES, "组织类别", "所在单位类别"]
DIFFERS = "录入的任期5年与规定的3年不一致，且没有批复文号。"


@pytest.fixture
def street():
    return factories.StreetFactory(parent=factories.RootFactory(), code="YL")


@pytest.fixture
def clerk(street):
    return factories.user_at(street)


@pytest.fixture
def branch(street):
    """A branch of a private enterprise: three years by 任期意见 一."""
    return factories.OrganizationFactory(
        parent=street, code="YL01", name="虚构企业党支部", unit_type=UnitType.PRIVATE, kind=Kind.BRANCH
    )


def imported(clerk, *row, titles=TITLES):
    data = workbooks.xlsx(("台账", [titles, list(row)]))
    batch = imports.upload(
        data=data, file_name="台账.xlsx", kind="auto", organization=clerk.organization, on=ON, by=clerk
    )
    return imports.confirm(batch=batch, partial=False, by=clerk)


def steps(batch):
    return [row.step for row in imports.preview(batch).rows]


def term():
    found = Term.objects.get()
    return found.years, found.years_basis, found.stated_years, str(found.expires_on)


def found_on(clerk, branch) -> list[str]:
    row = Ledger(user=clerk, node=branch, on=ON).row_of(branch)
    return [sentence(each) for each in row.findings if each.rule_id in ("P-10", "TERM-01")]


def test_recorded_without_a_document_the_law_holds_and_the_difference_is_found(branch, clerk):
    record_term(organization=branch, elected_on=ELECTED, stated_years=5, by=clerk)

    assert term() == (3, "TERM-03", 5, "2028-06-15")
    assert found_on(clerk, branch) == [DIFFERS]


def test_recorded_with_a_document_the_stated_length_holds(branch, clerk):
    record_term(organization=branch, elected_on=ELECTED, stated_years=5, document_no="云组〔2025〕3号", by=clerk)

    assert term() == (5, "stated", None, "2030-06-15")
    assert found_on(clerk, branch) == []


def test_stated_as_the_law_says_there_is_nothing_beside_it(branch, clerk):
    record_term(organization=branch, elected_on=ELECTED, stated_years=3, by=clerk)

    assert term() == (3, "TERM-03", None, "2028-06-15")
    assert found_on(clerk, branch) == []


def test_term_ledger_keeps_the_stated_length_until_its_document_comes(branch, clerk):
    row = ("YL01", "虚构企业党支部", "2025-06-15", 5)
    imported(clerk, *row, None)
    assert term() == (3, "TERM-03", 5, "2028-06-15")
    assert found_on(clerk, branch) == [DIFFERS]
    assert steps(imported(clerk, *row, None)) == ["unchanged"]

    # The number alone is enough: what was stated then is still known.
    imported(clerk, *row[:3], None, "云组〔2025〕3号")
    assert term() == (5, "stated", None, "2030-06-15")
    assert found_on(clerk, branch) == []


def test_organization_ledger_keeps_it_too(street, clerk):
    row = ("YL02", "虚构贸易党支部", "2025-06-15", 5)
    imported(clerk, *row, None, "党支部", "非公企业", titles=ORGANIZATION_TITLES)
    assert term() == (3, "TERM-03", 5, "2028-06-15")
    assert steps(imported(clerk, *row, None, "党支部", "非公企业", titles=ORGANIZATION_TITLES)) == ["unchanged"]

    imported(clerk, *row, "云组〔2025〕3号", "党支部", "非公企业", titles=ORGANIZATION_TITLES)
    assert term() == (5, "stated", None, "2030-06-15")


def test_length_of_a_term_on_the_books_was_not_stated_by_anybody(branch, clerk):
    """A corrected day recomputes the length; the former one is no statement against the law."""
    factories.TermFactory(
        organization=branch, elected_on=datetime.date(2025, 6, 1), expires_on=datetime.date(2030, 6, 1), ordinal=3
    )
    titles = [*TITLES, "届次"]
    imported(clerk, "YL01", "虚构企业党支部", "2025-06-15", None, None, 3, titles=titles)

    assert term() == (3, "TERM-03", None, "2028-06-15")


def test_export_tells_the_stated_length_again(branch, clerk):
    record_term(organization=branch, elected_on=ELECTED, stated_years=5, by=clerk)

    for kind in ("terms", "organizations"):
        data = imports.export(kind=kind, organization=clerk.organization, on=ON, by=clerk)
        batch = imports.upload(
            data=data, file_name="导出.xlsx", kind=kind, organization=clerk.organization, on=ON, by=clerk
        )
        assert {row.step for row in imports.preview(batch).rows} == {"unchanged"}


@pytest.mark.parametrize(("is_large", "years"), [(True, 4), (None, 3)])
def test_old_term_of_a_large_enterprise_is_four_years_in_both_ledgers(street, clerk, is_large, years):
    """TERM-09: 大中型企业党委 4 years, other 党委 3, for terms that began before 任期意见."""
    committee = factories.OrganizationFactory(
        parent=street, code="YL03", name="虚构集团党委", kind=Kind.COMMITTEE, unit_type=UnitType.STATE_OWNED
    )
    unit = factories.UnitFactory(keeper=street, unit_type=UnitType.STATE_OWNED, is_large=is_large)
    OrganizationUnit.objects.create(organization=committee, unit=unit)

    imported(clerk, "YL03", "虚构集团党委", "2016-06-15", None, None)
    imported(clerk, "YL03", "虚构集团党委", "2012-06-15", None, None, "党委", "国有企业", titles=ORGANIZATION_TITLES)

    assert list(Term.objects.order_by("elected_on").values_list("years", "years_basis")) == [(years, "TERM-09")] * 2
