"""What a RulePack must look like before it may rule anything. Pure: mappings in, sentences out.

params = {"terms": {"accept": {"working_days": 1, "label": "受理", "source": "产品设定"}, …},
          "limits": {"reopen": {"value": 1, "label": …, "source": …}, …}}
"""

from collections.abc import Iterator, Mapping
from typing import Any

from yukuai.workflow.calendar import REMINDERS, Term

UNITS = ("working_days", "days", "hours")


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
    told = limits.get("reminders", {}).get("value", list(REMINDERS))
    if told != list(REMINDERS):
        yield f"limits.reminders：提醒档次目前只能是 {list(REMINDERS)}"


def _unsourced(where: str, raw: Mapping[str, Any]) -> Iterator[str]:
    for key, word, longest in (("label", "名称", 60), ("source", "出处", 200)):
        said = str(raw.get(key, "")).strip()
        if not said:
            yield f"{where}：没有写{word}（{key}）"
        if len(said) > longest:  # a deadline quotes it
            yield f"{where}：{word}（{key}）太长，最多 {longest} 字"
