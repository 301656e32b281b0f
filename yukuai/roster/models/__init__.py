from yukuai.roster.models.handover import Handover
from yukuai.roster.models.shift import Assignment, Shift

__all__ = ["Assignment", "Handover", "Shift"]
