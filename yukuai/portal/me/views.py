"""我的: what the platform knows of the reader, who looked at it, and the reader's switches."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yukuai.accounts.access import TICKETS_KEY, public, reading, resident
from yukuai.accounts.actions import set_home, set_name
from yukuai.accounts.queries import find_outside_account, get_me
from yukuai.accounts.signin.outside import provider_name
from yukuai.audit.queries import list_my_entries
from yukuai.cases.following import count_following
from yukuai.cases.queries import count_own_open
from yukuai.disputes.queries import count_own_disputes
from yukuai.kernel import clock
from yukuai.kernel.errors import DomainError, InvalidInput
from yukuai.messaging.queries import count_unread
from yukuai.portal.community.chosen import find_community
from yukuai.portal.matters.forms import find_number
from yukuai.portal.me.forms import NameForm
from yukuai.portal.me.texts import said_of_texts
from yukuai.portal.me.viewers import by_day

PAGE = 50


@public
@never_cache
@require_safe
def me(request: Any) -> HttpResponse:
    actor = request.actor
    known = actor.kind == "resident"
    mine = get_me(actor) if known else None
    context = {
        "me": mine,
        "outside": provider_name(),
        "linked": find_outside_account(actor) if mine else None,
        "texts": said_of_texts(actor, mine.phone, at=clock.now()) if mine else None,
        "community": find_community(request),
        "own": count_own_open(actor) if actor.holders else 0,
        "followed": count_following(actor),
        "mediations": count_own_disputes(actor) if known else 0,
        "unread": count_unread(actor) if known else 0,
        "held": len(request.session.get(TICKETS_KEY, ())),
    }
    return TemplateResponse(request, "portal/me/me.html", context)


@resident
@never_cache
@require_POST
def home(request: Any) -> HttpResponse:
    """The community chosen on this device becomes the resident's own, on all of his devices."""
    with reading(request):
        chosen = find_community(request)
    if chosen is None:
        messages.error(request, "先选一个村或社区。")
        return redirect("portal:community")
    set_home(request.actor, division_id=chosen.id, at=clock.now())
    messages.success(request, f"记下了，您住在{chosen.name}。")
    return redirect("portal:me")


@resident
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def name(request: Any) -> HttpResponse:
    if request.method != "POST":
        form = NameForm(initial={"name": get_me(request.actor).name})
        return TemplateResponse(request, "portal/me/name.html", {"form": form})
    form = NameForm(request.POST)
    status = InvalidInput.status
    if form.is_valid():
        try:
            set_name(request.actor, name=form.cleaned_data["name"], at=clock.now())
        except DomainError as error:
            form.add_error("name", error.message)
            status = error.status
        else:
            messages.success(request, "姓名改好了。")
            return redirect("portal:me")
    return TemplateResponse(request, "portal/me/name.html", {"form": form}, status=status)


@public
@never_cache
@require_safe
def viewers(request: Any) -> HttpResponse:
    """What others did with the reader's personal data; of one matter, or of all."""
    number = find_number(request.GET.get("number", ""))
    before = request.GET.get("before", "")
    rows = list_my_entries(request.actor)
    if number:
        rows = rows.filter(target=number)
    if before.isascii() and before.isdigit() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: PAGE + 1])
    rest = f"number={number}&" if number else ""
    context = {
        "days": by_day(found[:PAGE]),
        "number": number,
        "older_url": f"?{rest}before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
        "back": reverse("portal:matter", args=[number]) if number else reverse("portal:me"),
        "nobody": not request.actor.holders,
    }
    return TemplateResponse(request, "portal/me/viewers.html", context)


@public
@require_safe
def privacy(request: Any) -> HttpResponse:
    return TemplateResponse(request, "portal/me/privacy.html")
