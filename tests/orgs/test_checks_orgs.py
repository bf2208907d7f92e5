"""Contradictions in the tree, the dated changes, the rights, the log and the imports: each broken once, told once."""

import datetime
import uuid

import pytest
from django.db import connection, transaction
from django.utils import timezone

from orgs import tree
from orgs.enums import BatchState, Form, Kind, Role, RosterKind, UnitType
from orgs.models import (
    AuditEvent,
    Grant,
    ImportBatch,
    ImportEffect,
    ImportPart,
    Operation,
    OperationEffect,
    Organization,
    OrganizationChange,
    OrganizationUnit,
    Unit,
)
from tests.checking import lines, without_unique
from tests.factories import (
    GrantFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    UnitFactory,
    UserFactory,
    user_at,
)

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 5, 1)
LATER = datetime.date(2026, 6, 1)


@pytest.fixture
def root():
    return RootFactory(code="R1")


@pytest.fixture
def street(root):
    return StreetFactory(parent=root, name="东湖街道党工委", code="S1")


@pytest.fixture
def branch(street):
    return OrganizationFactory(parent=street, name="虚构社区党支部", code="B1")


@pytest.fixture
def clerk(street):
    return user_at(street, username="clerk")


def rewrite(row, **values):
    """Write columns past every service."""
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def test_whole_books_have_no_contradiction(branch, clerk):
    assert lines(sealed=True) == []


# ---- The tree -------------------------------------------------------------------------------------------------------


def test_a_path_that_does_not_begin_with_the_parents(branch):
    rewrite(branch, path="000000010000")

    assert lines() == [
        "党组织“虚构社区党支部”（编码 B1）：路径为“000000010000”，与上级的路径“00000000”不相接。"
        "处理：重新办理一次划转（先划到别处，再划回原上级），由系统重写路径。"
    ]


def test_a_path_with_a_level_too_many(branch):
    rewrite(branch, path="0000000000000000")

    assert lines() == [
        "党组织“虚构社区党支部”（编码 B1）：路径为“0000000000000000”，与上级的路径“00000000”不相接。"
        "处理：重新办理一次划转（先划到别处，再划回原上级），由系统重写路径。"
    ]


def test_a_path_with_a_segment_of_other_letters(branch):
    rewrite(branch, path="00000000000a")

    assert [line.partition("，")[0] for line in lines()] == ["党组织“虚构社区党支部”（编码 B1）：路径为“00000000000a”"]


def test_a_root_with_two_segments(root):
    rewrite(root, path="00000000")

    assert lines() == [
        "党组织“中共云岭区委员会”（编码 R1）：路径为“00000000”，与上级的路径“”不相接。"
        "处理：重新办理一次划转（先划到别处，再划回原上级），由系统重写路径。"
    ]


def test_two_organizations_in_one_place(branch):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite 的这一约束写在表里，去不掉")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE orgs_organization DROP CONSTRAINT orgs_organization_path_key")
    other = OrganizationFactory(parent=branch.parent)
    rewrite(other, path=branch.path)

    assert lines() == [
        f"党组织（路径 {branch.path}）：有 2 个党组织使用同一路径。处理：保留一个，其余划转到别处后再划回。"
    ]


def test_organizations_that_stand_under_each_other_and_under_no_root(root):
    street = StreetFactory(parent=root, code="S1", name="东湖街道党工委")
    below = StreetFactory(parent=street, code="S2", name="东湖二号党工委")
    # A circle of two: each path fits the other's parent only where both are equal, so one of them is told twice over.
    rewrite(street, parent=below, path=below.path + "0000")

    assert [line.partition("：")[0] for line in lines()] == ["党组织“东湖二号党工委”（编码 S2）"]


def test_an_organization_under_a_closed_one(root, street, branch):
    rewrite(street, closed_on=DAY)

    assert lines() == [
        "党组织“虚构社区党支部”（编码 B1）：上级“东湖街道党工委”已于2026-05-01撤销，它没有同时撤销或划转。"
        "处理：把它划转到现有的上级之下，或一并撤销。"
    ]


def test_an_organization_closed_with_the_one_above_it(root, street, branch):
    rewrite(street, closed_on=LATER)
    rewrite(branch, closed_on=DAY)

    assert lines() == []


def test_a_kind_that_may_not_stand_there(street, branch):
    below = OrganizationFactory(parent=branch, name="虚构第二党支部", code="B2")

    assert lines() == [
        "党组织“虚构第二党支部”（编码 B2）：类别为党支部、组织形式为“普通”，设在党支部“虚构社区党支部”之下，"
        "不合设置规定。处理：核对类别、组织形式和上级，更正其中有误的一项。"
    ]
    assert below.parent == branch


def test_a_closed_branch_stays_under_what_became_a_branch(branch):
    OrganizationFactory(parent=branch, closed_on=DAY)

    assert lines() == []


def test_a_joint_committee(street):
    OrganizationFactory(parent=street, name="虚构联合党委", code="B2", kind=Kind.COMMITTEE, form=Form.JOINT)

    assert lines() == [
        "党组织“虚构联合党委”（编码 B2）：类别为党委、组织形式为“联合”，设在党工委“东湖街道党工委”之下，不合设置规定。"
        "处理：核对类别、组织形式和上级，更正其中有误的一项。"
    ]


def test_one_code_twice(branch):
    without_unique("orgs_organization_code_unique")
    OrganizationFactory(parent=branch.parent, code="B1")

    assert lines() == [
        "党组织（编码 B1）：有 2 个党组织使用这一编码（不分大小写和首尾空格）。处理：核对后改正其中的编码。"
    ]


def test_one_code_in_two_spellings(branch):
    OrganizationFactory(parent=branch.parent, code="b1 ")

    assert lines() == [
        "党组织（编码 B1）：有 2 个党组织使用这一编码（不分大小写和首尾空格）。处理：核对后改正其中的编码。"
    ]


# ---- Dated changes --------------------------------------------------------------------------------------------------


def test_changes_through_the_tree_are_whole(root, branch, clerk):
    other = StreetFactory(parent=root, code="S2")
    GrantFactory(user=clerk, organization=other)
    tree.reshape(branch, on=DAY, by=clerk, name="虚构社区第一党支部")
    tree.reshape(branch, on=LATER, by=clerk, name="虚构社区联合党支部", form=Form.JOINT)
    tree.move(branch, to=other, on=LATER, by=clerk)

    assert lines() == []


def test_a_change_that_does_not_begin_where_the_last_one_ended(branch, clerk):
    branch = tree.reshape(branch, on=DAY, by=clerk, name="虚构甲支部")
    tree.reshape(branch, on=LATER, by=clerk, name="虚构乙支部")
    rewrite(OrganizationChange.objects.get(on=LATER), before="虚构丙支部")

    assert lines() == [
        "党组织变更“虚构乙支部”（编码 B1）：“党组织名称”2026-06-01的变更从“虚构丙支部”起，"
        "而上一次变更到“虚构甲支部”止。处理：核对各次变更的日期和内容，更正登记有误的一次。"
    ]


def test_a_value_that_was_changed_without_a_dated_change(branch, clerk):
    tree.reshape(branch, on=DAY, by=clerk, unit_type=UnitType.VILLAGE)
    rewrite(branch, unit_type=UnitType.SCHOOL)

    assert lines() == [
        "党组织变更“虚构社区党支部”（编码 B1）：“单位类别”最后一次变更到“village”止，而现为“school”。"
        "处理：核对现值；需要更改的，通过“变更”办理，不要直接改写。"
    ]


def test_a_first_value_fills_a_gap_and_is_no_change(branch, clerk):
    OrganizationChange.objects.create(
        organization=branch, field="unit_type", on=DAY, before=UnitType.SCHOOL, after="", by=clerk
    )

    assert lines() == []


def test_a_parent_that_was_changed_without_a_dated_change(root, street, branch, clerk):
    other = StreetFactory(parent=root, code="S2")
    GrantFactory(user=clerk, organization=other)
    tree.move(branch, to=other, on=DAY, by=clerk)
    rewrite(OrganizationChange.objects.get(), after=str(street.uid))

    assert lines() == [
        f"党组织变更“虚构社区党支部”（编码 B1）：“上级党组织”最后一次变更到“{street.uid}”止，而现为“{other.uid}”。"
        "处理：核对现值；需要更改的，通过“变更”办理，不要直接改写。"
    ]


# ---- Rights, log, voided rows ---------------------------------------------------------------------------------------


def test_a_right_over_a_closed_organization(root, branch):
    grant = GrantFactory(user=UserFactory(username="zhibu"), organization=branch, role=Role.BRANCH)
    rewrite(branch, closed_on=DAY)

    assert lines() == [
        f"授权（标识 {grant.uid}）：账号“zhibu”的范围“虚构社区党支部”已于2026-05-01撤销，授权没有同时结束。"
        "处理：由安全管理员收回这项授权。"
    ]


def test_a_right_that_ended_with_its_organization(root, branch):
    GrantFactory(user=UserFactory(), organization=branch, until=DAY)
    rewrite(branch, closed_on=DAY)

    assert lines() == []


def test_an_event_of_a_tree_that_is_not_there(root):
    with transaction.atomic():
        event = AuditEvent.objects.create(kind="organization.close", root_id=999_999)
        found = lines()
        transaction.set_rollback(True)

    assert found == [
        f"审计日志（标识 {event.uid}）：事项“organization.close”所属的组织树不存在，谁也看不到它。"
        "处理：从备份恢复所缺的最上级党组织。"
    ]


def test_a_unit_that_was_voided_but_is_still_named(branch, clerk):
    unit = UnitFactory(keeper=branch)
    link = OrganizationUnit.objects.create(organization=branch, unit=unit)
    rewrite(unit, voided_at=timezone.now(), voided_by=clerk)

    assert Unit.objects.count() == 0
    assert lines() == [
        f"所在单位（标识 {link.pk}）：所指的单位（标识 {unit.uid}）已作废。处理：改指正确的记录，或将它一并作废。"
    ]


def test_an_organization_under_a_voided_one(street, branch, clerk):
    below = OrganizationFactory(parent=street, code="B2")
    rewrite(street, voided_at=timezone.now(), voided_by=clerk)
    Grant.objects.all().delete()
    clerk.organization = None
    clerk.save()
    rewrite(branch, voided_at=timezone.now(), voided_by=clerk)

    assert lines() == [
        f"党组织（标识 {below.uid}）：所指的上级党组织（标识 {street.uid}）已作废。"
        "处理：改指正确的记录，或将它一并作废。"
    ]


# ---- Imports --------------------------------------------------------------------------------------------------------


def batch_of(street, user, **values):
    moment = timezone.now()
    written = {BatchState.APPLIED, BatchState.UNDONE}
    confirmed = {"confirmed_by": user, "confirmed_at": moment} if values["state"] in written else {}
    undone = {"undone_by": user, "undone_at": moment} if values["state"] == BatchState.UNDONE else {}
    return ImportBatch.objects.create(
        organization=street,
        kind=RosterKind.ORGANIZATIONS,
        on=DAY,
        uploaded_by=user,
        file_name="台账.xlsx",
        file_size=1,
        file_sha256="0",
        expires_at=moment,
        **confirmed | undone | values,
    )


def effect_of(batch, row, *, before=None, after=None, uid=None):
    return ImportEffect.objects.create(
        batch=batch,
        table=row._meta.label_lower,
        target_uid=uid or (row.uid if hasattr(row, "uid") else uuid.UUID(int=row.pk)),
        before=before,
        after={"name": "虚构"} if after is None else after,
        version_after=1,
    )


@pytest.mark.parametrize(
    ("state", "values", "wrong"),
    [
        (
            BatchState.APPLIED,
            {"confirmed_by": None, "confirmed_at": None},
            "状态为“已导入”：已写入或已撤销，却没有确认人",
        ),
        (BatchState.UNDONE, {"undone_by": None, "undone_at": None}, "状态为“已撤销”：已撤销，却没有撤销人"),
        (BatchState.CHECKED, {"undone_at": timezone.now()}, "状态为“待确认”：没有撤销，却记有撤销人"),
    ],
)
def test_a_batch_whose_state_and_signatures_differ(street, clerk, state, values, wrong):
    if "undone_by" not in values and "undone_at" in values:
        values["undone_by"] = clerk
    batch = batch_of(street, clerk, state=state, **values)

    assert lines() == [
        f"导入批次“台账.xlsx”（标识 {batch.uid}）：{wrong}。处理：与上传人核对这次导入，从备份恢复这一批次的记录。"
    ]


def test_a_batch_that_was_not_written_but_has_effects(street, branch, clerk):
    batch = batch_of(street, clerk, state=BatchState.FAILED)
    effect_of(batch, branch)

    assert lines() == [
        f"导入批次“台账.xlsx”（标识 {batch.uid}）：状态为“写入失败”：没有写入，却留有写入明细。"
        "处理：与上传人核对这次导入，从备份恢复这一批次的记录。"
    ]


def test_a_row_that_an_import_wrote_and_nobody_removed_is_missing(street, branch, clerk):
    gone = uuid.uuid4()
    effect_of(batch_of(street, clerk, state=BatchState.APPLIED), branch, uid=gone)

    assert lines() == [f"党组织（标识 {gone}）：已由导入写入，却不在库中，也没有撤销记录。处理：从备份恢复这条记录。"]


def test_a_row_of_an_import_that_was_taken_back_is_still_there(street, branch, clerk):
    effect_of(batch_of(street, clerk, state=BatchState.UNDONE), branch)

    assert lines() == [f"党组织（标识 {branch.uid}）：写入它的导入已撤销，它却仍在库中。处理：核对后将它作废。"]


def test_a_dated_change_of_an_import_that_was_taken_back_is_still_there(street, branch, clerk):
    tree.reshape(branch, on=DAY, by=clerk, name="虚构甲支部")
    change = OrganizationChange.objects.get()
    effect_of(batch_of(street, clerk, state=BatchState.UNDONE), change)

    assert lines() == [
        f"党组织变更（标识 {uuid.UUID(int=change.pk)}）：写入它的导入已撤销，它却仍在库中。处理：核对后将它作废。"
    ]


def test_a_row_that_an_import_changed_stays_when_it_is_taken_back(street, branch, clerk):
    effect_of(batch_of(street, clerk, state=BatchState.UNDONE), branch, before={"name": "虚构"})

    assert lines() == []


def test_rows_of_an_operation_are_there_until_it_is_taken_back(street, branch, clerk):
    gone = uuid.uuid4()
    operation = Operation.objects.create(kind="contact", organization=street, on=DAY, by=clerk, summary="修改联系人")
    note = {"operation": operation, "table": "orgs.organization", "version_after": 1, "after": {}}
    OperationEffect.objects.create(target_uid=gone, **note)
    OperationEffect.objects.create(target_uid=branch.uid, **note)

    assert lines() == [f"党组织（标识 {gone}）：已由办理写入，却不在库中，也没有撤销记录。处理：从备份恢复这条记录。"]
    rewrite(operation, undone_at=timezone.now(), undone_by=clerk)
    assert lines() == [f"党组织（标识 {branch.uid}）：写入它的办理已撤销，它却仍在库中。处理：核对后将它作废。"]


def test_a_row_that_an_operation_removed_is_not_missed(street, branch, clerk):
    gone = uuid.uuid4()
    effect_of(batch_of(street, clerk, state=BatchState.APPLIED), branch, uid=gone)
    operation = Operation.objects.create(kind="close", organization=street, on=DAY, by=clerk, summary="撤销")
    OperationEffect.objects.create(
        operation=operation, table="orgs.organization", target_uid=gone, before={}, version_after=1
    )

    assert lines() == []


def test_a_part_of_a_preview_that_does_not_open(street, clerk):
    batch = batch_of(street, clerk, state=BatchState.CHECKED)
    ImportPart.objects.create(batch=batch, run=uuid.uuid4(), number=0, rows=1, sealed=b"v1.other.0000")

    assert [line.split("：")[0] for line in lines(sealed=True)] == [f"导入批次“台账.xlsx”（标识 {batch.uid}）"]


def test_a_file_that_does_not_open(street, clerk):
    batch = batch_of(street, clerk, state=BatchState.CHECKED, file_sealed=b"v1.other.0000")

    assert lines() == []
    assert lines(sealed=True) == [
        f"导入批次“台账.xlsx”（标识 {batch.uid}）：文件或预览打不开（这份文件由另一把数据密钥加密，无法打开）。"
        "处理：换回写入这个数据库时使用的数据密钥；密钥无误的，从备份恢复这条记录。"
    ]


def test_voided_organizations_keep_their_place_in_the_tree(street, branch, clerk):
    rewrite(branch, voided_at=timezone.now(), voided_by=clerk)

    assert Organization.objects.filter(pk=branch.pk).count() == 0
    assert lines() == []
