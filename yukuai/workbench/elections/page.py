"""One election: how many days are left, what is to be done today, what comes next."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from yukuai.accounts.access import staff
from yukuai.accounts.policy import Permission, check
from yukuai.elections.conditions import in_order
from yukuai.elections.queries import (
    get_with_objections,
    list_notices,
    list_objections,
    roll_numbers,
)
from yukuai.elections.schedule import Step
from yukuai.elections.states import ELECTION_WORKFLOW, ORDER, PHASES, ElectionState, Halt
from yukuai.kernel import clock
from yukuai.kernel.clock import today
from yukuai.workbench.elections.doing import crumbs_of
from yukuai.workbench.elections.listing import step_of, tone_of
from yukuai.workbench.elections.rail import lay
from yukuai.workbench.elections.todo import Task, standing_tasks
from yukuai.workflow.queries import get_calendar, list_changes, list_deadlines, list_offers

P = Permission
RUNS = {
    ElectionState.COMMITTEE_FORMED: Step.PLAN,
    ElectionState.PLAN_ADOPTED: Step.REGISTRATION,
    ElectionState.REGISTRATION_OPEN: Step.ROLL,
    ElectionState.ROLL_PUBLISHED: Step.OBJECTIONS,
    ElectionState.ROLL_OBJECTION: Step.OBJECTIONS,
    ElectionState.ROLL_FINAL: Step.CANDIDATES,
    ElectionState.NOMINATING: Step.CANDIDATES,
    ElectionState.JOINT_REVIEW: Step.CANDIDATES,
    ElectionState.CANDIDATES_PUBLISHED: Step.PROXIES,
    ElectionState.CAMPAIGN: Step.PROXIES,
    ElectionState.PROXY_CLOSED: Step.POLLING,
}
"""Which mark of the rail runs while the election stands so."""
BY_POSTING = "begin_objections"
"""Made by the first photograph, not by a button."""
MORE = {"change-day": "改选举日", "replace-member": "成员变更", "start": "建立任务"}
MORE |= {"object": "收到申诉", "decide": "决定申诉", "replace-card": "补发选民证"}
MORE |= {"withdraw": "退出提名", "drop-kin": "删去近亲属", "forum": "见面会"}
MORE |= {"resume": "恢复", "correct": "更正公告"} | {f"halt-{one.value}": one.label for one in Halt}
LINES = ("strike", "restore", "nominate", "proxy", "cancel-proxy")
LOG, SOON = 30, 3
MOMENT = timedelta(seconds=1)
"""A clock that ends at 24:00 ends on that day."""


@staff(P.ELECTION_VIEW)
@require_GET
@never_cache
def election_page(request: Any, number: str) -> HttpResponse:
    actor, at = request.actor, clock.now()
    election = get_with_objections(actor, number=number)
    runs = bool(check(actor, P.ELECTION_RUN, election))
    marks = election.marks(get_calendar(actor))
    notices = list(list_notices(actor, election=election))
    spots = list(election.spots.order_by("pk"))
    objections = list_objections(actor, election=election)
    numbers = roll_numbers(actor, election=election)
    running = None if election.halted else RUNS.get(ElectionState(election.state))
    tasks = _tasks(actor, election, notices, spots, objections, numbers) if runs else []
    tasks += _card_tasks(election, numbers.cardless) if runs else []
    context = {
        "election": election,
        "tone": tone_of(election),
        "step": step_of(election.state),
        "halt": Halt(election.halted).label if election.halted else "",
        "left": (election.day - today(at)).days,
        "contests": in_order(election),
        "rail": lay(marks, today(at), running),
        "marks": marks,
        "phases": _phases(election),
        "tasks": tasks,
        "acts": _acts(actor, election, at),
        "runs": runs,
        "guides": bool(check(actor, P.ELECTION_GUIDE, election)),
        "notices": [(one.notice, len(spots) - one.posted) for one in notices],
        "spots": spots,
        "clocks": _clocks(actor, election, at),
        "numbers": numbers,
        "members": list(election.members.filter(left_on=None).order_by("place")),
        "objections": objections,
        "log": _log(actor, election),
        "law": (election.law_pack, election.local_pack),
        "now": at,
        "crumbs": crumbs_of(election),
    }
    return TemplateResponse(request, "work/elections/page.html", context)


def _tasks(
    actor: Any,
    election: Any,
    notices: list[Any],
    spots: list[Any],
    objections: list[Any],
    numbers: Any,
) -> list[Task]:
    def url(name: str, *more: object) -> str:
        return reverse(f"work:{name}", args=[election.number, *more])

    if not election.living or election.halted:
        return []
    found = [
        Task(
            f"决定申诉第 {one.serial} 号：{one.get_wish_display()}{one.about}",
            one.reason,
            url("objection-decide", one.serial),
            "作决定",
            due=one.due_at,
            yours=True,
        )
        for one in objections
        if one.decided_at is None
    ]
    if numbers.proposed:
        words = "逐人问过，表示参加的列入，其余剔除并写明理由。"
        title = f"核对名单：还有 {numbers.proposed} 人没有问到"
        found.append(Task(title, words, f"{url('election-roll')}?state=proposed", "去核对"))
    elif election.state == ElectionState.REGISTRATION_OPEN and not numbers.listed:
        words = "底数里到选举日满 18 周岁的人，一次带出来，再逐人核对。"
        found.append(Task("从底数带出名单", words, url("election-roll"), "带出名单"))
    for one in notices:
        if one.posted < len(spots):
            words = f"共 {len(spots)} 处张贴点，{one.posted} 处已有照片。网上发布不能代替张贴。"
            title = f"补张贴凭证：{one.notice.number}"
            found.append(Task(title, words, url("election-notice", one.notice.pk), "上传照片"))
    return standing_tasks(actor, election) + found


def _card_tasks(election: Any, without: int) -> list[Task]:
    if not election.carded or election.halted:
        return []
    words = "名单上的人一次制好，按楼栋打印，上门发放，签字领取。"
    url = reverse("work:election-cards", args=[election.number])
    return [Task(f"制选民证：{without} 人还没有证", words, url, "去制证")] if without else []


def _clocks(actor: Any, election: Any, at: datetime) -> list[tuple[Any, int, str]]:
    running = (one for one in list_deadlines(actor, obj=election) if one.met_at is None)
    return [_clock(one, at) for one in running]


def _clock(one: Any, at: datetime) -> tuple[Any, int, str]:
    """With how many days are left of it, and how it is to look."""
    days = (today(one.due_at - MOMENT) - today(at)).days
    if one.due_at < at:
        return one, 0, "late"
    return one, days, "soon" if days <= SOON else ""


def _phases(election: Any) -> list[dict[str, Any]]:
    here = ORDER.index(ElectionState(election.state)) if election.state in ORDER else -1
    found = []
    for number, (phase, steps) in enumerate(PHASES):
        places = [ORDER.index(state) for state, _word in steps]
        found.append(
            {
                "sign": "一二三四五六"[number],
                "name": phase,
                "state": _standing(min(places), max(places), here),
                "steps": [
                    (word, _standing(place, place, here))
                    for place, (_state, word) in zip(places, steps, strict=True)
                ],
            }
        )
    return found


def _standing(first: int, last: int, here: int) -> str:
    if last < here:
        return "ok"
    return "now" if first <= here else "off"


def _acts(actor: Any, election: Any, at: datetime) -> list[dict[str, Any]]:
    """The next step whatever it waits for, and what else may be done now."""
    found = []
    for offer in list_offers(actor, obj=election, at=at):
        move = offer.move
        if election.state not in move.sources or move.name == BY_POSTING:
            continue
        if not check(actor, move.permission, election):
            continue
        found.append(
            {
                "name": move.name,
                "label": move.label,
                "icon": move.icon,
                "url": reverse("work:election-do", args=[election.number, move.name]),
                "why": offer.reason,
                "allowed": offer.allowed,
                "primary": offer.allowed and move.name != "annul",
            }
        )
    return found


def _log(actor: Any, election: Any) -> list[tuple[Any, str]]:
    """But what was done to single lines of a list: that stands there."""
    rows = list_changes(actor, obj=election).exclude(move__in=LINES)
    return [(one, _label(one.move)) for one in rows[:LOG]]


def _label(move: str) -> str:
    return MORE[move] if move in MORE else ELECTION_WORKFLOW.move(move).label
