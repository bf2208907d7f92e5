"""Production refuses to start half-configured, and is clean by Django's own check."""

import base64
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.once
COMPLETE = {
    "HJ_PROFILE": "prod",
    "SECRET_KEY": "tests-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "HJ_DATA_KEY": base64.b64encode(bytes(range(32))).decode(),
    "ALLOWED_HOSTS": "ledger.example.cn",
}
OURS = ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "STATIC_ROOT")


@pytest.fixture
def manage(repository, tmp_path):
    """Runs manage.py with exactly the given settings; returns the finished process."""

    def run(*arguments, **settings):
        inherited = {k: v for k, v in os.environ.items() if k not in OURS and not k.startswith("HJ_")}
        environment = {**inherited, "HJ_VAR_DIR": str(tmp_path), "PYTHONUTF8": "1", **settings}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True)

    return run


def test_complete_production_passes_the_deployment_check_without_a_warning(manage):
    result = manage("check", "--deploy", "--fail-level", "WARNING", **COMPLETE)

    assert (result.returncode, result.stdout) == (0, "System check identified no issues (1 silenced).\n")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": ""}, "未设置 SECRET_KEY。"),
        ({"HJ_DATA_KEY": ""}, "未设置数据密钥 HJ_DATA_KEY 或 HJ_DATA_KEY_FILE。"),
        ({"ALLOWED_HOSTS": ""}, "未设置 ALLOWED_HOSTS（不得为 *）。"),
        ({"ALLOWED_HOSTS": "*"}, "未设置 ALLOWED_HOSTS（不得为 *）。"),
        ({"DEBUG": "1"}, "正式环境不得打开 DEBUG。"),
    ],
)
def test_production_refuses_to_start(manage, changed, sentence):
    result = manage("check", **{**COMPLETE, **changed})

    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: 正式环境（HJ_PROFILE=prod）拒绝启动：" + sentence
    )


def test_production_makes_no_key_of_its_own(manage, tmp_path):
    manage("check", **COMPLETE)

    assert sorted(path.suffix for path in tmp_path.iterdir()) == []


def test_development_makes_one_secret_and_keeps_it(manage, tmp_path):
    manage("check")
    first = (tmp_path / "secret.key").read_text()
    manage("check")

    assert len(first) >= 50
    assert (tmp_path / "secret.key").read_text() == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_unknown_profile_is_refused(manage):
    result = manage("check", HJ_PROFILE="production")

    assert result.stderr.splitlines()[-1].endswith("HJ_PROFILE 只能是 dev、demo 或 prod，现为“production”。")


def test_production_cookies_are_bound_to_the_host(manage):
    names = manage(
        "shell",
        "-c",
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)",
        **COMPLETE,
    )

    assert names.stdout.splitlines()[-1] == "__Host-sessionid __Host-csrftoken True True"


def test_production_ends_statements_locks_and_idle_transactions_on_postgresql(manage):
    code = "from django.conf import settings; print(settings.DATABASES['default']['OPTIONS']['options'])"
    result = manage("shell", "-c", code, **COMPLETE, DATABASE_URL="postgresql://ledger@/ledger")

    assert result.stdout.splitlines()[-1].split() == [
        *("-c", "statement_timeout=60000"),
        *("-c", "lock_timeout=10000"),
        *("-c", "idle_in_transaction_session_timeout=60000"),
        *("-c", "jit=off"),
        *("-c", "random_page_cost=1.1"),
    ]


def test_static_files_can_be_collected_for_production(manage, tmp_path):
    result = manage("collectstatic", "--noinput", STATIC_ROOT=str(tmp_path / "static"), **COMPLETE)

    assert result.returncode == 0, result.stderr
    assert (tmp_path / "static" / "staticfiles.json").is_file()
