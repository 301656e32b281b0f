"""What an election keeps."""

from yukuai.elections.models.cards import CardUse, VoterCard
from yukuai.elections.models.committee import Member
from yukuai.elections.models.election import Contest, Election, Meeting
from yukuai.elections.models.notices import Announcement, Posting, Spot
from yukuai.elections.models.roll import Listing, Objection, Voter

__all__ = [
    "Announcement",
    "CardUse",
    "Contest",
    "Election",
    "Listing",
    "Meeting",
    "Member",
    "Objection",
    "Posting",
    "Spot",
    "Voter",
    "VoterCard",
]
