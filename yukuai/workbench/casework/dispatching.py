"""The tree of units beside the form of 派单, as parts/tree.html takes it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from yukuai.accounts.policy import Actor
from yukuai.cases.targets import (
    Target,
    advise_unit,
    flatten,
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
    picked = chosen or (advice.target.key if advice and not text else "")
    shown = narrow(targets, text=text) if text.strip() else targets
    elsewhere = list_elsewhere(actor, case=case, text=text) if text.strip() else []
    return {
        "nodes": [_node(target, picked, depth=0) for target in shown],
        "advice": advice,
        "picked": next((t for t in flatten(targets) if t.key == picked), None),
        "elsewhere": [
            {"id": f"elsewhere-{place}", "label": hit.place, "why": hit.why}
            for place, hit in enumerate(elsewhere)
        ],
        "q": text,
        "matches": sum(text.strip() in t.name for t in flatten(shown)) if text else 0,
        "promised": str(promised_term(case)),
        "sign": str(sign_term(case)),
    }


def _node(target: Target, picked: str, *, depth: int) -> dict[str, Any]:
    children: Sequence[dict[str, Any]] = [
        _node(child, picked, depth=depth + 1) for child in target.children
    ]
    return {
        "id": target.key,
        "label": target.name,
        "meta": f"在办 {target.load} 件" if not target.why else "",
        "why": target.why,
        "open": bool(children),
        "children": children,
        "selected": target.key == picked,
    }
