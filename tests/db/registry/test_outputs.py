"""A report leaves the platform: who asks, who approves, how often it is taken, who reads of it."""

import hashlib
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage

from tests.conftest import NOON
from tests.db.registry.test_reports import ELDERS, HEAD, KEEPER, saved, settled, typed
from tests.people import officer
from tests.registering import DISTRICT, NEIGHBOUR, TOWN, citizen, codes, places
from tests.sheets import read_xlsx
from yukuai.accounts.policy import SYSTEM, Actor, Grant, Role
from yukuai.audit.models import AuditEntry
from yukuai.documents.typesetting import make_pages
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry.actions.exporting import (
    ask_output,
    settle_output,
    sweep_outputs,
    take_output,
)
from yukuai.registry.models import ReportOutput, ReportTake
from yukuai.registry.queries.reports import count_waiting, list_outputs, sum_savings
from yukuai.registry.reporting import Shape
from yukuai.registry.states import OUTPUT_WORKFLOW, OutputState
from yukuai.workflow.models import StateChange

__all__ = ["codes", "places"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "codes")]
COLLEAGUE = officer(Role.COMMUNITY_STAFF, "1.2.12.112.", user_id=13)
HOMES = Shape("dwelling", columns=("dwelling.room", "dwelling.area_m2"))


def ask(report, actor=KEEPER, columns=ELDERS.columns, form="xlsx", purpose="街道走访", at=NOON):
    return ask_output(
        actor, report_id=report.pk, columns=columns, form=form, purpose=purpose, at=at
    )


def settle(output, actor=TOWN, approved=True, answer="", at=NOON):
    return settle_output(actor, output_id=output.pk, approved=approved, answer=answer, at=at)


def take(output, actor=KEEPER, token=None, at=NOON):
    return take_output(actor, output_id=output.pk, token=token or uuid4(), at=at)


def now(output):
    with scope(EVERYWHERE):
        return ReportOutput.objects.get(pk=output.pk)


def entries(**wanted):
    with scope(EVERYWHERE):
        return list(AuditEntry.objects.filter(**wanted).order_by("pk"))


def content(output):
    with default_storage.open(output.storage_name) as file:
        return file.read()


@pytest.fixture
def elders():
    settled("石阶", "202", phone="19900000202")
    settled("黄葛", "101", born="1960-01-01")
    return saved()


def test_names_leave_only_after_the_level_above_has_approved(elders):
    output = ask(elders)
    assert (output.state, output.personal, output.rows_asked) == (OutputState.ASKED, True, 2)
    with pytest.raises(Conflict, match="等批准"):
        take(output)
    assert now(output).storage_name == ""
    settle(output)
    taken = take(output)
    data = content(taken)
    assert hashlib.new("sm3", data).hexdigest() == taken.sm3
    book = read_xlsx(data)
    for sheet in book.values():
        for word in (output.number, KEEPER.label, "2026-03-02 12:00", "街道走访"):
            assert word in sheet.rows[0][0]
            assert word in sheet.header
    assert book["表"].rows[1:] == [
        ["姓名", "年龄", "手机号", "楼栋名称", "房号"],
        ["黄葛", "66", "", "1栋", "101"],
        ["石阶", "76", "19900000202", "1栋", "202"],
    ]
    assert ["批准", TOWN.label] in book["说明"].rows
    assert (taken.filled, taken.empty, taken.rows) == (9, 1, 2)


def test_each_person_in_it_reads_who_took_it_and_what_for(elders):
    output = settle(ask(elders))
    take(output)
    noted = entries(act="registry.export")
    assert len(noted) == 2
    assert {one.purpose for one in noted} == {"街道走访"}
    assert all(one.holders and one.details["export"] == output.number for one in noted)
    assert "手机号" in noted[0].details["fields"]
    acts = [one.act for one in entries(target=output.number)]
    assert acts == ["report.ask", "report.approve", "report.write", "report.take"]


def test_a_token_serves_once_and_the_file_is_written_once(elders):
    output, token = settle(ask(elders)), uuid4()
    first = take(output, token=token)
    with pytest.raises(Conflict, match="用过"):
        take(output, token=token)
    settled("雾都", "303")
    assert take(output).sm3 == first.sm3
    with scope(EVERYWHERE):
        assert ReportTake.objects.count() == 2
    assert len(entries(act="registry.export")) == 2


def test_nobody_approves_his_own_wish_and_only_the_level_above_approves(elders):
    output = ask(elders)
    both = Actor(
        "两岗一人",
        (Grant(Role.TOWNSHIP_OP, "1.2.12."),),
        user_id=KEEPER.user_id,
        kind="staff",
    )
    with pytest.raises(Conflict, match="不能批准自己的申请"):
        settle(output, both)
    for actor in (KEEPER, COLLEAGUE):
        with pytest.raises(NotPermitted):
            settle(output, actor)
    with pytest.raises(NotFound):
        settle(output, NEIGHBOUR)
    assert now(output).state == OutputState.ASKED
    assert settle(output, DISTRICT).state == OutputState.APPROVED
    with pytest.raises(Conflict, match="处理过"):
        settle(output)


def test_a_refusal_says_why_and_nothing_leaves(elders):
    output = ask(elders)
    with pytest.raises(InvalidInput):
        settle(output, approved=False)
    settle(output, approved=False, answer="用汇总就够了")
    assert (now(output).state, now(output).answer) == (OutputState.REFUSED, "用汇总就够了")
    with pytest.raises(Conflict, match="没有批准"):
        take(output)
    with scope(EVERYWHERE):
        moves = StateChange.objects.filter(workflow=OUTPUT_WORKFLOW.name, object_id=output.pk)
        assert [(one.move, one.reason) for one in moves] == [("refuse", "用汇总就够了")]


@pytest.mark.parametrize("actor", [COLLEAGUE, TOWN])
def test_whoever_asked_takes_it(elders, actor):
    output = settle(ask(elders))
    with pytest.raises(NotPermitted):
        take(output, actor)
    assert now(output).ready_at is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"purpose": " "}, "purpose"),
        ({"purpose": "长" * 201}, "purpose"),
        ({"columns": []}, "columns"),
        ({"columns": ["person.id_no"]}, "columns"),
        ({"form": "docx"}, "form"),
    ],
)
def test_a_wish_that_cannot_be_met_leaves_nothing(elders, change, field):
    with pytest.raises(InvalidInput) as refused:
        ask(elders, **change)
    assert field in refused.value.fields
    with scope(EVERYWHERE):
        assert not ReportOutput.objects.exists()


def test_identity_numbers_do_not_leave_unless_the_installation_allows_it(settings):
    settled("石阶", "202", id_no=citizen(7, "19500101"))
    report = saved(shape=Shape("person", columns=("person.name", "person.id_no")))
    with pytest.raises(InvalidInput, match="证件号码不能导出"):
        ask(report, columns=["person.name", "person.id_no"])
    settings.REPORTS = {**settings.REPORTS, "sensitive": True}
    output = settle(ask(report, columns=["person.id_no"]))
    assert read_xlsx(content(take(output)))["表"].rows[2] == [citizen(7, "19500101")]


EVERYBODY = Shape("person", columns=("person.name", "derived.age"), order="dwelling.room")


def family():
    """On the day of the report one is 14 today, the other tomorrow."""
    settled("石阶", "101")
    settled("黄葛", "102", born="2012-03-02")
    settled("雾都", "103", born="2012-03-03")
    settled("江风", "104", born="")
    return saved(shape=EVERYBODY)


def test_children_under_fourteen_stay_inside_and_the_paper_says_so():
    output = ask(family(), columns=EVERYBODY.columns)
    assert output.rows_asked == 3
    sheet = read_xlsx(content(take(settle(output))))
    assert [row[0] for row in sheet["表"].rows[2:]] == ["石阶", "黄葛", "江风"]
    told = str([one.rows for one in sheet.values()])
    assert "不满 14 周岁的 1 人不能导出，只能在平台里按用途打开看。" in told
    assert len(entries(act="registry.export")) == 3


def test_a_child_leaves_on_the_day_he_is_fourteen_whenever_it_was_asked():
    output = settle(ask(family(), columns=EVERYBODY.columns))
    sheet = read_xlsx(content(take(output, at=NOON + timedelta(days=1))))
    assert len(sheet["表"].rows[2:]) == 4
    assert "周岁" not in str([one.rows for one in sheet.values()])


def test_children_leave_where_the_installation_lets_sensitive_fields_leave(settings):
    settings.REPORTS = {**settings.REPORTS, "sensitive": True}
    output = settle(ask(family(), columns=EVERYBODY.columns))
    assert len(read_xlsx(content(take(output)))["表"].rows[2:]) == 4


def test_what_says_nothing_of_a_person_is_released_at_once():
    settled("石阶", "202")
    output = ask(saved(shape=HOMES), columns=HOMES.columns)
    assert (output.state, output.personal) == (OutputState.APPROVED, False)
    assert read_xlsx(content(take(output)))["表"].rows[2:] == [["202", ""]]
    assert entries(act="registry.export") == []


def test_the_township_takes_its_summary(elders):
    shape = Shape("person", by="community", filters=ELDERS.filters)
    report = saved(TOWN, shape=shape, head=HEAD)
    output = ask(report, TOWN, columns=())
    assert read_xlsx(content(take(output, TOWN)))["表"].rows[1:] == [
        ["村（社区）", "合计"],
        ["南社区", "2"],
        ["合计", "2"],
    ]
    with pytest.raises(NotPermitted):
        ask(saved(TOWN, head=HEAD.__class__("名单", "名单", "走访")), TOWN)


def test_a_paper_bears_its_mark_on_every_page(elders):
    output = settle(ask(elders, form="pdf"))
    data = content(take(output))
    assert data.startswith(b"%PDF-")
    facts = {
        "title": "表",
        "mark": "导出编号 BB",
        "notes": [["用途", "走访"], ["说明", "用完删除"]],
        "labels": ["姓名", "#set page"],
        "widths": [10, 14],
        "rows": [["*石阶*", "$x$"]] * 80,
    }
    assert len(make_pages("v1/report.typ", facts)) > 1


def test_too_many_rows_are_refused_before_anybody_is_asked(elders, settings):
    settings.REPORTS = {**settings.REPORTS, "most": 1, "pdf_most": 1}
    with pytest.raises(Conflict, match="最多 1 行，这里有 2 行"):
        ask(elders)
    with pytest.raises(Conflict, match="或者导出 Excel"):
        ask(elders, form="pdf")


def test_what_is_not_answered_or_not_taken_lapses_and_its_file_goes(elders):
    waiting, ready = ask(elders), settle(ask(elders))
    name = take(ready).storage_name
    assert sweep_outputs(SYSTEM, at=NOON + timedelta(hours=71)) == 0
    late = NOON + timedelta(hours=73)
    with pytest.raises(Conflict, match="日子过了"):
        take(ready, at=late)
    assert sweep_outputs(SYSTEM, at=late) == 1
    assert now(ready).state == OutputState.EXPIRED
    assert now(waiting).state == OutputState.ASKED
    assert sweep_outputs(SYSTEM, at=NOON + timedelta(days=8)) == 1
    assert now(waiting).state == OutputState.EXPIRED
    assert now(ready).removed_at == late
    assert now(ready).sm3
    assert name


def test_entries_nobody_had_to_make_are_counted_and_typed_ones_are_not(elders):
    with scope(EVERYWHERE):
        from yukuai.registry.models import Person

        who = Person.objects.get(name="黄葛")
    typed(elders, {f"person-{who.pk}-phone": "19900000303"})
    first = take(settle(ask(elders)))
    assert (first.filled, first.empty, first.typed, first.saved) == (10, 0, 1, 9)
    second = take(settle(ask(elders)))
    assert (second.typed, second.saved) == (0, 10)
    with scope(TOWN.areas):
        [line] = sum_savings(TOWN, since=NOON)
        assert (line.name, line.outputs, line.saved, line.typed) == ("老人名单", 2, 19, 1)
    with scope(NEIGHBOUR.areas):
        assert sum_savings(NEIGHBOUR, since=NOON) == []


def test_each_sees_what_his_place_asked_for_and_the_township_what_waits(elders):
    output = ask(elders)
    for actor, number, waiting in (
        (KEEPER, 1, 0),
        (TOWN, 1, 1),
        (DISTRICT, 1, 1),
        (NEIGHBOUR, 0, 0),
    ):
        with scope(actor.areas):
            assert list_outputs(actor).count() == number
            assert count_waiting(actor) == waiting
    settle(output)
    with scope(TOWN.areas):
        assert count_waiting(TOWN) == 0
    assert re.fullmatch(r"BB-2603-\d{6}", output.number)


@pytest.mark.parametrize("state", OutputState.values)
@pytest.mark.parametrize("move", [one.name for one in OUTPUT_WORKFLOW.moves])
def test_every_move_that_is_not_listed_is_refused(state, move):
    listed = state in OUTPUT_WORKFLOW.move(move).sources
    if listed:
        assert OUTPUT_WORKFLOW.find(move, state=state).name == move
    else:
        with pytest.raises(Conflict):
            OUTPUT_WORKFLOW.find(move, state=state)
