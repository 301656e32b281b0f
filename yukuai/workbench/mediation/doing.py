"""The form of a move of a dispute, and the move: one view for all of them, by `deeds`."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from yukuai.accounts.access import reading, staff
from yukuai.disputes.actions import note_look
from yukuai.disputes.queries import get_dispute, list_disputes, look_inside
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict, InvalidInput, NotPermitted
from yukuai.workbench.casework.doing import seen
from yukuai.workbench.fields import tell
from yukuai.workbench.mediation.deeds import DEEDS, Step, find_step, list_steps
from yukuai.workbench.mediation.forms import DisputeForm
from yukuai.workbench.mediation.page import head_context

CHANGED = "您打开这一页以后，有人改过这件纠纷。请看过现在的样子，再决定还要不要办。"
FORM = "work/casework/forms/plain.html"


@staff()
@require_http_methods(["GET", "POST"])
def do(request: Any, number: str, name: str) -> HttpResponse:
    return _make(request, number, name) if request.method == "POST" else _ask(request, number, name)


def _ask(request: Any, number: str, name: str) -> HttpResponse:
    dispute = get_dispute(request.actor, number=number)
    act = find_step(request.actor, dispute=dispute, name=name, at=clock.now())
    if not act.allowed:
        if act.forbidden or request.headers.get("HX-Request"):
            raise act.refusal()
        return _conflict_page(request, dispute, act, None, act.sentence)
    form = _form(request, dispute, name)
    return _form_page(request, dispute, act, form, status=200)


def _make(request: Any, number: str, name: str) -> HttpResponse:
    with reading(request):
        dispute = get_dispute(request.actor, number=number)
        act = find_step(request.actor, dispute=dispute, name=name, at=clock.now())
        form = _form(request, dispute, name, request.POST)
        if objection := _moved_on(request, dispute, act):
            return _conflict_page(request, dispute, act, form, objection).render()
        if not form.is_valid():
            return _form_page(request, dispute, act, form, status=InvalidInput.status).render()
    status = InvalidInput.status
    try:
        form.act(at=clock.now())
    except InvalidInput as error:
        tell(form, error)
    except NotPermitted as error:
        form.add_error(None, error.message)
        status = error.status
    except Conflict as error:
        form.add_error(None, error.message)
        status = error.status
    else:
        messages.success(request, DEEDS[name].done)
        return HttpResponseRedirect(_next(request, dispute))
    with reading(request):
        return _form_page(request, dispute, act, form, status=status).render()


def _form(request: Any, dispute: Any, name: str, typed: Any = None) -> DisputeForm:
    return DEEDS[name].form(typed, actor=request.actor, case=dispute)


def _moved_on(request: Any, dispute: Any, act: Step) -> str:
    if act.forbidden and not act.allowed:
        raise act.refusal()
    if not act.allowed:
        return act.sentence
    return CHANGED if request.POST.get("seen", seen(dispute)) != seen(dispute) else ""


def _form_page(
    request: Any, dispute: Any, act: Step, form: Any, *, status: int
) -> TemplateResponse:
    context = {
        "act": act,
        "deed": DEEDS[act.name],
        "form": form,
        "seen": seen(dispute),
        "drawer": FORM,
        "dispute": dispute,
        "title": act.label,
        "case_url": reverse("work:dispute", args=[dispute.number]),
    }
    if request.method == "GET" and request.headers.get("HX-Target") == "drawer":
        return TemplateResponse(request, FORM, context, status=status)
    inside = look_inside(request.actor, dispute=dispute)
    note_look(request.actor, dispute=dispute, at=clock.now())
    context = {**head_context(dispute, inside.clocks), "inside": inside, **context}
    return TemplateResponse(request, "work/mediation/do.html", context, status=status)


def _conflict_page(
    request: Any, dispute: Any, act: Step, form: Any, sentence: str
) -> TemplateResponse:
    """What happened, how it stands now, and what was written by hand."""
    at = clock.now()
    inside = look_inside(request.actor, dispute=dispute)
    note_look(request.actor, dispute=dispute, at=at)
    context = {
        **head_context(dispute, inside.clocks),
        "inside": inside,
        "sentence": sentence,
        "act": act,
        "last": next(iter(inside.changes), None),
        "acts": list_steps(request.actor, dispute=dispute, at=at),
        "typed": form.typed() if form else [],
    }
    return TemplateResponse(
        request, "work/mediation/conflict.html", context, status=Conflict.status
    )


def _next(request: Any, dispute: Any) -> str:
    """The dispute, or the list: whoever gave it back has lost sight of it."""
    with reading(request):
        there = list_disputes(request.actor).filter(pk=dispute.pk).exists()
    if there:
        return reverse("work:dispute", args=[dispute.number])
    return reverse("work:disputes")
