from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from yukuai.accounts.models import Department
from yukuai.accounts.policy import Actor
from yukuai.kernel.errors import NotFound
from yukuai.kernel.reference import Reference

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

FOUND_AT_MOST = 30
_NAMES: Reference[dict[int, str]] = Reference(
    lambda: dict(Department.objects.values_list("pk", "name"))
)


def names_of_departments(actor: Actor) -> Mapping[int, str]:
    """Names by id, of the closed ones too, read once a version of reference data: for lists."""
    return _NAMES.get()


def list_departments(
    actor: Actor, *, area: str, include_closed: bool = False
) -> QuerySet[Department]:
    """The departments a matter in `area` can be given to: those of every level above it and of
    itself, upper levels first. Departments are public."""
    return _ordered(Q(division__in=_chain(area)), include_closed)


def list_departments_at(
    actor: Actor, *, division_ids: Iterable[int], include_closed: bool = False
) -> QuerySet[Department]:
    return _ordered(Q(division__in=list(division_ids)), include_closed)


def list_departments_in(actor: Actor, *, division: "Division") -> QuerySet[Department]:
    """Those of a place and of everything below it, upper levels first."""
    return _ordered(Q(area__within=division.path), False)


def find_departments(actor: Actor, *, text: str, area: str) -> QuerySet[Department]:
    """By name, short name or pinyin initials, among those above `area` and inside it."""
    typed = text.strip()
    named = Q(name__contains=typed) | Q(short_name__contains=typed)
    if typed.isascii():
        named |= Q(initials__contains=typed.lower())
    placed = Q(division__in=_chain(area)) | Q(area__within=area)
    return _ordered(named & placed if typed else Q(pk=None), False)[:FOUND_AT_MOST]


def get_department(actor: Actor, *, department_id: int) -> Department:
    found = Department.objects.select_related("division").filter(pk=department_id).first()
    if found is None:
        raise NotFound("没有这个部门。可能网址不对，也可能已经撤销。")
    return found


def _chain(area: str) -> list[int]:
    """The ids of a path are the divisions above it and itself."""
    return [int(part) for part in area.split(".") if part]


def _ordered(wanted: Q, include_closed: bool) -> QuerySet[Department]:
    if not include_closed:
        wanted &= Q(active=True)
    rows = Department.objects.filter(wanted).select_related("division")
    return rows.order_by("area", "order", "pk")


def list_departments_of_kind(actor: Actor, *, kind: str, area: str) -> QuerySet[Department]:
    """The working ones of a kind, at the levels above `area` and inside it, upper levels first."""
    return _ordered(Q(kind=kind) & (Q(division__in=_chain(area)) | Q(area__within=area)), False)


def list_department_kinds(actor: Actor, *, area: str) -> list[str]:
    """The words that like offices share, as far as one works above `area` or inside it."""
    placed = Q(division__in=_chain(area)) | Q(area__within=area)
    rows = Department.objects.filter(placed, active=True).exclude(kind="")
    return list(rows.order_by("kind").values_list("kind", flat=True).distinct())
