"""pytest plugin: gives a run its own folder, database and keys before Django reads its settings.

`--db sqlite` (default) or `--db postgres`; the environment variable HJ_TEST_DB changes the default.
"""

import atexit
import base64
import os
import secrets
import shutil
import tempfile
from pathlib import Path

import pytest

# Settings of the developer's shell must not reach the tests.
FOREIGN = (
    "SECRET_KEY",
    "DEBUG",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "HJ_BEHIND_PROXY",
    "HJ_BACKGROUND",
    "HJ_DATA_KEY_FILE",
    "STATIC_ROOT",
)


def pytest_addoption(parser):
    parser.addoption(
        "--db",
        choices=("sqlite", "postgres"),
        default=os.environ.get("HJ_TEST_DB", "sqlite"),
        help="数据库：sqlite（文件）或 postgres（TEST_DATABASE_URL 或临时启动的实例）",
    )


@pytest.hookimpl(wrapper=True)  # around all others, pytest-django's reading of the settings included
def pytest_load_initial_conftests(early_config):
    if "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit the environment of their run
        start_run(early_config.known_args_namespace.db)
    return (yield)


def pytest_report_header():
    return f"database: {os.environ['DATABASE_URL'].partition(':')[0]}"


def start_run(db: str) -> None:
    """Set the environment of this run; whatever it starts or writes is gone when the process ends.

    At exit rather than in a pytest hook: pytest calls none when an argument or an import is wrong.
    """
    folder = Path(tempfile.mkdtemp(prefix="hj-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    url = f"sqlite:///{folder}/run.sqlite3"
    if db == "postgres":
        url = os.environ.get("TEST_DATABASE_URL")
        if not url:
            from config.testing.cluster import Cluster, ClusterError, find_binaries

            try:
                cluster = Cluster(find_binaries())
                atexit.register(cluster.stop)
                url = cluster.start()
            except ClusterError as error:
                raise pytest.UsageError(str(error)) from None
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(
        HJ_PROFILE="dev",
        HJ_IDLE_IN_TRANSACTION_MS="900000",
        HJ_VAR_DIR=str(folder),
        DATABASE_URL=url,
        HJ_DATA_KEY=base64.b64encode(secrets.token_bytes(32)).decode(),
    )
