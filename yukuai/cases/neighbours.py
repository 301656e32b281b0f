"""Matters like this one: whole, for an officer; as a gist, for a neighbour.

A neighbour sees that such a matter runs, never what was said: only open matters of a category that
may be told of (`Category.shareable`), by a name, not urgent, not private. What he types is compared
by the public words of the category alone: trying words teaches nobody what another wrote.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db.models import Q, QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.followers import count_followers
from yukuai.cases.gist_words import in_public_words, mask, public_place
from yukuai.cases.models import Case, Category, Follower
from yukuai.cases.similar import LIKELY, METRES_A_DEGREE, REACH, WINDOW, Traits, compare, point_of
from yukuai.cases.states import OPEN, Triage
from yukuai.kernel.crypto import keyed_hash
from yukuai.kernel.scope import EVERYWHERE, widened

COMPARED = 200
"""The newest so many candidates; older ones are seldom the same thing."""
OFFERED = 3
LISTED = 5
SHAREABLE = Q(
    category__shareable=True,
    category__active=True,
    anonymous=False,
    urgent=False,
    state__in=OPEN,
) & ~(Q(triage=Triage.PRIVATE) | Q(triage="", category__triage=Triage.PRIVATE))
_REFERENCE_LENGTH = 16


@dataclass(frozen=True)
class Similar:
    """For the officer: another open matter and why it may be the same."""

    case: Case
    score: int
    why: str


@dataclass(frozen=True)
class Gist:
    """All that a neighbour ever reads of another's matter, besides the public answers."""

    case_id: int
    what: str
    community: str
    place: str
    state: str
    since: datetime
    followers: int = 0
    following: bool = False

    @property
    def where(self) -> str:
        """人民公园门口（南社区）; the community alone where the place is not a public one."""
        return f"{self.place}（{self.community}）" if self.place else self.community

    @property
    def reference(self) -> str:
        return reference_of(self.case_id)


def reference_of(case_id: int) -> str:
    """Names a gist in an address; nobody can count through them."""
    return f"{case_id}-{keyed_hash(str(case_id), purpose='case.gist')[:_REFERENCE_LENGTH]}"


def find_by_reference(reference: str) -> int | None:
    pk, _, _sign = reference.partition("-")
    if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
        return None
    return int(pk) if compare_digest(reference_of(int(pk)).encode(), reference.encode()) else None


def list_similar(actor: Actor, *, case: Case, at: datetime) -> list[Similar]:
    """Open matters that the officer may see, the likeliest first, each with the reason."""
    rows = policy.visible(actor, Permission.CASE_VIEW, Case.objects.exclude(pk=case.pk))
    point = point_of(case.lon, case.lat)
    rows = rows.filter(_around(case.area, point), state__in=OPEN)
    rows = rows.filter(received_at__gt=at - timedelta(days=WINDOW))
    if case.category is not None:
        rows = rows.filter(_same_kind(case.category) | Q(category=None))
    rows = rows.select_related("category", "division").defer("answer")
    own = traits_of(case)
    found = []
    for other in rows.order_by("-received_at", "-pk")[:COMPARED]:
        likeness = compare(own, traits_of(other))
        if likeness.score >= LIKELY:
            found.append(Similar(other, likeness.score, likeness.why))
    return sorted(found, key=lambda one: -one.score)[:LISTED]


def traits_of(case: Case) -> Traits:
    return Traits(
        community=case.division_id,
        text=f"{case.body}\n{case.place_text}",
        received_at=case.received_at,
        category=_top(case.category),
        point=point_of(case.lon, case.lat),
    )


def _top(category: Category | None) -> int | None:
    return None if category is None else category.parent_id or category.pk


def _same_kind(category: Category) -> Q:
    top = _top(category)
    return Q(category=top) | Q(category__parent=top)


def _around(area: str, point: tuple[int, int] | None) -> Q:
    """The same community, or a box of REACH metres around the point: judged exactly later."""
    here = Q(area__within=area)
    if point is None:
        return here
    lon, lat = point[0] / 1_000_000, point[1] / 1_000_000
    along = REACH / METRES_A_DEGREE
    across = along / max(math.cos(math.radians(lat)), 0.01)
    box = {"lat__range": (lat - along, lat + along), "lon__range": (lon - across, lon + across)}
    return here | Q(**box)


@dataclass(frozen=True)
class Wanted:
    """What a resident is about to raise, as far as it is compared."""

    division_id: int
    area: str
    body: str
    category: Category | None
    lon: float | None = None
    lat: float | None = None


def list_nearby(actor: Actor, *, wanted: Wanted, at: datetime) -> list[Gist]:
    """What neighbours raised of the same kind, at most OFFERED; never one's own."""
    category = wanted.category
    if category is None or not category.shareable:
        return []
    point = point_of(wanted.lon, wanted.lat)
    with widened(EVERYWHERE):
        rows = Case.objects.filter(SHAREABLE, _around(wanted.area, point), _same_kind(category))
        rows = rows.filter(received_at__gt=at - timedelta(days=WINDOW))
        rows = rows.exclude(holders__overlap=list(actor.holders)).select_related("category")
        candidates = list(rows.order_by("-received_at", "-pk")[:COMPARED])
        likely = _likely(wanted, category, point, candidates, at)
        return list_gists(actor, case_ids=likely)


def _likely(
    wanted: Wanted,
    category: Category,
    point: tuple[int, int] | None,
    candidates: Iterable[Case],
    at: datetime,
) -> list[int]:
    words = tuple(category.words)
    typed = in_public_words(wanted.body, words)
    own = Traits(wanted.division_id, typed, at, _top(category), point=point)
    scored = []
    for case in candidates:
        other = Traits(
            case.division_id,
            in_public_words(case.body, words),
            case.received_at,
            _top(case.category),
            point=point_of(case.lon, case.lat),
        )
        if (score := compare(own, other).score) >= LIKELY:
            scored.append((-score, -case.pk))
    return [-pk for _score, pk in sorted(scored)[:OFFERED]]


def list_gists(actor: Actor, *, case_ids: Iterable[int]) -> list[Gist]:
    """In the order asked for. A step of a query that has decided that they may be told of."""
    ids = list(case_ids)
    if not ids:
        return []
    with widened(EVERYWHERE):
        numbers = count_followers(actor, case_ids=ids)
        rows = _gist_rows(Case.objects.filter(pk__in=ids)).in_bulk()
    own = Follower.objects.filter(case__in=ids, ended_at=None)
    followed = set(
        own.filter(holders__overlap=list(actor.holders)).values_list("case_id", flat=True)
    )
    return [_gist(rows[pk], numbers.get(pk, 0), pk in followed) for pk in ids]


def _gist_rows(rows: QuerySet[Case]) -> QuerySet[Case]:
    """No more than a gist shows is read at all."""
    shown = ("state", "place_text", "received_at", "category__plain_name", "division__name")
    return rows.select_related("category", "division").only(*shown)


def _gist(case: Case, followers: int, following: bool) -> Gist:
    return Gist(
        case_id=case.pk,
        what=case.category.plain_name if case.category else "其他",
        community=case.division.name,
        place=mask(public_place(case.place_text)),
        state=case.state,
        since=case.received_at,
        followers=followers,
        following=following,
    )
