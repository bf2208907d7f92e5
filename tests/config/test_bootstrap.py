"""The environment of a fresh machine: finished or not, never half, never twice at once, never in a loop."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from config import bootstrap

pytestmark = pytest.mark.once
# The interpreter outside any virtual environment, as a user starts it.
SYSTEM_PYTHON = Path(sys._base_executable)


@pytest.fixture
def pin(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text("django==5.2\n")
    return path


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "venv"
    path.mkdir()
    return path


def test_unmarked_folder_is_not_complete(folder, pin):
    assert not bootstrap.is_complete(folder, pin, "3.11")


def test_missing_folder_is_not_complete(tmp_path, pin):
    assert not bootstrap.is_complete(tmp_path / "nowhere", pin, "3.11")


def test_marked_folder_is_complete(folder, pin):
    bootstrap.mark_complete(folder, pin, "3.11")

    assert bootstrap.is_complete(folder, pin, "3.11")


def test_changed_pin_makes_it_incomplete(folder, pin):
    bootstrap.mark_complete(folder, pin, "3.11")

    pin.write_text("django==5.2.1\n")

    assert not bootstrap.is_complete(folder, pin, "3.11")


def test_other_python_makes_it_incomplete(folder, pin):
    bootstrap.mark_complete(folder, pin, "3.11")

    assert not bootstrap.is_complete(folder, pin, "3.12")


def test_mark_holds_the_hash_of_the_pin_and_the_version(folder, pin):
    pin.write_bytes(b"abc")

    bootstrap.mark_complete(folder, pin, "3.11")

    mark = (folder / ".complete").read_text()
    assert mark == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 3.11"
    assert [path.name for path in folder.iterdir()] == [".complete"]


def test_second_holder_of_the_lock_waits_for_the_first(tmp_path):
    entered = threading.Event()

    def second():
        with bootstrap.locked(tmp_path / "lock"):
            entered.set()

    with bootstrap.locked(tmp_path / "lock"):
        thread = threading.Thread(target=second)
        thread.start()
        assert not entered.wait(0.3)
    thread.join(5)

    assert entered.is_set()


@pytest.fixture
def machine(tmp_path):
    """A copy of the set-up on another place, with a pin that needs no network; returns a function that starts it."""
    root = tmp_path / "machine"
    (root / "config" / "assets" / "node_modules").mkdir(parents=True)
    (root / "config" / "__init__.py").touch()
    (root / "config" / "bootstrap.py").write_bytes(Path(bootstrap.__file__).read_bytes())
    (root / "config" / "requirements.txt").write_text("# nothing\n")
    lock = root / "config" / "assets" / "package-lock.json"
    lock.write_text("{}")
    bootstrap.mark_complete(lock.parent / "node_modules", lock)
    (root / "start.py").write_text(
        "import sys\nfrom config import bootstrap\nbootstrap.ensure()\nprint(sys.prefix, *sys.argv[1:], sep='|')\n"
    )

    def start(*arguments, **environment):
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("HJ_", "VIRTUAL_ENV", "PYTHON"))}
        return subprocess.run(
            [SYSTEM_PYTHON, "start.py", *arguments],
            cwd=root,
            env={**clean, "PYTHONUTF8": "1", **environment},
            capture_output=True,
            text=True,
        )

    start.root = root
    return start


def test_fresh_machine_builds_the_environment_and_starts_again_in_it(machine):
    first = machine("test", "-k", "有 空格")

    assert (first.returncode, first.stdout) == (0, f"{machine.root / '.venv'}|test|-k|有 空格\n")
    assert bootstrap.is_complete(
        machine.root / ".venv", machine.root / "config/requirements.txt", "{}.{}".format(*sys.version_info)
    )

    second = machine()

    assert (second.stdout, second.stderr) == (f"{machine.root / '.venv'}\n", "")


def test_interrupted_environment_is_built_anew(machine):
    half = machine.root / ".venv" / "lib"
    half.mkdir(parents=True)
    (half / "left-over").touch()

    result = machine()

    assert (result.returncode, result.stdout) == (0, f"{machine.root / '.venv'}\n")
    assert not (half / "left-over").exists()


def test_opting_out_changes_nothing(machine):
    result = machine(HJ_NO_BOOTSTRAP="1")

    assert result.stdout == f"{sys.base_prefix}\n"
    assert not (machine.root / ".venv").exists()


def test_starting_again_outside_the_environment_stops_instead_of_looping(machine):
    result = machine(HJ_BOOTSTRAPPED="1")

    assert (result.returncode, result.stdout) == (1, "")
    assert "不是虚拟环境" in result.stderr


def test_failing_installation_is_one_sentence_and_leaves_no_complete_environment(machine):
    (machine.root / "wheelhouse").mkdir()
    (machine.root / "config/requirements.txt").write_text(f"django==5.2 --hash=sha256:{'0' * 64}\n")

    result = machine()

    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("依赖安装失败，请检查网络后重试；无网络的机器请把全部安装包放进")
    assert not (machine.root / ".venv" / ".complete").exists()
