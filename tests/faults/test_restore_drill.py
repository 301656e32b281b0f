"""The restore drill, while writes go on: all is there, fenced, numbered and sealed."""

import json
import os
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.faults.installation import ROOT, Installation, wait_for

WRITE = """
    INSERT INTO audit_auditentry (happened_at, actor, act, target, area,
        purpose, holders, details)
    SELECT now(), 'test', 'drill', 'drill:' || n, '1.', '', '{}', '{}'
    FROM generate_series(1, 20) AS n
"""
LET_GO = "SELECT NOT active FROM pg_replication_slots WHERE slot_name = 'yukuai_backup'"
SEAL = (
    "from yukuai.audit.sealing import seal; from yukuai.kernel import clock\n"
    "while seal(at=clock.now()): pass"
)


@pytest.fixture
def busy(installation: Installation):
    """Somebody writes all the time."""
    over = Event()

    def write() -> None:
        while not over.wait(0.05):
            installation.execute(WRITE)

    writer = Thread(target=write)
    writer.start()
    yield installation
    over.set()
    writer.join()


def run(site: Installation, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The scripts look for `python` in PATH: ours."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    given = site.environment | {"PATH": path} | more
    return subprocess.run(
        [str(ROOT / "scripts" / words[0]), *words[1:]],
        cwd=ROOT, env=given, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_a_backup_taken_while_writes_go_on_restores_to_a_whole_installation(busy, say):
    busy.execute(WRITE)
    busy.manage("shell", "-c", SEAL)
    had = busy.one("SELECT count(*) FROM audit_auditentry")
    drill = run(busy, "restore-drill.sh")
    assert drill.returncode == 0, drill.stdout + drill.stderr
    figures = json.loads(drill.stdout.splitlines()[-1])
    say(**figures)
    assert figures["audit_entries"] >= had
    assert figures["rpo_seconds"] < 30
    assert figures["rto_seconds"] < 120
    assert busy.one("SELECT count(*) FROM pg_replication_slots") == 0


def test_the_state_of_a_moment_comes_back(installation):
    backups = installation.folder / "backups"
    other = installation.folder / "other"
    wal = subprocess.Popen(
        [str(ROOT / "scripts/backup.sh"), "wal", str(backups)],
        cwd=ROOT,
        env=installation.environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        taken = run(installation, "backup.sh", "base", str(backups))
        assert taken.returncode == 0, taken.stderr
        installation.execute("CREATE TABLE drill_kept AS SELECT 1 AS one")
        [moment] = installation.rows("SELECT clock_timestamp()::text")[0]
        installation.execute("DROP TABLE drill_kept")
        [mark] = installation.rows("SELECT pg_switch_wal()::text")[0]
        wait_for(
            lambda: installation.one(
                "SELECT coalesce(bool_or(flush_lsn >= %(mark)s::pg_lsn), false)"
                " FROM pg_stat_replication WHERE application_name = 'pg_receivewal'",
                mark=mark,
            ),
            "the changes are received",
        )
    finally:
        wal.terminate()
        wal.wait()
    copy = Installation(other)
    try:
        back = run(installation, "restore.sh", str(backups), moment, VAR=str(other))
        assert back.returncode == 0, back.stderr
        copy.superuser = copy.login("postgres")
        assert copy.rows("SELECT one FROM drill_kept") == [(1,)]
        assert copy.one("SELECT pg_is_in_recovery()") is False
        again = run(installation, "restore.sh", str(backups), moment, VAR=str(other))
        assert again.returncode != 0
        assert "不覆盖" in again.stderr
    finally:
        copy.cluster("remove")
        wait_for(lambda: installation.one(LET_GO), "nobody receives any more")
        installation.execute("SELECT pg_drop_replication_slot('yukuai_backup')")
