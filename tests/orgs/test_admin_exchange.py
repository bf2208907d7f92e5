"""Import and export in the admin: own rows only, the confirmation bound to the uploader, once, not for ever."""

import csv
import io

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgs.enums import Role
from orgs.models import AuditEvent, Unit
from tests.factories import RootFactory, StreetFactory, UnitFactory, user_at

pytestmark = pytest.mark.django_db

TITLES = ["单位名称", "统一社会信用代码", "单位类别", "是否大中型企业", "登记单位的党组织"]


@pytest.fixture
def streets():
    root = RootFactory()
    return (
        StreetFactory(parent=root, name="云岭东街道党工委", code="JD01"),
        StreetFactory(parent=root, name="云岭西街道党工委", code="JD02"),
    )


@pytest.fixture
def clerk(streets):
    return user_at(streets[0], is_staff=True)


@pytest.fixture
def page(client, clerk):
    client.force_login(clerk)
    return client


def address(page, *args):
    return reverse(f"admin:orgs_unit_{page}", args=args)


def file_of(*rows, titles=TITLES, name="单位.csv"):
    text = io.StringIO()
    csv.writer(text).writerows([titles, *rows])
    return SimpleUploadedFile(name, text.getvalue().encode("utf-8-sig"))


def upload(page, *rows):
    """Upload rows; the address of the preview."""
    response = page.post(address("import"), {"file": file_of(*rows)})
    assert response.status_code == 302
    return response["Location"]


NEW = ["云岭虚构商贸有限公司", "", "非公企业", "否", "JD01"]


def told(response):
    return [(row.line, row.what, row.problems) for row in response.context["rows"]]


def test_a_table_is_shown_then_written_once(page, streets, clerk):
    preview = upload(page, NEW)
    shown = page.get(preview)
    before = Unit.objects.count()

    confirmed = page.post(preview)
    again = page.post(preview)

    unit = Unit.objects.get()
    assert told(shown) == [(2, "新增", ())]
    assert (before, confirmed.status_code, again.status_code) == (0, 302, 410)
    assert (unit.name, unit.keeper, unit.unit_type, unit.is_large) == (NEW[0], streets[0], "private", False)
    assert AuditEvent.objects.get(target_uid=unit.uid).actor == clerk


def test_rows_that_are_there_already_are_changed_or_left(page, streets):
    UnitFactory(keeper=streets[0], name="云岭虚构商贸有限公司")
    kept = UnitFactory(keeper=streets[0], name="云岭虚构印务有限公司")

    preview = upload(page, [NEW[0], "", "社会组织", "", "JD01"], [kept.name, "", "非公企业", "", "JD01"])
    shown = page.get(preview)
    page.post(preview)

    assert told(shown) == [(2, "修改", ()), (3, "不变", ())]
    assert shown.context["rows"][0].cells[2] == "非公企业 → 社会组织"
    assert Unit.objects.get(name=NEW[0]).unit_type == "social"
    assert AuditEvent.objects.filter(target_uid=kept.uid).count() == 0


def test_one_wrong_row_stops_all(page, streets):
    preview = upload(page, NEW, ["云岭虚构印务有限公司", "", "工厂", "", "JD99"])

    shown, confirmed = page.get(preview), page.post(preview)

    assert [row.what for row in shown.context["rows"]] == ["新增", "有误"]
    assert shown.context["rows"][1].problems == (
        "单位类别：“工厂”不在可选范围内，请填写：村、社区、乡镇、街道机关、机关、事业单位、中小学、高校、医院、科研院所、"
        "国有企业、非公企业、社会组织、合作社、其他",
        "登记单位的党组织：没有找到“JD99”：它可能不存在，或者不在您的管理范围内",
    )
    assert confirmed.status_code == 200
    assert not Unit.objects.exists()


def test_another_streets_unit_is_neither_shown_nor_written(page, streets):
    foreign = UnitFactory(keeper=streets[1], name="西街道虚构商贸有限公司", credit_code="91119900MA00000001")

    preview = upload(page, [foreign.name, "", "社会组织", "", "JD02"])
    shown = page.get(preview)
    page.post(preview)

    foreign.refresh_from_db()
    assert [row.what for row in shown.context["rows"]] == ["有误"]
    assert foreign.unit_type == "private"
    assert Unit.objects.count() == 1


def test_a_confirmation_belongs_to_its_uploader(page, client, streets):
    preview = upload(page, NEW)
    page.logout()
    client.force_login(user_at(streets[0], is_staff=True))

    assert client.get(preview).status_code == 410
    assert client.post(preview).status_code == 410
    assert not Unit.objects.exists()


def test_a_confirmation_expires(client, clerk):
    with time_machine.travel("2026-11-21 09:00:00+08:00", tick=False):
        client.force_login(clerk)
        preview = upload(client, NEW)
    with time_machine.travel("2026-11-21 09:20:00+08:00", tick=False):
        in_time = client.get(preview).status_code
    with time_machine.travel("2026-11-21 09:30:00+08:00", tick=False):
        late = client.post(preview).status_code

    assert (in_time, late) == (200, 410)
    assert not Unit.objects.exists()


def test_the_waiting_table_is_not_readable_in_the_session(page):
    upload(page, NEW)

    entry = page.session["pending_import"]

    assert "虚构商贸" not in str(entry)
    assert entry["sealed"] != ""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7 ...", "这是 PDF 文件，系统无法读取其中的表格。请上传原来的 Excel 表格（.xlsx）。"),
        ("姓名,年龄\n甲,3\n".encode(), "没有找到标题行。请下载模板，把内容填在模板的各列下再导入。"),
        (
            "单位名称,单位类别\n甲,其他\n".encode(),
            "缺少这些列：统一社会信用代码、是否大中型企业、登记单位的党组织。请按模板补上标题，内容可以留空。",
        ),
    ],
    ids=["pdf", "other table", "columns missing"],
)
def test_a_file_that_is_no_table_of_ours_is_explained(page, content, sentence):
    response = page.post(address("import"), {"file": SimpleUploadedFile("单位.csv", content)})

    assert response.context["form"].errors == {"file": [sentence]}


def test_too_many_rows_are_refused(page):
    rows = [[f"云岭虚构{number}有限公司", *NEW[1:]] for number in range(501)]

    response = page.post(address("import"), {"file": file_of(*rows)})

    assert response.context["form"].errors == {"file": ["一次最多导入 500 行，请拆成几个文件分别导入。"]}


def test_viewer_exports_but_does_not_import(client, streets):
    client.force_login(user_at(streets[0], Role.VIEWER, is_staff=True))

    assert client.get(address("export")).status_code == 200
    assert client.get(address("import")).status_code == 403
    assert client.get(address("import_template")).status_code == 403


def cells_of(response):
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_export_holds_own_rows_as_text(page, streets, clerk):
    UnitFactory(keeper=streets[0], name="=1+1", is_large=True)
    UnitFactory(keeper=streets[1], name="西街道虚构商贸有限公司")

    response = page.post(address("export"), {"format": "xlsx"})

    assert cells_of(response) == [TITLES, ["=1+1", None, "非公企业", "是", "JD01"]]
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet["A2"].data_type == "s"
    event = AuditEvent.objects.get(kind="export")
    assert (event.actor, event.changes) == (clerk, {"what": [None, "orgs.unit"], "rows": [None, 1]})


def test_export_follows_the_filters_of_the_list(page, streets):
    UnitFactory(keeper=streets[0], name="云岭虚构印务有限公司")
    UnitFactory(keeper=streets[0], name="云岭虚构小学", unit_type="school")

    response = page.post(address("export") + "?unit_type=school", {"format": "csv"})

    assert response.content.decode("utf-8-sig").splitlines()[1:] == ["云岭虚构小学,,中小学,,JD01"]


def test_template_imports_unchanged(page):
    template = page.get(address("import_template"))

    response = page.post(address("import"), {"file": SimpleUploadedFile("模板.xlsx", template.content)})

    assert cells_of(template)[0] == [
        "序号",
        "*单位名称",
        "统一社会信用代码",
        "*单位类别",
        "是否大中型企业",
        "*登记单位的党组织",
    ]
    assert response.context["form"].errors == {"file": ["标题行下面没有内容。"]}
