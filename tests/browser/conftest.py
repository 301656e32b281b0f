"""A whole installation for the journeys: its own database, a real server and a real worker.

What a person would do is done over HTTP in Chromium; codes are read where a person reads them
in demo mode (/dev/logins/, /dev/messages/).
"""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
STARTED_WITHIN = 60
PLACES = count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(300))


class Installation:
    """A server and a worker on a database of their own."""

    def __init__(self, media: Path) -> None:
        from django.conf import settings

        owner = settings.DATABASES["owner"]
        self.host, self.port = owner["HOST"], owner["PORT"] or "5432"
        self.name = f"{owner['NAME']}_browser_{os.getpid()}"
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": self._url("yukuai_app"),
            "DATABASE_OWNER_URL": self._url("yukuai_owner"),
            "MEDIA": str(media),
            "TRUSTED_PROXIES": "1",
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.url = ""

    def _url(self, user: str) -> str:
        return f"host={self.host} port={self.port} user={user} dbname={self.name}"

    def _sql(self, statement: str) -> None:
        where = f"host={self.host} port={self.port} user=yukuai_owner dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(statement)

    def manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, stdout=subprocess.DEVNULL
        )

    def start(self, log: Path) -> None:
        self._sql(f'CREATE DATABASE "{self.name}" TEMPLATE yukuai_template')
        self.manage("migrate", "--database=owner", "--verbosity=0")
        self.manage("createcachetable", "--database=owner")
        self.manage("load_divisions")
        self.manage("seed_demo", "--without-matters")
        with psycopg.connect(self._url("yukuai_owner"), autocommit=True) as connection:
            connection.execute("ANALYZE")  # nobody else does, in the cluster of the tests
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        web = ["gunicorn", "config.wsgi", "--threads", "8", "--bind", f"127.0.0.1:{port}"]
        self._run([sys.executable, "-m", *web], log / "web.log")
        worker = [sys.executable, "manage.py", "procrastinate", "worker", "-c", "2"]
        self._run(worker, log / "worker.log")
        self._await()

    def _run(self, command: list[str], log: Path) -> None:
        with log.open("wb") as out:
            self.processes.append(
                subprocess.Popen(
                    command, cwd=ROOT, env=self.environment, stdout=out, stderr=subprocess.STDOUT
                )
            )

    def _await(self) -> None:
        from threading import Event
        from time import monotonic

        until = monotonic() + STARTED_WITHIN
        while monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                Event().wait(0.1)
        raise AssertionError("the server did not start; see web.log")

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(timeout=30)
        self._sql(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    made = Installation(folder / "media")
    try:
        made.start(folder)
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def site(installation: Installation) -> str:
    return installation.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def open_context(browser: Browser) -> Iterator[Any]:
    """`open_context(**PHONE)`: a fresh browser; what its console complains of fails the test.

    Each is somewhere else, as the proxy in front says: one address may ask for few codes an hour.
    """
    opened: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: Any) -> Page:
        place = next(PLACES)
        address = {"X-Forwarded-For": f"198.51.{place // 250}.{place % 250 + 1}"}
        context = browser.new_context(
            locale="zh-CN", timezone_id="Asia/Shanghai", extra_http_headers=address, **options
        )
        context.set_default_timeout(15_000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if "Content Security" in said.text else None,
        )
        return page

    yield make
    for context in opened:
        context.close()
    assert complaints == []


@pytest.fixture
def phone(open_context: Any) -> Page:
    page: Page = open_context(**PHONE)
    return page


@pytest.fixture
def desk(open_context: Any) -> Page:
    page: Page = open_context(**DESK)
    return page
