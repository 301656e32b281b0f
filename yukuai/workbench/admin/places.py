"""Choosing one of twelve thousand places: type, look, take one of those found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from yukuai.accounts.policy import Actor, Permission
from yukuai.divisions.queries import Found, find_divisions, get_division, list_places
from yukuai.kernel.errors import NotFound
from yukuai.workbench.admin.paging import number, tidy

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

SHOWN = 12


@dataclass(frozen=True)
class PlaceSearch:
    """`chosen` by its id or as the only hit; several `hits` wait for somebody to choose."""

    text: str = ""
    chosen: "Division | None" = None
    place: str = ""
    hits: Sequence[Found] = ()

    @property
    def missed(self) -> bool:
        return bool(self.text) and self.chosen is None and not self.hits


def area_of(actor: Actor, permission: Permission) -> str:
    """Where the officer administers: one path, for a post stands in one place."""
    return next(iter(actor.paths_for(permission)), "")


def own_division(actor: Actor, permission: Permission) -> "Division | None":
    """The division of the post itself: the last id of its path."""
    pk = number(area_of(actor, permission).rstrip(".").rpartition(".")[2])
    return get_division(actor, division_id=pk) if pk is not None else None


def search_place(
    actor: Actor,
    asked: Any,
    *,
    within: str = "",
    kinds: Iterable[str] | None = None,
    names: tuple[str, str] = ("place", "division"),
) -> PlaceSearch:
    """Of `?place=` what was typed, of `?division=` the one that was taken."""
    text_name, id_name = names
    pk = number(asked.get(id_name, ""))
    if pk is not None and (chosen := _living(actor, pk, within)):
        return _chosen(actor, chosen, "")
    text = tidy(asked.get(text_name, ""))
    if not text:
        return PlaceSearch()
    hits = find_divisions(actor, text=text, kinds=kinds, within=within or None, limit=SHOWN)
    if len(hits) == 1 and (only := _living(actor, hits[0].id, within)):
        return _chosen(actor, only, text)
    return PlaceSearch(text=text, hits=hits)


def _living(actor: Actor, pk: int, within: str) -> "Division | None":
    try:
        division = get_division(actor, division_id=pk)
    except NotFound:
        return None
    return division if division.valid_to is None and division.path.startswith(within) else None


def _chosen(actor: Actor, division: "Division", text: str) -> PlaceSearch:
    places = list_places(actor, division_ids=[division.pk])
    return PlaceSearch(text=text, chosen=division, place=places[division.pk])
