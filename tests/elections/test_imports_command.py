"""`manage.py import_roster`: exit codes, report, and whose part of the tree."""

import datetime
import io
import json

import pytest
from django.core.management import CommandError, call_command

from members.models import Affiliation, Member
from orgs.models import AuditEvent, ImportBatch, ImportEffect, Organization
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

HEADER = ["党组织编码", "姓名", "身份证号", "联系电话"]
LI = workbooks.id_number(birth="19800506", order="011")
ZHAO = workbooks.id_number(birth="19851212", order="023")
ON = datetime.date(2026, 11, 21)


@pytest.fixture
def root():
    root = factories.RootFactory(code="YL")
    factories.OrganizationFactory(parent=root, code="YL01", name="虚构社区第一党支部")
    factories.user_at(root, username="clerk")
    return root


@pytest.fixture
def roster(tmp_path):
    def make(*rows):
        path = tmp_path / "花名册.xlsx"
        path.write_bytes(workbooks.xlsx(("花名册", [HEADER, *rows])))
        return path

    return make


def run(kind, path, *options, user="clerk"):
    output = io.StringIO()
    call_command("import_roster", kind, str(path), "--user", user, "--on", "2026-11-21", *options, stdout=output)
    return output.getvalue()


def test_without_confirm_only_the_preview_is_stored(root, roster):
    output = run("auto", roster(["YL01", "李明", LI, "15400000001"]))

    assert Member.objects.count() == 0
    assert ImportBatch.objects.get().state == "checked"
    assert "共 1 行，无误 1 行，有错误 0 行。其中新增 1 行。" in output


def test_confirm_writes_and_reports(root, roster, tmp_path):
    report = tmp_path / "out.json"

    run("members", roster(["YL01", "李明", LI, "15400000001"]), "--confirm", "--report", str(report))

    assert Member.objects.count() == 1
    batch = ImportBatch.objects.get()
    found = json.loads(report.read_text(encoding="utf-8"))
    assert found == {
        "file_outcome": "import",
        "message": "已导入：新增 1 行，变更 0 行，无变化 0 行。",
        "batch": str(batch.uid),
        "state": "applied",
        "kind": "members",
        "counts": {
            "rows": 1, "good": 1, "warning": 1, "bad": 0, "skipped": 0,
            "new": 1, "changed": 0, "unchanged": 0, "transfer": 0, "missing": 0,
        },
        "rows": [
            {
                "sheet": "花名册",
                "row": 2,
                "status": "warning",
                "codes": ["FORMAL_DATE_MISSING"],
                "record": {
                    "org_code": "YL01",
                    "name": "李明",
                    "id_number": LI[:6] + "********" + LI[-4:],
                    "phone": "154****0001",
                    "sex": "男",
                    "birth": "1980-05-06",
                },
                "step": "new",
            }
        ],
        "issues": [
            {
                "sheet": "花名册",
                "row": 2,
                "column": None,
                "header": "",
                "value": "",
                "code": "FORMAL_DATE_MISSING",
                "severity": "warning",
                "message": "正式党员没有转正日期，请补填。",
            }
        ],
        "missing": [],
    }  # fmt: skip


def test_errors_without_partial_exit_2_and_write_nothing(root, roster, tmp_path):
    report = tmp_path / "out.json"
    path = roster(["YL01", "李明", LI, None], ["YL01", "赵芳", ZHAO[:17], None])

    with pytest.raises(CommandError) as refused:
        run("members", path, "--confirm", "--report", str(report))

    assert refused.value.returncode == 2
    assert Member.objects.count() == 0
    found = json.loads(report.read_text(encoding="utf-8"))
    errors = [each for each in found["issues"] if each["severity"] == "error"]
    assert [(each["sheet"], each["row"], each["column"], each["header"], each["code"]) for each in errors] == [
        ("花名册", 3, 3, "身份证号", "ID_LENGTH")
    ]
    assert found["file_outcome"] == "import"


def test_one_wrong_cell_among_6000_is_named_and_nothing_is_written(root, roster, tmp_path):
    first, report = datetime.date(1950, 1, 1), tmp_path / "out.json"
    births = [(first + datetime.timedelta(days=number)).strftime("%Y%m%d") for number in range(6000)]
    rows = [["YL01", "李明", workbooks.id_number(birth=birth, order="011"), None] for birth in births]
    rows[4319][2] = rows[4319][2][:-1] + ("1" if rows[4319][2][-1] != "1" else "2")

    with pytest.raises(CommandError) as refused:
        run("members", roster(*rows), "--confirm", "--report", str(report))

    assert refused.value.returncode == 2
    assert str(refused.value).startswith("有 1 行存在错误，没有写入任何内容。")
    errors = [each for each in json.loads(report.read_text(encoding="utf-8"))["issues"] if each["severity"] == "error"]
    assert [(each["row"], each["column"], each["code"]) for each in errors] == [(4321, 3, "ID_CHECKSUM")]
    assert (Member.objects.count(), Affiliation.objects.count(), ImportEffect.objects.count()) == (0, 0, 0)


def test_partial_writes_the_good_rows(root, roster):
    run("members", roster(["YL01", "李明", LI, None], ["YL01", "赵芳", ZHAO[:17], None]), "--confirm", "--partial")

    assert list(Member.objects.values_list("name", flat=True)) == ["李明"]


def test_file_of_no_roster_is_rejected_with_exit_2(root, tmp_path):
    path, report = tmp_path / "a.xlsx", tmp_path / "out.json"
    path.write_bytes(b"%PDF-1.7 ...")

    with pytest.raises(CommandError) as refused:
        run("members", path, "--report", str(report))

    assert refused.value.returncode == 2
    found = json.loads(report.read_text(encoding="utf-8"))
    assert (found["file_outcome"], [each["code"] for each in found["issues"]]) == ("reject", ["FILE_TYPE"])


def test_other_kind_is_named(root, roster):
    with pytest.raises(CommandError, match="这份文件像是「党员花名册」，不是「党组织台账」"):
        run("organizations", roster(["YL01", "李明", LI, None]))


def test_nothing_in_clear_is_printed_or_reported(root, roster, tmp_path):
    report = tmp_path / "out.json"
    wrong = ZHAO[:-1] + ("1" if ZHAO[-1] != "1" else "2")

    output = run(
        "members", roster(["YL01", "李明", LI, "15400000001"], ["YL01", LI, wrong, None]), "--report", str(report)
    )

    text = output + report.read_text(encoding="utf-8")
    assert [number for number in (LI, wrong, "15400000001") if number in text] == []


def test_unmasked_report_shows_numbers_and_leaves_an_event(root, roster, tmp_path):
    report = tmp_path / "out.json"

    run("members", roster(["YL01", "李明", LI, None]), "--report", str(report), "--unmasked")

    assert json.loads(report.read_text(encoding="utf-8"))["rows"][0]["record"]["id_number"] == LI
    assert AuditEvent.objects.filter(kind="import.report_unmasked").count() == 1


def test_user_without_right_is_refused(root, roster):
    factories.user_at(root, role="viewer", username="viewer")

    with pytest.raises(CommandError, match="账号“viewer”没有导入名册的权限。"):
        run("members", roster(["YL01", "李明", LI, None]), user="viewer")


def test_node_outside_the_scope_is_as_unknown(root, roster):
    street = factories.StreetFactory(parent=root, code="S1")
    factories.user_at(street, username="street")

    with pytest.raises(CommandError, match="没有找到编码为“YL01”的党组织，或者该账号不能为它导入。"):
        run("members", roster(["YL01", "李明", LI, None]), "--node", "YL01", user="street")
    with pytest.raises(CommandError, match="没有找到编码为“ZZ”的党组织，或者该账号不能为它导入。"):
        run("members", roster(["YL01", "李明", LI, None]), "--node", "ZZ", user="street")


def test_several_parts_of_the_tree_need_a_node(root, roster):
    first, second = factories.StreetFactory(parent=root, code="S1"), factories.StreetFactory(parent=root, code="S2")
    user = factories.user_at(first, username="both")
    factories.GrantFactory(user=user, organization=second)

    with pytest.raises(CommandError, match="请用 --node 指明为哪一个导入"):
        run("members", roster(["YL01", "李明", LI, None]), user="both")
    run("members", roster(["S1", "李明", LI, None]), "--node", "S1", user="both")

    assert ImportBatch.objects.get().organization == Organization.objects.get(code="S1")


@pytest.mark.parametrize(
    "kind, header, row",
    [
        ("terms", ["党组织编码", "换届日期", "延期至"], ["YL01", "2024-06-01", None]),
        ("committee", ["党组织编码", "姓名", "职务", "产生方式"], ["YL01", "周强", "书记", "第一书记"]),
    ],
)
def test_terms_and_committees_are_written_and_told_apart(root, tmp_path, kind, header, row):
    path = tmp_path / "名册.xlsx"
    path.write_bytes(workbooks.xlsx(("名册", [header, row])))

    assert "其中新增 1 行。" in run("auto", path)
    run(kind, path, "--confirm")

    assert list(ImportBatch.objects.order_by("id").values_list("kind", "state")) == [
        (kind, "checked"), (kind, "applied")
    ]  # fmt: skip
