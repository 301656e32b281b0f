"""A community, a township above it, people of age, and an election brought so far."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from tests.casework import places
from tests.conftest import NOON
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
from yukuai.kernel.crypto import sign
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
    return compose(stamp, sign)


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
