"""Two elections of the demo further on. In one the departments are still reviewing whoever was
nominated; the other is two days before its day: its candidates were published and met the voters,
the proxies are registered and their list hangs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from yukuai.accounts.demo import FOURTH_COMMUNITY, THIRD_COMMUNITY
from yukuai.accounts.policy import SYSTEM, Actor, Role
from yukuai.accounts.queries import list_departments_at
from yukuai.divisions.queries import get_division, resolve_code
from yukuai.elections import actions
from yukuai.elections.actions import Chosen, Met
from yukuai.elections.offices import Office, Seats
from yukuai.elections.queries import list_elections, list_fields, list_voters
from yukuai.elections.queries.reviews import list_own_opinions
from yukuai.elections.states import VoterState
from yukuai.flows.demo_hands import an_officer, ask, hang
from yukuai.flows.demo_pictures import corridor
from yukuai.kernel.clock import today
from yukuai.kernel.outbox import muted
from yukuai.kernel.scope import EVERYWHERE, scope

PANEL = ("公安", "民政", "司法行政")
POLICE = "公安"
"""They have not answered yet where the review still runs, and bar one where it is over."""
BAR = {"decision": "BAR", "bar_code": "CRIMINAL_PENALTY", "basis_ref": "渝中公函〔2026〕17号"}
SEATS = (Seats(Office.CHAIR, 1), Seats(Office.VICE, 1), Seats(Office.MEMBER, 4))
STAND = {Office.CHAIR: 2, Office.VICE: 2, Office.MEMBER: 6}
"""So many are nominated for each office."""
SIGNERS = 10


@dataclass(frozen=True)
class Scene:
    """Where it plays and so many days before election day. The roll hung long enough for any row
    of holidays."""

    code: str
    ahead: int
    committee: tuple[str, ...]
    spots: tuple[str, ...]
    office: str

    @property
    def chosen(self) -> tuple[Chosen, ...]:
        posts = ("CHAIR", "VICE", *["MEMBER"] * 9)
        return tuple(map(Chosen, self.committee, posts))


REVIEWING = Scene(
    FOURTH_COMMUNITY,
    ahead=16,
    committee=("詹德贵", "符秀珍", "牟世华", "滕国芳", "阳家林"),
    spots=("社区公告栏", "胜利路2号楼下", "小区东门"),
    office="胜利路2号社区服务大厅（工作日 9:00–17:30）",
)
CLOSE = Scene(
    THIRD_COMMUNITY,
    ahead=2,
    committee=("蒋素华", "田长明", "龙兴国", "白秀兰", "谷德全"),
    spots=("社区公告栏", "双钢路1号院门口", "步道广场", "菜市场门口"),
    office="双钢路1号社区服务大厅（工作日 9:00–17:30）",
)


@dataclass(frozen=True)
class Play:
    """Who plays, and where; `ago` counts back from now."""

    scene: Scene
    place: Any
    town: Actor
    hand: Actor
    lead: Actor
    at: datetime

    def ago(self, days: int) -> datetime:
        return self.at - timedelta(days=days)


def seed_candidates(at: datetime) -> int:
    """Running it again changes nothing. Returns how many stand on the rolls."""
    return sum(_seed(scene, at) for scene in (REVIEWING, CLOSE))


def _seed(scene: Scene, at: datetime) -> int:
    place = resolve_code(SYSTEM, code=scene.code).today[0]
    with scope(EVERYWHERE):
        if list_elections(SYSTEM).filter(division=place).exists():
            return 0
        above = place.path.removesuffix(f"{place.pk}.")
        district = above.rsplit(".", 2)[0] + "."
    play = Play(
        scene,
        place,
        an_officer(Role.TOWNSHIP_OP, above, "谭丽华"),
        an_officer(Role.ELECTION_COMMITTEE, place.path, scene.committee[0]),
        an_officer(Role.DISTRICT_OP, district, "胡静"),
        at,
    )
    with muted():
        election, listed = _roll(play)
        barred = _nominate(play, election)
        over = scene is CLOSE
        _review(play, election, barred=barred, besides=() if over else (POLICE,))
        if over:
            _meet(play, election)
    return listed


def _roll(play: Play) -> tuple[Any, int]:
    hand, ago = play.hand, play.ago
    day = today(play.at) + timedelta(days=play.scene.ahead)
    made = actions.start_election(
        play.town, division_id=play.place.pk, body="community", term=7, day=day, at=ago(60)
    )
    which: dict[str, Any] = {"number": made.number}
    said: dict[str, Any] = {"document": "大溪沟街道〔2026〕12号", "trained_on": today(ago(59))}
    actions.set_guidance(play.town, **which, **said, at=ago(58))
    met = Met("delegates", today(ago(56)), entitled=48, present=44, agreed=43)
    said = {"met": met, "chosen": play.scene.chosen, "spots": play.scene.spots}
    said |= {"place": play.scene.office}
    actions.form_committee(play.town, **which, **said, at=ago(56))
    met = Met("delegates", today(ago(54)), entitled=48, present=42, agreed=40)
    said = {"met": met, "contests": SEATS, "electorate": "VOTERS", "day": day}
    actions.adopt_plan(hand, **which, **said, at=ago(54))
    actions.open_registration(hand, **which, closes=today(ago(40)), at=ago(53))
    actions.propose_roll(hand, **which, at=ago(52))
    listed = ask(hand, made, ago(40))
    actions.publish_roll(hand, **which, at=ago(38))
    hang(hand, made, ago(38))
    actions.finalize_roll(hand, **which, at=ago(18))
    actions.make_cards(hand, **which, at=ago(17))
    hang(hand, made, ago(17))
    return made, listed


def _nominate(play: Play, election: Any) -> str:
    """By the party organisation and, the last of each office, by voters who sign. Returns the name
    of the last."""
    hand, at, which = play.hand, play.ago(14), {"number": election.number}
    actions.open_nominations(hand, **which, closes=today(play.ago(11)), at=at)
    hang(hand, election, at)
    with scope(EVERYWHERE):
        fields = list_fields(SYSTEM, election=election)
        names = _names(election, sum(STAND.values()) + SIGNERS + 4)
    signers = names[-SIGNERS:]
    rest = iter(names)
    for field in fields:
        wanted = STAND[Office(field.contest.office)]
        for place in range(wanted):
            name = next(rest)
            by: dict[str, Any] = {"by": "PARTY"}
            if place >= field.contest.seats:
                by = {"by": "VOTERS", "signers": signers}
            actions.nominate(hand, **which, contest_id=field.contest.pk, name=name, **by, at=at)
    actions.submit_nominees(hand, **which, at=play.ago(11))
    return name


def _names(election: Any, wanted: int) -> Sequence[str]:
    """Voters between thirty and sixty whose name nobody else has."""
    rows = list_voters(SYSTEM, election=election, state=VoterState.LISTED)
    told = list(rows.values_list("name", "birth_date"))
    often: dict[str, int] = {}
    for name, _born in told:
        often[name] = often.get(name, 0) + 1
    year = election.day.year
    of_age = [n for n, born in told if often[n] == 1 and born and 30 <= year - born.year <= 60]
    return of_age[:wanted]


def _review(play: Play, election: Any, *, barred: str, besides: Sequence[str]) -> None:
    """One department bars the last; those named in `besides` have not answered."""
    at = play.ago(9)
    with scope(EVERYWHERE):
        home = play.lead.grants[0].capture or ""
        district = get_division(SYSTEM, division_id=int(home.rstrip(".").rsplit(".", 1)[-1]))
        rows = list_departments_at(SYSTEM, division_ids=[district.pk])
    panel = [one for one in rows if one.kind in PANEL]
    actions.set_panel(play.lead, department_ids=[one.pk for one in panel], at=play.ago(11))
    actions.ask_departments(play.lead, number=election.number, at=play.ago(11))
    for department in panel:
        if department.kind in besides:
            continue
        reviewer = an_officer(Role.DEPT_OP, district.path, department.name, department.pk)
        with scope(reviewer.areas, reviewer.holders):
            asked = list_own_opinions(reviewer, at=at)
        for one in asked:
            if one.screening.election_id != election.pk:
                continue
            bars = department.kind == POLICE and one.screening.name == barred
            said = BAR if bars else {"decision": "PASS"}
            actions.give_opinion(reviewer, opinion_id=one.pk, **said, at=at)


def _meet(play: Play, election: Any) -> None:
    hand, ago, which = play.hand, play.ago, {"number": election.number}
    actions.publish_candidates(hand, **which, extra=1, at=ago(4))
    hang(hand, election, ago(4))
    actions.begin_campaign(hand, **which, at=ago(4))
    said: dict[str, Any] = {"held_on": today(ago(3)), "place": "社区礼堂", "present": 164}
    actions.hold_forum(hand, **which, **said, upload=_record(), at=ago(3))
    with scope(EVERYWHERE):
        away = _names(election, 60)[-8:]
    for voter, holder in zip(away[::2], away[1::2], strict=True):
        who = {"voter": voter, "holder": holder, "relation": "VOTER"}
        actions.register_proxy(hand, **which, **who, at=ago(2))
    actions.close_proxies(hand, **which, at=play.at)
    hang(hand, election, play.at)


def _record() -> SimpleUploadedFile:
    """A drawn picture stands for the record of the meeting."""
    picture = corridor(dark=False)
    picture.name = "见面会记录.jpg"
    return picture
