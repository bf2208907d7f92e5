"""Fixtures of the whole suite. The database, its folder and the keys of a run come from config/testing/plugin.py."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

# A busy machine is no failure: no example has a deadline, slow generation is no fault of the code.
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")


# The demo always lives on SQLite, and figures of imported tables are those of the pipeline, which is tested on both.
# What pages show is asked of both databases below them; tests/test_queries.py opens the main ones on both.
ONCE = ("test_demo", "test_published_")
PAGES = "views"
DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}


def pytest_collection_modifyitems(items):
    """A test that asks no database runs once, not once for each."""
    for item in items:
        asks = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames)
        if not asks or item.path.name.startswith(ONCE) or item.path.parent.name == PAGES:
            item.add_marker(pytest.mark.once)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture(scope="session", autouse=True)
def fast_settings():
    """Passwords hashed cheaply, and static files found when asked for instead of listed for every client."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture
def repository() -> Path:
    """The folder of manage.py."""
    return Path(__file__).resolve().parent.parent


@pytest.fixture
def child_environment(transactional_db) -> dict[str, str]:
    """The environment in which a child process (`manage.py …`) works on this test's database."""
    from django.db import connection

    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        user = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
        host = database["HOST"]
        place = f"/{host}" if host.startswith("/") else ""
        server = "" if place else host + (f":{database['PORT']}" if database["PORT"] else "")
        url = f"postgresql://{user}@{server}{place}/{database['NAME']}"
    return {**os.environ, "DATABASE_URL": url}
