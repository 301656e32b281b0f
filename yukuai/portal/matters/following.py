"""Follow a matter by number and code, without an account."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from yukuai.accounts.access import TICKETS_KEY, public, reading, remember_ticket
from yukuai.cases.queries import find_ticket
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput, TooMany
from yukuai.kernel.limits import address_of, hit
from yukuai.portal.matters.forms import FollowForm, find_number, tidy_number
from yukuai.portal.raising.draft import SENT_KEY

WINDOW = 600
TRIES_OF_ADDRESS = 30
TRIES_OF_NUMBER = 10
WRONG = "单号和查询码对不上。请对着回执再看一遍，字母和数字都要对。"
AT_WORK = "您现在登录的是工作台。要查自己的事，请先退出，或者换一个浏览器。"


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: Any) -> HttpResponse:
    if request.method == "POST":
        return _open(request, FollowForm(request.POST), clock.now())
    return _page(
        request, FollowForm(initial={"number": find_number(request.GET.get("number", ""))})
    )


def _open(request: Any, form: FollowForm, at: datetime) -> HttpResponse:
    """One sentence for every mistake: nobody learns which numbers exist."""
    if not form.is_valid():
        return _page(request, form, status=InvalidInput.status)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    try:
        _count(request, number, at)
    except TooMany as error:
        form.add_error(None, error.message)
        response = _page(request, form, status=error.status)
        response["Retry-After"] = str(error.retry_after)
        return response
    with reading(request):
        key = find_ticket(request.actor, number=number, code=code)
    if key is None or request.actor.kind == "staff":
        form.add_error(None, WRONG if key is None else AT_WORK)
        return _page(request, form, status=InvalidInput.status)
    remember_ticket(request, key)
    return redirect("portal:matter", number=number)


def _count(request: Any, number: str, at: datetime) -> None:
    address = address_of(request)
    hit(f"follow:{address}", limit=TRIES_OF_ADDRESS, per_seconds=WINDOW, at=at)
    hit(f"follow:{tidy_number(number)}", limit=TRIES_OF_NUMBER, per_seconds=WINDOW, at=at)


def _page(request: Any, form: FollowForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "held": len(request.session.get(TICKETS_KEY, ()))}
    return TemplateResponse(request, "portal/matters/follow.html", context, status=status)


@public
@never_cache
@require_POST
def forget(request: Any) -> HttpResponse:
    """A borrowed phone: the matters opened by number and code are no longer held here."""
    for key in (TICKETS_KEY, SENT_KEY):
        request.session.pop(key, None)
    messages.success(request, "这台手机上不再显示凭单号查过的事。下次再用单号和查询码打开。")
    return redirect("portal:matters")
