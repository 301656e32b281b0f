"""民主选举: which go on where, and a township begins one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission
from yukuai.elections import actions
from yukuai.elections.queries import list_elections, list_startable
from yukuai.elections.states import ORDER, PHASES, Body, ElectionState
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.workbench.admin.asking import AdminForm, DayField, ask_or_act, attempt, looking, typed
from yukuai.workbench.elections.forms import whole
from yukuai.workbench.fields import choice, line

P = Permission
SHOWN = 400


@staff(P.ELECTION_VIEW)
@require_GET
@never_cache
def elections(request: Any) -> HttpResponse:
    actor, at = request.actor, clock.now()
    rows = list(list_elections(actor)[: SHOWN + 1])
    more, rows = len(rows) > SHOWN, rows[:SHOWN]
    startable = list_startable(actor) if actor.may(P.ELECTION_GUIDE) else []
    context = {
        "rows": [_row(one, at) for one in rows],
        "phases": _count_by_phase(rows),
        "without": [one for one in startable if one.election is None],
        "guides": bool(startable),
        "more": more,
        "now": at,
        "crumbs": [],
    }
    return TemplateResponse(request, "work/elections/list.html", context)


def _row(one: Any, at: Any) -> dict[str, Any]:
    left = (one.day - today(at)).days
    return {"one": one, "tone": tone_of(one), "step": step_of(one.state), "left": left}


def tone_of(one: Any) -> str:
    if one.state == ElectionState.ANNULLED:
        return "off"
    return "wait" if one.halted else "run"


def step_of(state: str) -> int:
    """Counting from 1, as people do; 0 where it ended."""
    return ORDER.index(ElectionState(state)) + 1 if state in ORDER else 0


def _count_by_phase(rows: list[Any]) -> list[tuple[str, int]]:
    return [
        (phase, sum(row.state in {state for state, _word in steps} for row in rows))
        for phase, steps in PHASES
    ]


class StartForm(AdminForm):
    body = choice("选什么", Body.choices)
    term = whole("第几届", "填届次，例如 7。", least=1, most=99)
    day = DayField("选举日", help_text="日程由这一天倒排，以后可以改期。")
    timing = line(
        "提前或者延期的批准文件", required=False, help="按时换届的不用填。写明批准机关和文号。"
    )


@staff(P.ELECTION_GUIDE)
@ask_or_act
def start(request: Any, division_id: int) -> HttpResponse:
    actor = request.actor
    with looking(request):
        offered = {one.division.id: one for one in list_startable(actor)}
    if division_id not in offered:
        raise NotFound("没有这个社区，或者不归您指导。请回到列表重新选。")
    one = offered[division_id]
    form = StartForm(typed(request), initial={"body": one.body})
    if request.method == "POST":
        made = attempt(
            form,
            lambda: actions.start_election(
                actor, division_id=division_id, at=clock.now(), **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, "任务建好了。接着成立指导机构。")
            return HttpResponseRedirect(reverse("work:election", args=[made.number]))
    context = {
        "form": form,
        "title": f"{one.division.name}：开始换届",
        "lead": "选举日那天有效的法律从现在起固定，以后改法不影响这一次。",
        "button": "建立任务",
        "back_url": reverse("work:elections"),
        "crumbs": [{"label": "民主选举", "url": reverse("work:elections")}, {"label": "开始换届"}],
    }
    return TemplateResponse(request, "work/elections/do.html", context, status=form.status)
