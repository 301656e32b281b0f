"""The product as it is served, under load from outside: gunicorn, a worker, wrk.

`Site` starts both on a free port over the city's database; `load` lets wrk ask and says what came.
Beside each rate stands the processor time it cost: on a busy machine rates vary, costs hardly.
"""

import json
import os
import platform
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from bench import _city

ROOT = Path(__file__).resolve().parent.parent
CORES = os.cpu_count() or 1
TICKS = os.sysconf("SC_CLK_TCK")
STARTED_WITHIN, ENDED_WITHIN = 180, 20
LUA = Path(__file__).parent / "wrk.lua"


def say(name: str, value: float, unit: str, **parameters: Any) -> None:
    """One figure, one line."""
    machine = f"{platform.machine()} {CORES} cores"
    line = {"name": name, "value": round(value, 2), "unit": unit, "machine": machine}
    print(json.dumps(line | parameters, ensure_ascii=False), flush=True)


@dataclass(frozen=True)
class Outcome:
    requests: int
    seconds: float
    errors: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    web_ms: float
    """Processor time of the web processes a request."""
    database_ms: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


class Site:
    """Two web processes of four threads each, as `make up` starts them, and one worker."""

    def __init__(self, log: Path, environment: dict[str, str] | None = None) -> None:
        self.log = log
        self.environment = environment or _city.environment()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.web: subprocess.Popen[bytes] | None = None
        self.worker: subprocess.Popen[bytes] | None = None

    def start(self, *, worker: bool = True) -> None:
        serve = ["gunicorn", "config.wsgi", "--workers", "2", "--threads", "4"]
        serve += ["--worker-class", "gthread", "--no-control-socket"]
        self.web = self._run("web", "-m", *serve, "--bind", f"127.0.0.1:{self.port}")
        if worker:
            work = ["manage.py", "procrastinate", "worker", "-c", "4"]
            self.worker = self._run("worker", *work, before=("nice", "-n", "5"))
        until = monotonic() + STARTED_WITHIN
        while not self._answers():
            assert monotonic() < until, f"the server did not start: {self.log}/web.log"
            Event().wait(0.1)

    def _run(self, name: str, *words: str, before: tuple[str, ...] = ()) -> subprocess.Popen[bytes]:
        environment = self.environment | {"TRUSTED_PROXIES": "0"}
        with (self.log / f"{name}.log").open("wb") as out:
            return subprocess.Popen(
                [*before, sys.executable, *words],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=out,
            )

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        for process in (self.web, self.worker):
            if process is not None:
                process.terminate()
        for process in (self.web, self.worker):
            if process is not None:
                _end(process)

    def memory_mib(self) -> float:
        """Web and worker with all their children: proportional, shared pages counted once."""
        assert self.web is not None
        roots = [p.pid for p in (self.web, self.worker) if p is not None]
        return sum(_pss(pid) for root in roots for pid in _family(root)) / 1024

    def web_seconds(self) -> float:
        assert self.web is not None
        return sum(_seconds(pid) for pid in _family(self.web.pid))


def _end(process: subprocess.Popen[bytes]) -> None:
    """A worker in the middle of a long job would finish it first; nobody waits for that here."""
    try:
        process.wait(timeout=ENDED_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def site(
    log: Path, *, worker: bool = True, environment: dict[str, str] | None = None
) -> Iterator[Site]:
    made = Site(log, environment)
    try:
        made.start(worker=worker)
        yield made
    finally:
        made.stop()


def load(
    at: Site,
    path: str,
    *,
    seconds: int,
    connections: int,
    headers: dict[str, str],
    method: str = "GET",
    body: str = "",
) -> Outcome:
    """wrk asks `path`; `%d` in the body and in the headers is a number never used before, `%p` in
    the body a telephone, one of a million."""
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "30s", "-s", str(LUA)]
    for name, value in headers.items():
        if "%d" not in value:
            words += ["-H", f"{name}: {value}"]
    numbered = next((f"{n}: {v}" for n, v in headers.items() if "%d" in v), "")
    given = {"METHOD": method, "BODY": body, "NUMBERED": numbered, "RUN": os.urandom(6).hex()}
    before = at.web_seconds(), database_seconds()
    done = subprocess.run(
        [*words, at.url + path],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=True,
    )
    after = at.web_seconds(), database_seconds()
    found = re.search(r"^FIGURES (.*)$", done.stdout, re.M)
    assert found, done.stdout + done.stderr
    figures = json.loads(found[1])
    requests = max(int(figures["requests"]), 1)
    return Outcome(
        requests=int(figures["requests"]),
        seconds=figures["seconds"],
        errors=int(figures["errors"]),
        p50_ms=figures["p50"],
        p95_ms=figures["p95"],
        p99_ms=figures["p99"],
        web_ms=(after[0] - before[0]) * 1000 / requests,
        database_ms=(after[1] - before[1]) * 1000 / requests,
    )


def database_seconds() -> float:
    """Processor time of the cluster so far: the server process and all it has started."""
    note = ROOT / os.environ.get("VAR", "var") / "run" / "data-dir"
    folder = Path(note.read_text().strip()) if note.exists() else note.parent.parent / "pg"
    return _whole((folder / "postmaster.pid").read_text().split()[0])


def _whole(pid: str) -> float:
    """Living children, and those that have ended, which the parent has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ended = (int(fields[13]) + int(fields[14])) / TICKS
    return ended + sum(_seconds(child) for child in _family(int(pid)))


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):  # ended while we looked
            children = task.read_text().split()
            found += [member for child in children for member in _family(int(child))]
    return found


def _seconds(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def _pss(pid: int) -> int:
    """KiB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Pss:\s+(\d+)", text, re.M)
    return int(found[1]) if found else 0
