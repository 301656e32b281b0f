"""今天要做: what waits for the committee between the final roll and the list of proxies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from yukuai.elections.queries import list_to_tell
from yukuai.elections.standing import Kinship
from yukuai.elections.states import ElectionState

S = ElectionState
NOMINATED = frozenset({S.NOMINATING, S.JOINT_REVIEW})
PUBLISHED = frozenset({S.CANDIDATES_PUBLISHED, S.CAMPAIGN})


@dataclass(frozen=True)
class Task:
    """One thing to do today: what, why or by when, and where it is done."""

    title: str
    words: str
    url: str
    button: str
    due: datetime | None = None
    yours: bool = False


def standing_tasks(actor: Any, election: Any) -> list[Task]:
    if election.state in NOMINATED:
        return _leaving(election)
    return _void_proxies(actor, election) if election.state in PUBLISHED else []


def _leaving(election: Any) -> list[Task]:
    """Whoever is nominated, or whose near kin is, leaves the committee."""
    found: dict[int, Task] = {}
    for one in election.entangled:
        why = (
            f"{one.nominee.name}被提名。同名不是一个人的，到提名页面删去这一条。"
            if one.relation == Kinship.SELF
            else f"{one.nominee.name}被提名，{one.member.name}是他的{one.get_relation_display()}。"
        )
        title = f"{one.member.name}要退出选举委员会"
        url = reverse("work:election-member", args=[election.number, one.member.pk])
        found.setdefault(one.member.pk, Task(title, why, url, "办退出", yours=True))
    return list(found.values())


def _void_proxies(actor: Any, election: Any) -> list[Task]:
    """Their holders became candidates: they are told, and may ask somebody else in time."""
    url = reverse("work:election-proxies", args=[election.number])
    return [
        Task(
            f"告知{one.voter.name}：委托失效了",
            f"{one.holder.name}成为候选人，不能受托。请他另外委托，或者自己来投票。",
            url,
            "去办",
            yours=True,
        )
        for one in list_to_tell(actor, election=election)
    ]
