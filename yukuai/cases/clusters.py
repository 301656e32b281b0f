"""一串事: matters of one person, in one community, of one category, within a few days.

The window is a term of the rule pack `cluster` (`seed/rulepacks/cluster-2026.toml`); the platform
proposes, a person decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from yukuai.accounts import policy
from yukuai.accounts.actors import user_key
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.models import Case, CaseCluster, ClusterMember, ClusterState
from yukuai.cases.queries import count_capped, list_cases
from yukuai.cases.rules import Rules
from yukuai.cases.states import CaseState
from yukuai.kernel.errors import NotFound, Unavailable
from yukuai.workflow.queries import get_rule_pack

NO_PACK = "还没有装入“cluster”的规则包，不知道几天以内算一串，所以不提。请系统管理员装入。"
GONE = "没有这一串，可能已经有人看过了。请回到列表。"
LEFT_OUT = (CaseState.MERGED, CaseState.WITHDRAWN, CaseState.REJECTED)

# By account and by telephone: he may have signed in the first time and called the next. Never by
# way of the category: beside the few matters of one person its index is half the city.
_BY = """
    SELECT c.id, o.id,
        greatest(o.received_at - c.received_at, c.received_at - o.received_at)
    FROM cases_case c JOIN cases_case o
        ON {same} AND o.division_id = c.division_id
        AND o.category_id IS NOT DISTINCT FROM c.category_id
        AND o.received_at >= c.received_at - %(span)s::interval
        AND o.received_at <= c.received_at + %(span)s::interval
    WHERE c.id = ANY(%(cases)s) AND o.id <> c.id AND o.state <> ALL(%(left_out)s)
        AND NOT EXISTS (SELECT FROM cases_clustermember m JOIN cases_casecluster k
            ON k.id = m.cluster_id WHERE m.case_id = o.id AND k.state = 'dismissed')
"""
_SIBLINGS = f"""
    {_BY.format(same="o.reporter_id = c.reporter_id")}
    UNION {_BY.format(same="o.phone_hash = c.phone_hash AND o.phone_hash <> ''")}
    ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Cluster:
    """A proposal with its matters, the oldest first; those the officer may not see fall away."""

    id: int
    state: str
    community: str
    category: str
    days: int
    proposed_at: datetime
    cases: tuple[Case, ...]


def find_window(actor: Actor, *, area: str, at: datetime) -> int | None:
    """In days, by the rules of the place; None where no pack is in force: nothing is proposed
    there, and boards say so."""
    try:
        pack = get_rule_pack(actor, subject="cluster", area=area, at=at)
    except Unavailable:
        return None
    return Rules(pack.params).term("window").days


def find_cluster_fault(actor: Actor, *, area: str, at: datetime) -> str:
    """Why nothing is proposed in a place, as a sentence; or ''."""
    return "" if find_window(actor, area=area, at=at) is not None else NO_PACK


def person_of(case: Case) -> str:
    """By which matters of one person are told together; '' for whoever left nothing."""
    if case.reporter_id is not None:
        return user_key(case.reporter_id)
    return f"phone:{case.phone_hash}" if case.phone_hash else ""


def may_belong(case: Case) -> bool:
    """Whether anything is to be looked for at all."""
    known = bool(person_of(case)) and case.category_id is not None
    return known and case.state not in LEFT_OUT


def list_siblings(actor: Actor, *, cases: Iterable[Case]) -> dict[int, list[int]]:
    """By matter the others of the same person, place and kind, no further apart than the window of
    the place; without what a person has said to be something else. One statement for all."""
    windows = {
        case.pk: find_window(actor, area=case.area, at=case.received_at)
        for case in cases
        if may_belong(case)
    }
    days = {pk: known for pk, known in windows.items() if known is not None}
    if not days:
        return {}
    given: dict[str, Any] = {
        "cases": list(days),
        "span": timedelta(days=max(days.values())),
        "left_out": [str(state) for state in LEFT_OUT],
    }
    found: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SIBLINGS, given)
        for pk, other, apart in cursor.fetchall():
            if apart <= timedelta(days=days[pk]):
                found.setdefault(pk, []).append(other)
    return found


def list_proposals(actor: Actor) -> QuerySet[CaseCluster]:
    """What waits for a decision where the officer may link matters, the oldest first."""
    rows = CaseCluster.objects.filter(state=ClusterState.PROPOSED)
    rows = rows.select_related("division", "category").order_by("proposed_at", "pk")
    return policy.visible(actor, Permission.CASE_LINK, rows)


def count_proposals(actor: Actor) -> int:
    return count_capped(list_proposals(actor))


def list_clusters(
    actor: Actor, *, rows: QuerySet[CaseCluster] | list[CaseCluster]
) -> list[Cluster]:
    """With their matters: as many statements for one as for thirty."""
    found = list(rows)
    pairs = ClusterMember.objects.filter(cluster__in=found).values_list("cluster_id", "case_id")
    members: dict[int, list[int]] = {}
    for cluster_id, case_id in pairs:
        members.setdefault(cluster_id, []).append(case_id)
    wanted = {case_id for ids in members.values() for case_id in ids}
    cases = list_cases(actor).defer("answer").in_bulk(wanted)
    return [
        _cluster(row, [cases[i] for i in members.get(row.pk, ()) if i in cases]) for row in found
    ]


def _cluster(row: CaseCluster, cases: list[Case]) -> Cluster:
    ordered = sorted(cases, key=lambda case: (case.received_at, case.pk))
    return Cluster(
        id=row.pk,
        state=row.state,
        community=row.division.name,
        category=row.category.name,
        days=row.days,
        proposed_at=row.proposed_at,
        cases=tuple(ordered),
    )


def get_proposal(actor: Actor, *, cluster_id: int, locked: bool = False) -> CaseCluster:
    """Whatever was decided of it. Raises NotFound."""
    rows = CaseCluster.objects.select_related("division", "category")
    rows = policy.visible(actor, Permission.CASE_LINK, rows)
    if locked:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=cluster_id).first()
    if found is None:
        raise NotFound(GONE)
    return found


def list_grouped(actor: Actor, *, case: Case) -> list[Case]:
    """The other matters of the clusters that a person has confirmed."""
    mine = ClusterMember.objects.filter(case=case, cluster__state=ClusterState.CONFIRMED)
    others = ClusterMember.objects.filter(cluster__in=mine.values("cluster")).exclude(case=case)
    return list(list_cases(actor).filter(pk__in=others.values("case"))[:20])
