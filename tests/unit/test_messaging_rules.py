from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.environment import BASE
from tests.unit.test_workflow_calendar import shanghai
from yukuai.flows.follower_messages import NEWS
from yukuai.kernel.errors import InvalidInput
from yukuai.messaging.models import Channel
from yukuai.messaging.parts import count_parts
from yukuai.messaging.rules import (
    BACKOFF,
    Traffic,
    deadline_words,
    find_excess,
    find_template_fault,
    is_quiet,
    next_slot,
    next_try,
    render,
)
from yukuai.messaging.templates import read_templates

TEMPLATES = BASE / "seed/message_templates.csv"


def test_a_text_is_filled_with_its_values():
    assert render("单号 {number}，查询码 {code}。", {"number": "Y1", "code": 42}) == (
        "单号 Y1，查询码 42。"
    )


def test_a_value_that_looks_like_a_placeholder_is_only_text():
    assert render("{title}", {"title": "{code}", "code": "secret"}) == "{code}"


def test_a_missing_value_is_a_mistake_of_ours_and_not_sent():
    with pytest.raises(KeyError, match="code"):
        render("{code}", {})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("单号 {number}。", ""),
        ("", "写上内容。"),
        ("  ", "写上内容。"),
        ("单号 {number。", "有一个花括号没有成对，例如 {number}。"),
        ("单号 number}。", "有一个花括号没有成对，例如 {number}。"),
        ("{number.__class__}", "有一个花括号没有成对，例如 {number}。"),
        ("{}", "这里不能用 {}。可以用的：{number}。"),
        ("{phone}", "这里不能用 {phone}。可以用的：{number}。"),
    ],
)
def test_a_template_uses_only_what_is_declared(text, fault):
    assert find_template_fault(text, ["number"]) == fault


def test_a_template_without_placeholders_says_there_are_none():
    assert find_template_fault("{phone}", []) == "这里不能用 {phone}。可以用的：没有。"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (shanghai(2026, 3, 5), "3月4日 24:00 前"),
        (shanghai(2026, 3, 2, 14), "3月2日 14:00 前"),
        (shanghai(2027, 1, 1), "12月31日 24:00 前"),
        (shanghai(2027, 1, 2), "2027年1月1日 24:00 前"),
    ],
)
def test_a_message_says_a_deadline_so_that_it_is_true_on_any_day(due, words):
    assert deadline_words(due, at=shanghai(2026, 3, 2, 12)) == words


@pytest.mark.parametrize(
    ("length", "parts"), [(0, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)]
)
def test_the_parts_of_a_text_are_counted_as_the_network_does(length, parts):
    assert count_parts("汉" * length) == parts


def test_a_sign_outside_the_basic_plane_counts_twice():
    assert count_parts("𠀀" * 35) == 1
    assert count_parts("𠀀" * 36) == 2


@pytest.mark.parametrize(
    ("at", "quiet"),
    [
        (shanghai(2026, 3, 2, 21, 59), False),
        (shanghai(2026, 3, 2, 22), True),
        (shanghai(2026, 3, 3, 0), True),
        (shanghai(2026, 3, 3, 6, 59), True),
        (shanghai(2026, 3, 3, 7), False),
    ],
)
def test_the_night_is_from_ten_to_seven(at, quiet):
    assert is_quiet(at) == quiet


@pytest.mark.parametrize(
    ("at", "slot"),
    [
        (shanghai(2026, 3, 2, 22), shanghai(2026, 3, 3, 7)),
        (shanghai(2026, 3, 3, 3), shanghai(2026, 3, 3, 7)),
        (shanghai(2026, 3, 3, 12), shanghai(2026, 3, 3, 12)),
    ],
)
def test_what_is_not_urgent_waits_for_the_morning(at, slot):
    assert next_slot(at, urgent=False) == slot
    assert next_slot(at, urgent=True) == at


@given(st.integers(0, 100_000))
def test_no_slot_lies_in_the_night_or_in_the_past(minutes):
    at = shanghai(2026, 3, 2) + timedelta(minutes=minutes)
    slot = next_slot(at, urgent=False)
    assert slot >= at
    assert not is_quiet(slot)


def test_attempts_are_spaced_wider_and_wider_and_then_end():
    at = shanghai(2026, 3, 2, 8)
    waits = [next_try(at, attempts=n, urgent=True) - at for n in range(1, len(BACKOFF) + 1)]
    assert waits == [
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=12),
    ]
    assert next_try(at, attempts=len(BACKOFF) + 1, urgent=True) is None


def test_another_attempt_does_not_wake_anybody_either():
    assert next_try(shanghai(2026, 3, 2, 21), attempts=4, urgent=False) == shanghai(2026, 3, 3, 7)


@pytest.mark.parametrize(
    ("traffic", "why"),
    [
        (Traffic(0, 0, 0), ""),
        (Traffic(0, 9, 29), ""),
        (Traffic(1, 1, 1), "一分钟内给这个号码发过同样的短信，每分钟最多 1 条。"),
        (Traffic(0, 10, 10), "一小时内给这个号码发过 10 条，最多 10 条。"),
        (Traffic(0, 0, 30), "一天内给这个号码发过 30 条，最多 30 条。"),
    ],
)
def test_one_telephone_is_not_flooded(traffic, why):
    assert find_excess(traffic) == why


def test_every_text_that_ships_fits_into_one_part_even_with_long_values():
    long = {
        "number": "CQ20261123000123",
        "code": "7K3Q9F",
        "due": "12月31日 24:00 前",
        "until": "2027年12月31日",
        "unit": "北碚区城市管理局",
        "mediator": "欧阳建国",
        "when": "12月31日 14:30",
        "place": "张家花园社区调解室",
        "client": "北碚区城市运行综合服务平台",
        "kind": "长" * 30,
        "news": max(NEWS.values(), key=len),
    }
    texts = [t for t in read_templates(TEMPLATES) if t.channel == Channel.SMS]
    assert len(texts) == 20
    for template in texts:
        text = render(template.text, {name: long[name] for name in template.placeholders})
        assert text.startswith("【渝快社区】")
        assert count_parts(text) == 1, template


def test_only_a_sign_in_code_wakes_people():
    assert [t.code for t in read_templates(TEMPLATES) if t.urgent] == ["sign-in-code"]


def test_what_ships_says_it_the_way_people_here_speak():
    for template in read_templates(TEMPLATES):
        said = template.title + template.text
        assert not set("!！,?;:") & set(said.replace("24:00", "")), template
        assert "温馨提示" not in said


HEAD = "code,channel,urgent,placeholders,title,text\n"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (",sms,no,,,您好。\n", "第 2 行：没有写 code。"),
        ("a,fax,no,,,您好。\n", "第 2 行：channel 只能是 inbox、sms。"),
        ("a,inbox,no,,,您好。\n", "第 2 行：站内消息要有标题。"),
        ("a,sms,no,number,,{name}您好。\n", "第 2 行：这里不能用 {name}。可以用的：{number}。"),
        ("a,sms,no,,,您好。\n" * 2, "第 3 行：a 写了两次。"),
    ],
)
def test_a_row_of_templates_that_cannot_be_used_is_named(tmp_path, rows, why):
    path = tmp_path / "words.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        read_templates(path)
    assert refused.value.message == f"words.csv 没有装入。{why}"
