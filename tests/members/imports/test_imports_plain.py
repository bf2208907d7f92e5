"""Rows of a roster that are not examined anew when it is confirmed: new people, and those it says nothing new of."""

import datetime

import pytest

from elections import imports
from members.models import Affiliation, Member, Standing
from members.services import change_member, record_member
from members.services.merging import merge_members
from orgs.enums import BatchState
from orgs.models import ImportEffect, Organization
from tests import factories, workbooks
from tests.members.rosters import LI, ON, WANG, ZHAO, confirmed, li, outcome, upload

pytestmark = pytest.mark.django_db

QIAN = workbooks.id_number(birth="19900131", order="012")
COLUMNS = (
    "name", "sort_key", "sex", "ethnicity", "birth", "birth_precision", "education", "kind", "joined_on",
    "joined_on_precision", "formal_on", "formal_on_precision", "work_unit", "remark", "version", "voided_at",
)  # fmt: skip


def day(text):
    return datetime.date.fromisoformat(text)


def people():
    """Everything of everybody, by the order of their rows."""
    return [
        (
            *(getattr(each.member, name) for name in COLUMNS),
            each.member.reveal_id_number(),
            each.member.reveal_phone(),
            each.organization.code,
            each.since,
        )
        for each in Affiliation.objects.order_by("member__id_number_index").select_related("member", "organization")
    ]


def test_every_column_of_new_people_is_written(root, branch, clerk):
    factories.OrganizationFactory(parent=root, code="YL02", name="虚构社区第二党支部", short_name="二支部")
    second = {"党组织编码": None, "所在党支部": "二支部"}
    batch = confirmed(
        clerk,
        root,
        li(),
        # Nothing said beyond the person; 「二支部」 is told as a short name.
        li(姓名="赵芳", 公民身份号码=ZHAO, 性别=None, 民族=None, 人员类别=None, 入党日期=None, 转正日期=None,
           联系电话=None, 是否流动党员=None, **second),
        # Known to the month; away from the branch.
        li(姓名="王建", 公民身份号码=WANG, 性别="男", 入党日期="2004.07", 转正日期="2005", 是否流动党员="是"),
        li(姓名="单于·李", 公民身份号码=QIAN, 性别="女", 人员类别="预备党员", 入党日期="2026-03-01", 转正日期=None,
           联系电话="010-1234567、15400000002"),
    )  # fmt: skip

    blank = ("", 1, None)
    assert sorted(people()) == sorted(
        [
            ("李明", "li ming", "male", "汉族", day("1980-05-06"), "day", "", "full", day("2005-07-01"), "day",
             day("2006-07-01"), "day", "", *blank, LI, "15400000001", "YL01", None),
            ("赵芳", "zhao fang", "male", "", day("1985-12-12"), "day", "", "full", None, "day",
             None, "day", "", *blank, ZHAO, "", "YL02", None),
            ("王建", "wang jian", "male", "汉族", day("1979-10-01"), "day", "", "full", day("2004-07-01"), "month",
             day("2005-01-01"), "year", "", *blank, WANG, "15400000001", "YL01", None),
            ("单于·李", "shan yu li", "female", "汉族", day("1990-01-31"), "day", "", "probationary",
             day("2026-03-01"), "day", None, "day", "", *blank, QIAN, "010-1234567、15400000002", "YL01", None),
        ]
    )  # fmt: skip
    assert [(each.member.name, each.since) for each in Standing.objects.all()] == [("王建", None)]
    assert batch.effects.count() == 4 + 4 + 1 + 2


def test_texts_that_mean_something_to_the_database_are_written_as_they_are(root, branch, clerk):
    header = ["党组织编码", "姓名", "公民身份号码", "工作单位", "备注"]
    rows = [["YL01", "李明", LI, "反\\斜\\N线", 'NULL"引号"'], ["YL01", "王建", WANG, "{a},b", "%s"]]
    data = workbooks.xlsx(("花名册", [header, *rows]))
    batch = imports.upload(data=data, file_name="花名册.xlsx", kind="members", organization=root, on=ON, by=clerk)

    imports.confirm(batch=batch, partial=False, by=clerk)

    assert sorted(Member.objects.values_list("name", "work_unit", "remark")) == [
        ("李明", "反\\斜\\N线", 'NULL"引号"'),
        ("王建", "{a},b", "%s"),
    ]
    imports.undo(batch=batch, by=clerk)
    assert Member.objects.count() == 0


def test_somebody_registered_meanwhile_stops_the_whole_confirm(root, branch, clerk):
    batch = upload(clerk, root, li(), li(姓名="赵芳", 公民身份号码=ZHAO))
    record_member(organization=branch, name="赵芳", id_number=ZHAO, by=clerk)

    with pytest.raises(imports.PreviewOutdated, match="有 1 行"):
        imports.confirm(batch=batch, partial=False, by=clerk)

    assert list(Member.objects.values_list("name", flat=True)) == ["赵芳"]
    assert (ImportEffect.objects.count(), outcome(batch)) == (0, [(2, "ok", "new"), (3, "ok", "changed")])


def test_a_number_found_to_be_a_slip_meanwhile_stops_the_whole_confirm(root, branch, clerk):
    batch = upload(clerk, root, li(公民身份号码=WANG), li(姓名="赵芳", 公民身份号码=ZHAO))
    keep = record_member(organization=branch, name="李明", id_number=LI, by=clerk)
    drop = record_member(organization=branch, name="李明", id_number=WANG, by=clerk)
    merge_members(keep=keep, drop=drop, stays_with=keep, on=ON, reason="号码录错", by=clerk)

    with pytest.raises(imports.PreviewOutdated, match="有 1 行"):
        imports.confirm(batch=batch, partial=False, by=clerk)

    assert [each.pk for each in Member.objects.all()] == [keep.pk]


def test_an_organization_closed_meanwhile_takes_nobody(root, branch, clerk):
    batch = upload(clerk, root, li())
    Organization.objects.filter(pk=branch.pk).update(closed_on=ON)

    with pytest.raises(imports.PreviewOutdated, match="有 1 行"):
        imports.confirm(batch=batch, partial=False, by=clerk)

    batch.refresh_from_db()
    assert (Member.objects.count(), batch.state, outcome(batch)) == (0, BatchState.CHECKED, [(2, "error", "")])


def test_a_code_that_means_another_organization_meanwhile_takes_nobody(root, branch, clerk):
    batch = upload(clerk, root, li(所在党支部=None))
    Organization.objects.filter(pk=branch.pk).update(code="YL09")
    factories.OrganizationFactory(parent=root, code="YL01", name="虚构社区第三党支部")

    with pytest.raises(imports.PreviewOutdated, match="有 1 行"):
        imports.confirm(batch=batch, partial=False, by=clerk)

    assert Member.objects.count() == 0


def unchanged(clerk, root, branch):
    """A second roster that says nothing new, checked and not yet confirmed."""
    confirmed(clerk, root, li(), li(姓名="赵芳", 公民身份号码=ZHAO), on=datetime.date(2026, 10, 1))
    batch = upload(clerk, root, li(), li(姓名="赵芳", 公民身份号码=ZHAO))
    assert outcome(batch) == [(2, "ok", "unchanged"), (3, "ok", "unchanged")]
    return batch


def test_a_roster_that_says_nothing_new_confirms_its_day_and_nothing_else(root, branch, clerk):
    batch = imports.confirm(batch=unchanged(clerk, root, branch), partial=False, by=clerk)

    assert list(batch.effects.values_list("table", flat=True)) == ["members.rosterconfirmation"]


def test_what_was_changed_meanwhile_is_not_taken_for_unchanged(root, branch, clerk):
    batch = unchanged(clerk, root, branch)
    change_member(Member.objects.get(name="赵芳"), name="赵红", by=clerk)

    with pytest.raises(imports.PreviewOutdated, match="有 1 行"):
        imports.confirm(batch=batch, partial=False, by=clerk)

    assert outcome(batch) == [(2, "ok", "unchanged"), (3, "ok", "changed")]


def test_who_went_elsewhere_meanwhile_is_not_taken_for_unchanged(root, branch, clerk):
    batch = unchanged(clerk, root, branch)
    other = factories.OrganizationFactory(parent=root, code="YL02", name="虚构社区第二党支部")
    Affiliation.objects.filter(member__name="赵芳").update(organization=other)

    with pytest.raises(imports.PreviewOutdated, match="有 1 行"):
        imports.confirm(batch=batch, partial=False, by=clerk)

    assert outcome(batch) == [(2, "ok", "unchanged"), (3, "ok", "transfer")]


def test_who_went_away_meanwhile_is_not_taken_for_unchanged(root, branch, clerk):
    batch = unchanged(clerk, root, branch)
    factories.StandingFactory(member=Member.objects.get(name="赵芳"), kind="floating", since=datetime.date(2026, 11, 1))

    with pytest.raises(imports.PreviewOutdated, match="有 1 行"):
        imports.confirm(batch=batch, partial=False, by=clerk)

    assert outcome(batch) == [(2, "ok", "unchanged"), (3, "ok", "changed")]
