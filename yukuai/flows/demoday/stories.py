"""What happens with a matter, told step by step until the day is over: pure.

A step that would fall behind midnight is not taken, nor any after it: at every state of the
workflow something is left open in the evening.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from yukuai.flows.demoday.roster import OFFICES, Officer, Town
from yukuai.flows.demoday.script import ROUTED, RULES, Matter, Step
from yukuai.flows.demoday.terms import DAY, day_of, midnight

WITHDRAWN, MERGED, REJECTED = 0.02, 0.04, 0.05
RETURNED, EXTENDED, SENT_BACK, SUPERVISED = 0.08, 0.05, 0.05, 0.04
RATED, REOPENED, RESTING = 0.55, 0.12, 0.3
OPENS, SHUTS = 8, 21
BY_HAND = {"03": "平安法治办", "05": "城市管理办", "07": "应急管理办", "08": "城市管理办"}
OTHERS = "民政和社会事务办"
MINUTES = {
    "accept": 25,
    "triage": 30,
    "dispatch": 40,
    "sign": 45,
    "reply": 120,
    "guide": 40,
    "review": 60,
    "visit": 60,
    "close": 40,
    "rate": 70,
}
"""How long a step takes on average; 60 where none is named."""


class Teller:
    """Tells one matter after the other, in the order in which they came in."""

    def __init__(self, chance: Random, town: Town, day: date) -> None:
        self.chance, self.town = chance, town
        self.begins, self.ends = midnight(day), midnight(day + DAY) - timedelta(seconds=1)
        self.mains: dict[str, list[tuple[Matter, datetime]]] = {}
        """By place: what others may be merged into, and until when it stays open."""

    def tell(self, matter: Matter, *, carried: bool) -> list[Step]:
        told = Telling(self, matter, carried=carried)
        steps = [Step(matter.at, matter.index, "raise", told.receiver())]
        for step in told.steps():
            if step.at >= self.ends:
                break
            steps.append(step)
        if not any(step.act in ("merge", "withdraw", "reject") for step in steps):
            closed = [s.at for s in steps if s.act == "close" or s.close]
            until = min(closed, default=self.ends)
            self.mains.setdefault(matter.place, []).append((matter, until))
        return steps

    def main_for(self, matter: Matter, at: datetime) -> Matter | None:
        """Something of the same place that is open just then."""
        open_then = [
            one
            for one, until in self.mains.get(matter.place, [])
            if one.at < matter.at and at < until
        ]
        return self.chance.choice(open_then[-12:]) if open_then else None


class Telling:
    """One matter's way. `carried`: the first steps were taken on the days before."""

    def __init__(self, teller: Teller, matter: Matter, *, carried: bool) -> None:
        self.teller, self.matter, self.chance = teller, matter, teller.chance
        self.town = teller.town
        self.now = matter.at
        self.before = self.chance.randint(0, 6) if carried else 0
        self.carried = carried
        self.asleep = carried and self.chance.random() < RESTING

    def receiver(self) -> str:
        channel = self.matter.channel
        if channel in ("counter", "phone"):
            return self.chance.choice(self.town.at(self.matter.place)).username
        return "resident" if channel == "app" else channel

    def steps(self) -> Iterator[Step]:
        draw = self.chance.random()
        if draw < WITHDRAWN and self.matter.resident is not None:
            yield self.step("withdraw", "resident")
            return
        if draw < WITHDRAWN + MERGED and not self.carried and (merged := self.merged()):
            yield merged
            return
        if draw < WITHDRAWN + MERGED + REJECTED:
            yield self.step("reject", self.desk())
            return
        yield self.step("accept", self.desk())
        yield self.step("triage", self.desk())
        yield from self.handled()
        yield from self.ended(again=self.chance.random() < REOPENED)

    def merged(self) -> Step | None:
        step = self.step("merge", self.desk())
        main = self.teller.main_for(self.matter, step.at)
        if main is None:
            self.now = self.matter.at
            return None
        return Step(step.at, step.matter, "merge", step.who, into=main.index)

    def handled(self) -> Iterator[Step]:
        """From the dispatch to the answer."""
        if self.matter.triage == "private":
            self.handler = self.desk()
            self.door: tuple[str, str] = (self.matter.place, "")
            self.dispatcher = self.matter.place
            yield self.step("guide", self.handler)
            return
        unit = self.unit()
        yield self.sent(unit, by_rule=unit == RULES.get(self.matter.category))
        if unit and self.chance.random() < RETURNED and unit not in ROUTED:
            yield from self.returned(unit)
        else:
            yield self.signed(unit)
        yield from self.troubled()
        yield self.answered()
        if self.chance.random() < SENT_BACK:
            yield self.step("send_back", self.checker())
            yield self.answered()

    def returned(self, unit: str) -> Iterator[Step]:
        """The department says it is not its matter; the township decides."""
        if self.chance.random() < 0.5:
            yield self.signed(unit)
        granted = self.chance.random() < 0.7
        yield self.step("request_return", self.handler)
        yield self.step("decide_return", self.above(), granted=granted)
        if granted:
            others = [name for name, _place, _n in OFFICES if name != unit and name not in ROUTED]
            other = self.chance.choice(others)
            yield self.sent(other, by_rule=False, who=self.above())
            yield self.signed(other)

    def troubled(self) -> Iterator[Step]:
        """On the way to an answer: asked by the township, or in need of more time."""
        if self.chance.random() < SUPERVISED:
            yield self.step("supervise", self.above())
            if self.chance.random() < 0.5 and self.handler not in ROUTED.values():
                yield self.step("answer_supervision", self.handler)
        if self.chance.random() < EXTENDED and self.handler not in ROUTED.values():
            granted = self.chance.random() < 0.75
            days = 1 if self.matter.category == "13" else self.chance.randint(2, 4)
            yield self.step("ask_extension", self.handler, days=days)
            yield self.step("decide_extension", self.above(), granted=granted, days=days)

    def ended(self, *, again: bool) -> Iterator[Step]:
        """Reviewed, followed up, closed, rated; reopened at most once."""
        yield self.step("review", self.checker())
        reached = self.chance.random() < 0.85
        answers = self.chance.choices(("good", "late", "partly", "bad"), (78, 8, 9, 5))[0]
        at_once = self.chance.random() < 0.7
        who = self.other()
        yield self.step("visit", who, reached=reached, answers=answers, close=at_once)
        if not at_once:
            yield self.step("close", self.desk())
        if self.matter.resident is None or self.chance.random() > RATED:
            return
        if not again:
            yield self.step(
                "rate", "resident", answers=self.chance.choice(("good", "good", "late"))
            )
            return
        yield self.step("rate", "resident", answers=self.chance.choice(("partly", "bad")))
        if self.matter.triage == "private":
            return  # guided once; what comes of it is decided another day
        unit = self.unit()
        yield self.sent(unit, by_rule=False)
        yield self.signed(unit)
        yield self.answered()
        yield from self.last()

    def last(self) -> Iterator[Step]:
        """The second round: whoever is not content goes another way."""
        yield self.step("review", self.checker())
        yield self.step("visit", self.other(), reached=True, answers="good", close=True)
        yield self.step("rate", "resident", answers=self.chance.choice(("good", "partly")))

    # Who, and when

    def unit(self) -> str:
        """'' is the community itself."""
        if self.matter.triage == "minor":
            return ""
        category = self.matter.category
        return RULES.get(category) or BY_HAND.get(category, OTHERS)

    def sent(self, unit: str, *, by_rule: bool, who: str = "") -> Step:
        at_town = bool(unit) and self.chance.random() < 0.7
        who = who or (self.above() if at_town else self.desk())
        officer = next(one for one in self.town.officers if one.username == who)
        self.dispatcher = officer.place
        self.door = (self.town.level_of(unit), unit) if unit else (self.matter.place, "")
        self.handler = ROUTED.get(unit) or self.someone(self.town.at(*self.door))
        return self.step("dispatch", who, unit=unit, by_rule=by_rule)

    def signed(self, unit: str) -> Step:
        return self.step("sign", self.handler)

    def answered(self) -> Step:
        return self.step("reply", self.handler)

    def desk(self) -> str:
        return self.someone(self.town.at(self.matter.place))

    def above(self) -> str:
        return self.someone(self.town.at(self.town.code))

    def checker(self) -> str:
        """At the dispatcher's door, somebody other than the handler."""
        return self.someone(self.town.at(self.dispatcher), but=self.handler)

    def other(self) -> str:
        return self.someone(self.town.at(self.matter.place), but=self.handler)

    def someone(self, officers: list[Officer], but: str = "") -> str:
        return self.chance.choice([one.username for one in officers if one.username != but])

    def step(self, act: str, who: str, **data: object) -> Step:
        self.now = self.later(act)
        return Step(self.now, self.matter.index, act, who, **data)  # type: ignore[arg-type]

    def later(self, act: str) -> datetime:
        """Some time after the step before: in the hours of an office, but for what is urgent."""
        mean = 60.0 * MINUTES.get(act, 60)
        moment = self.now + timedelta(seconds=1 + int(self.chance.expovariate(1 / mean)))
        if self.carried:
            moment = self.another_day(moment)
        elif not self.matter.urgent or act not in ("accept", "dispatch", "sign"):
            moment = self.in_hours(moment)
        return max(moment, self.now + timedelta(seconds=1))

    def in_hours(self, moment: datetime) -> datetime:
        local = moment.astimezone(self.teller.begins.tzinfo)
        if OPENS <= local.hour < SHUTS:
            return moment
        day = day_of(moment) + (DAY if local.hour >= SHUTS else 0 * DAY)
        return midnight(day) + timedelta(hours=OPENS, seconds=self.chance.randrange(5400))

    def another_day(self, moment: datetime) -> datetime:
        """The steps before the day soon after each other; the rest on the day, or never."""
        if self.before > 0:
            self.before -= 1
            return min(moment, self.teller.begins - timedelta(seconds=self.before + 1))
        if self.asleep:
            return self.teller.ends
        return self.in_hours(max(moment, self.teller.begins + timedelta(hours=OPENS)))
