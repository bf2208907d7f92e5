"""申请转入: a branch asks for a person out of its sight; whoever keeps them agrees or not; neither is told more."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from elections.desk.registry import BY_CODE
from members import services
from members.headcount import headcount
from members.models import Affiliation, IntakeRequest, Member
from members.services.intakes import ASKED_ALREADY, OWN_PART
from members.services.merging import merge_members
from members.services.transfers import IN_TRANSIT
from orgs.enums import Role
from orgs.models import AuditEvent
from tests.checking import lines
from tests.desk import checked, done, undone
from tests.elections.desk.branches import with_roster
from tests.factories import (
    AffiliationFactory,
    MemberFactory,
    OrganizationFactory,
    PostFactory,
    StreetFactory,
    user_at,
)
from tests.snapshots import books
from tests.workbooks import id_number

pytestmark = pytest.mark.django_db
NUMBER = id_number(birth="19900102", order="002")
DAY = datetime.date(2026, 11, 10)


@pytest.fixture
def branch(street):
    """Where the person is."""
    return with_roster(street, "石桥社区党支部")


@pytest.fixture
def asking(other_street):
    """The branch that asks, in another street."""
    return with_roster(other_street, "柳林社区党支部")


@pytest.fixture
def keeper(branch):
    return user_at(branch.parent, name="赵经办")


@pytest.fixture
def asker(asking):
    return user_at(asking.parent, name="钱经办")


@pytest.fixture
def member(branch, keeper):
    return services.record_member(organization=branch, name="王建国", by=keeper, id_number=NUMBER)


def asked(member, to, by, name="王健国", on=DAY) -> IntakeRequest:
    return services.request_intake(member=member, to=to, name=name, on=on, by=by, note="已在我处参加组织生活")


def sides(*branches) -> list[list[int]]:
    """The people of each branch on the eve of the tenth, and on that day."""
    days = (datetime.date(2026, 11, 9), DAY)
    return [[headcount([each], day)[each.pk].total for day in days] for each in branches]


def test_agreeing_moves_the_person_on_the_day_and_only_then(branch, asking, keeper, asker, member):
    request = asked(member, asking, asker)
    waiting = sides(branch, asking)
    officer = user_at(branch.parent.parent, Role.OPERATOR)
    before = books()

    sent = {"intake": str(request.uid), "on": "2026-11-10"}
    outlook = checked("grant-intake", branch, keeper, **sent)
    operation = done("grant-intake", branch, keeper, **sent)

    assert waiting == [[1, 1], [0, 0]]
    assert sides(branch, asking) == [[1, 0], [0, 1]]
    assert outlook.consequences == ["1 名党员的组织关系由“石桥社区党支部”转到您管理范围之外的党组织。"]
    assert [each.name for each in outlook.comparisons] == ["石桥社区党支部"]
    request.refresh_from_db()
    assert (request.outcome, request.decided_by, request.origin) == ("granted", keeper, branch)
    # What two sides agreed to, one does not take back alone; who may change both does.
    with pytest.raises(PermissionDenied):
        undone(operation, keeper)
    undone(operation, officer)
    assert books() == before


def test_the_keeping_side_reads_who_asks_for_whom(client, branch, asking, keeper, asker, member):
    asked(member, asking, asker)
    client.force_login(keeper)

    listed = client.get(reverse("roll", args=[branch.uid])).context["asked_of"]
    form = client.get(reverse("task", args=[branch.uid, "grant-intake"])).content.decode()

    assert [(each["name"], each["number"], each["to"], each["by"], each["on"]) for each in listed] == [
        ("王建国", member.masked_id_number, "柳林社区党支部", "钱经办", "2026-11-10")
    ]
    assert f"王建国，{member.masked_id_number}，柳林社区党支部申请自2026年11月10日转入（钱经办）" in form
    assert NUMBER not in form


def test_the_asking_side_learns_nothing_but_what_it_wrote(client, branch, asking, keeper, asker, member):
    PostFactory(organization=branch, member=member, holder_name="王建国")
    request = asked(member, asking, asker)
    client.force_login(asker)
    there = [
        reverse("roll", args=[asking.uid]),
        reverse("roll", args=[asking.parent.uid]),
        reverse("task", args=[asking.uid, "withdraw-intake"]),
        reverse("history", args=[asking.uid]),
        reverse("operations", args=[asking.uid]),
    ]

    pages = [client.get(path).content.decode() for path in there]
    told = client.get(there[0]).context["asked_by"]

    assert told == [
        {"name": "王健国", "to": "柳林社区党支部", "on": "2026-11-10", "outcome": "已提出申请", "answer": "—"}
    ]
    for page in pages:
        assert not any(word in page for word in ("王建国", "石桥", "东湖", "赵经办", NUMBER, str(member.uid)))
    assert list(Member.objects.visible_to(asker)) == []
    assert list(IntakeRequest.objects.answerable_by(asker)) == []
    assert BY_CODE["grant-intake"].refusal(asking, asker) == "没有等待答复的组织关系转入申请。"
    with pytest.raises(PermissionDenied):
        services.grant_intake(request=request, on=DAY, by=asker)


def test_asking_is_answered_alike_wherever_the_person_is(root, branch, asking, asker, member):
    """In another street, in a branch of the district itself, gone from all books: one and the same."""
    gone = MemberFactory(name="李秀英")
    AffiliationFactory(member=gone, organization=branch, until=datetime.date(2025, 1, 1))
    apart = AffiliationFactory(
        member=MemberFactory(name="孙志强"), organization=OrganizationFactory(parent=root)
    ).member

    requests = [asked(each, asking, asker, name="某某") for each in (member, gone, apart)]

    def shown(request):
        return {
            field.attname: getattr(request, field.attname)
            for field in IntakeRequest._meta.concrete_fields
            if field.attname not in ("id", "uid", "created_at", "member_id")
        }

    assert shown(requests[0]) == shown(requests[1]) == shown(requests[2])
    events = AuditEvent.objects.filter(kind="intake.ask")
    assert {tuple(sorted(each.changes)) for each in events} == {("member", "on", "to")}


def test_a_person_in_ones_own_part_is_moved_not_asked_for(asking, asker):
    sibling = OrganizationFactory(parent=asking.parent)
    own = AffiliationFactory(organization=sibling).member

    with pytest.raises(ValidationError, match=OWN_PART):
        asked(own, asking, asker)


def test_a_branch_asks_once_and_another_one_is_not_told_of_it(root, branch, asking, asker, member):
    third = OrganizationFactory(parent=StreetFactory(parent=root))
    asked(member, asking, asker)

    with pytest.raises(ValidationError, match=ASKED_ALREADY):
        asked(member, asking, asker)
    other = asked(member, third, user_at(third.parent))

    assert list(IntakeRequest.objects.visible_to(asker).order_by("id").values_list("to", flat=True)) == [asking.pk]
    assert other.decided_at is None


def test_declining_tells_the_reason_and_can_be_taken_back(client, branch, asking, keeper, asker, member):
    request = asked(member, asking, asker)
    client.force_login(asker)
    before = books()

    operation = done("decline-intake", branch, keeper, intake=str(request.uid), answer="本人尚未提出转接")

    told = client.get(reverse("roll", args=[asking.uid])).context["asked_by"]
    assert [(each["name"], each["outcome"], each["answer"]) for each in told] == [
        ("王健国", "未同意", "本人尚未提出转接")
    ]
    assert sides(branch, asking) == [[1, 1], [0, 0]]
    undone(operation, keeper)
    assert books() == before


def test_an_answer_is_not_taken_back_over_a_newer_request(branch, asking, keeper, asker, member):
    request = asked(member, asking, asker)
    operation = done("decline-intake", branch, keeper, intake=str(request.uid), answer="本人尚未提出转接")
    asked(member, asking, asker)

    with pytest.raises(Exception, match="申请方已重新申请转入该党员"):
        undone(operation, keeper)


def test_withdrawing_leaves_the_person_and_is_the_askers_alone(branch, asking, keeper, asker, member):
    request = asked(member, asking, asker)
    with pytest.raises(PermissionDenied):
        services.withdraw_intake(request=request, by=keeper)

    done("withdraw-intake", asking, asker, intake=str(request.uid), answer="")

    assert IntakeRequest.objects.get().outcome == "withdrawn"
    assert list(IntakeRequest.objects.visible_to(keeper)) == []
    assert sides(branch, asking) == [[1, 1], [0, 0]]


def test_a_request_follows_the_person(root, branch, asking, keeper, asker, member):
    request = asked(member, asking, asker)
    third = OrganizationFactory(parent=StreetFactory(parent=root))
    officer = user_at(root, Role.OPERATOR)
    services.transfer_within(member=member, to=third, on=datetime.date(2026, 11, 5), by=officer)

    assert list(IntakeRequest.objects.answerable_by(keeper)) == []
    assert list(IntakeRequest.objects.answerable_by(user_at(third))) == [request]


def test_a_request_for_an_entry_that_was_a_double_is_about_the_one_that_stays(branch, asking, keeper, asker, member):
    double = services.record_member(organization=branch, name="王建国", by=keeper)
    request = asked(double, asking, asker)

    merge_members(keep=member, drop=double, stays_with=member, on=DAY, reason="已核对身份证原件", by=keeper)

    assert list(IntakeRequest.objects.answerable_by(keeper)) == [request]
    assert IntakeRequest.objects.get().member == member


def test_in_transit_nobody_is_given_to_a_second_place(branch, asking, keeper, asker, member):
    request = asked(member, asking, asker)
    services.request_transfer(member=member, wanted="别处", asked_on=DAY, letter_no="介1号", by=keeper)

    with pytest.raises(ValidationError, match=IN_TRANSIT):
        services.grant_intake(request=request, on=DAY, by=keeper)


def test_whoever_was_gone_from_the_books_comes_in_with_the_consent_of_the_last_branch(branch, asking, keeper, asker):
    gone = MemberFactory(name="李秀英")
    AffiliationFactory(member=gone, organization=branch, until=datetime.date(2025, 1, 1))
    request = asked(gone, asking, asker, name="李秀英")

    services.grant_intake(request=request, on=DAY, by=keeper)

    assert list(
        Affiliation.objects.filter(member=gone).order_by("id").values_list("organization", "since", "until")
    ) == [
        (branch.pk, None, datetime.date(2025, 1, 1)),
        (asking.pk, DAY, None),
    ]


def test_a_third_street_sees_and_answers_nothing(client, root, branch, asking, asker, member):
    request = asked(member, asking, asker)
    other = OrganizationFactory(parent=StreetFactory(parent=root))
    stranger = user_at(other.parent)
    client.force_login(stranger)

    assert list(IntakeRequest.objects.visible_to(stranger)) == []
    for step in (services.grant_intake, services.decline_intake, services.withdraw_intake):
        with pytest.raises(PermissionDenied):
            step(request=request, by=stranger, **({"on": DAY} if step is services.grant_intake else {"answer": "否"}))
    page = client.get(reverse("roll", args=[other.uid]))
    assert (page.context["asked_of"], page.context["asked_by"]) == ([], [])


def test_nobody_goes_anywhere_after_their_death(branch, asking, keeper, asker, member):
    request = asked(member, asking, asker)
    done("end-membership", branch, keeper, person=str(member.uid), why="deceased", on="2026-11-05")

    with pytest.raises(ValidationError) as refused:
        services.grant_intake(request=request, on=DAY, by=keeper)

    assert refused.value.messages == ["王建国已登记逝世，请核对是否为同一人。"]
    assert services.decline_intake(request=request, answer="本人已逝世", by=keeper).outcome == "declined"


@pytest.mark.parametrize("code", ["close", "convert"])
def test_what_a_branch_asked_for_ends_when_it_can_take_nobody_any_more(root, asking, asker, member, code):
    request = asked(member, asking, asker)
    before = books()
    sent = {"close": {}, "convert": {"kind": "general_branch"}}[code] | {"document_no": "云组〔2026〕8号"}

    assert "1 项等待答复的转入申请随之撤回。" in checked(code, asking, asker, on="2026-11-10", **sent).consequences
    operation = done(code, asking, asker, on="2026-11-10", **sent)

    request.refresh_from_db()
    assert (request.outcome, request.answer, request.decided_by) == (
        "withdrawn",
        {"close": "党组织撤销", "convert": "党支部改建"}[code],
        asker,
    )
    assert lines() == []
    undone(operation, asker)
    assert books() == before
