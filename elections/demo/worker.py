"""The worker beside the demo's web server: a process of its own that begins and ends with the demo."""

import os
import subprocess
import sys
import threading

from django.conf import settings

from elections.imports import background

PATIENCE_SECONDS = 10
AGAIN_SECONDS = 1


class WorkerProcess:
    """`manage.py db_worker` for the length of a `with` block; started again when it is killed.

    Its input is a pipe of ours, so that it ends also when we are killed and can end nothing any more.
    """

    def __init__(self):
        self._process: subprocess.Popen | None = None
        self._stopping = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self):
        if background.has_worker():
            self._keeper.start()
        return self

    def __exit__(self, *_):
        self._stopping.set()
        if self._process is not None:
            self._process.terminate()  # it ends after the roster at hand
            try:
                self._process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()  # leaves all or nothing; the next start sees to the batch

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "db_worker", "--no-reload", "--until-input-ends", "--verbosity", "0"],
                cwd=settings.BASE_DIR,
                env={**os.environ, "HJ_PROFILE": settings.PROFILE},
                stdin=subprocess.PIPE,
                # Ctrl+C reaches every process of a terminal; ours is told by us alone.
                start_new_session=True,
            )
            self._process.wait()
            self._stopping.wait(AGAIN_SECONDS)
