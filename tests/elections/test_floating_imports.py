"""流动党员台账 through the pipeline: national forms, out and in, found by name, compared, written, undone, exported."""

import datetime
import json

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections import imports
from elections.ledger import Ledger
from elections.roll import Roll
from members.headcount import headcount
from members.models import Affiliation, Guest, Member, Standing
from members.services import confirm_roster, receive_guest
from orgs.crypto import check_database_key
from orgs.enums import AffiliationKind, Role
from orgs.models import Organization
from orgs.refusals import UndoBlocked
from tests import factories, workbooks
from tests.snapshots import books

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
DAY = datetime.date
# The national forms as they are: no ID number of those out.
OUT_HEADER = [
    "姓名",
    "所在党委",
    "所在党支部",
    "原职业",
    "外出流向",
    "流出时间",
    "流出省份",
    "流出原因",
    "是否持有《流动党员活动证》",
    "组织关系状态",
]
IN_HEADER = [
    "姓名",
    "公民身份号码",
    "所在党支部",
    "原职业",
    "流入前所在省份",
    "流入时间",
    "流入原因",
    "入党时间",
    "组织关系所在地",
    "联系方式",
]
LI = workbooks.id_number(birth="19800506", order="011")
ZHAO = workbooks.id_number(birth="19851212", order="023")
BRANCH = "虚构社区第一党支部"


def li_out(**changes):
    row = dict(zip(OUT_HEADER, ["李明", "虚构街道党工委", BRANCH, "工人", "虚构省虚构市", "2025-03-01", "虚构省",
                                "务工", "是", "正常"], strict=True))  # fmt: skip
    return list((row | changes).values())


def zhao_in(**changes):
    row = dict(zip(IN_HEADER, ["赵敏", ZHAO, BRANCH, "教师", "虚构省", "2025-06-01", "随迁", "2010-07-01",
                               "虚构省虚构县虚构村党支部", "15400000012"], strict=True))  # fmt: skip
    return list((row | changes).values())


@pytest.fixture
def street():
    return factories.StreetFactory(parent=factories.RootFactory(code="YL"), code="YL01", name="虚构街道党工委")


@pytest.fixture
def branch(street):
    return factories.OrganizationFactory(parent=street, code="YL0101", name=BRANCH)


@pytest.fixture
def clerk(street):
    return factories.user_at(street)


def member_at(organization, name="李明", number=LI, **fields) -> Member:
    member = factories.MemberFactory(name=name, **fields)
    if number:
        member.set_id_number(number)
        member.save()
    factories.AffiliationFactory(member=member, organization=organization)
    return member


@pytest.fixture
def li(branch):
    return member_at(branch, birth=DAY(1980, 5, 6))


def upload(clerk, organization, *sheets, kind="auto", on=ON):
    data = workbooks.xlsx(*sheets)
    return imports.upload(data=data, file_name="流动党员.xlsx", kind=kind, organization=organization, on=on, by=clerk)


def out(*rows, title="Sheet1"):
    return title, [OUT_HEADER, *rows]


def coming(*rows, title="Sheet2"):
    return title, [IN_HEADER, *rows]


def outcome(batch):
    return [
        (row.number, row.status.value, row.step, {name: list(pair) for name, pair in row.changes.items()})
        for row in imports.preview(batch).rows
    ]


def problems(batch):
    return [(each.row, each.code.value, each.severity.value, each.message) for each in imports.preview(batch).issues]


def missing(batch):
    return [(each.title, each.place) for each in imports.preview(batch).missing]


def confirm(batch, clerk, partial=False):
    return imports.confirm(batch=batch, partial=partial, by=clerk)


def exported(clerk, organization, *, unmasked):
    roster = imports.FloatingRoster()
    titles, rows = roster.table(roster.export_records(imports.Scope(clerk, organization, ON), unmasked=unmasked))
    return "流动党员台账", [titles, *([cell or None for cell in row] for row in rows)]


def people():
    """Every row of the tables of people."""
    return {name: rows for name, rows in books().items() if name.startswith("members.")}


def test_the_national_forms_are_recognized_and_both_directions_written(street, branch, clerk, li):
    batch = upload(clerk, street, out(li_out()), coming(zhao_in()))

    assert (batch.kind, outcome(batch), problems(batch)) == (
        "floating",
        [(2, "ok", "new", {}), (2, "ok", "new", {})],
        [],
    )
    confirm(batch, clerk)

    away = Standing.objects.get()
    assert (away.member, away.kind, away.since, away.until) == (li, "floating", DAY(2025, 3, 1), None)
    assert (away.destination, away.province, away.floating_reason, away.occupation, away.has_certificate) == (
        "虚构省虚构市",
        "虚构省",
        "务工",
        "工人",
        True,
    )
    guest = Guest.objects.select_related("affiliation__member").get()
    stay, person = guest.affiliation, guest.affiliation.member
    assert (stay.organization, stay.kind, stay.since) == (branch, AffiliationKind.INCOMING, DAY(2025, 6, 1))
    assert (person.name, person.reveal_id_number(), person.joined_on, person.birth) == (
        "赵敏",
        ZHAO,
        DAY(2010, 7, 1),
        DAY(1985, 12, 12),
    )
    assert (guest.place_of_affiliation, guest.province, guest.floating_reason, guest.occupation) == (
        "虚构省虚构县虚构村党支部",
        "虚构省",
        "随迁",
        "教师",
    )
    assert (guest.has_certificate, guest.reveal_contact()) == (None, "15400000012")


def test_the_same_file_twice_changes_nothing(street, branch, clerk, li):
    sheets = out(li_out()), coming(zhao_in())
    confirm(upload(clerk, street, *sheets), clerk)
    before = people()

    again = upload(clerk, street, *sheets)

    assert outcome(again) == [(2, "ok", "unchanged", {}), (2, "ok", "unchanged", {})]
    confirm(again, clerk)
    assert people() == before


def test_changes_are_shown_field_by_field_and_undone(street, branch, clerk, li):
    confirm(upload(clerk, street, out(li_out()), coming(zhao_in())), clerk)
    before = people()

    batch = upload(
        clerk,
        street,
        out(li_out(外出流向="虚构省别市", **{"是否持有《流动党员活动证》": "否"})),
        coming(zhao_in(联系方式="15400000013", 入党时间="2011-07-01")),
    )

    assert outcome(batch) == [
        (2, "ok", "changed", {"destination": ["虚构省虚构市", "虚构省别市"], "certificate": ["是", "否"]}),
        (2, "ok", "changed", {"contact": ["15400000012", "15400000013"], "joined": ["2010-07-01", "2011-07-01"]}),
    ]
    confirm(batch, clerk)
    assert Standing.objects.get().destination == "虚构省别市"
    assert Guest.objects.get().reveal_contact() == "15400000013"
    imports.undo(batch=batch, by=clerk)
    assert people() == before


def test_a_whole_ledger_is_taken_back_with_the_people_it_brought(street, branch, clerk, li):
    check_database_key()
    before = people()
    batch = confirm(upload(clerk, street, out(li_out()), coming(zhao_in())), clerk)

    imports.undo(batch=batch, by=clerk)

    assert people() == before


def test_who_is_in_is_counted_nowhere(street, branch, clerk, li):
    confirm_roster(organization=branch, on=DAY(2026, 1, 1), by=clerk)

    def figures():
        ledger = Ledger(user=clerk, node=Organization.objects.get(pk=street.pk), on=ON)
        roll = Roll(user=clerk, node=street, on=ON)
        return (
            headcount([street, branch], ON),
            ledger.summary(),
            ledger.row_of(Organization.objects.get(pk=branch.pk)),
            list(roll.affiliations()),
        )

    before = figures()
    confirm(upload(clerk, street, coming(zhao_in(), zhao_in(姓名="冯丙水", 公民身份号码=""))), clerk)

    assert Guest.objects.count() == 2
    assert figures() == before


def test_of_two_people_of_one_name_the_row_says_which_or_is_an_error(street, branch, clerk, li):
    other = member_at(branch, number=ZHAO, birth=DAY(1985, 12, 12))

    unclear = upload(clerk, street, out(li_out()))
    header, row = [*OUT_HEADER, "出生年月"], [*li_out(), "1985.12"]
    clear = upload(clerk, street, ("流出", [header, row]))

    assert problems(unclear) == [
        (
            2,
            "ID_EMPTY",
            "error",
            f"「{BRANCH}」有2名党员叫「李明」，请填写公民身份号码或者出生日期，以便分清是哪一位。",
        )
    ]
    assert outcome(clear) == [(2, "ok", "new", {})]
    confirm(clear, clerk)
    assert Standing.objects.get().member == other


def test_who_is_out_has_to_be_a_member_of_the_branch(street, branch, clerk, li):
    second = factories.OrganizationFactory(parent=street, code="YL0102", name="虚构社区第二党支部")
    header = [*OUT_HEADER, "公民身份号码"]

    batch = upload(
        clerk,
        street,
        (
            "流出",
            [
                header,
                [*li_out(姓名="王建国"), None],
                [*li_out(所在党支部=second.name), LI],
                [*li_out(姓名="李敏"), LI],
                [*li_out(外出流向=None, 流出省份=None, 流出原因=None), LI],
            ],
        ),
    )

    assert [each[:3] for each in problems(batch)] == [
        (2, "COMMITTEE_PERSON_UNKNOWN", "error"),
        (3, "ID_DUP_CROSS_ORG", "error"),
        (4, "ID_DUP_NAME_DIFF", "error"),
        (5, "ENUM_UNKNOWN", "error"),
    ]
    assert (
        problems(batch)[0][3]
        == f"「王建国」不在「{BRANCH}」的党员花名册中，请核对姓名和党支部，或者先在党员花名册中导入。"
    )


def test_a_person_outside_the_part_is_answered_as_an_unknown_one(street, branch, clerk):
    abroad = factories.OrganizationFactory(parent=factories.StreetFactory(parent=street.parent), name="别处党支部")
    member_at(abroad)
    header = [*OUT_HEADER, "公民身份号码"]

    batch = upload(clerk, street, ("流出", [header, [*li_out(), LI], [*li_out(姓名="无此人"), ZHAO]]))

    assert [(each[1], each[3].replace("无此人", "李明")) for each in problems(batch)] == [
        ("COMMITTEE_PERSON_UNKNOWN", problems(batch)[0][3])
    ] * 2
    assert "别处" not in str(imports.preview(batch))


def test_who_is_in_from_another_street_is_not_recorded_twice_and_each_side_sees_its_half(street, branch, clerk):
    other_street = factories.StreetFactory(parent=street.parent)
    neighbor = factories.user_at(other_street)
    home = factories.OrganizationFactory(parent=other_street, name="别处党支部")
    zhao = member_at(home, name="赵敏", number=ZHAO, work_unit="虚构一厂")

    batch = upload(clerk, street, coming(zhao_in(入党时间="2005-07-01")))
    confirm(batch, clerk)

    assert list(Member.objects.all()) == [zhao]
    assert Member.objects.get().joined_on == zhao.joined_on
    assert (Guest.objects.visible_to(clerk).count(), Guest.objects.visible_to(neighbor).count()) == (1, 0)
    assert (Member.objects.visible_to(clerk).count(), Member.objects.visible_to(neighbor).count()) == (0, 1)
    title, rows = exported(clerk, street, unmasked=False)
    assert "虚构一厂" not in str(rows)
    assert "别处党支部" not in str(rows)
    again = upload(clerk, street, coming(zhao_in(入党时间="2005-07-01")))
    assert outcome(again) == [(2, "ok", "unchanged", {})]


def test_a_number_under_another_name_or_at_home_is_an_error(street, branch, clerk, li):
    member_at(factories.OrganizationFactory(parent=factories.StreetFactory(parent=street.parent)), "赵敏", ZHAO)

    batch = upload(clerk, street, coming(zhao_in(姓名="赵云"), zhao_in(姓名="李明", 公民身份号码=LI)))

    assert problems(batch) == [
        (2, "ID_DUP_NAME_DIFF", "error", "该公民身份号码已经登记，但姓名与所填的不一致，请核对姓名和公民身份号码。"),
        (3, "KIND_INCONSISTENT", "error", "该党员的组织关系就在本党组织，不能登记为流入党员。"),
    ]


def test_guests_without_a_number_are_told_by_name_and_keep_apart_from_the_roll(street, branch, clerk, li):
    batch = upload(
        clerk,
        street,
        coming(
            zhao_in(公民身份号码=""),
            zhao_in(公民身份号码=""),
            zhao_in(姓名="李明", 公民身份号码=""),
        ),
    )

    assert [each[:3] for each in problems(batch)] == [
        (2, "ID_EMPTY", "warning"),
        (3, "ID_EMPTY", "warning"),
        (3, "ID_DUP_IN_FILE", "error"),
        (4, "ID_EMPTY", "error"),
    ]
    confirm(batch, clerk, partial=True)

    # The number follows later: it goes to the same person.
    numbered = upload(clerk, street, coming(zhao_in()))
    assert outcome(numbered) == [
        (2, "ok", "changed", {"sex": ["", "男"], "birth": ["", "1985-12-12"], "id_number": ["", ZHAO]})
    ]
    confirm(numbered, clerk)
    assert Guest.objects.get().affiliation.member.reveal_id_number() == ZHAO
    assert Member.objects.count() == 2


def test_a_day_of_return_ends_the_registration_and_an_older_one_says_nothing_new(street, branch, clerk, li):
    confirm(upload(clerk, street, out(li_out())), clerk)
    header, back = [*OUT_HEADER, "返回时间"], [*li_out(), "2026-05-01"]

    batch = upload(clerk, street, ("流出", [header, back]))

    assert outcome(batch) == [(2, "ok", "changed", {"ended_on": ["", "2026-05-01"]})]
    confirm(batch, clerk)
    assert Standing.objects.get().until == DAY(2026, 5, 1)
    assert outcome(upload(clerk, street, ("流出", [header, back]))) == [(2, "ok", "unchanged", {})]
    # Away again: not before the return.
    again = upload(clerk, street, out(li_out(流出时间="2026-04-01"), title="甲"))
    assert [each[:3] for each in problems(again)] == [(2, "DATE_ORDER", "error")]
    confirm(upload(clerk, street, out(li_out(流出时间="2026-05-01"))), clerk)
    with pytest.raises(UndoBlocked):
        imports.undo(batch=batch, by=clerk)


def test_a_day_known_to_the_month_or_year_begins_with_its_first_day_and_says_so(street, branch, clerk, li):
    batch = upload(clerk, street, out(li_out(流出时间="2025.03")), coming(zhao_in(流入时间="2024年")))

    assert problems(batch) == [
        (2, "DATE_MONTH_ONLY", "warning", "「流出时间」只有年月「2025-03」，暂按2025-03-01登记，请补填日期。"),
        (2, "DATE_YEAR_ONLY_MEMBER", "warning", "「流入时间」只有年份「2024」，暂按2024-01-01登记，请补填日期。"),
    ]
    confirm(batch, clerk)
    assert (Standing.objects.get().since, Affiliation.objects.get(kind="incoming").since) == (
        DAY(2025, 3, 1),
        DAY(2024, 1, 1),
    )


def test_whoever_is_registered_and_not_named_is_listed_and_stays(street, branch, clerk, li):
    wang = member_at(branch, "王建国", None)
    factories.StandingFactory(member=wang, kind="floating", destination="外省")
    receive_guest(organization=branch, name="冯丙水", by=clerk)
    second = factories.OrganizationFactory(parent=street, code="YL0102", name="虚构社区第二党支部")
    receive_guest(organization=second, name="陈丁木", by=clerk)

    only_out = upload(clerk, street, out(li_out()))
    both = upload(clerk, street, out(li_out()), coming(zhao_in()))

    assert missing(only_out) == [("王建国（流出）", BRANCH)]
    assert missing(both) == [("王建国（流出）", BRANCH), ("冯丙水（流入）", BRANCH)]
    confirm(both, clerk)
    assert Standing.objects.get(member=wang).until is None
    assert Guest.objects.staying(ON).count() == 3


@pytest.mark.parametrize(
    ("title", "header", "expected"),
    [
        ("流出党员", ["姓名", "公民身份号码", "所在党支部", "流动时间", "流动原因"], "out"),
        ("流入党员", ["姓名", "公民身份号码", "所在党支部", "流动时间", "流动原因"], "in"),
        ("Sheet1", ["姓名", "公民身份号码", "所在党支部", "外出日期", "外出原因"], "out"),
        ("Sheet1", ["姓名", "公民身份号码", "所在党支部", "流入日期", "流动原因"], "in"),
        ("Sheet1", ["姓名", "公民身份号码", "所在党支部", "流动时间", "流动原因"], None),
    ],
)
def test_the_direction_is_told_by_the_sheet_or_its_columns(street, branch, clerk, li, title, header, expected):
    batch = upload(clerk, street, (title, [header, ["李明", LI, BRANCH, "2025-03-01", "务工"]]), kind="floating")

    (row,) = imports.preview(batch).rows
    assert row.record.get("direction") == {"out": "流出", "in": "流入", None: None}[expected]
    assert ("看不出是流出还是流入" in str(problems(batch))) == (expected is None)


def test_a_direction_column_wins_and_a_branch_need_not_name_itself(branch, li):
    secretary = factories.user_at(branch, Role.BRANCH)
    header = ["方向", "姓名", "外出流向", "流动时间", "组织关系所在地"]

    batch = upload(
        secretary,
        Organization.objects.get(pk=branch.pk),
        (
            "流动党员",
            [
                header,
                ["流出", "李明", "虚构省", "2025-03-01", None],
                ["流入", "赵敏", None, "2025-03-01", "虚构县"],
            ],
        ),
    )

    assert batch.kind == "floating"
    assert [(each[1], each[2]) for each in outcome(batch)] == [("ok", "new"), ("warning", "new")]


def test_a_member_roster_that_tells_who_floats_stays_a_member_roster(street, branch, clerk, li):
    header = ["姓名", "公民身份号码", "所在党支部", "性别", "入党日期", "是否流动党员", "外出流向", "外出日期"]
    row = ["李明", LI, BRANCH, "男", "2005-07-01", "是", "虚构省", "2025-03-01"]

    batch = upload(clerk, street, ("花名册", [header, row]))

    assert batch.kind == "members"


def test_a_member_roster_is_not_taken_for_a_ledger_of_floating_members(street, branch, clerk, li):
    batch = upload(
        clerk, street, ("花名册", [["姓名", "公民身份号码", "所在党支部"], ["李明", LI, BRANCH]]), kind="floating"
    )

    assert (batch.state, imports.preview(batch).issues[0].code.value) == ("rejected", "WRONG_KIND")


@pytest.mark.parametrize("unmasked", [True, False])
def test_what_was_written_is_exported_in_the_same_columns_and_comes_back_unchanged(street, branch, clerk, li, unmasked):
    confirm(upload(clerk, street, out(li_out()), coming(zhao_in())), clerk)
    receive_guest(organization=branch, name="冯丙水", by=clerk, contact="15400000014", remark="租住")

    title, rows = exported(clerk, street, unmasked=unmasked)
    batch = upload(clerk, street, (title, rows))

    assert (LI in str(rows), "15400000012" in str(rows)) == (unmasked, unmasked)
    assert [each[:3] for each in outcome(batch)] == [
        (2, "ok", "unchanged"),
        (3, "ok", "unchanged"),
        (4, "ok", "unchanged"),
    ]
    assert (problems(batch), missing(batch)) == ([], [])


def test_a_viewer_of_the_ledger_sees_no_floating_members_and_a_stranger_none(street, branch, clerk, li):
    confirm(upload(clerk, street, out(li_out()), coming(zhao_in())), clerk)
    stranger = factories.user_at(factories.StreetFactory(parent=street.parent))

    for user in (stranger, factories.user_at(street, Role.ACCOUNT_ADMIN)):
        assert exported(user, street, unmasked=True)[1][1:] == []


def test_the_command_writes_and_reports_masked(street, branch, clerk, li, tmp_path):
    file, report = tmp_path / "流动.xlsx", tmp_path / "out.json"
    file.write_bytes(workbooks.xlsx(out(li_out()), coming(zhao_in())))

    call_command("import_roster", "floating", file, user=clerk.username, on=ON, confirm=True, report=report)

    made = json.loads(report.read_text())
    assert (made["kind"], made["file_outcome"], made["counts"]["new"]) == ("floating", "import", 2)
    text = json.dumps(made, ensure_ascii=False)
    assert (ZHAO in text, "15400000012" in text) == (False, False)
    assert made["rows"][0]["record"] | {"certificate": ""} == {
        "direction": "流出",
        "name": "李明",
        "parent_name": "虚构街道党工委",
        "org_name": BRANCH,
        "occupation": "工人",
        "destination": "虚构省虚构市",
        "out_on": "2025-03-01",
        "province": "虚构省",
        "reason": "务工",
        "certificate": "",
        "affiliation_status": "正常",
    }
    assert (Standing.objects.count(), Guest.objects.count()) == (1, 1)


def test_the_page_offers_template_and_preview(client, street, branch, clerk, li):
    client.force_login(clerk)
    template = client.get(reverse("import_template", args=["floating"]))
    batch = upload(clerk, street, out(li_out()), coming(zhao_in()))

    assert template.status_code == 200
    assert client.get(reverse("import_batch", args=[batch.uid])).status_code == 200


def test_many_rows_cost_as_many_queries_as_few(street, branch, clerk):
    def queries(number):
        rows = [
            zhao_in(姓名="赵" + "甲乙丙丁"[each], 公民身份号码=workbooks.id_number(order=f"{each + 10:03}"))
            for each in range(number)
        ]
        with CaptureQueriesContext(connection) as captured:
            upload(clerk, street, coming(*rows))
        return len(captured)

    queries(1)
    assert queries(1) == queries(4)


def test_an_affiliation_that_ended_is_no_home(street, branch, clerk):
    """Who left their branch elsewhere and lives here is a guest like any other."""
    home = factories.OrganizationFactory(parent=factories.StreetFactory(parent=street.parent))
    zhao = member_at(home, "赵敏", ZHAO)
    Affiliation.objects.filter(member=zhao).update(until=DAY(2025, 1, 1))

    confirm(upload(clerk, street, coming(zhao_in())), clerk)

    assert Guest.objects.get().affiliation.member == zhao
    assert not Member.objects.visible_to(clerk).exists()


def test_a_stay_that_a_ledger_ended_comes_back_though_the_guest_belongs_elsewhere_and_not_over_a_newer_one(
    street, branch, clerk
):
    member_at(factories.OrganizationFactory(parent=factories.StreetFactory(parent=street.parent)), "赵敏", ZHAO)
    confirm(upload(clerk, street, coming(zhao_in())), clerk)
    left = "流入", [[*IN_HEADER, "离开日期"], [*zhao_in(), "2026-05-01"]]

    first = confirm(upload(clerk, street, left), clerk)
    imports.undo(batch=first, by=clerk)
    second = confirm(upload(clerk, street, left), clerk)
    receive_guest(organization=branch, name="赵敏", id_number=ZHAO, since=DAY(2026, 6, 1), by=clerk)

    with pytest.raises(UndoBlocked, match="该党员已重新登记为流入党员"):
        imports.undo(batch=second, by=clerk)
