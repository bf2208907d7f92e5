"""The rosters of several sizes through our import, beside stock django-import-export and the floor of COPY."""

import datetime
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from elections.benchmarks import districts
from elections.benchmarks.imports import floor, people
from elections.benchmarks.ledger import Mismatch, use
from members.models import Affiliation
from orgs.enums import Kind
from orgs.models import Organization

EMPTY, OURS, OTHER = "hj_import", "hj_import_ours", "hj_import_other"
SERVER = "postgres"
SIZES = (6_000, 60_000, 600_000)
STOCK = 6_000
RUNS = 3
# platform.md §6: rows per second over stock's, over the floor's for writing alone; MB.
OVER_STOCK, OVER_FLOOR, MOST_MEMORY = 40, 0.35, 300


@dataclass(frozen=True)
class Bound:
    """One figure with what is asked of it; `least` or `most` is None."""

    title: str
    value: float
    least: float | None = None
    most: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the figure keeps its bound."""
        return (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)

    def line(self) -> str:
        """One line of the printed result."""
        asked = f"不低于 {self.least:g}" if self.least is not None else f"不超过 {self.most:g}"
        return f"{self.title}：{self.value:,.2f}，要求{asked}：{'达到' if self.holds else '未达到'}"


def measure(scale: float, on: datetime.date, say: Callable[[str], None]) -> list[Bound]:
    """Run everything, tell the figures, and return what is asked of them; Mismatch when results differ.

    `scale` below 1 leaves out the largest roster and makes stock's smaller: its rows per second do not depend on it.
    """
    with tempfile.TemporaryDirectory() as folder:
        return [*_bounds(scale, on, say, Path(folder))]


def _bounds(scale: float, on: datetime.date, say: Callable[[str], None], folder: Path) -> Iterator[Bound]:
    _create(EMPTY)
    use(EMPTY)
    call_command("migrate", verbosity=0)
    districts.build(1, on)
    codes = list(Organization.objects.filter(kind=Kind.BRANCH).order_by("pk").values_list("code", flat=True))
    stock_rate = _stock_rate(round(STOCK * min(scale, 1)), codes, say, folder)
    sizes = [size for size in SIZES if size <= SIZES[-1] * scale]
    for size in sizes:
        file = folder / "roster.csv"
        people.write_roster(file, size, codes)
        runs = RUNS if size == sizes[0] else 1
        figures = [_imported(file, OURS) for _ in range(runs)]
        check, write = (statistics.median(each[name] for each in figures) for name in ("check", "write"))
        peak = max(each["peak"] for each in figures)
        ready = floor.ready_rows(OURS)
        floors = [floor.seconds(_fresh(OTHER), ready) for _ in range(runs)]
        del ready
        say(
            f"{size:,} 人（{runs} 次的中位数）：从文件到写入每秒 {size / (check + write):,.0f} 行"
            f"（核对 {size / check:,.0f}，写入 {size / write:,.0f}），峰值内存 {peak} MB；"
            f"COPY 现成的行每秒 {size / statistics.median(floors):,.0f} 行"
        )
        if size == sizes[0]:
            yield Bound(f"{size:,} 人，速度为原样 django-import-export 的倍数", size / (check + write) / stock_rate,
                        least=OVER_STOCK)  # fmt: skip
        yield Bound(f"{size:,} 人，写入速度与 COPY 之比", statistics.median(floors) / write, least=OVER_FLOOR)
        yield Bound(f"{size:,} 人，峰值内存（MB）", peak, most=MOST_MEMORY)
        again = _child("again", file, OURS)
        say(f"{size:,} 人，同一文件再次导入：核对每秒 {size / again['check']:,.0f} 行，写入 {again['written']} 行")
        yield Bound(f"{size:,} 人，再次导入写入的行数", again["written"], most=0)


def _stock_rate(size: int, codes: list[str], say: Callable[[str], None], folder: Path) -> float:
    """Rows per second of stock django-import-export, after comparing what it wrote with what we write."""
    file = folder / "stock.csv"
    people.write_roster(file, size, codes)
    theirs = _child("stock", file, _fresh(OTHER))
    _imported(file, OURS)
    if (ours := _people(OURS)) != (other := _people(OTHER)):
        differing = next((pair for pair in zip(ours, other, strict=False) if pair[0] != pair[1]), "行数不同")
        raise Mismatch(f"两边写入的党员不一致：{differing}")
    rate = size / theirs["all"]
    say(
        f"原样 django-import-export（{size:,} 人，1 次）：每秒 {rate:,.0f} 行，峰值内存 {theirs['peak']} MB；"
        "写入的党员与我们写入的完全一致"
    )
    return rate


def _people(database: str) -> list[tuple]:
    """Everything written of everybody, numbers in clear, without the keys of this one database."""
    use(database)
    rows = Affiliation.objects.select_related("member", "organization").order_by("member__id_number_index")
    names = ("name", "sort_key", "sex", "ethnicity", "birth", "birth_precision", "education", "kind", "joined_on",
             "joined_on_precision", "formal_on", "formal_on_precision", "work_unit", "remark")  # fmt: skip
    return [
        (
            *(getattr(row.member, name) for name in names),
            row.member.reveal_id_number(),
            row.member.reveal_phone(),
            row.organization.code,
            row.since,
            row.until,
        )
        for row in rows.iterator(chunk_size=2000)
    ]


def _imported(file: Path, database: str) -> dict:
    return _child("ours", file, _fresh(database))


def _child(job: str, file: Path, database: str) -> dict:
    """The figures of one job in its own process."""
    address = os.environ["DATABASE_URL"].rpartition("/")[0]
    done = subprocess.run(
        [sys.executable, "-m", "elections.benchmarks.imports.child", job, str(file)],
        env={**os.environ, "DATABASE_URL": f"{address}/{database}"},
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def _create(database: str, template: str = "template1") -> None:
    use(SERVER)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {database}")
        cursor.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
    connection.close()


def _fresh(database: str) -> str:
    """A copy of the district without people, under this name."""
    _create(database, EMPTY)
    return database
