"""The counts by finding: a page with links to the rows, and what the dashboard and the ledger fetch of it."""

import io

import openpyxl
import pytest
from django.urls import reverse

from orgs.enums import Role
from tests.factories import AffiliationFactory, MemberFactory, PostFactory, RosterConfirmationFactory, user_at
from tests.pages import Page

ADDRESS, LEDGER, EXPORT = reverse("findings"), reverse("ledger"), reverse("ledger_export")


def numbers(response) -> dict[str, dict[str, int]]:
    return {
        group["word"]: {rule["rule_id"]: rule["number"] for rule in group["rules"]}
        for group in response.context["groups"]
    }


def test_the_page_counts_organizations_by_severity_and_rule(as_officer):
    response = as_officer.get(ADDRESS)

    assert numbers(response) == {
        "须处理": {"TERM-12": 1},
        "提醒": {"P-05": 4, "P-09": 1},
        "说明": {},
    }
    assert [(group["word"], group["number"]) for group in response.context["groups"]] == [
        ("须处理", 1),
        ("提醒", 4),
        ("说明", 0),
    ]


def test_every_number_leads_to_so_many_rows(as_officer):
    response = as_officer.get(ADDRESS)
    counted = [response.context["none"], *response.context["groups"], *response.context["chips"]]
    counted += [rule for group in response.context["groups"] for rule in group["rules"]]

    for each in [*counted, *response.context["rule_chips"]]:
        rows = as_officer.get(each["url"]).context["rows"]
        assert len(rows) == each["number"], each


@pytest.mark.parametrize("target", ["findings-card", "finding-chips"])
def test_a_fragment_is_the_part_of_the_page_alone(as_officer, target):
    response = as_officer.get(ADDRESS, headers={"HX-Request": "true", "HX-Target": target})

    page = response.content.decode()
    assert page.strip().startswith(("<section", "<div")) and f'id="{target}"' in page
    assert "<html" not in page


def test_dashboard_and_ledger_fetch_the_counts_and_link_to_them_without_scripts(as_officer, district):
    for address, target in ((reverse("dashboard"), "findings-card"), (LEDGER, "finding-chips")):
        response = as_officer.get(address)

        url = response.context["findings_url"]
        assert url == f"{ADDRESS}?node={district.root.uid}"
        assert f'id="{target}"' in response.content.decode()
        assert url in {link.split("#")[0] for link in Page(address, response.content.decode()).links}
        assert as_officer.get(url).status_code == 200


def test_chips_keep_the_other_filters_and_one_that_is_chosen_lets_go(as_officer, district):
    response = as_officer.get(ADDRESS, {"state": "overdue", "finding": "TERM-12", "severity": "error"})

    chips = {chip["label"]: chip for chip in response.context["chips"]}
    keeps = f"{LEDGER}?node={district.root.uid}&state=overdue"
    assert (chips["须处理"]["is_current"], chips["须处理"]["url"]) == (True, f"{keeps}&finding=TERM-12")
    assert (chips["提醒"]["number"], chips["提醒"]["url"]) == (0, f"{keeps}&finding=TERM-12&severity=warning")
    assert chips["无提示"]["url"] == f"{keeps}&severity=none"


def test_a_wrong_finding_is_told_and_left_out(as_officer):
    page = as_officer.get(LEDGER, {"finding": "TERM-99"})

    assert page.context["form"].errors == {"finding": ["选择一个有效的选项。 TERM-99 不在可用的选项中。"]}
    assert len(page.context["rows"]) == 7


def test_the_file_has_a_line_for_each_finding(as_officer, district):
    file = b"".join(as_officer.get(EXPORT, {"node": district.late.uid}).streaming_content)

    rows = list(openpyxl.load_workbook(io.BytesIO(file))["提示明细"].iter_rows(values_only=True))
    assert [row[:3] + row[4:7] for row in rows[2:]] == [
        (
            "A-1",
            "石桥社区第一党支部",
            "东湖街道党工委",
            "须处理",
            "逾期与延期",
            "任期于2026年11月5日结束，逾期16天未换届。",
        ),
        (
            "A-1",
            "石桥社区第一党支部",
            "东湖街道党工委",
            "提醒",
            "无党员数据",
            "没有完整的党员人数，未核对人数方面的规定。",
        ),
    ]


@pytest.mark.parametrize(("role", "is_named"), [(Role.OPERATOR, True), (Role.ACCOUNT_ADMIN, False)])
def test_the_file_names_people_only_to_whom_may_see_them(client, district, role, is_named):
    RosterConfirmationFactory(organization=district.late)
    member = MemberFactory(name="周敏", kind="probationary", formal_on=None)
    AffiliationFactory(member=member, organization=district.late)
    PostFactory(organization=district.late, member=member, holder_name="周敏", title="publicity")
    client.force_login(user_at(district.root, role))

    file = b"".join(client.get(EXPORT, {"node": district.late.uid}).streaming_content)

    sheet = openpyxl.load_workbook(io.BytesIO(file))["提示明细"]
    told = {row[5]: row[6] for row in sheet.iter_rows(values_only=True) if row[5] == "预备党员任班子成员"}
    hidden = "预备党员任班子成员。涉及人员姓名，您的权限不含人员信息。"
    named = "周敏是预备党员，没有选举权和被选举权，不能担任班子成员。"
    assert told == {"预备党员任班子成员": named if is_named else hidden}


def test_the_print_has_the_findings_of_each_row(as_officer, district):
    response = as_officer.get(LEDGER, {"per": "all", "state": "overdue"})

    assert [row["titles"] for row in response.context["rows"]] == ["逾期与延期、无党员数据"]
    assert "逾期与延期、无党员数据" in response.content.decode()


def test_clerk_of_another_street_gets_404_for_the_street(client, district):
    client.force_login(district.stranger)

    assert client.get(ADDRESS, {"node": district.street_a.uid}).status_code == 404
    assert numbers(client.get(ADDRESS))["须处理"] == {}
