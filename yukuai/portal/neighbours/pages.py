"""What the pages about others' matters show, ready for the templates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from yukuai.accounts.policy import Actor
from yukuai.cases.following import Followed
from yukuai.cases.neighbours import Gist, Wanted, list_nearby
from yukuai.portal.community.chosen import Community
from yukuai.portal.matters.merged import line_event, next_event
from yukuai.portal.matters.words import OTHERS_STATES
from yukuai.portal.raising.draft import Draft

if TYPE_CHECKING:
    from yukuai.cases.models import Category


@dataclass(frozen=True)
class Row:
    """One matter of a neighbour in a list: only what a gist has."""

    title: str
    place: str
    since: datetime
    tone: str
    word: str
    others: str
    url: str = ""
    following: bool = False


def nearby(
    actor: Actor,
    *,
    draft: Draft,
    community: Community,
    category: "Category | None",
    at: datetime,
) -> list[Row]:
    """Before somebody submits: what neighbours raised already. A step of a reading."""
    wanted = Wanted(community.id, community.area, draft.body, category)
    return [_nearby_row(gist) for gist in list_nearby(actor, wanted=wanted, at=at)]


def _nearby_row(gist: Gist) -> Row:
    return _row(gist, reverse("portal:raise-follow", args=[gist.reference]), gist.following)


def _row(gist: Gist, url: str, following: bool) -> Row:
    tone, word = OTHERS_STATES[gist.state]
    return Row(
        title=gist.what,
        place=gist.where,
        since=gist.since,
        tone=tone,
        word=word,
        others=others(gist.followers, following=following),
        url=url,
        following=following,
    )


def others(number: int, *, following: bool) -> str:
    """How many met with it too, besides the reader and whoever raised it."""
    rest = number - 1 if following else number
    return f"另有 {rest} 人也遇到" if rest > 0 else ""


def followed_rows(found: Iterable[Followed]) -> list[Row]:
    return [
        _row(one.gist, reverse("portal:followed", args=[one.follower_id]), True) for one in found
    ]


def followed_context(found: Followed, *, at: datetime) -> dict[str, Any]:
    """One followed matter: its gist, and what has been said to everybody."""
    running = found.ended_at is None and found.is_public
    events = [line_event(line) for line in found.lines]
    ahead = next_event(found.gist.state, found.promised_at, at=at) if running else []
    return {
        "followed": found,
        "row": _row(found.gist, "", found.ended_at is None),
        "events": [*ahead, *events],
    }
