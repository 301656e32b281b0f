"""Who stands in the end, where they met the voters, and who votes for whom."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from yukuai.divisions.located import Located
from yukuai.elections.models.election import Contest, Election
from yukuai.elections.models.nominees import Nominee
from yukuai.elections.models.roll import Voter
from yukuai.elections.standing import Relation


class Candidate(Located):
    """A formal candidate for one office, in the order in which they are published and printed."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="candidates")
    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="candidacies")
    place = models.PositiveSmallIntegerField()
    nominations = models.PositiveIntegerField()

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="candidate_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["contest", "place"], name="candidate_in_order"),
            models.UniqueConstraint(fields=["contest", "nominee"], name="candidate_once"),
        ]

    def __str__(self) -> str:
        return f"candidate {self.place} for {self.contest_id}"


class Forum(Located):
    """A meeting of the candidates with the voters; its record is a file of the election."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="forums")
    held_on = models.DateField()
    place = models.CharField(max_length=120)
    present = models.PositiveIntegerField()
    attachment_id = models.BigIntegerField()

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="forum_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.CheckConstraint(name="forum_met_somebody", condition=Q(present__gte=1)),
        ]

    def __str__(self) -> str:
        return f"forum on {self.held_on}"


class Proxy(Located):
    """A voter asked another in writing to vote for him. `void`: it ended because the holder became
    a candidate, and the voter has to be told (`told_on`). It says who may take a ballot, never
    which."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="proxies")
    voter = models.ForeignKey(Voter, on_delete=models.PROTECT, related_name="+", db_index=False)
    holder = models.ForeignKey(Voter, on_delete=models.PROTECT, related_name="+")
    relation = models.CharField(max_length=8, choices=Relation.choices)
    registered_on = models.DateField()
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=200, blank=True)
    void = models.BooleanField(default=False)
    told_on = models.DateField(null=True)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="proxy_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["voter"], condition=Q(ended_on=None), name="proxy_one_at_a_time"
            ),
            models.CheckConstraint(name="proxy_to_another", condition=~Q(voter=F("holder"))),
            models.CheckConstraint(
                name="proxy_relation_known", condition=Q(relation__in=Relation.values)
            ),
            models.CheckConstraint(
                name="proxy_ends_with_a_reason", condition=Q(ended_on=None) | ~Q(ended_why="")
            ),
            models.CheckConstraint(
                name="proxy_void_has_ended", condition=Q(void=False) | Q(ended_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder_id} for {self.voter_id}"
