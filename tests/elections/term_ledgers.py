"""Term ledgers (换届台账) as tests write them: one row per term, read and written by the pipeline."""

import datetime

from elections import imports
from elections.models import Appointment, Election, Extension, Term
from tests import workbooks

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
