"""A matter came in that may belong to others of the same person: the desk is asked, no more."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yukuai.accounts.policy import SYSTEM, Actor, Permission
from yukuai.cases.actions import propose_cluster
from yukuai.cases.clusters import get_proposal
from yukuai.kernel.actions import action
from yukuai.messaging.actions import Letter, post_letters
from yukuai.roster.queries import list_staff_now


def look_for_cluster(*, case_id: int, at: datetime) -> None:
    """Two acts: the proposal, then the word to the desk; each once, however often it runs."""
    cluster = propose_cluster(SYSTEM, case_id=case_id, at=at)
    if cluster is not None:
        announce_cluster(SYSTEM, cluster_id=cluster.pk, at=at)


@action
def announce_cluster(actor: Actor, *, cluster_id: int, at: datetime) -> None:
    cluster = get_proposal(actor, cluster_id=cluster_id)
    post_letters(actor, letters_about(actor, [cluster], at), at=at)


def letters_about(actor: Actor, clusters: Sequence[Any], at: datetime) -> list[Letter]:
    """To whoever may link matters where they lie."""
    places = {cluster.division_id for cluster in clusters}
    staff = list_staff_now(actor, division_ids=places, permission=Permission.CASE_LINK, at=at)
    return [
        Letter(
            [holder.user_id for holder in staff.get(cluster.division_id, ())],
            "cluster-proposed",
            {"what": f"{cluster.category.name}，{cluster.division.name}"},
            dedupe=f"cluster:{cluster.pk}",
            link=f"/work/clusters/{cluster.pk}/",
            subject="cluster",
            object_id=cluster.pk,
        )
        for cluster in clusters
    ]
