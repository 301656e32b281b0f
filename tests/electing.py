"""A community, a township above it, people of age, and an election brought so far."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from tests.casework import places
from tests.conftest import NOON
from tests.offices import make_department
from tests.people import officer
from tests.pictures import picture
from tests.registering import WINDOW, citizen
from yukuai.accounts.policy import Role
from yukuai.divisions.models import Division
from yukuai.elections import actions
from yukuai.elections.actions import Chosen, Met
from yukuai.elections.cards import Stamp, compose, short_id
from yukuai.elections.models import Election, Voter, VoterCard
from yukuai.elections.offices import Office, Seats
from yukuai.elections.queries import list_notices
from yukuai.elections.queries.reviews import list_own_opinions
from yukuai.kernel import crypto
from yukuai.kernel.scope import EVERYWHERE, scope
from yukuai.registry import actions as register

__all__ = ["places"]
COMMITTEE = officer(Role.ELECTION_COMMITTEE, "1.2.12.112.", user_id=71)
NEIGHBOUR = officer(Role.ELECTION_COMMITTEE, "1.2.12.113.", user_id=72)
TOWN = officer(Role.TOWNSHIP_OP, "1.2.12.", user_id=73)
KEEPER = officer(Role.COMMUNITY_STAFF, "1.2.12.112.", user_id=74)
TODAY = NOON.date()
DAY = TODAY + timedelta(days=40)
SETTLED = NOON + timedelta(days=8)
"""Objections to a roll that was posted at NOON are over."""
POLLING = NOON + timedelta(days=40)
MEETING = Met("delegates", TODAY, entitled=45, present=30, agreed=29)
CHOSEN = (
    Chosen("水清浅", "CHAIR"),
    Chosen("云出岫", "VICE"),
    Chosen("石中玉", "MEMBER"),
    Chosen("月如钩"),
)
SEATS = (Seats(Office.CHAIR, 1), Seats(Office.VICE, 1), Seats(Office.MEMBER, 5))
SPOTS = ("社区公告栏", "红光楼公告栏")


@pytest.fixture
def ruled(places: Any) -> None:
    """Code sets and every rule pack that ships."""
    call_command("load_codes", verbosity=0)
    call_command("load_rulepacks", verbosity=0)


def again(election: Election) -> Election:
    with scope(EVERYWHERE):
        rows = Election.objects.select_related("division", "count_pack", "law_pack", "local_pack")
        return rows.get(pk=election.pk)


def kept(name: str, *, born: str = "1980-05-06", serial: int = 1, at: int = 112) -> Any:
    """Somebody of the register."""
    actor = officer(Role.COMMUNITY_STAFF, f"1.2.12.{at}.", user_id=74)
    values = {"name": name, "id_type": "111", "id_no": citizen(serial, born.replace("-", ""))}
    said = {"kind": "person", "division_id": at, "values": values, "said": WINDOW}
    return register.register(actor, **said, client_uuid=uuid4(), at=NOON)


def start(**given: Any) -> Election:
    said = {"division_id": 112, "body": "community", "term": 7, "day": DAY} | given
    return actions.start_election(TOWN, at=NOON, **said)


def guided(**given: Any) -> Election:
    election = start(**given)
    said = {"document": "街办〔2026〕3号", "trained_on": TODAY}
    return actions.set_guidance(TOWN, number=election.number, at=NOON, **said)


def formed(**given: Any) -> Election:
    election = guided()
    said = {"met": MEETING, "chosen": CHOSEN, "spots": SPOTS, "place": "人和街88号"} | given
    return actions.form_committee(TOWN, number=election.number, at=NOON, **said)


def planned(**given: Any) -> Election:
    election = formed()
    said = {"met": MEETING, "contests": SEATS, "electorate": "VOTERS", "day": DAY} | given
    return actions.adopt_plan(COMMITTEE, number=election.number, at=NOON, **said)


def registering(at: Any = NOON) -> Election:
    election = planned()
    closes = at.date() + timedelta(days=10)
    return actions.open_registration(COMMITTEE, number=election.number, closes=closes, at=at)


def listed(*names: str, at: Any = NOON) -> Election:
    """Registration is open, and these were asked and stand on the roll."""
    for serial, name in enumerate(names, start=1):
        kept(name, serial=serial)
    election = registering()
    actions.propose_roll(COMMITTEE, number=election.number, at=at)
    confirm_all(election)
    return election


def confirm_all(election: Election, actor: Any = COMMITTEE) -> tuple[int, int]:
    with scope(EVERYWHERE):
        ids = list(Voter.objects.filter(election=election).values_list("pk", flat=True))
    return actions.confirm_voters(actor, number=election.number, voter_ids=ids, at=NOON)


def published(*names: str) -> Election:
    election = listed(*(names or ("风满楼", "雨潇湘")))
    return actions.publish_roll(COMMITTEE, number=election.number, at=NOON)


def finalized(*names: str) -> Election:
    """The roll is final, a week after it was posted."""
    election = published(*names)
    post(election, "roll")
    return actions.finalize_roll(COMMITTEE, number=election.number, at=SETTLED)


def carded(*names: str) -> Election:
    """And everybody has a card that is not handed out yet."""
    election = finalized(*names)
    actions.make_cards(COMMITTEE, number=election.number, at=SETTLED)
    return election


def cards_of(election: Election) -> dict[str, VoterCard]:
    """The cards that hold, by name."""
    with scope(EVERYWHERE):
        rows = VoterCard.objects.filter(election=election).select_related("voter", "election")
        return {row.voter.name: row for row in rows.exclude(state="void")}


def handed_out(election: Election) -> dict[str, VoterCard]:
    """All of them, each to the voter himself."""
    ids = [card.pk for card in cards_of(election).values()]
    said = {"card_ids": ids, "taker": "self", "issued_on": SETTLED.date(), "at": SETTLED}
    actions.issue_cards(COMMITTEE, number=election.number, **said)
    return cards_of(election)


def shown(card: VoterCard) -> str:
    """What a scanner reads off it."""
    stamp = Stamp(short_id(card.election.number), card.code)
    return compose(stamp, crypto.sign)


def post(election: Election, kind: str, spot: int = 0, at: Any = NOON) -> Election:
    """A photograph of an announcement where it hangs."""
    with scope(EVERYWHERE):
        notice = next(
            one.notice for one in list_notices(TOWN, election=election) if one.notice.kind == kind
        )
        spots = list(election.spots.order_by("pk"))
    photo = BytesIO(picture())
    photo.name = "公告.jpg"
    said = {"notice_id": notice.pk, "spot_id": spots[spot].pk, "picture": photo}
    said |= {"posted_on": at.date()}
    return actions.post_notice(COMMITTEE, number=election.number, at=at, **said)


def community(pk: int = 112) -> Division:
    with scope(EVERYWHERE):
        return Division.objects.get(pk=pk)


BIRTHDAY = date(DAY.year - 18, DAY.month, DAY.day)
"""Of whoever turns 18 on election day."""


ROLL = ("风满楼", "雨潇湘", "云中鹤", "叶知秋", "沈青山", "顾长风", "江远舟", "苏明月", "陆小川",
        "柳如烟", "秦望北", "楚江开")  # fmt: skip
"""Enough to nominate jointly in a residents' committee (ten) and to stand."""
TEN = ROLL[:10]
SETTLED = NOON + timedelta(days=8)
"""When the term for objections is over."""
CLOSING = SETTLED + timedelta(days=5)
"""The last day of nominating."""
FEW = (Seats(Office.CHAIR, 1), Seats(Office.MEMBER, 4))


def settled(*names: str, **given: Any) -> Election:
    """The roll is final, with these on it; `given` changes the plan, `body` the law."""
    body = given.pop("body", "community")
    for serial, name in enumerate(names or ROLL, start=1):
        kept(name, serial=serial)
    election = formed_of(body)
    said = {"met": MEETING, "contests": FEW, "electorate": "VOTERS", "day": DAY} | given
    actions.adopt_plan(COMMITTEE, number=election.number, at=NOON, **said)
    closes = TODAY + timedelta(days=10)
    actions.open_registration(COMMITTEE, number=election.number, closes=closes, at=NOON)
    actions.propose_roll(COMMITTEE, number=election.number, at=NOON)
    confirm_all(election)
    actions.publish_roll(COMMITTEE, number=election.number, at=NOON)
    post(election, "roll")
    return actions.finalize_roll(COMMITTEE, number=election.number, at=SETTLED)


def formed_of(body: str) -> Election:
    election = guided(body=body)
    said = {"met": MEETING, "chosen": CHOSEN, "spots": SPOTS, "place": "人和街88号"}
    return actions.form_committee(TOWN, number=election.number, at=NOON, **said)


def nominating(*names: str, **given: Any) -> Election:
    election = settled(*names, **given)
    closes = CLOSING.date()
    return actions.open_nominations(COMMITTEE, number=election.number, closes=closes, at=SETTLED)


def contest(election: Election, office: str) -> int:
    with scope(EVERYWHERE):
        return election.contests.get(office=office).pk


def nominate(election: Election, name: str, office: str = "chair", **given: Any) -> Any:
    """By the party organisation, unless signers are given."""
    signers = given.pop("signers", ())
    said = {"by": "VOTERS" if signers else "PARTY", "at": SETTLED} | given
    return actions.nominate(
        COMMITTEE,
        number=election.number,
        contest_id=contest(election, office),
        name=name,
        signers=signers,
        **said,
    )


def filled(election: Election, *, besides: Any = ()) -> Election:
    """Two for the chair and five for the four seats of members."""
    for name, office, signers in (
        ("风满楼", "chair", ()),
        ("雨潇湘", "chair", TEN),
        *((name, "member", TEN) for name in ROLL[2:6]),
        ("江远舟", "member", ()),
    ):
        if name not in besides:
            nominate(election, name, office, signers=signers)
    return election


LEAD = officer(Role.DISTRICT_OP, "1.2.", user_id=75)
PANEL = ("民政", "公安", "司法行政")


def offices(places: Any) -> dict[str, Any]:
    """The officers of three departments of the district, by kind."""
    made = {kind: make_department(places[2], f"南区{kind}局", kind=kind) for kind in PANEL}
    return {
        kind: officer(Role.DEPT_OP, "1.2.", user_id=80 + n, department_id=made[kind].pk)
        for n, kind in enumerate(PANEL)
    }


def submitted(**given: Any) -> Election:
    """Seven nominees are handed to the review."""
    election = filled(nominating(**given))
    return actions.submit_nominees(COMMITTEE, number=election.number, at=CLOSING)


def under_review(**given: Any) -> Election:
    """And every department of the panel was asked about each."""
    election = submitted(**given)
    actions.ask_departments(LEAD, number=election.number, at=CLOSING)
    return election


def opinions(actor: Any, name: str = "") -> list[Any]:
    """What a department is asked and has not answered, about one person or all."""
    with scope(actor.areas, actor.holders):
        rows = list_own_opinions(actor, at=CLOSING)
    return [one for one in rows if name in ("", one.screening.name)]


def sign(actor: Any, name: str, decision: str = "PASS", at: Any = CLOSING, **given: Any) -> None:
    [one] = opinions(actor, name)
    actions.give_opinion(actor, opinion_id=one.pk, decision=decision, at=at, **given)


def sign_all(*actors: Any, besides: Any = ()) -> None:
    for actor in actors:
        for one in opinions(actor):
            if one.screening.name not in besides:
                actions.give_opinion(actor, opinion_id=one.pk, decision="PASS", at=CLOSING)


def on(days_before: int) -> Any:
    """Noon, so many days before election day."""
    return NOON + timedelta(days=40 - days_before)


def reviewed(places: Any, **given: Any) -> Election:
    """All seven passed."""
    panel = offices(places)
    election = under_review(**given)
    sign_all(*panel.values())
    return election


def with_candidates(places: Any, **given: Any) -> Election:
    """风满楼 and 雨潇湘 for the chair, five for four seats of members."""
    said = {"extra": 1, "at": on(6)} | given
    election = reviewed(places)
    return actions.publish_candidates(COMMITTEE, number=election.number, **said)


def campaigning(places: Any) -> Election:
    election = post(with_candidates(places), "candidates", at=on(6))
    return actions.begin_campaign(COMMITTEE, number=election.number, at=on(6))


def forum(election: Election, at: Any = None, **given: Any) -> Any:
    record = BytesIO(picture())
    record.name = "见面会记录.jpg"
    said = {"held_on": on(5).date(), "place": "社区礼堂", "present": 120, "upload": record}
    said |= {"at": at or on(5)} | given
    return actions.hold_forum(COMMITTEE, number=election.number, **said)


def entrust(election: Election, voter: str, holder: str, **given: Any) -> Any:
    said = {"relation": "VOTER", "at": SETTLED} | given
    return actions.register_proxy(
        COMMITTEE, number=election.number, voter=voter, holder=holder, **said
    )
