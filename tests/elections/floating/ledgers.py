"""Ledgers of floating members in the national forms, and what became of them on their way through the pipeline."""

import datetime

from elections import imports
from members.models import Member
from tests import factories, workbooks
from tests.snapshots import books

ON = datetime.date(2026, 11, 21)
DAY = datetime.date
# The national forms as they are: no ID number of those out.
OUT_HEADER = [
    "姓名",
    "所在党委",
    "所在党支部",
    "原职业",
    "外出流向",
    "流出时间",
    "流出省份",
    "流出原因",
    "是否持有《流动党员活动证》",
    "组织关系状态",
]
IN_HEADER = [
    "姓名",
    "公民身份号码",
    "所在党支部",
    "原职业",
    "流入前所在省份",
    "流入时间",
    "流入原因",
    "入党时间",
    "组织关系所在地",
    "联系方式",
]
LI = workbooks.id_number(birth="19800506", order="011")
ZHAO = workbooks.id_number(birth="19851212", order="023")
BRANCH = "虚构社区第一党支部"


def li_out(**changes):
    row = dict(zip(OUT_HEADER, ["李明", "虚构街道党工委", BRANCH, "工人", "虚构省虚构市", "2025-03-01", "虚构省",
                                "务工", "是", "正常"], strict=True))  # fmt: skip
    return list((row | changes).values())


def zhao_in(**changes):
    row = dict(zip(IN_HEADER, ["赵敏", ZHAO, BRANCH, "教师", "虚构省", "2025-06-01", "随迁", "2010-07-01",
                               "虚构省虚构县虚构村党支部", "15400000012"], strict=True))  # fmt: skip
    return list((row | changes).values())


def member_at(organization, name="李明", number=LI, **fields) -> Member:
    member = factories.MemberFactory(name=name, **fields)
    if number:
        member.set_id_number(number)
        member.save()
    factories.AffiliationFactory(member=member, organization=organization)
    return member


def upload(clerk, organization, *sheets, kind="auto", on=ON):
    data = workbooks.xlsx(*sheets)
    return imports.upload(data=data, file_name="流动党员.xlsx", kind=kind, organization=organization, on=on, by=clerk)


def out(*rows, title="Sheet1"):
    return title, [OUT_HEADER, *rows]


def coming(*rows, title="Sheet2"):
    return title, [IN_HEADER, *rows]


def outcome(batch):
    return [
        (row.number, row.status.value, row.step, {name: list(pair) for name, pair in row.changes.items()})
        for row in imports.preview(batch).rows
    ]


def problems(batch):
    return [(each.row, each.code.value, each.severity.value, each.message) for each in imports.preview(batch).issues]


def missing(batch):
    return [(each.title, each.place) for each in imports.preview(batch).missing]


def confirm(batch, clerk, partial=False):
    return imports.confirm(batch=batch, partial=partial, by=clerk)


def exported(clerk, organization, *, unmasked):
    roster = imports.FloatingRoster()
    titles, rows = roster.table(roster.export_records(imports.Scope(clerk, organization, ON), unmasked=unmasked))
    return "流动党员台账", [titles, *([cell or None for cell in row] for row in rows)]


def people():
    """Every row of the tables of people."""
    return {name: rows for name, rows in books().items() if name.startswith("members.")}
