"""A matter came in that may belong to others of the same person: the desk is asked, no more."""

from datetime import datetime
from typing import Any

from yukuai.accounts.policy import SYSTEM, Actor, Permission
from yukuai.accounts.queries import find_staff_for
from yukuai.cases.actions import propose_cluster
from yukuai.cases.clusters import get_proposal
from yukuai.kernel.actions import action
from yukuai.messaging.actions import Letter, post_letters


def look_for_cluster(*, case_id: int, at: datetime) -> None:
    """Two acts: the proposal, then the word to the desk; each once, however often it runs."""
    cluster = propose_cluster(SYSTEM, case_id=case_id, at=at)
    if cluster is not None:
        announce_cluster(SYSTEM, cluster_id=cluster.pk, at=at)


@action
def announce_cluster(actor: Actor, *, cluster_id: int, at: datetime) -> None:
    cluster = get_proposal(actor, cluster_id=cluster_id)
    post_letters(actor, [letter_about(actor, cluster, at)], at=at)


def letter_about(actor: Actor, cluster: Any, at: datetime) -> Letter:
    """To whoever may link matters there."""
    users = find_staff_for(
        actor,
        division_id=cluster.division_id,
        department_id=None,
        permission=Permission.CASE_LINK,
        at=at,
    )
    what = {"what": f"{cluster.category.name}，{cluster.division.name}"}
    once, link = f"cluster:{cluster.pk}", f"/work/clusters/{cluster.pk}/"
    return Letter(users, "cluster-proposed", what, once, link, "cluster", cluster.pk)
