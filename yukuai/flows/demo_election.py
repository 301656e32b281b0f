"""An election of the demo, in the middle of the term for objections to its roll.

Its people are those of the sample township; everybody of age is on the roll but a few. The papers
hang at five of six places, and one objection waits for its decision.
"""

from datetime import datetime, timedelta
from typing import Any

from yukuai.accounts.demo import SECOND_COMMUNITY
from yukuai.accounts.policy import SYSTEM, Role
from yukuai.divisions.queries import resolve_code
from yukuai.elections import actions
from yukuai.elections.actions import Chosen, Met
from yukuai.elections.offices import Office, Seats
from yukuai.elections.queries import list_elections
from yukuai.flows.demo_hands import an_officer, ask, hang
from yukuai.kernel.clock import today
from yukuai.kernel.outbox import muted
from yukuai.kernel.scope import EVERYWHERE, scope

DAYS = 19
"""Until election day."""
SPOTS = ("社区公告栏", "张家花园47号楼下", "红光楼公告栏", "菜市场门口", "小区西门", "服务大厅")
CHOSEN = (
    Chosen("何素芬", "CHAIR"),
    Chosen("汪德明", "VICE"),
    Chosen("邓国珍", "MEMBER"),
    Chosen("冉家福", "MEMBER"),
    Chosen("罗秀英", "MEMBER"),
    Chosen("向光明"),
)
SEATS = (Seats(Office.CHAIR, 1), Seats(Office.VICE, 1), Seats(Office.MEMBER, 5))
PLACE = "人和街88号社区服务大厅（工作日 9:00–17:30）"


def seed_election(at: datetime) -> int:
    """Running it again changes nothing. Returns how many stand on the roll."""
    place = resolve_code(SYSTEM, code=SECOND_COMMUNITY).today[0]
    with scope(EVERYWHERE):
        if list_elections(SYSTEM).filter(division=place).exists():
            return 0
    with muted():
        return _play(place, at)


def _play(place: Any, at: datetime) -> int:
    town = an_officer(Role.TOWNSHIP_OP, place.path.removesuffix(f"{place.pk}."), "谭丽华")
    hand = an_officer(Role.ELECTION_COMMITTEE, place.path, "何素芬")

    def ago(days: int) -> datetime:
        return at - timedelta(days=days)

    day = today(at) + timedelta(days=DAYS)
    made = actions.start_election(
        town, division_id=place.pk, body="community", term=7, day=day, at=ago(16)
    )
    which: dict[str, Any] = {"number": made.number}
    said: dict[str, Any] = {"document": "大溪沟街道〔2026〕12号", "trained_on": today(ago(15))}
    actions.set_guidance(town, **which, **said, at=ago(14))
    met = Met("delegates", today(ago(12)), entitled=45, present=41, agreed=40)
    said = {"met": met, "chosen": CHOSEN, "spots": SPOTS, "place": PLACE}
    actions.form_committee(town, **which, **said, at=ago(12))
    met = Met("delegates", today(ago(10)), entitled=45, present=39, agreed=36)
    said = {"met": met, "contests": SEATS, "electorate": "VOTERS", "day": day}
    actions.adopt_plan(hand, **which, **said, at=ago(10))
    actions.open_registration(hand, **which, closes=today(ago(3)), at=ago(10))
    actions.propose_roll(hand, **which, at=ago(9))
    listed = ask(hand, made, ago(4))
    actions.publish_roll(hand, **which, at=ago(2))
    hang(hand, made, ago(2), short_of=1)
    said = {"by": "冉某某", "wish": "add", "about": "冉某某", "reason": "在外地工作，要求列入名单"}
    actions.object_to_roll(hand, **which, **said, at=ago(1))
    return listed
