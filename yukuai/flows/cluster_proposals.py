"""A matter came in that may belong to others of the same person: the desk is asked, no more."""

from datetime import datetime

from yukuai.accounts.policy import SYSTEM, Actor, Permission
from yukuai.accounts.queries import find_staff_for
from yukuai.cases.actions import propose_cluster
from yukuai.cases.clusters import get_proposal
from yukuai.kernel.actions import action, as_step
from yukuai.messaging.actions import notify_users


def look_for_cluster(*, case_id: int, at: datetime) -> None:
    """Two acts: the proposal, then the word to the desk; each once, however often it runs."""
    cluster = propose_cluster(SYSTEM, case_id=case_id, at=at)
    if cluster is not None:
        announce_cluster(SYSTEM, cluster_id=cluster.pk, at=at)


def look_for_cluster_of(actor: Actor, *, case_id: int, at: datetime) -> None:
    """The same as a step, within a round over many."""
    cluster = as_step(propose_cluster)(actor, case_id=case_id, at=at)
    if cluster is not None:
        as_step(announce_cluster)(actor, cluster_id=cluster.pk, at=at)


@action
def announce_cluster(actor: Actor, *, cluster_id: int, at: datetime) -> None:
    cluster = get_proposal(actor, cluster_id=cluster_id)
    users = find_staff_for(
        actor,
        division_id=cluster.division_id,
        department_id=None,
        permission=Permission.CASE_LINK,
        at=at,
    )
    notify_users(
        actor,
        user_ids=users,
        template="cluster-proposed",
        values={"what": f"{cluster.category.name}，{cluster.division.name}"},
        link=f"/work/clusters/{cluster.pk}/",
        subject="cluster",
        object_id=cluster.pk,
        dedupe=f"cluster:{cluster.pk}",
        at=at,
    )
