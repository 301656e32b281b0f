"""Where one stands in the register: addresses, names and the way back, of every kind of record."""

from typing import Any

from django.urls import reverse

from yukuai.kernel.errors import NotFound
from yukuai.registry.keeping import NOT_HERE
from yukuai.registry.saying import door_of
from yukuai.registry.states import Kind

ICONS = {
    Kind.PERSON: "person",
    Kind.HOUSEHOLD: "people",
    Kind.DWELLING: "house",
    Kind.BUILDING: "building",
    Kind.COMPOUND: "layers",
    Kind.ORGANISATION: "job",
    Kind.SOCIAL_ORG: "talk",
    Kind.PARTY_ORG: "flag",
    Kind.FACILITY: "place",
    Kind.OFFICE_HOLDER: "seal",
    Kind.PROJECT: "desk",
}

ONE = {Kind.HOUSEHOLD: "一户", Kind.DWELLING: "一间房", Kind.BUILDING: "一栋楼"}
"""What is registered, as one says it; of the others 一个."""


def kind_of(slug: str) -> Kind:
    """Raises NotFound."""
    if slug not in Kind.values:
        raise NotFound(NOT_HERE)
    return Kind(slug)


def record_url(row: Any) -> str:
    return reverse("work:registry-record", args=[row.kind, row.pk])


def list_url(kind: str, division_id: int) -> str:
    if kind == Kind.BUILDING:
        return reverse("work:registry-buildings", args=[division_id])
    return reverse("work:registry-list", args=[division_id, kind])


def title_of(row: Any) -> str:
    """What a record is called on its page; a household has no name of its own."""
    if row.kind == Kind.DWELLING:
        return door_of(row)
    if row.kind == Kind.HOUSEHOLD:
        return f"{door_of(row.dwelling)} 的一户" if row.dwelling_id else "一户"
    return str(row.division.name if row.kind == Kind.COMPOUND else row.name)


def crumbs_to(division: Any, *more: tuple[str, str]) -> list[dict[str, str]]:
    """`more`: label and address; the last one is the present page."""
    home = reverse("work:registry-home", args=[division.pk])
    steps = [(f"{division.name}的底数", home), *more]
    return [{"label": label, "url": url} for label, url in steps]


def crumbs_of(row: Any, *more: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a record: a door by its building, everything else by its list."""
    if row.kind == Kind.DWELLING:
        above = (row.building.name, reverse("work:registry-plan", args=[row.building_id]))
    elif row.kind == Kind.BUILDING:
        above = ("楼栋", reverse("work:registry-buildings", args=[row.division_id]))
    else:
        above = (Kind(row.kind).label, _list_of(row))
    return crumbs_to(_community_of(row), above, (title_of(row), record_url(row)), *more)


def _community_of(row: Any) -> Any:
    """A compound lies in a division of its own, one below the community."""
    return row.division.parent if row.kind == Kind.COMPOUND else row.division


def _list_of(row: Any) -> str:
    return list_url(row.kind, _community_of(row).pk)
