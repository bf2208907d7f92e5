"""The page 规则依据: every rule with its values, source and standing; the law's ids stay inside."""

import re

import pytest
from django.urls import reverse

from elections.rules.chapters import chapter_of, items, length_title, titles
from elections.rules.parameters import Law
from elections.rules.wording import TITLES
from elections.views.verdict import NO_TERM_FORMS, NO_TERM_WORDS
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def chapters(client):
    """{chapter: {rule: its lines}} as a user without any part of the tree reads them."""
    client.force_login(UserFactory())
    page = client.get(reverse("rules"))
    return {
        chapter["title"]: {rule["title"]: rule["lines"] for rule in chapter["rules"]}
        for chapter in page.context["chapters"]
    }


def test_chapters_in_order_and_every_rule_once(chapters):
    law = Law.builtin()

    found = [title for rules in chapters.values() for title in rules]

    assert list(chapters) == ["任期、提醒与延期", "设置与规模", "班子", "党员", "候选人与选举程序", "产品约定"]
    assert len(found) == len(set(found)) == len(items(law))
    assert {parameter.title for _, parameter in law.parameters()} <= set(found)
    assert {TITLES[rule_id] for rule_id in law.provisions} <= set(found)


def test_a_rule_tells_its_values_since_when_and_how_sure_they_are(chapters):
    assert chapters["任期、提醒与延期"]["延期换届上限"] == [
        {
            "since": "2020年7月13日起",
            "in_force": "现行",
            "value": "1 年",
            "source": "《中国共产党基层组织选举工作条例》第三条",
            "quote": "延长或者提前期限一般不超过1年",
            "standing": "已核原文",
            "is_open": False,
            "checked_by": "",
            "checked_on": "2026-11-21",
        },
        {
            "since": "2018年7月12日起",
            "in_force": "",
            "value": "1 年",
            "source": "《关于党的基层组织任期的意见》第二条",
            "quote": "延长或者提前期限一般不超过1年",
            "standing": "已核原文",
            "is_open": False,
            "checked_by": "",
            "checked_on": "2026-11-21",
        },
        {
            "since": "1990年6月27日起",
            "in_force": "",
            "value": "1 年",
            "source": "《中国共产党基层组织选举工作暂行条例》",
            "quote": "",
            "standing": "依据待核",
            "is_open": True,
            "checked_by": "",
            "checked_on": "2026-11-21",
        },
        {
            "since": "此前",
            "in_force": "",
            "value": "1 年",
            "source": "工作惯例",
            "quote": "",
            "standing": "依据待核",
            "is_open": True,
            "checked_by": "",
            "checked_on": "2026-11-21",
        },
    ]


def test_term_lengths_that_are_alike_stand_together(chapters):
    terms = chapters["任期、提醒与延期"]

    assert [line["value"] for line in terms["党支部任期（村、社区）"]] == ["5 年", "3 年"]
    assert terms["党支部任期（村、社区）"][0]["source"] == "《关于党的基层组织任期的意见》第一条"
    assert [title for title in terms if title.startswith("党总支任期")] == [
        "党总支任期（村、社区）",
        "党总支任期（乡镇、街道机关、机关、事业单位、中小学、高校、医院、科研院所、国有企业、非公企业、社会组织、合作社、其他）",
    ]


def test_a_rule_without_a_number_and_a_check_of_the_books(chapters):
    (seat,), (differs,) = chapters["班子"]["班子成员空缺"], chapters["产品约定"]["上报人数与名册不符"]

    assert (seat["value"], seat["since"], seat["source"], seat["standing"]) == (
        "—",
        "—",
        "《中国共产党支部工作条例（试行）》第二十一条",
        "已核原文",
    )
    assert (differs["source"], differs["standing"]) == ("台账数据核对", "产品约定")


def test_every_rule_a_finding_can_rest_on_has_its_place(chapters):
    law, anchors = Law.builtin(), titles(Law.builtin())
    entries = [entry for _, parameter in law.parameters() for _, entry in parameter.entries.values]

    assert all(id(entry) in anchors for entry in (*entries, *law.provisions.values()))
    assert {chapter_of(rule_id).label for rule_id in TITLES} == set(chapters) - {"党员", "候选人与选举程序"}


def test_reasons_lead_to_rules_that_are_there(chapters):
    found = {title for rules in chapters.values() for title in rules}

    assert {words[2] for words in (*NO_TERM_WORDS.values(), *NO_TERM_FORMS.values()) if words[1]} <= found
    assert all(length_title(kind, unit_type, Law.builtin()) in found for kind, unit_type in Law.builtin().term_years)


def test_ids_of_rules_are_not_shown(client):
    client.force_login(UserFactory())

    text = client.get(reverse("rules")).content.decode()

    assert re.findall(r"\b(?:TERM|ORG|CAND|APP|EL|P|PM)-\d\d\b", text) == []


def test_a_visitor_signs_in_first(client):
    assert client.get(reverse("rules")).headers["Location"] == f"{reverse('login')}?next={reverse('rules')}"
