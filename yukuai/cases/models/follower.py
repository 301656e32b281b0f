"""Who else met with it: a neighbour hears every answer, and reads nothing of what was said."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.cases.models.matter import Case
from yukuai.divisions.located import Held


class Follower(Held):
    """Somebody who waits for the answer to another's matter.

    He holds the row, not the matter. `via` is his own matter, where that was merged into this one.
    Whoever stops following keeps his row, so that he can take it back.
    """

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="followers", db_index=False
    )
    person = models.CharField(max_length=80, help_text="one of the holder keys: who it is")
    user_id = models.BigIntegerField(null=True, help_text="whose inbox")
    via = models.ForeignKey(
        Case, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta(Held.Meta):
        indexes = [
            models.Index(fields=["area"], name="follower_area"),
            models.Index(fields=["case"], name="follower_case", condition=Q(ended_at=None)),
            models.Index(fields=["via"], name="follower_via", condition=Q(via__isnull=False)),
            models.Index(fields=["person", "-since", "-id"], name="follower_person"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Held.Meta.constraints,
            models.UniqueConstraint(fields=["case", "person"], name="follower_once"),
        ]

    def __str__(self) -> str:
        return f"follower of case {self.case_id}"
