"""The page of a batch: what needs attention first, as few parts opened as shown, who may take over, columns, undo."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections import imports as rosters
from elections.views.batches import promise
from members.models import Member
from orgs.enums import BatchState, Role
from orgs.exporting import write_csv
from orgs.models import AuditEvent, ImportBatch, LayoutMapping, Operation, OperationEffect
from tests.factories import user_at

DAY = datetime.date(2026, 11, 21)
TITLES = ("所在党支部", "姓名", "公民身份号码", "入党日期", "转正日期")
BRANCH = "石桥社区第一党支部"
GOOD = (BRANCH, "王建国", "119901199001010025", "2010-07-01", "2011-07-01")
OTHER = (BRANCH, "赵国强", "119901199001010041", "2010-07-01", "2011-07-01")
WRONG_DIGIT = (BRANCH, "李秀英", "119901199001010024", "2010-07-01", "2011-07-01")
NO_NUMBER = (BRANCH, "张桂兰", "", "2010-07-01", "2011-07-01")


def batch_of(district, *rows, titles=TITLES, kind="members", by=None) -> ImportBatch:
    return rosters.upload(
        data=write_csv(titles, rows),
        file_name="党员花名册.csv",
        kind=kind,
        organization=district.street_a,
        on=DAY,
        by=by or district.clerk,
    )


def at(batch, step=""):
    return reverse(f"import_{step}" if step else "import_batch", args=[batch.uid])


def names(page) -> list[str]:
    place = [column["name"] for column in page.context["columns"]].index("name")
    return [row["cells"][place]["value"] for row in page.context["rows"]]


def test_what_needs_attention_comes_first_and_each_kind_of_problem_leads_to_its_rows(as_clerk, district):
    batch = batch_of(district, GOOD, WRONG_DIGIT, NO_NUMBER, (BRANCH, "孙丽", "", "2010-07-01", "2011-07-01"))

    page = as_clerk.get(at(batch))

    assert names(page) == ["李秀英", "张桂兰", "孙丽"]
    problems = [(each["severity"], each["title"], each["number"], each["url"]) for each in page.context["problems"]]
    assert problems == [
        ("错误", "公民身份号码", 2, f"{at(batch)}?show=code:ID_EMPTY#rows"),
        ("错误", "公民身份号码", 1, f"{at(batch)}?show=code:ID_CHECKSUM#rows"),
    ]
    assert names(as_clerk.get(problems[0][3])) == ["张桂兰", "孙丽"]
    assert names(as_clerk.get(problems[1][3])) == ["李秀英"]
    # An address that somebody made up shows what needs attention.
    assert names(as_clerk.get(at(batch), {"show": "code:NONSENSE"})) == ["李秀英", "张桂兰", "孙丽"]


def test_a_cell_that_copies_the_one_above_shows_the_value_and_no_sentence(as_clerk, district):
    batch = batch_of(district, GOOD, ("同上", *OTHER[1:]))

    page = as_clerk.get(at(batch), {"show": "all"})

    place = [column["name"] for column in page.context["columns"]].index("org_name")
    cells = [row["cells"][place] for row in page.context["rows"]]
    assert [(cell["value"], cell["tone"], cell["notes"]) for cell in cells] == [(BRANCH, "", []), (BRANCH, "info", [])]


def test_changes_show_the_old_value_beside_the_new_one(as_clerk, district):
    rosters.confirm(batch=batch_of(district, GOOD), partial=False, by=district.clerk)
    batch = batch_of(district, (*GOOD[:3], "2010-06-01", "2011-07-01"))

    page = as_clerk.get(at(batch))

    [row] = page.context["rows"]
    cells = dict(zip([column["name"] for column in page.context["columns"]], row["cells"], strict=True))
    assert (cells["joined"]["old"], cells["joined"]["value"]) == ("2010-07-01", "2010-06-01")
    assert '<del class="hj-cell-old">2010-07-01</del>' in page.content.decode()


def test_ten_thousand_errors_open_no_more_than_ten(as_clerk, district):
    few = batch_of(district, *[NO_NUMBER] * 10)
    many = batch_of(district, *[NO_NUMBER] * 10_000)
    as_clerk.get(at(few))  # the session is written once

    def asked(batch, **params):
        with CaptureQueriesContext(connection) as queries:
            page = as_clerk.get(at(batch), params)
        opened = [each for each in queries if '"orgs_importpart"."sealed"' in each["sql"]]
        return len(queries), len(opened), len(page.context["rows"])

    assert many.parts.count() > 1
    assert asked(few)[1:] == (1, 10)
    assert asked(many) == (asked(few)[0], 1, 50)
    assert asked(many, page="150") == (asked(few)[0], 1, 50)


def test_another_clerk_of_the_unit_is_told_that_they_may_take_over_and_until_when(client, district):
    batch = batch_of(district, GOOD)
    colleague = user_at(district.street_a, Role.CLERK)
    client.force_login(colleague)

    page = client.get(at(batch)).content.decode()
    client.post(at(batch, "confirm"))

    assert "您可以接手办理" in page
    assert "预览保留到 2026年12月5日 18:00" in page
    batch.refresh_from_db()
    assert (batch.state, batch.confirmed_by, Member.objects.count()) == (BatchState.APPLIED, colleague, 1)


def test_the_uploader_reads_nothing_of_taking_over(as_clerk, district):
    assert "接手" not in as_clerk.get(at(batch_of(district, GOOD))).content.decode()


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ({"new": 2, "changed": 1}, "确认后将新增 2 行、变更 1 行。"),
        (
            {"new": 2, "unchanged": 3, "bad": 4},
            "确认后将新增 2 行；无变化的 3 行不写入，有错误的 4 行不写入，留作待改清单。",
        ),
        ({"unchanged": 3}, "确认后将不写入任何内容；无变化的 3 行不写入。"),
    ],
)
def test_what_a_confirm_does_is_said_in_one_sentence(counts, sentence):
    assert promise(counts) == sentence


def test_an_undo_that_is_refused_lists_what_stands_in_the_way(as_clerk, district):
    batch = batch_of(district, GOOD)
    rosters.confirm(batch=batch, partial=False, by=district.clerk)
    later = batch_of(district, (*GOOD[:3], "2010-06-01", "2011-07-01"))
    rosters.confirm(batch=later, partial=False, by=district.clerk)
    rosters.confirm(batch=batch_of(district, OTHER), partial=False, by=district.clerk)

    page = as_clerk.post(at(batch, "undo"))

    assert page.status_code == 409
    assert page.context["blocked"].reasons == ["党员“王建国”在导入后又被修改"]
    assert page.context["later"] == [{"title": "导入“党员花名册.csv”", "url": at(later)}]
    text = page.content.decode()
    assert "党员“王建国”在导入后又被修改" in text
    assert reverse("operations", args=[district.street_a.uid]) in text
    assert reverse("history", args=[district.street_a.uid]) in text
    assert Member.objects.count() == 2


def test_what_was_done_by_hand_since_is_named_only_to_those_who_may_see_it(as_clerk, district):
    batch = batch_of(district, GOOD)
    rosters.confirm(batch=batch, partial=False, by=district.clerk)
    member = Member.objects.get()
    Member.objects.update(name="王建军", version=member.version + 1)
    for organization, summary in ((district.late, "更正姓名"), (district.foreign, "在另一街道办理")):
        operation = Operation.objects.create(
            kind="correct", organization=organization, on=DAY, by=district.officer, summary=summary
        )
        OperationEffect.objects.create(
            operation=operation,
            table="members.member",
            target_uid=member.uid,
            before={"name": "王建国"},
            after={"name": "王建军"},
            version_before=member.version,
            version_after=member.version + 1,
        )

    page = as_clerk.post(at(batch, "undo"))

    assert [each["title"] for each in page.context["later"]] == ["办理：更正姓名"]


# ---- Columns that have to be explained ------------------------------------------------------------------------------

UNKNOWN = ("所在党支部", "姓名", "证号儿", "入党日期", "转正日期")


def explain(client, batch, **choices):
    form = client.get(at(batch)).context["columns_form"]
    data = {name: choices.get(field.label, field.initial or "") for name, field in form.fields.items()}
    return client.post(at(batch, "columns"), data, follow=True)


def test_a_file_that_lacks_a_column_is_saved_by_saying_which_it_is_and_the_answer_is_remembered(as_clerk, district):
    batch = batch_of(district, GOOD, OTHER, titles=UNKNOWN)
    page = as_clerk.get(at(batch))
    [field] = page.context["columns_form"]
    assert (batch.state, field.label, field.initial) == (BatchState.REJECTED, "证号儿", "id_number")
    assert GOOD[2] not in page.content.decode()

    said = explain(as_clerk, batch).content.decode()

    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"]) == (BatchState.CHECKED, 2)
    assert "已记住各列对应的项目" in said
    [kept] = LayoutMapping.objects.all()
    assert (kept.organization, kept.kind, kept.mapping) == (district.street_a, "members", {"证号儿": "id_number"})
    # The same form again needs no answer.
    assert batch_of(district, GOOD, titles=UNKNOWN).state == BatchState.CHECKED


def test_one_field_for_two_columns_is_explained(as_clerk, district):
    batch = batch_of(
        district, (*GOOD, "15400000001"), titles=("所在党支部", "姓名", "证号儿", "入党日期", "转正日期", "号儿")
    )
    form = as_clerk.get(at(batch)).context["columns_form"]

    page = as_clerk.post(at(batch, "columns"), dict.fromkeys(form.fields, "id_number"))

    assert len(form.fields) == 2
    assert "同一个项目只能对应一列" in page.content.decode()
    assert not LayoutMapping.objects.exists()


def test_where_nothing_is_unsure_nothing_is_asked(as_clerk, district):
    batch = batch_of(district, GOOD)

    assert as_clerk.get(at(batch)).context["columns_form"] is None
    assert as_clerk.post(at(batch, "columns")).status_code == 409


# ---- The open list of a batch written in part -----------------------------------------------------------------------


@pytest.fixture
def in_part(district):
    return rosters.confirm(batch=batch_of(district, GOOD, WRONG_DIGIT), partial=True, by=district.clerk)


def listed(client) -> list[bool]:
    return [line["has_open_list"] for line in client.get(reverse("imports")).context["batches"]]


def test_rows_left_out_stay_as_the_open_list_of_their_batch(as_clerk, district, in_part):
    page = as_clerk.get(at(in_part))

    assert names(page) == ["李秀英"]
    assert "有错误的 1 行没有导入，仍列在下面" in page.content.decode()
    assert listed(as_clerk) == [True]
    assert len(as_clerk.get(reverse("imports"), {"standing": "open_list"}).context["batches"]) == 1


def test_the_list_is_closed_by_whoever_says_why(as_clerk, district, in_part):
    assert "请写明处理情况" in as_clerk.post(at(in_part, "close"), {"reason": ""}).content.decode()
    assert listed(as_clerk) == [True]

    page = as_clerk.post(at(in_part, "close"), {"reason": "已逐人登记"}, follow=True).content.decode()

    assert "销号：已逐人登记" in page
    assert listed(as_clerk) == [False]
    event = AuditEvent.objects.get(kind="import.list_closed")
    assert (event.actor, event.changes) == (district.clerk, {"rows": [None, 1], "reason": [None, "已逐人登记"]})
    again = as_clerk.post(at(in_part, "close"), {"reason": "再次"}, follow=True).content.decode()
    assert "没有待改清单，或者清单已经处理" in again


def upload_and_confirm(client, *rows):
    file = SimpleUploadedFile("改正后.csv", write_csv(TITLES, rows))
    client.post(reverse("imports"), {"file": file, "kind": "members", "on": "2026-11-21"})
    batch = ImportBatch.objects.latest("created_at")
    client.post(at(batch, "confirm"))
    return batch


MENDED = (BRANCH, "李秀英", "119901199001010068", "2010-07-01", "2011-07-01")


def test_the_list_closes_when_the_mended_rows_came_in_and_opens_again_when_that_is_undone(as_clerk, district, in_part):
    later = upload_and_confirm(as_clerk, GOOD, MENDED)

    in_part.refresh_from_db()
    assert listed(as_clerk) == [False, False]
    assert (in_part.list_closed_reason, in_part.list_closed_through) == ("改正后随“改正后.csv”导入。", later)

    as_clerk.post(at(later, "undo"))
    assert listed(as_clerk) == [False, True]


@pytest.mark.parametrize("rows", [[GOOD], [OTHER], [("石桥社区第二党支部", *MENDED[1:])]])
def test_a_roster_without_the_mended_rows_leaves_the_list_open(as_clerk, district, in_part, rows):
    upload_and_confirm(as_clerk, *rows)

    assert listed(as_clerk) == [False, True]
