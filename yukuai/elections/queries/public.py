"""What anybody may read of an election: what hangs on the noticeboards, and the days.

An election is open to everybody, its rows lie in a community like all others: here, and nowhere
else, they are read for whoever asks. Nothing of the roll, of objections or of who acted is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from yukuai.accounts.policy import SYSTEM, Actor
from yukuai.documents.queries import get_document
from yukuai.elections.models import Announcement, Election, Member, Voter
from yukuai.elections.schedule import Mark
from yukuai.elections.states import ElectionState, VoterState
from yukuai.kernel.errors import NotFound
from yukuai.kernel.scope import widened
from yukuai.workflow.queries import get_calendar

if TYPE_CHECKING:
    from yukuai.documents.models import IssuedDocument

UNKNOWN = "没有这份公告。可能是网址不对，也可能已经撤下。"
BEFORE = (ElectionState.DRAFT, ElectionState.GUIDANCE_SET)
"""Nothing was announced yet."""


@dataclass(frozen=True)
class OpenElection:
    election: Election
    marks: Sequence[Mark]
    notices: Sequence[Announcement]
    """The newest first."""
    members: Sequence[Member]
    seats: Sequence[tuple[str, int]]


def find_open_election(actor: Actor, *, area: str) -> OpenElection | None:
    """The newest of a community that was announced, for anybody. A step of a reading."""
    with widened([area]):
        rows = Election.objects.filter(area=area).exclude(state__in=BEFORE)
        rows = rows.select_related("division", "count_pack", "law_pack", "local_pack")
        election = rows.order_by("-started_at", "-pk").first()
        if election is None:
            return None
        return OpenElection(
            election=election,
            marks=election.marks(get_calendar(actor)),
            notices=list(Announcement.objects.filter(election=election).order_by("-pk")),
            members=list(_serving(election)),
            seats=[(one.word, one.seats) for one in election.contests.order_by("rank")],
        )


def _serving(election: Election) -> QuerySet[Member]:
    rows = Member.objects.filter(election=election, left_on=None, since__isnull=False)
    return rows.order_by("place")


def find_own_line(actor: Actor, *, election: Election, persons: Sequence[int]) -> Voter | None:
    """His own line of the roll, of whoever has shown that these records are his."""
    if not persons:
        return None
    with widened([election.area]):
        rows = Voter.objects.filter(election=election, person__in=persons)
        return rows.filter(state=VoterState.LISTED).first()


def get_open_paper(
    actor: Actor, *, area: str, notice_id: int
) -> tuple[Announcement, "IssuedDocument"]:
    """An announcement of this place with its paper, for anybody. Raises NotFound."""
    with widened([area]):
        notice = Announcement.objects.filter(area=area, pk=notice_id).first()
        if notice is None:
            raise NotFound(UNKNOWN)
        return notice, get_document(SYSTEM, document_id=notice.document_id)
