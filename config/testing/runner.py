"""`manage.py test`: the suite with pytest, on SQLite, then on a real PostgreSQL, with --all also in a browser."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BROWSER_TESTS = "tests/browser"


class PytestRunner:
    """Django's TEST_RUNNER interface; every phase is a pytest of its own, so that each has its own settings."""

    def __init__(self, *, verbosity=1, failfast=False, sqlite_only, browser, keyword, workers, **_):
        self.verbosity, self.failfast = verbosity, failfast
        self.sqlite_only, self.browser = sqlite_only, browser
        self.keyword, self.workers = keyword, workers

    @classmethod
    def add_arguments(cls, parser):
        parser.add_argument("--sqlite-only", action="store_true", help="只在 SQLite 上运行，不用 PostgreSQL")
        parser.add_argument("--all", action="store_true", dest="browser", help="再加上浏览器测试（需要 Chromium）")
        parser.add_argument("-k", dest="keyword", default="", help="只运行名称相符的测试（同 pytest -k）")
        parser.add_argument("-n", dest="workers", default="auto", help="并行进程数（同 pytest -n），0 为不并行")

    def run_tests(self, test_labels):
        """Run every phase, also after a failure, print one line for all of them; return how many failed."""
        with tempfile.TemporaryDirectory(prefix="hj-bytecode-") as folder:
            return self.run_phases(list(test_labels) or ["tests"], environment_of_phases(folder))

    def run_phases(self, labels, environment):
        """As `run_tests`, in the environment given."""
        self.environment = environment
        started, outcomes = time.monotonic(), {}
        without_browser = [*labels, f"--ignore={BROWSER_TESTS}"]
        outcomes["SQLite"] = self.phase("SQLite", "sqlite", without_browser)
        if not self.sqlite_only:
            outcomes["PostgreSQL"] = self.phase("PostgreSQL", "postgres", [*without_browser, "-m", "not once"])
        if self.browser:
            missing = missing_for_browser()
            if missing:
                print(f"\n==== 浏览器测试无法运行：{missing}", flush=True)
            # The migrations are applied by the other phases, and the models have no others (.ci/run).
            arguments = [BROWSER_TESTS, "--nomigrations"]
            outcomes["浏览器"] = 1 if missing else self.phase("浏览器", "sqlite", arguments)
        failed = [name for name, code in outcomes.items() if code]
        words = " · ".join(f"{name} {'失败' if code else '通过'}" for name, code in outcomes.items())
        verdict = "测试未通过" if failed else "测试全部通过"
        print(f"\n==== {verdict}：{words}（共 {time.monotonic() - started:.0f} 秒）", flush=True)
        return len(failed)

    def phase(self, title, db, arguments):
        """Run pytest once on one database; return its exit code (also non-zero when it found no test)."""
        print(f"\n==== {title}", flush=True)
        command = [sys.executable, "-m", "pytest", "--db", db, *arguments]
        # In the order of tests/conftest.py, the long files first; xdist's own begins with those of many tests.
        command += ["-n", self.workers, "--dist", "loadfile", "--no-loadscope-reorder"]
        command += ["-q"] if self.verbosity <= 1 else ["-v"]
        command += ["-x"] if self.failfast else []
        command += ["-k", self.keyword] if self.keyword else []
        return subprocess.run(command, cwd=Path(__file__).resolve().parents[2], env=self.environment).returncode


def environment_of_phases(folder) -> dict[str, str]:
    """The environment of the phases, and so of all that their tests start.

    Where the shell forbids Python to keep compiled code beside the sources it is kept in `folder` for the run:
    compiling everything anew takes each of some hundred processes longer than all else at its start.
    """
    environment = dict(os.environ)
    if environment.pop("PYTHONDONTWRITEBYTECODE", ""):
        environment["PYTHONPYCACHEPREFIX"] = str(folder)
    return environment


def missing_for_browser() -> str:
    """Return a sentence naming what the browser tests lack on this machine, or nothing."""
    from config.assets import check_assets

    lacking = [name for name, path in browser_paths().items() if not (path and os.access(path, os.X_OK))]
    if lacking:
        return f"未找到 {'、'.join(lacking)}，请安装 chromium 和 chromium-driver 软件包。"
    return "".join(f"{warning.msg}{warning.hint}" for warning in check_assets(None))


def browser_paths() -> dict[str, str | None]:
    """Return the paths of Chromium and its driver, given explicitly so that Selenium never looks on the net."""
    return {
        "chromium": os.environ.get("HJ_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser"),
        "chromedriver": os.environ.get("HJ_CHROMEDRIVER") or shutil.which("chromedriver"),
    }
