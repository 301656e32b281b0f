"""The page of one dispute: what runs, what can be done, what was said, what happened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from yukuai.audit.looks import SHOWN
from yukuai.disputes.actions import note_look
from yukuai.disputes.queries import Inside, look_inside, opened
from yukuai.disputes.states import DISPUTE_WORKFLOW, AgreementForm, DisputeState
from yukuai.documents.queries import list_documents
from yukuai.workbench.casework.timeline import Event
from yukuai.workbench.mediation.deeds import list_steps

S = DisputeState
CLOCKS_SHOWN = 4
TONES = {
    S.REGISTERED: "wait",
    S.AGREED: "wait",
    S.FAILED: "off",
    S.WITHDRAWN: "off",
    S.ARCHIVED: "done",
}
TABS = {"all": "全部", "looks": "谁看过"}
OTHERS = {"register": ("登记", "plus"), "change_date": ("改时间", "calendar")}
PARTY = "居民本人"
HAVE_PAPERS = frozenset({S.MEDIATING, S.AGREED, S.FULFILMENT, S.FAILED, S.ARCHIVED})


def state_tone(state: str) -> str:
    return TONES.get(DisputeState(state), "run")


def head_context(dispute: Any, clocks: Iterable[Any]) -> dict[str, Any]:
    running = [clock for clock in clocks if clock.met_at is None]
    return {
        "dispute": dispute,
        "case_url": reverse("work:dispute", args=[dispute.number]),
        "tone": state_tone(dispute.state),
        "clocks": [
            {
                "label": f"{clock.label} · {clock.owner.name}",
                "starts_at": clock.starts_at,
                "due_at": clock.due_at,
            }
            for clock in running[:CLOCKS_SHOWN]
        ],
        "crumbs": [
            {"label": "人民调解", "url": reverse("work:disputes")},
            {"label": dispute.number},
        ],
    }


def dispute_context(request: Any, dispute: Any, at: datetime) -> dict[str, Any]:
    """Reading it is on record, for its parties too: in the reading's own transaction."""
    note_look(request.actor, dispute=dispute, at=at)
    inside = look_inside(request.actor, dispute=dispute)
    tab = request.GET.get("log", "all")
    return {
        **head_context(dispute, inside.clocks),
        "acts": list_steps(request.actor, dispute=dispute, at=at),
        "inside": inside,
        "written": dispute.agreement_form == AgreementForm.WRITTEN,
        "records": _records(inside),
        "papers": _papers(request, dispute),
        "events": [_event(change, inside.words) for change in inside.changes],
        "looks": inside.looks[:SHOWN],
        "tab": tab if tab in TABS else "all",
        "tabs": _tabs(inside),
    }


def _records(inside: Inside) -> Sequence[dict[str, Any]]:
    names = {one.id: one.name for one in inside.parties}
    return [
        {
            "one": record,
            "place": place,
            "came": "、".join(
                [*(names.get(pk, "") for pk in record.present), *filter(None, [record.others])]
            ),
        }
        for place, record in enumerate(inside.records, 1)
    ][::-1]


def _papers(request: Any, dispute: Any) -> list[Any]:
    if dispute.state not in HAVE_PAPERS:
        return []
    with opened(request.actor, dispute) as bearer:
        return list(list_documents(bearer, subject="dispute", object_id=dispute.pk))


def _event(change: Any, words: dict[int, str]) -> Event:
    title, icon = OTHERS.get(change.move) or _of_move(change)
    return Event(
        state="done",
        icon=icon,
        title=title,
        at=change.happened_at,
        who="当事人" if change.actor == PARTY else change.actor,
        words=words.get(change.pk, ""),
    )


def _of_move(change: Any) -> tuple[str, str]:
    move = DISPUTE_WORKFLOW.move(change.move)
    data = change.data
    if mediator := data.get("mediator"):
        return f"{move.label}：{mediator}", move.icon
    if side := data.get("side"):
        return f"{side}：{move.label.removeprefix('记一方')}", move.icon
    return move.label, move.icon


def _tabs(inside: Inside) -> list[dict[str, str]]:
    many = f"{SHOWN}+" if len(inside.looks) > SHOWN else str(len(inside.looks))
    numbers = {"all": f" {len(inside.changes)}", "looks": f" {many}"}
    return [{"name": name, "label": f"{label}{numbers[name]}"} for name, label in TABS.items()]
