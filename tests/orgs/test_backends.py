"""Accounts of the demo have a known password; in production they are as good as disabled."""

import pytest
from django.contrib.auth import authenticate

from orgs.backends import AccountBackend
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_user():
    """An account as `manage.py demo` makes them."""
    return UserFactory(username="donghu", email="donghu@demo.invalid")


def test_demo_account_signs_in_outside_production(demo_user, rf):
    assert authenticate(rf.post("/"), username="donghu", password=PASSWORD) == demo_user


def test_demo_account_cannot_sign_in_in_production(demo_user, rf, settings):
    settings.PRODUCTION = True

    assert authenticate(rf.post("/"), username="donghu", password=PASSWORD) is None


def test_open_session_of_a_demo_account_ends_in_production(demo_user, settings):
    settings.PRODUCTION = True

    assert AccountBackend().get_user(demo_user.pk) is None


def test_real_account_signs_in_in_production(rf, settings):
    settings.PRODUCTION = True
    user = UserFactory(username="chen", email="chen@demo.invalid.example")

    assert authenticate(rf.post("/"), username="chen", password=PASSWORD) == user


def test_disabled_account_cannot_sign_in(rf):
    UserFactory(username="chen", is_active=False)

    assert authenticate(rf.post("/"), username="chen", password=PASSWORD) is None
