"""Puts what the pages would show beside what the ledger says, figure by figure.

The same queries as behind the board, the desk and the statistics page, each as an officer who
opens that page, in his own area.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yukuai.accounts.policy import Actor
from yukuai.cases.queries import known_categories
from yukuai.cases.today import list_at_my_door, list_checks, list_in_my_area
from yukuai.exchange.queries.matters import count_dead, count_refused, list_with_news
from yukuai.flows.demoday.ledger import FIGURES, Ledger, beginning
from yukuai.flows.demoday.outside import NAMES, World
from yukuai.flows.demoday.people import Cast
from yukuai.flows.demoday.roster import Officer, Town
from yukuai.flows.demoday.terms import DAY, day_of, midnight
from yukuai.kernel.scope import scope
from yukuai.messaging.queries import list_messages
from yukuai.oversight.periods import Window, window
from yukuai.oversight.queries import get_board
from yukuai.oversight.statistics import get_statistics

PERIODS = {"week": "本周", "month": "本月", "quarter": "本季"}
RATES = {
    "on_time_rate": ("按时答复率", "on_time", "replied"),
    "solved_rate": ("解决率", "solved", "asked"),
    "satisfied_rate": ("满意率", "satisfied", "asked"),
    "response_rate": ("联系率", "contacted", "asked"),
}
HAPPENED = [name for name in FIGURES if name not in ("open", "overdue", "due_today", "supervised")]


@dataclass(frozen=True)
class Figure:
    """One number of one page. `group` is the kind of page, for the table."""

    group: str
    where: str
    name: str
    expected: object
    got: object

    @property
    def agrees(self) -> bool:
        return self.expected == self.got

    def __str__(self) -> str:
        return f"{self.group} {self.where} {self.name}：应为 {self.expected}，实为 {self.got}"


def compare(ledger: Ledger, town: Town, cast: Cast) -> Iterator[Figure]:
    """Everything that can be asked of the pages at the moment of the ledger."""
    for place in (town.code, *town.communities):
        yield from _boards(ledger, town, cast, place)
    yield from _statistics(ledger, town, cast)
    for officer in town.officers:
        yield from _desk(ledger, cast, officer)
    for place in town.communities:
        yield from _around(ledger, town, cast, place)


def _boards(ledger: Ledger, town: Town, cast: Cast, place: str) -> Iterator[Figure]:
    actor, at = _of(cast, town, place), ledger.until
    for period, label in PERIODS.items():
        with scope(actor.areas, actor.holders):
            board = get_board(actor, division_id=None, name=period, at=at)
        since = beginning(period, at)
        where = f"{cast.places[place].name} {label}"
        yield from _numbers("监督板", where, _figures(ledger, place, town, since), board.total)
        for line in board.lines:
            expected = _figures(ledger, line.division.code, town, since)
            below = f"{where} {line.division.name}"
            yield from _numbers("监督板", below, expected, line.numbers)
    lately = _figures(ledger, place, town, midnight(day_of(at) - 6 * DAY))
    yield Figure("监督板", where, "近 7 天收到", lately.get("received", 0), board.total.weeks[-1])
    yield Figure(
        "监督板", where, "近 7 天办结", lately.get("closed", 0), board.total.closed_weeks[-1]
    )


def _figures(ledger: Ledger, place: str, town: Town, since: datetime) -> dict[str, int]:
    return ledger.figures(since, lambda one: place in (town.code, one.matter.place))


def _numbers(
    group: str, where: str, expected: dict[str, int], got: Any, names: Iterable[str] = FIGURES
) -> Iterator[Figure]:
    for name in names:
        yield Figure(group, where, FIGURES[name], expected.get(name, 0), getattr(got, name))
    for name, (label, part, whole) in RATES.items():
        yield Figure(group, where, label, _rate(expected, part, whole), _shown(getattr(got, name)))


def _rate(counts: dict[str, int], part: str, whole: str) -> str:
    """Per cent with one digit, halves to the even one; in whole numbers."""
    if not counts.get(whole):
        return "还没有"
    thousandths, rest = divmod(1000 * counts.get(part, 0), counts[whole])
    twice = 2 * rest - counts[whole]
    thousandths += twice > 0 or (twice == 0 and thousandths % 2 == 1)
    return f"{thousandths // 10}.{thousandths % 10}%"


def _shown(rate: float | None) -> str:
    return "还没有" if rate is None else f"{rate:.1f}%"


# The statistics page


def _statistics(ledger: Ledger, town: Town, cast: Cast) -> Iterator[Figure]:
    for name in ("week", "month"):
        days = window(name, ledger.until)
        for place in (town.code, *town.communities):
            yield from _by_category(ledger, town, cast, place, days)
        yield from _by_area(ledger, town, cast, days)
        yield from _by_day(ledger, town, cast, days)


def _ask(ledger: Ledger, town: Town, cast: Cast, place: str, days: Window, by: str) -> Any:
    actor = _of(cast, town, place)
    with scope(actor.areas, actor.holders):
        return get_statistics(
            actor,
            division_id=cast.places[place].pk,
            window=days,
            by=by,
            step="day",
            category_id=None,
            at=ledger.until,
        )


def _by_category(
    ledger: Ledger, town: Town, cast: Cast, place: str, days: Window
) -> Iterator[Figure]:
    found = _ask(ledger, town, cast, place, days, "category")
    rows = {line.category_id: line.row for line in found.lines}
    codes = {one.pk: one.code for one in known_categories(cast.officers["day01"])}
    for pk, code in [*codes.items(), (None, "")]:
        where = f"{found.division.name} {days.first} 起 类别 {code or '没有选类'}"

        def wanted(one: Any, code: str = code) -> bool:
            return place in (town.code, one.matter.place) and one.category == code

        yield from _row(ledger, where, wanted, rows.get(pk), days)


def _by_area(ledger: Ledger, town: Town, cast: Cast, days: Window) -> Iterator[Figure]:
    found = _ask(ledger, town, cast, town.code, days, "area")
    for line in found.lines:

        def wanted(one: Any, code: str = line.code) -> bool:
            return bool(one.matter.place == code)

        yield from _row(ledger, f"{line.label} {days.first} 起", wanted, line.row, days)


def _by_day(ledger: Ledger, town: Town, cast: Cast, days: Window) -> Iterator[Figure]:
    found = _ask(ledger, town, cast, town.code, days, "time")
    for line in found.lines:
        counts = ledger.happened(midnight(line.first), midnight(line.first + DAY), ledger.accounts)
        yield from _numbers("统计", f"{line.label}", counts, line.row.now, HAPPENED)


def _row(ledger: Ledger, where: str, wanted: Any, row: Any, days: Window) -> Iterator[Figure]:
    accounts = [one for one in ledger.accounts if wanted(one)]
    spans = {"now": (days.first, days.last), "before": (days.before_first, days.before_last)}
    for part, (first, last) in spans.items():
        counts = ledger.happened(midnight(first), midnight(last + DAY), accounts)
        for name in HAPPENED:
            got = getattr(getattr(row, part), name) if row is not None else 0
            label = f"{'' if part == 'now' else '之前'}{FIGURES[name]}"
            yield Figure("统计", where, label, counts.get(name, 0), got)
    ages = ledger.ages(wanted)
    yield Figure("统计", where, "在办的天数", ages, row.ages if row is not None else [0] * 5)


# The desks


def _desk(ledger: Ledger, cast: Cast, officer: Officer) -> Iterator[Figure]:
    actor = cast.officers[officer.username]
    with scope(actor.areas, actor.holders):
        mine = list_at_my_door(actor, at=ledger.until)
        checks = list_checks(actor, clocks=mine)
        letters = list_messages(actor).count()
    late = sum(one.due_at < ledger.until for one in mine)
    expected = ledger.desk(officer)
    where = f"{officer.username}（{officer.department or cast.places[officer.place].name}）"
    yield Figure("今日", where, "在手", expected.waiting, len(mine))
    yield Figure("今日", where, "已超期", expected.late, late)
    yield Figure("今日", where, "等核查、回访、审批", expected.checks, len(checks))
    yield Figure("收件箱", where, "条数", ledger.inboxes[officer.username], letters)


def _around(ledger: Ledger, town: Town, cast: Cast, place: str) -> Iterator[Figure]:
    actor = _of(cast, town, place)
    with scope(actor.areas, actor.holders):
        got = len(list_in_my_area(actor))
    yield Figure("今日", cast.places[place].name, "全社区", ledger.around(place), got)


def _of(cast: Cast, town: Town, place: str) -> Actor:
    return cast.officers[town.at(place)[0].username]


# Outside


def compare_outside(
    ledger: Ledger, worlds: dict[str, World], town: Town, cast: Cast
) -> Iterator[Figure]:
    """What arrived with them, each thing once, and that nothing got stuck."""
    for kind, world in worlds.items():
        yield Figure(
            "外部系统", NAMES[kind], "收到我们的", ledger.told[kind], len(set(world.heard))
        )
        yield Figure(
            "外部系统", NAMES[kind], "重复送的", 0, len(world.heard) - len(set(world.heard))
        )
        yield Figure("外部系统", NAMES[kind], "签名不对的", 0, world.forged)
    actor = _of(cast, town, town.code)
    with scope(actor.areas, actor.holders):
        dead, refused = count_dead(actor), count_refused(actor)
        untold = len(list_with_news(actor, limit=MOST_UNTOLD))
    yield Figure("外部系统", cast.places[town.code].name, "没送到的", 0, dead)
    yield Figure("外部系统", cast.places[town.code].name, "办不了的", 0, refused)
    yield Figure("外部系统", cast.places[town.code].name, "有进展没有送的", 0, untold)


MOST_UNTOLD = 1000
WEEK_LATER = timedelta(days=7)
