"""The demo: an invented district in its own database, its rosters as files, accounts, worker and web server."""

import contextlib
import shutil
import signal
import socket
from pathlib import Path

import waitress
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application
from django.utils import timezone

from elections.demo import accounts, loading, rosters, samples
from elections.demo.worker import WorkerProcess
from elections.imports import background
from members.models import Affiliation
from orgs import crypto
from orgs.models import Organization

HOST, PORT = "127.0.0.1", 8000
THREADS = 8


class Command(BaseCommand):
    help = "建好一个虚构的区（云岭区），打印地址和演示账号，并启动网页服务。再次运行不会改动数据。"

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, default=PORT, metavar="端口", help=f"缺省为 {PORT}")
        parser.add_argument("--no-server", action="store_true", help="只准备数据，不启动网页服务")

    def handle(self, *, port, no_server, **options):
        if settings.PRODUCTION:
            raise CommandError("正式环境（HJ_PROFILE=prod）不能载入演示数据和演示账号。")
        door = None if no_server else self._reserve(port)
        try:
            self._prepare()
            self._introduce(port if door else None)
            if door:
                self._serve(door)
        except KeyboardInterrupt:
            self._say("已中断。载入未完成时没有写入任何数据，可以重新运行。")
        finally:
            if door:
                door.close()

    def _prepare(self) -> None:
        self._say("准备数据库 …")
        call_command("migrate", verbosity=0, interactive=False)
        try:
            files = loading.load(timezone.localdate(), say=self._say)
            crypto.check_database_key()
        except crypto.DataKeyError as error:
            raise CommandError(str(error)) from None
        except loading.NotEmpty:
            raise CommandError(
                "这个数据库里已有其他数据，演示数据没有载入。请换一个空的数据库（DATABASE_URL），或移走原来的数据库文件。"
            ) from None
        background.settle()
        if files or not samples.folder().exists():
            write_rosters(samples.folder(), files or rosters.files(loading.loaded_on()))

    def _introduce(self, port: int | None) -> None:
        organizations = Organization.objects.count()
        # Guests are counted where they belong.
        members = Affiliation.objects.regular().filter(until__isnull=True).count()
        lines = [
            f"云岭区演示数据（均为虚构）：{organizations} 个党组织，{members} 名党员。",
            f"名册文件（可修改后上传）：{samples.folder()}",
            *self._aging(),
            "",
            f"账号（密码均为 {accounts.PASSWORD}）：",
            *(f"  {each.username:<8}{each.name}  {each.duty}" for each in accounts.ACCOUNTS),
        ]
        if port:
            lines += ["", f"请用浏览器打开 http://{HOST}:{port}/ ，按 Ctrl+C 结束。"]
        self._say("\n".join(lines))

    def _aging(self) -> list[str]:
        """What to know when the district was made on another day: its days do not move with the calendar."""
        day = loading.loaded_on()
        if day is None or day == timezone.localdate():
            return []
        return [f"数据按 {day} 生成，状态会随日期变化；要重新生成，请先移走数据库（缺省为 var/ledger.sqlite3）。"]

    def _reserve(self, port: int) -> socket.socket:
        """Take the port before the data are prepared, so that a port in use is told at once."""
        try:
            return socket.create_server((HOST, port))
        except (OSError, OverflowError):
            raise CommandError(f"端口 {port} 不能使用（可能已被占用），请用 --port 换一个。") from None

    def _serve(self, door: socket.socket) -> None:
        # Only now that the data are there does the application look at them.
        server = waitress.create_server(get_internal_wsgi_application(), sockets=[door], threads=THREADS)

        def stop(*_):
            raise KeyboardInterrupt

        # Ended by a supervisor as cleanly as by Ctrl+C, which a shell makes processes in the background ignore;
        # only the main thread may ask for signals.
        with contextlib.suppress(ValueError):
            for each in (signal.SIGINT, signal.SIGTERM):
                signal.signal(each, stop)
        with WorkerProcess():
            server.run()
        self._say("已结束。")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def write_rosters(folder: Path, files: dict[str, bytes]) -> None:
    """Write the roster files; the folder is there whole or not at all."""
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name, content in files.items():
        (draft / name).write_bytes(content)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
