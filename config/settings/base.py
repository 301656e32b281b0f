"""What every process shares. Two doors to one database: `default` is what the product runs as,
`owner` only migrates (database.md §2)."""

import os
from pathlib import Path
from typing import Any

from config.environment import BASE, VAR, database, former_keys, secret
from config.settings.maps import *  # noqa: F403
from config.settings.maps import MAP_ORIGINS
from config.settings.outside import *  # noqa: F403
from config.settings.outside import FORM_ACTION

SEED = BASE / "seed"
SECRET_KEY = secret("DJANGO_SECRET_KEY")
SEAL_KEY = secret("YUKUAI_SEAL_KEY")
SEAL_KEYS_FORMER = former_keys()
HASH_KEY = secret("YUKUAI_HASH_KEY")
SIGN_KEY = secret("YUKUAI_SIGN_KEY")
DEMO = os.environ.get("YUKUAI_DEMO") == "1"
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("TRUSTED_ORIGINS", "").split(",") if o]

APPS = ["audit", "divisions", "accounts", "workflow", "documents", "messaging", "registry"]
APPS += ["cases", "disputes", "boundaries", "elections"]
INSTALLED_APPS = [
    "yukuai.kernel",
    *[f"yukuai.{app}" for app in APPS],
    "yukuai.oversight",
    "yukuai.exchange",
    "yukuai.roster",
    "yukuai.flows",
    "yukuai.portal",
    "yukuai.workbench",
    "yukuai.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "procrastinate.contrib.django",
    "django_htmx",
    "ninja",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "yukuai.kernel.web.RequestNumberMiddleware",
    "yukuai.kernel.metrics.MeteringMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yukuai.kernel.look.SwitchesMiddleware",
    "yukuai.kernel.web.ErrorMiddleware",
    "yukuai.accounts.access.ActorMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "yukuai.kernel.look.look",
                "yukuai.accounts.access.who",
                "yukuai.workbench.navigation.shell",
            ],
            "builtins": ["yukuai.kernel.templatetags.look", "django.templatetags.static"],
        },
    }
]

_APP_OPTIONS = {
    "pool": {"min_size": 2, "max_size": 8, "timeout": 5},
    "server_side_binding": True,  # prepared statements need both
    "prepare_threshold": 2,
}
DATABASES = {
    "default": database("DATABASE_URL", "yukuai_app"),
    "owner": database("DATABASE_OWNER_URL", "yukuai_owner"),
}
DATABASES["default"]["OPTIONS"] |= _APP_OPTIONS
DATABASES["default"]["TEST"] = {"MIRROR": "owner"}
DATABASES["owner"]["TEST"] = {"TEMPLATE": "yukuai_template", "DEPENDENCIES": []}

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE / "static", ("islands", VAR / "frontend" / "dist" / "islands")]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR / "media"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if os.environ.get("S3_BUCKET"):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ["S3_BUCKET"],
            "endpoint_url": os.environ.get("S3_ENDPOINT"),
            "querystring_auth": True,
        },
    }
# Three photos of ten megabytes and the words beside them; what a proxy lets through is its own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# The newest seal of the audit log is published here daily: put it on another machine's disk.
AUDIT_DIGEST_DIR = Path(os.environ.get("AUDIT_DIGEST_DIR") or VAR / "audit-digests")
# A dotted path; empty: the development gateway in demo mode, otherwise nothing is sent.
SMS_GATEWAY = os.environ.get("SMS_GATEWAY", "")

# Exports of matters: rows written at once and by the worker, hours a file is kept, how many a day
# each officer may ask for. 产品设定: no rule names these numbers.
EXPORTS = {
    "at_once": int(os.environ.get("EXPORT_ROWS_AT_ONCE", "5000")),
    "most": int(os.environ.get("EXPORT_ROWS_MOST", "100000")),
    "hours": int(os.environ.get("EXPORT_HOURS", "72")),
    "a_day": int(os.environ.get("EXPORTS_A_DAY", "20")),
}
# Files of lines that others drew: bytes of a file, bytes it may unpack to, vertices and features
# in it, and bytes of one saving of the editor. 产品设定: no rule names these numbers.
LINES = {
    "file_bytes": int(os.environ.get("LINES_FILE_BYTES", "20000000")),
    "unpacked_bytes": int(os.environ.get("LINES_UNPACKED_BYTES", "64000000")),
    "vertices": int(os.environ.get("LINES_VERTICES", "400000")),
    "features": int(os.environ.get("LINES_FEATURES", "2000")),
}
# 一表通. "overlap_percent": a form that shares more with the register is filled from it (domain.md
# §10.2, 产品设定). "sensitive": L4 fields may leave (domain.md §5.4 says 不可导出; only where a
# written decision of the installation's data office allows it).
REPORTS = {
    "most": int(os.environ.get("REPORT_ROWS_MOST", "20000")),
    "pdf_most": int(os.environ.get("REPORT_PDF_ROWS_MOST", "1000")),
    "answer_days": int(os.environ.get("REPORT_ANSWER_DAYS", "7")),
    "hours": int(os.environ.get("REPORT_HOURS", "72")),
    "a_day": int(os.environ.get("REPORTS_A_DAY", "20")),
    "overlap_percent": int(os.environ.get("REPORT_OVERLAP_PERCENT", "60")),
    "sensitive": os.environ.get("REPORT_SENSITIVE", "") == "1",
}
# How many days the files of an import are kept, sealed. 产品设定.
IMPORT_DAYS = int(os.environ.get("IMPORT_DAYS", "7"))
# How outside case systems are reached: a dotted path to a class; empty: over HTTP.
EXCHANGE_GATEWAY = os.environ.get("EXCHANGE_GATEWAY", "")
# Private networks that outside systems and webhooks may lie in (政务外网), as CIDR, by commas.
# None by default: whoever enters an address must not reach our own inside with it.
EXCHANGE_NETWORKS = [n for n in os.environ.get("EXCHANGE_NETWORKS", "").split(",") if n]

# Printed on documents, as a QR code: where they are verified.
PUBLIC_BASE_URL = os.environ.get("PUBLIC_BASE_URL", "http://localhost:8000").rstrip("/")
# How many proxies of ours stand in front: whose X-Forwarded-For is believed.
TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES", "0"))

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "kernel_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # allauth counts here; 300 would forget
    }
}

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "yukuai.kernel.forms.Renderer"
CSRF_FAILURE_VIEW = "yukuai.kernel.web.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False  # htmx reads it
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
# Of each web process, for public tiles of the map (docs/map.md).
TILES_KEPT_BYTES = int(os.environ.get("TILES_KEPT_MB", "64")) * 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:", *MAP_ORIGINS],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": FORM_ACTION,
        "frame-ancestors": ["'none'"],
    }
}
from config.settings.open311 import *  # noqa: E402, F403
from config.settings.operations import *  # noqa: E402, F403
from config.settings.sign_in import *  # noqa: E402, F403
