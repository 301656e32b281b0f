"""Deny by default: a route says who may open it, or the process does not start.

    @public                       anybody, signed in or not
    @resident                     a signed-in resident
    @staff(Permission.CASE_VIEW)  an officer whose post has the permission somewhere
    @landing                      anybody, sent back from another site: a GET that acts
    @bare                         anybody, and nobody is asked who he is: it opens no transaction
    @demo_only                    exists only in demo mode

The decorator also opens the actor's scope: a reading (GET) runs and renders inside one
transaction; a writing (POST) calls one action, which opens its own, and renders inside a new one.
"""

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from yukuai.accounts import actors
from yukuai.accounts.models import Post, User
from yukuai.accounts.policy import ANYBODY, Actor, Permission, require_anywhere
from yukuai.accounts.sessions import POST_KEY, end_reason
from yukuai.kernel import clock
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import scope
from yukuai.kernel.web import NOT_FOUND, Next

View = Callable[..., HttpResponse]
SAFE = {"GET", "HEAD", "OPTIONS"}
TICKETS_KEY = "tickets"
TICKETS_KEPT = 20


class Request(HttpRequest):
    """What views see after the middleware."""

    actor: Actor
    posts: tuple[Post, ...]
    post: Post | None
    number: str


@dataclass(frozen=True)
class Access:
    kind: str
    permission: Permission | None = None
    name: str = ""


class ActorMiddleware:
    """Who acts, in which post. A session that is too old, unused for too long, or whose post has
    ended, ends at the next request."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.posts, request.post = (), None
        at, user = clock.now(), request.user
        ended = user.is_authenticated and end_reason(request.session, kind=user.kind, at=at)
        if ended:
            logout(request)
        request.actor = _visitor(request)
        if ended and user.kind == User.Kind.STAFF:
            return _go(request, f"{reverse('work:signin')}?{ended}=1")
        if not ended and user.is_authenticated:
            if user.kind == User.Kind.RESIDENT:
                request.actor = _resident(request, user)
            elif gone := _take_post(request, user, at):
                return gone
        return self.get_response(request)


def _visitor(request: Any) -> Actor:
    """Somebody not signed in holds the matters whose number and code he has shown."""
    tickets = request.session.get(TICKETS_KEY, ())
    return replace(ANYBODY, holders=tuple(tickets)) if tickets else ANYBODY


def _resident(request: Any, user: User) -> Actor:
    if "holders" not in request.session:
        request.session["holders"] = actors.holders_of(user)
    holders = [*request.session["holders"], *request.session.get(TICKETS_KEY, ())]
    return actors.resident_actor(user, holders)


def forget_keys(request: Any) -> None:
    """A resident's keys have changed: they are read again at his next request."""
    request.session.pop("holders", None)


def remember_ticket(request: Any, key: str) -> None:
    """Number and code were right: this browser holds the matter from now on."""
    tickets = [key, *(k for k in request.session.get(TICKETS_KEY, []) if k != key)]
    request.session[TICKETS_KEY] = tickets[:TICKETS_KEPT]


def _take_post(request: Any, user: User, at: datetime) -> HttpResponse | None:
    request.posts = tuple(actors.list_own_posts(user, at))
    chosen = request.session.get(POST_KEY)
    post = next((p for p in request.posts if p.pk == chosen), None)
    if chosen is not None and post is None:
        logout(request)
        return _go(request, f"{reverse('work:signin')}?ended=1")
    post = post or next(iter(request.posts), None)
    if post is not None:
        if chosen is None:
            request.session[POST_KEY] = post.pk
        request.post = post
        request.actor = actors.staff_actor(user, post)
    return None


def reading(request: Any) -> AbstractContextManager[None]:
    """The transaction in which a view looks things up outside an action."""
    return scope(request.actor.areas, request.actor.holders, by_value=True)


def public(view: View) -> View:
    return _declare(view, Access("public"), lambda request: None)


def landing(view: View) -> View:
    """An address to which another site sends people back: anybody's, and a GET that acts, so that
    it opens its scopes itself as a writing does."""
    return _declare(view, Access("public"), lambda request: None, acts=True)


def bare(view: View) -> View:
    """Anybody's, whoever he is: no transaction is opened for it, it opens one where it must."""
    return _declare(view, Access("public"), lambda request: None, acts=True)


def resident(view: View) -> View:
    def admit(request: Any) -> HttpResponse | None:
        if request.actor.kind != "resident":
            return _sign_in(request, "portal:signin")
        return None

    return _declare(view, Access("resident"), admit)


def staff(permission: Permission | None = None) -> Callable[[View], View]:
    """Without a permission: any officer with a post (inbox, own settings)."""

    def admit(request: Any) -> HttpResponse | None:
        if request.actor.kind != "staff":
            return _sign_in(request, "work:signin")
        if permission is not None:
            require_anywhere(request.actor, permission)
        return None

    return lambda view: _declare(view, Access("staff", permission), admit)


def demo_only(view: View) -> View:
    def admit(request: Any) -> None:
        if not settings.DEMO:
            raise NotFound(NOT_FOUND)

    return _declare(view, Access("demo"), admit)


def _declare(
    view: View,
    access: Access,
    admit: Callable[[Any], HttpResponse | None],
    *,
    acts: bool = False,
) -> View:
    @functools.wraps(view)
    def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if refusal := admit(request):
            return refusal
        if request.method in SAFE and not acts:
            with reading(request):
                return _rendered(view(request, *args, **kwargs))
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse) and not response.is_rendered:
            with reading(request):
                return _rendered(response)
        return response

    run.access = access  # type: ignore[attr-defined]
    return run


def _rendered(response: HttpResponse) -> HttpResponse:
    return response.render() if isinstance(response, TemplateResponse) else response


def _sign_in(request: Any, name: str) -> HttpResponse:
    target = request.get_full_path() if request.method in SAFE else ""
    if request.headers.get("HX-Request"):
        target = request.htmx.current_url_abs_path or ""
    return _go(request, f"{reverse(name)}?next={quote(target)}" if target else reverse(name))


def _go(request: Any, url: str) -> HttpResponse:
    """To another page as a whole, never into the part that htmx was about to swap."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def who(request: Any) -> dict[str, Any]:
    """For templates: the actor, the post in use and the others to switch to."""
    return {
        "actor": getattr(request, "actor", ANYBODY),
        "post": getattr(request, "post", None),
        "posts": getattr(request, "posts", ()),
        "demo": settings.DEMO,
    }
