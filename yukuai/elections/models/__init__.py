"""What an election keeps."""

from yukuai.elections.models.committee import Chair, Member
from yukuai.elections.models.election import Contest, Deed, Election, Meeting
from yukuai.elections.models.notices import Announcement, NoticeKind, Posting, Spot
from yukuai.elections.models.roll import Basis, Listing, Objection, Voter, VoterState

__all__ = [
    "Announcement",
    "Basis",
    "Chair",
    "Contest",
    "Deed",
    "Election",
    "Listing",
    "Meeting",
    "Member",
    "NoticeKind",
    "Objection",
    "Posting",
    "Spot",
    "Voter",
    "VoterState",
]
