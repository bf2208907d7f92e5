"""The admin of accounts and rights: two hands, own part of the tree, passwords never shown or kept."""

import datetime

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from orgs.enums import Role
from orgs.models import AuditEvent, Grant, User
from tests.factories import GrantFactory, RootFactory, StreetFactory, UserFactory, user_at

pytestmark = pytest.mark.django_db

INITIAL = "chushi-mima-2026"


@pytest.fixture
def streets():
    root = RootFactory()
    return (
        StreetFactory(parent=root, name="云岭东街道党工委", code="JD01"),
        StreetFactory(parent=root, name="云岭西街道党工委", code="JD02"),
    )


@pytest.fixture
def keeper(streets):
    """系统管理员 of the first street."""
    return user_at(streets[0], Role.ACCOUNT_ADMIN, username="guanliyuan", is_staff=True)


@pytest.fixture
def page(client, keeper):
    client.force_login(keeper)
    return client


@pytest.fixture
def grant_page(client, streets):
    client.force_login(user_at(streets[0], Role.GRANT_ADMIN, username="anquanyuan", is_staff=True))
    return client


def address(model, page, *args):
    return reverse(f"admin:orgs_{model}_{page}", args=args)


def listed(response):
    return [each.username for each in response.context["cl"].result_list]


def new_account(organization, **changed):
    data = {
        "username": "chenxiaoyan",
        "name": "陈晓燕",
        "organization": str(organization.uid),
        "initial_password": INITIAL,
    }
    return {**data, **changed}


# ---- Accounts -------------------------------------------------------------------------------------------------------


def test_an_account_is_opened_with_an_initial_password(page, streets):
    response = page.post(address("user", "add"), new_account(streets[0]))

    user = User.objects.get(username="chenxiaoyan")
    assert response.status_code == 302
    assert user.check_password(INITIAL)
    assert (user.must_change_password, user.is_staff, user.is_superuser, user.rights) == (True, False, False, ())
    assert INITIAL not in str(list(AuditEvent.objects.values_list("changes", flat=True)))


def test_a_weak_password_is_explained(page, streets):
    response = page.post(address("user", "add"), new_account(streets[0], initial_password="12345"))

    assert list(response.context["adminform"].form.errors) == ["initial_password"]
    assert "12345" not in response.content.decode()
    assert not User.objects.filter(username="chenxiaoyan").exists()


def test_no_account_for_another_street(page, streets):
    response = page.post(address("user", "add"), new_account(streets[1]))

    assert list(response.context["adminform"].form.errors) == ["organization"]
    assert not User.objects.filter(username="chenxiaoyan").exists()


def test_no_superuser_is_made(page, streets):
    page.post(address("user", "add"), new_account(streets[0], is_superuser="on"))

    assert User.objects.get(username="chenxiaoyan").is_superuser is False


def test_list_holds_own_accounts_with_filters(page, streets, keeper):
    clerk = user_at(streets[0], username="jingban")
    UserFactory(organization=streets[0], username="tingyong", is_active=False)
    user_at(streets[1], username="xijiedao")

    assert listed(page.get(address("user", "changelist"))) == [keeper.username, clerk.username, "tingyong"]
    assert listed(page.get(address("user", "changelist"), {"role": "clerk"})) == [clerk.username]
    assert listed(page.get(address("user", "changelist"), {"active": "0"})) == ["tingyong"]
    assert listed(page.get(address("user", "changelist"), {"part": str(streets[1].uid)})) == []
    assert listed(page.get(address("user", "changelist"), {"q": "xijiedao"})) == []


def test_a_role_held_elsewhere_is_not_told(page, streets):
    user = UserFactory(organization=streets[0], username="jiandiao")
    GrantFactory(user=user, organization=streets[1], role=Role.VIEWER)

    shown = page.get(address("user", "change", user.uid)).content.decode()

    assert streets[1].name not in shown
    assert listed(page.get(address("user", "changelist"), {"role": "viewer"})) == []


def test_disabling_and_a_new_password(page, streets):
    user = UserFactory(organization=streets[0])
    same = {"username": user.username, "name": user.name, "organization": str(streets[0].uid)}

    page.post(address("user", "change", user.uid), {**same, "initial_password": "xinde-mima-2026"})

    user.refresh_from_db()
    assert user.check_password("xinde-mima-2026")
    assert (user.is_active, user.must_change_password) == (False, True)
    kinds = AuditEvent.objects.filter(target_uid=user.uid).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["account.password", "account.disable"]


def test_an_account_with_rights_elsewhere_cannot_be_taken_over(page, streets):
    user = UserFactory(organization=streets[0])
    GrantFactory(user=user, organization=streets[1])
    same = {"username": user.username, "name": user.name, "organization": str(streets[0].uid), "is_active": "on"}

    response = page.post(address("user", "change", user.uid), {**same, "initial_password": "xinde-mima-2026"})

    user.refresh_from_db()
    assert response.status_code == 403
    assert not user.check_password("xinde-mima-2026")


def test_password_hash_is_on_no_page(page, streets, keeper):
    user = UserFactory(organization=streets[0])

    bodies = [
        page.get(address("user", "change", user.uid)).content.decode(),
        page.get(address("user", "changelist")).content.decode(),
        page.post(address("user", "export"), {"format": "csv"}).content.decode(),
    ]

    assert [user.password in body or user.password[-20:] in body for body in bodies] == [False] * 3


def test_account_admin_has_no_grants_page(page, streets):
    grant = GrantFactory(user=UserFactory(organization=streets[0]), organization=streets[0])

    assert page.get(address("grant", "changelist")).status_code == 403
    assert page.get(address("grant", "change", grant.uid)).status_code == 404
    assert page.get(address("grant", "add")).status_code == 403


# ---- Accounts as a table --------------------------------------------------------------------------------------------

TITLES = "用户名,姓名,所在党组织,可进入管理后台,初始密码"


def upload(page, *lines):
    file = SimpleUploadedFile("账号.csv", "\n".join([TITLES, *lines]).encode())
    return page.post(address("user", "import"), {"file": file})["Location"]


def test_accounts_come_from_a_table(page, streets):
    preview = upload(
        page, f"chenxiaoyan,陈晓燕,JD01,,{INITIAL}", "lixiuying,李秀英,云岭东街道党工委,是,ling-yi-mima-26"
    )

    shown = page.get(preview)
    page.post(preview)

    made = list(User.objects.filter(username__in=["chenxiaoyan", "lixiuying"]).order_by("username"))
    assert INITIAL not in shown.content.decode()
    assert [row.what for row in shown.context["rows"]] == ["新增", "新增"]
    assert [(each.organization, each.is_staff, each.must_change_password) for each in made] == [
        (streets[0], False, True),
        (streets[0], True, True),
    ]
    assert made[0].check_password(INITIAL)


def test_a_weak_password_in_a_table_stops_it(page, streets):
    shown = page.get(upload(page, "chenxiaoyan,陈晓燕,JD01,,123456"))

    assert [row.what for row in shown.context["rows"]] == ["有误"]
    assert "123456" not in shown.content.decode()


def test_another_streets_account_cannot_be_changed_by_a_table(page, streets):
    foreign = user_at(streets[1], username="xijiedao", name="周西")

    preview = upload(page, f"xijiedao,改名,JD01,,{INITIAL}")
    shown = page.get(preview)
    page.post(preview)

    foreign.refresh_from_db()
    assert [row.what for row in shown.context["rows"]] == ["有误"]
    assert "周西" not in shown.content.decode()
    assert foreign.name == "周西"


def test_export_has_no_password_column(page, keeper):
    response = page.post(address("user", "export"), {"format": "csv"})

    assert response.content.decode("utf-8-sig").splitlines() == [
        "用户名,姓名,所在党组织,可进入管理后台",
        "guanliyuan,陈晓燕,JD01,是",
    ]


# ---- Rights ---------------------------------------------------------------------------------------------------------


def test_a_right_is_given_and_taken(grant_page, streets):
    user = UserFactory(organization=streets[0])

    with time_machine.travel("2026-11-21 09:00:00+08:00", tick=False):
        grant_page.post(
            address("grant", "add"),
            {"user": str(user.uid), "organization": str(streets[0].uid), "role": "clerk", "since": "2026-11-01"},
        )
        grant = Grant.objects.get(user=user)
        grant_page.post(address("grant", "change", grant.uid), {"end_on": "2026-12-01"})

    grant.refresh_from_db()
    assert (grant.role, grant.since, grant.until) == ("clerk", datetime.date(2026, 11, 1), datetime.date(2026, 12, 1))


def test_a_right_taken_on_its_first_day_is_gone(grant_page, streets):
    grant = GrantFactory(
        user=UserFactory(organization=streets[0]), organization=streets[0], since=datetime.date(2026, 11, 21)
    )

    response = grant_page.post(address("grant", "change", grant.uid), {"end_on": "2026-11-21", "_continue": "1"})

    assert response.status_code == 302
    assert response["Location"] == address("grant", "changelist")
    assert not Grant.objects.filter(pk=grant.pk).exists()


def test_no_right_over_another_street_or_for_its_people(grant_page, streets):
    own, foreign = UserFactory(organization=streets[0]), UserFactory(organization=streets[1])

    over = grant_page.post(
        address("grant", "add"),
        {"user": str(own.uid), "organization": str(streets[1].uid), "role": "clerk", "since": "2026-11-01"},
    )
    for_them = grant_page.post(
        address("grant", "add"),
        {"user": str(foreign.uid), "organization": str(streets[0].uid), "role": "clerk", "since": "2026-11-01"},
    )

    assert list(over.context["adminform"].form.errors) == ["organization"]
    assert list(for_them.context["adminform"].form.errors) == ["user"]


def test_people_to_choose_from_are_own_accounts(grant_page, streets):
    own = UserFactory(organization=streets[0], username="zijiren")
    UserFactory(organization=streets[1], username="wairen")

    results = grant_page.get(address("grant", "choices", "user"), {"term": "ren"}).json()["results"]

    assert results == [{"id": str(own.uid), "text": str(own)}]


def test_nobody_gives_rights_to_themselves(grant_page, streets):
    own = User.objects.get(username="anquanyuan")

    response = grant_page.post(
        address("grant", "add"),
        {"user": str(own.uid), "organization": str(streets[0].uid), "role": "approver", "since": "2026-11-01"},
    )

    assert response.status_code == 403
    assert Grant.objects.filter(user=own).count() == 1


def test_grant_admin_opens_no_accounts(grant_page):
    assert grant_page.get(address("user", "changelist")).status_code == 403
    assert grant_page.get(address("user", "add")).status_code == 403
