from yukuai.cases.models.catalogue import Category, UrgentWord
from yukuai.cases.models.exports import CaseExport
from yukuai.cases.models.matter import NEWEST, Case, CaseContact
from yukuai.cases.models.opinions import Opinion, Rating, Supervision, Visit
from yukuai.cases.models.saved import SavedFilter

__all__ = [
    "NEWEST",
    "Case",
    "CaseContact",
    "CaseExport",
    "Category",
    "Opinion",
    "Rating",
    "SavedFilter",
    "Supervision",
    "UrgentWord",
    "Visit",
]
