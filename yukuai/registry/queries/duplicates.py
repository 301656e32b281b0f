"""People of a community who may be on file twice."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.db.models import Count, Q

from yukuai.accounts.policy import Actor, Permission, visible
from yukuai.kernel.errors import NotFound
from yukuai.registry.catalogue import FIELDS
from yukuai.registry.columns import shown
from yukuai.registry.models import Merge, NotSame, Occupancy, Person
from yukuai.registry.states import Kind

NOBODY = "没有这两条登记，或者不在您的社区。"
GROUPS = 200
SAME_NUMBER = "证件号码一样，界线调整以后到了一个社区"
SAME_TELEPHONE = "姓名和手机号都一样"
SAME_BIRTH = "姓名、出生日期和性别都一样"


@dataclass(frozen=True)
class Pair:
    one: Person
    other: Person
    why: str


@dataclass(frozen=True)
class Compared:
    """A field of two records, as anybody may read it."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return bool(self.one and self.other) and self.one != self.other


def list_duplicates(actor: Actor) -> list[Pair]:
    """Those about which nobody has said that they are two; the first two hundred groups."""
    rows = _open(actor)
    pairs = _sharing(rows)
    for fields, wanted, why in (
        (("phone_hash",), ~Q(phone_hash=""), SAME_TELEPHONE),
        (("birth_date", "sex"), Q(birth_date__isnull=False), SAME_BIRTH),
    ):
        columns = ("division_id", "name", *fields)
        groups = rows.filter(wanted).values(*columns).annotate(how_many=Count("pk"))
        for group in groups.filter(how_many__gt=1).order_by(*columns)[:GROUPS]:
            group.pop("how_many")
            for one, other in combinations(rows.filter(**group).order_by("pk"), 2):
                if not (one.person_key and other.person_key):
                    pairs.setdefault((one.pk, other.pk), Pair(one, other, why))
    said = NotSame.objects.filter(one__in=[one for one, _other in pairs])
    for pair in said.values_list("one_id", "other_id"):
        pairs.pop(pair, None)
    return list(pairs.values())


def _sharing(rows: Any) -> dict[tuple[int, int], Pair]:
    """Those who bear one number since a line moved."""
    keys = rows.exclude(shared_key="").order_by("pk").values_list("person_key", flat=True)[:GROUPS]
    by_key: dict[tuple[int, str], list[Person]] = {}
    for row in rows.filter(person_key__in=list(keys)).exclude(person_key="").order_by("pk"):
        by_key.setdefault((row.division_id, row.person_key), []).append(row)
    return {
        (one.pk, other.pk): Pair(one, other, SAME_NUMBER)
        for group in by_key.values()
        for one, other in combinations(group, 2)
    }


def get_pair(actor: Actor, *, one_id: int, other_id: int) -> Pair:
    """Two people of one community whom the actor may make one."""
    rows = _open(actor).filter(pk__in=(one_id, other_id)).order_by("pk")
    found = list(rows)
    if len(found) != 2 or found[0].division_id != found[1].division_id:
        raise NotFound(NOBODY)
    return Pair(found[0], found[1], why="")


def compare(actor: Actor, *, pair: Pair) -> list[Compared]:
    """Field by field, what is sealed masked, and where each lives."""
    compared = [
        Compared(field.label, shown(pair.one, field), shown(pair.other, field))
        for field in FIELDS[Kind.PERSON]
    ]
    homes = [_homes(row) for row in (pair.one, pair.other)]
    compared.append(Compared("住在哪里", *homes))
    return [one for one in compared if one.one or one.other]


def list_merges(actor: Actor) -> Any:
    """Newest first."""
    rows = Merge.objects.select_related("kept", "gone").order_by("-merged_at", "-pk")
    return visible(actor, Permission.REGISTRY_MERGE, rows)


def get_merge(actor: Actor, *, merge_id: int) -> Merge:
    found: Merge | None = list_merges(actor).filter(pk=merge_id).first()
    if found is None:
        raise NotFound("没有这次合并，或者不在您的社区。")
    return found


def _open(actor: Actor) -> Any:
    rows = Person.objects.filter(ended_on=None).select_related("division")
    return visible(actor, Permission.REGISTRY_MERGE, rows)


def _homes(row: Person) -> str:
    rows = Occupancy.objects.filter(person=row, until=None).select_related("dwelling__building")
    return "、".join(_doors(rows.order_by("pk")))


def _doors(rows: Iterable[Occupancy]) -> Iterator[str]:
    for one in rows:
        yield f"{one.dwelling.building.name}{one.dwelling.room}"
