from yukuai.cases.models.catalogue import Category, UrgentWord
from yukuai.cases.models.dispatch_rules import DispatchRule, RuleTrial, RuleVersion
from yukuai.cases.models.duties import DutyItem, DutyRefusal
from yukuai.cases.models.matter import NEWEST, Case, CaseContact
from yukuai.cases.models.opinions import Opinion, Rating, Supervision, Visit

__all__ = [
    "NEWEST",
    "Case",
    "CaseContact",
    "Category",
    "DispatchRule",
    "DutyItem",
    "DutyRefusal",
    "Opinion",
    "Rating",
    "RuleTrial",
    "RuleVersion",
    "Supervision",
    "UrgentWord",
    "Visit",
]
