"""The databases of the tests are set up as in production."""

import pytest
from django.db import connection


@pytest.mark.django_db
def test_sqlite_runs_on_a_file_with_write_ahead_log():
    if connection.vendor != "sqlite":
        pytest.skip("SQLite only")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()
        cursor.execute("PRAGMA busy_timeout")
        timeout = cursor.fetchone()

    assert (mode, timeout, connection.transaction_mode) == (("wal",), (20000,), "IMMEDIATE")


@pytest.mark.django_db
def test_postgresql_has_a_collation_other_than_c_and_limits_every_statement():
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")
    with connection.cursor() as cursor:
        cursor.execute("SELECT datlocprovider, datcollate FROM pg_database WHERE datname = current_database()")
        provider, collation = cursor.fetchone()
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name LIKE '%_timeout' AND setting <> '0'")
        limits = dict(cursor.fetchall())

    assert provider == "i" or collation not in ("C", "POSIX")
    assert limits["statement_timeout"] == "60000"
    assert limits["lock_timeout"] == "10000"
    # Longer than in service (tests/config/test_settings.py): a test holds one transaction as long as it lasts.
    assert limits["idle_in_transaction_session_timeout"] == "900000"
