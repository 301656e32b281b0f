"""渝快办: to the provider and back, with a way by telephone wherever it fails."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from yukuai.accounts.access import landing, public, reading, resident
from yukuai.accounts.actions import enter_from_outside, link_outside, unlink_outside
from yukuai.accounts.actions.outside import Identity
from yukuai.accounts.policy import ANYBODY
from yukuai.accounts.queries import get_me
from yukuai.accounts.signin import outside
from yukuai.accounts.signin.codes import send_code
from yukuai.accounts.signin.targets import wanted_page
from yukuai.kernel import clock
from yukuai.kernel.errors import DomainError, NotFound
from yukuai.kernel.limits import address_of, hit
from yukuai.kernel.web import NOT_FOUND

TRIES, WITHIN = 30, 600


@public
@never_cache
@require_POST
def begin(request: Any) -> HttpResponse:
    _must_exist()
    if request.actor.kind == "staff":
        return redirect("work:today")
    if request.actor.kind == "resident":
        return HttpResponseRedirect(wanted_page(request, default="/"))
    return _go(request, outside.LOGIN, wanted_page(request, default="/"))


@resident
@never_cache
@require_POST
def connect(request: Any) -> HttpResponse:
    _must_exist()
    return _go(request, outside.CONNECT, reverse("portal:me"))


@landing
@never_cache
@require_GET
def come_back(request: Any) -> HttpResponse:
    _must_exist()
    try:
        state, identity = outside.finish(request)
        if state["process"] == outside.CONNECT:
            return _link(request, identity)
        return _enter(request, identity, state["next"])
    except DomainError as error:
        return _refused(request, error)


@resident
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def disconnect(request: Any) -> HttpResponse:
    _must_exist()
    name = outside.provider_name()
    if request.method == "POST":
        if unlink_outside(request.actor, at=clock.now()):
            messages.success(request, f"断开了。以后{name}账号打不开这个账户。")
        return redirect("portal:me")
    way = f"断开以后，{name}账号打不开这个账户，请用手机号登录。"
    if not get_me(request.actor).phone:
        way = (
            f"这个账户没有绑手机号，断开以后就进不来了；再用{name}登录，是一个新账户。"
            "里面的事凭单号和查询码还能查。"
        )
    return TemplateResponse(request, "portal/me/outside_end.html", {"outside": name, "way": way})


def _go(request: Any, process: str, target: str) -> HttpResponse:
    try:
        hit(f"outside:{address_of(request)}", limit=TRIES, per_seconds=WITHIN, at=clock.now())
        return HttpResponseRedirect(outside.begin(request, process=process, next_url=target))
    except DomainError as error:
        return _refused(request, error)


def _enter(request: Any, identity: Identity, target: str) -> HttpResponse:
    at = clock.now()
    user = enter_from_outside(ANYBODY, identity=identity, at=at)
    if user is not None:
        return outside.enter(request, user, next_url=target)
    outside.keep_pending(request, identity, at=at)
    send_code(request, phone=identity.phone, at=at)
    return HttpResponseRedirect(f"{reverse('portal:signin')}?{urlencode({'next': target})}")


def _link(request: Any, identity: Identity) -> HttpResponse:
    link_outside(request.actor, identity=identity, at=clock.now())
    request.session.pop("holders", None)  # a telephone may have come with it
    messages.success(request, f"连上了。以后也可以用{identity.source}账号登录。")
    return redirect("portal:me")


def _refused(request: Any, error: DomainError) -> HttpResponse:
    """A sentence, and the other ways: never a bare error."""
    context = {
        "outside": outside.provider_name(),
        "sentence": error.message,
        "known": request.actor.kind == "resident",
    }
    with reading(request):
        page = TemplateResponse(request, "signin/outside.html", context, status=error.status)
        return page.render()


def _must_exist() -> None:
    if not outside.provider_name():
        raise NotFound(NOT_FOUND)
