"""The script of a demonstration day and the books kept of it: pure laws."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest

from config.environment import BASE
from yukuai.flows.demoday.ledger import Ledger, beginning
from yukuai.flows.demoday.plan import CARRIED, draw
from yukuai.flows.demoday.roster import read_town
from yukuai.flows.demoday.script import SYSTEMS
from yukuai.flows.demoday.terms import CHONGQING, DAY, midnight, read_terms

SEEDS = BASE / "seed"
TODAY = date(2026, 11, 23)
TOWN, TERMS = read_town(SEEDS), read_terms(SEEDS, TODAY)
EVENING = midnight(TODAY + DAY) - timedelta(seconds=1)


def script(seed=1, matters=400):
    return draw(seed, day=TODAY, matters=matters, town=TOWN, seeds=SEEDS)


@pytest.fixture(scope="module")
def drawn():
    return script()


def test_forty_officers_work_in_nine_communities_and_eight_departments():
    assert (len(TOWN.officers), len(TOWN.communities)) == (40, 9)
    assert len({one.username for one in TOWN.officers}) == 40
    assert len({one.department for one in TOWN.officers if one.department}) == 8


def test_the_same_number_draws_the_same_day_and_another_one_another(drawn):
    assert script() == drawn
    assert script(2).steps != drawn.steps


def test_as_many_come_in_as_asked_for_besides_what_was_left_from_before(drawn):
    new = [one for one in drawn.matters if one.at >= midnight(TODAY)]
    assert (len(new), len(drawn.matters) - len(new)) == (400, -(-400 // CARRIED))
    assert {one.channel for one in new} == {"app", "counter", "phone", *SYSTEMS}


def test_steps_come_by_time_and_of_one_matter_never_at_once(drawn):
    assert all(a.at <= b.at for a, b in pairwise(drawn.steps))
    assert max(step.at for step in drawn.steps) < EVENING
    moments = Counter((step.matter, step.at) for step in drawn.steps)
    assert set(moments.values()) == {1}


def test_nobody_checks_what_he_answered_himself(drawn):
    answered = {}
    for step in drawn.steps:
        if step.act in ("reply", "guide"):
            answered[step.matter] = step.who
        if step.act in ("review", "visit"):
            assert step.who != answered[step.matter]


def test_in_the_evening_something_is_left_at_every_stage(drawn):
    states = Ledger(drawn, TERMS, TOWN, until=EVENING).states()
    wanted = {"submitted", "accepted", "triaged", "dispatched", "handling", "replied", "reviewed"}
    assert wanted | {"visited", "closed", "rated", "rejected", "merged"} <= set(states)


@pytest.mark.parametrize("hour", [3, 9, 12, 18, 23])
def test_the_books_of_the_communities_add_up_to_those_of_the_township(drawn, hour):
    ledger = Ledger(drawn, TERMS, TOWN, until=midnight(TODAY) + timedelta(hours=hour))
    since = beginning("month", ledger.until)
    whole = ledger.figures(since, lambda _one: True)
    parts = Counter()
    for place in TOWN.communities:
        parts.update(ledger.figures(since, lambda one, place=place: one.matter.place == place))
    assert +Counter(whole) == +parts


def test_what_came_in_is_open_or_has_an_end(drawn):
    ledger = Ledger(drawn, TERMS, TOWN, until=EVENING)
    ended = [one for one in ledger.accounts if not one.is_open]
    standing = ledger.standing(ledger.accounts)
    assert standing["open"] + len(ended) == len(drawn.matters)
    assert sum(ledger.ages(lambda _one: True)) == standing["open"]


def test_without_anybody_acting_more_and_more_is_late(drawn):
    late = [
        Ledger(drawn, TERMS, TOWN, until=EVENING + days * DAY).standing(
            Ledger(drawn, TERMS, TOWN, until=EVENING + days * DAY).accounts
        )["overdue"]
        for days in (0, 2, 7)
    ]
    assert late == sorted(late)
    assert late[0] < late[2]


def test_a_term_of_working_days_steps_over_a_weekend_and_a_holiday():
    friday = datetime(2026, 9, 30, 15, tzinfo=CHONGQING)
    assert TERMS.end("accept", friday) == midnight(date(2026, 10, 9))
    assert TERMS.end("urgent", friday) == friday + timedelta(hours=2)
    assert TERMS.end("minor", datetime(2026, 11, 20, 9, tzinfo=CHONGQING)) == midnight(
        date(2026, 11, 28)
    )
