"""The platform proposes that matters belong together; a person confirms or dismisses it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.cases.actions._steps import lock, required
from yukuai.cases.actions.linking import merge
from yukuai.cases.clusters import (
    LEFT_OUT,
    find_window,
    get_proposal,
    list_with_siblings,
    person_of,
    same_person,
)
from yukuai.cases.models import Case, CaseCluster, ClusterMember, ClusterState
from yukuai.cases.queries import get_case
from yukuai.cases.states import UNDISPATCHED
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.locks import hold

DECIDED = "这一串已经有人看过了，不用再确认。"
WHY_DISMISS = "写明为什么不是一回事，系统以后不再拿这几件来问。"
WHY_CONFIRM = "写明为什么是同一件事。"
NO_SUCH_MAIN = "选这一串里没办完的一件，其他的并入它。"


@dataclass(frozen=True)
class Confirmed:
    """What came of it: `left` are matters that were on their way already and stay as they are."""

    merged: tuple[str, ...]
    left: tuple[str, ...]


@action
def propose_cluster(actor: Actor, *, case_id: int, at: datetime) -> CaseCluster | None:
    """For the worker. Run twice, it proposes once; it touches no matter."""
    case = get_case(actor, case_id=case_id)
    if not person_of(case) or case.category_id is None or case.state in LEFT_OUT:
        return None
    hold(_person_key(case))
    return _propose(actor, case, at)


def propose_clusters(actor: Actor, *, cases: Iterable[Case], at: datetime) -> list[CaseCluster]:
    """A step: the same of many, each cluster once."""
    likely = list_with_siblings(actor, cases=cases, at=at)
    hold(*map(_person_key, likely))
    proposed = (_propose(actor, case, at) for case in likely)
    return list({cluster.pk: cluster for cluster in proposed if cluster is not None}.values())


def _person_key(case: Case) -> str:
    """Of a lock: two matters of one person at once see each other."""
    return f"cases.cluster:{case.phone_hash or person_of(case)}"


def _propose(actor: Actor, case: Case, at: datetime) -> CaseCluster | None:
    if member := ClusterMember.objects.filter(case=case).order_by("-pk").first():
        waiting = CaseCluster.objects.filter(pk=member.cluster_id, state=ClusterState.PROPOSED)
        return waiting.select_related("division", "category").first()
    days = find_window(actor, area=case.area, at=case.received_at)
    if days is None or not (others := _others(case, days)):
        return None
    cluster = _proposal(case, others, days, at)
    members = [
        ClusterMember(cluster=cluster, case=one, division=cluster.division)
        for one in (*others, case)
    ]
    ClusterMember.objects.bulk_create(members, ignore_conflicts=True)
    return cluster


def _others(case: Case, days: int) -> list[Case]:
    """Of the same person, place and kind, no further apart than the window; without what a
    person has said to be something else."""
    span = timedelta(days=days)
    rows = Case.objects.filter(
        same_person(case),
        division=case.division_id,
        category=case.category_id,
        received_at__range=(case.received_at - span, case.received_at + span),
    )
    rows = rows.exclude(pk=case.pk).exclude(state__in=LEFT_OUT)
    dismissed = ClusterMember.objects.filter(cluster__state=ClusterState.DISMISSED)
    return list(rows.exclude(pk__in=dismissed.values("case")).order_by("pk"))


def _proposal(case: Case, others: list[Case], days: int, at: datetime) -> CaseCluster:
    """The one that waits already, or a new one."""
    person = person_of(case)
    waiting = CaseCluster.objects.filter(
        state=ClusterState.PROPOSED, division=case.division_id, category=case.category_id
    )
    known = waiting.filter(members__case__in=others) | waiting.filter(person=person)
    if found := known.select_related("division", "category").order_by("pk").distinct().first():
        return found
    assert case.category is not None
    return CaseCluster.objects.create(
        division=case.division,
        category=case.category,
        person=person,
        days=days,
        proposed_at=at,
    )


@action
def confirm_cluster(
    actor: Actor, *, cluster_id: int, main_id: int | None = None, reason: str = "", at: datetime
) -> Confirmed:
    """They belong together: grouped, or (with `main_id`) merged into one of them. What a unit
    has already been given is grouped all the same and handled to its end."""
    cluster = _open_proposal(actor, cluster_id)
    merged: list[str] = []
    left: list[str] = []
    if main_id is not None:
        reason = required(reason, field="reason", sentence=WHY_CONFIRM)
        ids = list(cluster.members.order_by("case_id").values_list("case_id", flat=True))
        if main_id not in ids:
            raise InvalidInput(NO_SUCH_MAIN, fields={"main": NO_SUCH_MAIN})
        held = {pk: lock(actor, pk) for pk in ids}
        for case in (held[pk] for pk in ids if pk != main_id):
            movable = case.state in UNDISPATCHED
            (merged if movable else left).append(case.number)
            if movable:
                merge(actor, case, held[main_id], reason=reason, at=at)
    _decide(actor, cluster, ClusterState.CONFIRMED, reason.strip()[:400], at)
    return Confirmed(tuple(merged), tuple(left))


@action
def dismiss_cluster(actor: Actor, *, cluster_id: int, reason: str, at: datetime) -> CaseCluster:
    """They are different things: nothing changes, and these are not asked about again."""
    cluster = _open_proposal(actor, cluster_id)
    reason = required(reason, field="reason", sentence=WHY_DISMISS)
    _decide(actor, cluster, ClusterState.DISMISSED, reason, at)
    return cluster


def _open_proposal(actor: Actor, cluster_id: int) -> CaseCluster:
    cluster = get_proposal(actor, cluster_id=cluster_id, locked=True)
    if cluster.state != ClusterState.PROPOSED:
        raise Conflict(DECIDED)
    return cluster


def _decide(
    actor: Actor, cluster: CaseCluster, state: ClusterState, reason: str, at: datetime
) -> None:
    cluster.state, cluster.reason = state, reason
    cluster.decided_by, cluster.decided_by_id, cluster.decided_at = actor.label, actor.user_id, at
    cluster.save()
    act = "confirm" if state == ClusterState.CONFIRMED else "dismiss"
    target = f"第 {cluster.pk} 串"
    record(actor, act=f"cluster.{act}", target=target, area=cluster.area, at=at, reason=reason)
