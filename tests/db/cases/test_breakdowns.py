"""Statistics by area, category and time: equal to naive counting, with tallies and without."""

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.casework import DISTRICT, LIN, TOWN
from tests.conftest import NOON
from tests.db.cases.test_tallies import CITY, GOOD, refresh
from yukuai.cases import actions
from yukuai.cases.models import Case, Rating
from yukuai.cases.states import OPEN
from yukuai.divisions.models import Division
from yukuai.kernel.clock import today
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.oversight.periods import window_between
from yukuai.oversight.statistics import get_statistics

DAY = timedelta(days=1)
WAY = ("accept", "triage", "dispatch", "sign", "reply", "review", "visit", "close")
AT = NOON + timedelta(minutes=1)
WINDOW = window_between(today(NOON - 6 * DAY), today(NOON))
pytestmark = pytest.mark.django_db


@pytest.fixture
def lives(raised: Any, steps: Any, lamps: Any) -> Any:
    def make(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(9):
            category = dice.choice([None, lamps.pk])
            at = NOON - dice.randrange(16) * DAY
            if dice.random() < 0.3:
                raised(LIN, at=at, category_id=category, division_id=1111)
                continue
            case = raised(LIN, at=at, category_id=category)
            done = dice.randrange(len(WAY) + 2)
            for name in WAY[:done]:
                steps[name](case)
            if done > len(WAY):
                actions.rate_case(LIN, case_id=case.pk, answers=GOOD, at=NOON)

    return make


def ask(actor: Any, division: int, by: str, *, step: str = "day", category: Any = None) -> Any:
    with scope(actor.areas, actor.holders):
        return get_statistics(
            actor,
            division_id=division,
            window=WINDOW,
            by=by,
            step=step,
            category_id=category,
            at=AT,
        )


def naive(path: str, category: int | None) -> dict[str, int]:
    """The slow way: every matter is looked at."""
    with scope(EVERYWHERE):
        rows = [c for c in Case.objects.filter(parent=None) if c.area.startswith(path)]
        rated = {r.case_id for r in Rating.objects.all() if WINDOW.first <= today(r.given_at)}
    rows = [c for c in rows if category is None or c.category_id == category]

    def within(moment: Any) -> bool:
        return moment is not None and WINDOW.first <= today(moment) <= WINDOW.last

    return {
        "received": sum(within(c.received_at) for c in rows),
        "before": sum(
            WINDOW.before_first <= today(c.received_at) <= WINDOW.before_last for c in rows
        ),
        "closed": sum(within(c.closed_at) for c in rows),
        "replied": sum(within(c.replied_at) for c in rows),
        "on_time": sum(
            within(c.replied_at)
            and (c.in_time is True or (c.in_time is None and c.replied_at <= c.promised_at))
            for c in rows
        ),
        "rated": sum(c.pk in rated for c in rows),
        "open": sum(c.state in OPEN for c in rows),
        "old": sum(
            c.state in OPEN and (today(NOON) - today(c.received_at)).days >= 8 for c in rows
        ),
    }


def said(row: Any) -> dict[str, int]:
    now = row.now
    return {
        "received": now.received,
        "before": row.before.received,
        "closed": now.closed,
        "replied": now.replied,
        "on_time": now.on_time,
        "open": now.open,
        "old": sum(row.ages[2:]),
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("actor", "division", "path"), [(CITY, 1, "1."), (DISTRICT, 2, "1.2."), (TOWN, 12, "1.2.12.")]
)
@pytest.mark.parametrize("only_lamps", [False, True])
def test_every_breakdown_is_what_naive_counting_finds(
    lives, lamps, actor, division, path, seed, only_lamps
):
    lives(seed)
    category = lamps.pk if only_lamps else None
    truth = naive(path, category)
    rated = truth.pop("rated")
    plain = {by: ask(actor, division, by, category=category) for by in ("area", "category", "time")}
    refresh()
    for by, before in plain.items():
        tallied = ask(actor, division, by, category=category)
        assert said(tallied.total) == truth
        assert tallied.total.now.asked >= rated
        assert tallied == before
    for line in plain["area"].lines:
        if line.division_id:
            with scope(EVERYWHERE):
                below = Division.objects.get(pk=line.division_id).path
            expected = naive(below, category)
            del expected["rated"]
            assert said(line.row) == expected


def test_time_has_a_row_for_every_day_also_where_nothing_happened(raised):
    raised(LIN, at=NOON - 2 * DAY)
    lines = ask(DISTRICT, 2, "time").lines
    days = [WINDOW.first + n * DAY for n in range(7)]
    assert [line.label for line in lines] == [f"{day.month}月{day.day}日" for day in days]
    assert [line.row.now.received for line in lines] == [0, 0, 0, 0, 1, 0, 0]


def test_areas_stand_in_the_order_of_their_codes_whatever_happened(raised):
    for _ in range(3):
        raised(LIN, division_id=1111)
    lines = [line for line in ask(CITY, 1, "area").lines if line.division_id]
    assert [line.code for line in lines] == sorted(line.code for line in lines)
    assert [line.row.now.received for line in lines if line.division_id == 11] == [3]


def test_where_an_officer_may_not_count_the_place_does_not_exist(raised):
    raised(LIN, division_id=1111)
    for division in (11, 1):
        with pytest.raises(NotFound):
            ask(DISTRICT, division, "area")
