"""An export: its purpose, its limits, its file, and everybody who reads of it afterwards."""

import csv
import hashlib
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.casework import (
    CLERK,
    COLLEAGUE,
    ELSEWHERE,
    LIN,
    TOWN,
    enforcement,
    pack,
    places,
    raised,
    squad,
    steps,
)
from tests.conftest import NOON
from tests.offices import make_post, make_staff
from tests.people import officer, resident
from tests.sheets import read_xlsx
from yukuai.accounts.policy import SYSTEM, Actor, Grant, Role
from yukuai.audit.looks import list_looks
from yukuai.audit.models import AuditEntry
from yukuai.audit.queries import list_my_entries
from yukuai.cases import tasks
from yukuai.cases.actions.exporting import Wish, ask_export, sweep_exports, write_export
from yukuai.cases.columns import of_level
from yukuai.cases.exports import get_own_export, list_all_exports, list_own_exports
from yukuai.cases.filters import Filter
from yukuai.cases.models import CaseExport
from yukuai.flows.export_messages import announce_export
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.messaging.models import Message

__all__ = ["enforcement", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db
AUDITOR = officer(Role.AUDITOR, "1.2.", user_id=91)
FACTS = Wish(Filter(), [], of_level(2), "csv", "街道周报")


def ask(actor=CLERK, at=NOON, **change):
    return ask_export(actor, wish=replace(FACTS, **change), at=at)


def lines(export):
    with default_storage.open(export.storage_name) as file:
        return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"))))


def entries(**wanted):
    with scope(EVERYWHERE):
        return list(AuditEntry.objects.filter(**wanted).order_by("pk"))


def exports():
    with scope(EVERYWHERE):
        return list(CaseExport.objects.order_by("pk"))


def data(export):
    return [row for row in lines(export) if not row[0].startswith("#")]


def test_a_file_has_its_mark_its_columns_and_the_matters_of_the_filter(raised):
    raised(at=NOON - timedelta(hours=1), division_id=113)
    case = raised(body="井盖松了，车一过就响。")
    export = ask(TOWN, wanted=Filter(text="井盖"), said=[("单号或字词", "井盖")])
    shown = lines(export)
    assert export.number in shown[0][0]
    assert TOWN.label in shown[0][0]
    assert "2026-03-02 12:00" in shown[0][0]
    assert "街道周报" in shown[0][0]
    assert ["# 筛选：单号或字词 井盖"] in shown
    head, *rows = data(export)
    assert head[:4] == ["单号", "收到时间", "怎么来的", "村（社区）"]
    assert [row[0] for row in rows] == [case.number]
    assert "标题" not in head


def test_the_hash_on_record_is_that_of_the_file(raised):
    raised()
    export = ask(form="xlsx")
    with default_storage.open(export.storage_name) as file:
        content = file.read()
    assert hashlib.new("sm3", content).hexdigest() == export.sm3
    assert len(content) == export.bytes
    assert export.number in read_xlsx(content)["诉求"].header
    [entry] = entries(act="export.write")
    assert entry.target == export.number
    assert entry.purpose == "街道周报"
    assert (entry.details["rows"], entry.details["sm3"]) == (1, export.sm3)


def test_whoever_raised_a_matter_reads_who_took_it_and_what_for(raised):
    case = raised()
    other = raised(resident(902), body="别人的事。")
    export = ask(said=[("到哪一步", "没办完的")])
    with scope(LIN.areas, LIN.holders):
        mine = [e for e in list_my_entries(LIN) if e.act == "case.export"]
    assert [(e.target, e.purpose, e.actor) for e in mine] == [
        (case.number, "街道周报", CLERK.label)
    ]
    assert mine[0].details["export"] == export.number
    assert "单号" in mine[0].details["fields"]
    with scope(CLERK.areas, CLERK.holders):
        [look] = list_looks(CLERK, target=other.number, area=other.area, since=other.received_at)
    assert look.took_away


def test_an_export_notes_all_its_matters_in_one_statement_a_chunk(raised, monkeypatch):
    for n in range(7):
        raised(body=f"第 {n} 件。")
    monkeypatch.setattr("yukuai.cases.actions.exporting.CHUNK", 3)
    said = []
    with connection.execute_wrapper(lambda run, sql, *rest: (said.append(sql), run(sql, *rest))[1]):
        ask()
    assert sum("jsonb_to_recordset" in sql for sql in said) == 3
    assert len(entries(act="case.export")) == 7


def test_texts_need_a_reason_and_lose_telephone_numbers(raised):
    raised(body="灯坏了，打 19900000417。")
    with pytest.raises(InvalidInput) as refused:
        ask(columns=["number", "body"])
    assert "reason" in refused.value.fields
    assert exports() == []
    assert entries(act="case.export") == []
    export = ask(columns=["body", "number"], reason="要核对原话")
    assert data(export) == [["单号", "反映的话"], [data(export)[1][0], "灯坏了，打 （电话略）。"]]
    assert export.reason == "要核对原话"


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": " "},
        {"purpose": "长" * 201},
        {"columns": []},
        {"columns": ["number", "phone"]},
        {"columns": ["contact"]},
        {"form": "pdf"},
    ],
)
def test_a_wish_that_cannot_be_met_writes_nothing(raised, change):
    raised()
    with pytest.raises(InvalidInput):
        ask(**change)
    assert exports() == []
    assert entries(act="export.write") == []


def test_only_what_may_be_exported_is(raised, squad):
    raised(division_id=1111)
    grid = officer(Role.GRID_WORKER, "1.2.12.112.", user_id=71)
    for actor in (grid, squad, AUDITOR, LIN):
        with pytest.raises(NotPermitted):
            ask(actor)
    grants = (*CLERK.grants, Grant(Role.GLASS, None, search="1.11."))
    looking = Actor(CLERK.label, grants, CLERK.holders, 11, 11, "staff")
    assert data(ask(looking))[1:] == []
    assert len(data(ask(ELSEWHERE))[1:]) == 1


def test_a_purpose_that_looks_like_a_formula_is_text(raised):
    raised(body='=HYPERLINK("http://localhost/","点")。坏了。')
    export = ask(columns=["title"], reason="核对", purpose="=1+1\n换行")
    assert "用途：=1+1 换行" in lines(export)[0][0]
    assert data(export)[1][0].startswith("'=HYPERLINK")


def test_more_than_the_cap_waits_for_the_worker_and_is_written_once(raised, places, settings):
    settings.EXPORTS = {**settings.EXPORTS, "at_once": 1}
    call_command("load_message_templates")
    user = make_staff("u11", id=11)
    post = make_post(user, Role.COMMUNITY_STAFF, places[112])
    clerk = replace(CLERK, post_id=post.pk)
    for n in range(3):
        raised(body=f"第 {n} 件。")
    export = ask(clerk)
    assert (export.ready_at, export.storage_name, export.at_once) == (None, "", False)
    assert entries(act="case.export") == []
    job = ProcrastinateJob.objects.get(task_name="yukuai.cases.tasks.export")
    assert job.args == {"export_id": export.pk}
    tasks.export(export.pk)
    tasks.export(export.pk)
    [written] = exports()
    assert (written.rows, len(data(written)[1:])) == (3, 3)
    assert len(entries(act="case.export")) == 3
    announce_export(SYSTEM, export_id=export.pk, at=NOON)
    announce_export(SYSTEM, export_id=export.pk, at=NOON)
    with scope(EVERYWHERE):
        [message] = Message.objects.filter(recipient=11)
    assert message.link == f"/work/exports/{export.number}/"
    assert "共 3 件" in message.body


def test_a_job_of_an_officer_whose_post_ended_writes_nothing_and_says_why(raised, places, settings):
    settings.EXPORTS = {**settings.EXPORTS, "at_once": 0}
    call_command("load_message_templates")
    post = make_post(make_staff("u11", id=11), Role.COMMUNITY_STAFF, places[112])
    raised()
    export = ask(replace(CLERK, post_id=post.pk))
    post.delete()
    tasks.export(export.pk)
    [failed] = exports()
    assert (failed.ready_at, failed.storage_name) == (None, "")
    assert "岗位有变动" in failed.failed_because
    assert entries(act="case.export") == []
    announce_export(SYSTEM, export_id=export.pk, at=NOON)
    with scope(EVERYWHERE):
        assert "再导出一次" in Message.objects.get(recipient=11).body


def test_more_than_anybody_may_take_is_refused_before_anything_is_read(raised, settings):
    settings.EXPORTS = {**settings.EXPORTS, "most": 1}
    raised()
    raised()
    with pytest.raises(Conflict, match="一次最多导出 1 件"):
        ask()
    assert exports() == []


def test_an_export_is_its_officers_own_and_the_auditor_reads_only_of_it(raised):
    raised()
    export = ask()
    for other in (COLLEAGUE, TOWN, ELSEWHERE):
        with scope(other.areas, other.holders):
            assert list(list_own_exports(other)) == []
            with pytest.raises(NotFound):
                get_own_export(other, number=export.number)
    with scope(AUDITOR.areas):
        assert [e.number for e in list_all_exports(AUDITOR)] == [export.number]
        assert list(list_own_exports(AUDITOR)) == []
    north = officer(Role.AUDITOR, "1.11.", user_id=92)
    with scope(north.areas):
        assert list(list_all_exports(north)) == []
    with scope(CLERK.areas):
        assert list(list_all_exports(CLERK)) == []


def test_a_file_goes_after_three_days_and_its_record_stays(
    raised, django_capture_on_commit_callbacks
):
    raised()
    export = ask()
    assert export.expires_at == NOON + timedelta(hours=72)
    with django_capture_on_commit_callbacks(execute=True):
        sweep_exports(SYSTEM, at=NOON + timedelta(hours=71))
    assert default_storage.exists(export.storage_name)
    with django_capture_on_commit_callbacks(execute=True):
        sweep_exports(SYSTEM, at=NOON + timedelta(hours=72))
    assert not default_storage.exists(export.storage_name)
    [kept] = exports()
    assert (kept.is_there, kept.sm3, kept.rows) == (False, export.sm3, 1)


def test_a_failed_transaction_leaves_no_file(raised, monkeypatch):
    raised()
    monkeypatch.setattr("yukuai.cases.actions.exporting.record", lambda *a, **k: 1 / 0)
    before = _files()
    with pytest.raises(ZeroDivisionError):
        ask()
    assert _files() == before
    assert exports() == []


def _files(folder="exports"):
    if not default_storage.exists(folder):
        return set()
    folders, names = default_storage.listdir(folder)
    deeper = set().union(*(_files(f"{folder}/{one}") for one in folders))
    return {f"{folder}/{name}" for name in names} | deeper


def test_a_second_write_of_the_same_export_does_nothing(raised):
    raised()
    export = ask()
    write_export(CLERK, number=export.number, at=NOON + timedelta(hours=1))
    [kept] = exports()
    assert (kept.ready_at, kept.storage_name) == (NOON, export.storage_name)
    assert len(entries(act="case.export")) == 1
