"""新增、修改、转正、逝世: the roll of a branch by hand, each seen before it is saved and taken back in one step."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from elections.desk import doing
from elections.desk.registry import BY_CODE
from elections.desk.tasks.members import REGISTERED
from members import services
from members.models import Affiliation, Member, Standing
from orgs import crypto
from orgs.enums import Form, MemberKind, Role, StandingKind, UnitType
from orgs.models import AuditEvent, Operation, OrganizationUnit
from tests.desk import asked, checked, done, undone
from tests.factories import (
    AffiliationFactory,
    MemberFactory,
    OrganizationFactory,
    PostFactory,
    RosterConfirmationFactory,
    StandingFactory,
    StreetFactory,
    UnitFactory,
    user_at,
)
from tests.snapshots import books
from tests.workbooks import id_number

pytestmark = pytest.mark.django_db
NUMBER = id_number(birth="19900102", order="002")
OTHER = id_number(birth="19910203", order="004")
NEW = {
    "name": "单小红",
    "id_number": NUMBER,
    "ethnicity": "汉",
    "education": "大学本科",
    "kind": "probationary",
    "joined_on": "2026-06-30",
    "on": "2026-07-01",
    "phone": "15400001234",
    "work_unit": "云岭虚构制造有限公司",
}


@pytest.fixture
def branch(street):
    branch = OrganizationFactory(parent=street, name="石桥社区党支部")
    RosterConfirmationFactory(organization=branch)
    crypto.check_database_key()  # noted at its first use, and so in the books before and after
    return branch


def person(branch, name="王建国", **fields):
    member = MemberFactory(name=name, **fields)
    AffiliationFactory(member=member, organization=branch)
    return member


def form(code, branch, by, **sent):
    return BY_CODE[code].form_class(sent, organization=branch, user=by)


def lines(outlook):
    (comparison,) = outlook.comparisons
    return [(line.label, line.before, line.after) for line in comparison.lines]


def test_a_new_member_counts_from_the_day_and_leaves_as_if_never_recorded(branch, clerk):
    before = books()

    outlook = checked("new-member", branch, clerk, **NEW)
    operation = done("new-member", branch, clerk, **NEW)

    assert lines(outlook) == [("党员数", "0（正式 0、预备 0）", "1（正式 0、预备 1）")]
    assert outlook.consequences == ["登记预备党员单小红。", "1 名党员的组织关系转入“石桥社区党支部”。"]
    member = Member.objects.get()
    assert (member.name, member.sex, member.birth, member.ethnicity, member.kind, member.joined_on) == (
        "单小红",
        "female",
        datetime.date(1990, 1, 2),
        "汉族",
        "probationary",
        datetime.date(2026, 6, 30),
    )
    assert (member.reveal_id_number(), member.reveal_phone()) == (NUMBER, "15400001234")
    assert NUMBER not in member.id_number_sealed
    assert Affiliation.objects.get().since == datetime.date(2026, 7, 1)
    undone(operation, clerk)
    assert books() == before


def test_numbers_stand_in_no_summary_message_log_or_address(client, branch, clerk):
    client.force_login(clerk)
    there = reverse("task", args=[branch.uid, "new-member"])
    page = client.post(there, {**NEW, "step": "check"})
    reply = client.post(there, {**NEW, "step": "confirm", "token": page.context["outlook"].token}, follow=True)

    operation = Operation.objects.get()
    told = client.get(reverse("operation", args=[operation.uid])).content.decode()
    logged = "".join(str(event.changes) for event in AuditEvent.objects.all())
    for secret in (NUMBER, "15400001234", Member.objects.get().id_number_index):
        assert secret not in reply.content.decode() + told + logged + operation.summary
        assert all(secret not in step for step, _ in reply.redirect_chain)
    assert "已办理“新增党员：单小红（石桥社区党支部）”" in reply.content.decode()


@pytest.mark.parametrize("is_inside", [True, False])
def test_a_registered_number_is_refused_in_the_same_words_wherever_the_person_is(street, branch, clerk, is_inside):
    place = branch if is_inside else OrganizationFactory(parent=StreetFactory(parent=street.parent))
    services.record_member(
        organization=place, name="李秀英", by=user_at(street.parent, Role.OPERATOR), id_number=NUMBER
    )

    assert form("new-member", branch, clerk, **NEW).errors == {"id_number": [REGISTERED]}
    assert form("transfer-in", branch, clerk, **NEW, document_no="介1号", basis="外区").errors == {
        "id_number": [REGISTERED]
    }


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"id_number": NUMBER[:15]}, "id_number", None),
        ({"id_number": NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")}, "id_number", None),
        ({"name": "张3"}, "name", "请填写姓名，不要含数字或者符号。"),
        ({"joined_on": "2007-01-01"}, "joined_on", "按公民身份号码推算，入党时不满 18 周岁，请核对。"),
        ({"formal_on": "2026-07-01"}, "kind", "预备党员没有转正日期，请核对人员类别。"),
        ({"joined_on": "2026-12-01"}, "joined_on", "日期有误：不能晚于今天，也不能早于建党的日期。"),
        ({"on": "2026-12-01"}, "on", "生效日期不能晚于今天，请到那一天再办理。"),
        ({"phone": "一五四"}, "phone", "请填写手机号码，或者带区号的固定电话号码。"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(branch, clerk, wrong, field, sentence):
    found = form("new-member", branch, clerk, **{**NEW, **wrong})

    assert list(found.errors) == [field]
    assert sentence is None or found.errors[field] == [sentence]
    assert NUMBER not in str(found.errors)


def test_blank_fields_keep_what_is_recorded_and_sex_follows_the_number(branch, clerk):
    member = person(branch, sex="male", ethnicity="回族")
    before = books()

    sent = {"person": str(member.uid), "id_number": NUMBER, "work_unit": "新单位"}
    outlook = checked("change-member", branch, clerk, **sent)
    operation = done("change-member", branch, clerk, **sent)

    assert outlook.consequences == ["王建国的性别、出生日期、公民身份号码、工作单位变更。"]
    member.refresh_from_db()
    assert (member.name, member.sex, member.ethnicity, member.work_unit) == ("王建国", "female", "回族", "新单位")
    assert (member.birth, member.joined_on) == (datetime.date(1990, 1, 2), datetime.date(2010, 7, 1))
    undone(operation, clerk)
    assert books() == before


def test_a_number_given_to_somebody_else_meanwhile_blocks_the_undo(branch, clerk):
    member = services.record_member(organization=branch, name="王建国", by=clerk, id_number=NUMBER)
    operation = done("change-member", branch, clerk, person=str(member.uid), id_number=OTHER)
    services.record_member(organization=branch, name="李秀英", by=clerk, id_number=NUMBER)

    assert doing.blocked(operation).reasons == ["原公民身份号码已登记给其他党员"]


def test_a_probationary_member_becomes_a_full_one_with_a_word_on_the_year(branch, clerk):
    member = person(branch, kind=MemberKind.PROBATIONARY, joined_on=datetime.date(2025, 11, 20), formal_on=None)
    before = books()

    early = checked("make-formal", branch, clerk, person=str(member.uid), on="2026-11-19")
    right = checked("make-formal", branch, clerk, person=str(member.uid), on="2026-11-20")
    operation = done("make-formal", branch, clerk, person=str(member.uid), on="2026-11-20")

    assert early.warnings == ["预备期到2026年11月20日才满一年（《中国共产党章程》第七条），请核对转正日期。"]
    assert right.warnings == []
    assert lines(right) == [("党员数", "1（正式 0、预备 1）", "1（正式 1、预备 0）")]
    member.refresh_from_db()
    assert [member.is_full_on(datetime.date(2026, 11, day)) for day in (19, 20, 21)] == [False, True, True]
    undone(operation, clerk)
    assert books() == before


def test_only_probationary_members_can_be_made_full(branch, clerk):
    member = person(branch)

    found = form("make-formal", branch, clerk, person=str(member.uid), on="2026-11-20")

    assert found.errors == {"person": ["请从名册中选择。"]}


def test_a_death_ends_affiliation_and_absence_and_can_be_taken_back(branch, clerk):
    member = person(branch)
    PostFactory(organization=branch, member=member)
    StandingFactory(member=member, kind=StandingKind.FLOATING)
    before = books()

    sent = {"person": str(member.uid), "why": "deceased", "on": "2026-11-01"}
    outlook = checked("end-membership", branch, clerk, **sent)
    operation = done("end-membership", branch, clerk, **sent)

    assert outlook.warnings == ["王建国现任本党组织书记，离开后请办理免职并按规定补选。"]
    ended = Affiliation.objects.get()
    assert (ended.until, ended.reason) == (datetime.date(2026, 11, 1), "逝世")
    assert Standing.objects.get().until == datetime.date(2026, 11, 1)
    assert operation.summary == "逝世：王建国（石桥社区党支部）"
    undone(operation, clerk)
    assert books() == before


def test_what_somebody_received_since_is_not_taken_from_them(street, branch, clerk):
    member = person(branch)
    other = OrganizationFactory(parent=street, name="柳林社区党支部")
    operation = done("end-membership", branch, clerk, person=str(member.uid), why="resigned", on="2026-11-01")
    services.affiliate(member=member, organization=other, since=datetime.date(2026, 11, 5), by=clerk)

    assert doing.blocked(operation).reasons == [
        "该党员的组织关系已不在本党组织，请由现所在党组织更正",
        "该党员已有新的组织关系",
    ]


def test_stopped_membership_leaves_the_count_and_comes_back(branch, clerk):
    member = person(branch)
    StandingFactory(member=member, kind=StandingKind.LOST, since=datetime.date(2026, 8, 1))
    before = books()

    sent = {"person": str(member.uid), "kind": "stopped", "on": "2026-11-01", "document_no": "云组〔2026〕9号"}
    outlook = checked("begin-standing", branch, clerk, **sent)
    operation = done("begin-standing", branch, clerk, **sent)

    assert lines(outlook) == [("党员数", "1（正式 1、预备 0）", "0（正式 0、预备 0）")]
    assert outlook.consequences == ["王建国的“停止党籍”自2026年11月1日起。"]
    assert outlook.warnings == [
        "自2026年8月1日失去联系起不满 6 个月，因失联停止党籍的须满六个月"
        "（《中国共产党党员教育管理工作条例》第二十四条），请核对。"
    ]
    stopped = Standing.objects.get(kind=StandingKind.STOPPED)
    ending = checked("end-standing", branch, clerk, standing=str(stopped.uid), on="2026-11-10")
    assert ending.consequences == ["王建国的“停止党籍”到2026年11月10日结束。"]
    undone(operation, clerk)
    assert books() == before


def test_floating_needs_where_to_and_ends(branch, clerk):
    member = person(branch)
    sent = {"person": str(member.uid), "kind": "floating", "on": "2026-11-01"}

    assert form("begin-standing", branch, clerk, **sent).errors == {"destination": ["请填写外出流向。"]}
    done("begin-standing", branch, clerk, **sent, destination="外省")
    before = books()
    standing = Standing.objects.get()
    operation = done("end-standing", branch, clerk, standing=str(standing.uid), on="2026-11-20")
    standing.refresh_from_db()
    assert (standing.destination, standing.until) == ("外省", datetime.date(2026, 11, 20))
    assert BY_CODE["end-standing"].refusal(branch, clerk) == "没有登记外出流动、失联、停止党籍等情形的党员。"
    undone(operation, clerk)
    assert books() == before


def test_an_absence_registered_again_blocks_the_undo_of_its_end(branch, clerk):
    member = person(branch)
    standing = StandingFactory(member=member, kind=StandingKind.FLOATING)
    operation = done("end-standing", branch, clerk, standing=str(standing.uid), on="2026-11-10")
    done("begin-standing", branch, clerk, person=str(member.uid), kind="floating", on="2026-11-15", destination="外省")

    assert doing.blocked(operation).reasons == ["该党员的同一情形已重新登记"]


def test_an_address_that_names_a_person_asks_about_nobody_else(client, branch, clerk):
    member, other = person(branch, ethnicity="回族"), person(branch, name="李秀英")
    client.force_login(clerk)
    there = reverse("task", args=[branch.uid, "change-member"])

    named = client.get(there, {"person": str(member.uid)}).context["form"]
    wrong = client.get(there, {"person": "nobody"}).context["form"]

    assert list(named.fields["person"].queryset) == [member]
    assert (named["name"].value(), named["ethnicity"].value()) == ("王建国", "回族")
    assert set(wrong.fields["person"].queryset) == {member, other}
    assert wrong["name"].value() is None


def test_strangers_viewers_and_people_elsewhere(client, street, branch, clerk):
    member = person(branch)
    elsewhere = person(OrganizationFactory(parent=StreetFactory(parent=street.parent)), name="李秀英")
    sent = {"person": str(member.uid), "why": "resigned", "on": "2026-11-01"}

    def status(user):
        client.force_login(user)
        return [
            client.get(reverse("task", args=[branch.uid, code])).status_code
            for code in ("new-member", "end-membership", "units")
        ]

    assert status(user_at(StreetFactory(parent=street.parent))) == [404] * 3
    assert status(user_at(street, Role.VIEWER)) == [403] * 3
    assert status(user_at(branch, Role.BRANCH)) == [200] * 3
    foreign = form("end-membership", branch, clerk, **{**sent, "person": str(elsewhere.uid)})
    assert foreign.errors == {"person": ["请从名册中选择。"]}


def test_somebody_who_was_changed_meanwhile_is_shown_again(client, branch, clerk):
    member = person(branch)
    client.force_login(clerk)
    there = reverse("task", args=[branch.uid, "end-membership"])
    sent = {"person": str(member.uid), "why": "resigned", "on": "2026-11-01"}
    token = client.post(there, {**sent, "step": "check"}).context["outlook"].token
    services.change_member(member, by=clerk, ethnicity="汉族")

    reply = client.post(there, {**sent, "step": "confirm", "token": token})

    assert reply.status_code == 409
    assert Affiliation.objects.get().until is None


def test_declared_numbers_and_the_confirmed_roster(street, clerk):
    branch = OrganizationFactory(parent=street, name="柳林社区党支部")
    person(branch)
    before = books()

    declared = done("declare-count", branch, clerk, on="2026-11-01", full="5", probationary="1")
    outlook = checked("confirm-roster", branch, clerk, on="2026-11-10")
    confirmed = done("confirm-roster", branch, clerk, on="2026-11-10")

    assert lines(outlook) == [("党员数", "6（正式 5、预备 1）", "1（正式 1、预备 0）")]
    assert "上报人数与名册不符" in outlook.comparisons[0].raised
    undone(confirmed, clerk)
    undone(declared, clerk)
    assert books() == before


def test_units_of_a_joint_branch_and_of_its_members(street, clerk):
    branch = OrganizationFactory(parent=street, name="商圈联合党支部", form=Form.JOINT)
    unit = UnitFactory(keeper=street)
    OrganizationUnit.objects.create(organization=branch, unit=unit)
    member = person(branch)
    before = books()

    sent = {
        "units": [str(unit.uid)],
        "name": "虚构纺织有限公司",
        "unit_type": UnitType.PRIVATE.value,
        "credit_code": "",
    }
    named = done("units", branch, clerk, **sent)
    added = branch.unit_links.exclude(unit=unit).get().unit
    placed = done("member-unit", branch, clerk, person=str(member.uid), unit=str(added.uid))

    assert (added.name, added.keeper) == ("虚构纺织有限公司", branch)
    assert Affiliation.objects.get().unit == added
    assert doing.blocked(named) is not None
    undone(placed, clerk)
    undone(named, clerk)
    assert books() == before


def test_from_outside_the_district_with_the_letter(branch, clerk):
    sent = {**NEW, "kind": "full", "joined_on": "2010-07-01", "formal_on": "2011-07-01"}

    operation = done("transfer-in", branch, clerk, **sent, document_no="介〔2026〕3号", basis="外区某街道党工委")

    assert (operation.document_no, operation.basis) == ("介〔2026〕3号", "外区某街道党工委")
    assert Affiliation.objects.get().since == datetime.date(2026, 7, 1)
    assert asked("transfer-in", branch, clerk, **{**sent, "id_number": OTHER}, document_no="1", basis="2").on


LETTER = {"document_no": "介〔2026〕3号", "basis": "外区某街道党工委"}
COMING = {**NEW, "kind": "full", "joined_on": "2010-07-01", "formal_on": "2011-07-01"}


def left(place, by, reason="转往外区某街道党工委"):
    """Somebody with the number of NEW who belonged to `place` until 1 March 2026."""
    member = services.record_member(organization=place, name="单小红", by=by, id_number=NUMBER)
    services.end_affiliation(
        affiliation=Affiliation.objects.get(member=member), on=datetime.date(2026, 3, 1), reason=reason, by=by
    )
    return member


@pytest.mark.parametrize("is_inside", [True, False])
def test_who_had_left_the_district_comes_back_on_the_same_entry(street, branch, clerk, is_inside):
    """Whom another street kept is taken back by who may change both places."""
    place = branch if is_inside else OrganizationFactory(parent=StreetFactory(parent=street.parent))
    operator = user_at(street.parent, Role.OPERATOR)
    member = left(place, operator)
    by = clerk if is_inside else operator
    before = books()

    operation = done("transfer-in", branch, by, **COMING, **LETTER)

    kept = Member.objects.get()
    assert (kept.pk, kept.education, kept.reveal_phone()) == (member.pk, "大学本科", "15400001234")
    assert list(Affiliation.objects.order_by("pk").values_list("organization", "since", "until")) == [
        (place.pk, None, datetime.date(2026, 3, 1)),
        (branch.pk, datetime.date(2026, 7, 1), None),
    ]
    undone(operation, by)
    assert books() == before


def test_the_entry_of_who_left_another_street_is_not_taken_over_by_name_and_number(street, branch, clerk):
    member = left(
        OrganizationFactory(parent=StreetFactory(parent=street.parent)), user_at(street.parent, Role.OPERATOR)
    )

    assert form("transfer-in", branch, clerk, **COMING, **LETTER).errors == {"id_number": [REGISTERED]}
    with pytest.raises(PermissionDenied):
        services.take_back(member=member, organization=branch, since=datetime.date(2026, 7, 1), by=clerk)


def test_nobody_comes_back_under_another_name_or_after_their_death(branch, clerk):
    left(branch, clerk, reason="逝世")

    for sent in (COMING, {**COMING, "name": "单大红"}):
        assert form("transfer-in", branch, clerk, **sent, **LETTER).errors == {"id_number": [REGISTERED]}
    with pytest.raises(ValidationError) as refused:
        services.take_back(member=Member.objects.get(), organization=branch, since=datetime.date(2026, 7, 1), by=clerk)
    assert refused.value.messages == ["单小红已登记逝世，请核对是否为同一人。"]
