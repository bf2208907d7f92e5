"""The admin of organizations and units: whose rows, who may change them, and what a change leaves behind."""

import datetime

import pytest
from django.urls import reverse

from orgs.enums import Kind, Role
from orgs.models import AuditEvent, Organization, OrganizationChange, OrganizationUnit, Unit
from tests.factories import OrganizationFactory, RootFactory, StreetFactory, UnitFactory, UserFactory, user_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    return RootFactory()


@pytest.fixture
def street_a(district):
    return StreetFactory(parent=district, name="云岭东街道党工委", code="A")


@pytest.fixture
def street_b(district):
    return StreetFactory(parent=district, name="云岭西街道党工委", code="B")


@pytest.fixture
def clerk(street_a):
    return user_at(street_a, is_staff=True)


@pytest.fixture
def page(client, clerk):
    client.force_login(clerk)
    return client


def address(model, page, *args):
    return reverse(f"admin:orgs_{model}_{page}", args=args)


def listed(response):
    return [str(each) for each in response.context["cl"].result_list]


def test_list_holds_own_subtree_only(page, street_a, street_b):
    own = OrganizationFactory(parent=street_a, name="东村党支部")
    OrganizationFactory(parent=street_b, name="西村党支部")

    response = page.get(address("organization", "changelist"))

    assert listed(response) == [own.name, street_a.name]


def test_parent_outside_the_scope_is_not_named(page, street_a, district):
    response = page.get(address("organization", "changelist"))

    assert district.name not in response.content.decode()


def test_filters_and_search(page, street_a):
    OrganizationFactory(parent=street_a, name="东村党支部", code="A1")
    closed = OrganizationFactory(parent=street_a, name="旧村党支部", code="A2", closed_on=datetime.date(2020, 1, 1))

    by_kind = page.get(address("organization", "changelist"), {"kind": "branch", "existing": "0"})
    by_code = page.get(address("organization", "changelist"), {"q": "A2"})

    assert listed(by_kind) == [closed.name]
    assert listed(by_code) == [closed.name]


@pytest.mark.parametrize("lookup", ["parent__name__startswith", "path__gte", "id__exact", "parent__code", "e__x"])
def test_a_lookup_in_the_address_is_refused(page, lookup):
    assert page.get(address("organization", "changelist"), {lookup: "0"}).status_code == 400


def test_a_part_outside_the_scope_finds_nothing(page, street_b, street_a):
    response = page.get(address("organization", "changelist"), {"part": str(street_b.uid)})

    assert listed(response) == []


def test_foreign_organization_is_not_found_in_the_same_words(page, street_b):
    foreign = page.get(address("organization", "change", street_b.uid))
    missing = page.get(address("organization", "change", "5d7c3f5e-0000-4000-8000-000000000000"))
    by_key = page.get(address("organization", "change", street_b.pk))

    assert [foreign.status_code, missing.status_code, by_key.status_code] == [404, 404, 404]
    assert foreign.context["explanation"] == missing.context["explanation"]


def test_integer_keys_are_never_shown(page, street_a):
    branch = OrganizationFactory(parent=street_a)

    body = page.get(address("organization", "changelist")).content.decode()

    assert address("organization", "change", branch.uid) in body
    assert f"/{branch.pk}/change/" not in body


def test_clerk_founds_a_branch_in_their_street(page, street_a, clerk):
    response = page.post(
        address("organization", "add"),
        {
            "parent": str(street_a.uid),
            "name": "新村党支部",
            "kind": "branch",
            "form": "ordinary",
            "unit_type": "village",
            "founded_on": "2026-05-01",
            "founded_on_precision": "day",
        },
    )

    made = Organization.objects.get(name="新村党支部")
    assert response.status_code == 302
    assert (made.parent, made.founded_on) == (street_a, datetime.date(2026, 5, 1))
    assert AuditEvent.objects.get(target_uid=made.uid).actor == clerk


def test_clerk_cannot_found_under_another_street(page, street_b):
    response = page.post(
        address("organization", "add"),
        {"parent": str(street_b.uid), "name": "新村党支部", "kind": "branch", "form": "ordinary",
         "founded_on_precision": "day"},
    )  # fmt: skip

    assert response.context["adminform"].form.errors == {
        "parent": ["没有找到所选的内容：它可能不存在，或者不在您的管理范围内。"]
    }
    assert not Organization.objects.filter(name="新村党支部").exists()


def change_data(organization, **changed):
    """What the change form of `organization` would send, with some fields changed."""
    data = {
        "parent": str(organization.parent.uid),
        "name": organization.name,
        "kind": organization.kind,
        "form": organization.form,
        "unit_type": organization.unit_type,
        "code": organization.code,
        "founded_on_precision": "day",
        "seen_version": organization.version,
    }
    return {**data, **changed}


def test_rename_keeps_the_old_name_for_past_days(page, street_a):
    branch = OrganizationFactory(parent=street_a, name="东村党支部")

    response = page.post(
        address("organization", "change", branch.uid),
        change_data(
            branch, name="东风村党支部", effective_on="2026-03-01", basis="云组〔2026〕3号", contact_name="李秀英"
        ),
    )

    branch.refresh_from_db()
    change = OrganizationChange.objects.get(organization=branch)
    assert response.status_code == 302
    assert (branch.name, branch.contact_name) == ("东风村党支部", "李秀英")
    assert (change.before, change.on, change.basis) == ("东村党支部", datetime.date(2026, 3, 1), "云组〔2026〕3号")


def test_move_within_the_street(page, street_a):
    committee = OrganizationFactory(parent=street_a, kind=Kind.COMMITTEE, name="东社区党委")
    branch = OrganizationFactory(parent=street_a, name="东村党支部")

    page.post(address("organization", "change", branch.uid), change_data(branch, parent=str(committee.uid)))

    branch.refresh_from_db()
    assert branch.parent == committee
    assert branch.path.startswith(committee.path)


def test_what_the_tree_refuses_is_shown_beside_the_field(page, street_a):
    branch = OrganizationFactory(parent=street_a)
    other = OrganizationFactory(parent=street_a)

    response = page.post(
        address("organization", "change", branch.uid),
        change_data(branch, parent=str(other.uid), contact_name="李秀英"),
    )

    branch.refresh_from_db()
    assert list(response.context["adminform"].form.errors) == ["parent"]
    assert branch.contact_name == ""


def test_two_under_one_superior_do_not_get_one_name(page, street_a):
    committee = OrganizationFactory(parent=street_a, kind=Kind.COMMITTEE, name="东社区党委")
    OrganizationFactory(parent=street_a, name="东村党支部", code="A1")
    OrganizationFactory(parent=street_a, name="旧村党支部", closed_on=datetime.date(2020, 1, 1))
    elsewhere = OrganizationFactory(parent=committee, name="东村党支部", code="")
    branch = OrganizationFactory(parent=street_a, name="西村党支部")
    founding = {"parent": str(street_a.uid), "kind": "branch", "form": "ordinary", "founded_on_precision": "day"}

    replies = [
        page.post(address("organization", "add"), {**founding, "name": "东村党支部"}),
        page.post(address("organization", "change", branch.uid), change_data(branch, name="东村党支部")),
        page.post(address("organization", "change", elsewhere.uid), change_data(elsewhere, parent=str(street_a.uid))),
    ]

    refused = (
        "“云岭东街道党工委”之下已有“东村党支部”（编码A1）。请核对是否为同一党组织；不是的，请在名称中写明区别，"
        "或者先将原有的更名、撤销。"
    )
    assert [reply.context["adminform"].form.errors for reply in replies] == [{"name": [refused]}] * 3
    assert Organization.objects.filter(parent=street_a, name="东村党支部").count() == 1
    # The name of one that is closed is free.
    assert page.post(address("organization", "add"), {**founding, "name": "旧村党支部"}).status_code == 302


def test_a_stale_form_changes_nothing_and_shows_what_is_stored(page, street_a):
    branch = OrganizationFactory(parent=street_a, name="东村党支部")
    stale = change_data(branch, name="我的名称")
    Organization.objects.filter(pk=branch.pk).update(name="他人的名称", version=2)

    response = page.post(address("organization", "change", branch.uid), stale)

    branch.refresh_from_db()
    assert response.status_code == 409
    assert "党组织名称：他人的名称" in response.content.decode()
    assert branch.name == "他人的名称"


def test_closing(page, street_a):
    branch = OrganizationFactory(parent=street_a)

    page.post(address("organization", "change", branch.uid), change_data(branch, closed_on="2026-06-30"))

    branch.refresh_from_db()
    assert branch.closed_on == datetime.date(2026, 6, 30)


def test_top_of_the_scope_keeps_its_parent(page, street_a, district):
    form = page.get(address("organization", "change", street_a.uid)).context["adminform"].form

    page.post(address("organization", "change", street_a.uid), change_data(street_a, parent="", contact_name="李秀英"))

    street_a.refresh_from_db()
    assert "parent" not in form.fields
    assert (street_a.parent, street_a.contact_name) == (district, "李秀英")


def test_the_contact_is_shown_to_who_sees_people_only(client, street_a):
    branch = OrganizationFactory(parent=street_a, contact_name="李秀英")

    client.force_login(user_at(street_a, Role.VIEWER, is_staff=True))
    assert "李秀英" in client.get(address("organization", "change", branch.uid)).content.decode()

    client.force_login(user_at(street_a, Role.ACCOUNT_ADMIN, is_staff=True))
    assert "李秀英" not in client.get(address("organization", "change", branch.uid)).content.decode()


def test_viewer_looks_but_does_not_change(client, street_a):
    branch = OrganizationFactory(parent=street_a)
    client.force_login(user_at(street_a, Role.VIEWER, is_staff=True))

    shown = client.get(address("organization", "change", branch.uid))
    refused = client.post(address("organization", "change", branch.uid), change_data(branch, name="另一名称"))

    assert (shown.status_code, refused.status_code) == (200, 403)
    assert client.get(address("organization", "add")).status_code == 403


def test_nothing_is_deleted(page, street_a):
    branch = OrganizationFactory(parent=street_a)

    response = page.post(address("organization", "delete", branch.uid), {"post": "yes"})

    assert response.status_code == 403
    assert Organization.objects.filter(pk=branch.pk).exists()


def test_superuser_without_grants_sees_menus_and_no_rows(client, street_a):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))

    response = client.get(address("organization", "changelist"))

    assert client.get(reverse("admin:index")).status_code == 200
    assert listed(response) == []
    assert client.get(address("organization", "change", street_a.uid)).status_code == 404


def test_superuser_founds_the_first_root(client):
    founder = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(founder)

    client.post(
        address("organization", "add"),
        {"parent": "", "name": "中共云岭区委员会", "kind": "local_committee", "form": "ordinary",
         "founded_on_precision": "day"},
    )  # fmt: skip

    assert Organization.objects.get().parent is None


def test_history_tells_what_changed(page, street_a, clerk):
    branch = OrganizationFactory(parent=street_a, name="东村党支部")
    page.post(address("organization", "change", branch.uid), change_data(branch, contact_name="李秀英"))

    rows = list(page.get(address("organization", "history", branch.uid)).context["page"])

    assert [(row.actor, row.what, row.changes) for row in rows] == [
        (clerk.name, "修改基本信息", ("联系人：（空） → 李秀英",))
    ]


def test_history_of_a_foreign_organization_is_not_found(page, street_b):
    assert page.get(address("organization", "history", street_b.uid)).status_code == 404


def test_choices_are_those_the_form_accepts(page, street_a, street_b):
    OrganizationFactory(parent=street_b, name="西村党支部")
    own = OrganizationFactory(parent=street_a, name="东村党支部")

    results = page.get(address("organization", "choices", "parent"), {"term": "村"}).json()["results"]

    assert results == [{"id": str(own.uid), "text": own.name}]


def test_no_choices_for_fields_that_are_not_chosen(page):
    assert page.get(address("organization", "choices", "path")).status_code == 404


# ---- Units ----------------------------------------------------------------------------------------------------------


def test_unit_is_registered_and_corrected(page, street_a, street_b):
    UnitFactory(keeper=street_b)
    data = {"keeper": str(street_a.uid), "name": "云岭虚构商贸有限公司", "credit_code": "", "unit_type": "private",
            "is_large": "unknown"}  # fmt: skip

    page.post(address("unit", "add"), data)
    unit = Unit.objects.get(keeper=street_a)
    page.post(address("unit", "change", unit.uid), {**data, "unit_type": "social", "seen_version": unit.version})

    unit.refresh_from_db()
    assert (unit.name, unit.unit_type, unit.version) == ("云岭虚构商贸有限公司", "social", 2)
    assert listed(page.get(address("unit", "changelist"))) == [unit.name]
    kinds = AuditEvent.objects.filter(target_uid=unit.uid).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["unit.create", "unit.update"]


def test_unit_cannot_be_given_to_another_street(page, street_a, street_b):
    unit = UnitFactory(keeper=street_a)

    response = page.post(
        address("unit", "change", unit.uid),
        {"keeper": str(street_b.uid), "name": unit.name, "unit_type": "private", "seen_version": 1},
    )

    unit.refresh_from_db()
    assert list(response.context["adminform"].form.errors) == ["keeper"]
    assert unit.keeper == street_a


def test_units_behind_a_joint_branch(page, street_a, street_b):
    branch = OrganizationFactory(parent=street_a)
    kept, given = UnitFactory(keeper=street_a, name="云岭虚构印务有限公司"), UnitFactory(keeper=street_a)
    foreign = UnitFactory(keeper=street_b, name="西街道虚构商贸有限公司")
    OrganizationUnit.objects.create(organization=branch, unit=foreign)

    page.post(
        address("organization", "change", branch.uid), change_data(branch, unit_choice=[str(kept.uid), str(given.uid)])
    )
    page.post(address("organization", "change", branch.uid), change_data(branch, unit_choice=[str(kept.uid)]))
    refused = page.post(
        address("organization", "change", branch.uid), change_data(branch, unit_choice=[str(foreign.uid)])
    )

    # What another street keeps and linked stays, and is not offered.
    assert set(branch.units.all()) == {kept, foreign}
    assert list(refused.context["adminform"].form.errors) == ["unit_choice"]
    history = list(page.get(address("organization", "history", branch.uid)).context["page"])
    assert [(row.what, row.changes) for row in history] == [("变更所在单位", ("所在单位：已变更",))] * 2


def test_units_are_chosen_among_those_one_sees(page, street_a, street_b):
    own = UnitFactory(keeper=street_a)
    UnitFactory(keeper=street_b)

    results = page.get(address("organization", "choices", "unit_choice"), {"term": "云岭"}).json()["results"]

    assert results == [{"id": str(own.uid), "text": own.name}]
