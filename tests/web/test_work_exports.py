"""导出 over HTTP, without scripts: asked for, downloaded, opened; what the auditor reads of it."""

import csv
import hashlib
import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.test import Client

from tests.casework import LIN, enforcement, pack, places, raised
from tests.conftest import NOON
from tests.offices import make_post, make_staff
from tests.sheets import read_xlsx
from tests.web.desks import at_most, at_noon, desk
from yukuai.accounts.models import User
from yukuai.accounts.policy import SYSTEM
from yukuai.accounts.roles import Role
from yukuai.audit.models import AuditEntry
from yukuai.cases.actions.exporting import sweep_exports
from yukuai.cases.columns import of_level
from yukuai.cases.models import CaseExport
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["at_noon", "desk", "enforcement", "pack", "places", "raised"]
pytestmark = pytest.mark.django_db
NEW, MINE, ALL = "/work/exports/new/", "/work/exports/", "/work/exports/all/"
WISH = {"facts": of_level(2), "form": "xlsx", "purpose": "街道周报"}


def ask(client, query="", **change):
    return client.post(f"{NEW}?{query}", {**WISH, **change})


def exports():
    with scope(EVERYWHERE):
        return list(CaseExport.objects.order_by("pk"))


def content(response):
    return b"".join(response.streaming_content)


def test_the_present_filter_becomes_a_file_that_says_who_took_it(desk, raised):
    lamp = raised(body="路灯不亮。")
    raised(body="井盖坏了。")
    clerk = desk("clerk")
    assert "1 件" in clerk.get(f"{NEW}?q=路灯").content.decode()
    page = ask(clerk, "q=路灯")
    [export] = exports()
    assert page["Location"] == f"/work/exports/{export.number}/"
    assert "下载文件" in clerk.get(page["Location"]).content.decode()
    file = clerk.get(f"/work/exports/{export.number}/file/")
    data = content(file)
    assert export.number in file["Content-Disposition"]
    assert "no-store" in file["Cache-Control"]
    assert hashlib.new("sm3", data).hexdigest() == export.sm3
    book = read_xlsx(data)
    for sheet in book.values():
        for word in (export.number, "王小满，南社区", "2026-03-02 12:00", "街道周报"):
            assert word in sheet.header
            assert word in sheet.rows[0][0]
    assert [row[0] for row in book["诉求"].rows[2:]] == [lamp.number]
    assert ["筛选", "单号或字词 路灯"] in book["说明"].rows
    with scope(EVERYWHERE):
        acts = list(AuditEntry.objects.filter(target=export.number).values_list("act", flat=True))
    assert sorted(acts) == ["export.take", "export.write"]


def test_a_csv_file_opens_with_its_mark_and_runs_no_formula(desk, raised):
    raised(body="=1+1，坏了。")
    clerk = desk("clerk")
    ask(clerk, form="csv", facts=["number"], texts=["title"], reason="核对原话")
    [export] = exports()
    file = clerk.get(f"/work/exports/{export.number}/file/")
    lines = list(csv.reader(io.StringIO(content(file).decode("utf-8-sig"))))
    assert lines[0][0].startswith(f"# 导出编号 {export.number}")
    assert lines[-2:] == [["单号", "标题"], [lines[-1][0], "'=1+1，坏了"]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"purpose": " "}, "写明导出做什么用。"),
        ({"facts": []}, "至少选一栏。"),
        ({"texts": ["body"]}, "选了居民写的话，要写明为什么非要原文不可。"),
        ({"facts": ["number", "phone"]}, "有一栏认不出来，请重新选。"),
        ({"form": "pdf"}, "选一种文件。"),
    ],
)
def test_a_wish_that_cannot_be_met_is_asked_for_again_with_what_was_typed(
    desk, raised, change, said
):
    raised()
    page = ask(desk("clerk"), **change)
    assert page.status_code == 422
    assert said in page.content.decode()
    assert exports() == []


def test_a_day_has_so_many_exports_and_the_next_day_has_them_again(desk, raised, settings):
    settings.EXPORTS = {**settings.EXPORTS, "a_day": 2}
    raised()
    clerk = desk("clerk")
    assert [ask(clerk).status_code for _ in range(3)] == [302, 302, 429]
    assert ask(desk("colleague")).status_code == 302
    assert len(exports()) == 3
    with time_machine.travel(NOON + timedelta(minutes=90 + 24 * 60), tick=False):
        clerk = Client()
        clerk.force_login(User.objects.get(pk=11))
        assert ask(clerk).status_code == 302


def test_nobody_takes_the_file_of_another_and_the_auditor_reads_only_of_it(desk, raised, places):
    raised(body="只有社区知道的话。")
    ask(desk("clerk"), texts=["body"], reason="核对")
    [export] = exports()
    address = f"/work/exports/{export.number}/"
    for who in ("colleague", "town", "neighbour", "district"):
        assert desk(who).get(address).status_code == 404, who
        assert desk(who).get(f"{address}file/").status_code == 404, who
    make_post(make_staff("shen", id=91), Role.AUDITOR, places[2])
    auditor = Client()
    auditor.force_login(User.objects.get(pk=91))
    page = auditor.get(ALL).content.decode()
    for word in (export.number, "王小满，南社区", "街道周报", "核对", export.sm3):
        assert word in page
    assert "只有社区知道的话" not in page
    assert f"{address}file/" not in page
    assert auditor.get(f"{address}file/").status_code == 403
    assert desk("clerk").get(ALL).status_code == 403
    assert "导出诉求" in auditor.get("/work/audit/").content.decode()
    assert "导出（逐件）" not in _rows(auditor.get("/work/audit/"))
    assert "导出（逐件）" in _rows(auditor.get("/work/audit/?act=case.export"))


def _rows(page):
    return [row.label for row in page.context["rows"]]


def test_the_resident_reads_which_office_took_his_matter_away_and_what_for(desk, raised):
    User.objects.create(pk=LIN.user_id, kind="resident", username="lin")
    case = raised()
    ask(desk("clerk"))
    resident = Client()
    resident.force_login(User.objects.get(pk=LIN.user_id))
    page = resident.get("/me/viewers/").content.decode()
    assert "把这件事导出成了文件：单号、收到时间" in page
    assert "街道周报" in page
    assert case.number in page
    assert "王小满" not in page
    looks = desk("clerk").get(f"/work/cases/{case.number}/?log=looks").content.decode()
    assert "导出了这件事" in looks


def test_a_file_that_is_gone_says_so_and_leaves_its_record(
    desk, raised, django_capture_on_commit_callbacks
):
    raised()
    clerk = desk("clerk")
    ask(clerk)
    [export] = exports()
    with django_capture_on_commit_callbacks(execute=True):
        sweep_exports(SYSTEM, at=NOON + timedelta(hours=73))
    assert not default_storage.exists(export.storage_name)
    gone = clerk.get(f"/work/exports/{export.number}/file/")
    assert gone.status_code == 404
    assert "到期删除" in gone.content.decode()
    page = clerk.get(MINE).content.decode()
    assert export.number in page
    assert "文件已删除" in page


def test_too_many_and_many_are_said_before_anything_is_asked(desk, raised, settings):
    raised()
    raised()
    settings.EXPORTS = {**settings.EXPORTS, "at_once": 1}
    clerk = desk("clerk")
    assert "由后台来做" in clerk.get(NEW).content.decode()
    answer = ask(clerk)
    assert "后台正在做" in clerk.get(answer["Location"]).content.decode()
    assert clerk.get(f"{answer['Location']}file/").status_code == 404
    settings.EXPORTS = {**settings.EXPORTS, "most": 1}
    assert "一次最多导出 1 件" in clerk.get(NEW).content.decode()
    assert ask(clerk).status_code == 409
    assert len(exports()) == 1


def test_the_lists_of_exports_ask_little_and_empty_ones_say_what_to_do(desk, raised, places):
    clerk = desk("clerk")
    assert "还没有导出过" in clerk.get(MINE).content.decode()
    raised()
    for _ in range(6):
        ask(clerk)
    with at_most(12):
        clerk.get(MINE)
    make_post(make_staff("shen", id=91), Role.AUDITOR, places[2])
    auditor = Client()
    auditor.force_login(User.objects.get(pk=91))
    with at_most(12):
        auditor.get(ALL)
