"""What outside systems ask besides the description, by category: data, and how it is answered.

A question is a dictionary in `Category.questions`, in the order in which it is asked:
`{"code", "datatype", "required", "question", "hint", "values": [{"key", "name"}]}`. The data types
are those of Open311 GeoReport v2.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

DATATYPES = ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist")
LISTS = ("singlevaluelist", "multivaluelist")
LONGEST = {"string": 200, "text": 500}
MOST_QUESTIONS = 8

Question = Mapping[str, Any]


@dataclass(frozen=True)
class Objection:
    """What is wrong with one answer: the code of its question, in both languages."""

    code: str
    words: str
    english: str


def read_question(row: Mapping[str, str]) -> dict[str, Any]:
    """Of a line of a table; `values` is written `key=name|key=name`. Raises ValueError."""
    datatype = row["datatype"]
    pairs = [pair.partition("=") for pair in row["values"].split("|") if pair]
    if datatype not in DATATYPES or (datatype in LISTS) != bool(pairs):
        raise ValueError(f"{row['category']} {row['code']}: {datatype}, {len(pairs)} values")
    return {
        "code": row["code"],
        "datatype": datatype,
        "required": row["required"] == "yes",
        "question": row["question"],
        "hint": row["hint"],
        "values": [{"key": key, "name": name} for key, _, name in pairs],
    }


def check_answers(
    questions: Sequence[Question], answers: Mapping[str, Sequence[str]]
) -> list[Objection]:
    """Every objection, in the order of the questions; unknown codes come last."""
    known = {question["code"] for question in questions}
    found = [_objection(one, _said(answers.get(one["code"], ()))) for one in questions]
    unknown = [
        Objection(code, f"这个类别没有 {code} 这一问。", f"attribute {code} is not defined.")
        for code in sorted(set(answers) - known)
    ]
    return [one for one in [*found, *unknown] if one]


def write_answers(questions: Sequence[Question], answers: Mapping[str, Sequence[str]]) -> list[str]:
    """One line a question that was answered, in words: “有没有人被困：没有”."""
    lines = []
    for question in questions:
        names = {value["key"]: value["name"] for value in question["values"]}
        said = [names.get(one, one) for one in _said(answers.get(question["code"], ()))]
        if said:
            lines.append(f"{question['question'].rstrip('？?')}：{'、'.join(said)}")
    return lines


def _said(values: Iterable[str]) -> list[str]:
    """An empty answer is no answer: the specification wants the two treated alike."""
    return [value.strip() for value in values if value.strip()]


def _objection(question: Question, said: Sequence[str]) -> Objection | None:
    code, asked = question["code"], question["question"]
    if not said:
        if not question["required"]:
            return None
        words = f"要答 attribute[{code}]：{asked}"
        return Objection(code, words, f"attribute {code} was not provided.")
    wrong = _wrong(question, said)
    if not wrong:
        return None
    return Objection(code, f"attribute[{code}] {wrong}", f"attribute {code} is not valid.")


def _wrong(question: Question, said: Sequence[str]) -> str:
    datatype = question["datatype"]
    if len(said) > 1 and datatype != "multivaluelist":
        return "只能有一个值。"
    if datatype in LISTS:
        keys = {value["key"] for value in question["values"]}
        return "" if keys.issuperset(said) else f"只能用 {'、'.join(sorted(keys))}。"
    return _PLAIN[datatype](said[0])


def _string(said: str) -> str:
    if "\n" in said or "\r" in said:
        return "不能换行。"
    return _long(said, LONGEST["string"])


def _long(said: str, limit: int) -> str:
    return f"太长了，最多 {limit} 字。" if len(said) > limit else ""


def _number(said: str) -> str:
    try:
        return "" if math.isfinite(float(said)) and len(said) < 40 else "要写一个数。"
    except ValueError:
        return "要写一个数。"


def _moment(said: str) -> str:
    try:
        datetime.fromisoformat(said)
    except ValueError:
        return "要写 ISO 8601 的时间，例如 2026-03-02T12:00:00+08:00。"
    return ""


_PLAIN = {
    "string": _string,
    "text": lambda said: _long(said, LONGEST["text"]),
    "number": _number,
    "datetime": _moment,
}
