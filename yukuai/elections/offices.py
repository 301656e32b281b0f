"""The posts that are elected, how many of each may be, and who is of age. Pure."""

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yukuai.engines.tally.packs import Rules


class Office(StrEnum):
    """Posts that are elected, in the order in which they are counted (domain.md §2.6 step 8)."""

    CHAIR = "chair"
    VICE = "vice"
    MEMBER = "member"
    WOMAN = "woman"


OFFICE_WORDS = {
    Office.CHAIR: "主任",
    Office.VICE: "副主任",
    Office.MEMBER: "委员",
    Office.WOMAN: "妇女委员",
}


@dataclass(frozen=True)
class Seats:
    """One contest as the plan has it."""

    office: Office
    seats: int


def faults_of_seats(contests: Sequence[Seats], rules: Rules) -> dict[str, str]:
    """What is wrong with a plan of offices, field by field."""
    least, most = rules.range("committee_size")
    total = sum(one.seats for one in contests)
    faults = {
        f"seats_{one.office}": "填 1 以上的整数，不设就填 0。" for one in contests if one.seats < 1
    }
    if not any(one.office == Office.CHAIR and one.seats == 1 for one in contests):
        faults["seats_chair"] = "主任是 1 人。"
    if not least <= total <= most:
        faults["seats_member"] = (
            f"一共 {total} 人。主任、副主任和委员合起来要有 {least} 到 {most} 人"
            f"（{rules.cite('committee_size')}）。"
        )
    return faults


def is_of_age(born: date | None, day: date) -> bool:
    """18 on election day (domain.md §2.1 step 4): on the birthday itself one is."""
    if born is None:
        return False
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return years >= 18


def eighteen_years_before(day: date) -> date:
    """Whoever was born by then is of age on `day`."""
    if (day.month, day.day) == (2, 29) and not isleap(day.year - 18):
        return date(day.year - 18, 2, 28)
    return day.replace(year=day.year - 18)
