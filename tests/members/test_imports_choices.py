"""People missing from a roster or coming from elsewhere: a choice waits, is done with the confirm, and is undone."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from elections import imports
from members import services
from members.imports.choices import MemberChooser
from members.models import Affiliation, IntakeRequest, Member, Standing, TransferRequest
from orgs.enums import BatchState, Role
from orgs.importing.choosing import KEEP, NOT_LISTED, choose, listed_missing, listed_transfers
from orgs.importing.refusals import BatchClosed, ChoicesRefused, ImportRefused
from orgs.models import AuditEvent, ImportChoice
from tests import factories
from tests.members.rosters import LI, WANG, ZHAO, confirmed, li, upload
from tests.snapshots import books

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 10)
CHOOSER = MemberChooser()


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))


@pytest.fixture
def root():
    return factories.RootFactory()


@pytest.fixture
def street(root):
    return factories.StreetFactory(parent=root, name="东湖街道党工委")


@pytest.fixture
def branch(street):
    return factories.OrganizationFactory(parent=street, code="YL01", name="虚构社区第一党支部")


@pytest.fixture
def sibling(street):
    return factories.OrganizationFactory(parent=street, code="YL02", name="虚构社区第二党支部")


@pytest.fixture
def abroad(root):
    """A branch of another street."""
    other = factories.StreetFactory(parent=root, name="和平街道党工委")
    return factories.OrganizationFactory(parent=other, code="YL03", name="柳林社区党支部")


@pytest.fixture
def clerk(street):
    return factories.user_at(street, name="赵经办")


@pytest.fixture
def batch(street, branch, clerk):
    """A roster of 李明 alone, where 赵芳 and 王强 are on the books as well."""
    rows = [li(), li(姓名="赵芳", 公民身份号码=ZHAO), li(姓名="王强", 公民身份号码=WANG)]
    confirmed(clerk, street, *rows, on=datetime.date(2026, 1, 10))
    return upload(clerk, street, li())


def person(name) -> Member:
    return Member.objects.get(name=name)


def chosen(batch, by, name, choice, subject="missing", **details):
    (uid,) = [each.uid for each in everybody(batch, subject) if each.title == name]
    return choose(batch=batch, chooser=CHOOSER, subject=subject, targets=[uid], choice=choice, details=details, by=by)


def everybody(batch, subject):
    return listed_missing(batch) if subject == "missing" else listed_transfers(batch, CHOOSER)


def placed(name) -> list[tuple]:
    rows = Affiliation.objects.filter(member__name=name).order_by("id")
    return list(rows.values_list("organization__name", "since", "until", "reason"))


def standings(name) -> list[tuple]:
    rows = Standing.objects.filter(member__name=name).order_by("id")
    return list(rows.values_list("kind", "since", "until", "document_no", "remark"))


def test_without_a_choice_people_stay_as_they_are(batch, clerk):
    imports.confirm(batch=batch, partial=False, by=clerk)

    assert [placed(name) for name in ("赵芳", "王强")] == [[("虚构社区第一党支部", None, None, "")]] * 2


@pytest.mark.parametrize(
    ("choice", "details", "reason"),
    [
        ("out", {"destination": "云海市滨江区委组织部", "document_no": "介1号"}, "转往云海市滨江区委组织部"),
        ("deceased", {}, "逝世"),
        ("resigned", {"basis": "本人申请"}, "退党"),
        ("removed", {"document_no": "云组〔2026〕8号"}, "除名"),
        ("expelled", {"document_no": "云纪〔2026〕9号"}, "开除党籍"),
    ],
)
def test_a_membership_ends_as_by_hand_and_comes_back_with_the_undo(batch, clerk, choice, details, reason):
    factories.StandingFactory(member=person("赵芳"), kind="lost")
    before = books()
    chosen(batch, clerk, "赵芳", choice, on="2026-11-10", **details)

    imports.confirm(batch=batch, partial=False, by=clerk)

    assert placed("赵芳") == [("虚构社区第一党支部", None, DAY, reason)]
    assert standings("赵芳") == [("lost", datetime.date(2025, 1, 1), DAY, "", "")]
    assert placed("王强") == [("虚构社区第一党支部", None, None, "")]
    imports.undo(batch=batch, by=clerk)
    assert people_of(books()) == people_of(before)


def people_of(found: dict) -> dict:
    return {table: rows for table, rows in found.items() if table.startswith(("members.", "elections."))}


def test_a_stop_of_membership_and_a_loss_of_contact_are_standings(batch, clerk):
    before = books()
    chosen(batch, clerk, "赵芳", "stopped", on="2026-11-10", document_no="云组〔2026〕7号", basis="失去联系满六个月")
    chosen(batch, clerk, "王强", "lost", on="2026-05-01", basis="电话不通")

    batch = imports.confirm(batch=batch, partial=False, by=clerk)

    assert standings("赵芳") == [("stopped", DAY, None, "云组〔2026〕7号", "失去联系满六个月")]
    assert standings("王强") == [("lost", datetime.date(2026, 5, 1), None, "", "电话不通")]
    assert [placed(name)[0][2] for name in ("赵芳", "王强")] == [None, None]
    assert batch.message == "已导入：新增 0 行，变更 0 行，无变化 1 行。同时办理：停止党籍1人、失联1人。"
    imports.undo(batch=batch, by=clerk)
    assert people_of(books()) == people_of(before)


def test_to_another_branch_of_ones_own_part_at_once_and_elsewhere_by_request(batch, clerk, sibling, abroad):
    before = books()
    chosen(batch, clerk, "赵芳", "within", on="2026-11-10", wanted="YL02")
    chosen(
        batch, clerk, "王强", "within", on="2026-11-10", wanted="柳林社区党支部", document_no="介2号", basis="工作调动"
    )

    imports.confirm(batch=batch, partial=False, by=clerk)

    assert placed("赵芳") == [
        ("虚构社区第一党支部", None, DAY, "组织关系转接"),
        ("虚构社区第二党支部", DAY, None, ""),
    ]
    assert placed("王强") == [("虚构社区第一党支部", None, None, "")]
    request = TransferRequest.objects.get()
    assert (request.wanted, request.to, request.letter_no, request.note, request.by) == (
        "柳林社区党支部",
        abroad,
        "介2号",
        "工作调动",
        clerk,
    )
    imports.undo(batch=batch, by=clerk)
    assert people_of(books()) == people_of(before)


def test_a_request_is_answered_alike_whether_the_place_exists_or_not(batch, clerk, abroad):
    there = chosen(batch, clerk, "赵芳", "within", on="2026-11-10", wanted="柳林社区党支部", document_no="介2号")
    nowhere = chosen(batch, clerk, "王强", "within", on="2026-11-10", wanted="没有的党支部", document_no="介2号")

    imports.confirm(batch=batch, partial=False, by=clerk)

    assert [each.choice for each in (*there, *nowhere)] == ["within", "within"]
    asked = TransferRequest.objects.visible_to(clerk).values_list("wanted", flat=True)
    assert set(asked) == {"柳林社区党支部", "没有的党支部"}


def test_a_choice_waits_for_whoever_confirms_and_says_who_made_it(batch, clerk, street):
    chosen(batch, clerk, "赵芳", "deceased", on="2026-11-10")
    colleague = factories.user_at(street, name="钱经办")
    (choice,) = chosen(batch, colleague, "王强", KEEP)

    imports.confirm(batch=batch, partial=False, by=colleague)

    assert [(each.choice, each.by) for each in ImportChoice.objects.order_by("id")] == [
        ("deceased", clerk),
        ("keep", colleague),
    ]
    assert placed("赵芳")[0][2:] == (DAY, "逝世")
    assert AuditEvent.objects.filter(kind="import.choose").count() == 2
    assert AuditEvent.objects.get(kind="affiliation.end").actor == colleague


def test_choosing_anew_takes_the_place_of_the_first_choice(batch, clerk):
    chosen(batch, clerk, "赵芳", "deceased", on="2026-11-10")
    (again,) = chosen(batch, clerk, "赵芳", KEEP)

    imports.confirm(batch=batch, partial=False, by=clerk)

    assert [(each.choice, each.version, each.details) for each in ImportChoice.objects.all()] == [("keep", 2, {})]
    assert placed("赵芳") == [("虚构社区第一党支部", None, None, "")]


def test_a_stale_page_overwrites_nobodys_choice(batch, clerk):
    uid = str(person("赵芳").uid)
    chosen(batch, clerk, "赵芳", "deceased", on="2026-11-10")

    with pytest.raises(ImportRefused, match="“赵芳”刚被他人重新选择，请核对后再保存。"):
        choose(
            batch=batch,
            chooser=CHOOSER,
            subject="missing",
            targets=[uid],
            choice=KEEP,
            details={},
            by=clerk,
            expected={uid: 0},
        )

    assert ImportChoice.objects.get().choice == "deceased"


@pytest.mark.parametrize(
    ("choice", "details", "wrong"),
    [
        ("out", {"destination": "某地"}, {"on": ["请填写日期。"], "document_no": ["请填写文号（介绍信编号）。"]}),
        ("deceased", {"on": "2026-11-22"}, {"on": ["日期不能晚于今天，请到那一天再办理。"]}),
        ("deceased", {"on": "十一月"}, {"on": ["日期填写有误，应为 2026-11-21 的形式。"]}),
        ("stopped", {"on": "2026-11-10"}, {"basis": ["请填写文号或者依据。"]}),
        (
            "within",
            {"on": "2026-11-10", "wanted": "别处"},
            {"document_no": ["转往您管理范围以外的党组织，请填写介绍信编号。"]},
        ),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(batch, clerk, choice, details, wrong):
    with pytest.raises(ValidationError) as refused:
        chosen(batch, clerk, "赵芳", choice, **details)

    assert refused.value.message_dict == wrong
    assert not ImportChoice.objects.exists()


def test_what_cannot_be_done_is_said_when_it_is_chosen(batch, clerk):
    Affiliation.objects.filter(member=person("赵芳")).update(since=datetime.date(2026, 11, 10))

    with pytest.raises(ValidationError) as refused:
        chosen(batch, clerk, "赵芳", "deceased", on="2026-11-10")

    assert refused.value.messages == ["赵芳：转出日期须晚于转入日期2026-11-10"]
    assert AuditEvent.objects.filter(kind="affiliation.end").count() == 0


def test_what_cannot_be_done_any_more_stops_the_confirm_and_names_the_person(batch, clerk):
    chosen(batch, clerk, "赵芳", "deceased", on="2026-11-10")
    services.request_transfer(member=person("赵芳"), wanted="别处", asked_on=DAY, letter_no="介1号", by=clerk)

    with pytest.raises(ChoicesRefused) as refused:
        imports.confirm(batch=batch, partial=False, by=clerk)

    sentence = (
        "没有写入任何内容。以下人员的处理办不了，请修改后重新确认：赵芳：该党员的组织关系正在转接，请先撤回转接申请。"
    )
    assert str(refused.value) == sentence
    batch.refresh_from_db()
    assert (batch.state, batch.message, batch.confirmed_by) == (BatchState.CHECKED, sentence, None)
    chosen(batch, clerk, "赵芳", KEEP)
    assert imports.confirm(batch=batch, partial=False, by=clerk).state == BatchState.APPLIED


def test_whoever_left_meanwhile_renews_the_preview_and_loses_the_choice(batch, clerk, sibling):
    chosen(batch, clerk, "赵芳", "deceased", on="2026-11-10")
    chosen(batch, clerk, "王强", "deceased", on="2026-11-10")
    services.transfer_within(member=person("赵芳"), to=sibling, on=DAY, by=clerk)

    with pytest.raises(imports.PreviewOutdated):
        imports.confirm(batch=batch, partial=False, by=clerk)

    batch.refresh_from_db()
    assert [each.title for each in listed_missing(batch)] == ["王强"]
    assert [each.target_uid for each in ImportChoice.objects.all()] == [person("王强").uid]
    assert placed("王强") == [("虚构社区第一党支部", None, None, "")]
    imports.confirm(batch=batch, partial=False, by=clerk)
    assert placed("王强")[0][2:] == (DAY, "逝世")


def test_nothing_is_chosen_for_people_who_are_not_listed_or_in_a_batch_that_is_done(batch, clerk, sibling):
    other = factories.AffiliationFactory(organization=sibling).member

    with pytest.raises(ImportRefused, match=NOT_LISTED):
        choose(
            batch=batch,
            chooser=CHOOSER,
            subject="missing",
            targets=[str(person("赵芳").uid), str(other.uid)],
            choice=KEEP,
            details={},
            by=clerk,
        )
    imports.confirm(batch=batch, partial=False, by=clerk)
    with pytest.raises(BatchClosed):
        chosen(batch, clerk, "赵芳", KEEP)

    assert not ImportChoice.objects.exists()


@pytest.mark.parametrize("role", [Role.VIEWER, None])
def test_a_reader_and_a_stranger_choose_nothing(batch, street, abroad, role):
    user = factories.user_at(street, role) if role else factories.user_at(abroad.parent)

    with pytest.raises(PermissionDenied):
        chosen(batch, user, "赵芳", KEEP)


# ---- Moved between branches -----------------------------------------------------------------------------------------


def test_from_ones_own_part_a_person_is_moved_with_the_confirm(street, branch, sibling, clerk):
    wang = factories.AffiliationFactory(organization=sibling, member=numbered("王强", WANG)).member
    batch = upload(clerk, street, li(), li(姓名="王强", 公民身份号码=WANG))
    before = books()
    chosen(batch, clerk, "王强", "take", subject="transfer")

    batch = imports.confirm(batch=batch, partial=False, by=clerk)

    assert placed("王强") == [
        ("虚构社区第二党支部", None, datetime.date(2026, 11, 21), "组织关系转接"),
        ("虚构社区第一党支部", datetime.date(2026, 11, 21), None, ""),
    ]
    assert batch.message == "已导入：新增 1 行，变更 0 行，无变化 0 行。同时办理：转入（申请转入）本支部1人。"
    imports.undo(batch=batch, by=clerk)
    assert placed("王强") == [("虚构社区第二党支部", None, None, "")]
    assert people_of(books()) == people_of(before)
    assert wang.pk


def numbered(name, number) -> Member:
    member = factories.MemberFactory.build(name=name)
    member.set_id_number(number)
    member.save()
    return member


def test_from_elsewhere_a_person_is_asked_for_and_nothing_is_told(street, branch, abroad, clerk):
    factories.AffiliationFactory(organization=abroad, member=numbered("王强", WANG))
    gone = factories.AffiliationFactory(
        organization=abroad, member=numbered("赵芳", ZHAO), until=datetime.date(2025, 1, 1)
    ).member
    batch = upload(clerk, street, li(姓名="王 强", 公民身份号码=WANG), li(姓名="赵芳", 公民身份号码=ZHAO))
    before = books()
    chosen(batch, clerk, "王强", "take", subject="transfer", on="2026-11-10")
    chosen(batch, clerk, "赵芳", "take", subject="transfer", on="2026-11-10")

    batch = imports.confirm(batch=batch, partial=False, by=clerk)

    assert [(each.name, each.to, each.on, each.by, each.outcome) for each in IntakeRequest.objects.order_by("id")] == [
        ("王强", branch, DAY, clerk, ""),
        ("赵芳", branch, DAY, clerk, ""),
    ]
    assert placed("王强") == [("柳林社区党支部", None, None, "")]
    assert list(Member.objects.visible_to(clerk)) == []
    told = batch.message + str([each.changes for each in imports.preview(batch).rows])
    assert not any(word in told for word in ("柳林", "和平"))
    imports.undo(batch=batch, by=clerk)
    assert people_of(books()) == people_of(before)
    assert gone.pk


def test_a_clerk_with_a_narrower_right_asks_where_the_chooser_would_have_moved(street, branch, sibling, clerk):
    """What a choice does follows from who confirms: the branch's own official may not change the other branch."""
    factories.AffiliationFactory(organization=sibling, member=numbered("王强", WANG))
    official = factories.user_at(branch, Role.BRANCH)
    batch = upload(official, branch, li(姓名="王强", 公民身份号码=WANG))
    chosen(batch, clerk, "王强", "take", subject="transfer", on="2026-11-10")

    imports.confirm(batch=batch, partial=False, by=official)

    assert placed("王强") == [("虚构社区第二党支部", None, None, "")]
    assert IntakeRequest.objects.get().by == official


def test_an_answered_request_keeps_the_batch_from_being_taken_back(street, branch, abroad, clerk):
    factories.AffiliationFactory(organization=abroad, member=numbered("王强", WANG))
    batch = upload(clerk, street, li(姓名="王强", 公民身份号码=WANG))
    chosen(batch, clerk, "王强", "take", subject="transfer", on="2026-11-10")
    imports.confirm(batch=batch, partial=False, by=clerk)
    services.grant_intake(request=IntakeRequest.objects.get(), on=DAY, by=factories.user_at(abroad.parent))

    with pytest.raises(imports.UndoBlocked) as refused:
        imports.undo(batch=batch, by=clerk)

    assert refused.value.reasons == ["组织关系转入申请“王强转入虚构社区第一党支部”在导入后又被修改"]


def test_whoever_came_back_since_keeps_the_batch_from_being_taken_back(batch, clerk, sibling):
    chosen(batch, clerk, "赵芳", "resigned", on="2026-11-10", basis="本人申请")
    imports.confirm(batch=batch, partial=False, by=clerk)
    services.affiliate(member=person("赵芳"), organization=sibling, since=datetime.date(2026, 11, 15), by=clerk)

    with pytest.raises(imports.UndoBlocked) as refused:
        imports.undo(batch=batch, by=clerk)

    assert refused.value.reasons == ["该党员已有新的组织关系"]


def test_the_number_of_a_person_stands_in_no_choice(batch, clerk):
    chosen(batch, clerk, "赵芳", "deceased", on="2026-11-10")

    told = str(list(ImportChoice.objects.values())) + str(list(AuditEvent.objects.values_list("changes", flat=True)))
    assert not any(number in told for number in (LI, ZHAO, WANG))
