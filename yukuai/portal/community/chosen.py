"""Which community the reader is in: the one chosen on this device, otherwise his home."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from yukuai.accounts.policy import Actor
from yukuai.accounts.queries import get_me
from yukuai.divisions.queries import get_division, list_ancestors, resolve_code
from yukuai.kernel.errors import NotFound

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

COOKIE = "community"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Community:
    """A village or community as the pages name it."""

    id: int
    name: str
    code: str
    area: str
    above: tuple[str, ...]
    """District and township."""

    @property
    def up(self) -> str:
        return " · ".join(self.above)

    @property
    def full(self) -> str:
        return "".join(self.above) + self.name


def find_community(request: Any) -> Community | None:
    """A step of a reading."""
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 19:
        found = find_living(request.actor, division_id=int(chosen))
        if found is not None:
            return found
    return _home(request.actor)


def find_living(actor: Actor, *, division_id: int) -> Community | None:
    """The community of this id, or the one that stands in for it today."""
    try:
        division = get_division(actor, division_id=division_id)
    except NotFound:
        return None
    if division.valid_to is not None:
        heirs = resolve_code(actor, code=division.code).successors if division.code else ()
        if len(heirs) != 1:
            return None
        division = heirs[0]
    return describe_community(actor, division=division) if division.kind == "community" else None


def describe_community(actor: Actor, *, division: "Division") -> Community:
    above = [d.name for d in list_ancestors(actor, division=division) if d.kind != "city"]
    return Community(division.pk, division.name, division.code, division.path, tuple(above))


def remember_community(request: Any, response: HttpResponse, *, division_id: int) -> None:
    """On this device, for a year; it says nothing about who the reader is."""
    response.set_cookie(
        COOKIE,
        str(division_id),
        max_age=YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _home(actor: Actor) -> Community | None:
    if actor.kind != "resident":
        return None
    home_id = get_me(actor).home_id
    return find_living(actor, division_id=home_id) if home_id else None
