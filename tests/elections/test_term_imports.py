"""The term ledger: terms of known organizations with extension, early approval, 指派, election, plan and reason."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections import imports
from elections.models import Appointment, Election, Extension, Term
from orgs.enums import Kind, UnitType
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
CELLS = {
    "code": "党组织编码",
    "name": "党组织名称",
    "body": "班子",
    "no": "届次",
    "elected": "换届日期",
    "years": "任期(年)",
    "expires": "届满日期",
    "document": "换届批复文号",
    "until": "延期至",
    "approved": "是否批准延期",
    "approved_on": "延期批复日期",
    "approval_no": "延期批复文号",
    "level": "批准层级",
    "early_on": "提前换届批复日期",
    "early_no": "提前换届批复文号",
    "appointed_on": "指派日期",
    "appointed_no": "指派文号",
    "opened": "提交换届请示时间",
    "day": "召开党员大会时间",
    "kind": "选举类型",
    "planned": "计划换届时间",
    "reason": "未换届原因",
}
TABLES = (Term, Extension, Appointment, Election)


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def root():
    return factories.RootFactory(code="YL")


@pytest.fixture
def branch(root):
    return factories.OrganizationFactory(parent=root, code="YL01", name="虚构社区第一党支部")


@pytest.fixture
def clerk(root):
    return factories.user_at(root)


def line(code="YL01", **cells):
    row = {"code": code, **cells}
    assert row.keys() <= CELLS.keys()
    return [row.get(name) for name in CELLS]


def upload(clerk, *rows, on=ON, kind="auto", organization=None):
    data = workbooks.xlsx(("台账", [list(CELLS.values()), *rows]))
    organization = organization or clerk.organization
    return imports.upload(data=data, file_name="换届台账.xlsx", kind=kind, organization=organization, on=on, by=clerk)


def confirmed(clerk, *rows, partial=False, **options):
    return imports.confirm(batch=upload(clerk, *rows, **options), partial=partial, by=clerk)


def outcome(batch):
    return [(row.number, row.status.value, row.step) for row in imports.preview(batch).rows]


def codes(batch):
    return [(each.row, each.header, each.code.value) for each in imports.preview(batch).issues]


def books():
    """Every row of the tables written, without versions, which go on counting."""
    found = {}
    for model in TABLES:
        columns = [field.attname for field in model._meta.concrete_fields if field.attname != "version"]
        found[model.__name__] = list(model._base_manager.order_by("pk").values_list(*columns))
    return found


FULL = line(
    no="4",
    elected="2021-06-15",
    until="2027-03-31",
    approved_on="2026-05-20",
    approval_no="云组〔2026〕12号",
    early_on="2021-03-01",
    early_no="云组〔2021〕3号",
    opened="2026-10-08",
    day="2026-12-10",
    planned="2026-12",
    reason="多数委员外出",
)


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
    assert imports.preview(batch).sheets[0].unknown == ("序号", "类型", "提交预备人选时间", "选举方式")


def test_ledger_of_organizations_stays_one(root, clerk):
    header = ["党组织编码", "党组织名称", "上级党组织编码", "组织类别", "换届日期", "届满日期"]
    data = workbooks.xlsx(("台账", [header, ["YL06", "虚构第六党支部", "YL", "党支部", "2021-06-15", None]]))

    assert (
        imports.upload(data=data, file_name="a.xlsx", kind="auto", organization=root, on=ON, by=clerk).kind
        == "organizations"
    )


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


def test_organization_that_waits_for_its_first_election_lacks_nothing(root, clerk):
    for code, founded in (("N1", "2025-11-21"), ("N2", "2025-11-20")):
        factories.OrganizationFactory(parent=root, code=code, name=f"虚构{code}党支部", founded_on=day(founded))
    appointed = factories.OrganizationFactory(parent=root, code="N3", name="虚构N3党支部")
    factories.AppointmentFactory(organization=appointed)

    batch = upload(clerk, *(line(code, name=f"虚构{code}党支部") for code in ("N1", "N2", "N3")))

    assert codes(batch) == [(3, "换届日期", "TERM_MISSING")]
