"""The ten questions an officer asks of an organization's page, each answered without leaving it.

Every answer is compared as the whole line that stands under its heading.
"""

import datetime
from collections import defaultdict
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from elections.models import Term
from orgs.enums import Form, Kind, Role, UnitType
from tests.factories import (
    DeclaredCountFactory,
    ExtensionFactory,
    OrganizationFactory,
    RosterConfirmationFactory,
    TermFactory,
    user_at,
)

REGULATION = "《中国共产党基层组织选举工作条例》第三条"
PRACTICE = "工作惯例（依据待核）"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


class Cards(HTMLParser):
    """The cards of a page: {id of the heading: its lines}; a line of a list of pairs is 「label：text」."""

    def __init__(self, html: str):
        super().__init__()
        self.cards: dict[str, list[str]] = defaultdict(list)
        self._card = ""
        self._label = ""
        self._text: list[str] | None = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "section":
            self._card = found.get("aria-labelledby", "")
        elif tag in ("dt", "dd", "li", "p"):
            self._text = []

    def handle_data(self, data):
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag == "section":
            self._card = ""
        if tag in ("dt", "dd", "li", "p") and self._text is not None:
            text = "".join("".join(self._text).split())
            self._text = None
            if tag == "dt":
                self._label = text
            else:
                self.cards[self._card].append(f"{self._label}：{text}" if tag == "dd" else text)


def asked(client, organization, **parameters) -> dict[str, list[str]]:
    page = client.get(reverse("organization", args=[organization.uid]), parameters)
    cards = Cards(page.content.decode()).cards
    return {heading.removeprefix("heading-"): lines for heading, lines in cards.items() if heading}


@pytest.fixture
def late(district):
    """A community branch 16 days over, whose election is planned, with declared numbers."""
    Term.objects.filter(organization=district.late).update(
        planned_on=day("2026-12-31"), planned_on_precision="month", overdue_reason="多数委员外出"
    )
    TermFactory(
        organization=district.late,
        elected_on=day("2016-10-20"),
        expires_on=day("2021-10-20"),
        until=day("2021-11-05"),
        ordinal=2,
    )
    DeclaredCountFactory(organization=district.late, full=12, probationary=1)
    return district.late


def test_an_overdue_branch_says_why_since_when_who_may_extend_how_far_and_what_next(as_officer, late):
    cards = asked(as_officer, late)

    # 1 Why is it red?
    assert cards["why"] == [
        "本届于2021年11月5日选举产生，任期5年，2026年11月5日届满。《关于党的基层组织任期的意见》第一条",
        "2026年11月5日任期结束后没有换届，至今16天。",
    ]
    assert cards["answers"] == [
        # 2 Since when?
        "何时逾期：自2026年11月6日起逾期，至今16天。",
        "应换届数：计入。",
        # 3 When was the last election, and was it on time?
        "上次换届：2021年11月5日选举产生第3届，逾期16天。",
        # 4 Who may extend it, and until when at most?
        "延期审批：由“东湖街道党工委”审批，最长延至2027年11月5日（届满后1年）；"
        f"超过的，须有更高一级党组织的批复文号。{REGULATION}",
        # 5 What is planned, and why is it late?
        "计划换届时间：2026年12月（日待核）。",
        "未换届原因：多数委员外出。",
        # 6 What comes next?
        "下一步：完成换届选举；确有困难的，立即报批延期。",
    ]
    # 7 By which days?
    assert cards["calendar"] == [
        "届满提醒日：2026年5月5日已过200天",
        "届满日期：2026年11月5日已过16天",
        "计划换届时间：2026年12月（日待核）还有40天",
        "最长可延至：2027年11月5日还有349天",
        "列入“届满超过1年”：2027年11月6日还有350天",
    ]
    # 8 By which numbers was it judged?
    assert cards["people"][-1] == "党员13名（正式12名、预备1名），据上报人数（最早2026年1月1日）"
    # 9 What clears each finding?
    assert cards["findings"] == [
        "正式党员12名，达到7名，应设支部委员会；只登记选举产生的班子成员1名。",
        "依据：《中国共产党支部工作条例（试行）》第二十条（条号待核）",
        "消除办法：选举产生支部委员会，或者补录班子成员。",
        "任期于2026年11月5日结束，逾期16天未换届。",
        f"依据：{REGULATION}",
        "消除办法：完成换届选举；确有困难的，立即报批延期。",
        "上一届任期于2021年10月20日结束，本届2021年11月5日才选举产生，逾期16天换届。",
        f"依据：{REGULATION}",
        "消除办法：下次换届按期进行后不再提示。",
    ]


def test_ten_why_is_that_one_not_counted(as_officer, district):
    temporary = OrganizationFactory(parent=district.street_a, form=Form.TEMPORARY)
    young = OrganizationFactory(parent=district.street_a, founded_on=day("2026-03-02"))

    assert asked(as_officer, temporary)["answers"] == [
        "应换届数：不计入：临时党支部不进行换届。《中国共产党支部工作条例（试行）》第八条（条号待核）",
        "下一步：无须换届。",
    ]
    assert asked(as_officer, district.street_a)["answers"] == [
        "应换届数：不计入：党工委是派出机关，领导班子由上级任命，不进行换届选举。《中国共产党章程》",
        "下一步：无须换届。",
    ]
    waiting = asked(as_officer, young)
    assert waiting["answers"] == [
        f"应换届数：不计入：待首次选举，选举产生首届班子后计入。{PRACTICE}",
        "下一步：召开党员大会或者党员代表大会，选举产生首届班子。",
    ]
    assert waiting["calendar"] == ["首次选举期限：2027年3月2日还有101天"]
    assert "calendar" not in asked(as_officer, temporary)


def test_more_than_a_year_late_no_extension_helps_any_more(as_officer, district):
    branch = OrganizationFactory(parent=district.street_a)
    TermFactory(organization=branch, elected_on=day("2020-06-01"), expires_on=day("2025-06-01"), ordinal=4)

    cards = asked(as_officer, branch)

    assert cards["answers"] == [
        "何时逾期：自2025年6月2日起逾期，至今538天。",
        "应换届数：计入。",
        "上次换届：2020年6月1日选举产生第4届，此前没有届次记录。",
        f"延期审批：届满已超过1年，现在补批延期不再改变状态，应完成换届选举。{PRACTICE}",
        "计划换届时间：未填写，请在“办理”中填写换届计划，或者上传换届台账补录。",
        "未换届原因：未填写，请在“办理”中填写换届计划，或者上传换届台账补录。",
        "下一步：完成换届选举。",
    ]
    assert cards["calendar"][-1] == "列入“届满超过1年”：2026年6月2日已过172天"


def test_an_extension_of_a_higher_level_still_in_force_is_told_and_not_called_too_late(as_officer, district):
    branch = OrganizationFactory(parent=district.street_a)
    term = TermFactory(
        organization=branch,
        elected_on=day("2020-06-01"),
        expires_on=day("2025-06-01"),
        extended_until=day("2027-06-01"),
        extension_effective_on=day("2025-05-01"),
    )
    ExtensionFactory(
        term=term,
        level="higher",
        ends_on=day("2027-06-01"),
        approved_on=day("2025-05-01"),
        effective_on=day("2025-05-01"),
        counts_until=day("2027-06-01"),
    )

    (line,) = [line for line in asked(as_officer, branch)["answers"] if line.startswith("延期审批")]

    assert line == f"延期审批：已批准延期至2027年6月1日，不再延期，应在这一天以前完成换届选举。{PRACTICE}"


def test_an_extended_term_names_its_end_and_a_second_extension_as_the_exception(as_officer, district):
    company = OrganizationFactory(parent=district.street_a, kind=Kind.COMMITTEE, unit_type=UnitType.PRIVATE)
    branch = OrganizationFactory(parent=company, unit_type=UnitType.PRIVATE)
    term = TermFactory(
        organization=branch,
        elected_on=day("2023-09-10"),
        years=3,
        years_basis="TERM-03",
        expires_on=day("2026-09-10"),
        unit_type_at_election=UnitType.PRIVATE,
        extended_until=day("2027-03-10"),
        extension_effective_on=day("2026-08-01"),
    )
    ExtensionFactory(
        term=term,
        ends_on=day("2027-03-10"),
        approved_on=day("2026-08-01"),
        effective_on=day("2026-08-01"),
        counts_until=day("2027-03-10"),
    )

    cards = asked(as_officer, branch)

    assert cards["answers"] == [
        "应换届数：计入。",
        "上次换届：2023年9月10日选举产生本届，此前没有届次记录。",
        # A 党委 directly under a 党工委 approves itself.
        f"延期审批：已批准延期至2027年3月10日，原则上不再延期；确需延期的由“{company.name}”审批，"
        f"最长延至2027年9月10日（届满后1年）；超过的，须有更高一级党组织的批复文号。{REGULATION}",
        "下一步：在2027年3月10日以前完成换届选举。",
    ]
    assert cards["calendar"] == [
        "届满提醒日：2026年3月10日已过256天",
        "届满日期：2026年9月10日已过72天",
        "批准延期至：2027年3月10日还有109天",
        "最长可延至：2027年9月10日还有293天",
        "列入“届满超过1年”：2027年9月11日还有294天",
    ]


def test_an_early_election_is_told_with_its_approval(as_officer, district):
    branch = OrganizationFactory(parent=district.street_a)
    TermFactory(
        organization=branch, elected_on=day("2020-06-01"), expires_on=day("2025-06-01"), until=day("2024-06-20")
    )
    term = TermFactory(organization=branch, elected_on=day("2024-06-20"), expires_on=day("2029-06-20"), ordinal=5)

    def last_election() -> str:
        return next(line for line in asked(as_officer, branch)["answers"] if line.startswith("上次换届"))

    assert last_election() == "上次换届：2024年6月20日选举产生第5届，提前346天，未见提前换届的批准。"
    Term.objects.filter(pk=term.pk).update(early_approved_on=day("2024-05-01"), early_document_no="云组〔2024〕2号")
    assert last_election() == "上次换届：2024年6月20日选举产生第5届，提前346天，2024年5月1日批准，云组〔2024〕2号。"


def test_an_open_election_has_its_day_in_the_calendar(as_officer, district):
    cards = asked(as_officer, district.running)

    assert cards["answers"][-1] == "下一步：2026年12月20日召开选举大会，之后录入选举结果。"
    assert cards["calendar"][:3] == [
        "届满提醒日：2026年7月10日已过134天",
        "选举日：2026年12月20日还有29天",
        "届满日期：2027年1月10日还有50天",
    ]


def test_numbers_come_from_the_roster_once_it_is_confirmed(as_officer, late):
    RosterConfirmationFactory(organization=late, on=day("2026-06-01"))

    cards = asked(as_officer, late)

    assert cards["people"][-1] == "党员0名（正式0名、预备0名），据党员花名册（最早2026年6月1日）"
    assert [line for line in cards["findings"] if line.startswith("正式党员")] == [
        "正式党员0名，不足3名，暂不能选举，自2026年6月1日起，保留期限至2026年12月1日。"
    ]
    assert cards["answers"][-1] == (
        "下一步：正式党员不足3名，暂不能选举：先补足正式党员，或者报上级党组织批准合并、撤销。"
    )


def test_whoever_sees_only_the_branch_is_not_told_the_name_of_the_approver(client, late):
    client.force_login(user_at(late, Role.VIEWER))

    answers = asked(client, late)["answers"]

    assert next(line for line in answers if line.startswith("延期审批")).partition("，")[0] == (
        "延期审批：由上级有审批权限的党组织审批"
    )


def test_another_street_is_told_nothing(client, district):
    client.force_login(district.stranger)

    assert client.get(reverse("organization", args=[district.late.uid])).status_code == 404
