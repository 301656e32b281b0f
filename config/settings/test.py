"""The tests: as the application, without a pool (it remembers the database of its first use)."""

import os
import tempfile

os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-the-tests")
os.environ.setdefault("YUKUAI_SEAL_KEY", "0123456789abcdeffedcba9876543210")
os.environ.setdefault("YUKUAI_HASH_KEY", "00" * 32)
os.environ.setdefault("YUKUAI_SIGN_KEY", "11" * 32)
os.environ.setdefault("YUKUAI_DEMO", "1")
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="yukuai-metrics-"))
# The loop of the journeys' browser runs in the thread in which other tests ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from config.settings.base import *  # noqa: F403
from config.settings.base import DATABASES, STORAGES

DATABASES["default"]["OPTIONS"].pop("pool")
if name := os.environ.get("TEST_DATABASE"):
    DATABASES["owner"]["TEST"]["NAME"] = name
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES["default"]["OPTIONS"] = {
    "location": os.environ.get("MEDIA") or tempfile.mkdtemp(prefix="yukuai-media-")
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
