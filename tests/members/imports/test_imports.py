"""The member roster: row by row what a file does to the books."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from elections import imports
from members.models import Affiliation, Member, RosterConfirmation, Standing
from members.services import end_membership, record_member
from members.services.merging import merge_members
from orgs.enums import BatchState, Kind
from tests import factories, workbooks
from tests.members.rosters import LI, ON, WANG, ZHAO, codes, confirmed, li, outcome, upload

pytestmark = pytest.mark.django_db


def test_new_member_is_written_with_affiliation_from_before_records(root, branch, clerk):
    batch = confirmed(clerk, root, li())

    member = Member.objects.get()
    assert batch.state == BatchState.APPLIED
    assert batch.counts["new"] == 1
    assert (member.name, member.sex, member.ethnicity, member.kind) == ("李明", "male", "汉族", "full")
    assert (member.birth, member.joined_on, member.formal_on) == (
        datetime.date(1980, 5, 6), datetime.date(2005, 7, 1), datetime.date(2006, 7, 1)
    )  # fmt: skip
    assert (member.reveal_id_number(), member.reveal_phone(), member.sort_key) == (LI, "15400000001", "li ming")
    affiliation = Affiliation.objects.get()
    assert (affiliation.member, affiliation.organization, affiliation.since) == (member, branch, None)
    assert RosterConfirmation.objects.values_list("organization", "on").get() == (branch.pk, ON)


def test_nothing_is_written_before_confirm(root, branch, clerk):
    batch = upload(clerk, root, li())

    assert (Member.objects.count(), Affiliation.objects.count(), batch.state) == (0, 0, BatchState.CHECKED)
    assert outcome(batch) == [(2, "ok", "new")]


def test_same_file_twice_writes_nothing_and_says_so(root, branch, clerk):
    confirmed(clerk, root, li())

    again = confirmed(clerk, root, li())

    assert again.effects.count() == 0
    assert again.message == "名册与在册内容一致，没有需要写入的内容。"
    assert outcome(again) == [(2, "ok", "unchanged")]


def test_changes_are_listed_old_to_new_and_written(root, branch, clerk):
    confirmed(clerk, root, li())

    batch = confirmed(clerk, root, li(姓名="李鸣", 联系电话="15400000009"))

    assert imports.preview(batch).rows[0].changes == {
        "name": ("李明", "李鸣"),
        "phone": ("15400000001", "15400000009"),
    }
    member = Member.objects.get()
    assert (member.name, member.sort_key, member.reveal_phone(), member.version) == (
        "李鸣",
        "li ming",
        "15400000009",
        2,
    )


def test_changes_stand_in_the_order_of_the_contract_whatever_the_order_of_the_columns(root, branch, clerk):
    confirmed(clerk, root, li())
    changed = {
        "备注": "迁居",
        "是否流动党员": "是",
        "联系电话": "15400000009",
        "工作单位": "虚构纺织有限公司",
        "转正日期": "2006-07-02",
        "入党日期": "2005-07-02",
        "学历": "大学本科",
        "民族": "满族",
        "姓名": "李鸣",
    }
    rows = [["公民身份号码", "所在党支部", *changed], [LI, branch.name, *changed.values()]]

    batch = imports.upload(
        data=workbooks.xlsx(("花名册", rows)), file_name="a.xlsx", kind="members", organization=root, on=ON, by=clerk
    )

    # imports.md §6.
    assert list(imports.preview(batch).rows[0].changes) == (
        "name ethnicity education joined formal_on work_unit phone floating remark".split()
    )


def test_blank_cell_changes_nothing(root, branch, clerk):
    confirmed(clerk, root, li())

    batch = upload(clerk, root, li(联系电话=None, 入党日期=None, 民族="无"))

    assert outcome(batch) == [(2, "ok", "unchanged")]


def test_one_bad_row_stops_confirm_and_partial_writes_the_good_ones(root, branch, clerk):
    batch = upload(clerk, root, li(), li(姓名="赵芳", 公民身份号码=ZHAO[:-1] + ("0" if ZHAO[-1] != "0" else "1")))

    assert codes(batch) == [(3, 4, "ID_CHECKSUM")]
    with pytest.raises(imports.RowsInError, match="有 1 行存在错误"):
        imports.confirm(batch=batch, partial=False, by=clerk)
    assert Member.objects.count() == 0
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED

    imports.confirm(batch=batch, partial=True, by=clerk)

    assert Member.objects.get().name == "李明"
    # Somebody of the branch was held back, so this is not its whole roster.
    assert RosterConfirmation.objects.count() == 0


def test_person_of_another_branch_in_scope_waits_as_a_transfer(root, branch, clerk):
    other = factories.OrganizationFactory(parent=root, code="YL02", name="虚构社区第二党支部")
    confirmed(clerk, root, li())

    batch = confirmed(clerk, root, li(党组织编码="YL02", 所在党支部="虚构社区第二党支部", 姓名="李鸣"))

    row = imports.preview(batch).rows[0]
    assert (row.step, row.changes) == ("transfer", {"org_name": ("虚构社区第一党支部", "虚构社区第二党支部")})
    assert Affiliation.objects.get().organization == branch
    assert Member.objects.get().name == "李明"
    assert list(RosterConfirmation.objects.order_by("id").values_list("organization", flat=True)) == [
        branch.pk,
        other.pk,
    ]


def test_person_outside_the_scope_is_not_located(root, branch, clerk):
    street = factories.StreetFactory(parent=root)
    factories.OrganizationFactory(parent=street, code="YL02", name="虚构社区第二党支部")
    confirmed(clerk, root, li())
    stranger = factories.user_at(street)

    batch = upload(stranger, street, li(党组织编码="YL02", 所在党支部="虚构社区第二党支部", 姓名="李鸣"))

    row = imports.preview(batch).rows[0]
    assert (row.step, row.changes) == ("transfer", {"org_name": ("其他党组织", "虚构社区第二党支部")})


def test_organization_seen_but_not_kept_has_its_own_code_in_the_same_words(root, branch):
    street = factories.StreetFactory(parent=root)
    clerk = factories.user_at(street)
    factories.GrantFactory(user=clerk, organization=root, role="viewer")

    issue = imports.preview(upload(clerk, street, li())).issues[0]

    assert (issue.code.value, issue.message) == (
        "ORG_OUT_OF_SCOPE",
        "没有找到党组织「虚构社区第一党支部」，请核对名称或编码；新建的党组织请先在党组织台账中导入。",
    )


def test_closed_organization_takes_no_members(root, clerk):
    factories.OrganizationFactory(parent=root, code="YL01", name="旧党支部", closed_on=datetime.date(2026, 1, 1))

    issue = imports.preview(upload(clerk, root, li())).issues[0]

    assert (issue.code.value, issue.message) == ("ORG_UNKNOWN", "党组织「旧党支部」已撤销，请改填现在的党组织。")


def test_organization_of_a_stranger_is_unknown(root, branch):
    street = factories.StreetFactory(parent=root)
    stranger = factories.user_at(street)

    batch = upload(stranger, street, li(), li(党组织编码="XX99", 所在党支部="没有的党支部", 公民身份号码=ZHAO))

    messages = [(each.row, each.code.value, each.message) for each in imports.preview(batch).issues]
    assert messages == [
        (
            2,
            "ORG_UNKNOWN",
            "没有找到党组织「虚构社区第一党支部」，请核对名称或编码；新建的党组织请先在党组织台账中导入。",
        ),
        (3, "ORG_UNKNOWN", "没有找到党组织「没有的党支部」，请核对名称或编码；新建的党组织请先在党组织台账中导入。"),
    ]


def test_person_missing_from_the_roster_is_listed_and_stays(root, branch, clerk):
    confirmed(clerk, root, li(), li(姓名="赵芳", 公民身份号码=ZHAO))

    batch = confirmed(clerk, root, li())

    assert [(each.title, each.place) for each in imports.preview(batch).missing] == [("赵芳", "虚构社区第一党支部")]
    assert batch.counts["missing"] == 1
    assert Affiliation.objects.filter(until=None).count() == 2


def test_person_whose_row_has_an_error_is_not_missing(root, branch, clerk):
    confirmed(clerk, root, li())

    batch = upload(clerk, root, li(入党日期="2027-07-01"))

    assert (outcome(batch), imports.preview(batch).missing) == ([(2, "error", "")], ())


def test_later_members_belong_from_the_day_stated_or_the_roster(root, branch, clerk):
    confirmed(clerk, root, li(), on=datetime.date(2026, 1, 10))

    confirmed(clerk, root, li(), li(姓名="赵芳", 公民身份号码=ZHAO))

    assert list(Affiliation.objects.order_by("id").values_list("since", flat=True)) == [None, ON]


def test_number_decides_sex_and_birth(root, branch, clerk):
    batch = confirmed(clerk, root, li(性别="女"))

    assert codes(batch) == [(2, 5, "ID_SEX_MISMATCH")]
    assert Member.objects.get().sex == "male"


def test_dates_against_each_other(root, branch, clerk):
    batch = upload(
        clerk,
        root,
        li(入党日期="2006-07-02"),
        li(公民身份号码=ZHAO, 入党日期="2003-07-01"),
        li(公民身份号码=WANG, 人员类别="预备党员", 入党日期="2026-12-01", 转正日期=None),
        li(
            公民身份号码=workbooks.id_number(order="055"),
            人员类别="预备党员",
            入党日期="2024-07-01",
            转正日期="2025-07-01",
        ),
    )

    assert codes(batch) == [
        (2, 9, "DATE_ORDER"),
        (3, 8, "DATE_UNDERAGE"),
        (4, 8, "DATE_FUTURE"),
        (5, 7, "KIND_INCONSISTENT"),
    ]


LATE_JOINING = "「入党日期」2006-07-02不应晚于「在册的转正日期」2006-07-01，请核对两个日期。"
NO_LONGER_PROBATIONARY = "人员类别「预备党员」与在册的转正日期2006-07-01不相符，请核对人员类别和转正日期。"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"入党日期": "2006-07-02"}, (8, "DATE_ORDER", LATE_JOINING)),
        ({"入党日期": "2006-07-01"}, None),
        ({"人员类别": "预备党员"}, (7, "KIND_INCONSISTENT", NO_LONGER_PROBATIONARY)),
    ],
)
def test_blank_formal_day_is_compared_with_the_one_on_the_books(root, branch, clerk, changes, found):
    confirmed(clerk, root, li())

    batch = upload(clerk, root, li(**{"转正日期": "", **changes}))

    errors = [each for each in imports.preview(batch).issues if each.severity == "error"]
    assert [(each.column, each.code.value, each.message) for each in errors] == ([found] if found else [])
    assert outcome(batch) == [(2, "error", "") if found else (2, "warning", "changed")]


def test_blank_day_of_joining_is_compared_with_the_one_on_the_books(root, branch, clerk):
    confirmed(clerk, root, li())

    batch = upload(clerk, root, li(入党日期="", 转正日期="2005-06-30"))

    assert [(each.column, each.code.value, each.message) for each in imports.preview(batch).issues] == [
        (9, "DATE_ORDER", "「转正日期」2005-06-30不应早于「在册的入党日期」2005-07-01，请核对两个日期。")
    ]


def test_code_and_name_of_different_organizations_are_an_error(root, branch, clerk):
    factories.OrganizationFactory(parent=root, code="YL02", name="虚构社区第二党支部")

    batch = upload(clerk, root, li(所在党支部="虚构社区第二党支部"))

    (issue,) = imports.preview(batch).issues
    assert (issue.column, issue.code.value) == (2, "ORG_AMBIGUOUS")
    assert issue.message == (
        "党组织编码「YL01」和名称「虚构社区第二党支部」不是同一个党组织："
        f"虚构社区第一党支部（YL01，{root.name}）、虚构社区第二党支部（YL02，{root.name}）。请改正其中一项。"
    )


def test_known_code_with_an_unknown_name_is_taken_and_told(root, branch, clerk):
    batch = upload(clerk, root, li(所在党支部="改名前的党支部"))

    (issue,) = imports.preview(batch).issues
    assert (issue.column, issue.code.value) == (2, "ORG_FUZZY")
    assert issue.message == "「改名前的党支部」已按「虚构社区第一党支部」处理，请核对是否为同一党组织。"
    assert outcome(batch) == [(2, "ok", "new")]


def test_unknown_code_alone_is_told_at_its_own_cell(root, branch, clerk):
    batch = upload(clerk, root, li(党组织编码="YL99", 所在党支部=""))

    assert codes(batch) == [(2, 1, "ORG_UNKNOWN")]


def test_repeated_numbers_name_the_first_row(root, branch, clerk):
    factories.OrganizationFactory(parent=root, code="YL02", name="虚构社区第二党支部")

    batch = upload(clerk, root, li(), li(), li(姓名="李鸣"), li(党组织编码="YL02", 所在党支部="虚构社区第二党支部"))

    assert outcome(batch) == [(2, "ok", "new"), (3, "error", ""), (4, "error", ""), (5, "error", "")]
    assert codes(batch) == [(3, 4, "ID_DUP_IN_FILE"), (4, 4, "ID_DUP_NAME_DIFF"), (5, 4, "ID_DUP_CROSS_ORG")]


def test_floating_begins_and_ends(root, branch, clerk):
    confirmed(clerk, root, li(是否流动党员="是"), on=datetime.date(2026, 1, 10))
    standing = Standing.objects.get()
    assert (standing.kind, standing.since, standing.until) == ("floating", None, None)

    confirmed(clerk, root, li())

    assert Standing.objects.get().until == ON


def test_branch_may_leave_out_the_column_of_its_name(root, branch):
    clerk = factories.user_at(branch, role="branch")
    data = workbooks.xlsx(("花名册", [["姓名", "身份证号"], ["李明", LI]]))

    batch = imports.upload(data=data, file_name="a.xlsx", kind="members", organization=branch, on=ON, by=clerk)

    assert outcome(batch) == [(2, "warning", "new")]


def test_organization_that_is_no_branch_is_a_warning(root, clerk):
    factories.OrganizationFactory(parent=root, code="YL01", name="虚构社区党委", kind=Kind.COMMITTEE)

    batch = upload(clerk, root, li(所在党支部="虚构社区党委"))

    assert codes(batch) == [(2, 2, "ORG_NOT_BRANCH")]


def test_number_of_queries_of_a_check_is_the_same_for_1_and_200_rows(root, branch, clerk, django_assert_num_queries):
    rows = [
        li(公民身份号码=workbooks.id_number(birth="19700101", order=f"{number:03d}")) for number in range(1, 402, 2)
    ]
    confirmed(clerk, root, *rows)

    with CaptureQueriesContext(connection) as of_one:
        upload(clerk, root, rows[0])
    with django_assert_num_queries(len(of_one)):
        upload(clerk, root, *rows[:200])


def test_a_full_member_whose_cell_of_the_formal_day_says_nothing_is_told_once(root, branch, clerk):
    batch = upload(clerk, root, li(转正日期="无"), li(公民身份号码=ZHAO, 姓名="赵敏", 转正日期="2006-13-45"))

    assert codes(batch) == [(2, 9, "FORMAL_DATE_MISSING"), (3, 9, "DATE_NOT_EXIST")]


def test_a_number_that_a_merge_found_to_be_a_slip_makes_no_second_entry(root, branch, clerk):
    keep = record_member(organization=branch, name="李明", id_number=LI, by=clerk)
    drop = record_member(organization=branch, name="李明", id_number=WANG, by=clerk)
    merge_members(keep=keep, drop=drop, stays_with=keep, on=ON, reason="号码录错", by=clerk)

    batch = upload(clerk, root, li(公民身份号码=WANG), li())

    assert outcome(batch) == [(2, "error", ""), (3, "ok", "changed")]
    assert codes(batch) == [(2, 4, "ID_DUP_NAME_DIFF")]


def test_somebody_who_died_does_not_come_back_by_a_roster(root, branch, clerk):
    confirmed(clerk, root, li(), on=datetime.date(2026, 1, 10))
    end_membership(
        member=Member.objects.get(), organization=branch, on=datetime.date(2026, 3, 1), reason="逝世", by=clerk
    )

    batch = upload(clerk, root, li(姓名="李 明"))

    assert outcome(batch) == [(2, "error", "")]
    assert [(each.code.value, each.message) for each in imports.preview(batch).issues] == [
        ("KIND_INCONSISTENT", "「李明」已登记逝世，请核对是否为同一人；登记有误的，请先撤销那次办理，再重新核对。")
    ]
