"""What is inside a dispute: sealed, and opened with the dispute's own key alone."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yukuai.disputes.models.dispute import Dispute
from yukuai.disputes.states import Side
from yukuai.divisions.located import Reserved
from yukuai.kernel.fields import SealedField


class Part(Reserved):
    """A row inside a dispute: it lies where the dispute lies and carries the dispute's key."""

    class Meta(Reserved.Meta):
        abstract = True

    @classmethod
    def inside(cls, dispute: Dispute, **fields: Any) -> Any:
        """A new row, not saved yet."""
        known: dict[str, Any] = {"dispute": dispute, "division": dispute.division}
        return cls(**known, holders=[dispute.ring], **fields)


class Particulars(Part):
    """What it is about, in the words of whoever came; the amount in fen, where there is one."""

    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, related_name="particulars")
    about = SealedField(purpose="dispute.about")
    wanted = SealedField(purpose="dispute.wanted", blank=True)
    amount_fen = models.BigIntegerField(null=True)
    consent = models.CharField(max_length=200, blank=True, help_text="who agreed to it, and how")

    class Meta(Part.Meta):
        indexes = [models.Index(fields=["area"], name="particulars_area")]
        constraints: ClassVar[list[Any]] = [
            *Part.Meta.constraints,
            models.CheckConstraint(
                name="particulars_amount_of_money",
                condition=Q(amount_fen=None) | Q(amount_fen__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"particulars of dispute {self.dispute_id}"


class Party(Part):
    """One side. Also his own: he holds this row by his telephone. No identity number."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="parties")
    side = models.CharField(max_length=12, choices=Side.choices)
    name = SealedField(purpose="dispute.party.name")
    phone = SealedField(purpose="dispute.party.phone", blank=True)

    class Meta(Part.Meta):
        verbose_name_plural = "parties"
        indexes = [
            models.Index(fields=["area"], name="party_area"),
            models.Index(fields=["dispute"], name="party_dispute"),
        ]

    def __str__(self) -> str:
        return f"{self.side} of dispute {self.dispute_id}"


class Session(Part):
    """One mediation: which day, who came, how it went (调解记录)."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="records")
    held_on = models.DateField()
    held_at = models.CharField(max_length=120, blank=True)
    present = ArrayField(models.BigIntegerField(), default=list, help_text="ids of parties")
    others = SealedField(purpose="dispute.session.others", blank=True)
    record = SealedField(purpose="dispute.session.record")
    mediator = models.CharField(max_length=40)
    written_at = models.DateTimeField()

    class Meta(Part.Meta):
        indexes = [
            models.Index(fields=["area"], name="session_area"),
            models.Index(fields=["dispute", "held_on"], name="session_dispute"),
        ]

    def __str__(self) -> str:
        return f"session of dispute {self.dispute_id} on {self.held_on}"


class Remark(Part):
    """The words that belong to a line of the log: the log itself carries none."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="remarks")
    change_id = models.BigIntegerField(unique=True)
    words = SealedField(purpose="dispute.remark")

    class Meta(Part.Meta):
        indexes = [
            models.Index(fields=["area"], name="remark_area"),
            models.Index(fields=["dispute"], name="remark_dispute"),
        ]

    def __str__(self) -> str:
        return f"remark on line {self.change_id}"
