"""How long the pages of the demo take, and how often they ask the database.

Run on a seeded demo (`make up`, then `make bench`): one JSON line a figure. The reference of the
same run is /healthz, one statement through the whole stack. Reads only: the demo stays as it was.
"""

import json
import os
import platform
import statistics
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from yukuai.accounts.models import User  # noqa: E402

ROUNDS = 60
PAGES = {
    "home": ("", "/"),
    "raise": ("", "/raise/"),
    "today": ("sq01", "/work/"),
    "today_street": ("jd01", "/work/?whole=1"),
    "cases": ("jd01", "/work/cases/"),
    "board_district": ("qx01", "/work/board/"),
    "board_city": ("sj01", "/work/board/"),
    "audit": ("sx01", "/work/audit/"),
}


def say(name: str, value: float, unit: str, **parameters: Any) -> None:
    machine = f"{platform.machine()} {os.cpu_count()} cores"
    line = {"name": name, "value": round(value, 2), "unit": unit, "machine": machine}
    print(json.dumps(line | parameters, ensure_ascii=False))


def client_of(username: str) -> Client:
    client = Client()
    if username:
        client.force_login(User.objects.get(username=username))
    return client


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] * 1000


def time_page(client: Client, path: str) -> list[float]:
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        answer = client.get(path)
        times.append(perf_counter() - start)
        assert answer.status_code == 200, (path, answer.status_code)
    return times


def bench_pages() -> None:
    reference = time_page(Client(), "/healthz")
    say("pages.healthz_p95", p95(reference), "ms", rounds=ROUNDS)
    for name, (username, path) in PAGES.items():
        client = client_of(username)
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        said = sum(query["sql"] not in {"BEGIN", "COMMIT"} for query in asked)
        say(f"pages.{name}_queries", said, "statements", path=path)
        say(f"pages.{name}_p95", p95(time_page(client, path)), "ms", path=path, rounds=ROUNDS)


if __name__ == "__main__":
    settings.ALLOWED_HOSTS = ["testserver"]
    bench_pages()
