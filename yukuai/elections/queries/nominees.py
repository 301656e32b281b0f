from dataclasses import dataclass

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from yukuai.accounts.policy import Actor
from yukuai.elections.conditions import in_order
from yukuai.elections.models import Contest, Election, Kin, Nomination, Nominee
from yukuai.elections.standing import Nominators
from yukuai.kernel.errors import NotFound


@dataclass(frozen=True)
class Nominated:
    """Somebody nominated for an office: how often, and whether by the party organisation too."""

    nominee: Nominee
    number: int
    by_party: bool


@dataclass(frozen=True)
class Field:
    """Who stands for one office, whoever was nominated most often first."""

    contest: Contest
    standing: tuple[Nominated, ...]


def list_fields(actor: Actor, *, election: Election) -> list[Field]:
    """The offices in order. Equal numbers stand in the order in which they first came in."""
    rows = Nomination.objects.filter(election=election).order_by()
    party = Coalesce(Sum("number", filter=Q(by=Nominators.PARTY)), 0)
    counted = rows.values_list("contest", "nominee").annotate(all=Sum("number"), party=party)
    people = {one.pk: one for one in Nominee.objects.filter(election=election).order_by("pk")}
    found: dict[int, list[Nominated]] = {}
    for contest, nominee, number, by_party in counted:
        found.setdefault(contest, []).append(Nominated(people[nominee], number, bool(by_party)))
    return [
        Field(one, tuple(sorted(found.get(one.pk, []), key=_most_first)))
        for one in in_order(election)
    ]


def _most_first(one: Nominated) -> tuple[bool, int, int]:
    return one.nominee.withdrawn_on is not None, -one.number, one.nominee.pk


def get_nominee(
    actor: Actor, *, election: Election, nominee_id: int, locked: bool = False
) -> Nominee:
    rows = Nominee.objects.filter(election=election, pk=nominee_id)
    if locked:
        rows = rows.select_for_update(of=("self",))
    found = rows.first()
    if found is None:
        raise NotFound("没有这位被提名的人。请回到提名页面重新选。")
    return found


def list_kin(actor: Actor, *, election: Election) -> list[Kin]:
    rows = Kin.objects.filter(election=election).select_related("nominee", "member")
    return list(rows.order_by("nominee", "pk"))


def get_kin(actor: Actor, *, election: Election, kin_id: int) -> Kin:
    found = Kin.objects.filter(election=election, pk=kin_id).select_related("nominee").first()
    if found is None:
        raise NotFound("没有这一条，可能已经删去。请回到提名页面。")
    return found
