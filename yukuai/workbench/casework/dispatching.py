"""The tree of units beside the form of 派单, as parts/tree.html takes it."""

from typing import TYPE_CHECKING, Any

from yukuai.accounts.policy import Actor
from yukuai.cases.targets import (
    NO_CITY,
    Elsewhere,
    Target,
    advise_unit,
    list_elsewhere,
    list_targets,
    narrow,
    promised_term,
    sign_term,
)

if TYPE_CHECKING:
    from yukuai.cases.models import Case


def tree_context(actor: Actor, *, case: "Case", text: str, chosen: str) -> dict[str, Any]:
    """`text` narrows; `chosen` is the key of the unit that is picked."""
    targets = list_targets(actor, case=case)
    advice = advise_unit(targets, case=case)
    shown = narrow(targets, text=text) if text.strip() else targets
    elsewhere = list_elsewhere(actor, case=case, text=text) if text.strip() else []
    nodes = [*(_node(target, chosen) for target in shown), *map(_outside, enumerate(elsewhere))]
    return {
        "nodes": nodes or [_nothing(text)],
        "advice": advice,
        "chosen": chosen,
        "q": text,
        "promised": str(promised_term(case)),
        "sign": str(sign_term(case)),
    }


def _node(target: Target, picked: str) -> dict[str, Any]:
    is_heading = target.why == NO_CITY
    return {
        "id": target.key,
        "label": target.name,
        "meta": "" if target.why else f"在办 {target.load} 件",
        "why": "" if is_heading else target.why,
        "fixed": is_heading,
        "open": bool(target.children),
        "children": [_node(child, picked) for child in target.children],
        "selected": target.key == picked,
    }


def _outside(numbered: tuple[int, Elsewhere]) -> dict[str, Any]:
    place, hit = numbered
    return {"id": f"elsewhere-{place}", "label": hit.place, "why": hit.why}


def _nothing(text: str) -> dict[str, Any]:
    words = f"没有叫“{text}”的单位。换个写法，或者输拼音首字母。"
    return {"id": "nothing", "label": words, "fixed": True}
