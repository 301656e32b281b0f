"""没送到的短信: whom to telephone instead, in one's own area."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Permission
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput
from yukuai.messaging.actions import finish_call, reopen_call, reveal_call
from yukuai.messaging.actions.calls import PURPOSES
from yukuai.messaging.queries import get_call, list_calls
from yukuai.workbench.admin.paging import by_moment

P = Permission
CRUMB = {"label": "没送到的短信", "url": "/work/calls/"}


@staff(P.CASE_VISIT)
@require_safe
def calls(request: Any) -> HttpResponse:
    done = "done" in request.GET
    page = by_moment(request, list_calls(request.actor, done=done), "created_at")
    return TemplateResponse(request, "work/calls/list.html", {"page": page, "done": done})


@staff(P.CASE_VISIT)
@never_cache
@require_http_methods(["GET", "POST"])
def phone(request: Any, call_id: int) -> HttpResponse:
    """The purpose first; then number and words, once, on a page that is kept nowhere."""
    if request.method == "GET":
        return _ask(request, call_id, "", 200)
    with reading(request):
        call = get_call(request.actor, call_id=call_id)
    purpose = request.POST.get("purpose", "")
    try:
        found = reveal_call(request.actor, call_id=call_id, purpose=purpose, at=clock.now())
    except InvalidInput as error:
        with reading(request):
            return _ask(request, call_id, error.message, error.status).render()
    context = {"call": call, "found": found, "purpose": PURPOSES[purpose], "crumbs": _crumbs(call)}
    response = TemplateResponse(request, "work/calls/phone.html", context)
    response["Cache-Control"] = "no-store"
    return response


@staff(P.CASE_VISIT)
@require_POST
def done(request: Any, call_id: int) -> HttpResponse:
    call = finish_call(request.actor, call_id=call_id, at=clock.now())
    messages.success(request, f"记下了：{call.number} 的电话打过了。打错了，在“打过的”里放回来。")
    return redirect("work:calls")


@staff(P.CASE_VISIT)
@require_POST
def again(request: Any, call_id: int) -> HttpResponse:
    call = reopen_call(request.actor, call_id=call_id, at=clock.now())
    messages.success(request, f"{call.number} 的电话放回“还没打的”了。")
    return redirect("work:calls")


def _ask(request: Any, call_id: int, error: str, status: int) -> TemplateResponse:
    call = get_call(request.actor, call_id=call_id)
    context = {
        "call": call,
        "purposes": PURPOSES.items(),
        "likely": "ask" if call.is_reply else "tell",
        "error": error,
        "crumbs": _crumbs(call),
    }
    return TemplateResponse(request, "work/calls/purpose.html", context, status=status)


def _crumbs(call: Any) -> list[dict[str, Any]]:
    return [{**CRUMB, "url": reverse("work:calls")}, {"label": call.number}]
