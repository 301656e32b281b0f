"""What a spec may not say, and the sentence that says so."""

import json

import pytest

from tests.unit.engines.ballots.papers import a_contest, a_spec
from yukuai.engines.ballots.spec import Column, SpecError, load_spec, parse_spec


def test_a_spec_is_read_as_it_is_written():
    spec = load_spec(json.dumps(a_spec(a_contest(columns=["for"]))))
    assert spec.contests[0].columns == (Column.FOR,)
    assert spec.contests[0].options[0].id == "wy1"
    assert (spec.election, spec.batch, spec.seal) == ("e-2026-0001", "QS-01", True)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ([], "选票说明不是一个对象（花括号括起的内容）。"),
        (
            a_spec(election="选举"),
            "选票说明的 election 应当是 1 到 32 个字母、数字、点、横线或下划线。",
        ),
        (
            a_spec(election="a/b"),
            "选票说明的 election 应当是 1 到 32 个字母、数字、点、横线或下划线。",
        ),
        (
            a_spec(batch="x" * 17),
            "选票说明的 batch 应当是 1 到 16 个字母、数字、点、横线或下划线。",
        ),
        (a_spec(title=""), "选票说明的 title 是空的。"),
        (a_spec(title="票" * 41), "选票说明的 title 超过 40 个字，印不下。"),
        (a_spec(title="两\n行"), "选票说明的 title 应当是一行文字。"),
        (a_spec(paper="A3"), "选票说明的 paper 应当是 A4 或 A5。"),
        (a_spec(seal=1), "选票说明的 seal 应当是 true 或 false。"),
        (a_spec(colour="red"), "选票说明有不认识的字段：colour。"),
        (a_spec(contests={}), "选票说明的 contests 应当是 1 到 12 项的列表。"),
        (a_spec(a_contest(), a_contest()), "两个职位用了同一个代号：wy。"),
        (a_spec(a_contest(seats=0)), "选票说明的 contests 第 1 项的 seats 应当是 1 到 99 的整数。"),
        (
            a_spec(a_contest(seats=True)),
            "选票说明的 contests 第 1 项的 seats 应当是 1 到 99 的整数。",
        ),
        (a_spec(a_contest(columns=["against"])), "选票说明的 contests 第 1 项没有赞成栏（for）。"),
        (
            a_spec(a_contest(columns=["for", "for"])),
            "选票说明的 contests 第 1 项里同一栏写了两次：for。",
        ),
        (
            a_spec(a_contest(columns=["for", []])),
            "选票说明的 contests 第 1 项的 columns 第 2 项只能是 for、against 或 abstain。",
        ),
        (
            a_spec(a_contest(options=0, write_ins=0)),
            "选票说明的 contests 第 1 项既没有候选人，也没有“另选他人”的空格。",
        ),
        (
            a_spec(a_contest(options=101)),
            "选票说明的 contests 第 1 项的 options 应当是 0 到 100 项的列表。",
        ),
        (
            a_spec(a_contest(group="men")),
            "选票说明的 contests 第 1 项的 group 应当是 general 或 women。",
        ),
        (
            a_spec(a_contest() | {"options": [{"id": "+1", "name": "田维国"}]}),
            "选票说明的 contests 第 1 项的 options 第 1 项的 id "
            "应当是 1 到 16 个字母、数字、点、横线或下划线。",
        ),
    ],
)
def test_an_error_is_a_sentence_that_names_the_field(said, sentence):
    with pytest.raises(SpecError) as told:
        parse_spec(said)
    assert str(told.value) == sentence


def test_a_missing_field_and_a_broken_file_are_told():
    said = a_spec()
    del said["batch"]
    with pytest.raises(SpecError, match="选票说明缺少字段 batch。"):
        parse_spec(said)
    with pytest.raises(SpecError, match="不是有效的 JSON"):
        load_spec(b"{")


def test_two_options_of_one_contest_may_not_share_an_id():
    twice = a_contest() | {"options": [{"id": "a", "name": "甲"}, {"id": "a", "name": "乙"}]}
    with pytest.raises(SpecError, match="两名候选人用了同一个代号：a。"):
        parse_spec(a_spec(twice))
