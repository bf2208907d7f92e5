"""How fast the ledger of one district is alone and among many, and beside its bare queries."""

import datetime
import re

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections.benchmarks.districts import PER_DISTRICT
from elections.benchmarks.measuring import Comparison, Side, medians
from elections.ledger import Ledger
from orgs.models import Organization, User

# A page among many districts takes at most 1.5 × its time alone, and at most twice that of its queries.
AMONG_MANY, OVER_QUERIES = 1.5, 2.0
BIG_TABLES = ("orgs_organization", "elections_term")


class Mismatch(Exception):
    """Both sides were to give the same complete results and did not; the message says where."""


def use(database: str) -> None:
    """Let the following queries go to another database of the same server."""
    connection.close()
    connection.settings_dict["NAME"] = database


def compare(alone: str, many: str, districts: int, on: datetime.date) -> list[Comparison]:
    """Measure the district of database `alone` against the same one in database `many`; Mismatch when they differ."""
    if (one := _everything(alone, on)) != (other := _everything(many, on)):
        differing = next((pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]), "行数不同")
        raise Mismatch(f"同一个区在两个数据库中的台账不一致：{differing}")
    size = f"{PER_DISTRICT} 个党组织，对照为其在 {districts * PER_DISTRICT} 个之中"
    comparisons = []
    for title, name in (("台账页", "ledger"), ("总览页", "dashboard")):
        of_many, of_one = medians(_page(many, name), _page(alone, name))
        comparisons.append(Comparison(f"{title}（多区之中，对照为单独一区）", size, of_many, of_one, AMONG_MANY))
    ours, queries = medians(_page(alone, "ledger"), Side(_queries(alone, on), lambda: use(alone)))
    comparisons.append(Comparison("台账页（对照为只查询不成页）", "50 行", ours, queries, OVER_QUERIES))
    return comparisons


def sequential_scans(database: str) -> list[str]:
    """The plan lines of the district's ledger and dashboard that read a whole big table.

    None is right where the district is a small part; of ten districts PostgreSQL rightly reads all.
    """
    use(database)
    client = _client()
    found = []
    for name in ("ledger", "dashboard"):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(name))
        selects = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
        with connection.cursor() as cursor:
            for sql in selects:
                cursor.execute("EXPLAIN " + sql)
                plan = [line for (line,) in cursor.fetchall()]
                found += [line.strip() for line in plan if re.search(rf"Seq Scan on ({'|'.join(BIG_TABLES)})\b", line)]
    return found


def _everything(database: str, on: datetime.date) -> list[tuple]:
    """The complete ledger of the district, without the keys of this one database."""
    use(database)
    return [
        (row.code, row.name, row.kind, row.state, row.days, row.expires_on, row.secretary, row.headcount)
        for row in _ledger(on).rows("code")
    ]


def _ledger(on: datetime.date) -> Ledger:
    return Ledger(user=User.objects.get(username="benchmark"), node=Organization.objects.get(code="D0"), on=on)


def _queries(database: str, on: datetime.date):
    use(database)
    ledger = _ledger(on)

    def job():
        ledger.summary()
        ledger.page()

    return job


def _page(database: str, name: str) -> Side:
    use(database)
    client, url = _client(), reverse(name)

    def job():
        response = client.get(url)
        assert response.status_code == 200, (name, response.status_code, response.get("Location"))

    return Side(job, prepare=lambda: use(database))


def _client() -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="benchmark"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client
