"""Finding matters by their words, under row-level security; and whoever gives a whole name."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.casework import (
    CLERK,
    DISTRICT,
    ELSEWHERE,
    LIN,
    NEIGHBOUR,
    TOWN,
    enforcement,
    lamps,
    pack,
    places,
    raised,
    read,
    squad,
    steps,
)
from tests.conftest import NOON
from tests.people import officer
from yukuai.accounts.policy import SYSTEM, Actor, Grant, Role
from yukuai.audit.models import AuditEntry
from yukuai.cases.actions.filling import fill_name_hashes, fill_words
from yukuai.cases.actions.persons import find_by_contact
from yukuai.cases.filters import Filter, filter_cases
from yukuai.cases.models import Case, CaseContact
from yukuai.cases.persons import name_hash
from yukuai.cases.queries import count_capped
from yukuai.kernel import fulltext
from yukuai.kernel.checks import operators_are_leakproof
from yukuai.kernel.errors import InvalidInput, NotPermitted
from yukuai.kernel.scope import EVERYWHERE, scope

__all__ = ["enforcement", "lamps", "pack", "places", "raised", "squad", "steps"]
pytestmark = pytest.mark.django_db
PHONE, NAME = "19900000417", "冉隆全"


def found(actor, text="", **wanted):
    with scope(actor.areas, actor.holders):
        return [c.number for c in filter_cases(actor, wanted=Filter(text=text, **wanted))]


def words_of(case):
    with scope(EVERYWHERE), connection.cursor() as cursor:
        cursor.execute(
            "SELECT words = %s::tsvector FROM cases_case WHERE id = %s",
            [Case._meta.get_field("words").vector_of(case), case.pk],
        )
        return cursor.fetchone()[0]


def without_words(case):
    with scope(EVERYWHERE):
        Case.objects.filter(pk=case.pk).update(words=None)


# Words


def test_a_matter_is_found_by_any_passage_of_what_was_said(raised):
    case = raised(body="2 单元楼道灯不亮。晚上看不清。", place_text="人和街41号", wanted="请派人修")
    for passage in ("楼道灯不亮", "看不清", "灯", "2 单元", "人和街41号", "派人修", "晚上 楼道灯"):
        assert found(CLERK, passage) == [case.number], passage
    for other in ("路灯", "人和街1号", "修人派", "楼道灯 井盖"):
        assert found(CLERK, other) == [], other


def test_a_part_can_be_named_and_the_answer_is_one(raised, steps):
    case = raised(body="2 单元楼道灯不亮。晚上看不清。", place_text="人和街")
    assert found(CLERK, "楼道灯", part="title") == [case.number]
    assert found(CLERK, "看不清", part="title") == []
    assert found(CLERK, "人和街", part="place") == [case.number]
    assert found(CLERK, "换了") == []
    for move in ("accept", "triage", "dispatch", "sign", "reply"):
        steps[move](read(case.pk))
    assert found(CLERK, "换了 3 盏灯") == [case.number]
    assert found(CLERK, "换了", part="answer") == [case.number]
    assert found(CLERK, "楼道灯", part="answer") == []


@pytest.mark.parametrize("way", ["reply", "guide"])
def test_the_words_are_those_of_the_row_after_every_step(raised, steps, way):
    case = raised()
    moves = ["accept", "triage", "dispatch", "sign", "reply", "review"]
    for move in moves if way == "reply" else ["accept"]:
        steps[move](read(case.pk))
        assert words_of(read(case.pk)), move
    if way == "guide":
        with scope(EVERYWHERE):
            Case.objects.filter(pk=case.pk).update(state="triaged", triage="private")
        steps["guide"](read(case.pk))
        assert read(case.pk).answer == "可以先调解。"
        assert words_of(read(case.pk))
        assert found(CLERK, "可以先调解") == [case.number]


def test_the_words_never_travel_with_a_row(raised):
    case = raised()
    assert "words" in read(case.pk).get_deferred_fields()
    with scope(CLERK.areas):
        [row] = filter_cases(CLERK, wanted=Filter(text="楼道灯"))
    assert row.get_deferred_fields() == {"words"}


def test_a_number_is_found_however_it_is_typed_and_only_whole(raised):
    case = raised()
    bare = case.number.replace("-", "")
    for typed in (case.number, case.number.lower(), bare, f" {bare} ", "ＺＴ" + bare[2:]):
        assert found(CLERK, typed) == [case.number]
    assert found(CLERK, case.number[:-1]) == []


def test_signs_that_ask_nothing_find_nothing(raised):
    raised()
    for text in ("%", "，", "'; --", "\x00", "_"):
        assert found(CLERK, text) == []


# What lies elsewhere


def test_words_of_elsewhere_leave_no_trace_in_lists_or_counts(raised):
    raised(body="南社区的暗号是白蚁。")
    here = found(NEIGHBOUR, "白蚁"), found(NEIGHBOUR, "暗号")
    with scope(NEIGHBOUR.areas):
        rows = filter_cases(NEIGHBOUR, wanted=Filter(text="白蚁"))
        assert (count_capped(rows), list(rows), rows.exists()) == (0, [], False)
    assert here == ([], [])
    assert len(found(TOWN, "白蚁")) == len(found(DISTRICT, "白蚁")) == 1
    assert found(ELSEWHERE, "白蚁") == []


def test_raw_sql_of_the_application_counts_only_what_lies_in_the_scope(raised):
    raised(body="白蚁在南社区。")
    raised(body="白蚁在坡社区。", division_id=113)
    query = "SELECT count(*) FROM cases_case WHERE words @@ '''白蚁'''::tsquery"
    for areas, number in (
        (CLERK.areas, 1),
        (NEIGHBOUR.areas, 1),
        (TOWN.areas, 2),
        (ELSEWHERE.areas, 0),
        ((), 0),
    ):
        with scope(areas), connection.cursor() as cursor:
            cursor.execute(query)
            assert cursor.fetchone() == (number,), areas


def test_a_department_finds_only_what_lies_with_it(raised, steps, squad):
    case = raised()
    assert found(squad, "楼道灯") == []
    for move in ("accept", "triage", "dispatch"):
        steps[move](read(case.pk))
    assert found(squad, "楼道灯") == [case.number]


def test_the_index_serves_a_search_under_row_level_security(raised):
    raised()
    with connection.cursor() as cursor:
        cursor.execute("SELECT proleakproof FROM pg_proc WHERE proname = 'ts_match_vq'")
        assert cursor.fetchone() == (True,)
    with scope(CLERK.areas), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM cases_case WHERE words @@ '''白蚁'''::tsquery")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Bitmap Index Scan on case_words" in plan


def test_a_missing_mark_is_said_with_the_command_that_gives_it(monkeypatch, db):
    assert operators_are_leakproof(databases=["default"]) == []
    assert operators_are_leakproof(databases=None) == []
    monkeypatch.setattr("yukuai.kernel.checks.MARKED", ("ts_match_qv(tsquery,tsvector)",))
    [warning] = operators_are_leakproof(databases=["default"])
    assert warning.id == "yukuai.W001"
    assert "deploy/marks.sql" in warning.hint


# Rows from before


def test_older_rows_are_filled_in_batches_and_a_killed_run_goes_on(raised, monkeypatch):
    cases = [raised(body=f"第 {n} 件，楼道灯。") for n in range(5)]
    for case in cases:
        without_words(case)
    monkeypatch.setattr("yukuai.cases.actions.filling.BATCH", 2)
    assert found(CLERK, "楼道灯") == []
    assert fill_words(SYSTEM, at=NOON) == 2
    assert len(found(CLERK, "楼道灯")) == 2
    assert [fill_words(SYSTEM, at=NOON) for _ in range(3)] == [2, 1, 0]
    assert len(found(CLERK, "楼道灯")) == 5
    assert all(words_of(read(case.pk)) for case in cases)


def test_older_contacts_get_their_hash_and_those_without_a_name_an_empty_one(raised):
    raised(name=NAME, phone=PHONE)
    raised(phone=PHONE)
    with scope(EVERYWHERE):
        CaseContact.objects.update(name_hash=None)
    assert [fill_name_hashes(SYSTEM, at=NOON) for _ in range(2)] == [2, 0]
    with scope(EVERYWHERE):
        kept = set(CaseContact.objects.values_list("name_hash", flat=True))
    assert kept == {name_hash(NAME), ""}


# Further filters


def test_the_further_filters_narrow(raised, steps, enforcement):
    old = raised(at=NOON - timedelta(days=40))
    new = raised()
    for move in ("accept", "triage", "dispatch"):
        steps[move](read(old.pk))
    with scope(EVERYWHERE):
        Case.objects.filter(pk=old.pk).update(promised_at=NOON - timedelta(hours=1))
    door = f"1.2.12.:{enforcement.pk}"
    for wanted, numbers in (
        ({"received_from": NOON - timedelta(days=1)}, [new.number]),
        ({"received_before": NOON}, [old.number]),
        ({"units": (door,)}, [old.number]),
        ({"units": ("1.2.12.:",)}, []),
        ({"source": "app"}, [new.number, old.number]),
        ({"source": "phone"}, []),
        ({"overdue_at": NOON}, [old.number]),
        ({"overdue_at": NOON - timedelta(hours=2)}, []),
        ({"due_before": NOON + timedelta(days=60)}, [old.number]),
        ({"reopened": True}, []),
        ({"photos": True}, []),
        ({"visited": True}, []),
        ({"visited": False}, [new.number, old.number]),
    ):
        assert found(CLERK, **wanted) == numbers, wanted


def test_a_filter_comes_back_from_what_was_kept_of_it_and_forgets_what_is_unknown():
    wanted = Filter(
        states=("handling",),
        text="路灯",
        visited=False,
        urgent=True,
        units=("1.2.:3",),
        received_from=NOON,
    )
    assert Filter.from_json(wanted.as_json()) == wanted
    assert Filter().as_json() == {}
    assert Filter.from_json({"colour": "red", "text": "路灯"}) == Filter(text="路灯")


# Persons


def looks(**wanted):
    with scope(EVERYWHERE):
        return list(AuditEntry.objects.filter(**wanted).order_by("pk"))


def test_a_whole_number_or_a_whole_name_finds_with_a_purpose_and_on_record(raised):
    case = raised(name=NAME, phone=PHONE)
    raised(name="冉隆", phone="19900000418")
    for given in ({"phone": PHONE}, {"phone": "199 0000 0417"}, {"name": f" {NAME} "}):
        rows = find_by_contact(CLERK, **given, purpose="ask", at=NOON)
        assert [row.number for row in rows] == [case.number], given
    entries = looks(act="case.found")
    assert [e.target for e in entries] == [case.number] * 3
    assert {e.purpose for e in entries} == {"本人来问，查他的事"}
    assert [e.details["fields"] for e in entries] == [["电话"], ["电话"], ["姓名"]]
    assert entries[0].holders == case.holders
    assert PHONE not in str([(e.target, e.details, e.purpose) for e in looks()])


@pytest.mark.parametrize(
    "part", ["隆全", "冉", "冉隆全全", "1990000", "0417", "1990000041", "%", "冉%"]
)
def test_a_part_of_a_name_or_a_number_finds_nothing(raised, part):
    raised(name=NAME, phone=PHONE)
    assert not find_by_contact(CLERK, name=part, purpose="ask", at=NOON)
    if part[0].isdigit():
        with pytest.raises(InvalidInput):
            find_by_contact(CLERK, phone=part, purpose="ask", at=NOON)
    assert found(CLERK, part) == []
    assert looks(act="case.found") == []


def test_a_sealed_name_is_found_by_no_search_of_words(raised):
    raised(name=NAME, phone=PHONE)
    for text in (NAME, PHONE, PHONE[-4:], name_hash(NAME), name_hash(NAME)[:20]):
        assert found(CLERK, text) == []


def test_the_same_person_elsewhere_leaves_no_trace(raised):
    raised(name=NAME, phone=PHONE, division_id=1111)
    assert find_by_contact(CLERK, phone=PHONE, purpose="ask", at=NOON) == []
    [entry] = looks(act="case.find")
    assert (entry.details["rows"], entry.holders) == (0, [])
    assert looks(act="case.found") == []


def test_only_whoever_may_open_contacts_looks_for_persons(raised, squad):
    raised(name=NAME, phone=PHONE)
    grid = officer(Role.GRID_WORKER, "1.2.12.112.", user_id=71)
    with pytest.raises(NotPermitted):
        find_by_contact(grid, phone=PHONE, purpose="ask", at=NOON)
    assert find_by_contact(squad, phone=PHONE, purpose="ask", at=NOON) == []
    with pytest.raises(InvalidInput):
        find_by_contact(CLERK, phone=PHONE, purpose="curious", at=NOON)
    with pytest.raises(InvalidInput):
        find_by_contact(CLERK, purpose="ask", at=NOON)
    assert looks(act="case.found") == []


def test_a_broken_glass_does_not_find_persons(raised):
    raised(name=NAME, phone=PHONE)
    grants = (*ELSEWHERE.grants, Grant(Role.GLASS, None, search="1.2."))
    looking = Actor("看一眼", grants, ("user:41",), 41, 41, "staff")
    assert len(found(looking, "楼道灯")) == 1
    assert find_by_contact(looking, phone=PHONE, purpose="ask", at=NOON) == []


def test_an_anonymous_matter_has_nothing_to_be_found_by(raised):
    raised(LIN, anonymous=True, name=NAME, phone=PHONE)
    assert find_by_contact(CLERK, phone=PHONE, purpose="ask", at=NOON) == []
    assert find_by_contact(CLERK, name=NAME, purpose="ask", at=NOON) == []


def test_the_database_answers_what_python_says(raised):
    texts = ["楼道灯不亮，2号楼。", "井盖坏了", "LED 灯", "的"]
    numbers = {raised(body=text).number: text for text in texts}
    for asking in ("楼道灯", "灯", "2号", "号楼", "led", "led 灯", "的", "井盖坏", "坏井"):
        wanted = {n for n, text in numbers.items() if fulltext.matches(text, asking)}
        assert set(found(CLERK, asking)) == wanted, asking
