"""Who else met with it hears the answer too: each person once, without a word of the reporter's."""

from datetime import datetime
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import get_resident
from yukuai.cases.following import Line, Listener, list_audience, public_line
from yukuai.cases.neighbours import Gist, list_gists
from yukuai.cases.queries import get_case
from yukuai.kernel.actions import action
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.errors import NotFound
from yukuai.messaging.actions import notify_users, queue_sms
from yukuai.workflow.queries import get_change

QUOTED = 160
"""Signs of an answer in a message; the whole of it stands on the page."""
NEWS = {
    "accept": "收下了",
    "reject": "没有受理",
    "dispatch": "派人去办了",
    "grant_extension": "期限延长了",
    "reply": "有答复了",
    "guide": "有答复了",
    "send_back": "退回重办",
    "close": "办结了",
    "reopen": "接着办",
    "withdraw": "反映的人撤回了",
    "merge": "合在一起办了",
}
"""Moves that are news to whoever waits; the others he reads when he looks."""


@action
def announce_to_followers(actor: Actor, *, case_id: int, change_id: int, at: datetime) -> None:
    """Run twice, it tells once (dedupe by the change and the person)."""
    case = get_case(actor, case_id=case_id)
    change = get_change(actor, change_id=change_id)
    line = public_line(change)
    if line is None or change.move not in NEWS:
        return
    [gist] = list_gists(actor, case_ids=[case.pk])
    for listener in list_audience(actor, case=case):
        if change.move == "withdraw" and listener.number:
            continue  # his own matter is parted from it, and he hears that
        _tell(actor, case, listener, _values(gist, line), f"case:{change_id}:followed", at)


def _values(gist: Gist, line: Line) -> dict[str, str]:
    said = line.said if len(line.said) <= QUOTED else f"{line.said[: QUOTED - 1]}…"
    said = said if said[-1] in "。！？…" else f"{said}。"
    return {
        "what": f"{gist.what}，{gist.where}",
        "kind": gist.what,
        "news": NEWS[line.move],
        "said": said,
    }


def _tell(
    actor: Actor,
    case: Any,
    listener: Listener,
    values: dict[str, str],
    once: str,
    at: datetime,
) -> None:
    """Whose own matter was merged hears of it under his own number; the others by the gist."""
    template, link = "followed-news", f"/followed/{listener.follower_id}/"
    if listener.number:
        template, link = "merged-news", f"/matters/{listener.number}/"
    values = values | {"number": listener.number, "title": values["what"]}
    if listener.user_id is not None:
        notify_users(
            actor,
            user_ids=[listener.user_id],
            template=template,
            values=values,
            link=link,
            subject="case",
            object_id=case.pk,
            dedupe=once,
            at=at,
        )
    if phone := listener.phone or _verified_phone(actor, listener.user_id):
        who = keyed_hash(listener.person, purpose="follower.news")[:24]
        queue_sms(
            actor, phone=phone, template=template, values=values, dedupe=f"{once}:{who}", at=at
        )


def _verified_phone(actor: Actor, user_id: int | None) -> str:
    try:
        return get_resident(actor, user_id=user_id).phone if user_id is not None else ""
    except NotFound:
        return ""
