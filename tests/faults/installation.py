"""An installation that may be hurt: its own durable cluster, web and worker under a supervisor."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).parents[2]
PATIENCE = 600
"""Seconds until what must come is taken for lost, on a machine with other work on it too."""


def wait_for(condition: Callable[[], Any], what: str, *, within: float = PATIENCE) -> Any:
    """The first true answer."""
    until = monotonic() + within
    while not (found := condition()):
        assert monotonic() < until, f"waited {within} s in vain: {what}"
        Event().wait(0.05)
    return found


class Supervised:
    """A process that is started again whenever it ends, as systemd does."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self.starts = 0
        self.process: subprocess.Popen[bytes] | None = None
        self._stopping = Event()
        self._thread = Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stopping.is_set():
            with self.log.open("ab") as out:
                self.process = subprocess.Popen(
                    self.command, cwd=ROOT, env=self.environment, stdout=out, stderr=out
                )
            self.starts += 1
            self.process.wait()
            self._stopping.wait(0.2)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()

    def children(self) -> list[int]:
        assert self.process is not None
        pid = self.process.pid
        return [
            int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ]

    def stop(self) -> None:
        self._stopping.set()
        if self.process is not None:
            self.process.terminate()
        self._thread.join(timeout=60)


class Installation:
    """`scripts/cluster.sh` with a data folder of its own, so that fsync is on and crashes count."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(tempfile.mkdtemp(prefix="yukuai-faults-", dir="/tmp"))
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o755)
        (self.folder / "frontend/dist/islands").mkdir(parents=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = os.environ | {
            "VAR": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "YUKUAI_DEMO": "1",
            "YUKUAI_LOG": "json",
            "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics"),
        }
        self.web: Supervised | None = None
        self.worker: Supervised | None = None

    def cluster(self, verb: str) -> str:
        command = [str(ROOT / "scripts/cluster.sh"), verb, "pg"]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def login(self, user: str) -> str:
        return make_conninfo(self.cluster("url"), user=user)

    def start_database(self) -> None:
        self.cluster("start")
        self.environment["DATABASE_URL"] = self.cluster("url")
        self.environment["DATABASE_OWNER_URL"] = self.cluster("owner-url")
        self.superuser = self.login("postgres")

    def manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def fill(self) -> None:
        self.manage("migrate", "--database=owner", "--verbosity=0")
        self.manage("createcachetable", "--database=owner")
        self.manage("load_divisions")
        self.manage("seed_demo", "--without-matters")

    def serve(self) -> None:
        web = ["-m", "gunicorn", "config.wsgi", "--workers", "2", "--threads", "4"]
        web += ["--worker-class", "gthread", "--no-control-socket"]
        self.web = self._supervise("web", *web, "--bind", f"127.0.0.1:{self.port}")
        self.worker = self._supervise("worker", "manage.py", "procrastinate", "worker", "-c", "4")
        wait_for(lambda: self.answers("/readyz"), "the installation is ready")

    def _supervise(self, name: str, *words: str) -> Supervised:
        log = self.folder / f"{name}.log"
        return Supervised([sys.executable, *words], self.environment, log)

    def answers(self, path: str) -> bool:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def rows(self, sql: str, **params: Any) -> list[tuple[Any, ...]]:
        """As the superuser, whom no policy binds."""
        with psycopg.connect(self.superuser) as connection:
            return connection.execute(sql, params).fetchall()

    def one(self, sql: str, **params: Any) -> Any:
        return self.rows(sql, **params)[0][0]

    def execute(self, sql: str, **params: Any) -> None:
        with psycopg.connect(self.superuser, autocommit=True) as connection:
            connection.execute(sql, params)

    def postmaster(self) -> int:
        note = self.folder / "run/data-dir"
        data = Path(note.read_text()) if note.exists() else self.folder / "pg"
        return int((data / "postmaster.pid").read_text().split()[0])

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in self.folder.glob("*.log"))

    def remove(self) -> None:
        for one in (self.web, self.worker):
            if one is not None:
                one.stop()
        self.cluster("remove")
        shutil.rmtree(self.folder)
