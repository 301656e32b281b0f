"""Where a matter is: jurisdiction, address_id and point, as the standard sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from yukuai.accounts.policy import Actor
from yukuai.api.open311.errors import Refusal, refuse
from yukuai.divisions.lines import locate
from yukuai.divisions.queries import list_chain, resolve_code
from yukuai.kernel.errors import NotFound

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

DISTRICTS = ("district", "zone")
LONGEST_PLACE = 120


@dataclass(frozen=True)
class Where:
    """A community; or a district (`to_place`), where a person will find it."""

    division: "Division"
    to_place: bool
    lon: float | None
    lat: float | None
    address: str


def find_jurisdictions(actor: Actor, *, code: str) -> "Sequence[Division]":
    """Who bears the six-digit code today; several where a district was divided. None: everywhere.

    Raises Refusal 404 for a code that is no district's, zone's or city's.
    """
    if not code:
        return ()
    try:
        found = resolve_code(actor, code=code).today
    except NotFound:
        found = ()
    if not found or any(division.kind not in (*DISTRICTS, "city") for division in found):
        words = f"没有这个 jurisdiction_id：{code[:20]}。要用区县的六位代码。"
        raise refuse(404, words, "jurisdiction_id was not found: a six-digit district code.")
    return found


def read_where(actor: Actor, form: Any) -> Where:
    """From address_id, else from a point where lines are drawn, else at the jurisdiction's door."""
    lon, lat = _read_point(form.lat, form.long)
    if form.address_id:
        division = _community(actor, form.address_id, form.jurisdiction_id)
        return Where(division, False, lon, lat, form.address_string)
    if lon is None and not form.address_string:
        words = "没有说在哪里：给 lat 和 long，或 address_string，或 address_id。"
        english = "lat and long, address_string or address_id was not provided."
        raise refuse(400, words, english)
    community = _community_at(actor, lon, lat, form.jurisdiction_id)
    if community is not None:
        return Where(community, False, lon, lat, form.address_string)
    return Where(_door(actor, form.jurisdiction_id), True, lon, lat, form.address_string)


def _community_at(
    actor: Actor, lon: float | None, lat: float | None, jurisdiction: str
) -> "Division | None":
    """Whose line the point lies in; None where that is not what the client named, or not his."""
    if lon is None or lat is None:
        return None
    found = locate(actor, lon=lon, lat=lat, kinds=["community"])
    named = [district.path for district in find_jurisdictions(actor, code=jurisdiction)]
    if found is None or not any(found.path.startswith(path) for path in actor.areas):
        return None
    if named and not any(found.path.startswith(path) for path in named):
        return None
    return found


def _community(actor: Actor, code: str, jurisdiction: str) -> "Division":
    try:
        found = resolve_code(actor, code=code).today
    except NotFound:
        words = f"没有这个 address_id：{code[:20]}。要用村或社区的十二位代码。"
        raise refuse(400, words, "address_id was not found.") from None
    if len(found) > 1:
        heirs = "、".join(f"{one.name} {one.code}" for one in found[:6])
        words = f"address_id {code[:20]} 已经分成几处，请用其中一个：{heirs}。"
        raise refuse(400, words, "address_id was divided; use one of its successors.")
    if found[0].kind != "community":
        words = (
            f"address_id {code[:20]} 是{found[0].name}，不是村或社区。"
            "换成村或社区的代码；不知道就不写 address_id，给 lat 和 long。"
        )
        raise refuse(400, words, "address_id is not a village or community.")
    _check_within(actor, found[0], code, jurisdiction)
    return found[0]


def _check_within(actor: Actor, division: "Division", code: str, jurisdiction: str) -> None:
    """Both of one time agree with each other, or both with the tree of today."""
    districts = find_jurisdictions(actor, code=jurisdiction)
    if not districts or code.startswith(jurisdiction):
        return
    if not any(division.path.startswith(district.path) for district in districts):
        words = f"{division.name}不在 jurisdiction_id {jurisdiction[:20]} 里，请核对两个代码。"
        raise refuse(400, words, "address_id does not lie in jurisdiction_id.")


def _door(actor: Actor, jurisdiction: str) -> "Division":
    """The district that will find the place: the one named, else the client's own."""
    named = find_jurisdictions(actor, code=jurisdiction)
    chain = named or list_chain(actor, division_id=actor.details["division_id"])
    districts = [division for division in chain if division.kind in DISTRICTS]
    if districts:
        return districts[0]
    words = "只有坐标或地址时，要写 jurisdiction_id：区县的六位代码。"
    raise refuse(400, words, "jurisdiction_id was not provided: a district code is needed.")


def _read_point(lat: str, lon: str) -> tuple[float | None, float | None]:
    """WGS 84 as it comes; kept as CGCS2000, which differs by less than a metre."""
    if not lat and not lon:
        return None, None
    if not lat or not lon:
        words = "lat 和 long 要一起给。"
        raise refuse(400, words, f"{'lat' if lon else 'long'} was not provided.")
    north, east = _degrees("lat", lat), _degrees("long", lon)
    if _is_inside(east, north):
        return east, north
    raise _outside(east, north)


def _degrees(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    limit = 180  # latitudes too: a swapped pair has its own sentence
    if -limit <= value <= limit:
        return value
    raise refuse(400, f"{name} 要写十进制的度数，例如 29.56。", f"{name} is not valid.")


def _is_inside(lon: float, lat: float) -> bool:
    west, south, east, north = settings.OPEN311_BOX
    return bool(west <= lon <= east and south <= lat <= north)


def _outside(lon: float, lat: float) -> Refusal:
    if _is_inside(lat, lon):
        words = "lat 和 long 写反了：lat 是北纬，long 是东经。"
        return refuse(400, words, "lat and long are swapped.")
    words = "这个点不在本市范围内，请核对坐标（WGS84）。"
    return refuse(400, words, "The point lies outside of this municipality.")
