"""What the process is told from outside: read once, here, with a sentence for each mistake."""

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict

BASE = Path(__file__).resolve().parent.parent
VAR = (BASE / os.environ.get("VAR", "var")).resolve()


def secret(name: str) -> str:
    """A key from the environment, or from `$VAR/secrets.env`, which `make up` writes once."""
    if value := _found(name):
        return value
    raise ImproperlyConfigured(f"{name} is not set. Run `make up`, or set it in the environment.")


def former_keys() -> list[str]:
    """Keys that still open what was sealed with them, by commas; nothing new is sealed with one."""
    keys = [key.strip() for key in _found("YUKUAI_SEAL_KEYS").split(",") if key.strip()]
    if any(not re.fullmatch(r"[0-9a-fA-F]{32}", key) for key in keys):
        raise ImproperlyConfigured("YUKUAI_SEAL_KEYS: each key is 32 hexadecimal digits.")
    return keys


def _found(name: str) -> str:
    if value := os.environ.get(name):
        return value
    path = VAR / "secrets.env"
    for line in path.read_text().splitlines() if path.exists() else ():
        key, _, value = line.partition("=")
        if key == name and value:
            return value
    return ""


def database(variable: str, user: str) -> dict[str, Any]:
    """Django's settings for a libpq URL; by default the private cluster's socket."""
    url = os.environ.get(variable) or f"dbname=yukuai user={user} host={_socket_directory()}"
    parts: dict[str, Any] = dict(conninfo_to_dict(url))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "yukuai"),
        "USER": parts.pop("user", user),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": parts,
    }


LOOPBACK = {"127.0.0.1", "localhost"}


def origin(url: str) -> str:
    """Scheme and host of an outside system's address. What crosses a network is https."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return f"{parts.scheme}://{parts.netloc}"
    raise ImproperlyConfigured(f"{url} must begin with https://.")


def _socket_directory() -> str:
    """Unix socket paths are short; a deep checkout keeps its socket elsewhere and notes where."""
    note = VAR / "run" / "socket-dir"
    return note.read_text().strip() if note.exists() else str(VAR / "run")
