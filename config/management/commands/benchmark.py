"""`manage.py benchmark`: the promised speeds, measured on a throw-away PostgreSQL; exits 1 when a bound is missed."""

import base64
import os
import secrets
import subprocess
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from config.testing.cluster import Cluster, ClusterError, find_binaries

MAINTENANCE, ALONE, MANY = "postgres", "hj_alone", "hj_many"
INSIDE = "HJ_BENCHMARK_INSIDE"
DISTRICTS = 50
# Of fewer districts one is so large a part that reading whole tables is the right plan.
FEWEST_FOR_PLANS = 40


class Command(BaseCommand):
    help = "在临时的 PostgreSQL 上测量约定的速度：先核对两边的完整结果，再给出中位数和比值；达不到要求时退出码为 1。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("subject", choices=("ledger", "import"), help="测什么：台账页面，或名册导入")
        parser.add_argument("--scale", type=float, default=1.0, help="规模的倍数，如 0.1")

    def handle(self, *, subject, scale, **options):
        if not os.environ.get(INSIDE):
            return self._start_server()
        if subject == "import":
            return self._import(scale)
        districts = max(2, round(DISTRICTS * scale))
        # The commands below would call for the measured modules before the database is chosen.
        from elections.benchmarks import districts as data
        from elections.benchmarks import ledger

        on = timezone.localdate()
        self._create(ALONE, "template1")
        call_command("migrate", verbosity=0)
        data.build(on)
        self._create(MANY, ALONE)
        data.multiply(districts)
        for database, number in ((ALONE, 1), (MANY, districts)):
            ledger.use(database)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            self.stdout.write(f"已建 {database}：{number * data.PER_DISTRICT} 个党组织")
        comparisons = ledger.compare(ALONE, MANY, districts, on)
        scans = ledger.sequential_scans(MANY) if districts >= FEWEST_FOR_PLANS else []
        for comparison in comparisons:
            self.stdout.write(comparison.line())
        if districts >= FEWEST_FOR_PLANS:
            self.stdout.write("查询计划：" + ("；".join(scans) if scans else "没有整表扫描党组织或届次"))
        if scans or not all(comparison.holds for comparison in comparisons):
            raise CommandError("有指标未达到要求。", returncode=1)

    def _create(self, database: str, template: str) -> None:
        """Make a database and let the following queries go to it."""
        from elections.benchmarks import ledger

        ledger.use(MAINTENANCE)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
        ledger.use(database)

    def _import(self, scale: float) -> None:
        from elections.benchmarks.imports import measured

        bounds = measured.measure(scale, timezone.localdate(), self.stdout.write)
        for bound in bounds:
            self.stdout.write(bound.line())
        if not all(bound.holds for bound in bounds):
            raise CommandError("有指标未达到要求。", returncode=1)

    def _start_server(self):
        """Start a server of our own and run this same command in a child that uses it."""
        try:
            cluster = Cluster(find_binaries())
            url = cluster.start()
        except ClusterError as error:
            raise CommandError(str(error)) from None
        environment = {
            **os.environ,
            INSIDE: "1",
            "DATABASE_URL": url,
            "HJ_PROFILE": "demo",
            "HJ_DATA_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        try:
            code = subprocess.run([sys.executable, *sys.argv], env=environment, cwd=settings.BASE_DIR).returncode
        finally:
            cluster.stop()
        if code:
            sys.exit(code)
