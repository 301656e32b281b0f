"""The whole of it: seat, play, ask at noon, at night and a week later, and say what differs."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from yukuai.accounts.policy import Actor
from yukuai.cases import actions
from yukuai.cases.actions.rulebook import RuleTold
from yukuai.cases.queries import known_categories
from yukuai.flows.demoday.compare import WEEK_LATER, Figure, compare, compare_outside
from yukuai.flows.demoday.errands import in_hand
from yukuai.flows.demoday.ledger import Ledger
from yukuai.flows.demoday.outside import Outside
from yukuai.flows.demoday.people import Cast, seat
from yukuai.flows.demoday.plan import draw
from yukuai.flows.demoday.play import Stage
from yukuai.flows.demoday.roster import Town, read_town
from yukuai.flows.demoday.script import RULES, Script
from yukuai.flows.demoday.terms import Terms, midnight, read_terms

NOON = timedelta(hours=12)
BEFORE = timedelta(days=40)
"""When the dispatch rules went live: before anything that was carried over."""
REASON = "演示数据"


@dataclass
class Result:
    """By the moment at which the pages were asked."""

    figures: dict[str, list[Figure]] = field(default_factory=dict)

    @property
    def differences(self) -> list[tuple[str, Figure]]:
        return [(at, one) for at, found in self.figures.items() for one in found if not one.agrees]


@dataclass
class Day:
    """One day, ready to be played. `counted` is the script that the ledger counts; it is another
    one only in the test that a difference is found."""

    script: Script
    town: Town
    terms: Terms
    counted: Script

    def ledger(self, until: datetime) -> Ledger:
        return Ledger(self.counted, self.terms, self.town, until=until)

    @property
    def begins(self) -> datetime:
        return midnight(self.script.day)

    @property
    def evening(self) -> datetime:
        return midnight(self.script.day + timedelta(days=1)) - timedelta(seconds=1)


def prepare(seed: int, *, day: date, matters: int, seeds: Path) -> Day:
    town = read_town(seeds)
    script = draw(seed, day=day, matters=matters, town=town, seeds=seeds)
    return Day(script, town, read_terms(seeds, day), script)


def run(day: Day, *, tell: Callable[[datetime, Stage], None]) -> Result:
    """`tell` hears of each hour that was played."""
    cast = seat(day.town, at=day.begins)
    _rules(day, cast)
    result = Result()
    with in_hand() as errands:
        outside = Outside(cast, day.town.code, errands, at=day.begins - BEFORE)
        try:
            stage = Stage(day.script, cast, outside)
            for hour in stage.hours():
                tell(hour, stage)
                if hour == day.begins + NOON:
                    result.figures["12:00"] = list(compare(day.ledger(hour), day.town, cast))
            result.figures |= _asked_later(day, cast, outside)
        finally:
            outside.stop()
    return result


def _asked_later(day: Day, cast: Cast, outside: Outside) -> dict[str, list[Figure]]:
    """In the evening, and as if nobody had lifted a finger for a week."""
    evening, later = day.ledger(day.evening), day.ledger(day.evening + WEEK_LATER)
    sent = compare_outside(evening, outside.worlds, day.town, cast)
    return {
        "24:00": [*compare(evening, day.town, cast), *sent],
        "一周以后": list(compare(later, day.town, cast)),
    }


def _rules(day: Day, cast: Cast) -> None:
    """The township puts its dispatch rules live, each tried before."""
    actor, at = _dispatcher(day, cast), day.begins - BEFORE
    categories = {one.code: one for one in known_categories(actor)}
    for code, name in RULES.items():
        office, category = cast.departments[name], categories[code]
        told = RuleTold(
            division_id=cast.places[day.town.code].pk,
            name=f"{category.name}派{name}",
            target="unit",
            unit_id=office.division_id,
            department_id=office.pk,
            category_id=category.pk,
            triage="major",
        )
        rule = actions.draft_rule(actor, told=told, reason=REASON, at=at)
        actions.try_rule(actor, rule_id=rule.pk, months=3, at=at)
        actions.put_rule_live(actor, rule_id=rule.pk, reason=REASON, at=at)


def _dispatcher(day: Day, cast: Cast) -> Actor:
    return cast.officers[day.town.at(day.town.code)[0].username]
