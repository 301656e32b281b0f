"""分流建议: what was learned from decided matters, how good it is, and which version speaks."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.cases.actions import activate_triage_model, retire_triage_model
from yukuai.cases.learned import Taken, count_taken, get_model, list_models
from yukuai.cases.queries import list_whole_catalogue
from yukuai.kernel import clock
from yukuai.workbench.admin.asking import Question, ask_or_act, confirm, looking
from yukuai.workbench.admin.categories import CRUMB, may_edit

if TYPE_CHECKING:
    from yukuai.cases.models import Category, TriageModel

P = Permission
SHOWN = 20
LEARNED: dict[str, Any] = {"label": "学到的建议", "url": reverse_lazy("work:learned")}


@dataclass(frozen=True)
class Line:
    """One category: figures of the active version in per cent, and how suggestions were taken."""

    name: str
    texts: int
    said: int
    precision: int
    recall: int
    taken: Taken


@staff(P.CATEGORY_MANAGE)
@require_safe
def learned(request: Any) -> HttpResponse:
    at = clock.now()
    versions = list(list_models(request.actor)[:SHOWN])
    active = next((one for one in versions if one.active), None)
    if active is None:
        active = list_models(request.actor).filter(active=True).first()
    taken = count_taken(request.actor, at=at)
    context = {
        "active": active,
        "whole": _whole(active),
        "lines": _lines(list(list_whole_catalogue(request.actor)), active, taken),
        "versions": [(one, _percent(one.figures, "category")) for one in versions],
        "may": may_edit(request.actor),
        "now": at,
        "crumbs": [CRUMB, {"label": "学到的建议"}],
    }
    return TemplateResponse(request, "work/admin/categories/learned.html", context)


@staff(P.CATEGORY_MANAGE)
@ask_or_act
def activate(request: Any, version: int) -> HttpResponse:
    with looking(request):
        row = get_model(request.actor, version=version)
    found = _percent(row.figures, "category")
    question = Question(
        title=f"换上{row}？",
        follows=(
            f"这一版从 {row.texts} 件办完的事里学来。每说 100 次，{found['precision']} 次说得准；"
            f"100 件里 {found['silent']} 件它不说。",
            "居民反映和分流定类时，先看它有没有把握；没把握，再按类别表里的词；都没有，就不建议。",
            "只给建议，由人来定。随时可以换回别的版，或者停用。",
        ),
        yes="换上",
        no="不换",
        back_url=reverse("work:learned"),
        done=f"{row}换上了。",
        danger=False,
        crumbs=[CRUMB, LEARNED, {"label": "换上"}],
    )
    return confirm(
        request,
        question,
        lambda reason: activate_triage_model(
            request.actor, version=version, reason=reason, at=clock.now()
        ),
    )


@staff(P.CATEGORY_MANAGE)
@ask_or_act
def retire(request: Any) -> HttpResponse:
    question = Question(
        title="停用学到的建议？",
        follows=("以后只按类别表里的词给建议。", "学过的各版都留着，随时可以再换上。"),
        yes="停用",
        no="不停",
        back_url=reverse("work:learned"),
        done="停用了。现在只按词给建议。",
        crumbs=[CRUMB, LEARNED, {"label": "停用"}],
    )
    return confirm(
        request,
        question,
        lambda reason: retire_triage_model(request.actor, reason=reason, at=clock.now()),
    )


def _percent(figures: dict[str, Any], head: str) -> dict[str, int]:
    """Whole per cent, rounded down: nothing looks better than it is."""
    found = figures.get(head, {})
    names = ("precision", "recall", "silent", "calibration_error")
    return {name: int(found.get(name, 0)) // 10 for name in names}


def _whole(active: "TriageModel | None") -> dict[str, Any]:
    if active is None:
        return {}
    return {
        "category": _percent(active.figures, "category"),
        "triage": _percent(active.figures, "triage"),
        "words": _percent(active.figures.get("words", {}), "category"),
        "texts": active.figures["category"]["texts"],
    }


def _lines(
    categories: "list[Category]", active: "TriageModel | None", taken: dict[int | None, Taken]
) -> list[Line]:
    figures = active.figures["category"]["labels"] if active else {}
    lines: list[Line] = []
    for one in categories:
        row = figures.get(one.code, {})
        if not one.active and not row:
            continue
        precision, recall = row.get("precision", 0) // 10, row.get("recall", 0) // 10
        said = (row.get("texts", 0), row.get("said", 0), precision, recall)
        lines.append(Line(one.name, *said, taken.get(one.pk, Taken(one.pk))))
    return lines
