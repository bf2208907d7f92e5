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
# Rows that stock gets, and in a measurement at a smaller scale.
STOCK, LITTLE_STOCK = 6_000, 300
# From so many rows on the ratios to COPY and to the check alone are promised (platform.md §6); of a smaller roster the
# statements that every batch costs are a tenth of the whole.
PROMISED = 60_000
RUNS = 5
# Of the largest roster, of which a run takes minutes, and where a measurement at a smaller scale is to be short.
FEW_RUNS = 3
# platform.md §6: rows per second over stock's, over the floor's for writing alone; MB; the whole second import of the
# same file over its check alone.
OVER_STOCK, OVER_FLOOR, MOST_MEMORY, OVER_CHECK = 40, 0.35, 300, 0.9
# The roster with which every process begins: so many people, behind all others, in a branch of their own.
FIRST, WARMING, BEHIND = "first.csv", 30, 1_000_000


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

    `scale` below 1 leaves out the larger rosters and makes stock's smaller: its rows per second do not depend on that.
    """
    with tempfile.TemporaryDirectory() as folder:
        return [*_bounds(scale, on, say, Path(folder))]


def _bounds(scale: float, on: datetime.date, say: Callable[[str], None], folder: Path) -> Iterator[Bound]:
    _create(EMPTY)
    use(EMPTY)
    call_command("migrate", verbosity=0)
    districts.build(on)
    *codes, warming = Organization.objects.filter(kind=Kind.BRANCH).order_by("pk").values_list("code", flat=True)
    people.write_roster(folder / FIRST, WARMING, [warming], first=BEHIND)
    stock = folder / "stock.csv"
    people.write_roster(stock, _stock_rows(scale), codes)
    _compare_with_stock(stock)
    say("原样 django-import-export 写入的党员与我们写入的完全一致")
    for size in [size for size in SIZES if size <= SIZES[-1] * scale]:
        file = folder / "roster.csv"
        people.write_roster(file, size, codes)
        yield from _of_one_size(size, file, stock if size == STOCK else None, scale, say)
        yield from _again(size, file, RUNS if scale >= 1 and size < SIZES[-1] else FEW_RUNS, say)


def _stock_rows(scale: float) -> int:
    return STOCK if scale >= 1 else LITTLE_STOCK


def _runs(size: int, scale: float) -> int:
    """How often a roster comes in: at a smaller scale the large one once."""
    if scale >= 1:
        return FEW_RUNS if size == SIZES[-1] else RUNS
    return RUNS if size == SIZES[0] else 1


def _of_one_size(
    size: int, file: Path, stock: Path | None, scale: float, say: Callable[[str], None]
) -> Iterator[Bound]:
    """Ours, the floor and, with a roster for it, stock in turn, so that a slower minute of the machine meets all."""
    ours, floors, theirs = [], [], []
    for run in range(runs := _runs(size, scale)):
        ours.append(_child("ours", file, _fresh(OURS)))
        ready = floor.ready_rows(OURS)
        floors.append(floor.seconds(_fresh(OTHER), ready))
        if run == 0 and floor.ready_rows(OTHER) != ready:
            raise Mismatch(f"{size:,} 人：COPY 写入的行与我们写入的不一致")
        del ready
        if stock is not None and (scale >= 1 or run < FEW_RUNS):
            theirs.append(_child("stock", stock, _fresh(OTHER)))
    write = statistics.median(each["write"] for each in ours)
    check = statistics.median(each["check"] for each in ours)
    rate = size / statistics.median(each["check"] + each["write"] for each in ours)
    copied, peak = statistics.median(floors), max(each["peak"] for each in ours)
    say(
        f"{size:,} 人（{runs} 次的中位数）：从文件到写入每秒 {rate:,.0f} 行（核对 {size / check:,.0f}，"
        f"写入 {size / write:,.0f}），峰值内存 {peak} MB；COPY 现成的行每秒 {size / copied:,.0f} 行，"
        f"写入速度为其 {copied / write:.2f}"
    )
    if stock is not None:
        lines = _stock_rows(scale)
        stock_rate = lines / statistics.median(each["all"] for each in theirs)
        say(
            f"原样 django-import-export（{lines:,} 人，{len(theirs)} 次的中位数）：每秒 {stock_rate:,.1f} 行，"
            f"峰值内存 {max(each['peak'] for each in theirs)} MB"
        )
        yield Bound(f"{size:,} 人，速度为原样 django-import-export 的倍数", rate / stock_rate, least=OVER_STOCK)
    if size >= PROMISED:
        yield Bound(f"{size:,} 人，写入速度与 COPY 之比", copied / write, least=OVER_FLOOR)
    yield Bound(f"{size:,} 人，峰值内存（MB）", peak, most=MOST_MEMORY)


def _again(size: int, file: Path, runs: int, say: Callable[[str], None]) -> Iterator[Bound]:
    """The same file once more, into the books that have it."""
    again = [_child("ours", file, OURS) for _ in range(runs)]
    check = statistics.median(each["check"] for each in again)
    whole = statistics.median(each["check"] + each["write"] for each in again)
    written, peak = (max(each[name] for each in again) for name in ("written", "peak"))
    say(
        f"{size:,} 人，同一文件再次导入（{runs} 次的中位数）：每秒 {size / whole:,.0f} 行"
        f"（只核对 {size / check:,.0f}，为其 {check / whole:.2f}），写入 {written} 行，峰值内存 {peak} MB"
    )
    yield Bound(f"{size:,} 人，再次导入写入的行数", written, most=0)
    if size >= PROMISED:
        yield Bound(f"{size:,} 人，再次导入与只核对的速度之比", check / whole, least=OVER_CHECK)


def _compare_with_stock(file: Path) -> None:
    """Mismatch unless stock django-import-export writes of everybody what we write."""
    _child("stock", file, _fresh(OTHER))
    _child("ours", file, _fresh(OURS))
    if (ours := _people(OURS)) != (other := _people(OTHER)):
        differing = next((pair for pair in zip(ours, other, strict=False) if pair[0] != pair[1]), "行数不同")
        raise Mismatch(f"两边写入的党员不一致：{differing}")


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


def _child(job: str, file: Path, database: str) -> dict:
    """The figures of one job in its own process."""
    address = os.environ["DATABASE_URL"].rpartition("/")[0]
    done = subprocess.run(
        [sys.executable, "-m", "elections.benchmarks.imports.child", job, str(file), str(file.with_name(FIRST))],
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
