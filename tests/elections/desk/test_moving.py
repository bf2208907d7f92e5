"""划转: the whole subtree under another superior, also of another district; otherwise a request that tells nothing."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from elections.desk import doing
from elections.desk.registry import BY_CODE
from elections.models import MoveRequest
from elections.services import reorganization
from orgs.enums import Kind, Role
from orgs.models import Grant, Operation, Organization
from orgs.refusals import UndoBlocked
from tests.desk import checked, done, undone
from tests.factories import (
    AffiliationFactory,
    GrantFactory,
    OrganizationFactory,
    RootFactory,
    StreetFactory,
    TermFactory,
    UserFactory,
    user_at,
)
from tests.snapshots import books

pytestmark = pytest.mark.django_db
FORM = {"on": "2026-11-01", "document_no": "云组〔2026〕7号"}
ASKED = {"wanted": "和平街道党工委", "reason": "社区调整", "wanted_on": "2026-12-01", "document_no": ""}


@pytest.fixture
def committee(street):
    committee = OrganizationFactory(parent=street, name="石桥社区党委", kind=Kind.COMMITTEE)
    branch = OrganizationFactory(parent=committee, name="石桥社区第一党支部")
    TermFactory(organization=branch)
    AffiliationFactory(organization=branch)
    return committee


@pytest.fixture
def officer(root):
    return user_at(root, Role.OPERATOR)


def test_everything_below_moves_with_it_and_comes_back(committee, other_street, officer):
    own = GrantFactory(user=UserFactory(), organization=committee)
    before = books()

    outlook = checked("move", committee, officer, **FORM, other=str(other_street.uid))
    operation = done("move", committee, officer, **FORM, other=str(other_street.uid))

    assert outlook.consequences == [
        "“石桥社区党委”及其下级 1 个党组织改为隶属“和平街道党工委”。",
        "“石桥社区党委”及其下级的 1 项授权随之转移，仍然有效；原上级不再能查看。",
    ]
    moved = Organization.objects.get(pk=committee.pk)
    branch = Organization.objects.get(parent=committee)
    assert (moved.parent, moved.path[:8], branch.path[:12]) == (other_street, other_street.path, moved.path)
    assert Grant.objects.get(pk=own.pk).until is None
    undone(operation, officer)
    assert books() == before


def test_it_may_go_to_another_district_of_the_installation(committee, officer):
    far = StreetFactory(parent=RootFactory(code="QX", name="中共青溪区委员会"), name="青山街道党工委")
    GrantFactory(user=officer, organization=far, role=Role.OPERATOR)
    before = books()

    operation = done("move", committee, officer, **FORM, other=str(far.uid))

    assert Organization.objects.get(parent=committee).path[:8] == far.path
    undone(operation, officer)
    assert books() == before


def test_a_founded_neighbor_below_blocks_the_undo(committee, other_street, officer):
    operation = done("move", committee, officer, **FORM, other=str(other_street.uid))
    OrganizationFactory(parent=Organization.objects.get(pk=committee.pk), name="石桥社区第九党支部")

    with pytest.raises(UndoBlocked) as refused:
        undone(operation, officer)

    assert refused.value.reasons == ["党组织“石桥社区第九党支部”在办理后设到了被移动的党组织之下"]


def test_the_undo_needs_the_right_where_it_goes_back_to(root, street, committee, other_street, officer):
    operation = done("move", committee, officer, **FORM, other=str(other_street.uid))

    with pytest.raises(PermissionDenied):
        undone(operation, user_at(other_street))

    assert Operation.objects.get(pk=operation.pk).undone_at is None
    assert Organization.objects.get(pk=committee.pk).parent == other_street


def test_a_street_chooses_within_itself_and_asks_for_the_rest(street, committee, other_street):
    clerk = user_at(street)
    form = BY_CODE["move"].form_class({**FORM, "other": str(other_street.uid)}, organization=committee, user=clerk)

    assert form.errors["other"] == ["请从列表中选择。"]
    assert "和平街道党工委" not in str(form)
    with pytest.raises(PermissionDenied):
        reorganization.move_organization(
            organization=committee, to=other_street, on=datetime.date(2026, 11, 1), by=clerk
        )


def test_asking_says_the_same_whether_the_place_exists_or_not(street, committee, other_street):
    clerk = user_at(street)

    there = checked("ask_move", committee, clerk, **ASKED)
    nowhere = checked("ask_move", committee, clerk, **{**ASKED, "wanted": "没有的街道党工委"})

    assert (there.comparisons, there.consequences, there.warnings) == (
        nowhere.comparisons,
        nowhere.consequences,
        nowhere.warnings,
    )


def test_the_superior_moves_it_and_the_request_is_granted(street, committee, other_street, officer):
    clerk = user_at(street)
    asking = done("ask_move", committee, clerk, **ASKED)
    before = books()

    operation = done("move", committee, officer, **FORM, other=str(other_street.uid))

    request = MoveRequest.objects.get()
    assert (request.is_granted, request.decided_by, request.wanted) == (True, officer, "和平街道党工委")
    assert doing.blocked(asking).reasons == ["划转申请“石桥社区党委 划转到 和平街道党工委”在办理后又被修改"]
    undone(operation, officer)
    assert books() == before


def test_the_superior_declines_with_a_reason(street, committee, officer):
    done("ask_move", committee, user_at(street), **ASKED)

    done("answer_move", committee, officer, answer="暂不调整")

    request = MoveRequest.objects.get()
    assert (request.is_granted, request.answer, request.decided_by) == (False, "暂不调整", officer)
    assert BY_CODE["answer_move"].refusal(committee, officer) == "没有等待答复的划转申请。"


def test_only_one_request_waits_and_who_asked_may_take_it_back(street, committee):
    # A clerk of the community itself, who may not change the street.
    asker, colleague = user_at(committee), user_at(committee)
    done("ask_move", committee, asker, **ASKED)

    assert BY_CODE["ask_move"].refusal(committee, asker) != ""
    assert BY_CODE["answer_move"].refusal(committee, colleague) == "划转申请由上级党组织答复，或由申请人撤回。"
    with pytest.raises(ValidationError):
        reorganization.request_move(
            organization=committee, wanted="别处", on=datetime.date(2026, 12, 1), reason="再申请", by=asker
        )
    with pytest.raises(PermissionDenied):
        reorganization.answer_move(request=MoveRequest.objects.get(), answer="不行", by=colleague)
    done("answer_move", committee, asker, answer="不再需要")
    assert MoveRequest.objects.get().is_granted is False


def test_the_superior_finds_the_request_in_the_list_of_the_node(client, root, street, committee, officer):
    done("ask_move", committee, user_at(street), **ASKED)
    client.force_login(officer)

    page = client.get(reverse("operations", args=[root.uid]))

    assert [(each["wanted"], each["organization"]) for each in page.context["requests"]] == [
        ("和平街道党工委", "石桥社区党委")
    ]


def test_officials_of_another_street_neither_see_nor_answer(street, committee, other_street):
    done("ask_move", committee, user_at(street), **ASKED)
    stranger = user_at(other_street)

    assert list(MoveRequest.objects.visible_to(stranger)) == []
    with pytest.raises(PermissionDenied):
        reorganization.answer_move(request=MoveRequest.objects.get(), answer="不行", by=stranger)
    with pytest.raises(PermissionDenied):
        reorganization.request_move(
            organization=committee, wanted="别处", on=datetime.date(2026, 12, 1), reason="申请", by=stranger
        )
