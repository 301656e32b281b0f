"""The log of a matter as it is read: newest first, with what waits at the head."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from yukuai.cases.states import CASE_WORKFLOW, Triage
from yukuai.cases.today import RESIDENTS, Task
from yukuai.kernel.wording import deadline

if TYPE_CHECKING:
    from yukuai.cases.models import Case

TITLES = {
    "raise": ("提交", "say"),
    "note": ("办理记录", "doc"),
    "not-reached": ("回访没打通", "phone"),
    "supervise": ("督办", "bell"),
    "answer-supervision": ("回复督办", "bell"),
    "relocate": ("改地点", "place"),
    "take_in": ("另一件并进来", "layers"),
    "let_go": ("另一件拆出去", "undo"),
    "part": ("拆出来的一份", "layers"),
}
OF_PART = "part-"
WITH_NAME = {
    "ask_help": "请{}会办",
    "give_help": "{}的会办意见",
    "withdraw_help": "不再等{}",
    "uphold": "裁决：由{}办",
    "redirect": "裁决：改派给{}",
}
ONESELF = "居民本人"


@dataclass(frozen=True)
class Event:
    """As parts/timeline.html takes it."""

    state: str
    icon: str
    title: str
    at: datetime | None = None
    when: str = ""
    who: str = ""
    words: str = ""
    quote: str = ""


def waiting_event(task: Task, *, now: datetime) -> Event:
    clock = task.clock
    title = "等居民评价" if clock.name == RESIDENTS else f"等{'您' if task.mine else ''}{task.word}"
    when = deadline(clock.due_at, now=now)
    return Event(_waiting_state(task.mine, clock.due_at < now), "", title, when=when)


def _waiting_state(mine: bool, late: bool) -> str:
    if mine:
        return "yours"
    return "late" if late else "now"


def list_events(case: "Case", changes: Iterable[Any], *, only_states: bool) -> Sequence[Event]:
    return [
        _event(change) for change in changes if not only_states or change.source != change.target
    ]


def _event(change: Any) -> Event:
    title, icon = TITLES.get(change.move) or _of_move(change)
    said = change.said if change.said and change.move != "raise" else ""
    same = said == change.reason
    return Event(
        state="done",
        icon=icon,
        title=title,
        at=change.happened_at,
        who=change.actor,
        words=_words(change),
        quote="" if same or not said else f"告诉居民：{said}",
    )


def _of_move(change: Any) -> tuple[str, str]:
    if change.move.startswith(OF_PART):
        title, icon = _of_part(change.move.removeprefix(OF_PART))
        return f"分单：{title}", icon
    move = CASE_WORKFLOW.move(change.move)
    data = change.data
    if triage := data.get("triage"):
        return f"{'改判为' if data.get('before') else '定为'}“{Triage(triage).label}”", move.icon
    if to := data.get("to"):
        return WITH_NAME.get(move.name, "派给{}").format(to), move.icon
    if days := data.get("working_days"):
        return f"{move.label} {days} 个工作日", move.icon
    return move.label, move.icon


def _of_part(name: str) -> tuple[str, str]:
    if name in TITLES:
        return TITLES[name]
    move = CASE_WORKFLOW.move(name)
    return move.label, move.icon


def _words(change: Any) -> str:
    """What was written, and for a change of mind what stood before."""
    data, reason = change.data, change.reason
    if pack := data.get("rules"):
        return f"{reason}（这件事按老的规则包收的，裁决期限按{pack}计算。）"
    if before := data.get("before"):
        was = Triage(before).label if before in Triage.values else before
        return f"原来是“{was}”。理由：{reason}"
    return reason or str(data.get("suggestion", ""))
