"""Sign-in, sign-out, the own password, one session per account."""

import pytest
from django.test import Client
from django.urls import reverse

from orgs.models import AuditEvent, User

PASSWORD = "Chu-shi-2026"
NEW_PASSWORD = "Geng-huan-2026"


@pytest.fixture
def clerk(db):
    return User.objects.create_user(username="donghu01", name="何新", password=PASSWORD)


def sign_in(client, username="donghu01", password=PASSWORD, **extra):
    return client.post(reverse("login"), {"username": username, "password": password, **extra})


def test_sign_in_page_says_that_the_system_is_not_for_secrets(client):
    page = client.get(reverse("login")).content.decode()

    assert "非涉密" in page
    assert "严禁录入、传输国家秘密" in page


def test_sign_in_leads_to_the_page_that_was_asked_for(client, clerk):
    response = sign_in(client, next=reverse("password_change"))

    assert response.status_code == 302
    assert response.url == reverse("password_change")
    assert [event.kind for event in AuditEvent.objects.all()] == ["sign_in"]


def test_sign_in_does_not_lead_to_a_foreign_host(client, clerk):
    assert sign_in(client, next="https://example.org/").url == "/"


def test_wrong_password_and_unknown_name_read_the_same(client, clerk):
    def reasons(response):
        return response.context["form"].non_field_errors()

    wrong = sign_in(client, password="Cuo-wu-2026")
    unknown = sign_in(client, username="meiyou", password="Cuo-wu-2026")

    assert reasons(wrong) == ["用户名或密码不正确，请注意大小写。"]
    assert reasons(unknown) == reasons(wrong)


def test_fifth_wrong_password_locks_the_account_and_says_for_how_long(client, clerk):
    responses = [sign_in(client, password="Cuo-wu-2026") for _ in range(5)]

    assert [response.status_code for response in responses] == [200, 200, 200, 200, 429]
    assert "15 分钟" in responses[-1].content.decode()
    assert sign_in(client).status_code == 429


def test_second_sign_in_ends_the_first_session(client, clerk):
    sign_in(client)
    elsewhere = Client()
    sign_in(elsewhere)

    assert client.get(reverse("password_change")).status_code == 302
    assert elsewhere.get(reverse("password_change")).status_code == 200


def test_disabled_user_is_out_at_once(client, clerk):
    sign_in(client)

    User.objects.filter(pk=clerk.pk).update(is_active=False)

    assert client.get(reverse("password_change")).status_code == 302


def test_initial_password_opens_the_password_page_only(client, clerk):
    User.objects.filter(pk=clerk.pk).update(must_change_password=True)
    sign_in(client)

    assert client.get("/admin/").url == reverse("password_change")
    assert "初始密码" in client.get(reverse("password_change")).content.decode()


def test_new_password_ends_the_duty_and_keeps_the_session(client, clerk):
    User.objects.filter(pk=clerk.pk).update(must_change_password=True)
    sign_in(client)

    response = client.post(
        reverse("password_change"),
        {"old_password": PASSWORD, "new_password1": NEW_PASSWORD, "new_password2": NEW_PASSWORD},
    )

    clerk.refresh_from_db()
    assert response.url == "/"
    assert clerk.must_change_password is False
    assert clerk.check_password(NEW_PASSWORD)
    assert client.get(reverse("password_change")).status_code == 200


def test_new_password_has_to_differ(client, clerk):
    sign_in(client)

    response = client.post(
        reverse("password_change"), {"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}
    )

    assert response.context["form"].errors["new_password1"] == ["新密码不能与原密码相同。"]


def test_a_weak_password_is_refused_in_chinese(client, clerk):
    sign_in(client)

    page = client.post(
        reverse("password_change"), {"old_password": PASSWORD, "new_password1": "12345", "new_password2": "12345"}
    )

    assert page.context["form"].errors["new_password2"] == [
        "密码太短，至少要有 10 位。",
        "这个密码太常见了。",
        "密码只包含数字。",
    ]


def test_sign_out_takes_a_post_and_says_so(client, clerk):
    sign_in(client)

    assert client.get(reverse("logout")).status_code == 405
    assert "您已安全退出" in client.post(reverse("logout")).content.decode()
    assert client.get(reverse("password_change")).status_code == 302


def test_admin_uses_the_same_sign_in(client, clerk):
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/").url == "/login/?next=/admin/"

    sign_in(client)

    assert client.get("/admin/login/?next=/admin/").status_code == 403
