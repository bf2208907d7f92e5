"""`manage.py ledger`: the same rows and numbers as json, as a file and as lines."""

import datetime
import io
import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from elections.ledger import URGENCY
from orgs.enums import Kind, Precision, Role, UnitType
from tests.factories import OrganizationFactory, PostFactory, RootFactory, StreetFactory, TermFactory, user_at

pytestmark = pytest.mark.django_db
ON = "2026-11-21"


@pytest.fixture
def street():
    street = StreetFactory(parent=RootFactory(code="R1"), code="S1", name="一号街道党工委")
    late = OrganizationFactory(parent=street, code="B1", name="=逾期党支部", unit_type=UnitType.PRIVATE)
    TermFactory(
        organization=late,
        elected_on=datetime.date(2022, 3, 31),
        elected_on_precision=Precision.MONTH,
        years=3,
        expires_on=datetime.date(2025, 3, 31),
        expires_on_precision=Precision.MONTH,
        unit_type_at_election=UnitType.PRIVATE,
        planned_on=datetime.date(2026, 12, 31),
        planned_on_precision=Precision.MONTH,
        overdue_reason="多数委员外出",
    )
    PostFactory(organization=late, holder_name="王建国")
    OrganizationFactory(parent=street, code="B2", name="无数据党支部", closed_on=datetime.date(2027, 1, 1))
    StreetFactory(parent=street.parent, code="S2", name="二号街道党工委")
    return street


def run(*arguments, **options) -> bytes:
    """What the command writes to a file."""
    path = options.pop("folder") / "ledger"
    call_command("ledger", "--on", ON, "--output", str(path), *arguments)
    return path.read_bytes()


def test_json_is_the_contract(street, tmp_path):
    found = json.loads(run("--node", "S1", "--format", "json", folder=tmp_path))

    findings = found.pop("findings")
    assert [(each["code"], each["rule_id"]) for each in findings] == [
        ("B1", "TERM-12"),
        ("B1", "TERM-20"),
        ("B1", "P-05"),
        ("B1", "P-07"),
        ("B2", "P-05"),
    ]
    assert findings[1] == {
        "code": "B1",
        "rule_id": "TERM-20",
        "aspect": "inspection",
        "severity": "error",
        "sentence": "2025年3月31日届满，超过1年没有换届，按专项检查口径属未按期换届。",
        "citation": "中央组织部2016年专项检查",
        "verified": False,
        "inputs": {"expired_on": "2025-03-31", "years": 1},
        "clears": "完成换届选举",
    }
    assert found == {
        "on": "2026-11-21",
        "node": "S1",
        "total": 3,
        "kinds": {
            "local_committee": 0,
            "working_committee": 1,
            "committee": 0,
            "general_branch": 0,
            "branch": 2,
        },
        "states": {
            "overdue": 1,
            "no_data": 1,
            "due_soon": 0,
            "extended": 0,
            "in_election": 0,
            "awaiting_first": 0,
            "in_term": 0,
            "no_term": 1,
        },
        "rows": [
            {
                "code": "B1",
                "name": "=逾期党支部",
                "kind": "branch",
                "state": "overdue",
                "days": 600,
                "expires_on": "2025-03",
                "extended_to": None,
                "inspection": True,
                "planned_on": "2026-12",
                "overdue_reason": "多数委员外出",
                "findings": ["P-05", "P-07", "TERM-12", "TERM-20"],
            },
            {
                "code": "B2",
                "name": "无数据党支部",
                "kind": "branch",
                "state": "no_data",
                "days": None,
                "expires_on": None,
                "extended_to": None,
                "inspection": False,
                "planned_on": None,
                "overdue_reason": None,
                "findings": ["P-05"],
            },
            {
                "code": "S1",
                "name": "一号街道党工委",
                "kind": "working_committee",
                "state": "no_term",
                "days": None,
                "expires_on": None,
                "extended_to": None,
                "inspection": False,
                "planned_on": None,
                "overdue_reason": None,
                "findings": [],
            },
        ],
    }


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("--finding", "TERM-20"), ["B1"]),
        (("--finding", "TERM-20", "--finding", "P-05"), ["B1", "B2"]),
        (("--finding", "P-05", "--severity", "error"), []),
        (("--severity", "error"), ["B1"]),
    ],
)
def test_rows_are_filtered_by_finding_and_severity(street, tmp_path, asked, expected):
    found = json.loads(run("--node", "S1", "--format", "json", *asked, folder=tmp_path))

    assert ([row["code"] for row in found["rows"]], found["total"]) == (expected, len(expected))


def test_file_has_the_rows_and_counts_of_the_page_and_no_formula(street, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(run("--node", "S1", "--format", "xlsx", folder=tmp_path)))

    heading, titles, *rows = book["换届台账"].iter_rows(values_only=True)
    assert heading[0] == "一号街道党工委 换届台账（时点：2026年11月21日）"
    first = dict(zip(titles, rows[0], strict=True))
    assert first == {
        "序号": 1,
        "统一编码": "B1",
        "党组织名称": "=逾期党支部",
        "组织类别": "党支部",
        "组织形式": None,
        "单位类别": "非公企业",
        "所属党（工）委": "一号街道党工委",
        "党员数": None,
        "其中正式党员": None,
        "党员数依据": "人数未知",
        "书记": "王建国",
        "联系领导": None,
        "届次": None,
        "本届选举日期": "2022-03",
        "任期（年）": 3,
        "届满日期": "2025-03",
        "延期至": None,
        "状态": "逾期未换届",
        "距届满天数（逾期为负）": -600,
        "届满超过1年": "是",
        "备注": "日待核",
        "提示": "逾期与延期、超过一年未换届、无党员数据、日期待核",
    }
    assert [row[1] for row in rows] == ["B1", "B2", "S1"]
    assert book["换届台账"]["C3"].data_type == "s"
    counts = {row[0]: row[1] for row in book["汇总"].iter_rows(min_row=3, values_only=True)}
    assert counts["党组织总数"] == sum(counts[state.label] for state in URGENCY) == 3
    assert counts["党组织总数"] == sum(counts[kind.label] for kind in Kind)
    assert (counts["应换届数（总数减去不适用、待首次选举）"], counts["届满超过1年（不论是否批准延期）"]) == (2, 1)


def test_table_is_for_people(street, tmp_path):
    assert run("--node", "S1", folder=tmp_path).decode().splitlines() == [
        "一号街道党工委 换届台账（时点 2026-11-21）",
        "共 3 个党组织，应换届 2 个：逾期未换届 1，无届次数据 1，不适用 1",
        "",
        "B1\t=逾期党支部\t党支部\t逾期未换届\t2025-03\t超 600 天",
        "B2\t无数据党支部\t党支部\t无届次数据",
        "S1\t一号街道党工委\t党工委\t不适用",
    ]


def test_named_user_gets_their_part_and_a_stranger_the_words_for_what_does_not_exist(street, tmp_path):
    clerk = user_at(street, Role.CLERK)

    assert json.loads(run("--node", "S1", "--format", "json", "--user", clerk.username, folder=tmp_path))["total"] == 3
    with pytest.raises(CommandError, match="没有找到编码为“S2”的党组织。"):
        run("--node", "S2", "--user", clerk.username, folder=tmp_path)
    with pytest.raises(CommandError, match="没有找到编码为“NO”的党组织。"):
        run("--node", "NO", "--user", clerk.username, folder=tmp_path)
