"""Step 1: what happened. The category is suggested from the words, never asked for."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yukuai.accounts.access import public, reading
from yukuai.cases.actions.intake import PHOTOS
from yukuai.cases.queries import known_categories, suggest_for
from yukuai.documents.http import attachment_response
from yukuai.documents.queries import get_pending, list_pending
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput, NotFound
from yukuai.kernel.web import NOT_FOUND
from yukuai.portal.raising import pages
from yukuai.portal.raising.draft import Draft, drop_draft, find_draft, keep_draft, new_draft
from yukuai.portal.raising.forms import WhatForm
from yukuai.portal.raising.photos import add_photos, drop_photo

KEPT_LENGTH = 5000
"""Ten times what may be sent: a text too long is kept while its writer makes it shorter."""


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def what(request: Any) -> HttpResponse:
    at = clock.now()
    draft = find_draft(request, at=at) or new_draft(at=at)
    if request.method == "POST":
        return _take(request, draft, at)
    return _page(request, draft, at)


@public
@require_POST
def start(request: Any) -> HttpResponse:
    """With the words typed into the search of the home page; an earlier draft keeps the rest."""
    at = clock.now()
    draft = find_draft(request, at=at) or new_draft(at=at)
    typed = WhatForm.base_fields["body"].to_python(request.POST.get("body", ""))
    draft.body = str(typed)[:KEPT_LENGTH]
    with reading(request):
        draft.category_id = suggest_for(request.actor, body=draft.body).category_id
    draft.suggested = draft.category_id is not None
    keep_draft(request, draft, at=at)
    return redirect("portal:raise")


@public
@require_POST
def words(request: Any) -> HttpResponse:
    """While somebody types: the categories and the emergency numbers that the words call for."""
    draft = new_draft(at=clock.now())
    with reading(request):
        categories = known_categories(request.actor)
        form = WhatForm(request.POST, categories=categories)
        form.is_valid()
        _note(request, draft, form)
        context = {
            "chips": pages.chips(categories, chosen=draft.category_id, suggested=draft.suggested),
            "calls": pages.urgent_calls(request.actor, draft.body),
            "swap": True,
        }
    return TemplateResponse(request, "portal/raising/words.html", context)


@public
@require_safe
def photo(request: Any, place: int) -> HttpResponse:
    """The small form of the draft's own photo, by its place in the row."""
    at = clock.now()
    draft = find_draft(request, at=at)
    if draft is None or not 1 <= place <= len(draft.photos):
        raise NotFound(NOT_FOUND)
    token = draft.photos[place - 1]
    pending = get_pending(request.actor, token=token, session=draft.photo_secret, at=at)
    response = attachment_response(pending, "thumb")
    response["Cache-Control"] = "no-store"  # the place may show another photo next time
    return response


def _take(request: Any, draft: Draft, at: datetime) -> HttpResponse:
    act = request.POST.get("act", "next")
    if act == "clear":
        drop_draft(request)
        return redirect("portal:raise")
    with reading(request):
        form = WhatForm(request.POST, request.FILES, categories=known_categories(request.actor))
        valid = form.is_valid()
        _note(request, draft, form)
    if act.startswith("drop-"):
        drop_photo(request, draft, act.removeprefix("drop-"), at=at)
    for problem in add_photos(request, draft, request.FILES.getlist("photos"), at=at):
        form.add_error("photos", problem)
        valid = False
    keep_draft(request, draft, at=at)
    if act in {"next", "save"} and "photos" in form.errors:
        act = "next"  # to say what is wrong with them
    elif act != "next":
        return _saved(request, act)
    if valid:
        return redirect("portal:raise-where")
    with reading(request):
        return _page(request, draft, at, form=form, status=InvalidInput.status)


def _saved(request: Any, act: str) -> HttpResponse:
    if act == "save":
        messages.success(request, "存好了。七天内用这台手机打开“反映”，可以接着写。")
    return redirect("portal:raise")


def _note(request: Any, draft: Draft, form: WhatForm) -> None:
    """Also from a form with mistakes: what was typed stays. A category that nobody chose is
    suggested from the words, and is said to be so."""
    draft.body = str(form.fields["body"].to_python(form.data.get("body", "")))[:KEPT_LENGTH]
    chosen = form.cleaned_data.get("category")
    if chosen is None or str(chosen) == form.data.get("suggested", ""):
        draft.category_id = suggest_for(request.actor, body=draft.body).category_id
        draft.suggested = draft.category_id is not None
    else:
        draft.category_id, draft.suggested = chosen, False


def _page(
    request: Any, draft: Draft, at: datetime, *, form: WhatForm | None = None, status: int = 200
) -> HttpResponse:
    """A step of a reading."""
    categories = known_categories(request.actor)
    photos = pending_photos(request, draft, at=at)
    context = {
        "steps": pages.STEPS,
        "step": 1,
        "form": form or WhatForm(initial={"body": draft.body}, categories=categories),
        "draft": draft,
        "photos": range(1, photos + 1),
        "room": PHOTOS - photos,
        "chips": pages.chips(categories, chosen=draft.category_id, suggested=draft.suggested),
        "calls": pages.urgent_calls(request.actor, draft.body),
    }
    return TemplateResponse(request, "portal/raising/what.html", context, status=status)


def pending_photos(request: Any, draft: Draft, *, at: datetime) -> int:
    """How many photos of the draft are still there; they are kept for a day."""
    if not draft.photos:
        return 0
    found = list_pending(request.actor, tokens=draft.photos, session=draft.photo_secret, at=at)
    return len(found)
