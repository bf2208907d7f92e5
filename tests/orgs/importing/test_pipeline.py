"""Reading a file into rows: which kind, which sheet, which rows are data, and that every row is accounted for."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from elections import imports
from elections.imports import MemberRoster, OrganizationRoster
from orgs.enums import BatchState
from orgs.importing import preview as previews
from orgs.importing.recognition import RosterRejected, recognize
from orgs.models import AuditEvent, ImportBatch
from orgs.workbook import EXAMPLE_MARK
from tests import factories, workbooks

ROSTERS = (OrganizationRoster, MemberRoster)
ON = datetime.date(2026, 11, 21)
LI = workbooks.id_number(birth="19800506", order="011")
HEADER = ["序号", "所在党支部", "姓名", "身份证号"]
ROW = ["1", "虚构社区第一党支部", "李明", LI]


def found_in(*rows, kind=""):
    return recognize(workbooks.xlsx(("花名册", rows)), "花名册.xlsx", ROSTERS, kind)


def accounted(found):
    return [(row.number, row.skipped) for row in found.rows]


def test_kind_is_told_from_the_titles():
    members = found_in(HEADER, ROW)
    organizations = found_in(["党组织名称", "上级党组织", "组织类别"], ["虚构社区党总支", "虚构街道党工委", "党总支"])

    assert isinstance(members.roster, MemberRoster)
    assert isinstance(organizations.roster, OrganizationRoster)


def test_header_is_found_below_title_rows():
    found = found_in(["云岭区党员花名册"], ["填报单位：虚构街道", None, "2026年11月"], HEADER, ROW)

    assert accounted(found) == [(4, "")]
    assert found.rows[0].values["name"] == "李明"


def test_every_row_below_the_header_is_accounted_for():
    found = found_in(
        HEADER,
        [EXAMPLE_MARK, "虚构社区第一党支部", "张三", "119901199001010025"],
        ROW,
        ["备注：本表截至十一月"],
        HEADER,
        ["合 计", None, "1人", "1"],
    )

    assert accounted(found) == [
        (2, "模板中的示例行"),
        (3, ""),
        (4, "说明、备注或签字行"),
        (5, "重复的表头"),
        (6, "合计行"),
    ]


def test_sheets_that_are_no_roster_are_named():
    data = workbooks.xlsx(
        ("说明", [["请如实填写", "谢谢"]]), ("花名册", [HEADER, ROW]), ("字典", [["男", "女"]]), hidden=["字典"]
    )

    found = recognize(data, "a.xlsx", ROSTERS)

    assert [(part.title, part.skipped) for part in found.sheets] == [
        ("说明", "没有找到「党员花名册」的表头"),
        ("花名册", ""),
        ("字典", "工作表是隐藏的"),
    ]
    assert [each.message for each in found.issues] == [
        "工作表「说明」没有导入：没有找到「党员花名册」的表头。如需导入，请改正后重新上传。",
        "工作表「字典」没有导入：工作表是隐藏的。如需导入，请改正后重新上传。",
    ]


@pytest.mark.parametrize(
    ("rows", "kind", "code", "message"),
    [
        ([["甲", "乙"], ["1", "2"]], "", "SHEET_UNRECOGNISED", "工作表「花名册」中没有找到可识别的表头"),
        ([["姓名", "性别"], ["李明", "男"]], "members", "SHEET_UNRECOGNISED", "缺少必需的列：公民身份号码"),
        ([HEADER, ROW], "organizations", "WRONG_KIND", "这份文件像是「党员花名册」，不是「党组织台账」"),
        ([HEADER], "", "FILE_EMPTY", "文件里没有可导入的内容"),
    ],
)
def test_file_that_cannot_be_used_says_why(rows, kind, code, message):
    with pytest.raises(RosterRejected, match=message) as refused:
        recognize(workbooks.xlsx(("花名册", rows)), "a.xlsx", ROSTERS, kind)

    assert refused.value.code == code


def test_csv_of_the_old_encoding_is_read():
    data = workbooks.csv_bytes([HEADER, ROW], encoding="gb18030")

    found = recognize(data, "花名册.csv", ROSTERS)

    assert [(row.number, row.values["name"]) for row in found.rows] == [(2, "李明")]


def test_unknown_columns_are_named_and_not_stored():
    found = found_in([*HEADER, "血型"], [*ROW, "O"])

    assert previews.sheet_of(found.sheets[0]).unknown == ("血型",)


@pytest.fixture
def root():
    return factories.RootFactory(code="YL")


@pytest.fixture
def clerk(root):
    factories.OrganizationFactory(parent=root, name="虚构社区第一党支部")
    return factories.user_at(root)


def uploaded(clerk, *rows, organization=None):
    data = workbooks.xlsx(("花名册", rows))
    organization = organization or clerk.organization
    return imports.upload(data=data, file_name="a.xlsx", kind="", organization=organization, on=ON, by=clerk)


@pytest.mark.django_db
def test_preview_comes_back_as_it_was_stored(root, clerk):
    batch = uploaded(clerk, HEADER, ROW, ["2", "没有的党支部", "赵 芳", LI])
    stored = imports.preview(batch)

    batch.preview_sealed = previews.seal(stored.head, batch)

    assert previews.opened(batch) == stored
    assert stored.rows[1].record["name"] == "赵芳"


@pytest.mark.django_db
def test_stored_file_and_preview_hold_nothing_in_clear(root, clerk):
    batch = uploaded(clerk, HEADER, ROW)

    stored = bytes(batch.file_sealed) + bytes(batch.preview_sealed)

    assert LI.encode() not in stored
    assert b"PK\x03\x04" not in stored


@pytest.mark.django_db
def test_who_may_not_edit_may_neither_upload_nor_confirm_nor_undo(root, clerk):
    batch = uploaded(clerk, HEADER, ROW)
    viewer = factories.user_at(root, role="viewer")
    stranger = factories.user_at(factories.StreetFactory(parent=root))

    for user in (viewer, stranger):
        with pytest.raises(PermissionDenied):
            uploaded(user, HEADER, ROW, organization=root)
        with pytest.raises(PermissionDenied):
            imports.confirm(batch=batch, partial=False, by=user)
    imports.confirm(batch=batch, partial=False, by=clerk)
    for user in (viewer, stranger):
        with pytest.raises(PermissionDenied):
            imports.undo(batch=batch, by=user)


@pytest.mark.django_db
def test_rejected_file_leaves_a_batch_that_cannot_be_confirmed(root, clerk):
    batch = imports.upload(data=b"", file_name="a.xlsx", kind="", organization=root, on=ON, by=clerk)

    assert (batch.state, batch.message) == (
        BatchState.REJECTED,
        "文件里没有任何内容，请检查是否选错了文件，填好后重新上传。",
    )
    assert batch.file_sealed is None
    with pytest.raises(imports.BatchClosed, match="这份文件未受理"):
        imports.confirm(batch=batch, partial=False, by=clerk)


@pytest.mark.django_db
def test_batch_is_confirmed_and_undone_once(root, clerk):
    batch = uploaded(clerk, HEADER, ROW)
    imports.confirm(batch=batch, partial=False, by=clerk)

    with pytest.raises(imports.BatchClosed, match="已经导入"):
        imports.confirm(batch=batch, partial=False, by=clerk)
    imports.undo(batch=batch, by=clerk)
    with pytest.raises(imports.BatchClosed, match="已经撤销"):
        imports.undo(batch=batch, by=clerk)
    with pytest.raises(imports.BatchClosed, match="已经撤销"):
        imports.confirm(batch=batch, partial=False, by=clerk)


@pytest.mark.django_db
def test_expired_preview_is_purged(root, clerk):
    batch = uploaded(clerk, HEADER, ROW)
    ImportBatch.objects.filter(pk=batch.pk).update(expires_at=timezone.now())

    uploaded(clerk, HEADER, ROW)

    batch.refresh_from_db()
    assert (batch.state, batch.file_sealed, batch.preview_sealed) == (BatchState.EXPIRED, None, None)
    with pytest.raises(imports.BatchClosed, match="已过期"):
        imports.confirm(batch=batch, partial=False, by=clerk)


@pytest.mark.django_db
def test_books_changed_after_the_preview_renew_it_instead_of_being_overwritten(root, clerk):
    imports.confirm(batch=uploaded(clerk, HEADER, ROW), partial=False, by=clerk)
    batch = uploaded(clerk, [*HEADER, "民族"], [*ROW, "满族"])
    imports.confirm(batch=uploaded(clerk, [*HEADER, "民族"], [*ROW, "回族"]), partial=False, by=clerk)

    with pytest.raises(imports.PreviewOutdated, match="有 1 行涉及的在册内容已被他人修改"):
        imports.confirm(batch=batch, partial=False, by=clerk)

    assert batch.state == BatchState.CHECKED
    assert imports.preview(batch).rows[0].changes == {"ethnicity": ("回族", "满族")}


@pytest.mark.django_db
def test_import_leaves_one_event_without_personal_data(root, clerk):
    imports.confirm(batch=uploaded(clerk, HEADER, ROW), partial=False, by=clerk)

    event = AuditEvent.objects.get(kind="import.apply")
    assert (event.actor, event.root, event.changes["written"]) == (
        clerk,
        root,
        [None, {"members.member": 1, "members.affiliation": 1, "members.rosterconfirmation": 1}],
    )
    assert LI not in str(event.changes)
