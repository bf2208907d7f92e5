"""Single rows of a term ledger: mistakes, warnings, and which term or election a row means."""

import pytest

from elections import imports
from elections.models import Election, Extension, Term
from orgs.enums import Kind, UnitType
from tests import factories
from tests.elections.term_ledgers import TABLES, books, codes, confirmed, day, line, outcome, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return factories.RootFactory(code="YL")


@pytest.fixture
def branch(root):
    return factories.OrganizationFactory(parent=root, code="YL01", name="虚构社区第一党支部")


@pytest.fixture
def clerk(root):
    return factories.user_at(root)


def test_mistakes_are_errors_of_their_cells(root, branch, clerk):
    batch = upload(
        clerk,
        line(elected="2021-06-15", years="五十年"),
        line(elected="2021-06-15", expires="2021-06-15"),
        line(elected="2027-01-01"),
        line(elected="2021-06-15", until="2026-06-15", approval_no="云组〔2026〕1号"),
        line(opened="2026-10-08", day="2026-09-01"),
        line(opened="2027-10-08"),
        line(elected="2021"),
        line("", elected="2021-06-15", no="3"),
        line("YL99", elected="2021-06-15"),
    )

    assert codes(batch) == [
        (2, "任期(年)", "TERM_YEARS_BAD"),
        (3, "届满日期", "TERM_ORDER"),
        (4, "换届日期", "DATE_FUTURE"),
        (5, "延期至", "DATE_ORDER"),
        (6, "召开党员大会时间", "DATE_ORDER"),
        (7, "提交换届请示时间", "DATE_FUTURE"),
        (8, "换届日期", "DATE_YEAR_ONLY"),
        (9, "党组织名称", "ORG_EMPTY"),
        (10, "党组织编码", "ORG_UNKNOWN"),
    ]
    with pytest.raises(imports.RowsInError):
        imports.confirm(batch=batch, partial=False, by=clerk)
    assert books() == {model.__name__: [] for model in TABLES}


def test_good_rows_are_written_without_the_bad_ones(branch, clerk):
    confirmed(clerk, line(elected="2021-06-15", expires="2020-01-01"), line(elected="2016-06-10"), partial=True)

    assert [term.elected_on for term in Term.objects.all()] == [day("2016-06-10")]


@pytest.mark.parametrize(
    "cells, found",
    [
        ({"elected": "2021-06-15", "expires": "2024-06-15"}, [("届满日期", "TERM_MISMATCH")]),
        ({"elected": "2021-06-15", "years": "3"}, [("任期(年)", "TERM_MISMATCH")]),
        ({"reason": "先整顿"}, [("换届日期", "TERM_MISSING")]),
        ({"elected": "2021-06-15", "until": "2027-06-16", "approved_on": "2026-06-01"}, [("延期至", "EXT_TOO_LONG")]),
        ({"elected": "2021-06-15", "until": "2027-06-15", "approved_on": "2026-06-01"}, []),
        (
            {"elected": "2021-06-15", "until": "2027-12-31", "approved_on": "2026-06-01", "level": "更高一级党组织"},
            [("延期至", "EXT_TOO_LONG")],
        ),
        (
            {
                "elected": "2021-06-15",
                "until": "2027-12-31",
                "approved_on": "2026-06-01",
                "level": "更高一级党组织",
                "approval_no": "云组〔2026〕1号",
            },
            [],
        ),
        ({"elected": "2021-06-15", "until": "2027-06-15", "approved": "是"}, [("延期批复日期", "EXT_DAY_MISSING")]),
        ({"elected": "2021-06-15", "until": "2027-06-15"}, [("延期至", "EXT_UNAPPROVED")]),
        ({"elected": "2021-06-15", "approval_no": "云组〔2026〕1号"}, [("延期批复文号", "ENUM_UNKNOWN")]),
        ({"appointed_on": "2026-01-05"}, [("指派日期", "ENUM_UNKNOWN")]),
    ],
)
def test_warnings_never_stop_a_row(branch, clerk, cells, found):
    batch = upload(clerk, line(**cells), kind="terms")

    assert [(header, code) for _, header, code in codes(batch)] == found
    assert batch.counts["bad"] == 0


def test_unapproved_extension_is_recorded_and_moves_nothing(branch, clerk):
    confirmed(clerk, line(elected="2021-06-15", until="2027-06-15"))

    assert Term.objects.get().extended_until is None
    extension = Extension.objects.get()
    assert (extension.is_approved, extension.effective_on) == (False, None)


def test_approval_later_found_corrects_the_extension(branch, clerk):
    confirmed(clerk, line(elected="2021-06-15", until="2027-06-15"))

    batch = confirmed(clerk, line(elected="2021-06-15", until="2027-06-15", approval_no="云组〔2026〕1号"))

    assert outcome(batch) == [(2, "warning", "changed")]
    assert imports.preview(batch).rows[0].changes == {"extension_document_no": ("", "云组〔2026〕1号")}
    assert (Extension.objects.count(), Term.objects.get().extended_until) == (1, day("2027-06-15"))


def test_row_without_an_election_day_means_the_sitting_term(branch, clerk):
    factories.TermFactory(organization=branch, elected_on=day("2016-06-10"), expires_on=day("2019-06-10"))
    sitting = factories.TermFactory(organization=branch, elected_on=day("2021-06-15"), expires_on=day("2026-06-15"))

    confirmed(clerk, line(planned="2027-03-01", reason="重大任务关键期"))

    sitting.refresh_from_db()
    assert (sitting.planned_on, sitting.overdue_reason) == (day("2027-03-01"), "重大任务关键期")


def test_general_election_is_closed_by_the_term_that_came_of_it(branch, clerk):
    factories.ElectionFactory(organization=branch, opened_on=day("2026-03-01"))

    confirmed(clerk, line(elected="2026-06-10", opened="2026-03-01", day="2026-06-10"))

    election = Election.objects.get()
    assert (election.election_day, election.closed_on, election.stage) == (
        day("2026-06-10"),
        day("2026-06-10"),
        "closed",
    )


def test_by_election_neither_begins_a_term_nor_closes_the_general_one(branch, clerk):
    confirmed(clerk, line(elected="2024-06-10"), line(opened="2026-03-01", day="2026-04-01", kind="补选"))

    assert Term.objects.count() == 1
    assert list(Election.objects.values_list("kind", "closed_on")) == [("by_election", None)]


def test_kinds_without_a_term_keep_only_what_they_may_have(root, clerk):
    factories.OrganizationFactory(parent=root, code="YL03", name="虚构街道党工委", kind=Kind.WORKING_COMMITTEE)

    batch = confirmed(clerk, line("YL03", elected="2021-06-15"))

    assert codes(batch) == [(2, "换届日期", "TERM_MISMATCH")]
    assert (Term.objects.count(), outcome(batch)) == (0, [(2, "warning", "unchanged")])


def test_unknown_unit_type_leaves_the_term_out(root, clerk):
    factories.OrganizationFactory(parent=root, code="YL04", name="虚构第四党支部", unit_type="")

    batch = confirmed(clerk, line("YL04", elected="2021-06-15"))

    assert codes(batch) == [(2, "换届日期", "TERM_MISSING")]
    assert Term.objects.count() == 0


def test_stated_expiry_holds_with_its_document(root, clerk):
    factories.OrganizationFactory(parent=root, code="YL05", name="虚构机关党支部", unit_type=UnitType.AGENCY)

    confirmed(clerk, line("YL05", elected="2021-06-15", expires="2025-06-15", document="云组〔2021〕5号"))

    assert Term.objects.get().expires_on == day("2025-06-15")


def test_second_open_general_election_is_left_out(branch, clerk):
    factories.ElectionFactory(organization=branch, opened_on=day("2026-01-05"), election_day=day("2026-03-01"))

    batch = confirmed(clerk, line(elected="2021-06-15", opened="2026-10-08"))

    assert codes(batch) == [(2, "提交换届请示时间", "ENUM_UNKNOWN")]
    assert Election.objects.get().opened_on == day("2026-01-05")


def test_wrong_ordinal_does_not_take_the_term_of_another_row(branch, clerk):
    factories.TermFactory(organization=branch, ordinal=4, elected_on=day("2021-06-15"), expires_on=day("2026-06-15"))

    confirmed(clerk, line(elected="2021-06-15", no="4"), line(elected="2016-06-10", no="4"))

    assert list(Term.objects.order_by("elected_on").values_list("elected_on", "until")) == [
        (day("2016-06-10"), day("2021-06-15")),
        (day("2021-06-15"), None),
    ]


def test_organization_that_waits_for_its_first_election_lacks_nothing(root, clerk):
    for code, founded in (("N1", "2025-11-21"), ("N2", "2025-11-20")):
        factories.OrganizationFactory(parent=root, code=code, name=f"虚构{code}党支部", founded_on=day(founded))
    appointed = factories.OrganizationFactory(parent=root, code="N3", name="虚构N3党支部")
    factories.AppointmentFactory(organization=appointed)

    batch = upload(clerk, *(line(code, name=f"虚构{code}党支部") for code in ("N1", "N2", "N3")))

    assert codes(batch) == [(3, "换届日期", "TERM_MISSING")]
