"""Starts the OpenID provider of oidc.py in a process of its own, and walks through its pages."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

CLIENT_ID, SECRET = "yukuai-test", "not-a-real-secret"
PHONE = "19900000417"


class Provider:
    def __init__(self, url: str) -> None:
        self.url = url

    def say(self, *, fault: str = "", page: bool = False, **claims: Any) -> None:
        """What it will say of whoever comes next."""
        only = claims.pop("only_userinfo", [])
        told = {"claims": claims, "fault": fault, "page": page, "only_userinfo": only}
        requests.post(f"{self.url}/control", json=told, timeout=10).raise_for_status()

    def consent(self, address: str) -> str:
        """Where it sends the browser back to: the path on our site."""
        answer = requests.get(address, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].partition("://")[2].partition("/")[2]

    @property
    def settings(self) -> dict[str, str]:
        return {
            "server": self.url,
            "client_id": CLIENT_ID,
            "secret": SECRET,
            "name": "渝快办",
            "real_name_claim": "real_name_verified",
        }

    @property
    def environment(self) -> dict[str, str]:
        return {
            "YUKUAI_OIDC_SERVER": self.url,
            "YUKUAI_OIDC_CLIENT_ID": CLIENT_ID,
            "YUKUAI_OIDC_SECRET": SECRET,
        }

    @property
    def apps(self) -> dict[str, Any]:
        """As config/settings/outside.py makes them of the environment."""
        options = {
            "server_url": self.url,
            "oauth_pkce_enabled": True,
            "scope": ["openid", "profile", "phone"],
        }
        app = {
            "provider_id": "outside",
            "name": "渝快办",
            "client_id": CLIENT_ID,
            "secret": SECRET,
            "settings": options,
        }
        return {"openid_connect": {"APPS": [app]}}


@contextmanager
def running() -> Iterator[Provider]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Path(__file__).with_name("oidc.py")
    command = [sys.executable, str(program), str(port), CLIENT_ID, SECRET]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    provider = Provider(f"http://127.0.0.1:{port}")
    try:
        _await(provider)
        yield provider
    finally:
        process.terminate()
        process.wait(10)


def _await(provider: Provider) -> None:
    for _ in range(600):
        try:
            requests.get(f"{provider.url}/keys", timeout=5)
        except requests.ConnectionError:
            threading.Event().wait(0.05)
        else:
            return
    raise AssertionError("the provider did not start")
