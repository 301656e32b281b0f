"""Counts, from the script alone, what the boards, the desks and the statistics must say: pure.

Neither the database nor any counting of the product is asked.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yukuai.flows.demoday.books import Account, Bookkeeper, Clock, Opinion
from yukuai.flows.demoday.letters import Postman
from yukuai.flows.demoday.roster import Officer, Town
from yukuai.flows.demoday.script import ANSWERS, Script
from yukuai.flows.demoday.terms import DAY, Terms, day_of, midnight

FIGURES = {
    "received": "收到",
    "closed": "办结",
    "replied": "答复",
    "on_time": "按时答复",
    "reopened": "重新打开",
    "asked": "评价和回访",
    "contacted": "联系过",
    "solved": "解决了",
    "satisfied": "满意",
    "open": "在办",
    "overdue": "超期",
    "due_today": "今天到期",
    "supervised": "督办中",
}
AGES = (3, 7, 15, 30)
"""Days: open since at most so many; more is the last group."""
CHECKED = {"review", "visit", "close"}
Wanted = Callable[[Account], bool]


@dataclass(frozen=True)
class Desk:
    """What lies at one officer's door."""

    waiting: int
    late: int
    checks: int


class Ledger:
    """The books as they stand at a moment."""

    def __init__(self, script: Script, terms: Terms, town: Town, *, until: datetime) -> None:
        self.until, self.town = until, town
        keeper = Bookkeeper(terms, town, script.matters)
        postman = Postman(town, terms)
        for step in script.steps:
            if step.at < until:
                before = keeper.accounts.get(step.matter)
                door = before.door if before else None
                keeper.enter(step)
                postman.carry(keeper.accounts[step.matter], step, door)
        self.accounts = list(keeper.accounts.values())
        self.inboxes = postman.inboxes
        self.told = keeper.told

    # Boards

    def figures(self, since: datetime, wanted: Wanted) -> dict[str, int]:
        """By the names of FIGURES: what happened from `since` on, and how things stand."""
        accounts = [one for one in self.accounts if wanted(one)]
        return self.happened(since, self.until, accounts) | self.standing(accounts)

    @staticmethod
    def happened(since: datetime, until: datetime, accounts: Iterable[Account]) -> dict[str, int]:
        found: Counter[str] = Counter()

        def falls(moment: datetime | None) -> bool:
            return moment is not None and since <= moment < until

        for one in accounts:
            if falls(one.matter.at):
                found["received"] += 1
                found["reopened"] += one.round > 0
            found["closed"] += falls(one.closed)
            if falls(one.replied):
                found["replied"] += 1
                found["on_time"] += one.kept
            for said in _counting(one.opinions):
                if falls(said.at):
                    contacted, solved, satisfied = ANSWERS[said.answers]
                    found["asked"] += 1
                    found["contacted"] += contacted
                    found["solved"] += solved == "yes"
                    found["satisfied"] += satisfied
        return dict(found)

    def standing(self, accounts: Iterable[Account]) -> dict[str, int]:
        found: Counter[str] = Counter()
        tomorrow = midnight(day_of(self.until) + DAY)
        for one in accounts:
            running = one.running()
            dues = [clock.due for clock in running.values()]
            found["open"] += one.is_open
            found["overdue"] += any(due < self.until for due in dues)
            found["due_today"] += any(self.until <= due < tomorrow for due in dues)
            found["supervised"] += "supervision" in running
        return dict(found)

    def ages(self, wanted: Wanted) -> list[int]:
        """What is open, by how many days ago it came in."""
        found = [0] * (len(AGES) + 1)
        for one in self.accounts:
            if wanted(one) and one.is_open:
                days = (day_of(self.until) - day_of(one.matter.at)).days
                found[next((i for i, most in enumerate(AGES) if days <= most), len(AGES))] += 1
        return found

    # Desks

    def desk(self, officer: Officer) -> Desk:
        waiting = late = checks = 0
        for one in self.accounts:
            clock = _first(one, officer)
            if clock is None:
                continue
            waiting += 1
            late += clock[1].due < self.until
            checks += self.is_his_check(one, clock[0], officer)
        return Desk(waiting, late, checks)

    @staticmethod
    def is_his_check(account: Account, clock: str, officer: Officer) -> bool:
        if officer.role == "dept-op":
            return False
        if clock == "approve":
            return officer.role == "township-op"
        return clock in CHECKED and (clock == "close" or account.replied_by != officer.username)

    def around(self, place: str) -> int:
        """Matters of a place in which somebody owes something."""
        return sum(one.matter.place == place and bool(one.running()) for one in self.accounts)

    def states(self) -> dict[str, int]:
        return dict(Counter(one.state for one in self.accounts))


def _first(account: Account, officer: Officer) -> tuple[str, Clock] | None:
    """The clock at his door that runs out first."""
    here = [(n, c) for n, c in account.running().items() if c.door == officer.door]
    return min(here, key=lambda pair: (pair[1].due, pair[1].number), default=None)


def _counting(opinions: Iterable[Opinion]) -> list[Opinion]:
    """A follow-up does not count where the resident has rated the same round himself."""
    said = list(opinions)
    rated = {one.round for one in said if one.rated}
    return [one for one in said if one.rated or one.round not in rated]


def beginning(period: str, at: datetime) -> datetime:
    """Of the running week, month or quarter."""
    day = day_of(at)
    if period == "week":
        return midnight(day - timedelta(days=day.isoweekday() - 1))
    month = day.month if period == "month" else (day.month - 1) // 3 * 3 + 1
    return midnight(date(day.year, month, 1))
