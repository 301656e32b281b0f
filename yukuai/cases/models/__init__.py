from yukuai.cases.models.attempt import CallTime, VisitAttempt
from yukuai.cases.models.catalogue import Category, UrgentWord
from yukuai.cases.models.cluster import CaseCluster, ClusterMember, ClusterState
from yukuai.cases.models.dispatch_rules import DispatchRule, RuleTrial, RuleVersion
from yukuai.cases.models.duties import DutyItem, DutyRefusal
from yukuai.cases.models.exports import CaseExport
from yukuai.cases.models.follower import Follower
from yukuai.cases.models.helper import Helper
from yukuai.cases.models.link import CaseLink
from yukuai.cases.models.matter import NEWEST, Case, CaseContact
from yukuai.cases.models.opinions import Opinion, Rating, Supervision, Visit
from yukuai.cases.models.saved import SavedFilter
from yukuai.cases.models.tallies import (
    DayTally,
    MonthTally,
    Standing,
    StandingMark,
    StandingTally,
    TallyMark,
)
from yukuai.cases.models.triage_model import TriageModel

__all__ = [
    "NEWEST",
    "CallTime",
    "Case",
    "CaseCluster",
    "CaseContact",
    "CaseExport",
    "CaseLink",
    "Category",
    "ClusterMember",
    "ClusterState",
    "DayTally",
    "DispatchRule",
    "DutyItem",
    "DutyRefusal",
    "Follower",
    "Helper",
    "MonthTally",
    "Opinion",
    "Rating",
    "RuleTrial",
    "RuleVersion",
    "SavedFilter",
    "Standing",
    "StandingMark",
    "StandingTally",
    "Supervision",
    "TallyMark",
    "TriageModel",
    "UrgentWord",
    "Visit",
    "VisitAttempt",
]
