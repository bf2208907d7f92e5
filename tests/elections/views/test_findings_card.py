"""The card 提示 on a page and the counts beside a state: what is wrong, by which rule, what clears it."""

import datetime

import pytest
from django.urls import reverse

from orgs.enums import Form, Kind, Role
from orgs.models.organization import OrganizationUnit
from tests.factories import (
    AffiliationFactory,
    DeclaredCountFactory,
    MemberFactory,
    OrganizationFactory,
    PostFactory,
    RosterConfirmationFactory,
    TermFactory,
    UnitFactory,
    user_at,
)


def address(organization) -> str:
    return reverse("organization", args=[organization.uid])


def put(title: str, organization) -> str:
    return f"{reverse('rules')}?node={organization.uid}#{title}"


@pytest.fixture
def probationary(district):
    """The branch that is overdue, with a probationary member as its publicity member."""
    RosterConfirmationFactory(organization=district.late, on=datetime.date(2026, 11, 1))
    member = MemberFactory(name="周敏", kind="probationary", formal_on=None)
    AffiliationFactory(member=member, organization=district.late)
    PostFactory(organization=district.late, member=member, holder_name="周敏", title="publicity")
    return district.late


def test_every_finding_with_its_rule_and_what_clears_it(as_officer, district, probationary):
    lines = as_officer.get(address(probationary)).context["findings"]

    assert [(line["word"], line["words"]) for line in lines] == [
        ("须处理", "周敏是预备党员，没有选举权和被选举权，不能担任班子成员。"),
        ("须处理", "任期于2026年11月5日结束，逾期16天未换届。"),
        ("提醒", "班子成员何丽华不在党员名册中。"),
        ("提醒", "正式党员0名，不足3名，暂不能选举（自何日起不足没有记录）。"),
    ]
    assert lines[1] == {
        "severity": "error",
        "icon": "exclamation-octagon-fill",
        "word": "须处理",
        "words": "任期于2026年11月5日结束，逾期16天未换届。",
        "clears": "完成换届选举；确有困难的，立即报批延期",
        "sources": [
            {
                "citation": "《中国共产党基层组织选举工作条例》第三条",
                "label": "",
                "url": put("延期换届上限", probationary),
            }
        ],
    }
    assert lines[3]["sources"] == [
        {"citation": "工作惯例", "label": "依据待核", "url": put("正式党员不足3名保留期限", probationary)},
        {
            "citation": "《中国共产党支部工作条例（试行）》第四条",
            "label": "",
            "url": put("党支部正式党员下限", probationary),
        },
    ]


def test_page_and_drawer_tell_the_same(as_officer, probationary):
    page = as_officer.get(address(probationary)).content.decode()
    drawer = as_officer.get(address(probationary), headers={"HX-Request": "true", "HX-Target": "drawer"})

    for text in (page, drawer.content.decode()):
        assert "任期于2026年11月5日结束，逾期16天未换届。" in text
        assert "消除办法：完成换届选举；确有困难的，立即报批延期。" in text
        assert f'href="{put("延期换届上限", probationary)}"' in text


def test_reasons_lead_to_their_rules(as_officer, district):
    def reasons(organization, **query):
        found = as_officer.get(address(organization), query)
        return [(reason.basis, reason.title) for reason in found.context["reasons"]], found.content.decode()

    late, page = reasons(district.late, on="2028-01-01")
    street, _ = reasons(district.street_a)

    assert late == [
        ("《关于党的基层组织任期的意见》第一条", "党支部任期（村、社区）"),
        ("", ""),
        ("中央组织部2016年专项检查（依据待核）", "专项检查认定未按期换届的期限"),
    ]
    assert street == [("《中国共产党章程》", "党工委录有届次")]
    assert f'href="{put("党支部任期（村、社区）", district.late)}"' in page


def test_nothing_to_be_done_is_said(as_officer, district):
    page = as_officer.get(address(district.street_a))

    assert page.context["findings"] == []
    assert "没有提示" in page.content.decode()


def test_findings_are_those_of_the_day(as_officer, district):
    lines = as_officer.get(address(district.late), {"on": "2026-11-05"}).context["findings"]

    assert [line["words"] for line in lines] == [
        "没有完整的党员人数，未核对人数方面的规定。",
        "2026年11月5日届满，已到届满前6个月，还有0天，应提醒启动换届。",
    ]


def test_whoever_may_not_see_people_reads_no_name(client, district, probationary):
    client.force_login(user_at(district.root, Role.ACCOUNT_ADMIN))

    page = client.get(address(probationary))
    ledger = client.get(reverse("ledger"), {"node": district.root.uid}).content.decode()
    drawer = client.get(address(probationary), headers={"HX-Request": "true", "HX-Target": "drawer"}).content.decode()

    assert [line["words"] for line in page.context["findings"]] == [
        "预备党员任班子成员。涉及人员姓名，您的权限不含人员信息。",
        "任期于2026年11月5日结束，逾期16天未换届。",
        "班子成员组织关系待核。涉及人员姓名，您的权限不含人员信息。",
        "正式党员0名，不足3名，暂不能选举（自何日起不足没有记录）。",
    ]
    for text in (page.content.decode(), ledger, drawer):
        assert "周敏" not in text
        assert "何丽华" not in text


def test_a_viewer_reads_names(client, district, probationary):
    client.force_login(user_at(district.street_a, Role.VIEWER))

    assert "周敏是预备党员" in client.get(address(probationary)).content.decode()


def test_another_street_reads_no_findings(client, district, probationary):
    client.force_login(district.stranger)

    assert client.get(address(probationary)).status_code == 404


def test_a_unit_that_another_street_registered_is_not_named(as_clerk, district):
    joint = OrganizationFactory(parent=district.street_a, form=Form.JOINT, name="东湖联合党支部")
    unit = UnitFactory(keeper=district.street_b, name="柳林虚构贸易公司")
    OrganizationUnit.objects.create(organization=joint, unit=unit)
    TermFactory(organization=joint)
    RosterConfirmationFactory(organization=joint, on=datetime.date(2026, 11, 1))
    for name in ("冯霞", "陈涛", "褚平"):
        AffiliationFactory(member=MemberFactory(name=name), organization=joint, unit=unit)

    page = as_clerk.get(address(joint))

    assert [line["words"] for line in page.context["findings"]] == [
        "联合党支部单位待调整。所涉单位由其他党组织登记，不显示名称。",
        "本届班子成员没有登记。",
    ]
    assert "柳林虚构贸易公司" not in page.content.decode()


def test_a_row_counts_errors_and_warnings_beside_the_state(as_officer, district):
    good = OrganizationFactory(parent=district.street_a, name="东湖机关党总支", kind=Kind.GENERAL_BRANCH)
    TermFactory(organization=good, kind_at_election=Kind.GENERAL_BRANCH)
    DeclaredCountFactory(organization=good, full=20)
    for number, title in enumerate(("secretary", *["committee_member"] * 4)):
        PostFactory(organization=good, holder_name=f"委员{number}", title=title)

    page = as_officer.get(reverse("ledger"), {"node": district.street_a.uid})

    assert {
        row["name"]: [(each["word"], each["number"], each["title"]) for each in row["findings"]]
        for row in page.context["rows"]
    } == {
        "东湖街道党工委": [],
        "石桥社区党委": [("提醒", 1, "提醒：无党员数据")],
        "石桥社区第一党支部": [("须处理", 1, "须处理：逾期与延期"), ("提醒", 1, "提醒：无党员数据")],
        "石桥社区第二党支部": [("提醒", 2, "提醒：无党员数据、班子未登记")],
        "东湖机关党总支": [],
    }
    assert "逾期16天" not in page.content.decode()
