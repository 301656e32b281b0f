"""A database with a city in it, for benches: the real tree, the demo's officers, a million matters.

Lives beside the product's database on the private cluster (`make up` first) and stays for the next
run, until the number of matters or the way they are made changes.
"""

import csv
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from yukuai.kernel import fulltext

ROOT = Path(__file__).resolve().parent.parent
NAME = os.environ.get("BENCH_DATABASE", "yukuai_bench")
"""Each bench with a city of its own names it before it imports this."""
HOME = "500103011014"
"""The community of the demo's officers: the busiest of all."""
TEXTS = 5_000


def server() -> dict[str, Any]:
    return dict(conninfo_to_dict(os.environ["DATABASE_URL"]))


def login(user: str, database: str = NAME) -> str:
    return make_conninfo(**{**server(), "user": user, "dbname": database})


def environment() -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": login("yukuai_app"),
        "DATABASE_OWNER_URL": login("yukuai_owner"),
    }


def manage(*words: str) -> None:
    command = [sys.executable, "manage.py", *words]
    subprocess.run(command, cwd=ROOT, env=environment(), check=True, stdout=subprocess.DEVNULL)


def prepare(matters: int) -> bool:
    """True when the city had to be made anew."""
    return keep(f"{matters}", [ROOT / "bench/city.sql"], lambda: _fill(matters))


def keep(what: str, made_by: Iterable[Path], fill: Callable[[], None]) -> bool:
    """Fills the database unless it has been by the same files; True when it had to. Migrations of
    today are applied in any case."""
    sign = _sign(what, made_by)
    with psycopg.connect(login("yukuai_owner", "postgres"), autocommit=True) as connection:
        known = connection.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [NAME],
        ).fetchone()
        if known == (sign,):
            manage("migrate", "--database=owner", "--verbosity=0")
            return False
        _drop()
        connection.execute(f"CREATE DATABASE {NAME} TEMPLATE yukuai_template")
        _found()
        fill()
        connection.execute(f"COMMENT ON DATABASE {NAME} IS '{sign}'")
    return True


def _drop() -> None:
    """Whatever is at work in it, autovacuum too, which only a superuser may send away."""
    with psycopg.connect(login("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def _sign(what: str, made_by: Iterable[Path]) -> str:
    migrations = sorted((ROOT / "yukuai").glob("*/migrations/0*.py"))
    content = b"".join(path.read_bytes() for path in [*made_by, Path(__file__), *migrations])
    return f"{what}-{hashlib.sha256(content).hexdigest()[:16]}"


def _found() -> None:
    """The tree, the dictionaries and the demo's officers."""
    manage("migrate", "--database=owner", "--verbosity=0")
    manage("createcachetable", "--database=owner")
    manage("load_divisions")
    manage("seed_demo", "--without-matters")


def _fill(matters: int) -> None:
    with psycopg.connect(login("postgres"), autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE bench_told (id int PRIMARY KEY, title text, body text, words text)"
        )
        with connection.cursor().copy("COPY bench_told FROM STDIN") as copy:
            for number, (title, body) in enumerate(texts(), start=1):
                words = fulltext.vector({"A": [title], "C": [body]})
                copy.write_row((number, title, body, words))
    given = [f"-vmatters={matters}", f"-vhome={HOME}"]
    psql = ["psql", "-X", "-q", "-o", os.devnull, "-d", login("postgres"), *given]
    subprocess.run([*psql, "-f", str(ROOT / "bench/city.sql")], check=True)
    with psycopg.connect(login("postgres"), autocommit=True) as connection:
        connection.execute("DROP TABLE bench_told")
        connection.execute("VACUUM (ANALYZE)")
        _check_words(connection)


def _check_words(connection: Any) -> None:
    """What was put together in SQL is what the product would have written."""
    sample = connection.execute(
        "SELECT title, place_text, body, answer, words::text FROM cases_case WHERE id % 9973 = 0"
    ).fetchall()
    for title, place, body, answer, words in sample:
        parts = {"A": [title], "B": [place], "C": [body], "D": [answer]}
        made = connection.execute("SELECT %s::tsvector::text", [fulltext.vector(parts)]).fetchone()
        assert made == (words,), (body, made, words)


def texts() -> list[tuple[str, str]]:
    """Sentences of the demo put together anew: real words in believable numbers."""
    from yukuai.cases.rules import title_of

    with (ROOT / "seed/demo_matters.csv").open(encoding="utf-8", newline="") as file:
        bodies = [row["body"] for row in csv.DictReader(file)]
    halves = [body.split("，", 1) for body in bodies if "，" in body]
    made = []
    for (head, _), (_, tail), floor in product(halves, halves, range(1, 40)):
        body = f"{floor} 楼，{head}，{tail}"
        made.append((title_of(body), body))
        if len(made) == TEXTS:
            break
    return made
