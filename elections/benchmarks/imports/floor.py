"""What PostgreSQL itself needs: COPY of ready rows into the tables that an import writes, in one transaction."""

import time
from collections.abc import Iterable

from django.db import connection, transaction

from elections.benchmarks.ledger import use

# In the order in which one points at the other; the batch that the notes belong to is there before.
BATCH = "orgs_importbatch"
WRITTEN = ("members_member", "members_affiliation", "members_rosterconfirmation", "orgs_importeffect")
BLOCK = 1 << 20


def ready_rows(database: str) -> dict[str, bytes]:
    """The rows that an import left in the tables of a database, as COPY writes and reads them, in the order of keys."""
    use(database)
    rows = {}
    with connection.cursor() as cursor:
        for table in (BATCH, *WRITTEN):
            with cursor.copy(f"COPY (SELECT * FROM {table} ORDER BY id) TO STDOUT") as copy:
                rows[table] = b"".join(bytes(block) for block in copy)
    return rows


def seconds(database: str, rows: dict[str, bytes]) -> float:
    """How long it takes to copy the rows into a database that has none of them."""
    use(database)
    _copy(rows, [BATCH])
    begin = time.perf_counter()
    _copy(rows, WRITTEN)
    return time.perf_counter() - begin


@transaction.atomic
def _copy(rows: dict[str, bytes], tables: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        # A page's limit; here a million rows are one statement.
        cursor.execute("SET LOCAL statement_timeout = 0")
        for table in tables:
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                for start in range(0, len(rows[table]), BLOCK):
                    copy.write(rows[table][start : start + BLOCK])
