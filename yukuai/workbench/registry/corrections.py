"""更正申请: what residents want to have changed in their own records, and the answer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.kernel import clock
from yukuai.registry.actions import note_look, settle_correction
from yukuai.registry.queries.listing import get_community
from yukuai.registry.queries.waiting import get_correction, list_corrections
from yukuai.workbench.admin.asking import ask_or_act, attempt, looking, typed
from yukuai.workbench.registry.forms import SettleForm
from yukuai.workbench.registry.places import crumbs_to, record_url

P = Permission
SHOWN = 200


@staff(P.REGISTRY_EDIT)
@never_cache
@require_safe
def corrections(request: Any, division_id: int) -> HttpResponse:
    here = get_community(request.actor, division_id=division_id)
    context = {
        "here": here,
        "rows": list_corrections(request.actor, area=here.path, most=SHOWN),
        "crumbs": crumbs_to(here, ("更正申请", "")),
    }
    return TemplateResponse(request, "work/registry/corrections.html", context)


@staff(P.REGISTRY_EDIT)
@never_cache
@ask_or_act
def settle(request: Any, claim_id: int) -> HttpResponse:
    """Reading it is a look at the person's record."""
    at = clock.now()
    with looking(request):
        found = get_correction(request.actor, claim_id=claim_id)
        if request.method != "POST":
            note_look(request.actor, row=found.person, at=at)
    here = found.person.division
    form = SettleForm(typed(request))
    if request.method == "POST":
        attempt(form, lambda: _settle(request, form, claim_id, at))
        if not form.errors:
            messages.success(request, "定好了，他会在消息里读到。")
            return redirect("work:registry-corrections", division_id=here.pk)
    list_url = reverse("work:registry-corrections", args=[here.pk])
    context = {
        "found": found,
        "form": form,
        "back_url": list_url,
        "record_url": record_url(found.person),
        "crumbs": crumbs_to(here, ("更正申请", list_url), (found.field.label, "")),
    }
    return TemplateResponse(request, "work/registry/settle.html", context, status=form.status)


def _settle(request: Any, form: SettleForm, claim_id: int, at: Any) -> object:
    return settle_correction(
        request.actor,
        claim_id=claim_id,
        accepted=form.cleaned_data["accepted"] == "yes",
        answer=form.cleaned_data["answer"],
        at=at,
    )
