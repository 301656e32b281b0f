from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import Count, Exists, OuterRef, QuerySet

from yukuai.accounts.policy import Actor
from yukuai.elections.models import Election, Objection, Voter, VoterCard
from yukuai.elections.offices import eighteen_years_before
from yukuai.elections.states import Basis, CardState, VoterState
from yukuai.kernel.errors import NotFound
from yukuai.registry.queries.enrolling import Enrolled, find_by_name


def list_voters(
    actor: Actor, *, election: Election, state: str = "", group: str = "", name: str = ""
) -> QuerySet[Voter]:
    """As they stand on the list: by group, then by name."""
    rows = Voter.objects.filter(election=election)
    if state:
        rows = rows.filter(state=state)
    if group:
        rows = rows.filter(group=group)
    if name:
        rows = rows.filter(name__gte=name, name__lt=f"{name}\U0010ffff")
    return rows.order_by("group", "name", "pk")


def list_groups(actor: Actor, *, election: Election) -> list[tuple[str, int]]:
    """The groups of the list and how many stand in each."""
    rows = Voter.objects.filter(election=election, state=VoterState.LISTED).order_by("group")
    return list(rows.values_list("group").annotate(number=Count("pk")))


def get_voter(actor: Actor, *, election: Election, voter_id: int, locked: bool = False) -> Voter:
    rows = Voter.objects.filter(election=election, pk=voter_id)
    if locked:
        rows = rows.select_for_update(of=("self",))
    found = rows.first()
    if found is None:
        raise NotFound("名单上没有这一行。请回到名单重新选。")
    return found


@dataclass(frozen=True)
class RollNumbers:
    """How many stand where."""

    listed: int = 0
    proposed: int = 0
    elsewhere: int = 0
    struck: int = 0
    cardless: int = 0
    """Of those listed: without a card that holds."""
    by_basis: Mapping[Basis, int] = field(default_factory=dict)
    """Of those listed."""


def roll_numbers(actor: Actor, *, election: Election) -> RollNumbers:
    rows = Voter.objects.filter(election=election).order_by()
    counted = rows.values_list("state", "basis").annotate(
        number=Count("pk"), cardless=Count("pk", filter=~holds_card())
    )
    states: dict[str, int] = {}
    grounds: dict[Basis, int] = {}
    cardless = 0
    for state, basis, number, without in counted:
        states[state] = states.get(state, 0) + number
        if state == VoterState.LISTED:
            grounds[Basis(basis)] = grounds.get(Basis(basis), 0) + number
            cardless += without
    return RollNumbers(
        listed=states.get(VoterState.LISTED, 0),
        proposed=states.get(VoterState.PROPOSED, 0),
        elsewhere=states.get(VoterState.ELSEWHERE, 0),
        struck=states.get(VoterState.STRUCK, 0),
        cardless=cardless,
        by_basis=dict(sorted(grounds.items())),
    )


def holds_card() -> Exists:
    """For rows of Voter: a card that was not made void."""
    return Exists(VoterCard.objects.filter(voter=OuterRef("pk")).exclude(state=CardState.VOID))


def list_objections(actor: Actor, *, election: Election) -> list[Objection]:
    """Those that wait first, in the order in which they came."""
    return sorted(
        election.objections.all(), key=lambda one: (one.decided_at is not None, one.serial)
    )


def find_in_register(actor: Actor, *, election: Election, name: str) -> list[Enrolled]:
    """People of the community whose name begins so and who do not stand on the list."""
    if not name:
        return []
    on_it = Voter.objects.filter(election=election).values_list("person_id", flat=True)
    return find_by_name(
        actor,
        division_id=election.division_id,
        name=name,
        born_by=eighteen_years_before(election.day),
        besides=on_it,
    )
