"""pytest plugin: gives a run its own folder, database and keys before Django reads its settings.

`--db sqlite` (default) or `--db postgres`; the environment variable HJ_TEST_DB changes the default.
"""

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
    "HJ_DATA_KEY_FILE",
    "STATIC_ROOT",
)
RUN = pytest.StashKey()


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
        early_config.stash[RUN] = start_run(early_config.known_args_namespace.db)
    return (yield)


def pytest_unconfigure(config):
    folder, cluster = config.stash.get(RUN, (None, None))
    if cluster:
        cluster.stop()
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def pytest_report_header():
    return f"database: {os.environ['DATABASE_URL'].partition(':')[0]}"


def start_run(db: str):
    """Set the environment of this run; return its folder and the PostgreSQL cluster to stop, or None."""
    folder = Path(tempfile.mkdtemp(prefix="hj-test-"))
    cluster = None
    url = f"sqlite:///{folder}/run.sqlite3"
    if db == "postgres":
        url = os.environ.get("TEST_DATABASE_URL")
        if not url:
            from config.testing.cluster import Cluster, ClusterError, find_binaries

            try:
                cluster = Cluster(find_binaries())
                url = cluster.start()
            except ClusterError as error:
                raise pytest.UsageError(str(error)) from None
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(
        HJ_PROFILE="dev",
        HJ_VAR_DIR=str(folder),
        DATABASE_URL=url,
        HJ_DATA_KEY=base64.b64encode(secrets.token_bytes(32)).decode(),
    )
    return folder, cluster
