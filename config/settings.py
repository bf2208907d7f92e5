"""Settings of all profiles, read from the environment (and from a file `.env` beside manage.py).

HJ_PROFILE   dev (default), demo (default of `manage.py demo`) or prod
SECRET_KEY   needed in prod; dev and demo make one in the var folder
HJ_DATA_KEY  base64 of 32 bytes, seals ID numbers and phones; or HJ_DATA_KEY_FILE, a file that holds it
DATABASE_URL sqlite:///… or postgresql://…; default: SQLite in the var folder
ALLOWED_HOSTS, CSRF_TRUSTED_ORIGINS  comma-separated; ALLOWED_HOSTS is needed in prod
HJ_BEHIND_PROXY  1 when nginx or caddy ends TLS in front of us and sets X-Forwarded-Proto
HJ_BACKGROUND  1 in dev when `manage.py db_worker` runs beside the server; prod and demo always work in the background
"""

import sys
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.keys import made_once

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

PROFILE = env.str("HJ_PROFILE", default="demo" if sys.argv[1:2] == ["demo"] else "dev")
if PROFILE not in ("dev", "demo", "prod"):
    raise ImproperlyConfigured(f"HJ_PROFILE 只能是 dev、demo 或 prod，现为“{PROFILE}”。")
PRODUCTION = PROFILE == "prod"

# ---- Database -------------------------------------------------------------------------------------------------------

VAR_DIR = Path(env.str("HJ_VAR_DIR", default=str(BASE_DIR / "var")))
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'ledger.sqlite3'}")}
_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE_DIR = Path(_database["NAME"]).parent
    DATABASE_DIR.mkdir(parents=True, exist_ok=True)
    _database["OPTIONS"] = {
        # A write transaction takes its lock at once and waits for it; a deferred one fails in the middle instead.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Readers go on while one writes. `synchronous` stays FULL: a confirmed import survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL;",
    }
    # Tests run on a file, never in memory, where locks behave otherwise.
    _database["TEST"] = {"NAME": str(DATABASE_DIR / "test.sqlite3")}
else:
    DATABASE_DIR = VAR_DIR
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    # Milliseconds. Files are parsed and papers built outside transactions, so nothing honest needs longer.
    _database.setdefault("OPTIONS", {})["options"] = (
        "-c statement_timeout=60000 -c lock_timeout=10000"
        # A test holds one transaction as long as it lasts, a request never does.
        f" -c idle_in_transaction_session_timeout={env.int('HJ_IDLE_IN_TRANSACTION_MS', default=60000)}"
        # Compiling the ledger's long expressions takes a second; running them as they are, milliseconds.
        # Servers have solid-state disks: a district is found by index, not by reading the whole country.
        " -c jit=off -c random_page_cost=1.1"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ---- Keys -----------------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=PROFILE == "dev")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SECRET_KEY = env.str("SECRET_KEY", default="")

# The key that seals ID numbers and phones. orgs.crypto reads it when first needed: DATA_KEY (base64) if set, else the
# file; it may make a missing file only where DATA_KEY_MAY_BE_MADE, and only for a database that holds nothing sealed.
DATA_KEY = env.str("HJ_DATA_KEY", default="")
DATA_KEY_FILE = Path(env.str("HJ_DATA_KEY_FILE", default=str(DATABASE_DIR / "data.key")))
DATA_KEY_MAY_BE_MADE = not PRODUCTION

if PRODUCTION:
    _missing = [
        sentence
        for wrong, sentence in [
            (DEBUG, "正式环境不得打开 DEBUG。"),
            (not SECRET_KEY, "未设置 SECRET_KEY。"),
            (not (DATA_KEY or DATA_KEY_FILE.is_file()), "未设置数据密钥 HJ_DATA_KEY 或 HJ_DATA_KEY_FILE。"),
            (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS, "未设置 ALLOWED_HOSTS（不得为 *）。"),
        ]
        if wrong
    ]
    if _missing:
        raise ImproperlyConfigured("正式环境（HJ_PROFILE=prod）拒绝启动：" + "".join(_missing))
elif not SECRET_KEY:
    SECRET_KEY = made_once(DATABASE_DIR / "secret.key")

# ---- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "elections",
    "members",
    "orgs",
    "config.apps.ConfigConfig",
    "orgs.adminsite.LedgerAdminConfig",  # django.contrib.admin with scoped pages only
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "import_export",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "template_partials",
    "django_filters",
    "csp",
    "axes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "orgs.middleware.SessionLimitsMiddleware",
    "orgs.middleware.NoStoreMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "orgs.account_guard.AccountGuardMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",  # last, as its documentation asks
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEST_RUNNER = "config.testing.runner.PytestRunner"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# ---- Language and time: one language, Shanghai time whatever the server's zone ---------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# ---- Static files ---------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
# Only production collects them; elsewhere they are served from the sources.
STATIC_ROOT = env.str("STATIC_ROOT", default=str(BASE_DIR / "staticfiles") if PRODUCTION else None)
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.assets.AssetFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = VAR_DIR / "media"

# ---- Sign-in and sessions -------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "orgs.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "orgs.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "orgs.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# By user name only: a whole office stands behind one address, and one clerk's typing errors must not lock it out.
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False  # no greeting in the output of every command
AXES_LOCKOUT_CALLABLE = "orgs.views.errors.locked_out"
# axes.W006 asks for the address among the lockout parameters; see the reason just above.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

SESSION_IDLE_SECONDS = 30 * 60
SESSION_ABSOLUTE_SECONDS = 8 * 60 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ---- Browser --------------------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [SELF],
        "object-src": [NONE],
    },
}
# For browsers that do not know frame-ancestors; those that do follow the policy above.
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "orgs.views.errors.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True  # htmx takes the token from the page, never from the cookie
if PRODUCTION:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    if env.bool("HJ_BEHIND_PROXY", default=False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ---- Uploads --------------------------------------------------------------------------------------------------------

UPLOAD_MAX_BYTES = 20 * 1024 * 1024  # one roster file
DATA_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_MAX_BYTES
FILE_UPLOAD_PERMISSIONS = 0o600

# ---- Work in the background -----------------------------------------------------------------------------------------
# Rosters are checked and written by `manage.py db_worker`, which takes its tasks from a table of our own database.
# In dev and in tests, where no worker runs, a task runs at once, within the request that asks for it.

BACKGROUND = PROFILE != "dev" or env.bool("HJ_BACKGROUND", default=False)
TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend"
        if BACKGROUND
        else "django_tasks.backends.immediate.ImmediateBackend"
    }
}

# ---- Logs -----------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "orgs.redaction.RedactionFilter"}},
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["redact"], "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own handlers are replaced, so that no line leaves unredacted.
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Its four lines for each sign-in say what the audit log says too.
        "axes": {"level": "WARNING"},
    },
}

# ---- Import and export ----------------------------------------------------------------------------------------------
# Settings of django-import-export (IMPORT_EXPORT_…) and of the roster pipeline belong here.
