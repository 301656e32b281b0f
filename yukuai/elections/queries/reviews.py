"""The joint review, read by whoever was asked and by whoever leads it; nobody else finds a row."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.accounts.queries import list_departments_at
from yukuai.audit.actions import record
from yukuai.elections.models import Election, Opinion, Panelist, Screening
from yukuai.elections.standing import Decision
from yukuai.elections.states import ElectionState
from yukuai.kernel.errors import NotFound, NotPermitted

if TYPE_CHECKING:
    from yukuai.accounts.models import Department

P = Permission
DISTRICT = 1
"""Where in a path the district stands."""
USUAL = ("民政", "公安", "司法行政", "信访", "规划自然资源", "生态环境", "农业农村", "卫生健康")
"""Kinds of departments that take part where a district has chosen none (domain.md §2.4; ours)."""
PACKS = ("count_pack", "law_pack", "local_pack")
NO_OPINION = "没有这一份联审意见，或者不归您的部门反馈。"
GOING = Q(screening__election__state=ElectionState.JOINT_REVIEW, screening__election__halted="")
STANDS = Q(screening__nominee__withdrawn_on=None)


def district_of(election: Election) -> int:
    return int(election.area.split(".")[DISTRICT])


def home_of(actor: Actor) -> int:
    """The district whose reviews the actor leads. Raises NotPermitted."""
    paths = [path for path in actor.paths_for(P.ELECTION_LEAD_REVIEW) if path]
    if not paths:
        raise NotPermitted("联审由区县主持。")
    return int(paths[0].split(".")[-2])


def list_panel(actor: Actor, *, division_id: int) -> "list[Department]":
    """The departments that are asked: those the district chose, or the usual ones."""
    chosen = set(Panelist.objects.filter(division=division_id).values_list("department", flat=True))
    rows = list(list_departments_at(actor, division_ids=[division_id]))
    return [one for one in rows if (one.pk in chosen if chosen else one.kind in USUAL)]


def _own(actor: Actor) -> QuerySet[Opinion]:
    packs = [f"screening__election__{pack}" for pack in PACKS]
    rows = Opinion.objects.select_related("screening", "screening__election", *packs)
    return policy.visible(actor, P.ELECTION_REVIEW, rows)


def list_own_opinions(actor: Actor, *, at: datetime) -> list[Opinion]:
    """What the actor's department has not answered, the earliest due first. Looks are audited."""
    rows = list(_own(actor).filter(GOING, STANDS, signed_at=None).order_by("due_at", "pk"))
    _looked(actor, f"本部门待反馈 {len(rows)} 人", at)
    return rows


def list_signed(actor: Actor) -> list[Opinion]:
    """What it answered in reviews that are still going, the last first."""
    rows = _own(actor).filter(GOING, signed_at__isnull=False)
    return list(rows.order_by("-signed_at", "-pk")[:50])


def get_opinion(actor: Actor, *, opinion_id: int) -> Opinion:
    found = _own(actor).filter(pk=opinion_id).first()
    if found is None:
        raise NotFound(NO_OPINION)
    return found


def newest_opinions(screening: Screening) -> list[Opinion]:
    """One a department, its latest."""
    rows = Opinion.objects.filter(screening=screening).select_related("unit_department")
    newest: dict[int, Opinion] = {}
    for one in rows.order_by("round"):
        newest[one.unit_department_id] = one
    return sorted(newest.values(), key=lambda one: one.unit_department_id)


def _led(actor: Actor) -> QuerySet[Screening]:
    return policy.visible(actor, P.ELECTION_LEAD_REVIEW, Screening.objects.all())


@dataclass(frozen=True)
class Sent:
    """An election under review: how many wait to be asked about, and how many have an outcome."""

    election: Election
    people: int
    unasked: int
    settled: int


def list_under_review(actor: Actor) -> list[Sent]:
    """By place."""
    rows = Election.objects.filter(state=ElectionState.JOINT_REVIEW)
    rows = policy.visible(actor, P.ELECTION_LEAD_REVIEW, rows)
    standing = Q(nominees__withdrawn_on=None)
    rows = rows.annotate(
        people=Count("nominees", filter=standing),
        reviewed=Count("nominees", filter=standing & Q(nominees__review__in=("pass", "bar"))),
    )
    elections = list(rows.select_related("division").order_by("area", "pk"))
    asked = _led(actor).filter(election__in=elections, nominee__withdrawn_on=None).order_by()
    numbers = dict(asked.values_list("election").annotate(number=Count("pk")))
    return [
        Sent(one, one.people, one.people - numbers.get(one.pk, 0), one.reviewed)
        for one in elections
    ]


@dataclass(frozen=True)
class Waiting:
    """A department and how many opinions it still owes, so many of them late."""

    department: str
    waiting: int
    late: int


def list_waiting(actor: Actor, *, at: datetime) -> list[Waiting]:
    """Which departments are asked and have not answered. Silence is never consent."""
    rows = policy.visible(actor, P.ELECTION_LEAD_REVIEW, Opinion.objects.all())
    rows = rows.filter(GOING, STANDS, signed_at=None).order_by()
    counted = rows.values("unit_department__name", "unit_department__order").annotate(
        waiting=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at))
    )
    ordered = counted.order_by("unit_department__order", "unit_department__name")
    return [Waiting(one["unit_department__name"], one["waiting"], one["late"]) for one in ordered]


def list_screenings(actor: Actor, *, at: datetime) -> list[Screening]:
    """Whoever is under review, those the joint meeting has to decide about first. Looks are
    audited. Each carries `waiting` (opinions not given) and `cautions` (of any round)."""
    rows = _led(actor).filter(
        election__state=ElectionState.JOINT_REVIEW, nominee__withdrawn_on=None
    )
    rows = rows.select_related("nominee", "election").annotate(
        waiting=Count("opinions", filter=Q(opinions__signed_at=None)),
        cautions=Count("opinions", filter=Q(opinions__decision=Decision.CAUTION)),
    )
    found = list(rows.order_by("election__area", "pk"))
    _looked(actor, f"联审 {len(found)} 人", at)
    return sorted(found, key=lambda one: not needs_meeting(one))


def needs_meeting(one: Any) -> bool:
    """A row of `list_screenings`: all answered, nobody bars, somebody wants the joint meeting."""
    return one.nominee.review == "pending" and not one.waiting and bool(one.cautions)


def get_screening(actor: Actor, *, screening_id: int) -> Screening:
    found = _led(actor).select_related("nominee", "election").filter(pk=screening_id).first()
    if found is None:
        raise NotFound("没有这个人的联审，或者不归您主持。")
    return found


def open_screening(
    actor: Actor, *, screening_id: int, at: datetime
) -> tuple[Screening, list[Opinion]]:
    """With everything the departments said, of every round. The look is audited."""
    found = get_screening(actor, screening_id=screening_id)
    rows = Opinion.objects.filter(screening=found).select_related("unit_department")
    record(
        actor,
        act="election.look-at-review",
        target=f"{found.election.number} {found.name}",
        area=found.area,
        at=at,
    )
    return found, list(rows.order_by("unit_department__order", "unit_department", "round"))


def _looked(actor: Actor, words: str, at: datetime) -> None:
    area = next(iter(actor.areas), "")
    record(actor, act="election.list-reviews", target="联审", area=area, at=at, purpose=words)
