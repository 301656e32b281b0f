"""Draws a day from a number: pure, the same for the same seed, day and size."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from yukuai.flows.demoday.roster import Town
from yukuai.flows.demoday.script import RESIDENTS, SYSTEMS, Matter, Script, Step
from yukuai.flows.demoday.stories import Teller
from yukuai.flows.demoday.terms import DAY, midnight

CURVE = (3, 2, 1, 1, 1, 2, 8, 22, 55, 78, 74, 58, 40, 44, 62, 66, 60, 52, 46, 48, 44, 30, 14, 6)
"""How many of a thousand or so come in each hour."""
CHANNELS = {
    "app": 42,
    "counter": 14,
    "phone": 20,
    "hotline": 10,
    "governance": 6,
    "letters": 3,
    "one-stop": 5,
}
CARRIED = 12
"""One in so many lay on somebody's table when the day began."""
BACK_DAYS = 20
ANONYMOUS, URGENT, KNOWN = 0.08, 0.04, 0.7
CALLS = ("燃气泄漏", "浓烟", "有人受伤", "有人被困")
SPOTS = ("人和街", "双钢路", "华福巷", "学田湾", "建设路", "胜利路", "红球坝", "张家花园")


def draw(seed: int, *, day: date, matters: int, town: Town, seeds: Path) -> Script:
    """`matters` come in on the day, some more were there before. `seeds`: the shipped wording."""
    chance = Random(f"{seed}:{day}:{matters}")
    wording = _wording(seeds)
    arrivals = sorted(_moment(chance, day) for _ in range(matters))
    before = sorted(_earlier(chance, day) for _ in range(-(-matters // CARRIED)))
    told = [
        _matter(chance, index, at, town, wording) for index, at in enumerate([*before, *arrivals])
    ]
    teller = Teller(chance, town, day)
    steps = [s for one in told for s in teller.tell(one, carried=one.index < len(before))]
    return Script(seed, day, tuple(told), tuple(in_order(steps)))


def in_order(steps: list[Step]) -> list[Step]:
    """By time. No two acts share a moment: each hour of a script can be told apart by a second."""
    return sorted(steps, key=lambda step: (step.at, step.matter))


def _moment(chance: Random, day: date) -> datetime:
    hour = chance.choices(range(24), CURVE)[0]
    return midnight(day) + timedelta(hours=hour, seconds=chance.randrange(3599))


def _earlier(chance: Random, day: date) -> datetime:
    back = day - chance.randint(1, BACK_DAYS) * DAY
    return midnight(back) + timedelta(hours=chance.randint(8, 17), seconds=chance.randrange(3600))


def _wording(seeds: Path) -> list[tuple[str, str, str]]:
    """Category, triage and a sentence: from the wording the product ships for its own learning."""
    with (seeds / "triage_wording.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with (seeds / "urgent_words.csv").open(encoding="utf-8", newline="") as lines:
        alarming = [row["word"] for row in csv.DictReader(lines)]
    found = [
        (row["category"], row["triage"], f"{about}{says}。")
        for row in rows
        for about in row["about"].split("|")
        for says in row["says"].split("|")
    ]
    return [one for one in found if not any(word in one[2] for word in alarming)]


def _matter(
    chance: Random, index: int, at: datetime, town: Town, wording: list[tuple[str, str, str]]
) -> Matter:
    category, triage, says = chance.choice(wording)
    channel = chance.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    urgent = chance.random() < URGENT and triage != "private"
    place = chance.choice(list(town.communities))
    spot = f"{chance.choice(SPOTS)} {chance.randint(1, 99)} 号"
    called = f"现场{chance.choice(CALLS)}。" if urgent else ""
    known = category if chance.random() < KNOWN and channel not in ("hotline", "letters") else ""
    anonymous = chance.random() < ANONYMOUS and channel not in SYSTEMS
    return Matter(
        index=index,
        at=at,
        channel=channel,
        place=place,
        category=category,
        triage=triage,
        known="" if channel == "governance" else known,
        urgent=urgent,
        resident=None if anonymous else chance.randrange(RESIDENTS),
        body=f"{spot}，{says}{called}",
        spot=spot,
    )
