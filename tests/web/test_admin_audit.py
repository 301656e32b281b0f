"""审计: reading the log of one's areas, its seals, and taking a copy with a purpose."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection

from tests.conftest import NOON
from tests.people import officer
from tests.web.admin_offices import acts, at_noon, places, window, words
from tests.web.desks import at_most
from yukuai.accounts.roles import Role
from yukuai.audit.actions import record
from yukuai.audit.models import AuditEntry, AuditSeal
from yukuai.audit.sealing import publish_newest
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["at_noon", "places", "window"]
pytestmark = pytest.mark.django_db
LOG, CHECK, EXPORT = "/work/audit/", "/work/audit/check/", "/work/audit/export/"


@pytest.fixture
def auditor(window):
    return window("auditor")


def note(act="post.appoint", *, area="1.2.12.", target="post:7", at=NOON, **more):
    actor = officer(Role.SEC_ADMIN, "1.", user_id=900)
    with scope(EVERYWHERE):
        record(actor, act=act, target=target, area=area, at=at, **more)
        return AuditEntry.objects.latest("pk")


def pks(response):
    return [row.entry.pk for row in response.context["rows"]]


def test_the_newest_stands_first_in_words(auditor):
    old, new = note(at=NOON - timedelta(days=1)), note("glass.break", purpose="核对重复反映")
    response = auditor.get(LOG)
    assert pks(response) == [new.pk, old.pk]
    for word in ("任命岗位", "开始越区查看", "核对重复反映", "南街", "post:7"):
        assert word in words(response)


def test_an_auditor_reads_his_own_area_only(window):
    north, south = note(area="1.11."), note(area="1.2.")
    reader = window("auditor-south")
    assert pks(reader.get(LOG)) == [south.pk]
    assert reader.get(f"{LOG}{north.pk}/").status_code == 404
    assert reader.get(f"{LOG}{10**30}/").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("act=post.appoint", True),
        ("act=post.", True),
        ("act=glass.", False),
        ("who=sec-admin", True),
        ("who=陈", False),
        ("target=post:7", True),
        ("target=post:8", False),
        ("place=南街", True),
        ("place=北街", False),
        ("since=2026-03-02", True),
        ("since=2026-03-03", False),
        ("until=2026-03-02", True),
        ("until=2026-03-01", False),
        ("until=那天", True),
        ("act=nothing", True),
        ("who=%00", True),
    ],
)
def test_filters_narrow(auditor, query, found):
    entry = note()
    assert (entry.pk in pks(auditor.get(f"{LOG}?{query}"))) is found


def test_without_a_filter_the_last_month_and_all_at_a_click(auditor):
    entry = note(at=NOON - timedelta(days=40))
    first = auditor.get(LOG)
    assert pks(first) == []
    assert pks(auditor.get(LOG + first.context["all_url"])) == [entry.pk]


def test_pages_go_by_key_and_meet_every_entry_once(auditor):
    made = [note(target=f"post:{n}").pk for n in range(120)]
    first = auditor.get(LOG)
    second = auditor.get(LOG + first.context["page"].next_url)
    third = auditor.get(LOG + second.context["page"].next_url)
    assert [*pks(first), *pks(second), *pks(third)] == made[::-1]
    assert third.context["page"].next_url == ""


def test_one_entry_shows_all_that_is_kept(auditor):
    entry = note("department.rename", purpose="机构改革", before="旧局", name="新局", empty="")
    shown = words(auditor.get(f"{LOG}{entry.pk}/"))
    for word in ("部门改名", "机构改革", "原来", "旧局", "新局", "2026-03-02 12:00:00"):
        assert word in shown
    assert "empty" not in shown


def test_moments_and_roles_are_said_in_words(auditor):
    entry = note(role="grid-worker", valid_from="2026-03-02T04:00:00+00:00", title="T字路口")
    shown = words(auditor.get(f"{LOG}{entry.pk}/"))
    for word in ("网格员", "2026-03-02 12:00", "T字路口"):
        assert word in shown


def test_what_people_wrote_is_shown_and_never_run(auditor):
    note(purpose="<script>alert(1)</script>")
    assert "<script>alert" not in words(auditor.get(LOG))


@pytest.fixture
def seal():
    """A seal over everything so far, as the worker makes them between transactions."""

    def make():
        from yukuai.audit.sealing import _digest, _newest

        with scope(EVERYWHERE), connection.cursor() as cursor:
            last = _newest()
            since, before = (last.until_xact, last.digest) if last else (0, "0" * 64)
            cursor.execute("SELECT pg_current_xact_id()::text::bigint + 1")
            until = cursor.fetchone()[0] + AuditSeal.objects.count()
            entries, digest = _digest(before, since, until)
            return AuditSeal.objects.create(
                until_xact=until, entries=entries, digest=digest, sealed_at=NOON
            )

    return make


def test_the_chain_says_how_it_stands(auditor, seal, settings, tmp_path):
    settings.AUDIT_DIGEST_DIR = tmp_path
    shown = words(auditor.get(LOG))
    assert "还没有封过" in shown
    assert "每天 0:05 写一份到库外" in shown
    note()
    made = seal()
    publish_newest(tmp_path, at=NOON)
    shown = words(auditor.get(LOG))
    assert f"1 个封印，{made.entries} 条记录" in shown
    assert "2026-03-02" in shown
    assert "和库里一致" in shown


def test_a_published_digest_that_is_gone_is_said_in_red(auditor, seal, settings, tmp_path):
    settings.AUDIT_DIGEST_DIR = tmp_path
    (tmp_path / "2026-03-01.txt").write_text(f"12345 {'a' * 64} 2026-03-01T00:00:00+08:00\n")
    assert "库里找不到" in words(auditor.get(LOG))


def test_checking_the_seals_tells_the_result_and_is_itself_remembered(auditor, seal):
    note()
    seal()
    response = auditor.post(CHECK, follow=True)
    assert "都对得上" in words(response)
    [entry] = acts("audit.verify")
    assert (entry.user_id, entry.details["seals"]) == (auditor.user.pk, 1)


def test_checking_names_a_seal_that_does_not_fit(auditor, seal):
    note()
    until = seal().until_xact + 1
    with scope(EVERYWHERE):
        AuditSeal.objects.create(until_xact=until, entries=9, digest="f" * 64, sealed_at=NOON)
    response = auditor.post(CHECK, follow=True)
    assert "封了 9 条，现在有 0 条" in words(response)
    assert len(acts("audit.verify")[0].details["faults"]) == 1


def test_checking_before_the_first_seal_says_so(auditor):
    assert "没有可以核对的" in words(auditor.post(CHECK, follow=True))


def test_checking_is_no_link(auditor):
    assert auditor.get(CHECK).status_code == 405
    assert acts("audit.verify") == []


def test_a_copy_needs_a_purpose_and_is_itself_remembered(auditor):
    note(purpose="=HYPERLINK(1)")
    note("glass.break")
    refused = auditor.post(f"{EXPORT}?act=post.", {"purpose": " "})
    assert refused.status_code == 422
    assert acts("audit.export") == []
    response = auditor.post(f"{EXPORT}?act=post.", {"purpose": "年度检查"})
    assert response["Content-Disposition"] == 'attachment; filename="audit-2026-03-02.csv"'
    assert response["Cache-Control"] == "no-store"
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][0] == "2026-03-02 12:00:00"
    assert rows[1][2:4] == ["任命岗位", "post.appoint"]
    assert rows[1][6] == "'=HYPERLINK(1)"
    [entry] = acts("audit.export")
    assert (entry.purpose, entry.details["rows"]) == ("年度检查", 1)
    assert entry.details["wanted"]["act"] == "post."


def test_a_copy_holds_only_ones_own_area(window):
    note(area="1.11.", target="post:north")
    note(area="1.2.", target="post:south")
    response = window("auditor-south").post(EXPORT, {"purpose": "检查"})
    text = response.content.decode()
    assert "post:south" in text
    assert "post:north" not in text


def test_the_log_costs_the_same_for_many_entries(auditor):
    for n in range(60):
        note(target=f"post:{n}", area=["1.2.", "1.11.", "1.2.12."][n % 3])
    for address in (LOG, f"{LOG}?place=南街&act=post.&who=a", EXPORT):
        auditor.get(address)
        with at_most(15):
            auditor.get(address)
