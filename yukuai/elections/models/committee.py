"""The election committee: who runs it, who left it and why."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located
from yukuai.elections.models.election import Election
from yukuai.elections.states import Chair


class Member(Located):
    """A member of the election committee, named in its announcement. Whoever is nominated, or whose
    near kin is, leaves; the next of the list (`place`) moves up (VC25 15, RC25 15)."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="members")
    place = models.PositiveSmallIntegerField(help_text="in the list of those who were chosen")
    name = models.CharField(max_length=40)
    office = models.CharField(max_length=8, choices=Chair.choices, blank=True)
    since = models.DateField(null=True, help_text="empty: in reserve")
    left_on = models.DateField(null=True)
    left_why = models.CharField(max_length=200, blank=True)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="committeemember_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["election", "place"], name="committeemember_place"),
            models.UniqueConstraint(
                fields=["election"],
                condition=Q(office=Chair.CHAIR, left_on=None),
                name="committeemember_one_chair",
            ),
            models.CheckConstraint(
                name="committeemember_serves_in_an_office",
                condition=Q(since=None, office="") | Q(since__isnull=False) & ~Q(office=""),
            ),
            models.CheckConstraint(
                name="committeemember_leaves_with_a_reason",
                condition=Q(left_on=None) | ~Q(left_why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"member {self.place} of {self.election_id}"
