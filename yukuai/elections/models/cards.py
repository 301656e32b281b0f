"""Voter cards: one for each voter, signed for when it is handed out, shown once for ballots."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located
from yukuai.elections.models.election import Election
from yukuai.elections.models.roll import Voter
from yukuai.elections.states import CardState, Taker


class VoterCard(Located):
    """A card. `number` is what people call it by within the election and is never used again;
    `code` is random and all that its QR code says of it."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="cards")
    voter = models.ForeignKey(Voter, on_delete=models.PROTECT, related_name="cards")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=12, unique=True, db_collation="C")
    state = models.CharField(max_length=8, choices=CardState.choices, default=CardState.MADE)
    made_at = models.DateTimeField()
    issued_on = models.DateField(null=True)
    taker = models.CharField(max_length=8, choices=Taker.choices, blank=True)
    taker_name = models.CharField(max_length=40, blank=True, help_text="of a family member")
    issued_by = models.CharField(max_length=120, blank=True)
    voided_at = models.DateTimeField(null=True)
    voided_why = models.CharField(max_length=200, blank=True)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="votercard_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["election", "number"], name="votercard_number"),
            models.UniqueConstraint(
                fields=["voter"],
                condition=~Q(state=CardState.VOID),
                name="votercard_one_holds",
            ),
            models.CheckConstraint(
                name="votercard_state_known", condition=Q(state__in=CardState.values)
            ),
            models.CheckConstraint(
                name="votercard_issued_to_somebody",
                condition=Q(issued_on=None, taker="") & ~Q(state=CardState.ISSUED)
                | Q(issued_on__isnull=False, taker__in=Taker.values)
                & ~Q(state=CardState.MADE)
                & (~Q(taker=Taker.FAMILY) | ~Q(taker_name="")),
            ),
            models.CheckConstraint(
                name="votercard_void_with_a_reason",
                condition=Q(state=CardState.VOID, voided_at__isnull=False) & ~Q(voided_why="")
                | Q(voided_at=None, voided_why="") & ~Q(state=CardState.VOID),
            ),
        ]

    def __str__(self) -> str:
        return f"card {self.number} of {self.election_id}"


class CardUse(Located):
    """Ballots were handed out on this card, so many and never which: nothing here leads to one."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="card_uses")
    card = models.OneToOneField(VoterCard, on_delete=models.PROTECT, related_name="use")
    client_uuid = models.UUIDField(
        unique=True, help_text="given by the desk: sent twice, used once"
    )
    ballots = models.PositiveSmallIntegerField()
    desk = models.CharField(max_length=40)
    used_at = models.DateTimeField()
    by = models.CharField(max_length=120)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="carduse_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.CheckConstraint(name="carduse_takes_ballots", condition=Q(ballots__gte=1)),
        ]

    def __str__(self) -> str:
        return f"use of card {self.card_id}"
