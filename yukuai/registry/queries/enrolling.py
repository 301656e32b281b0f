"""Whom a list of people is made of: those of a place who are old enough, and how they live."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yukuai.accounts.policy import Actor
from yukuai.registry.addresses import room_words
from yukuai.registry.keeping import readable
from yukuai.registry.models import Occupancy, Person

MOST_FOUND = 20
_LAST = "\U0010ffff"
_READ = ("id", "name", "sex", "birth_date", "person_key", "division_id", "area")


@dataclass(frozen=True)
class Enrolled:
    """Somebody as a list needs him. `key` is the keyed hash of his papers, '' where none is known;
    `living` is how he lives here (`states.Living`), '' where nobody wrote it down."""

    person_id: int
    key: str
    name: str
    sex: str
    birth_date: date | None
    living: str
    home: str
    compound: str


def list_born_by(actor: Actor, *, division_id: int, day: date) -> list[Enrolled]:
    """The people of a community who were born by this day, or of whom no birthday is known."""
    rows = readable(actor, Person).filter(division=division_id, ended_on=None)
    rows = rows.filter(_born_by(day))
    return _with_homes(rows.only(*_READ).order_by("pk"))


def get_enrolled(actor: Actor, *, division_id: int, person_id: int) -> Enrolled | None:
    rows = readable(actor, Person).filter(division=division_id, ended_on=None, pk=person_id)
    return next(iter(_with_homes(rows.only(*_READ))), None)


def find_by_name(
    actor: Actor, *, division_id: int, name: str, born_by: date, besides: Iterable[int]
) -> list[Enrolled]:
    """Those old enough whose name begins so, `besides` whoever is on the list already."""
    rows = readable(actor, Person).filter(
        division=division_id, ended_on=None, name__gte=name, name__lt=f"{name}{_LAST}"
    )
    rows = (
        rows.filter(_born_by(born_by)).exclude(pk__in=besides).only(*_READ).order_by("name", "pk")
    )
    return _with_homes(rows[:MOST_FOUND])


def _born_by(day: date) -> Q:
    return Q(birth_date__lte=day) | Q(birth_date=None)


def _with_homes(people: Iterable[Person]) -> list[Enrolled]:
    found = list(people)
    homes: dict[int, Occupancy] = {}
    rows = Occupancy.objects.filter(person__in=[one.pk for one in found], until=None)
    rows = rows.select_related("dwelling__building__compound", "dwelling__entrance")
    for home in rows.order_by("-pk"):
        homes[home.person_id] = home
    return [_enrolled(one, homes.get(one.pk)) for one in found]


def _enrolled(one: Person, home: Occupancy | None) -> Enrolled:
    compound = home.dwelling.building.compound if home else None
    return Enrolled(
        person_id=one.pk,
        key=one.person_key,
        name=one.name,
        sex=one.sex,
        birth_date=one.birth_date,
        living=home.living if home else "",
        home=room_words(home.dwelling)[:120] if home else "",
        compound=compound.name if compound else "",
    )
