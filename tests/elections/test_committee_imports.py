"""The committee roster: who sits where, linked to the member roster, and the village's committee beside it."""

import datetime
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections import imports
from elections.models import Post, VillagePost
from orgs.enums import MemberKind
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
CELLS = {
    "code": "党组织编码",
    "name_of": "党组织名称",
    "body": "班子",
    "seat": "产生方式",
    "no": "届次",
    "post": "职务",
    "name": "姓名",
    "sex": "性别",
    "number": "公民身份号码",
    "birth": "出生日期",
    "education": "学历",
    "joined": "入党日期",
    "started": "任职日期",
    "village": "村（居）委会职务",
    "party": "是否党员",
    "tags": "人员标签",
}
LI = workbooks.id_number(birth="19800506", order="011")
ZHAO = workbooks.id_number(birth="19851212", order="023")
SUN = workbooks.id_number(birth="19900303", order="035")
OUT = workbooks.id_number(birth="19750707", order="047")


def day(text):
    return datetime.date.fromisoformat(text)


@pytest.fixture
def root():
    return factories.RootFactory(code="YL")


@pytest.fixture
def branch(root):
    return factories.OrganizationFactory(parent=root, code="YL01", name="虚构社区第一党支部")


@pytest.fixture
def clerk(root):
    return factories.user_at(root)


def member(organization, name, number="", **fields):
    person = factories.MemberFactory.build(name=name, **fields)
    if number:
        person.set_id_number(number)
    person.save()
    factories.AffiliationFactory(member=person, organization=organization)
    return person


@pytest.fixture
def people(branch):
    return {
        "李明": member(branch, "李明", LI, sex="male", education="大学本科"),
        "赵红": member(branch, "赵红", ZHAO),
        "孙丽": member(branch, "孙丽", SUN),
    }


def line(name=None, post=None, number=None, code="YL01", **cells):
    row = {"code": code, "name": name, "post": post, "number": number, **cells}
    assert row.keys() <= CELLS.keys()
    return [row.get(title) for title in CELLS]


def upload(clerk, *rows, on=ON, kind="auto"):
    data = workbooks.xlsx(("班子", [list(CELLS.values()), *rows]))
    return imports.upload(data=data, file_name="班子.xlsx", kind=kind, organization=clerk.organization, on=on, by=clerk)


def confirmed(clerk, *rows, partial=False, **options):
    return imports.confirm(batch=upload(clerk, *rows, **options), partial=partial, by=clerk)


def outcome(batch):
    return [(row.number, row.status.value, row.step) for row in imports.preview(batch).rows]


def codes(batch):
    issues = imports.preview(batch).issues
    return [(each.row, each.header, each.code.value, each.severity.value) for each in issues]


def sitting():
    posts = Post.objects.filter(until=None).order_by("id")
    return list(posts.values_list("holder_name", "body", "seat", "title", "since", "member__name"))


def books():
    found = {}
    for model in (Post, VillagePost):
        columns = [field.attname for field in model._meta.concrete_fields if field.attname != "version"]
        found[model.__name__] = list(model._base_manager.order_by("pk").values_list(*columns))
    return found


COMMITTEE = [
    line("李明", "书记", LI, started="2024-06-01", village="居委会主任", tags="致富带头人"),
    line("赵红", "副书记、组织委员", ZHAO),
    line("孙丽", None, SUN, body="纪委"),
    line("周强", "第一书记", OUT, education="研究生"),
    line("吴敏", None, village="居委会委员", party="否", sex="女", birth="1992-02"),
    line("空缺", "宣传委员"),
]


def test_a_whole_committee(branch, people, clerk):
    batch = confirmed(clerk, *COMMITTEE)

    assert batch.kind == "committee"
    assert outcome(batch) == [
        (2, "ok", "new"), (3, "ok", "new"), (4, "ok", "new"), (5, "warning", "new"), (6, "ok", "new"),
        (7, "skipped", ""),
    ]  # fmt: skip
    assert codes(batch) == [(5, "姓名", "COMMITTEE_PERSON_UNKNOWN", "warning")]
    assert sitting() == [
        ("李明", "committee", "elected", "secretary", day("2024-06-01"), "李明"),
        ("赵红", "committee", "elected", "deputy_secretary", None, "赵红"),
        ("赵红", "committee", "elected", "organization", None, "赵红"),
        ("周强", "committee", "first_secretary", "secretary", None, None),
        ("孙丽", "discipline", "elected", "committee_member", None, "孙丽"),
    ]
    stranger = Post.objects.get(holder_name="周强")
    assert (stranger.sex, stranger.birth, stranger.education) == ("male", day("1975-07-07"), "研究生")
    linked = Post.objects.get(holder_name="李明")
    assert (linked.sex, linked.birth, linked.tags) == ("", None, "致富带头人")
    village = VillagePost.objects.order_by("id").values_list(
        "holder_name", "title", "member__name", "is_party_member", "sex", "birth", "birth_precision"
    )
    assert list(village) == [
        ("李明", "居委会主任", "李明", True, "", None, "day"),
        ("吴敏", "居委会委员", None, False, "female", day("1992-02-01"), "month"),
    ]


def test_same_file_twice_writes_nothing(branch, people, clerk):
    confirmed(clerk, *COMMITTEE)
    before = books()

    again = confirmed(clerk, *COMMITTEE, on=day("2026-12-05"))

    assert [step for _, _, step in outcome(again)] == ["unchanged"] * 5 + [""]
    assert again.effects.count() == 0
    assert books() == before


def test_export_comes_back_as_unchanged_and_hides_numbers(root, branch, people, clerk):
    confirmed(clerk, *COMMITTEE)
    before = books()
    data = imports.export(kind="committee", organization=root, on=ON, by=clerk)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert [cell.value for cell in sheet[1]] == [*CELLS.values()]
    assert [row[8].value for row in sheet.iter_rows(min_row=2)] == [
        f"{LI[:6]}********{LI[14:]}",
        f"{ZHAO[:6]}********{ZHAO[14:]}",
        f"{ZHAO[:6]}********{ZHAO[14:]}",
        None,
        f"{SUN[:6]}********{SUN[14:]}",
        None,
    ]

    batch = imports.upload(data=data, file_name="a.xlsx", kind="auto", organization=root, on=ON, by=clerk)

    assert (batch.kind, [step for _, _, step in outcome(batch)]) == ("committee", ["unchanged"] * 6)
    imports.confirm(batch=batch, partial=False, by=clerk)
    assert books() == before


def test_undo_brings_back_every_row(branch, people, clerk):
    factories.PostFactory(organization=branch, holder_name="王建国", since=day("2024-06-01"))
    factories.PostFactory(organization=branch, holder_name="赵红", title="publicity", since=None)
    before = books()
    batch = confirmed(clerk, *COMMITTEE, line("李明", "纪检委员", LI))
    assert books() != before

    imports.undo(batch=batch, by=clerk)

    assert books() == before


def test_new_secretary_follows_the_former_one_and_the_page_shows_it(branch, people, clerk):
    former = factories.PostFactory(organization=branch, holder_name="王建国", since=day("2024-06-01"))

    batch = confirmed(clerk, line("李明", "书记", LI))

    assert imports.preview(batch).rows[0].changes == {"name": ("王建国", "李明")}
    assert imports.preview(batch).missing == ()
    former.refresh_from_db()
    assert former.until == ON
    assert sitting() == [("李明", "committee", "elected", "secretary", ON, "李明")]


def test_who_is_missing_from_the_roster_is_listed_and_stays(branch, people, clerk):
    factories.PostFactory(organization=branch, holder_name="王建国", title="publicity")

    batch = confirmed(clerk, line("李明", "书记", LI))

    assert [(each.title, each.place) for each in imports.preview(batch).missing] == [
        ("王建国（宣传委员）", "虚构社区第一党支部")
    ]
    assert Post.objects.get(holder_name="王建国").until is None
    assert batch.counts["missing"] == 1


def test_another_post_of_the_same_person_ends_the_former_one(branch, people, clerk):
    confirmed(clerk, line("赵红", "组织委员", ZHAO, started="2024-06-01"))

    batch = confirmed(clerk, line("赵红", "副书记", ZHAO, started="2026-03-01"))

    assert outcome(batch) == [(2, "ok", "changed")]
    assert imports.preview(batch).rows[0].changes == {"post": ("组织委员", "副书记")}
    assert list(Post.objects.order_by("id").values_list("title", "since", "until")) == [
        ("organization", day("2024-06-01"), day("2026-03-01")),
        ("deputy_secretary", day("2026-03-01"), None),
    ]


def test_post_known_by_name_only_is_linked(branch, people, clerk):
    factories.PostFactory(organization=branch, holder_name="李明")

    batch = confirmed(clerk, line("李明", "书记", LI))

    assert imports.preview(batch).rows[0].changes == {"name": ("李明（未与党员花名册对应）", "李明")}
    assert Post.objects.get().member == people["李明"]


def test_mistakes_are_named(root, branch, people, clerk):
    member(branch, "钱进", kind=MemberKind.PROBATIONARY, formal_on=None)
    member(branch, "郑洁")
    member(branch, "郑洁")

    batch = upload(
        clerk,
        line("李明", "书记", LI),
        line("赵红", "书记", ZHAO),
        line("钱进", "宣传委员"),
        line("周强", "组织委员", OUT),
        line("何伟", "组织委员"),
        line("郑洁", "青年委员"),
        line("孙莉", "统战委员", SUN),
        line("李明", "支部书记", LI),
        line("孙丽", "纪检委员", SUN, party="否"),
        line("周强", "委员", OUT, seat="兼职委员"),
        line(None, "委员"),
        line("孙丽", "秘书长", SUN),
        line("孙丽", "委员", SUN, started="2027-01-01"),
        line("孙丽", "委员", SUN, code="YL99"),
    )

    assert codes(batch) == [
        (3, "职务", "COMMITTEE_TWO_SECRETARIES", "error"),
        (4, "姓名", "COMMITTEE_PROBATIONARY", "error"),
        (5, "姓名", "COMMITTEE_PERSON_UNKNOWN", "error"),
        (6, "姓名", "COMMITTEE_PERSON_UNKNOWN", "error"),
        (7, "姓名", "COMMITTEE_PERSON_UNKNOWN", "error"),
        (8, "公民身份号码", "ID_DUP_NAME_DIFF", "error"),
        (9, "姓名", "ID_DUP_IN_FILE", "error"),
        (10, "是否党员", "KIND_INCONSISTENT", "error"),
        (11, "姓名", "COMMITTEE_PERSON_UNKNOWN", "warning"),
        (12, "姓名", "NAME_EMPTY", "error"),
        (13, "职务", "ENUM_UNKNOWN", "warning"),
        (14, "任职日期", "DATE_FUTURE", "error"),
        (15, "党组织编码", "ORG_UNKNOWN", "error"),
    ]
    imports.confirm(batch=batch, partial=True, by=clerk)
    assert [(name, title) for name, _, _, title, _, _ in sitting()] == [
        ("李明", "secretary"), ("周强", "committee_member")
    ]  # fmt: skip


def test_member_of_another_street_is_as_unknown_as_nobody(root):
    mine, other = factories.StreetFactory(parent=root), factories.StreetFactory(parent=root)
    factories.OrganizationFactory(parent=mine, code="M1", name="本处党支部")
    member(factories.OrganizationFactory(parent=other, code="X1", name="别处党支部"), "李明", LI)
    clerk = factories.user_at(mine)

    batch = upload(
        clerk,
        line("李明", "书记", LI, code="M1"),
        line("李明", "书记", code="M1"),
        line("赵红", "书记", ZHAO, code="M1"),
        line("李明", "书记", LI, code="X1"),
    )

    found = [(each.row, each.code.value, each.message) for each in imports.preview(batch).issues]
    unknown = "班子成员「{}」不在党员花名册中，请先导入该党员或核对姓名。"
    assert [each for each in found if each[1] == "COMMITTEE_PERSON_UNKNOWN"] == [
        (2, "COMMITTEE_PERSON_UNKNOWN", unknown.format("李明")),
        (3, "COMMITTEE_PERSON_UNKNOWN", unknown.format("李明")),
        (4, "COMMITTEE_PERSON_UNKNOWN", unknown.format("赵红")),
    ]
    sentence = "没有找到党组织「X1」，请核对名称或编码；新建的党组织请先在党组织台账中导入。"
    assert [each for each in found if each[1] == "ORG_UNKNOWN"] == [(5, "ORG_UNKNOWN", sentence)]
    assert batch.counts["good"] == 0


def test_preview_is_stored_sealed(branch, people, clerk):
    batch = upload(clerk, *COMMITTEE)

    assert LI.encode() not in bytes(batch.preview_sealed)
    assert imports.preview(batch).rows[0].record["id_number"] == LI
    assert imports.importer.by_kind["committee"].personal_fields() == {"id_number"}


def test_roster_of_members_with_posts_stays_one(root, branch, clerk):
    header = ["所在党支部", "姓名", "性别", "民族", "身份证号", "党内职务", "联系电话"]
    data = workbooks.xlsx(("花名册", [header, [branch.name, "李明", "男", "汉族", LI, "书记", None]]))

    batch = imports.upload(data=data, file_name="a.xlsx", kind="auto", organization=root, on=ON, by=clerk)

    assert batch.kind == "members"


def test_page_of_a_batch_hides_numbers_and_lists_who_is_missing(client, branch, people, clerk):
    factories.PostFactory(organization=branch, holder_name="王建国", title="publicity")
    client.force_login(clerk)
    batch = confirmed(clerk, *COMMITTEE)

    page = client.get(reverse("import_batch", args=[batch.uid])).content.decode()

    assert LI not in page
    assert f"{LI[:6]}********{LI[14:]}" in page
    assert "王建国（宣传委员）" in page


def test_every_kind_is_offered_with_its_form(client, clerk):
    client.force_login(clerk)

    page = client.get(reverse("imports")).content.decode()

    for kind in ("organizations", "terms", "members", "committee"):
        assert reverse("import_template", args=[kind]) in page


def test_number_of_queries_does_not_depend_on_the_rows(root, clerk):
    rows = []
    for number in range(20):
        branch = factories.OrganizationFactory(parent=root, code=f"Q{number}", name=f"虚构{number}号党支部")
        member(branch, "李明", workbooks.id_number(order=f"{number:03d}"))
        rows.append(
            line("李明", "书记", workbooks.id_number(order=f"{number:03d}"), code=f"Q{number}", village="居委会主任")
        )
    confirmed(clerk, rows[0])  # what is looked up once per process
    with CaptureQueriesContext(connection) as one:
        confirmed(clerk, rows[1])

    with CaptureQueriesContext(connection) as many:
        confirmed(clerk, *rows[2:])

    assert len(many) == len(one)


def test_a_row_without_a_place_tells_everything_that_is_wrong_at_once(branch, people, clerk):
    batch = upload(clerk, line("李明", "书记", LI, code="YL99", started="2026-12-01", sex="女"))

    assert codes(batch) == [
        (2, "党组织编码", "ORG_UNKNOWN", "error"),
        (2, "性别", "ID_SEX_MISMATCH", "warning"),
        (2, "任职日期", "DATE_FUTURE", "error"),
    ]


def test_a_further_post_of_somebody_who_sits_already_is_a_change_that_is_shown(branch, people, clerk):
    confirmed(clerk, line("赵红", "副书记", ZHAO, started="2024-06-01"))

    batch = upload(clerk, line("赵红", "副书记、组织委员", ZHAO, started="2024-06-01", village="居委会委员"))

    assert outcome(batch) == [(2, "ok", "changed")]
    assert imports.preview(batch).rows[0].changes == {"post": ("", "组织委员"), "village_post": ("", "居委会委员")}
