"""Any cell in any column of any roster: an answer, never a breakdown, and nothing lost without a word."""

import datetime

import pytest

from elections import imports
from elections.models import Post, Term
from members.models import Affiliation, Member
from orgs.enums import BatchState, Kind, RosterKind
from orgs.importing.cleaned import BLANK_WORDS, text_of
from tests import factories, workbooks
from tests.workbooks import id_number

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
# What clerks, other programs and slips of the hand leave in cells.
CELLS = [
    "x", "无", "—", "不详", "#REF!", "=1+1", "+86", "-", "@x", "同上", "，", "?", "0", "-1", "1", "3", "99", "1.5",
    "张三\n李四", "\u200b", "'x", '="1"', "〇", "二〇二一年三月五日", "2021.03", "21.3.5", "2099-01-01", "1800-01-01",
    "2021-02-30", "3021", "是", "×", "书记", "党支部", "预备党员", "群众", "119901199001010025", "119901********0025",
    "119901900101001", "119901209912310017", "1.19901E+17", "15400000001", "\U00020087", "\ue000", "（）", "()", "/",
    "1/2", "、", "京组字〔2024〕1号", "虚构社区第一党支部", "没有这个党支部", "YL0101", "字" * 300, "A" * 130,
    0, 1, -1, 3, 2021, 202103, 44260, 20210305, 15400000001, 119901199001010025, 10**15, 2012.1, 0.5, 1e300,
    True, False, datetime.date(2021, 3, 5), datetime.date(2099, 1, 1), datetime.datetime(2021, 3, 5, 23, 59),  # noqa: DTZ001
]  # fmt: skip


@pytest.fixture
def root():
    return factories.RootFactory(code="YL")


@pytest.fixture
def clerk(root):
    return factories.user_at(root)


@pytest.fixture
def branches(root):
    """As many branches as there are rows in the longest file, so that no row is in the way of another."""
    return [
        factories.OrganizationFactory(parent=root, code=f"Z{number}", name=f"虚构{number}号党支部", kind=Kind.BRANCH)
        for number in range(60)
    ]


def plain_row(kind, number, branches):
    """A row without any fault, of its own person and organization."""
    branch = branches[number % len(branches)]
    day = datetime.date(1950, 1, 1) + datetime.timedelta(days=number)
    number_of = id_number(birth=f"{day:%Y%m%d}", order="002")
    if kind == RosterKind.ORGANIZATIONS:
        return {
            "org_code": f"N{number}",
            "org_name": f"虚构新建{number}号党支部",
            "parent_code": "YL",
            "kind": "党支部",
        }
    if kind == RosterKind.TERMS:
        return {"org_code": branch.code, "elected": f"20{number % 20:02d}-{number % 12 + 1:02d}-15", "term_years": "3"}
    if kind == RosterKind.MEMBERS:
        return {"org_code": branch.code, "name": "李明", "id_number": number_of, "joined": "2000-07-01"}
    if kind == RosterKind.FLOATING:
        return {"org_code": branch.code, "name": "李明", "id_number": number_of, "direction": "流入", "reason": "务工"}
    return {"org_code": branch.code, "name": "李明", "id_number": number_of, "post": "委员"}


def file_of(roster, rows):
    names = list(roster.fields)
    titles = [roster.fields[name].column_name for name in names]
    return workbooks.xlsx(("名册", [titles, *([row.get(name) for name in names] for row in rows)]))


@pytest.mark.parametrize("kind", list(imports.importer.by_kind))
def test_every_cell_of_every_column_is_answered(root, clerk, branches, kind):
    roster = imports.importer.by_kind[kind]
    tried = [(name, cell) for name in roster.fields for cell in CELLS]
    rows = [{**plain_row(kind, number, branches), name: cell} for number, (name, cell) in enumerate(tried)]

    batch = imports.upload(
        data=file_of(roster, rows), file_name="名册.xlsx", kind=kind, organization=root, on=ON, by=clerk
    )

    preview = imports.preview(batch)
    assert (batch.state, batch.counts["rows"]) == (BatchState.CHECKED, len(rows))
    assert batch.counts["good"] + batch.counts["bad"] + batch.counts["skipped"] == len(rows)
    dropped = [
        (name, cell)
        for (name, cell), row in zip(tried, preview.rows, strict=True)
        if name not in row.record and not row.skipped and not row.issues
    ]
    # A masked phone says nothing new.
    assert [
        (name, cell)
        for name, cell in dropped
        if text_of(cell) not in BLANK_WORDS and not (name == "phone" and "*" in text_of(cell))
    ] == []

    if batch.counts["good"]:
        batch = imports.confirm(batch=batch, partial=True, by=clerk)
        assert batch.state == BatchState.APPLIED
        imports.undo(batch=batch, by=clerk)
    assert [model.objects.count() for model in (Member, Affiliation, Term, Post)] == [0, 0, 0, 0]
