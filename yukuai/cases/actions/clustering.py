"""The platform proposes that matters belong together; a person confirms or dismisses it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from yukuai.accounts.actors import user_key
from yukuai.accounts.policy import Actor
from yukuai.audit.actions import record
from yukuai.cases.actions._steps import lock, required
from yukuai.cases.actions.linking import merge
from yukuai.cases.clusters import find_window, get_proposal, list_siblings, may_belong, person_of
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
    return next(iter(propose_clusters(actor, cases=[case], at=at)), None)


def propose_clusters(actor: Actor, *, cases: Iterable[Case], at: datetime) -> list[CaseCluster]:
    """A step: what waits for a decision about these matters, each proposal once."""
    asked = sorted((case for case in cases if may_belong(case)), key=lambda case: case.pk)
    hold(*(key for case in asked for key in _persons(case)))
    siblings = list_siblings(actor, cases=asked)
    clusters = _clusters_of([case.pk for case in asked])
    for case in asked:
        if case.pk not in clusters and (others := siblings.get(case.pk)):
            cluster = _proposal(actor, case, others, at)
            _add_members(cluster, [*others, case.pk])
            clusters |= dict.fromkeys([*others, case.pk], cluster)
    newest = {clusters[case.pk] for case in asked if case.pk in clusters}
    waiting = (cluster for cluster in newest if cluster.state == ClusterState.PROPOSED)
    return sorted(waiting, key=lambda cluster: cluster.pk)


def _persons(case: Case) -> Iterator[str]:
    """The names of locks: two matters of one person at once see each other."""
    if case.phone_hash:
        yield f"cases.cluster:{case.phone_hash}"
    if case.reporter_id is not None:
        yield f"cases.cluster:{user_key(case.reporter_id)}"


def _clusters_of(case_ids: list[int]) -> dict[int, CaseCluster]:
    """The newest of each that is in one."""
    rows = ClusterMember.objects.filter(case__in=case_ids).order_by("pk")
    rows = rows.select_related("cluster__division", "cluster__category")
    return {member.case_id: member.cluster for member in rows}


def _proposal(actor: Actor, case: Case, others: list[int], at: datetime) -> CaseCluster:
    """The one that waits already, or a new one."""
    waiting = CaseCluster.objects.filter(
        state=ClusterState.PROPOSED, division=case.division_id, category=case.category_id
    )
    person = person_of(case)
    known = waiting.filter(members__case__in=others) | waiting.filter(person=person)
    if found := known.select_related("division", "category").order_by("pk").distinct().first():
        return found
    days = find_window(actor, area=case.area, at=case.received_at)
    assert case.category is not None
    assert days is not None
    return CaseCluster.objects.create(
        division=case.division,
        category=case.category,
        person=person,
        days=days,
        proposed_at=at,
    )


def _add_members(cluster: CaseCluster, case_ids: list[int]) -> None:
    rows = [
        ClusterMember(cluster=cluster, case_id=pk, division=cluster.division) for pk in case_ids
    ]
    ClusterMember.objects.bulk_create(rows, ignore_conflicts=True)


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
