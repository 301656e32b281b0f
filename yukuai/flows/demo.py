"""Matters for the demo, played through the same actions as real ones, at moments in the past.

History is told silently, for telephones have a limit an hour; only the newest is announced.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, cycle
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings

from yukuai.accounts.actors import holders_of, resident_actor
from yukuai.accounts.policy import SYSTEM, Actor, Grant, Role
from yukuai.accounts.queries import list_departments_at
from yukuai.cases import actions
from yukuai.cases.actions.closing import Answers
from yukuai.cases.actions.intake import AlreadyReceived, Told
from yukuai.cases.queries import known_categories
from yukuai.divisions.lines import list_lines
from yukuai.divisions.queries import find_divisions, list_ancestors, list_children, resolve_code
from yukuai.engines.partition import Area
from yukuai.flows.case_documents import issue_case_paper
from yukuai.flows.demo_pictures import corridor
from yukuai.flows.demo_points import spot_of
from yukuai.kernel.outbox import muted

SPACE = UUID("3b0f4a0e-6a55-4a1c-8f52-0c6f2b1d9a77")
TOWNSHIP = "500103011"
HISTORY = 12 * 7
BUSY, QUIET = 16, 2
WHOLE = 9
GOOD = Answers(contacted=True, solved="yes", satisfied=True)
SO_SO = Answers(contacted=True, solved="partly", satisfied=False, words="还差一点没弄好。")


@dataclass(frozen=True)
class Story:
    category_id: int
    triage: str
    unit: str
    body: str
    place: str
    answer: str
    outcome: str


@dataclass(frozen=True)
class Desk:
    """A community with the officers above it, as actors of the demo."""

    community: Any
    township: Any
    district: Any
    ground: Area | None
    clerk: Actor
    colleague: Actor
    town: Actor


def seed_matters(people: dict[str, Any], at: datetime) -> int:
    """Idempotent: each matter has its own report id. Returns how many were new."""
    stories = list(_stories())
    numbers = count()
    new = 0
    with muted():
        for desk, how_many in _desks():
            for _ in range(how_many):
                new += _play(desk, stories, next(numbers), at)
    home = next(desk for desk, _ in _desks() if desk.community.code == "500103011014")
    return new + _today(home, stories, people, at)


def _stories() -> Iterator[Story]:
    system = _officer(Role.SYSTEM, "", "系统")
    ids = {category.code: category.pk for category in known_categories(system)}
    path = settings.SEED / "demo_matters.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Story(ids[row.pop("category")], **row)


def _officer(role: Role, path: str, label: str, department_id: int | None = None) -> Actor:
    return Actor(label=label, grants=(Grant(role, path, department_id=department_id),))


def _desks() -> Iterator[tuple[Desk, int]]:
    """Busy in one street, a little in the rest of its district, a touch elsewhere."""
    system = _officer(Role.SYSTEM, "", "系统")
    street = resolve_code(system, code=TOWNSHIP).today[0]
    for child in list_children(system, parent_id=street.pk):
        yield _desk(system, child.code), BUSY
    district = list_ancestors(system, division=street)[-1]
    for other in list_children(system, parent_id=district.pk):
        if other.id != street.pk:
            first = list_children(system, parent_id=other.id)[0]
            yield _desk(system, first.code), QUIET
    for hit in find_divisions(system, text="龙塔", kinds=("township",), limit=1):
        for child in list_children(system, parent_id=hit.id)[:3]:
            yield _desk(system, child.code), QUIET


def _desk(system: Actor, code: str) -> Desk:
    community = resolve_code(system, code=code).today[0]
    *_, district, township = list_ancestors(system, division=community)
    name = community.name
    lines = list_lines(system, division_ids=[community.pk])
    return Desk(
        community,
        township,
        district,
        lines[0].area if lines else None,
        _officer(Role.COMMUNITY_STAFF, community.path, f"{name}窗口"),
        _officer(Role.COMMUNITY_STAFF, community.path, f"{name}回访员"),
        _officer(Role.TOWNSHIP_OP, township.path, f"{township.name}基层治理办"),
    )


def _play(desk: Desk, stories: list[Story], number: int, at: datetime) -> int:
    """One matter of the past: nearly all are closed and rated, some are late, a few still run."""
    story = stories[(number * 7) % len(stories)]
    start = at - timedelta(days=HISTORY - (number * 11) % HISTORY, hours=number % 9 + 1)
    spot = spot_of(desk.ground, number)
    told = Told(
        client_uuid=uuid5(SPACE, f"history:{number}"),
        division_id=desk.community.pk,
        body=story.body,
        place_text=story.place,
        lon=spot.lon,
        lat=spot.lat,
        category_id=story.category_id,
        anonymous=True,
    )
    try:
        receipt = actions.register_case(
            desk.clerk, told=told, source=("phone", "counter")[number % 2], at=start
        )
    except AlreadyReceived:
        return 0
    days = cycle((0.1, 0.2, 0.5, 2, 20 if number % 9 == 4 else 0.3, 0.4, 0.2))
    moment = start
    for step in _steps(desk, story, receipt.case_id, unhappy=number % 7 == 3):
        moment += timedelta(days=next(days))
        if moment > at:
            break
        step(moment)
    return 1


def _steps(desk: Desk, story: Story, case_id: int, *, unhappy: bool) -> Iterator[Any]:
    one: dict[str, Any] = {"case_id": case_id}
    yield lambda t: actions.accept_case(desk.clerk, **one, at=t)
    yield lambda t: actions.triage_case(desk.clerk, **one, triage=story.triage, at=t)
    if story.unit == "guide":
        yield lambda t: actions.guide_case(desk.clerk, **one, answer=story.answer, at=t)
    else:
        unit, department, handler = _unit(desk, story)
        where: dict[str, Any] = {
            "unit_id": unit.pk,
            "department_id": department.pk if department else None,
        }
        yield lambda t: actions.dispatch_case(desk.clerk, **one, **where, at=t)
        yield lambda t: actions.sign_case(handler, **one, at=t)
        said: dict[str, Any] = {"answer": story.answer, "outcome": story.outcome}
        yield lambda t: actions.reply_case(handler, **one, **said, at=t)
    answers = SO_SO if unhappy else GOOD
    yield lambda t: actions.review_case(desk.colleague, **one, at=t)
    yield lambda t: actions.record_visit(
        desk.colleague, **one, reached=True, answers=answers, close=True, at=t
    )


def _unit(desk: Desk, story: Story) -> tuple[Any, Any, Actor]:
    """Who handles it: the community, or the department whose name or kind the story names."""
    if story.unit == "community":
        return desk.community, None, desk.clerk
    for place in (desk.township, desk.district):
        for department in list_departments_at(desk.town, division_ids=[place.pk]):
            if story.unit in (department.name, department.kind):
                actor = _officer(Role.DEPT_OP, place.path, department.name, department.pk)
                return place, department, actor
    return desk.township, None, desk.town


def _today(desk: Desk, stories: list[Story], people: dict[str, Any], at: datetime) -> int:
    """What waits for each of the demo's people right now."""
    lin = resident_actor(people["19900000417"], holders_of(people["19900000417"]))
    waiting = (  # story, days ago, steps taken since
        (0, 6, WHOLE),  # closed, waits for the resident's word
        (1, 3, 3),  # with the enforcement squad, to be signed for
        (2, 1, 2),  # triaged, to be dispatched
        (3, 1, 1),  # accepted, to be triaged
        (4, 2, 0),  # not accepted in time
        (7, 4, 4),  # being handled
        (15, 5, 5),  # answered, to be reviewed
    )
    with muted():
        new = sum(_wait(desk, stories[s], lin, days, steps, s, at) for s, days, steps in waiting)
    return new + _wait(desk, stories[8], lin, 0.1, 0, 8, at)  # came in a moment ago: told


def _wait(
    desk: Desk, story: Story, lin: Actor, days: float, steps: int, number: int, at: datetime
) -> int:
    start = at - timedelta(days=days)
    spot = spot_of(desk.ground, 3 * number)
    told = Told(
        client_uuid=uuid5(SPACE, f"today:{number}"),
        division_id=desk.community.pk,
        body=story.body,
        place_text=story.place,
        lon=spot.lon,
        lat=spot.lat,
        category_id=story.category_id,
        name="冉隆全",
        phone="19900000417",
        photos=(corridor(dark=True),) if number == 0 else (),
    )
    try:
        receipt = actions.raise_case(lin, told=told, at=start)
    except AlreadyReceived:
        return 0
    played = list(_steps(desk, story, receipt.case_id, unhappy=False))[:steps]
    every = (at - start) / (len(played) + 1)
    for turn, step in enumerate(played, start=1):
        step(start + every * turn)
    if steps == WHOLE:
        closed = start + every * len(played)
        issue_case_paper(SYSTEM, case_id=receipt.case_id, move="close", at=closed)
    return 1
