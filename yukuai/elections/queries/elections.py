from dataclasses import dataclass

from django.db.models import QuerySet, prefetch_related_objects

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.divisions.queries import Child, list_children
from yukuai.divisions.states import DivisionKind
from yukuai.elections.models import Election
from yukuai.elections.states import Body, ElectionState
from yukuai.kernel.errors import NotFound

P = Permission
NOT_HERE = "没有这次选举，或者不归您看。请回到列表重新选。"


def list_elections(actor: Actor) -> QuerySet[Election]:
    """Those the actor may see, by place."""
    rows = policy.visible(actor, P.ELECTION_VIEW, Election.objects.all())
    return rows.select_related("division").order_by("area", "-started_at", "-pk")


def get_election(actor: Actor, *, number: str, locked: bool = False) -> Election:
    """With the rules pinned to it. Raises NotFound, also for what the actor may not see."""
    return _first(actor, locked=locked, number=number.upper()[:20])


def get_with_objections(actor: Actor, *, number: str) -> Election:
    """The same for reading: what guards and page ask about objections and offices is asked once."""
    election = get_election(actor, number=number)
    prefetch_related_objects([election], "objections", "contests")
    return election


def get_election_by_id(actor: Actor, *, election_id: int, locked: bool = False) -> Election:
    return _first(actor, locked=locked, pk=election_id)


def _first(actor: Actor, *, locked: bool, **which: object) -> Election:
    rows = policy.visible(actor, P.ELECTION_VIEW, Election.objects.filter(**which))
    rows = rows.select_related("division", "count_pack", "law_pack", "local_pack")
    if locked:  # no_key: a desk that hands out ballots names the row and does not wait for it
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.first()
    if found is None:
        raise NotFound(NOT_HERE)
    return found


@dataclass(frozen=True)
class Startable:
    """A community below the actor's township; `election` is the one that goes on there."""

    division: Child
    body: Body
    election: Election | None


def list_startable(actor: Actor) -> list[Startable]:
    """The communities whose elections the actor begins, with the newest of each."""
    found = []
    newest: dict[int, Election] = {}
    for one in list_elections(actor).exclude(state=ElectionState.ANNULLED):
        newest.setdefault(one.division_id, one)
    for path in actor.paths_for(P.ELECTION_GUIDE):
        for child in list_children(actor, parent_id=int(path.split(".")[-2])):
            if child.kind == DivisionKind.COMMUNITY:
                found.append(Startable(child, body_of(child.name), newest.get(child.id)))
    return found


def body_of(name: str) -> Body:
    """A village elects a villagers' committee, anything else a residents' committee."""
    return Body.VILLAGE if name.endswith("村") else Body.COMMUNITY
