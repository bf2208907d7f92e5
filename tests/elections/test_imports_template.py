"""The forms that clerks download come back as they are filled in; their example is never anybody."""

import datetime
import io

import openpyxl
import pytest
from django.urls import reverse

from elections import imports
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
FILLED = {
    "members": {"党组织编码": "YL01", "姓名": "李明", "公民身份号码": workbooks.id_number(), "人员类别": "预备党员"},
    "organizations": {
        "党组织编码": "YL02",
        "党组织名称": "虚构街道党工委",
        "上级党组织编码": "YL",
        "组织类别": "党工委",
    },
    "terms": {"党组织编码": "YL01", "换届日期": "2024-06-01"},
    "committee": {"党组织编码": "YL01", "姓名": "王建国", "职务": "书记"},
    "floating": {"党组织编码": "YL01", "姓名": "李明", "公民身份号码": workbooks.id_number(), "方向": "流入"},
}


@pytest.mark.parametrize("kind", ["members", "organizations", "terms", "committee", "floating"])
def test_template_imports_unchanged_and_its_example_is_skipped(client, kind):
    root = factories.RootFactory(code="YL")
    branch = factories.OrganizationFactory(parent=root, code="YL01", name="虚构社区第一党支部")
    factories.AffiliationFactory(organization=branch)
    clerk = factories.user_at(root)
    client.force_login(clerk)
    book = openpyxl.load_workbook(io.BytesIO(client.get(reverse("import_template", args=[kind])).getvalue()))
    sheet = book.worksheets[0]
    titles = [str(cell.value).strip("*") for cell in sheet[1]]
    for title, value in FILLED[kind].items():
        sheet.cell(3, titles.index(title) + 1, value)
    filled = io.BytesIO()
    book.save(filled)

    batch = imports.upload(data=filled.getvalue(), file_name="a.xlsx", kind="auto", organization=root, on=ON, by=clerk)

    preview = imports.preview(batch)
    assert [(row.number, row.status.value, row.skipped, row.step) for row in preview.rows] == [
        (2, "skipped", "模板中的示例行", ""),
        (3, "ok", "", "new"),
    ]
    assert (batch.kind, preview.issues) == (kind, ())
