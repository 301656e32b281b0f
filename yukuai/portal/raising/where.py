"""Step 2: where, and how to reach the person. What is known stands there already."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yukuai.accounts.access import public, reading
from yukuai.accounts.queries import Me
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput
from yukuai.portal.community.chosen import Community, find_community, find_living
from yukuai.portal.raising import pages
from yukuai.portal.raising.draft import Draft, find_draft, keep_draft
from yukuai.portal.raising.forms import NAMED, UNNAMED, WhereForm

NO_COMMUNITY = "选一个村或社区。找不到时，可以选街道里最近的社区。"


@dataclass(frozen=True)
class Known:
    """What the platform knows already."""

    community: Community | None
    me: Me | None


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def where(request: Any) -> HttpResponse:
    at = clock.now()
    draft = find_draft(request, at=at)
    if draft is None or not draft.body:
        return redirect("portal:raise")
    if request.method == "POST":
        return _take(request, draft, at)
    return _page(request, draft, known(request, draft))


def known(request: Any, draft: Draft) -> Known:
    """A step of a reading. The draft's own community, otherwise the one the reader is in."""
    actor = request.actor
    chosen = find_living(actor, division_id=draft.division_id) if draft.division_id else None
    return Known(chosen or find_community(request), pages.known_person(actor))


def _take(request: Any, draft: Draft, at: datetime) -> HttpResponse:
    act = request.POST.get("act", "next")
    with reading(request):
        facts = known(request, draft)
    form = WhereForm(request.POST, phone_known=_phone_known(draft, facts.me))
    valid = form.is_valid()
    _note(draft, form, facts)
    draft.where_done = valid and facts.community is not None
    if act in {"other-phone", "own-phone"}:
        draft.other_phone = act == "other-phone"
    keep_draft(request, draft, at=at)
    if act != "next":
        return _elsewhere(act)
    if draft.where_done:
        return redirect("portal:raise-check")
    with reading(request):
        return _page(request, draft, facts, form=form, status=InvalidInput.status)


def _elsewhere(act: str) -> HttpResponse:
    """Away from this step, with everything kept."""
    if act == "back":
        return redirect("portal:raise")
    if act == "change":
        return HttpResponseRedirect(f"{reverse('portal:community')}?for=raise")
    return redirect("portal:raise-where")


def _note(draft: Draft, form: WhereForm, facts: Known) -> None:
    """Also from a form with mistakes."""
    told = {name: form.cleaned_data.get(name, form.data.get(name, "")) for name in form.fields}
    draft.place_text = str(told["place_text"])[:400]
    draft.named = told["contact"] != UNNAMED
    draft.name = str(told["name"])[:400]
    if "phone" in told:
        draft.phone = str(told["phone"])[:40]
    if facts.community is not None:
        draft.division_id = facts.community.id


def _phone_known(draft: Draft, me: Me | None) -> bool:
    return me is not None and bool(me.phone) and not draft.other_phone


def _page(
    request: Any, draft: Draft, facts: Known, *, form: WhereForm | None = None, status: int = 200
) -> HttpResponse:
    """A step of a reading."""
    me = facts.me
    context = {
        "steps": pages.STEPS,
        "step": 2,
        "form": form or _form(draft, me),
        "draft": draft,
        "community": facts.community,
        "prefilled": facts.community is not None and not draft.where_done,
        "no_community": NO_COMMUNITY if status != 200 and facts.community is None else "",
        "me": me,
        "calls": pages.urgent_calls(request.actor, draft.body),
    }
    return TemplateResponse(request, "portal/raising/where.html", context, status=status)


def _form(draft: Draft, me: Me | None) -> WhereForm:
    initial = {
        "place_text": draft.place_text,
        "contact": NAMED if draft.named else UNNAMED,
        "name": draft.name or (me.name if me else ""),
        "phone": draft.phone,
    }
    return WhereForm(initial=initial, phone_known=_phone_known(draft, me))
