"""The page of one matter: what was said, what runs, what can be done, what happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from yukuai.accounts.policy import Permission
from yukuai.audit.actions import record
from yukuai.audit.looks import SHOWN, list_looks
from yukuai.cases.followers import count_followers
from yukuai.cases.parts import Part, find_main, list_parts
from yukuai.cases.queries import find_supervision, list_opinions
from yukuai.cases.states import CaseState, Source, Triage
from yukuai.cases.today import task_of
from yukuai.documents.queries import list_attachments, list_documents
from yukuai.exchange.queries.matters import list_ties
from yukuai.workbench.casework.dispatching import page_advice
from yukuai.workbench.casework.offers import list_acts
from yukuai.workbench.casework.timeline import list_events, waiting_event
from yukuai.workflow.queries import list_changes, list_deadlines

if TYPE_CHECKING:
    from yukuai.cases.models import Case

PURPOSE = "办理诉求"
CHANGES_SHOWN = 200
CLOCKS_SHOWN = 6
TABS = {"all": "全部", "states": "只看状态", "looks": "谁看过"}
TELLERS = {
    Source.PHONE.value: "来电人",
    Source.COUNTER.value: "来访人",
    Source.API.value: "转来的单位",
    Source.SPLIT.value: "拆单的单位",
}
STATE_TONES = {
    CaseState.SUBMITTED: "wait",
    CaseState.DISPATCHED: "wait",
    CaseState.RETURN_REQUESTED: "wait",
    CaseState.OBJECTED: "wait",
    CaseState.EXTENDED: "wait",
    CaseState.COLLAB: "wait",
    CaseState.CLOSED: "done",
    CaseState.RATED: "done",
    CaseState.ARCHIVED: "done",
    CaseState.REJECTED: "off",
    CaseState.WITHDRAWN: "off",
    CaseState.MERGED: "off",
    CaseState.FINISHED: "done",
    CaseState.CANCELLED: "off",
}


def note_look(request: Any, case: "Case", at: datetime) -> None:
    """Reading a matter is on record, for the person concerned too: in the reading's transaction."""
    record(
        request.actor,
        act="case.view",
        target=case.number,
        area=case.area,
        purpose=PURPOSE,
        holders=case.holders,
        at=at,
    )


def state_tone(state: str) -> str:
    return STATE_TONES.get(CaseState(state), "run")


def head_context(request: Any, case: "Case", at: datetime) -> dict[str, Any]:
    """What stands at the head of every page of the matter, and what was said."""
    running = [c for c in list_deadlines(request.actor, obj=case) if c.met_at is None]
    return {
        "case": case,
        "case_url": reverse("work:case", args=[case.number]),
        "tone": state_tone(case.state),
        "tags": _tags(case),
        "teller": TELLERS.get(case.source, "反映人"),
        "has_contact": not case.anonymous,
        "main": find_main(request.actor, case=case),
        "helpers": case.list_helpers(),
        "clocks": [_named(clock, case) for clock in running[:CLOCKS_SHOWN]],
        "running": running,
        "photos": list_photos(request, case),
        "papers": list_papers(request, case),
        "crumbs": [
            {"label": "社区直通车", "url": reverse("work:cases")},
            {"label": case.number},
        ],
    }


def list_papers(request: Any, case: "Case") -> list[Any]:
    """Numbered papers; there is none before a matter was refused or closed once."""
    if not (case.rejection or case.closed_at or case.reopened):
        return []
    return list(list_documents(request.actor, subject="case", object_id=case.pk))


def list_photos(request: Any, case: "Case") -> list[dict[str, str]]:
    rows = list_attachments(request.actor, subject="case", object_id=case.pk)
    return [
        {
            "url": reverse("work:photo", args=[case.number, row.pk]),
            "alt": f"{row.get_kind_display()}第 {place} 张",
            "caption": row.get_kind_display(),
        }
        for place, row in enumerate(rows, 1)
    ]


def case_context(request: Any, case: "Case", at: datetime) -> dict[str, Any]:
    actor = request.actor
    head = head_context(request, case, at)
    parts = list_parts(actor, case=case) if case.may_have_parts else []
    changes = list(list_changes(actor, obj=case)[:CHANGES_SHOWN])
    moves = {change.move for change in changes}
    supervision = find_supervision(actor, case=case) if "supervise" in moves else None
    visits, ratings = (
        list_opinions(actor, case=case) if moves & {"visit", "rate", "reopen"} else ([], [])
    )
    looks = list_looks(actor, target=case.number, area=case.area, since=case.received_at)
    tab = request.GET.get("log", "all")
    return {
        **head,
        "others": _others(actor, case),
        "acts": list_acts(actor, case=case, supervised=supervision is not None, at=at),
        "supervision": supervision,
        **page_advice(actor, case=case, changes=changes, at=at),
        "ties": list_ties(actor, case=case),
        "may_settle": actor.may(Permission.EXCHANGE_MANAGE),
        "parts": [_part_row(part) for part in parts],
        "opinions": [*(("回访", one) for one in visits), *(("居民评价", one) for one in ratings)],
        "looks": looks[:SHOWN],
        "tab": tab if tab in TABS else "all",
        "tabs": _tabs(case, changes, looks),
        "events": _events(request, case, changes, head["running"], tab, at),
    }


def _part_row(part: Part) -> dict[str, Any]:
    url = reverse("work:case", args=[part.number]) if part.may_open else ""
    return {"part": part, "tone": state_tone(part.state), "url": url}


def _others(actor: Any, case: "Case") -> int:
    """How many others met with it; not asked where the query said that nobody did."""
    if not getattr(case, "was_followed", True):
        return 0
    return count_followers(actor, case_ids=[case.pk]).get(case.pk, 0)


def _tags(case: "Case") -> Sequence[str]:
    tags = [
        Triage(case.triage).label if case.triage else "",
        case.category.name if case.category else "",
        Source(case.source).label,
        f"第 {case.reopened + 1} 次办理" if case.reopened else "",
    ]
    return [tag for tag in tags if tag]


def _named(clock: Any, case: "Case") -> dict[str, Any]:
    """Whose clock it is, in words: 派单 · 北社区."""
    who = clock.owner.name
    if clock.owner_department_id is not None:
        known = [case.unit_department, *(helper.department for helper in case.list_helpers())]
        department = next(
            (d for d in known if d is not None and d.pk == clock.owner_department_id), None
        )
        who = department.name if department is not None else who
    return {"label": f"{clock.label} · {who}", "starts_at": clock.starts_at, "due_at": clock.due_at}


def _tabs(case: "Case", changes: Sequence[Any], looks: Sequence[Any]) -> list[dict[str, str]]:
    many = f"{SHOWN}+" if len(looks) > SHOWN else str(len(looks))
    numbers = {"all": f" {len(changes)}", "states": "", "looks": f" {many}"}
    return [{"name": name, "label": f"{label}{numbers[name]}"} for name, label in TABS.items()]


def _events(
    request: Any,
    case: "Case",
    changes: Sequence[Any],
    running: Sequence[Any],
    tab: str,
    at: datetime,
) -> list[Any]:
    past = list_events(case, changes, only_states=tab == "states")
    if not running:
        return list(past)
    task = task_of(request.actor, case=case, deadline=running[0])
    return [waiting_event(task, now=at), *past]
