"""回访清单: whom to call back; one tap to the form, and back to the next."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.cases.actions import call_again
from yukuai.cases.callbacks import (
    TIMES,
    count_tries,
    get_callback,
    group_callbacks,
    list_callbacks,
    tries_allowed,
)
from yukuai.cases.states import CaseState
from yukuai.kernel import clock
from yukuai.workbench.admin.asking import AdminForm, ask_or_act, attempt, looking, typed
from yukuai.workbench.admin.paging import ascending
from yukuai.workbench.fields import choice

P = Permission


class AgainForm(AdminForm):
    prefers = choice("什么时候再打", TIMES, "选什么时候再打。")
    tried = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


@staff(P.CASE_VISIT)
@require_safe
def callbacks(request: Any) -> HttpResponse:
    at = clock.now()
    page = ascending(request, list_callbacks(request.actor), ("due_at", "pk"))
    groups = group_callbacks(page.rows, at=at)
    context = {"page": page, "groups": groups, "now": at, "crumbs": []}
    return TemplateResponse(request, "work/callbacks/list.html", context)


@staff(P.CASE_VISIT)
@ask_or_act
def again(request: Any, number: str) -> HttpResponse:
    """没打通: when to try again, and what happens after the last try."""
    at, actor = clock.now(), request.actor
    with looking(request):
        case = get_callback(actor, number=number)
        tried = count_tries(actor, case=case)
        most = tries_allowed(actor, case=case, at=at)
    last = tried + 1 >= most
    form = AgainForm(typed(request), initial={"tried": tried, "prefers": "later"})
    if request.method == "POST":
        done = attempt(form, lambda: call_again(actor, case_id=case.pk, **form.cleaned_data, at=at))
        if done is not None:
            over = done.state == CaseState.CLOSED
            said = f"{number} 按联系不上记下，办结了。" if over else f"记下了，{number} 过后再打。"
            messages.success(request, said)
            return HttpResponseRedirect(reverse("work:callbacks"))
    lead = f"已经打过 {tried} 次，最多打 {most} 次。"
    follows = "记下这一次，就按联系不上办结，居民还能自己评价。" if last else ""
    context = {
        "form": form,
        "title": f"{number} 没打通",
        "lead": f"{lead}{follows}",
        "button": "记下，按联系不上办结" if last else "记下，过后再打",
        "no": "不记了",
        "back_url": reverse("work:callbacks"),
        "crumbs": [{"label": "回访清单", "url": reverse("work:callbacks")}, {"label": number}],
    }
    return TemplateResponse(request, "work/admin/form.html", context, status=form.status)
