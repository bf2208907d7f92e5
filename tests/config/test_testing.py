"""`manage.py test` itself: which PostgreSQL it finds, and that no failure goes unnoticed."""

import os
import subprocess
import sys

import psycopg
import pytest

from config.testing.cluster import Cluster, ClusterError, find_binaries
from config.testing.runner import environment_of_phases, missing_for_browser

pytestmark = pytest.mark.once


@pytest.fixture
def bare_machine(monkeypatch, tmp_path):
    """No program on PATH and no system PostgreSQL; returns the empty folder where that would be."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_missing_postgresql_is_a_sentence(bare_machine):
    with pytest.raises(ClusterError) as raised:
        find_binaries(system=str(bare_machine), wheel="no_such_wheel")

    assert str(raised.value) == (
        "测试需要真正的 PostgreSQL：请安装 postgresql 软件包，或设置 TEST_DATABASE_URL，或先用 --sqlite-only。"
        " (PostgreSQL binaries not found.)"
    )


def test_newest_system_version_is_taken(bare_machine):
    for version in ("9.6", "14", "15"):
        for program in ("initdb", "postgres"):
            path = bare_machine / version / "bin" / program
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()

    assert find_binaries(system=str(bare_machine)) == bare_machine / "15" / "bin"


def test_wheel_serves_where_no_system_version_is(monkeypatch, tmp_path):
    monkeypatch.setattr("shutil.which", lambda name: None)
    cluster = Cluster(find_binaries(system=str(tmp_path)))

    try:
        cluster.start()
        with psycopg.connect(host=str(cluster.folder), user="hj", dbname="postgres") as connection:
            answer = connection.execute("SELECT 1 + 1, inet_server_addr()").fetchone()
    finally:
        cluster.stop()

    assert answer == (2, None)  # no address: reached by its socket
    assert not cluster.folder.exists()


def manage_test(repository, *arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("HJ_", "PYTEST_", "DATABASE_URL"))}
    command = [sys.executable, "manage.py", "test", "-n", "0", *arguments]
    return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True)


def test_passing_tests_end_in_one_line_and_success(repository):
    result = manage_test(repository, "--sqlite-only", "tests/config/test_redaction.py")

    assert (result.returncode, result.stdout.splitlines()[-1].partition("（")[0]) == (
        0,
        "==== 测试全部通过：SQLite 通过",
    )


def test_finding_no_test_is_a_failure(repository):
    result = manage_test(repository, "--sqlite-only", "tests/config/test_redaction.py", "-k", "no_such_name")

    assert (result.returncode, result.stdout.splitlines()[-1].partition("（")[0]) == (1, "==== 测试未通过：SQLite 失败")


def test_browser_tests_without_a_browser_fail_with_a_sentence(monkeypatch):
    monkeypatch.setenv("HJ_CHROMIUM", "/nowhere/chromium")
    monkeypatch.setenv("HJ_CHROMEDRIVER", "/nowhere/chromedriver")

    assert missing_for_browser() == "未找到 chromium、chromedriver，请安装 chromium 和 chromium-driver 软件包。"


def test_compiled_code_is_kept_for_the_run_where_it_may_not_stand_beside_the_sources(monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    program = "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"

    environment = environment_of_phases(tmp_path)

    told = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True).stdout
    assert told == f"False {tmp_path}\n"


def test_a_shell_that_allows_compiled_code_is_left_as_it_is(monkeypatch, tmp_path):
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)

    assert environment_of_phases(tmp_path) == dict(os.environ)
