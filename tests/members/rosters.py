"""Member rosters for tests: one person's row, and a file of such rows on its way through the pipeline."""

import datetime

from elections import imports
from members.models import Affiliation, Member, RosterConfirmation, Standing
from tests import workbooks

ON = datetime.date(2026, 11, 21)
HEADER = [
    "党组织编码",
    "所在党支部",
    "姓名",
    "公民身份号码",
    "性别",
    "民族",
    "人员类别",
    "入党日期",
    "转正日期",
    "联系电话",
    "是否流动党员",
]
LI = workbooks.id_number(birth="19800506", order="011")
ZHAO = workbooks.id_number(birth="19851212", order="023")
WANG = workbooks.id_number(birth="19791001", order="033")


def li(**changes):
    row = {
        "党组织编码": "YL01",
        "所在党支部": "虚构社区第一党支部",
        "姓名": "李明",
        "公民身份号码": LI,
        "性别": "男",
        "民族": "汉",
        "人员类别": "正式党员",
        "入党日期": "2005-07-01",
        "转正日期": "2006-07-01",
        "联系电话": "15400000001",
        "是否流动党员": "否",
    }
    row.update(changes)
    return [row[title] for title in HEADER]


def upload(clerk, organization, *rows, on=ON):
    data = workbooks.xlsx(("花名册", [HEADER, *rows]))
    return imports.upload(data=data, file_name="花名册.xlsx", kind="auto", organization=organization, on=on, by=clerk)


def confirmed(clerk, organization, *rows, on=ON, partial=False):
    return imports.confirm(batch=upload(clerk, organization, *rows, on=on), partial=partial, by=clerk)


def outcome(batch):
    return [(row.number, row.status.value, row.step) for row in imports.preview(batch).rows]


def codes(batch):
    return [(each.row, each.column, each.code.value) for each in imports.preview(batch).issues]


def exported(clerk, organization, *, unmasked):
    roster = imports.MemberRoster()
    titles, rows = roster.table(roster.export_records(imports.Scope(clerk, organization, ON), unmasked=unmasked))
    return workbooks.xlsx(("花名册", [titles, *([cell or None for cell in row] for row in rows)]))


def books():
    """Every row of the tables of people, without versions, which go on counting."""
    tables = {}
    for model in (Member, Affiliation, Standing, RosterConfirmation):
        columns = [field.attname for field in model._meta.concrete_fields if field.attname != "version"]
        tables[model.__name__] = list(model.everything.order_by("pk").values_list(*columns))
    return tables
