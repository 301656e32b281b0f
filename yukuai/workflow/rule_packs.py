"""What a RulePack must look like before it may rule anything. Pure: mappings in, sentences out.

params = {"terms": {"accept": {"working_days": 1, "label": "受理", "source": "产品设定"}, …},
          "limits": {"reopen": {"value": 1, "label": …, "source": …}, …}}

A limit may say of what `kind` its value is and is then held to it: `whole`, `range` [least, most],
`flag`, `share` (a comparison like ">1/2" or ">=1/3"), `choice` (of `among`), `codes`. An entry
with an `article` is the law's own; without one it is a default somebody chose.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from yukuai.workflow.calendar import REMINDERS, Term

UNITS = ("working_days", "days", "hours")
SHARE = re.compile(r">=?[1-9]\d{0,3}/[1-9]\d{0,3}")
CODE = re.compile(r"[A-Z][A-Z0-9_]{0,39}")


def _is_whole(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_range(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2 or not all(map(_is_whole, value)):
        return False
    least, most = value
    return bool(least <= most)


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and CODE.fullmatch(value) is not None


def _are_codes(value: Any) -> bool:
    if not isinstance(value, list) or not all(map(_is_code, value)):
        return False
    return 0 < len(value) == len(set(value))


def _is_share(value: Any) -> bool:
    return isinstance(value, str) and SHARE.fullmatch(value) is not None


KINDS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "whole": (_is_whole, "不小于 0 的整数"),
    "range": (_is_range, "[最少, 最多] 两个整数"),
    "flag": (lambda value: type(value) is bool, "true 或 false"),
    "share": (_is_share, '">1/2"、">=1/3" 这样的比较'),
    "choice": (_is_code, "among 里的一个"),
    "codes": (_are_codes, "不重复的大写代码，至少一个"),
}


def term_of(raw: Mapping[str, Any]) -> Term:
    """The length of one entry of `terms`. Raises ValueError."""
    lengths = {unit: raw[unit] for unit in UNITS if unit in raw}
    if any(type(length) is not int or length < 1 for length in lengths.values()):
        raise ValueError("a term is a whole number, 1 or more")
    return Term(**lengths)


def find_faults(params: Mapping[str, Any]) -> Iterator[str]:
    """Each mistake as a sentence, with the entry it is in."""
    terms, limits = params.get("terms", {}), params.get("limits", {})
    if not terms and not limits:
        yield "terms：至少要有一个期限"
    for name, raw in terms.items():
        yield from _unsourced(f"terms.{name}", raw)
        try:
            term_of(raw)
        except ValueError:
            yield f"terms.{name}：working_days、days、hours 三样里只写一样，是 1 以上的整数"
    for name, raw in limits.items():
        yield from _unsourced(f"limits.{name}", raw)
        if "value" not in raw:
            yield f"limits.{name}：没有 value"
        elif "kind" in raw:
            yield from _misfits(f"limits.{name}", raw)
    told = limits.get("reminders", {}).get("value", list(REMINDERS))
    if told != list(REMINDERS):
        yield f"limits.reminders：提醒档次目前只能是 {list(REMINDERS)}"


def _misfits(where: str, raw: Mapping[str, Any]) -> Iterator[str]:
    if raw["kind"] not in KINDS:
        yield f"{where}：kind 只能是 {'、'.join(KINDS)}"
        return
    fits, said = KINDS[raw["kind"]]
    among = raw.get("among", [])
    if not fits(raw["value"]) or (raw["kind"] == "choice" and raw["value"] not in among):
        yield f"{where}：value 要是{said}"


def _unsourced(where: str, raw: Mapping[str, Any]) -> Iterator[str]:
    if "article" in raw and not str(raw["article"]).strip():
        yield f"{where}：article 是空的；法律没有规定的，不写 article"
    for key, word, longest in (("label", "名称", 60), ("source", "出处", 200)):
        said = str(raw.get(key, "")).strip()
        if not said:
            yield f"{where}：没有写{word}（{key}）"
        if len(said) > longest:  # a deadline quotes it
            yield f"{where}：{word}（{key}）太长，最多 {longest} 字"
