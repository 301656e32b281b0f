"""楼栋图: a building as floors × rooms. Whoever may only count sees numbers and no way in."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, check
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.registry.actions import add_entrance
from yukuai.registry.plan import LABELS
from yukuai.registry.queries.homes import get_plan, list_buildings, with_numbers
from yukuai.registry.queries.listing import Here, get_community
from yukuai.registry.queries.reading import get_record
from yukuai.registry.states import Kind
from yukuai.workbench.admin.asking import ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.paging import ascending
from yukuai.workbench.registry.forms import EntranceForm
from yukuai.workbench.registry.places import crumbs_to, record_url

P = Permission


@staff(P.REGISTRY_COUNT)
@never_cache
@require_safe
def buildings(request: Any, division_id: int) -> HttpResponse:
    here = get_community(request.actor, division_id=division_id)
    page = ascending(request, list_buildings(request.actor, area=here.path), ("name", "pk"))
    context = {
        "here": here,
        "rows": with_numbers(request.actor, page.rows),
        "page": page,
        "may_edit": bool(check(request.actor, P.REGISTRY_EDIT, Here(here.path))),
        "crumbs": crumbs_to(here, ("楼栋", "")),
    }
    return TemplateResponse(request, "work/registry/buildings.html", context)


@staff(P.REGISTRY_COUNT)
@never_cache
@require_safe
def plan(request: Any, building_id: int) -> HttpResponse:
    found = get_plan(request.actor, building_id=building_id, on=today(clock.now()))
    here = found.building.division
    list_url = reverse("work:registry-buildings", args=[here.pk])
    context = {
        "plan": found,
        "building": found.building,
        "uses": [(use, LABELS[use], found.uses[use]) for use in LABELS],
        "rooms": sum(found.uses.values()),
        "may_edit": bool(check(request.actor, P.REGISTRY_EDIT, found.building)),
        "record_url": record_url(found.building) if found.named else "",
        "crumbs": crumbs_to(here, ("楼栋", list_url), (found.building.name, "")),
    }
    return TemplateResponse(request, "work/registry/plan.html", context)


@staff(P.REGISTRY_EDIT)
@ask_or_act
def new_entrance(request: Any, building_id: int) -> HttpResponse:
    with looking(request):
        row = get_record(request.actor, kind=Kind.BUILDING, record_id=building_id)
    plan_url = reverse("work:registry-plan", args=[row.pk])
    form = EntranceForm(typed(request))
    if request.method == "POST":
        attempt(
            form,
            lambda: add_entrance(
                request.actor, building_id=row.pk, name=form.cleaned_data["name"], at=clock.now()
            ),
        )
        if not form.errors:
            messages.success(request, f"加好了{form.cleaned_data['name']}。接着登记房屋。")
            return HttpResponseRedirect(plan_url)
    list_url = reverse("work:registry-buildings", args=[row.division_id])
    context = {
        "form": form,
        "title": f"{row.name}加一个单元",
        "button": "加上",
        "no": "不加了",
        "back_url": plan_url,
        "crumbs": crumbs_to(row.division, ("楼栋", list_url), (row.name, plan_url), ("加单元", "")),
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)
