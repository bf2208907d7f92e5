"""Two writers at once, on PostgreSQL; SQLite lets one transaction write at a time."""

import pytest
from django.db import connection


def needs_two_writers() -> None:
    """Skip the test where the database knows one writer only."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite 同一时间只有一个写事务")


# Of this test's own database: another worker's run beside it in the same server.
WAIT = """
DO $$ BEGIN
  WHILE NOT EXISTS (
    SELECT FROM pg_locks waiting JOIN pg_locks here USING (pid) JOIN pg_database ON pg_database.oid = here.database
    WHERE NOT waiting.granted AND datname = current_database()
  ) LOOP PERFORM 1; END LOOP;
END $$
"""


def wait_until_somebody_waits_for_a_lock() -> None:
    """Return when another connection waits for what this transaction holds; statement_timeout ends it otherwise."""
    with connection.cursor() as cursor:
        cursor.execute(WAIT)
