"""The chain of seals: whatever is done to the log behind our back is found."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, connections

from tests.conftest import NOON
from tests.db.test_workflow_reminders import in_another_connection
from yukuai.accounts.policy import SYSTEM
from yukuai.audit import sealing, tasks
from yukuai.audit.actions import record
from yukuai.audit.models import AuditEntry, AuditSeal
from yukuai.audit.sealing import publish_newest, seal, verify
from yukuai.kernel.actions import action
from yukuai.kernel.scope import EVERYWHERE, scope


@action
def look(actor, *, number):
    record(actor, act="look", target=f"case {number}", area="1.2.", at=NOON, fields=["phone"])


@pytest.fixture
def alone(real_commits, monkeypatch):
    """As if no transaction ran elsewhere in the cluster: other tests do, and would delay us."""
    edge = sealing._EDGE.replace("pg_snapshot_xmin(pg_current_snapshot())", "pg_current_xact_id()")
    assert edge != sealing._EDGE
    monkeypatch.setattr(sealing, "_EDGE", edge)


@pytest.fixture
def sealed_log(alone):
    with connections["owner"].cursor() as cursor:  # seals are named by number
        cursor.execute("ALTER SEQUENCE audit_auditseal_id_seq RESTART")
    for number in range(5):
        look(SYSTEM, number=number)
    assert seal(at=NOON) == 5
    look(SYSTEM, number=5)
    assert seal(at=NOON + timedelta(minutes=1)) == 1


def behind_our_back(sql: str) -> None:
    """As the owner who takes down every fence first: policies, triggers."""
    fences = [
        "ALTER TABLE audit_auditentry {force} ROW LEVEL SECURITY, {trigger} TRIGGER USER",
        "ALTER TABLE audit_auditseal {trigger} TRIGGER USER",
    ]
    with connections["owner"].cursor() as cursor:
        for fence in fences:
            cursor.execute(fence.format(force="NO FORCE", trigger="DISABLE"))
        cursor.execute(sql)
        changed = cursor.rowcount
        for fence in fences:
            cursor.execute(fence.format(force="FORCE", trigger="ENABLE"))
    assert changed > 0


REMOVED = "DELETE FROM audit_auditentry WHERE target = 'case 3'"
CUT = "DELETE FROM audit_auditentry WHERE target = 'case 5'"
CUT_SEAL = "DELETE FROM audit_auditseal WHERE entries = 1"


def test_an_untouched_log_is_intact(sealed_log):
    verdict = verify()
    assert (verdict.seals, verdict.entries, verdict.faults) == (2, 6, ())
    assert seal(at=NOON) == 0
    with scope(EVERYWHERE):
        first, second = AuditSeal.objects.order_by("until_xact")
    assert (first.entries, second.entries) == (5, 1)
    assert first.digest != second.digest


@pytest.mark.parametrize(
    ("sql", "finding"),
    [
        (REMOVED, "封了 5 条，现在有 4 条。(seal 1: 5 entries sealed, 4 found)"),
        (
            "INSERT INTO audit_auditentry (xact, happened_at, actor, act, target, area, purpose,"
            " holders, details) SELECT xact, happened_at, actor, act, 'case 9', area, purpose,"
            " holders, details FROM audit_auditentry WHERE target = 'case 3'",
            "封了 5 条，现在有 6 条。",
        ),
        ("UPDATE audit_auditentry SET area = '1.3.' WHERE target = 'case 3'", "被改过"),
        ("UPDATE audit_auditentry SET details = '{}' WHERE target = 'case 3'", "被改过"),
        (
            "UPDATE audit_auditentry SET happened_at = happened_at + interval '1 microsecond'"
            " WHERE target = 'case 3'",
            "(seal 1: an entry was altered or moved)",
        ),
        (
            "UPDATE audit_auditentry a SET xact = b.xact FROM audit_auditentry b WHERE"
            " (a.target, b.target) IN (('case 1', 'case 2'), ('case 2', 'case 1'))",
            "换过位置",
        ),
    ],
)
def test_a_row_removed_added_altered_or_swapped_is_found(sealed_log, sql, finding):
    behind_our_back(sql)
    [fault] = verify().faults
    assert finding in fault


def test_a_seal_that_was_rewritten_breaks_the_ones_behind_it(sealed_log):
    behind_our_back(f"UPDATE audit_auditseal SET digest = '{'a' * 64}' WHERE entries = 5")
    assert [fault.split("：")[0] for fault in verify().faults] == ["封印 1", "封印 2"]


def test_a_row_slipped_in_between_two_seals_is_found(sealed_log):
    behind_our_back(
        "INSERT INTO audit_auditentry (xact, happened_at, actor, act, target, area, purpose,"
        " holders, details) SELECT min(xact), now(), 'x', 'look', 'case 9', '1.', '', '{}', '{}'"
        " FROM audit_auditentry"
    )
    [fault] = verify().faults
    assert "现在有 6 条" in fault


def test_a_late_commit_is_not_lost_between_two_seals(real_commits, request):
    with scope(EVERYWHERE):
        record(SYSTEM, act="look", target="late", area="1.", at=NOON)
        in_another_connection(lambda: look(SYSTEM, number=1))
        assert in_another_connection(lambda: seal(at=NOON)) == 0  # the older one still runs
    request.getfixturevalue("alone")
    assert seal(at=NOON) == 2
    assert verify().faults == ()


def test_cutting_off_the_newest_seals_is_found_by_what_was_published(sealed_log, tmp_path):
    path = publish_newest(tmp_path, at=NOON)
    assert path is not None
    assert path.name == "2026-03-02.txt"
    assert verify(published=tmp_path).faults == ()
    behind_our_back(CUT)
    behind_our_back(CUT_SEAL)
    assert verify().faults == ()  # the database alone cannot know
    assert verify(published=tmp_path).faults == (
        "2026-03-02.txt 公布过的封印不见了，或者和库里的不一样。"
        "(the seal published in 2026-03-02.txt is gone or differs)",
    )


def test_the_published_line_names_the_seal_and_is_written_whole(sealed_log, tmp_path):
    publish_newest(tmp_path / "out", at=NOON)
    publish_newest(tmp_path / "out", at=NOON)
    with scope(EVERYWHERE):
        last = AuditSeal.objects.order_by("-until_xact")[0]
    [path] = (tmp_path / "out").iterdir()
    assert path.read_text() == f"{last.until_xact} {last.digest} 2026-03-02T04:01:00+00:00\n"


def test_before_the_first_seal_there_is_nothing_to_publish(alone, tmp_path):
    assert publish_newest(tmp_path / "out", at=NOON) is None
    assert not (tmp_path / "out").exists()


def test_the_worker_seals_until_nothing_is_left_and_publishes(
    alone, settings, tmp_path, monkeypatch
):
    settings.AUDIT_DIGEST_DIR = tmp_path
    monkeypatch.setattr("yukuai.audit.sealing.BATCH", 2)
    for number in range(5):
        look(SYSTEM, number=number)
    tasks.seal_log(timestamp=0)
    tasks.publish_digest(timestamp=0)
    with scope(EVERYWHERE):
        sealed = list(AuditSeal.objects.order_by("until_xact").values_list("entries", flat=True))
    assert sealed == [2, 2, 1]
    assert verify(published=tmp_path).faults == ()
    assert len(list(tmp_path.iterdir())) == 1


def test_the_command_says_that_the_log_is_intact(sealed_log, capsys, tmp_path):
    call_command("verify_audit", published=tmp_path)
    assert capsys.readouterr().out == (
        "审计记录完整：核对了 2 个封印、6 条记录。 (intact: 2 seals, 6 entries)\n"
    )


def test_the_command_fails_with_what_it_found(sealed_log, tmp_path):
    behind_our_back(REMOVED)
    with pytest.raises(CommandError) as broken:
        call_command("verify_audit", published=tmp_path)
    assert broken.value.returncode == 1
    assert str(broken.value).splitlines() == [
        "审计记录不完整。(The audit log is broken.)",
        "封印 1：封了 5 条，现在有 4 条。(seal 1: 5 entries sealed, 4 found)",
    ]


@pytest.mark.parametrize("table", ["audit_auditentry", "audit_auditseal"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {}"])
def test_neither_the_application_nor_the_owner_edits_the_log(sealed_log, table, sql):
    with pytest.raises(ProgrammingError, match="permission denied"), scope(EVERYWHERE):
        connection.cursor().execute(sql.format(table))
    with (
        connections["owner"].cursor() as cursor,
        pytest.raises(ProgrammingError, match=r"append_only: \w+ refused"),
    ):
        cursor.execute(sql.format(table))
    with scope(EVERYWHERE):
        assert (AuditEntry.objects.count(), AuditSeal.objects.count()) == (6, 2)
