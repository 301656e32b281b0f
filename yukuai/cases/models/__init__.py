from yukuai.cases.models.catalogue import Category, UrgentWord
from yukuai.cases.models.matter import NEWEST, Case, CaseContact
from yukuai.cases.models.opinions import Opinion, Rating, Supervision, Visit
from yukuai.cases.models.tallies import DayTally, TallyMark

__all__ = [
    "NEWEST",
    "Case",
    "CaseContact",
    "Category",
    "DayTally",
    "Opinion",
    "Rating",
    "Supervision",
    "TallyMark",
    "UrgentWord",
    "Visit",
]
