"""The term ledger as a whole: what one file writes, writes not again, takes back and gives out."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections import imports
from elections.models import Appointment, Election, Extension, Term
from tests import factories, workbooks
from tests.elections.term_ledgers import CELLS, FULL, ON, books, codes, confirmed, day, line, outcome, upload

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


def test_everything_in_one_row(branch, clerk):
    batch = confirmed(clerk, FULL)

    assert (batch.kind, outcome(batch), codes(batch)) == ("terms", [(2, "ok", "new")], [])
    term = Term.objects.get()
    assert (term.organization, term.body, term.ordinal) == (branch, "committee", 4)
    assert (term.elected_on, term.years, term.years_basis, term.expires_on) == (
        day("2021-06-15"), 5, "TERM-04", day("2026-06-15")
    )  # fmt: skip
    assert (term.early_approved_on, term.early_document_no) == (day("2021-03-01"), "云组〔2021〕3号")
    assert (term.planned_on, term.planned_on_precision, term.overdue_reason) == (
        day("2026-12-31"), "month", "多数委员外出"
    )  # fmt: skip
    assert (term.until, term.extended_until, term.extension_effective_on) == (
        None, day("2027-03-31"), day("2026-05-20")
    )  # fmt: skip
    extension = Extension.objects.get()
    assert (extension.ends_on, extension.is_approved, extension.approved_on, extension.document_no) == (
        day("2027-03-31"), True, day("2026-05-20"), "云组〔2026〕12号"
    )  # fmt: skip
    assert (extension.level, extension.effective_on, extension.counts_until) == (
        "superior", day("2026-05-20"), day("2027-03-31")
    )  # fmt: skip
    election = Election.objects.get()
    assert (election.kind, election.opened_on, election.election_day, election.closed_on, election.stage) == (
        "general", day("2026-10-08"), day("2026-12-10"), None, "day_set"
    )  # fmt: skip


def test_several_terms_of_one_organization_follow_each_other(branch, clerk):
    batch = confirmed(
        clerk, line(elected="2021-06-15"), line(elected="2016-06-10", no="3"), line(body="纪委", elected="2021-06-15")
    )

    assert outcome(batch) == [(2, "ok", "new"), (3, "ok", "new"), (4, "ok", "new")]
    assert list(Term.objects.order_by("body", "elected_on").values_list("body", "elected_on", "years", "until")) == [
        ("committee", day("2016-06-10"), 3, day("2021-06-15")),
        ("committee", day("2021-06-15"), 5, None),
        ("discipline", day("2021-06-15"), 5, None),
    ]


def test_terms_in_the_file_end_those_on_the_books(branch, clerk):
    old = factories.TermFactory(
        organization=branch, elected_on=day("2016-06-10"), years=3, years_basis="TERM-09", expires_on=day("2019-06-10")
    )

    confirmed(clerk, line(elected="2019-06-12"))

    old.refresh_from_db()
    assert old.until == day("2019-06-12")


def test_same_file_twice_writes_nothing(branch, clerk):
    rows = [FULL, line(elected="2016-06-10"), line(appointed_on="2016-01-05", appointed_no="云组〔2016〕1号")]
    confirmed(clerk, *rows)
    before = books()

    again = confirmed(clerk, *rows, on=day("2026-12-05"))

    assert [step for _, _, step in outcome(again)] == ["unchanged"] * 3
    assert again.effects.count() == 0
    assert books() == before


def test_months_are_understood_again(branch, clerk):
    row = line(
        elected="2023-06",
        until="2029-02",
        approved_on="2028-05",
        appointed_on="2022-03",
        appointed_no="云组〔2022〕1号",
    )
    batch = confirmed(clerk, row, on=day("2028-12-01"))

    assert codes(batch) == [
        (2, "换届日期", "DATE_MONTH_ONLY"),
        (2, "延期至", "DATE_MONTH_ONLY"),
        (2, "延期批复日期", "DATE_MONTH_ONLY"),
        (2, "指派日期", "DATE_MONTH_ONLY"),
    ]
    extension = Extension.objects.get()
    assert (extension.ends_on, extension.approved_on) == (day("2029-02-28"), day("2028-05-31"))
    term = Term.objects.get()
    assert (term.elected_on, term.elected_on_precision, term.expires_on) == (
        day("2023-06-30"),
        "month",
        day("2028-06-30"),
    )
    again = confirmed(clerk, row, on=day("2028-12-01"))
    assert (outcome(again), again.effects.count()) == ([(2, "warning", "unchanged")], 0)


def test_undo_brings_back_every_row(branch, clerk):
    term = factories.TermFactory(organization=branch, elected_on=day("2021-06-15"), expires_on=day("2026-06-15"))
    factories.ElectionFactory(organization=branch, opened_on=day("2026-10-08"))
    before = books()
    batch = confirmed(clerk, FULL, line(elected="2016-06-10", until="2020-01-31", approval_no="云组〔2019〕1号"))
    assert outcome(batch) == [(2, "ok", "changed"), (3, "warning", "new")]
    term.refresh_from_db()
    assert (term.ordinal, term.extended_until) == (4, day("2027-03-31"))

    imports.undo(batch=batch, by=clerk)

    assert books() == before


def test_export_comes_back_as_unchanged(root, branch, clerk):
    other = factories.OrganizationFactory(parent=root, code="YL02", name="虚构社区第二党支部")
    confirmed(
        clerk,
        FULL,
        line(elected="2016-06-10", until="2019-12-31", approved_on="2019-05-01"),
        line(
            elected="2016-06-10",
            until="2020-03-31",
            approved_on="2019-12-01",
            approval_no="云组〔2019〕9号",
            level="更高一级党组织",
        ),
        line(appointed_on="2016-01-05", appointed_no="云组〔2016〕1号"),
        line(appointed_on="2015-01-05", appointed_no="云组〔2015〕1号"),
        line(opened="2025-03-01", kind="补选"),
        line("YL02", appointed_on="2026-01-05", appointed_no="云组〔2026〕1号"),
        line("YL02", body="纪律检查委员会", elected="2024-06", expires="2029-08-01"),
    )
    assert (Appointment.objects.count(), Election.objects.count(), Extension.objects.count()) == (3, 2, 3)
    before = books()
    data = imports.export(kind="terms", organization=root, on=ON, by=clerk)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[1]] == [*CELLS.values()]

    batch = imports.upload(data=data, file_name="a.xlsx", kind="auto", organization=root, on=ON, by=clerk)

    assert batch.kind == "terms"
    assert [step for _, _, step in outcome(batch)] == ["unchanged"] * 6
    imports.confirm(batch=batch, partial=False, by=clerk)
    assert books() == before
    assert Term.objects.filter(organization=other).count() == 1


def test_organization_of_another_street_is_answered_as_unknown(root):
    mine, other = factories.StreetFactory(parent=root), factories.StreetFactory(parent=root)
    factories.OrganizationFactory(parent=other, code="X1", name="别处党支部")
    clerk = factories.user_at(mine)

    batch = upload(clerk, line("X1", elected="2021-06-15"), line("X2", elected="2021-06-15"))

    sentences = [(each.code.value, each.message) for each in imports.preview(batch).issues]
    assert sentences == [
        ("ORG_UNKNOWN", "没有找到党组织「X1」，请核对名称或编码；新建的党组织请先在党组织台账中导入。"),
        ("ORG_UNKNOWN", "没有找到党组织「X2」，请核对名称或编码；新建的党组织请先在党组织台账中导入。"),
    ]
    assert not any(row.organizations for row in imports.preview(batch).rows)


def test_ledger_as_streets_send_it_is_recognized(root, branch, clerk):
    header = [
        "序号", "党组织名称", "类型", "上届换届时间", "任期届满时间", "提交换届请示时间", "提交预备人选时间",
        "召开党员大会时间", "本届任期", "选举方式", "换届文号", "未换届原因", "拟完成时间",
    ]  # fmt: skip
    row = [
        1,
        branch.name,
        "党支部",
        "2021.06.15",
        "2026.06.15",
        "2026.10.8",
        None,
        "2026年12月10日",
        "5年",
        None,
        None,
        "外出务工",
        "2026.12",
    ]
    data = workbooks.xlsx(("台账", [["换届台账"], header, row]))

    batch = imports.upload(data=data, file_name="a.xlsx", kind="", organization=root, on=ON, by=clerk)

    assert (batch.kind, outcome(batch)) == ("terms", [(3, "ok", "new")])
    assert imports.preview(batch).sheets[0].unknown == ("类型", "提交预备人选时间", "选举方式")


def test_ledger_of_organizations_stays_one(root, clerk):
    header = ["党组织编码", "党组织名称", "上级党组织编码", "组织类别", "换届日期", "届满日期"]
    data = workbooks.xlsx(("台账", [header, ["YL06", "虚构第六党支部", "YL", "党支部", "2021-06-15", None]]))

    assert (
        imports.upload(data=data, file_name="a.xlsx", kind="auto", organization=root, on=ON, by=clerk).kind
        == "organizations"
    )


def test_number_of_queries_does_not_depend_on_the_rows(root, clerk):
    for number in range(20):
        factories.OrganizationFactory(parent=root, code=f"Q{number}", name=f"虚构{number}号党支部")
    rows = [
        line(f"Q{number}", elected="2021-06-15", until="2027-01-01", approval_no="云组〔2026〕1号")
        for number in range(20)
    ]
    confirmed(clerk, rows[0])  # what is looked up once per process
    with CaptureQueriesContext(connection) as one:
        confirmed(clerk, rows[1])

    with CaptureQueriesContext(connection) as many:
        confirmed(clerk, *rows[2:])

    assert len(many) == len(one)


def test_page_of_a_batch_shows_terms(client, branch, clerk):
    client.force_login(clerk)
    batch = confirmed(clerk, FULL)

    page = client.get(reverse("import_batch", args=[batch.uid]))

    assert page.status_code == 200
    assert "云组〔2026〕12号" in page.content.decode()


def test_a_row_of_an_unknown_organization_tells_everything_that_is_wrong_at_once(branch, clerk):
    batch = upload(
        clerk, line(code="YL99", elected="2026-12-01"), line(code="YL99", elected="2021-06-15", expires="2021-06-14")
    )

    assert [(row, code) for row, _, code, *_ in codes(batch)] == [
        (2, "ORG_UNKNOWN"), (2, "DATE_FUTURE"), (3, "ORG_UNKNOWN"), (3, "TERM_ORDER"),
    ]  # fmt: skip
