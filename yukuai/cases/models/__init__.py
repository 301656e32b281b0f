from yukuai.cases.models.catalogue import Category, UrgentWord
from yukuai.cases.models.helper import Helper
from yukuai.cases.models.matter import NEWEST, Case, CaseContact
from yukuai.cases.models.opinions import Opinion, Rating, Supervision, Visit

__all__ = [
    "NEWEST",
    "Case",
    "CaseContact",
    "Category",
    "Helper",
    "Opinion",
    "Rating",
    "Supervision",
    "UrgentWord",
    "Visit",
]
