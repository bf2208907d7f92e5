"""Sessions end after half an hour of rest and after eight hours of work; personal pages are kept nowhere."""

import pytest
import time_machine
from django.http import HttpResponse
from django.urls import include, path

from orgs.models import User


def who(request):
    return HttpResponse(request.user.get_username())


urlpatterns = [path("who/", who), path("", include("config.urls"))]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
MINUTE = 60


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-02T09:00:00+08:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def clerk(client, clock):
    user = User.objects.create_user("clerk", password="an-invented-sentence")
    client.force_login(user)
    client.get("/who/")
    return user


def test_session_lives_just_under_half_an_hour_of_rest(client, clock, clerk):
    clock.shift(30 * MINUTE - 1)

    assert client.get("/who/").content == b"clerk"


def test_session_ends_after_half_an_hour_of_rest(client, clock, clerk):
    clock.shift(30 * MINUTE)

    assert client.get("/who/").content == b""


def test_session_ends_after_eight_hours_however_busy(client, clock, clerk):
    answers = []
    for _ in range(24):
        clock.shift(20 * MINUTE)
        answers.append(client.get("/who/").content)

    assert answers == [b"clerk"] * 23 + [b""]


def test_requests_within_a_minute_write_nothing(client, clock, clerk, django_assert_num_queries):
    clock.shift(59)

    with django_assert_num_queries(2):  # the session and the user are read, none is written
        client.get("/who/")


def test_page_of_a_signed_in_user_is_stored_nowhere(client, clerk):
    assert client.get("/who/").headers["Cache-Control"] == "no-store, private"


def test_page_of_nobody_may_be_stored(client):
    assert "Cache-Control" not in client.get("/who/").headers


def test_every_page_carries_the_strict_policy(client):
    policy = client.get("/who/").headers["Content-Security-Policy"]

    assert set(policy.split("; ")) == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
        "object-src 'none'",
    }


def test_fifth_wrong_password_locks_the_account_for_a_quarter_of_an_hour(client, clock, clerk):
    client.logout()
    wrong = {"username": "clerk", "password": "wrong"}
    right = {"username": "clerk", "password": "an-invented-sentence"}
    for _ in range(5):
        client.post("/login/", wrong)

    locked = client.post("/login/", right).status_code
    clock.shift(15 * MINUTE + 1)
    opened = client.post("/login/", right).status_code

    assert (locked, opened) == (429, 302)


def test_one_locked_account_does_not_lock_its_neighbor(client, clock, clerk):
    client.logout()
    User.objects.create_user("neighbor", password="another-invented-sentence")
    for _ in range(6):
        client.post("/login/", {"username": "clerk", "password": "wrong"})

    answer = client.post("/login/", {"username": "neighbor", "password": "another-invented-sentence"})

    assert answer.status_code == 302
