"""The files the product ships, and what is said about files that cannot be used."""

from collections import Counter
from datetime import date, timedelta

import pytest

from config.environment import BASE
from yukuai.kernel.errors import InvalidInput
from yukuai.workflow.calendar import REMINDERS, SATURDAY, Term
from yukuai.workflow.loading import read_rule_pack, read_special_days
from yukuai.workflow.rule_packs import term_of

chinese_calendar = pytest.importorskip("chinese_calendar")

CALENDAR = BASE / "seed/special_days.csv"
PACKS = BASE / "seed/rulepacks"
HEAD = "day,working,name,source\n"


def test_the_calendar_agrees_with_the_published_one_on_every_day_of_its_years():
    special = {d.day: d.working for d in read_special_days(CALENDAR)}
    day = date(2024, 1, 1)
    while day < date(2027, 1, 1):
        ours = special.get(day, day.weekday() < SATURDAY)
        assert ours == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_the_calendar_names_the_notice_of_each_year():
    assert Counter((d.day.year, d.source) for d in read_special_days(CALENDAR)) == {
        (2024, "国务院办公厅关于2024年部分节假日安排的通知（国办发明电〔2023〕7号）"): 27,
        (2025, "国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）"): 23,
        (2026, "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）"): 25,
    }


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("2026-02-30,no,春节,甲\n", "第 2 行：日期“2026-02-30”要写成 2026-02-16 这样"),
        ("2026-02-16,maybe,春节,甲\n", "第 2 行：working 只能是 yes（上班）或 no（放假）"),
        ("2026-02-14,no,春节,甲\n", "第 2 行：2026-02-14 和平常的星期一样，不用列出"),
        ("2026-02-16,no,春节,\n", "第 2 行：name 和 source 都要写"),
        ("2026-02-16,no,春节,甲\n" * 2, "第 3 行：2026-02-16 写了两次"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path, rows, why):
    path = tmp_path / "days.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_special_days(path)
    assert refused.value.message == f"days.csv 没有装入。{why}。"


def test_a_calendar_with_other_columns_is_refused(tmp_path):
    path = tmp_path / "days.csv"
    path.write_text("day,name\n2026-02-16,春节\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match="第一行要是 day,working,name,source"):
        read_special_days(path)


def test_the_pack_for_cases_of_2026_says_what_the_platform_promises():
    pack = read_rule_pack(PACKS / "case-2026.toml")
    assert {name: term_of(raw) for name, raw in pack.params["terms"].items()} == {
        "accept": Term(working_days=1),
        "triage": Term(working_days=1),
        "dispatch": Term(working_days=1),
        "sign": Term(working_days=1),
        "sign-urgent": Term(hours=2),
        "urgent": Term(hours=2),
        "consult": Term(working_days=1),
        "private": Term(working_days=2),
        "minor": Term(working_days=5),
        "major": Term(working_days=10),
        "approve": Term(working_days=1),
        "review": Term(working_days=2),
        "visit": Term(working_days=3),
        "close": Term(working_days=1),
        "rate": Term(days=7),
        "help": Term(working_days=3),
        "supervision": Term(working_days=2),
    }
    assert {name: raw["value"] for name, raw in pack.params["limits"].items()} == {
        "extension": 1,
        "extension_percent": 100,
        "reopen": 1,
        "reminders": list(REMINDERS),
    }


def test_the_second_version_adds_the_clock_of_a_ruling_and_changes_nothing_else():
    first, second = (read_rule_pack(PACKS / f"case-2026{n}.toml") for n in ("", "-2"))
    assert (first.version, second.version) == (1, 2)
    assert (first.code, first.effective_from) == (second.code, second.effective_from)
    added = second.params["terms"].pop("arbitrate")
    assert term_of(added) == Term(working_days=2)
    assert first.params == second.params


def test_every_value_of_every_pack_says_where_it_comes_from():
    for path in PACKS.glob("*.toml"):
        pack = read_rule_pack(path)
        terms, limits = pack.params.get("terms", {}), pack.params.get("limits", {})
        for raw in (*terms.values(), *limits.values()):
            law = raw.get("article", "人民调解法第")
            assert raw["source"].startswith(("产品设定", law)), path


PACK = """
subject = "case"
code = "case-x"
version = 1
effective_from = 2026-01-01
source = "产品设定"
[terms.accept]
label = "受理"
working_days = 1
source = "产品设定"
"""


@pytest.mark.parametrize(
    ("was", "becomes", "why"),
    [
        ("working_days = 1", "", "terms.accept：working_days、days、hours 三样里只写一样"),
        ("working_days = 1", "days = 1\nhours = 1", "三样里只写一样"),
        ("working_days = 1", "working_days = 0", "是 1 以上的整数"),
        ("working_days = 1", "working_days = 1.5", "是 1 以上的整数"),
        ("working_days = 1", "working_days = true", "是 1 以上的整数"),
        ('days = 1\nsource = "产品设定"', "days = 1", "terms.accept：没有写出处（source）"),
        ('label = "受理"', 'label = " "', "terms.accept：没有写名称（label）"),
        ('label = "受理"', f'label = "{"受" * 61}"', "terms.accept：名称（label）太长，最多 60 字"),
        ('code = "case-x"', "", "没有写 code"),
        ("2026-01-01", '"2026-01-01"', "effective_from 要写成不带引号的日期"),
        (
            "2026-01-01",
            "2026-01-01\neffective_to = 2026-01-01",
            "effective_to 要晚于 effective_from",
        ),
        ("[terms.accept]", "[term.accept]", "terms：至少要有一个期限"),
        (
            "working_days = 1",
            'working_days = 1\n[limits.reopen]\nlabel = "重开"',
            "limits.reopen：没有 value",
        ),
        (
            "working_days = 1",
            'working_days = 1\n[limits.reminders]\nlabel = "提醒"\nvalue = [50]',
            "limits.reminders：提醒档次目前只能是 [50, 80, 100]",
        ),
        ('label = "受理"', 'label = "受理"\narticle = " "', "terms.accept：article 是空的"),
        ("version = 1", "version = ", "不是能读的 TOML"),
    ],
)
def test_a_pack_that_cannot_rule_is_refused_with_the_entry(tmp_path, was, becomes, why):
    path = tmp_path / "case.toml"
    path.write_text(PACK.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_rule_pack(path)
    assert why in refused.value.message
    assert refused.value.message.startswith("case.toml ")


KINDS = {
    "whole": ("3", "-1", "true", '"3"'),
    "range": ("[3, 7]", "[7, 3]", "[3]", '["a", "b"]'),
    "flag": ("false", "0", '"false"'),
    "share": ('">=1/3"', '"1/3"', '">=1/0"', '">0.5"'),
    "choice": ('"ISSUED"', '"OTHER"', '"issued"', "1"),
    "codes": ('["KIN", "VOTERS"]', "[]", '["KIN", "KIN"]', '"KIN"', '["kin"]'),
}
LIMIT = """
[limits.one]
label = "一"
source = "产品设定"
among = ["ISSUED", "SIGNED_IN"]
kind = "{kind}"
value = {value}
"""


@pytest.mark.parametrize(
    ("kind", "value", "fits"),
    [(kind, v, not n) for kind, values in KINDS.items() for n, v in enumerate(values)],
)
def test_a_limit_of_a_kind_is_held_to_it(tmp_path, kind, value, fits):
    path = tmp_path / "case.toml"
    path.write_text(PACK + LIMIT.format(kind=kind, value=value), encoding="utf-8")
    if fits:
        assert read_rule_pack(path).params["limits"]["one"]["kind"] == kind
        return
    with pytest.raises(InvalidInput, match=r"limits\.one：value 要是"):
        read_rule_pack(path)


def test_a_limit_of_an_unknown_kind_is_refused(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(PACK + LIMIT.format(kind="float", value="0.5"), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"limits\.one：kind 只能是 whole、range"):
        read_rule_pack(path)


def test_a_pack_without_a_jurisdiction_rules_everywhere(tmp_path):
    path = tmp_path / "case.toml"
    path.write_text(PACK, encoding="utf-8")
    pack = read_rule_pack(path)
    assert (pack.jurisdiction, pack.effective_to, str(pack)) == ("", None, "case-x 第1版")
