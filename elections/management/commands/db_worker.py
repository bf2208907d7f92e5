"""The worker: django-tasks-db's own, and beside it what has to be looked after as long as it runs.

Stands before the package's command of the same name, since our app is listed before it. A task whose worker was
killed stays RUNNING for ever in the package's table; what counts is the batch's own row, which `tend` sees to.
"""

import logging
import os
import signal
import sys
import threading
import time

from django.db import DatabaseError, OperationalError, close_old_connections, connection
from django_tasks_db.management.commands import db_worker

from elections.imports import background
from orgs import jobs

logger = logging.getLogger(__name__)

BEAT_SECONDS = 5
TEND_EVERY = 12  # beats: once a minute
AGAIN_SECONDS = 5


class Command(db_worker.Command):
    help = "执行后台任务：核对和写入名册。演示环境自动启动；正式环境常驻运行，PostgreSQL 上可以同时运行多个。"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--until-input-ends", action="store_true", help="标准输入关闭时结束（启动它的进程退出，它也随之退出）"
        )

    def handle(self, *, until_input_ends=False, **options):
        if until_input_ends:
            threading.Thread(target=end_with_input, daemon=True).start()
        threading.Thread(target=tend, daemon=True).start()
        while True:
            try:
                return super().handle(**options)
            except OperationalError:
                # Somebody else is writing for longer than we wait (SQLite), or the server restarts: not our end.
                logger.warning("数据库暂时无法使用，%d 秒后重试。", AGAIN_SECONDS, exc_info=True)
                connection.close()
                time.sleep(AGAIN_SECONDS)


def tend() -> None:
    """Until the process ends: say that its work is alive, and once a minute take up or settle what others left."""
    for beat in range(sys.maxsize):
        try:
            close_old_connections()
            jobs.beat()
            if beat % TEND_EVERY == 0:
                background.tend()
        except DatabaseError:
            logger.warning("数据库暂时无法使用，稍后再检查后台任务。", exc_info=True)
            connection.close()
        time.sleep(BEAT_SECONDS)


def end_with_input() -> None:
    """Wait until whoever started us is gone, then end like after a SIGTERM: after the task at hand."""
    while sys.stdin.buffer.read(4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
