"""What a follower reads: the gist, and of the log the sentences that everybody may hear.

He holds his own row (`Follower`), not the matter. These queries look at the matter for him and hand
out no more than `Line`: never what was said, by whom, its number or its code.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.gist_words import mask
from yukuai.cases.models import Case, CaseContact, Follower
from yukuai.cases.neighbours import Gist, list_gists
from yukuai.cases.states import CaseState, Triage
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import EVERYWHERE, widened
from yukuai.workflow.queries import list_changes

if TYPE_CHECKING:
    from yukuai.workflow.models import StateChange

GONE = "这里没有您跟的这件事。请从“我也遇到的”里打开。"
LINES = 200
TO_EVERYBODY = frozenset(
    {
        "accept",
        "reject",
        "triage",
        "retriage",
        "guide",
        "dispatch",
        "sign",
        "ask_help",
        "grant_extension",
        "reply",
        "send_back",
        "relocate",
        "merge",
    }
)
"""Moves whose sentence for the resident holds for whoever follows."""
OTHERWISE = {
    "raise": "有居民反映了。",
    "close": "办结了。",
    "reopen": "反映的人说还没解决，社区接着办。",
    "withdraw": "反映的人撤回了，社区不再办。您那里没解决的话，可以自己反映。",
}
"""Sentences that speak to the reporter alone, said to the others. What stands in neither (his
rating, words written to him on the way) is between him and the office."""


@dataclass(frozen=True)
class Line:
    """One public line of a matter's log."""

    move: str
    said: str
    unit: str
    at: datetime


@dataclass(frozen=True)
class Followed:
    """A matter that somebody follows, as far as he may read it, the newest line first."""

    follower_id: int
    gist: Gist
    since: datetime
    ended_at: datetime | None
    is_public: bool
    """False once the matter turned out to be private: nothing more is told."""
    promised_at: datetime | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Listener:
    """Whom a news goes to; `number` is of his own matter, where that was merged."""

    follower_id: int
    person: str
    user_id: int | None
    phone: str
    number: str


def list_following(actor: Actor) -> QuerySet[Follower]:
    """Of the reader, running ones, the newest first; his own merged matters stand elsewhere."""
    rows = Follower.objects.filter(via=None, ended_at=None).order_by("-since", "-pk")
    return policy.visible(actor, Permission.CASE_FOLLOW, rows)


def count_following(actor: Actor) -> int:
    return list_following(actor).count() if actor.holders else 0


def list_followed(actor: Actor, *, rows: Iterable[Follower]) -> list[Followed]:
    """The rows with their gists: as many statements for one as for thirty."""
    own = list(rows)
    with widened(EVERYWHERE):
        cases = _mains([row.case_id for row in own])
        gists = {
            gist.case_id: gist
            for gist in list_gists(actor, case_ids={c.pk for c in cases.values()})
        }
    return [_followed(row, cases[row.case_id], gists) for row in own]


def get_followed(actor: Actor, *, follower_id: int) -> Followed:
    """One, with its lines. Raises NotFound."""
    rows = Follower.objects.filter(pk=follower_id, via=None)
    row = policy.visible(actor, Permission.CASE_FOLLOW, rows).first()
    if row is None:
        raise NotFound(GONE)
    with widened(EVERYWHERE):
        case = _mains([row.case_id])[row.case_id]
        gists = {gist.case_id: gist for gist in list_gists(actor, case_ids=[case.pk])}
        told = row.ended_at is None and is_public(case)
        lines = tuple(list_lines(actor, case=case)) if told else ()
    return _followed(row, case, gists, lines)


def _mains(case_ids: Iterable[int]) -> dict[int, Case]:
    """By the id that is followed: the matter itself, or the one it was merged into."""
    shown = ("state", "triage", "promised_at", "category__shareable")
    main = tuple(f"main__{name}" for name in shown)
    rows = Case.objects.filter(pk__in=list(case_ids)).select_related("category", "main__category")
    found = rows.only(*shown, *main)
    return {case.pk: main_of(case) for case in found}


def main_of(case: Case) -> Case:
    merged = case.state == CaseState.MERGED and case.main is not None
    return case.main if merged else case  # type: ignore[return-value]


def is_public(case: Case) -> bool:
    """May its answers be heard by others (still)? A matter may turn out to be a private one."""
    category = case.category
    return case.triage != Triage.PRIVATE and category is not None and category.shareable


def _followed(
    row: Follower, case: Case, gists: dict[int, Gist], lines: tuple[Line, ...] = ()
) -> Followed:
    return Followed(
        follower_id=row.pk,
        gist=gists[case.pk],
        since=row.since,
        ended_at=row.ended_at,
        is_public=is_public(case),
        promised_at=case.promised_at,
        lines=lines,
    )


def list_lines(actor: Actor, *, case: Case) -> list[Line]:
    """Newest first. A step of a query that has decided that the actor may read them."""
    changes = list_changes(actor, obj=case)[:LINES]
    return [line for change in changes if (line := public_line(change)) is not None]


def public_line(change: "StateChange") -> Line | None:
    """The change as anybody may hear it, or None."""
    said = OTHERWISE.get(change.move, "")
    if change.move in TO_EVERYBODY:
        said = change.said
    if not said.strip():
        return None
    unit = change.actor.rpartition("，")[2] if "，" in change.actor else ""
    return Line(change.move, mask(said.strip()), unit, change.happened_at)


@dataclass(frozen=True)
class Main:
    """The matter into which the actor's own one was merged, as far as he may read it."""

    state: str
    promised_at: datetime | None
    lines: tuple[Line, ...]


def find_main(actor: Actor, *, case: Case) -> Main | None:
    """Of a matter that the actor may read; None while it stands for itself. He hears of the other
    one what every follower hears."""
    if case.state != CaseState.MERGED:
        return None
    with widened(EVERYWHERE):
        main = _mains([case.pk])[case.pk]
        lines = tuple(line for line in list_lines(actor, case=main) if line.move != "raise")
    return Main(main.state, main.promised_at, lines)


def list_audience(actor: Actor, *, case: Case) -> list[Listener]:
    """For the worker: who hears the news of a matter, each person once. Whoever raised it hears
    them himself; whoever only follows hears nothing of a private one."""
    merged = list(Case.objects.filter(main=case, state=CaseState.MERGED))
    rows = Follower.objects.filter(case__in=[case, *merged], ended_at=None).select_related("via")
    heard: dict[str, Follower] = {}
    for row in rows.exclude(holders__overlap=case.holders).order_by("pk"):
        if row.via is not None or is_public(case):
            heard.setdefault(row.person, row)
    phones = _phones([row.via_id for row in heard.values() if row.via_id is not None])
    return [
        Listener(
            follower_id=row.pk,
            person=row.person,
            user_id=row.user_id,
            phone=phones.get(row.via_id or 0, ""),
            number=row.via.number if row.via else "",
        )
        for row in heard.values()
    ]


def _phones(case_ids: Iterable[int]) -> dict[int, str]:
    contacts = CaseContact.objects.filter(case__in=list(case_ids))
    return {contact.case_id: contact.phone for contact in contacts}
