"""审批权限, 双重管理 and 属地: arranged by document from a day on, undone, and seen where they hold."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from elections.desk.registry import BY_CODE
from elections.ledger import Ledger
from elections.models import ApprovalRight, AssignedApprover
from elections.services.approval import assign_approver, set_approval_right
from members.models import Member
from orgs.enums import Action, Kind, Role, UnitType
from orgs.models import Organization, TerritorialLink, User
from orgs.services.territory import link_territory
from tests.checking import lines
from tests.desk import done, undone
from tests.factories import (
    AffiliationFactory,
    OrganizationFactory,
    StreetFactory,
    TermFactory,
    user_at,
)
from tests.snapshots import books

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 1)
ON = "2026-11-01"


@pytest.fixture
def street(root):
    return StreetFactory(parent=root, name="东湖街道党工委", code="S1")


@pytest.fixture
def approver(root):
    return user_at(root, Role.APPROVER)


@pytest.fixture
def community(street):
    return OrganizationFactory(parent=street, name="石桥社区党委", kind=Kind.COMMITTEE, unit_type=UnitType.COMMUNITY)


@pytest.fixture
def branch(community):
    """A branch whose term ends in due time, so that the page says who may extend it."""
    branch = OrganizationFactory(parent=community, name="石桥社区第一党支部")
    TermFactory(organization=branch)
    return branch


@pytest.fixture
def plant(root):
    """The 党委 of an enterprise under the district, with a branch, on the ground of the street."""
    plant = OrganizationFactory(
        parent=root, name="云岭纺织厂党委", code="P1", kind=Kind.COMMITTEE, unit_type=UnitType.STATE_OWNED
    )
    shop = OrganizationFactory(parent=plant, name="一车间党支部", contact_name="何丽华")
    AffiliationFactory(organization=shop, member__name="孙志强")
    return plant


def kept() -> dict:
    """The books without the notes of who signed in."""
    return {table: rows for table, rows in books().items() if table != "orgs.user"}


def told(client, user, branch, on=None) -> str:
    """Who approves, as the page says it."""
    client.force_login(user)
    page = client.get(reverse("organization", args=[branch.uid]), {"on": on} if on else {})
    (line,) = [each.reason.words for each in page.context["answers"] if each.label == "延期审批"]
    return line.partition("，")[0]


def facts(client, user, organization) -> dict:
    client.force_login(user)
    return dict(client.get(reverse("organization", args=[organization.uid])).context["facts"])


def test_a_community_committee_given_the_right_approves_from_that_day(client, approver, community, branch):
    before = kept()
    assert told(client, approver, branch) == "由“东湖街道党工委”审批"
    assert facts(client, approver, community)["审批权限"] == "无"

    operation = done("approval-right", community, approver, has_right="yes", on=ON, document_no="云组〔2026〕3号")

    assert told(client, approver, branch) == "由“石桥社区党委”审批（按批复另行规定）"
    assert told(client, approver, branch, "2026-10-31") == "由“东湖街道党工委”审批"
    assert facts(client, approver, community)["审批权限"] == "有（自2026年11月1日起，云组〔2026〕3号另行规定）"
    undone(operation, approver)
    assert kept() == before


def test_a_right_taken_and_given_back_by_kind(client, approver, street, branch):
    done("approval-right", street, approver, has_right="no", on="2026-10-01")
    assert told(client, approver, branch) == "由“中共云岭区委员会”审批"

    done("approval-right", street, approver, has_right="default", on=ON)

    assert told(client, approver, branch) == "由“东湖街道党工委”审批"
    assert [(each.has_right, each.until) for each in ApprovalRight.objects.all()] == [(False, DAY)]


def test_an_assigned_approver_holds_for_what_stands_below_too(client, approver, community, branch, plant):
    operation = done("assign-approver", community, approver, other=str(plant.uid), on=ON)

    assert told(client, approver, community_with_term(community)) == "由“云岭纺织厂党委”审批（按批复另行规定）"
    assert told(client, approver, branch) == "由“云岭纺织厂党委”审批（按批复另行规定）"
    # Whoever does not see it is not told its name.
    assert told(client, user_at(community, Role.VIEWER), branch) == "由上级有审批权限的党组织审批"
    with pytest.raises(ValidationError, match="指定由它审批"):
        done("close", plant_without_branch(plant, approver), approver, on="2026-11-10")
    undone(operation, approver)
    assert told(client, approver, branch) == "由“东湖街道党工委”审批"


@pytest.mark.parametrize("code", ["assign-approver", "territory"])
def test_what_another_part_was_given_does_not_end_by_a_form_that_cannot_show_it(approver, street, plant, code):
    """Whoever sees only one of the two may choose anew, but a blank of theirs says nothing."""
    shop = Organization.objects.get(parent=plant)
    done(code, shop, approver, other=str(street.uid), on="2026-10-01")
    own = user_at(plant, Role.APPROVER)
    task = BY_CODE[code]

    form = task.form_class({"on": ON}, initial=task.initial(shop), organization=shop, user=own)

    assert form.errors == {"other": ["现由您看不到的党组织承担，这里不能终止；请由能够查看双方的上级办理。"]}
    assert done(code, shop, approver, on=ON).pk


def community_with_term(community):
    TermFactory(organization=community, kind_at_election=Kind.COMMITTEE)
    return community


def plant_without_branch(plant, approver):
    for shop in Organization.objects.filter(parent=plant):
        type(shop).everything.filter(pk=shop.pk).update(closed_on=DAY)
    return plant


def test_who_is_approved_for_is_neither_the_approver_nor_above_it(approver, community, street):
    for other in (community, OrganizationFactory(parent=community, kind=Kind.COMMITTEE)):
        with pytest.raises(ValidationError, match="是它的下级"):
            assign_approver(organization=community, approver=other, on=DAY, by=approver)
    assert not AssignedApprover.objects.exists()


def test_an_approver_does_not_move_under_what_it_approves_for(approver, root, community, plant):
    group = OrganizationFactory(parent=root, name="集团党委", kind=Kind.COMMITTEE, unit_type=UnitType.STATE_OWNED)
    done("assign-approver", group, approver, other=str(plant.uid), on=ON)

    with pytest.raises(ValidationError, match="已指定由“云岭纺织厂党委”审批"):
        done("move", plant, approver, other=str(group.uid), on=ON)
    assert lines() == []


def test_a_clerk_arranges_nothing(street, community, plant):
    clerk = user_at(street)

    with pytest.raises(PermissionDenied):
        set_approval_right(organization=community, has_right=True, on=DAY, by=clerk)
    with pytest.raises(PermissionDenied):
        assign_approver(organization=community, approver=street, on=DAY, by=clerk)
    with pytest.raises(PermissionDenied):
        link_territory(organization=community, street=plant, on=DAY, by=clerk)


# ---- 属地 -----------------------------------------------------------------------------------------------------------


def fresh(user) -> User:
    """The user as the next request has them."""
    return User.objects.get(pk=user.pk)


def test_the_street_looks_at_the_ledger_and_at_no_people(client, approver, street, plant):
    clerk, stranger = user_at(street), user_at(StreetFactory(parent=street.parent))
    before = kept()
    address = reverse("organization", args=[plant.uid])
    client.force_login(clerk)
    assert client.get(address).status_code == 404

    operation = done("territory", plant, approver, other_code="S1", on=ON, document_no="云组〔2026〕4号")

    shop = Organization.objects.get(parent=plant)
    clerk = fresh(clerk)
    assert set(Organization.objects.visible_to(clerk)) == {street, plant, shop}
    assert set(Organization.objects.editable_by(clerk)) == {street}
    assert not Member.objects.visible_to(clerk).exists()
    assert not clerk.may(Action.READ_PEOPLE, shop)
    client.force_login(clerk)
    page = client.get(reverse("organization", args=[shop.uid]))
    assert page.status_code == 200
    for secret in ("何丽华", "孙志强"):
        assert secret not in page.content.decode()
    assert client.get(reverse("roll", args=[shop.uid])).status_code == 403
    assert client.get(reverse("task", args=[plant.uid, "contact"])).status_code == 403
    assert client.get(reverse("operation", args=[operation.uid])).status_code == 404
    client.force_login(stranger)
    assert client.get(address).status_code == 404

    undone(operation, approver)
    client.force_login(fresh(clerk))
    assert client.get(address).status_code == 404
    assert kept() == before


def test_what_is_looked_at_is_shown_apart_and_counted_nowhere(client, approver, root, street, community, plant):
    clerk = user_at(street)
    own = Ledger(user=clerk, node=street, on=datetime.date(2026, 11, 21)).summary().total
    done("territory", plant, approver, other=str(street.uid), on=ON)

    clerk = fresh(clerk)
    client.force_login(clerk)
    page = client.get(reverse("dashboard"))

    assert page.context["node"] == street
    assert [(each["name"], each["total"]) for each in page.context["looked_at"]] == [("云岭纺织厂党委", 2)]
    assert page.context["total_row"]["total"] == own == 2
    assert "共 1 个，隶属其他上级，只供查看，不计入以上任何数字" in page.content.decode()
    rows = client.get(page.context["looked_at"][0]["total_url"])
    assert rows.context["node"] == plant
    assert [line.name for line in page.context["tree"]] == ["东湖街道党工委", "云岭纺织厂党委（属地）"]
    # The district has it among its own, once.
    client.force_login(approver)
    district = client.get(reverse("dashboard"))
    assert district.context["looked_at"] == []
    assert district.context["total_row"]["total"] == Organization.objects.count()


def test_a_branch_of_the_street_does_not_look_on_nor_does_the_street_after_the_last_day(
    approver, street, community, plant
):
    below, clerk = user_at(community), user_at(street)
    done("territory", plant, approver, other=str(street.uid), on="2026-10-01")
    assert not fresh(below).may(Action.READ, plant)
    assert fresh(clerk).may(Action.READ, plant)

    done("territory", plant, approver, other="", on=ON)

    assert not fresh(clerk).may(Action.READ, plant)
    assert TerritorialLink.objects.get().until == DAY


def test_who_stands_above_needs_no_link(approver, street, community):
    with pytest.raises(ValidationError, match="有隶属关系，不必登记属地"):
        link_territory(organization=community, street=street, on=DAY, by=approver)
