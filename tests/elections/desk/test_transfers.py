"""组织关系转接: counted on every day exactly once, consented to by both sides, telling nobody where a person is."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from elections.desk import doing
from elections.desk.registry import BY_CODE
from elections.desk.tasks.transfers import STAYS
from members import services
from members.headcount import headcount
from members.models import Affiliation, Member, TransferRequest
from orgs.enums import Kind, Role
from orgs.models import AuditEvent, Operation
from tests.desk import checked, done, undone
from tests.elections.desk.branches import with_roster
from tests.factories import (
    AffiliationFactory,
    MemberFactory,
    OrganizationFactory,
    StreetFactory,
    user_at,
)
from tests.pages import Page
from tests.snapshots import books
from tests.workbooks import id_number

pytestmark = pytest.mark.django_db
NUMBER = id_number(birth="19900102", order="002")
ASKED = {"wanted": "柳林社区党支部", "on": "2026-11-01", "document_no": "介〔2026〕3号", "reason": "工作调动"}


@pytest.fixture
def branch(street):
    return with_roster(street, "石桥社区党支部")


@pytest.fixture
def other_branch(other_street):
    return with_roster(other_street, "柳林社区党支部")


@pytest.fixture
def clerk(street):
    return user_at(street, name="赵经办")


@pytest.fixture
def receiver(other_street):
    return user_at(other_street, name="钱经办")


@pytest.fixture
def member(branch, clerk):
    return services.record_member(organization=branch, name="王建国", by=clerk, id_number=NUMBER)


def ask(branch, member, by, **changed) -> Operation:
    return done("ask-transfer", branch, by, **{**ASKED, "person": str(member.uid), **changed})


def form(code, organization, by, **sent):
    return BY_CODE[code].form_class(sent, organization=organization, user=by)


def counts(root, *branches) -> dict[str, list[int]]:
    """{day: people of the district and of each branch} around 10 November."""
    days = [datetime.date(2026, 11, day) for day in (1, 9, 10, 11)]
    return {day.isoformat()[5:]: [headcount([each], day)[each.pk].total for each in (root, *branches)] for day in days}


def test_within_a_part_both_sides_change_on_the_same_day(root, street, branch, clerk, member):
    other = with_roster(street, "桃园社区党支部")
    before = books()

    sent = {"person": str(member.uid), "other": str(other.uid), "on": "2026-11-10"}
    outlook = checked("transfer", branch, clerk, **sent)
    operation = done("transfer", branch, clerk, **sent)

    assert outlook.consequences == ["1 名党员的组织关系由“石桥社区党支部”转到“桃园社区党支部”。"]
    assert [each.name for each in outlook.comparisons] == ["石桥社区党支部", "桃园社区党支部"]
    assert counts(root, branch, other) == {
        "11-01": [1, 1, 0],
        "11-09": [1, 1, 0],
        "11-10": [1, 0, 1],
        "11-11": [1, 0, 1],
    }
    undone(operation, clerk)
    assert books() == before


def test_another_street_is_no_choice_and_its_code_is_unknown(branch, other_branch, clerk, member):
    sent = {"person": str(member.uid), "on": "2026-11-10"}

    chosen = form("transfer", branch, clerk, **sent, other=str(other_branch.uid))
    there = form("transfer", branch, clerk, **sent, other_code=other_branch.code)
    nowhere = form("transfer", branch, clerk, **sent, other_code="F99999")

    assert chosen.errors["other"] == ["请从列表中选择。"]
    assert there.errors == nowhere.errors


def test_in_transit_the_origin_counts_and_from_receipt_the_new_branch(
    root, branch, other_branch, clerk, receiver, member
):
    ask(branch, member, clerk)
    in_transit = counts(root, branch, other_branch)
    officer = user_at(root, Role.OPERATOR)
    before = books()

    sent = {"transfer": str(TransferRequest.objects.get().uid), "branch": str(other_branch.uid), "on": "2026-11-10"}
    outlook = checked("accept-transfer", other_branch, receiver, **sent)
    operation = done("accept-transfer", other_branch, receiver, **sent)

    assert in_transit == {day: [1, 1, 0] for day in ("11-01", "11-09", "11-10", "11-11")}
    assert counts(root, branch, other_branch) == {
        "11-01": [1, 1, 0],
        "11-09": [1, 1, 0],
        "11-10": [1, 0, 1],
        "11-11": [1, 0, 1],
    }
    assert outlook.consequences == ["1 名党员的组织关系由您管理范围之外的党组织转到“柳林社区党支部”。"]
    assert [each.name for each in outlook.comparisons] == ["柳林社区党支部"]
    # One side alone does not take back what both agreed to; who may change both does.
    with pytest.raises(PermissionDenied):
        undone(operation, receiver)
    undone(operation, officer)
    assert books() == before


def test_asking_is_answered_alike_whether_the_place_exists_or_not(branch, other_branch, clerk, member):
    def outlook(wanted):
        found = checked("ask-transfer", branch, clerk, **{**ASKED, "wanted": wanted, "person": str(member.uid)})
        return found.comparisons, found.consequences, found.warnings

    there, by_code, nowhere = (outlook(wanted) for wanted in ("柳林社区党支部", other_branch.code, "没有的党支部"))

    assert there == by_code == nowhere
    assert there[2] == [STAYS]


def test_the_page_of_the_request_tells_its_sender_nothing_of_the_place(client, branch, other_branch, clerk, member):
    client.force_login(clerk)
    pages = []
    for wanted in (other_branch.code, "没有的党支部"):
        operation = ask(branch, member, clerk, wanted=wanted)
        (change,) = client.get(reverse("operation", args=[operation.uid])).context["changes"]
        pages.append([(label, old, new) for label, old, new in change.fields if label != "转往"])
        undone(operation, clerk)

    assert pages[0] == pages[1]


def test_a_request_to_nobody_is_seen_by_its_sender_alone(branch, other_branch, clerk, receiver, member):
    twin = with_roster(branch.parent.parent, "同名党支部")
    with_roster(other_branch.parent, "同名党支部")

    ask(branch, member, clerk, wanted=twin.name)

    request = TransferRequest.objects.get()
    assert request.to is None
    assert list(TransferRequest.objects.visible_to(receiver)) == []
    assert list(TransferRequest.objects.visible_to(clerk)) == [request]
    assert BY_CODE["accept-transfer"].refusal(other_branch, receiver) == "没有等待接收的组织关系转接申请。"


def test_the_receiving_side_sees_name_masked_number_and_letter_and_not_where_from(
    client, street, branch, other_street, other_branch, clerk, receiver, member
):
    ask(branch, member, clerk, wanted="和平街道党工委")
    client.force_login(receiver)

    pages = [
        client.get(reverse("task", args=[other_branch.uid, "accept-transfer"])),
        client.get(reverse("task", args=[other_street.uid, "decline-transfer"])),
        client.get(reverse("roll", args=[other_street.uid])),
    ]

    for page in pages:
        told = page.content.decode()
        assert all(word in told for word in ("王建国", member.masked_id_number, "介〔2026〕3号"))
        assert not any(word in told for word in ("石桥", "东湖", NUMBER, str(member.uid), str(branch.uid)))
    assert list(Member.objects.visible_to(receiver)) == []


def test_a_branch_sees_requests_to_itself_and_not_those_to_its_street(
    street, branch, other_branch, other_street, clerk, member
):
    own = user_at(other_branch, Role.BRANCH)
    sibling = user_at(OrganizationFactory(parent=other_street), Role.BRANCH)
    operation = ask(branch, member, clerk, wanted="和平街道党工委")
    assert list(TransferRequest.objects.visible_to(own)) == []
    undone(operation, clerk)

    ask(branch, member, clerk)

    assert [list(TransferRequest.objects.visible_to(user)) for user in (own, sibling)] == [
        [TransferRequest.objects.get()],
        [],
    ]
    assert BY_CODE["accept-transfer"].refusal(other_branch, own) == ""


def test_declining_sends_it_back_with_the_reason(client, root, branch, other_branch, clerk, receiver, member):
    ask(branch, member, clerk)
    client.force_login(clerk)
    before = books()
    sent = {"transfer": str(TransferRequest.objects.get().uid), "answer": "介绍信抬头有误"}

    operation = done("decline-transfer", other_branch, receiver, **sent)

    request = TransferRequest.objects.get()
    assert (request.outcome, request.answer, request.decided_by) == ("declined", "介绍信抬头有误", receiver)
    assert counts(root, branch, other_branch)["11-11"] == [1, 1, 0]
    assert "介绍信抬头有误" in client.get(reverse("roll", args=[branch.uid])).content.decode()
    undone(operation, receiver)
    assert books() == before


def test_an_answer_is_not_taken_back_over_a_newer_request_or_move(
    street, branch, other_branch, clerk, receiver, member
):
    ask(branch, member, clerk)
    sent = {"transfer": str(TransferRequest.objects.get().uid), "answer": "介绍信抬头有误"}
    declined = done("decline-transfer", other_branch, receiver, **sent)
    again = ask(branch, member, clerk)
    reasons = ["该党员已有新的转接申请，或者组织关系已不在原转出方"]

    assert doing.blocked(declined).reasons == reasons
    undone(again, clerk)
    assert doing.blocked(declined) is None
    other = OrganizationFactory(parent=street, name="桃园社区党支部")
    done("transfer", branch, clerk, person=str(member.uid), other=str(other.uid), on="2026-11-10")
    assert doing.blocked(declined).reasons == reasons


def test_withdrawing_is_for_those_who_asked(branch, other_branch, clerk, receiver, member):
    ask(branch, member, clerk)
    request = TransferRequest.objects.get()
    before = books()

    with pytest.raises(PermissionDenied):
        services.withdraw_transfer(request=request, by=receiver)
    operation = done("withdraw-transfer", branch, clerk, transfer=str(request.uid))

    assert TransferRequest.objects.get().outcome == "withdrawn"
    assert BY_CODE["accept-transfer"].refusal(other_branch, receiver) != ""
    undone(operation, clerk)
    assert books() == before


def test_only_one_request_at_a_time_and_nothing_else_that_ends_the_affiliation(branch, clerk, member):
    ask(branch, member, clerk)
    sent = {"person": str(member.uid), "on": "2026-11-10"}

    refused = {
        code: form(code, branch, clerk, **{**ASKED, **sent}).errors["person"]
        for code in ("ask-transfer", "transfer", "transfer-out", "end-membership")
    }

    assert set(map(tuple, refused.values())) == {("该党员的组织关系正在转接，请先撤回转接申请。",)}
    with pytest.raises(ValidationError):
        services.request_transfer(
            member=member, wanted="别处", asked_on=datetime.date(2026, 11, 1), letter_no="1", by=clerk
        )


def test_a_place_of_ones_own_is_no_request(street, branch, clerk, member):
    OrganizationFactory(parent=street, name="桃园社区党支部")

    with pytest.raises(ValidationError) as refused:
        ask(branch, member, clerk, wanted="桃园社区党支部")

    assert refused.value.message_dict == {
        "wanted": ["“桃园社区党支部”在您的管理范围内，请直接办理“在管理范围内转接”。"]
    }


def test_strangers_answer_nothing(root, branch, other_branch, clerk, receiver, member):
    ask(branch, member, clerk)
    request = TransferRequest.objects.get()
    stranger = user_at(StreetFactory(parent=root))
    viewer = user_at(other_branch, Role.VIEWER)

    for user in (stranger, viewer, clerk):
        with pytest.raises(PermissionDenied):
            services.accept_transfer(request=request, to=other_branch, on=datetime.date(2026, 11, 10), by=user)
        with pytest.raises(PermissionDenied):
            services.decline_transfer(request=request, answer="不行", by=user)
    with pytest.raises(PermissionDenied):
        services.accept_transfer(request=request, to=branch, on=datetime.date(2026, 11, 10), by=receiver)
    assert list(TransferRequest.objects.visible_to(stranger)) == []


def test_it_is_received_on_the_day_of_the_letter_at_the_earliest(branch, other_branch, clerk, receiver, member):
    ask(branch, member, clerk)

    with pytest.raises(ValidationError) as refused:
        services.accept_transfer(
            request=TransferRequest.objects.get(), to=other_branch, on=datetime.date(2026, 10, 31), by=receiver
        )

    assert refused.value.message_dict == {"on": ["接收日期不能早于介绍信开具日期2026-11-01。"]}


def test_each_sides_log_tells_its_own_half(branch, other_branch, clerk, receiver, member):
    ask(branch, member, clerk)
    sent = {"transfer": str(TransferRequest.objects.get().uid), "branch": str(other_branch.uid), "on": "2026-11-10"}
    done("accept-transfer", other_branch, receiver, **sent)

    events = AuditEvent.objects.filter(kind__startswith="affiliation").order_by("id")
    told = [(event.kind, str(event.changes)) for event in events]
    assert [kind for kind, _ in told] == ["affiliation.end", "affiliation.open"]
    assert str(other_branch.uid) not in told[0][1] and str(branch.uid) not in told[1][1]


def test_out_of_the_district_and_back_blocks_the_undo(street, branch, clerk, member):
    before = books()
    sent = {"person": str(member.uid), "destination": "外区某街道党工委", "on": "2026-11-10", "document_no": "介9号"}

    first = done("transfer-out", branch, clerk, **sent)

    ended = Affiliation.objects.get()
    assert (ended.until, ended.reason) == (datetime.date(2026, 11, 10), "转往外区某街道党工委")
    undone(first, clerk)
    assert books() == before
    again = done("transfer-out", branch, clerk, **sent)
    services.affiliate(member=member, organization=branch, since=datetime.date(2026, 11, 15), by=clerk)
    assert doing.blocked(again).reasons == ["该党员已有新的组织关系"]


def test_a_committee_takes_nobody_itself(street, branch, other_street, other_branch, receiver, clerk, member):
    committee = OrganizationFactory(parent=other_street, name="和平社区党委", kind=Kind.COMMITTEE)
    ask(branch, member, clerk, wanted="和平社区党委")
    sent = {"transfer": str(TransferRequest.objects.get().uid), "branch": str(committee.uid), "on": "2026-11-10"}

    assert form("accept-transfer", committee, receiver, **sent).errors == {"branch": ["请从列表中选择。"]}


def test_what_was_answered_meanwhile_is_not_answered_twice(branch, other_branch, clerk, receiver, member):
    ask(branch, member, clerk)
    request = TransferRequest.objects.get()
    done("withdraw-transfer", branch, clerk, transfer=str(request.uid))

    with pytest.raises(ValidationError, match="这项转接申请已经办结。"):
        services.accept_transfer(request=request, to=other_branch, on=datetime.date(2026, 11, 10), by=receiver)


def test_the_whole_way_from_one_street_to_another(client, branch, other_branch, clerk, receiver, member):
    def do(user, organization, code, **sent):
        client.force_login(user)
        there = reverse("task", args=[organization.uid, code])
        check = client.post(there, {**sent, "step": "check"})
        (filled,) = [each for each in Page(there, check.content.decode()).forms if "token" in each.values]
        return client.post(there, filled.data(step=["confirm"]), follow=True)

    client.force_login(clerk)
    rows = client.get(reverse("roll", args=[branch.uid])).context["rows"]
    assert [task["label"] for task in rows[0]["tasks"]] == ["修改", "登记情形", "转接"]
    asked = do(clerk, branch, "ask-transfer", **ASKED, person=str(member.uid))
    assert "已办理“申请转出组织关系：王建国转往“柳林社区党支部””" in asked.content.decode()
    page = client.get(reverse("roll", args=[branch.uid]))
    assert page.context["rows"][0]["standings"] == ["转接中"]
    assert [line["wanted"] for line in page.context["departing"]] == ["柳林社区党支部"]

    client.force_login(receiver)
    (waiting,) = client.get(reverse("roll", args=[other_branch.uid])).context["arriving"]
    assert waiting["url"] == (
        f"{reverse('task', args=[other_branch.uid, 'accept-transfer'])}?transfer={TransferRequest.objects.get().uid}"
    )
    form_page = client.get(waiting["url"])
    assert form_page.context["form"]["transfer"].value() == str(TransferRequest.objects.get().uid)
    sent = {"transfer": str(TransferRequest.objects.get().uid), "branch": str(other_branch.uid), "on": "2026-11-10"}
    accepted = do(receiver, other_branch, "accept-transfer", **sent)
    assert "石桥" not in accepted.content.decode()
    operation = client.get(reverse("operation", args=[Operation.objects.get(kind="accept-transfer").uid]))
    assert (operation.status_code, operation.context["may_undo"]) == (200, False)
    assert "石桥" not in operation.content.decode() and "东湖" not in operation.content.decode()
    assert [row["name"] for row in client.get(reverse("roll", args=[other_branch.uid])).context["rows"]] == ["王建国"]

    client.force_login(clerk)
    page = client.get(reverse("roll", args=[branch.uid]))
    assert page.context["rows"] == []
    assert [(line["wanted"], line["outcome"]) for line in page.context["departing"]] == [("柳林社区党支部", "已接收")]
    past = client.get(reverse("roll", args=[branch.uid]), {"on": "2026-11-09"})
    assert [row["name"] for row in past.context["rows"]] == ["王建国"]


def test_who_is_in_transit_elsewhere_stays_unknown_to_a_third_street(client, root, branch, clerk, member):
    ask(branch, member, clerk)
    other = AffiliationFactory(member=MemberFactory(name="李秀英"), organization=branch)
    third = StreetFactory(parent=root)
    client.force_login(user_at(third))

    page = client.get(reverse("roll", args=[third.uid]))

    assert (page.context["rows"], page.context["arriving"], page.context["departing"]) == ([], [], [])
    assert other.member.name not in page.content.decode()
