"""状态对照表: what their words mean here, and which words of theirs our moves are."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from yukuai.accounts.access import reading, staff
from yukuai.accounts.policy import Permission, check
from yukuai.cases.states import Outcome
from yukuai.exchange.actions.systems import save_inward, save_inward_table, save_outward
from yukuai.exchange.definitions import ACTS, REPLY
from yukuai.exchange.queries.systems import get_system, list_inward, list_outward
from yukuai.kernel import clock
from yukuai.kernel.errors import InvalidInput
from yukuai.workbench.admin.asking import ask_or_act
from yukuai.workbench.exchange.systems import CRUMB
from yukuai.workbench.fields import tidy

if TYPE_CHECKING:
    from yukuai.exchange.models import ExternalSystem

P = Permission
MOST = 60


def meanings() -> list[tuple[str, str]]:
    """What a word of theirs can mean; an answer says how it ended."""
    found = []
    for act, label in ACTS.items():
        if act == REPLY:
            found += [(f"{act}:{value}", f"答复：{said}") for value, said in Outcome.choices]
        else:
            found.append((act, label))
    return found


@staff(P.EXCHANGE_MANAGE)
@ask_or_act
def states(request: Any, code: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, code, "", 200)
    try:
        said = _save(request, code)
    except InvalidInput as error:
        with reading(request):
            response = _page(request, code, error.message, error.status)
            return response.render()
    messages.success(request, said)
    return HttpResponseRedirect(reverse("work:exchange-states", args=[code]))


def _save(request: Any, code: str) -> str:
    actor, posted, at = request.actor, request.POST, clock.now()
    if "add" in posted:
        act, _, outcome = posted.get("means", "").partition(":")
        theirs = tidy(posted.get("theirs"))
        save_inward(actor, code=code, theirs=theirs, act=act, outcome=outcome, at=at)
        return f"加好了：{theirs}。"
    if "outward" in posted:
        save_outward(actor, code=code, words=_named(posted, "move-"), at=at)
        return "保存了。以后的进展按新的词告诉他们。"
    with reading(request):
        names = {str(row.pk): row.theirs for row in _inward(request, code)}
    chosen = {names[pk]: said for pk, said in _named(posted, "means-").items() if pk in names}
    save_inward_table(actor, code=code, meanings=chosen, at=at)
    return "保存了。等着处理的，可以去点“再试一次”。"


def _named(posted: Any, prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): tidy(value, most=MOST + 1)
        for name, value in posted.items()
        if name.startswith(prefix)
    }


def _inward(request: Any, code: str) -> Any:
    return list_inward(request.actor, system=get_system(request.actor, code=code))


def _page(request: Any, code: str, error: str, status: int) -> TemplateResponse:
    found: ExternalSystem = get_system(request.actor, code=code)
    posted = request.POST
    inward = list(list_inward(request.actor, system=found))
    context = {
        "system": found,
        "may": bool(check(request.actor, P.EXCHANGE_MANAGE, found)),
        "inward": [
            (row, posted.get(f"means-{row.pk}", f"{row.ours}:{row.outcome}".rstrip(":")))
            for row in inward
        ],
        "unmapped": sum(not row.ours for row in inward),
        "outward": [
            (row, posted.get(f"move-{row.move}", row.theirs))
            for row in list_outward(request.actor, system=found)
        ],
        "meanings": meanings(),
        "typed": posted,
        "error": error,
        "most": MOST,
        "crumbs": [
            CRUMB,
            {"label": found.name, "url": reverse("work:exchange-system", args=[code])},
            {"label": "状态对照表"},
        ],
    }
    return TemplateResponse(request, "work/exchange/states.html", context, status=status)
