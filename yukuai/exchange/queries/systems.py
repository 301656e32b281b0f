"""Systems and their tables: who manages what, and what a port needs."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.states import CASE_WORKFLOW
from yukuai.exchange.acting import outside_actor
from yukuai.exchange.definitions import NOT_MOVES
from yukuai.exchange.gateways.port import Channel
from yukuai.exchange.models import Credential, DepartmentRoute, ExternalSystem, StatusMap
from yukuai.exchange.states import Direction
from yukuai.kernel.errors import NotFound
from yukuai.workflow.definitions import Move

if TYPE_CHECKING:
    from yukuai.accounts.models import Department

P = Permission
_LABELS = Counter(move.label for move in CASE_WORKFLOW.moves)


def _tell_apart(move: Move) -> str:
    """Some moves share a word; where they lead tells them apart."""
    if _LABELS[move.label] == 1:
        return move.label
    return f"{move.label}，之后是“{CASE_WORKFLOW.states[move.target]}”"


LINES = {move.name: _tell_apart(move) for move in CASE_WORKFLOW.moves} | dict(NOT_MOVES)
"""Every line our log can have that the table of words can hold. What the offices note among
themselves (a merger taken in, a part split off, a call not answered) is nobody's outside."""
GONE = "没有这个外部系统。可能网址不对，也可能不归您的岗位管。"


def list_systems(actor: Actor) -> QuerySet[ExternalSystem]:
    """Those of one's own area, and those above it that reach into it."""
    policy.require_anywhere(actor, P.EXCHANGE_MANAGE)
    wanted = Q(pk__in=[])
    for path in actor.paths_for(P.EXCHANGE_MANAGE):
        wanted |= Q(area__within=path) | Q(division__in=_chain(path))
    rows = ExternalSystem.objects.filter(wanted).select_related("division")
    return rows.order_by("area", "code")


@dataclass(frozen=True)
class Overview:
    """A system as a line of the list."""

    system: ExternalSystem
    mine: bool
    unmapped: int
    departments: int


def list_overview(actor: Actor) -> list[Overview]:
    unmapped = Count("states", Q(states__direction="in", states__ours=""), distinct=True)
    rows = list_systems(actor).annotate(
        unmapped=unmapped, departments=Count("routes", distinct=True)
    )
    return [
        Overview(
            row, bool(policy.check(actor, P.EXCHANGE_MANAGE, row)), row.unmapped, row.departments
        )
        for row in rows
    ]


def get_system(actor: Actor, *, code: str) -> ExternalSystem:
    found = list_systems(actor).filter(code=code).first()
    if found is None:
        raise NotFound(GONE)
    return found


def get_managed_system(actor: Actor, *, code: str) -> ExternalSystem:
    """For changing it: NotPermitted where it only reaches into one's area."""
    found = get_system(actor, code=code)
    policy.require(actor, P.EXCHANGE_MANAGE, found)
    return found


def find_system(actor: Actor, *, code: str) -> ExternalSystem | None:
    """For whoever calls in its name: names and addresses are no secret, the secret is."""
    rows = ExternalSystem.objects.select_related("division")
    return rows.filter(code=code, active=True).first()


def list_active(actor: Actor) -> QuerySet[ExternalSystem]:
    """For the worker."""
    return ExternalSystem.objects.filter(active=True).select_related("division").order_by("code")


def get_system_by_id(actor: Actor, *, system_id: int) -> ExternalSystem:
    found = ExternalSystem.objects.select_related("division").filter(pk=system_id).first()
    if found is None:
        raise NotFound(GONE)
    return found


def list_reaching(actor: Actor, *, area: str) -> QuerySet[ExternalSystem]:
    """The systems a matter in `area` can be sent to."""
    rows = ExternalSystem.objects.filter(active=True, division__in=_chain(area))
    return rows.order_by("area", "code")


def _chain(path: str) -> list[int]:
    return [int(part) for part in path.split(".") if part]


def get_channel(actor: Actor, *, system: ExternalSystem, at: datetime) -> Channel:
    """With the secret in it: only the platform itself can read that far."""
    found = Credential.objects.filter(system=system).first()
    secrets = [found.secret] if found else []
    if found and found.former and found.former_until and found.former_until > at:
        secrets.append(found.former)
    return Channel(
        code=system.code,
        name=system.name,
        base_url=system.base_url,
        protocol=system.protocol,
        secrets=tuple(secrets),
        connect_seconds=system.connect_seconds,
        read_seconds=system.read_seconds,
        replay_seconds=system.replay_seconds,
    )


def get_actor_of(
    actor: Actor, *, system: ExternalSystem, holding: "Department | None" = None
) -> Actor:
    departments = [route.department for route in list_routes(actor, system=system)]
    own = holding if holding in departments else None
    return outside_actor(system, departments, holding=own)


def list_routes(actor: Actor, *, system: ExternalSystem) -> QuerySet[DepartmentRoute]:
    rows = DepartmentRoute.objects.filter(system=system)
    rows = rows.select_related("department__division")
    return rows.order_by("department__area", "department__order", "department")


def find_route(actor: Actor, *, department_id: int | None) -> DepartmentRoute | None:
    if department_id is None:
        return None
    rows = DepartmentRoute.objects.filter(department=department_id, system__active=True)
    return rows.select_related("system__division").first()


def list_inward(actor: Actor, *, system: ExternalSystem) -> QuerySet[StatusMap]:
    """Their states; those nobody has given a meaning yet first."""
    rows = StatusMap.objects.filter(system=system, direction=Direction.INWARD)
    return rows.order_by("pk")


def find_meaning(actor: Actor, *, system: ExternalSystem, theirs: str) -> StatusMap | None:
    found = list_inward(actor, system=system).filter(theirs=theirs).first()
    return found if found is not None and found.ours else None


def find_word(actor: Actor, *, system: ExternalSystem, move: str) -> StatusMap | None:
    """Their word for a move of ours; None where nobody has said whether they are told."""
    rows = StatusMap.objects.filter(system=system, direction=Direction.OUTWARD)
    return rows.filter(ours=move).first()


@dataclass(frozen=True)
class OutwardLine:
    move: str
    label: str
    known: bool
    theirs: str


def list_outward(actor: Actor, *, system: ExternalSystem) -> list[OutwardLine]:
    """Every line our log can have, with their word for it."""
    rows = StatusMap.objects.filter(system=system, direction=Direction.OUTWARD)
    words = dict(rows.values_list("ours", "theirs"))
    return [
        OutwardLine(move, label, move in words, words.get(move, ""))
        for move, label in LINES.items()
    ]


def count_unmapped(actor: Actor, *, system: ExternalSystem) -> int:
    return list_inward(actor, system=system).filter(ours="").count()
