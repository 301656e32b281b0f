"""区划: the tree, as it is and as it was on a day, and what became of a place."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse, reverse_lazy
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Actor, Permission, check
from yukuai.divisions.queries import (
    describe,
    find_divisions,
    get_division,
    list_ancestors,
    list_changes,
    list_children,
    list_codes,
    list_places,
    list_successors,
)
from yukuai.divisions.rules import PARENTS
from yukuai.divisions.states import DivisionKind
from yukuai.kernel.errors import NotFound
from yukuai.workbench.admin.asking import DayField
from yukuai.workbench.admin.paging import tidy
from yukuai.workbench.admin.places import own_division
from yukuai.workbench.fields import line

if TYPE_CHECKING:
    from datetime import date

    from yukuai.divisions.models import Division

P = Permission
CRUMB: dict[str, Any] = {"label": "区划", "url": reverse_lazy("work:divisions")}
HITS = 50
CHANGES = 50
NOT_OURS = "不归您管，请上一级的系统管理员来办。"
ACTS = (
    ("found", "设立下级", "plus", "新的街道、社区、网格、小区。"),
    ("rename", "更名", "doc", "旧名照样查得到。"),
    ("move", "划转", "send", "划到另一个上级下面，下级跟着走。"),
    ("merge", "撤并", "layers", "并入同级的另一个，它就撤销了。"),
)


class LookForm(forms.Form):
    use_required_attribute = False
    q = line("找区划", required=False)
    on = DayField("看哪一天的", required=False)


@staff(P.DIVISION_MANAGE)
@require_safe
def divisions(request: Any) -> HttpResponse:
    """What a search finds, abolished ones too; without one, the administrator's own place."""
    actor, text = request.actor, tidy(request.GET.get("q", ""))
    if text:
        context = {
            "form": LookForm(request.GET),
            "q": text,
            "hits": find_divisions(actor, text=text, limit=HITS, abolished=True),
            "most": HITS,
            "crumbs": [CRUMB, {"label": f"找“{text}”"}],
        }
        return TemplateResponse(request, "work/admin/divisions/found.html", context)
    own = own_division(actor, P.DIVISION_MANAGE)
    if own is None:
        roots = list_children(actor)
        own = get_division(actor, division_id=roots[0].id) if roots else None
    if own is None:
        context = {"form": LookForm(), "crumbs": [CRUMB]}
        return TemplateResponse(request, "work/admin/divisions/none.html", context)
    return _page(request, own)


@staff(P.DIVISION_MANAGE)
@require_safe
def division(request: Any, division_id: int) -> HttpResponse:
    return _page(request, get_division(request.actor, division_id=division_id))


def division_url(division: "Division") -> str:
    return reverse("work:division", args=[division.pk])


def crumbs_of(actor: Actor, division: "Division", *further: str) -> list[dict[str, Any]]:
    """区划 › the city › the district › the place itself; `further` for a form about it."""
    above = [*list_ancestors(actor, division=division), division]
    links = [{"label": place.name, "url": division_url(place)} for place in above]
    return [CRUMB, *links, *[{"label": label} for label in further]]


def may_change(actor: Actor, division: "Division") -> bool:
    """A change of a place is for whoever is in charge of the place above it."""
    return bool(check(actor, P.DIVISION_MANAGE, division.parent or division))


def _page(request: Any, division: "Division") -> HttpResponse:
    actor, form = request.actor, LookForm(request.GET)
    on = form.cleaned_data.get("on") if form.is_valid() else None
    then, objection = _then(actor, division, on)
    gone = division.valid_to is not None
    changes = list(list_changes(actor, division_id=division.pk)[:CHANGES])
    context = {
        "form": form,
        "division": division,
        "place": "" if gone else list_places(actor, division_ids=[division.pk])[division.pk],
        "then": then,
        "on": on,
        "objection": objection,
        "children": [] if objection else list_children(actor, parent_id=division.pk, on=on),
        "kinds": dict(DivisionKind.choices),
        "changes": changes,
        "codes": list(list_codes(actor, division_id=division.pk)),
        "successors": list_successors(actor, division=division),
        "acts": [] if on or gone else _acts(actor, division),
        "crumbs": crumbs_of(actor, division) if not gone else [CRUMB, {"label": division.name}],
    }
    return TemplateResponse(request, "work/admin/divisions/page.html", context)


def _then(actor: Actor, division: "Division", on: "date | None") -> tuple[Any, str]:
    if on is None:
        return None, ""
    try:
        return describe(actor, division_id=division.pk, on=on), ""
    except NotFound as error:
        return None, error.message


def _acts(actor: Actor, division: "Division") -> list[dict[str, Any]]:
    """A refused act keeps its place and says why."""
    above = "" if may_change(actor, division) else NOT_OURS
    root = division.parent_id is None
    problems = {
        "found": _found_problem(actor, division),
        "rename": above,
        "move": "市没有上级，不能划转。" if root else above,
        "merge": "市不能撤并。" if root else above,
    }
    return [
        {
            "name": name,
            "label": label,
            "icon": icon,
            "url": reverse(f"work:division-{name}", args=[division.pk]),
            "allowed": not problems[name],
            "why": f"不能：{problems[name]}" if problems[name] else why,
        }
        for name, label, icon, why in ACTS
    ]


def _found_problem(actor: Actor, division: "Division") -> str:
    if not any(division.kind in parents for parents in PARENTS.values()):
        return "这一级下面不再分。"
    return "" if check(actor, P.DIVISION_MANAGE, division) else NOT_OURS
