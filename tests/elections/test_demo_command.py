"""`manage.py demo` as a process: where it refuses, what a kill leaves, how it serves and ends."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from elections.demo import accounts
from members.models import Member
from orgs.models import Organization, User
from tests.factories import RootFactory, UserFactory

pytestmark = pytest.mark.long


def test_refused_in_production(db, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="正式环境"):
        call_command("demo", no_server=True)

    assert User.objects.count() == 0


def test_refused_where_other_data_are(db):
    RootFactory(name="中共真实区委员会")

    with pytest.raises(CommandError, match="已有其他数据"):
        call_command("demo", no_server=True)

    assert list(Organization.objects.values_list("name", flat=True)) == ["中共真实区委员会"]
    assert User.objects.count() == 0


def test_a_port_in_use_is_told_before_anything_is_written(db):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(CommandError, match="--port"):
            call_command("demo", port=taken.getsockname()[1])

    assert User.objects.count() == 0


def start(repository, environment, *arguments, piped=False):
    """A process of the command; its output comes line by line, its warnings too when they are `piped`."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=repository,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if piped else None,
        text=True,
        encoding="utf-8",
        preexec_fn=ignore_interrupts,
    )


def ignore_interrupts():
    """What a shell without job control does to the processes it starts in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def test_the_first_run_on_a_fresh_machine_warns_of_nothing(repository, child_environment, tmp_path):
    environment = {
        **child_environment,
        "HJ_VAR_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'ledger.sqlite3'}",
    }
    process = start(repository, environment, "--port", "0", piped=True)
    first = process.stdout.readline()
    process.kill()
    _, warnings = process.communicate()

    assert (first, warnings) == ("准备数据库 …\n", "")


def test_a_killed_first_run_leaves_nothing(repository, child_environment, tmp_path):
    process = start(repository, {**child_environment, "HJ_VAR_DIR": str(tmp_path)}, "--no-server")
    for line in process.stdout:
        if "党员花名册" in line:  # in the middle: organizations are written, people are not
            break
    process.kill()
    process.communicate()

    assert (User.objects.count(), Organization.objects.count(), Member.objects.count()) == (0, 0, 0)
    assert not (tmp_path / "demo-rosters").exists()


def serving(repository, environment, folder):
    """A process that serves the demo, as if loaded before, and its port."""
    UserFactory(username=accounts.VIEWER.username, email=accounts.address(accounts.VIEWER))
    (folder / "demo-rosters").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = start(repository, {**environment, "HJ_VAR_DIR": str(folder)}, "--port", str(port))
    for line in process.stdout:
        if f"http://127.0.0.1:{port}/" in line:
            break
    return process, port


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_server_answers_and_ends_cleanly(ending, repository, child_environment, tmp_path):
    process, port = serving(repository, child_environment, tmp_path)

    with urllib.request.urlopen(f"http://127.0.0.1:{port}{reverse('login')}", timeout=20) as page:
        status = page.status
    process.send_signal(ending)
    process.communicate(timeout=20)

    assert (status, process.returncode) == (200, 0)


def children(process) -> list[int]:
    """The processes that a process started, whichever of its threads did."""
    found = Path(f"/proc/{process.pid}/task").glob("*/children")
    return [int(pid) for each in found for pid in each.read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited too long"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_worker_begins_and_ends_with_the_demo(ending, repository, child_environment, tmp_path):
    process, _ = serving(repository, {**child_environment, "HJ_PROFILE": "demo"}, tmp_path)
    wait_for(lambda: children(process))
    [worker] = children(process)
    command = Path(f"/proc/{worker}/cmdline")
    wait_for(lambda: b"db_worker" in command.read_bytes())

    process.send_signal(ending)
    process.communicate(timeout=60)

    assert process.returncode == (-signal.SIGKILL if ending == signal.SIGKILL else 0)
    wait_for(lambda: not is_alive(worker))


def test_a_worker_that_is_killed_is_started_again(repository, child_environment, tmp_path):
    process, _ = serving(repository, {**child_environment, "HJ_PROFILE": "demo"}, tmp_path)
    wait_for(lambda: children(process))
    [first] = children(process)

    os.kill(first, signal.SIGKILL)
    wait_for(lambda: children(process) not in ([], [first]))
    [second] = children(process)
    process.terminate()
    process.communicate(timeout=60)

    assert first != second
    assert not is_alive(second)
