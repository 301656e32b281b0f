from yukuai.cases.models.catalogue import Category, UrgentWord
from yukuai.cases.models.cluster import CaseCluster, ClusterMember, ClusterState
from yukuai.cases.models.follower import Follower
from yukuai.cases.models.link import CaseLink
from yukuai.cases.models.matter import NEWEST, Case, CaseContact
from yukuai.cases.models.opinions import Opinion, Rating, Supervision, Visit
from yukuai.cases.models.tallies import DayTally, TallyMark

__all__ = [
    "NEWEST",
    "Case",
    "CaseCluster",
    "CaseContact",
    "CaseLink",
    "Category",
    "ClusterMember",
    "ClusterState",
    "DayTally",
    "Follower",
    "Opinion",
    "Rating",
    "Supervision",
    "TallyMark",
    "UrgentWord",
    "Visit",
]
