"""The register with 3,200,000 people over the real tree, searched over HTTP as officers do.

    make bench-registry         (PEOPLE, SECONDS_A_FIGURE, READERS, ONLY=search are honoured)

One JSON line a figure. The worst of every sort of question in a community of 15,000 people and in a
township of 120,000 counts; beside each stands the time the same statements take in the database
alone. Fills a database of its own (ten minutes), kept for the next run.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import perf_counter
from typing import Any
from urllib.parse import quote_plus

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
os.environ["BENCH_DATABASE"] = "yukuai_bench_register"

from bench import _city  # noqa: E402

os.environ |= {
    "DATABASE_OWNER_URL": _city.login("yukuai_owner"),
    "DATABASE_URL": _city.login("yukuai_app"),
}

PEOPLE = int(os.environ.get("PEOPLE", "3200000"))
SECONDS = int(os.environ.get("SECONDS_A_FIGURE", "6"))
ONLY = [name for name in os.environ.get("ONLY", "").split(",") if name]
READERS = int(os.environ.get("READERS", "4"))
OFFICERS = {"community": "sq01", "township": "jd01"}
NAMES, SEALED = 20_000, 2_000
NUMBER, PHONE = "509999199001010015", "19900000417"
"""Of somebody in the busy community; the number proves itself."""
QUESTIONS = {
    "a common surname": "王",
    "a common sign inside": "秀",
    "two signs inside": "建国",
    "a rare surname": "亓",
    "nobody": "无此人",
    "initials": "wxy",
    "one initial": "w",
    "a number": NUMBER,
    "a number of nobody": "509999199001010023",
    "a telephone": PHONE,
    "a house": "12栋",
    "a room": "12栋 2-301",
    "a room anywhere": "2-301",
    "a street": "人和街 41号",
    "an organisation": "便利店",
}


def main() -> None:
    from bench._site import say, site

    made_by = [ROOT / "bench/register.sql", ROOT / "yukuai/registry/samples/names.py"]
    began = perf_counter()
    made = _city.keep(f"{PEOPLE}-register", made_by, _fill)
    _start_django()
    say("registry.people", PEOPLE, "rows", made_anew=made, seconds=round(perf_counter() - began))
    with tempfile.TemporaryDirectory(prefix="yukuai-bench-") as log, site(Path(log)) as served:
        for name, bench in BENCHES.items():
            if not ONLY or name in ONLY:
                bench(served)


def _start_django() -> None:
    import django

    django.setup()
    from django.db import connection

    assert connection.settings_dict["NAME"] == _city.NAME


def _fill() -> None:
    import psycopg

    _city.manage("load_codes")
    with psycopg.connect(_city.login("postgres"), autocommit=True) as connection:
        _copy_pools(connection)
        given = {"people": PEOPLE, "home": _city.HOME, "names": NAMES, "sealed": SEALED}
        said = [f"-v{name}={value}" for name, value in given.items()]
        psql = ["psql", "-X", "-q", "-o", os.devnull, "-d", _city.login("postgres"), *said]
        subprocess.run([*psql, "-f", str(ROOT / "bench/register.sql")], check=True)
        connection.execute("DROP TABLE bench_name, bench_sealed")
        connection.execute("VACUUM (ANALYZE)")
        _give_numbers(connection)


def _copy_pools(connection: Any) -> None:
    """Names as frequent as in life, and values that are really sealed."""
    _start_django()
    from yukuai.divisions.rules import initials
    from yukuai.kernel.crypto import seal
    from yukuai.registry.samples.names import draw_given, draw_surname

    chance = Random("register")
    connection.execute(
        "CREATE TABLE bench_name (id int PRIMARY KEY, name text, initials text, sex text);"
        "CREATE TABLE bench_sealed (id int PRIMARY KEY, sealed text, phone text)"
    )
    cursor = connection.cursor()
    with cursor.copy("COPY bench_name FROM STDIN") as copy:
        for place in range(1, NAMES + 1):
            woman = chance.random() < 0.5
            born = chance.randint(1935, 2024)
            name = draw_surname(chance) + draw_given(chance, woman=woman, born=born)
            copy.write_row((place, name, initials(name), "2" if woman else "1"))
    with cursor.copy("COPY bench_sealed FROM STDIN") as copy:
        for place in range(1, SEALED + 1):
            number = seal(f"509999{place:012}", purpose="registry.person.id")
            copy.write_row((place, number, seal(PHONE, purpose="registry.person.phone")))


def _give_numbers(connection: Any) -> None:
    """Number and telephone of the one who is asked for."""
    from yukuai.accounts.actors import phone_hash
    from yukuai.registry.columns import person_key

    connection.execute(
        "UPDATE registry_person SET person_key = %s, phone_hash = %s WHERE id = (SELECT max(p.id)"
        " FROM registry_person p JOIN divisions_division d ON d.id = p.division_id"
        " WHERE d.code = %s AND d.valid_to IS NULL)",
        [person_key("", NUMBER), phone_hash(PHONE), _city.HOME],
    )


def bench_search(served: Any) -> None:
    from bench._site import load, say

    worst = {"p95": 0.0, "queries": 0, "sql": 0.0}
    _warm(served)
    for level, username in OFFICERS.items():
        headers, token = _signed_in(username)
        for what, typed in QUESTIONS.items():
            ask = _ask(headers, token, typed)
            with _without_limits():
                load(served, "/work/registry/search/", seconds=2, **ask)
                outcome = load(served, "/work/registry/search/", seconds=SECONDS, **ask)
                asked, found, sql = _alone(username, typed)
            assert outcome.errors == 0, (level, what, outcome)
            assert outcome.requests > READERS, (level, what, outcome)
            say(
                "registry.search_one",
                outcome.p95_ms,
                "ms",
                who=level,
                what=what,
                found=found,
                sql_p95_ms=round(sql, 1),
                p50_ms=round(outcome.p50_ms, 1),
                web_cpu_ms=round(outcome.web_ms, 1),
                database_cpu_ms=round(outcome.database_ms, 1),
            )
            worst["p95"] = max(worst["p95"], outcome.p95_ms)
            worst["queries"] = max(worst["queries"], asked)
            worst["sql"] = max(worst["sql"], sql)
    say("registry.search_queries", worst["queries"], "statements")
    say("registry.search_p95_ms", worst["p95"], "ms", readers=READERS, sql_p95_ms=worst["sql"])


def _ask(headers: dict[str, str], token: str, typed: str) -> dict[str, Any]:
    body = f"csrfmiddlewaretoken={token}&q={quote_plus(typed)}"
    return {"headers": headers, "method": "POST", "body": body, "connections": READERS}


def _warm(served: Any) -> None:
    """The register was filled a moment ago: each question is asked before any is timed, as a city
    asks it all day."""
    from bench._site import load

    for username in OFFICERS.values():
        headers, token = _signed_in(username)
        for typed in QUESTIONS.values():
            with _without_limits():
                load(served, "/work/registry/search/", seconds=1, **_ask(headers, token, typed))


def _signed_in(username: str) -> tuple[dict[str, str], str]:
    """Headers and the token of a form."""
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    from yukuai.accounts.models import User

    client, secret = Client(), _get_new_csrf_string()
    client.force_login(User.objects.get(username=username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={secret}"
    return {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}, secret


@contextmanager
def _without_limits() -> Iterator[None]:
    """Officers of a bench ask more often than any person may: what was counted is forgotten."""
    import psycopg

    done = Event()

    def forget() -> None:
        with psycopg.connect(_city.login("postgres"), autocommit=True) as connection:
            while not done.wait(0.2):
                connection.execute("DELETE FROM kernel_ratewindow")

    thread = Thread(target=forget)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _alone(username: str, typed: str) -> tuple[int, int, float]:
    """Statements of the page but those of the transaction, how much is found, and the time of the
    search's own statements, of twenty the slowest but one."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from yukuai.accounts.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(User.objects.get(username=username))
    client.post("/work/registry/search/", {"q": typed})
    times, asked, page = [], 0, None
    for _ in range(20):
        took = [0.0]
        with connection.execute_wrapper(_timing(took)), CaptureQueriesContext(connection) as log:
            page = client.post("/work/registry/search/", {"q": typed})
        assert page.status_code == 200, page.status_code
        asked = sum(query["sql"] not in {"BEGIN", "COMMIT"} for query in log)
        times.append(took[0] * 1000)
    told = re.search(r"找到 (\d+) 条", page.content.decode())
    return asked, int(told[1]) if told else 0, sorted(times)[-2]


def _timing(took: list[float]) -> Any:
    def timed(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if "registry_" in sql:
                took[0] += perf_counter() - began

    return timed


BENCHES: dict[str, Callable[[Any], None]] = {"search": bench_search}

if __name__ == "__main__":
    main()
