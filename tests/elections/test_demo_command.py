"""`manage.py demo` as a process: where it refuses, what a kill leaves, how it serves and ends."""

import signal
import socket
import subprocess
import sys
import urllib.request

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from elections.demo import accounts
from members.models import Member
from orgs.models import Organization, User
from tests.factories import RootFactory, UserFactory


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


def start(repository, environment, *arguments):
    """A process of the command; its output comes line by line."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "demo", *arguments],
        cwd=repository,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=ignore_interrupts,
    )


def ignore_interrupts():
    """What a shell without job control does to the processes it starts in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def test_a_killed_first_run_leaves_nothing(repository, child_environment, tmp_path):
    process = start(repository, {**child_environment, "HJ_VAR_DIR": str(tmp_path)}, "--no-server")
    for line in process.stdout:
        if "党员花名册" in line:  # in the middle: organizations are written, people are not
            break
    process.kill()
    process.communicate()

    assert (User.objects.count(), Organization.objects.count(), Member.objects.count()) == (0, 0, 0)
    assert not (tmp_path / "demo-rosters").exists()


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_the_server_answers_and_ends_cleanly(ending, repository, child_environment, tmp_path):
    UserFactory(username=accounts.VIEWER.username, email=accounts.address(accounts.VIEWER))  # as if loaded
    (tmp_path / "demo-rosters").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = start(repository, {**child_environment, "HJ_VAR_DIR": str(tmp_path)}, "--port", str(port))
    for line in process.stdout:
        if f"http://127.0.0.1:{port}/" in line:
            break

    with urllib.request.urlopen(f"http://127.0.0.1:{port}{reverse('login')}", timeout=20) as page:
        status = page.status
    process.send_signal(ending)
    process.communicate(timeout=20)

    assert (status, process.returncode) == (200, 0)
