"""我的登记: what the community keeps of the reader, once he has shown who he is."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yukuai.accounts.access import forget_keys, reading, resident
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound
from yukuai.kernel.limits import hit
from yukuai.portal.record.forms import ProveForm, WrongForm
from yukuai.registry.actions import ask_correction, open_own, prove_own
from yukuai.registry.actions.settling import BOUND
from yukuai.registry.catalogue import Field, field_of
from yukuai.registry.columns import shown
from yukuai.registry.queries.own import get_own_record, has_record, list_own_records
from yukuai.registry.states import Kind

HOUR = 3600
TRIES = 5
"""How often somebody may say who he is in an hour (产品设定)."""
LOOKS = 30


@resident
@never_cache
@require_safe
def record(request: Any) -> HttpResponse:
    if not has_record(request.actor):
        return TemplateResponse(request, "portal/record/prove.html", {"form": ProveForm()})
    context = {"records": list_own_records(request.actor), "bound": BOUND, "now": clock.now()}
    return TemplateResponse(request, "portal/record/record.html", context)


@resident
@never_cache
@require_POST
def prove(request: Any) -> HttpResponse:
    """Name, number and the telephone he signed in with all agree, or nothing is said at all."""
    at = clock.now()
    form = ProveForm(request.POST)
    if form.is_valid():
        hit(f"prove:{request.actor.user_id}", limit=TRIES, per_seconds=HOUR, at=at)
        try:
            prove_own(request.actor, **form.cleaned_data, at=at)
        except (NotFound, Conflict) as error:
            form.add_error(None, error.message)
        else:
            forget_keys(request)
            messages.success(request, "核对好了，这是您的登记。")
            return redirect("portal:record")
    context = {"form": form}
    return TemplateResponse(
        request, "portal/record/prove.html", context, status=InvalidInput.status
    )


@resident
@never_cache
@require_POST
def open_field(request: Any, person_id: int, field: str) -> HttpResponse:
    """One masked value, to himself, once."""
    at = clock.now()
    hit(f"own:{request.actor.user_id}", limit=LOOKS, per_seconds=HOUR, at=at)
    found = open_own(request.actor, person_id=person_id, field=field, at=at)
    context = {"found": found, "is_phone": field == "phone"}
    response = TemplateResponse(request, "portal/record/opened.html", context)
    response["Cache-Control"] = "no-store"
    return response


@resident
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wrong(request: Any, person_id: int, field: str) -> HttpResponse:
    known = _correctable(field)
    if request.method != "POST":
        return _ask(request, person_id, known, WrongForm(field=known), 200)
    with reading(request):
        form = WrongForm(request.POST, field=known)
        valid = form.is_valid()
    if valid:
        try:
            ask_correction(
                request.actor,
                person_id=person_id,
                field=known.name,
                value=form.cleaned_data["value"],
                why=form.cleaned_data["why"],
                at=clock.now(),
            )
        except InvalidInput as error:
            form.add_error("value", "".join(error.fields.values()) or error.message)
        else:
            messages.success(request, "收到了。社区核对以后告诉您。")
            return redirect("portal:record")
    with reading(request):
        return _ask(request, person_id, known, form, InvalidInput.status).render()


def _ask(
    request: Any, person_id: int, field: Field, form: WrongForm, status: int
) -> TemplateResponse:
    row = get_own_record(request.actor, person_id=person_id)
    context = {"field": field, "form": form, "text": shown(row, field), "row": row}
    return TemplateResponse(request, "portal/record/wrong.html", context, status=status)


def _correctable(name: str) -> Field:
    """Papers are corrected at the window, where they can be seen."""
    try:
        known = field_of(Kind.PERSON, name)
    except KeyError as error:
        raise NotFound("没有这一项。") from error
    if name in BOUND:
        raise NotFound("证件要带原件到社区窗口更正。")
    return known
