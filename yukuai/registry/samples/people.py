"""Who lives behind a door: families as an old quarter has them, with ages that fit each other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from yukuai.registry.numbers import FEMALE, MALE, check_sign
from yukuai.registry.samples.names import draw_given, draw_surname

HEAD, SPOUSE, SON, DAUGHTER, PARENT, OTHER = "02", "10", "20", "30", "50", "80"
"""Relations to the head of a household, GB/T 4761."""
HERE, AWAY, INFLOW, RESIDENT = "hukou-resident", "hukou-away", "inflow", "resident"
YOUNGEST_PARENT, OLDEST_PARENT = 21, 40


@dataclass(frozen=True)
class Human:
    """`living` is how he lives in the dwelling of his household; `hukou` the address where he is
    registered when that is elsewhere."""

    name: str
    sex: str
    born: date
    relation: str
    living: str = HERE
    marital: str = "10"
    education: str = "70"
    political: str = "13"
    work: str = ""
    hukou: str = ""
    number: str = ""
    phone: str = ""
    care: tuple[str, ...] = ()

    def age(self, on: date) -> int:
        return on.year - self.born.year - ((on.month, on.day) < (self.born.month, self.born.day))


@dataclass(frozen=True)
class Family:
    """One household; its first member is the head."""

    kind: str
    members: tuple[Human, ...]


class Numbers:
    """Numbers and telephones, each given once in a township."""

    def __init__(self) -> None:
        self._serials: dict[tuple[date, str], int] = {}
        self._phones = 0

    def give(self, human: Human, *, with_phone: bool) -> Human:
        key = (human.born, human.sex)
        serial = self._serials.get(key, -2 if human.sex == FEMALE else -1) + 2
        self._serials[key] = serial
        body = f"509999{human.born:%Y%m%d}{serial:03}"
        phone = ""
        if with_phone:
            self._phones += 1
            phone = f"1990{5_000_000 + self._phones:07}"
        return replace(human, number=body + check_sign(body), phone=phone)


class Families:
    """Draws families; the same chance draws the same ones. `today` is the day of the census."""

    def __init__(self, chance: Random, today: date, works: tuple[str, ...]) -> None:
        self.chance, self.today, self.works = chance, today, works

    def draw(self) -> Family:
        kinds = [weight for weight, _ in _KINDS]
        make = self.chance.choices([kind for _, kind in _KINDS], weights=kinds)[0]
        return self._settled(Family("1", tuple(make(self))))

    def draw_tenants(self) -> Family:
        """People from elsewhere who share a rented room, or a young family."""
        if self.chance.random() < 0.5:
            members = [*self._couple(24, 36), *self._few_children(24)][:3]
        else:
            number = self.chance.randint(1, 4)
            members = [
                self._human(HEAD if place == 0 else OTHER, self.chance.randint(18, 38))
                for place in range(number)
            ]
        towns = ("四川省广安市", "贵州省遵义市", "重庆市开州区", "重庆市云阳县", "湖北省恩施州")
        origin = self.chance.choice(towns)
        moved = (replace(one, living=INFLOW, hukou=f"{origin}（示例）") for one in members)
        return Family("1", tuple(moved))

    def _settled(self, family: Family) -> Family:
        """Most are registered where they live; some families elsewhere in the city, and now and
        then a grown child is registered at home and lives away."""
        members = list(family.members)
        if self.chance.random() < 0.16:
            at = "重庆市其他区县（示例）"
            return replace(
                family, members=tuple(replace(one, living=RESIDENT, hukou=at) for one in members)
            )
        for place, one in enumerate(members):
            grown = place > 0 and 19 <= one.age(self.today) <= 35
            if grown and one.relation in (SON, DAUGHTER) and self.chance.random() < 0.45:
                members[place] = replace(one, living=AWAY)
        return replace(family, members=tuple(members))

    # one family each

    def _old_alone(self) -> Iterator[Human]:
        one = self._human(HEAD, self.chance.randint(66, 94), marital="30")
        yield replace(one, care=("elder-alone",) if one.age(self.today) >= 80 else ())

    def _old_couple(self) -> Iterator[Human]:
        yield from self._couple(60, 88)

    def _young_couple(self) -> Iterator[Human]:
        yield from self._couple(25, 58)

    def _with_children(self) -> Iterator[Human]:
        head, spouse = self._couple(28, 62)
        yield from (head, spouse, *self._children(head, spouse))

    def _three_generations(self) -> Iterator[Human]:
        """The head is the one in the middle; his father or mother lives with them."""
        head, spouse = self._couple(30, 56)
        yield from (head, spouse, *self._children(head, spouse))
        age = head.age(self.today) + self.chance.randint(YOUNGEST_PARENT + 2, 34)
        surname = _surname(head.name)
        for woman in (False, True)[self.chance.randint(0, 1) :]:
            yield self._human(
                PARENT,
                min(age - 2 * woman, 99),
                woman=woman,
                surname="" if woman else surname,
                marital="20",
            )

    def _one_parent(self) -> Iterator[Human]:
        head = self._human(HEAD, self.chance.randint(28, 55), marital="40")
        yield from (head, *self._few_children(head.age(self.today), _surname(head.name)))

    def _single(self) -> Iterator[Human]:
        yield self._human(HEAD, self.chance.randint(22, 60))

    def _couple(self, low: int, high: int) -> tuple[Human, Human]:
        age = self.chance.randint(low, high)
        woman = self.chance.random() < 0.25
        head = self._human(HEAD, age, woman=woman, marital="20")
        other = max(22, age + self.chance.randint(-5, 5))
        return head, self._human(SPOUSE, other, woman=not woman, marital="20")

    def _children(self, head: Human, spouse: Human) -> list[Human]:
        father = head if head.sex == MALE else spouse
        younger = min(head.age(self.today), spouse.age(self.today))
        older = max(head.age(self.today), spouse.age(self.today))
        number = self.chance.choices((1, 2, 3), weights=(70, 27, 3))[0]
        low, high = max(0, older - OLDEST_PARENT), younger - YOUNGEST_PARENT
        ages = sorted({self.chance.randint(low, max(low, high)) for _ in range(number)})
        return [self._child(age, _surname(father.name)) for age in reversed(ages) if age <= high]

    def _few_children(self, age: int, surname: str = "") -> list[Human]:
        high = age - YOUNGEST_PARENT
        low = max(0, age - OLDEST_PARENT)
        return [self._child(self.chance.randint(low, max(low, high)), surname)] if high >= 0 else []

    def _child(self, age: int, surname: str) -> Human:
        woman = self.chance.random() < 0.49
        return self._human(DAUGHTER if woman else SON, age, woman=woman, surname=surname)

    def _human(
        self,
        relation: str,
        age: int,
        *,
        woman: bool | None = None,
        surname: str = "",
        marital: str = "10",
    ) -> Human:
        chance = self.chance
        woman = chance.random() < 0.5 if woman is None else woman
        born = self._born(age)
        given = draw_given(chance, woman=woman, born=born.year)
        grown = age >= 22
        working = grown and age < (55 if woman else 60) and chance.random() < 0.8
        return Human(
            name=(surname or draw_surname(chance)) + given,
            sex=FEMALE if woman else MALE,
            born=born,
            relation=relation,
            marital=marital,
            education=self._education(age),
            political=("01" if chance.random() < 0.12 else "13") if grown else "13",
            work=chance.choice(self.works) if working else "",
            care=self._care(age),
        )

    def _born(self, age: int) -> date:
        """A day on which somebody of that age today was born."""
        latest = self.today.replace(year=self.today.year - age, day=min(self.today.day, 28))
        return latest - timedelta(days=self.chance.randint(0, 360))

    def _education(self, age: int) -> str:
        levels = ("20", "30", "60", "70", "80")
        weights = (2, 4, 14, 35, 45) if age > 55 else (30, 25, 25, 18, 2)
        return self.chance.choices(levels, weights=weights)[0] if age >= 22 else "90"

    def _care(self, age: int) -> tuple[str, ...]:
        if age >= 70 and self.chance.random() < 0.05:
            return ("disability-care",)
        drawn = self.chance.random()
        if drawn < 0.02:
            return ("disabled",)
        if drawn < 0.03:
            return ("subsistence",)
        return ("veteran",) if age > 22 and drawn < 0.036 else ()


_KINDS: tuple[tuple[int, Callable[[Families], Iterator[Human]]], ...] = (
    (9, Families._old_alone),
    (14, Families._old_couple),
    (12, Families._young_couple),
    (40, Families._with_children),
    (11, Families._three_generations),
    (5, Families._one_parent),
    (9, Families._single),
)


def _surname(name: str) -> str:
    return name[:2] if name[:2] in ("欧阳", "上官", "司马", "诸葛") else name[:1]
