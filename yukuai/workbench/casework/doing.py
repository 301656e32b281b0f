"""The form of a move, and the move: one view for all of them, by the table in `deeds`."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Permission
from yukuai.cases.queries import find_supervision, get_case_by_number
from yukuai.kernel import clock
from yukuai.kernel.errors import Conflict, InvalidInput, NotFound, NotPermitted
from yukuai.workbench.casework.deeds import EXTRAS, Deed, deed_of
from yukuai.workbench.casework.dispatching import propose_opinion, tree_context
from yukuai.workbench.casework.forms import DeedForm
from yukuai.workbench.casework.offers import Act, find_act, list_acts
from yukuai.workbench.casework.page import head_context, note_look
from yukuai.workbench.fields import tell, tidy
from yukuai.workflow.queries import list_changes

if TYPE_CHECKING:
    from yukuai.cases.models import Case

WITH_TREE = frozenset({"dispatch", "redirect"})
CHANGED = "您打开这一页以后，有人改过这件事。请看过现在的样子，再决定还要不要办。"


@staff(Permission.CASE_VIEW)
@require_http_methods(["GET", "POST"])
def do(request: Any, number: str, name: str) -> HttpResponse:
    return _make(request, number, name) if request.method == "POST" else _ask(request, number, name)


def _ask(request: Any, number: str, name: str) -> HttpResponse:
    case = get_case_by_number(request.actor, number=number)
    act = _find(request, case, name)
    if not act.allowed:
        return _refused_page(request, case, act)
    initial = {
        key: request.GET[key]
        for key in ("q", "unit", "opinion", "into", "grounds")
        if key in request.GET
    }
    form = deed_of(name, case).form(actor=request.actor, case=case, initial=initial)
    return _form_page(request, case, act, form, status=200)


def _make(request: Any, number: str, name: str) -> HttpResponse:
    with reading(request):
        case = get_case_by_number(request.actor, number=number)
        act = _find(request, case, name)
        deed = deed_of(name, case)
        form = deed.form(request.POST, request.FILES, actor=request.actor, case=case)
        if objection := _moved_on(request, case, act):
            return _conflict_page(request, case, act, form, objection).render()
        if not form.is_valid():
            return _form_page(request, case, act, form, status=InvalidInput.status).render()
    status = InvalidInput.status
    try:
        form.act(at=clock.now())
    except InvalidInput as error:
        tell(form, error)
    except NotPermitted as error:
        form.add_error(None, error.message)
        status = error.status
    except Conflict as error:
        with reading(request):
            fresh = get_case_by_number(request.actor, number=number)
            return _conflict_page(request, fresh, act, form, error.message).render()
    else:
        messages.success(request, deed.done)
        return HttpResponseRedirect(_next(request, case, deed))
    with reading(request):
        return _form_page(request, case, act, form, status=status).render()


def seen(case: "Case") -> str:
    """Which version a form was opened over: notes and looks do not count."""
    return f"{case.state}~{case.changed_at:%Y%m%dT%H%M%S%f}"


def _moved_on(request: Any, case: "Case", act: Act) -> str:
    """Why the form is of no use any more: somebody was quicker."""
    if act.forbidden and not act.allowed:
        raise act.refusal()
    if not act.allowed:
        return act.sentence
    return CHANGED if request.POST.get("seen", seen(case)) != seen(case) else ""


def _find(request: Any, case: "Case", name: str) -> Act:
    supervised = name in EXTRAS and find_supervision(request.actor, case=case) is not None
    return find_act(request.actor, case=case, name=name, supervised=supervised, at=clock.now())


def _form_page(
    request: Any, case: "Case", act: Act, form: DeedForm, *, status: int
) -> TemplateResponse:
    deed = deed_of(act.name, case)
    context = {
        "act": act,
        "deed": deed,
        "form": form,
        "seen": seen(case),
        "shown": _shown(request, case, deed),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "drawer": deed.template,
        "case": case,
        "case_url": reverse("work:case", args=[case.number]),
    }
    if act.name in WITH_TREE:
        text = tidy(request.GET.get("q"))
        chosen = str(form["unit"].value() or "")
        at = clock.now()
        context |= tree_context(request.actor, case=case, text=text, chosen=chosen, at=at)
        propose_opinion(form, context["advice"])
    if request.method == "GET" and (part := _part(request, deed)):
        return TemplateResponse(request, part, context, status=status)
    at = clock.now()
    note_look(request, case, at)
    context = {**head_context(request, case, at), **context}
    return TemplateResponse(request, "work/casework/do.html", context, status=status)


def _part(request: Any, deed: Deed) -> str:
    """What htmx asks for alone: the drawer, the tree that a search narrows, the places found."""
    if request.headers.get("HX-Trigger") == "tree-q":
        return "work/casework/tree.html"
    parts = {"drawer": deed.template, "places": "work/casework/places.html"}
    return parts.get(request.headers.get("HX-Target", ""), "")


def _shown(request: Any, case: "Case", deed: Deed) -> Any:
    """The request that is decided here, or the reply that is judged."""
    if not deed.shows:
        return None
    return list_changes(request.actor, obj=case).filter(move=deed.shows).first()


def _refused_page(request: Any, case: "Case", act: Act) -> TemplateResponse:
    """A form that was asked for too early or too late; htmx takes the short answer."""
    if act.forbidden or request.headers.get("HX-Request"):
        raise act.refusal()
    return _conflict_page(request, case, act, None, act.sentence)


def _conflict_page(
    request: Any, case: "Case", act: Act, form: DeedForm | None, sentence: str
) -> TemplateResponse:
    """What happened, how the matter stands now, and what was written by hand."""
    at = clock.now()
    supervised = find_supervision(request.actor, case=case) is not None
    context = {
        **head_context(request, case, at),
        "sentence": sentence,
        "act": act,
        "last": list_changes(request.actor, obj=case).first(),
        "acts": list_acts(request.actor, case=case, supervised=supervised, at=at),
        "typed": form.typed() if form else [],
    }
    note_look(request, case, at)
    return TemplateResponse(request, "work/casework/conflict.html", context, status=Conflict.status)


def _next(request: Any, case: "Case", deed: Deed) -> str:
    """Where the officer came from, or on to the next move, or the matter itself."""
    wanted = str(request.POST.get("next", ""))
    if wanted and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, request.is_secure()
    ):
        return wanted
    with reading(request):
        try:
            fresh = get_case_by_number(request.actor, number=case.number)
        except NotFound:
            return reverse("work:today")
        for name in deed.then:
            if _find(request, fresh, name).allowed:
                return reverse("work:do", args=[case.number, name])
    return reverse("work:case", args=[case.number])
