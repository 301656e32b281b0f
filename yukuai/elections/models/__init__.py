"""What an election keeps."""

from yukuai.elections.models.candidates import Candidate, Forum, Proxy
from yukuai.elections.models.cards import CardUse, VoterCard
from yukuai.elections.models.committee import Member
from yukuai.elections.models.election import Contest, Election, Meeting
from yukuai.elections.models.nominees import Kin, Nomination, Nominator, Nominee
from yukuai.elections.models.notices import Announcement, Posting, Spot
from yukuai.elections.models.reviews import Opinion, Panelist, Screening
from yukuai.elections.models.roll import Listing, Objection, Voter

__all__ = [
    "Announcement",
    "Candidate",
    "CardUse",
    "Contest",
    "Election",
    "Forum",
    "Kin",
    "Listing",
    "Meeting",
    "Member",
    "Nomination",
    "Nominator",
    "Nominee",
    "Objection",
    "Opinion",
    "Panelist",
    "Posting",
    "Proxy",
    "Screening",
    "Spot",
    "Voter",
    "VoterCard",
]
