"""What came of it: an agreement with what is to be done by when, or where to go instead."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.disputes.models.content import Part
from yukuai.disputes.models.dispute import Dispute
from yukuai.disputes.states import AgreementForm, Channel
from yukuai.kernel.fields import SealedField


class Agreement(Part):
    """人民调解法 28–30: written, in effect when signed and stamped; or oral, when reached."""

    dispute = models.OneToOneField(Dispute, on_delete=models.PROTECT, related_name="agreement")
    form = models.CharField(max_length=10, choices=AgreementForm.choices)
    facts = SealedField(purpose="dispute.agreement.facts")
    terms = SealedField(purpose="dispute.agreement.terms")
    reached_on = models.DateField()
    signed_on = models.DateField(null=True)

    class Meta(Part.Meta):
        indexes = [models.Index(fields=["area"], name="agreement_area")]
        constraints: ClassVar[list[Any]] = [
            *Part.Meta.constraints,
            models.CheckConstraint(
                name="agreement_signed_is_written",
                condition=Q(signed_on=None) | Q(form=AgreementForm.WRITTEN),
            ),
        ]

    def __str__(self) -> str:
        return f"agreement of dispute {self.dispute_id}"


class FulfilmentItem(Part):
    """One thing somebody promised, with its day."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()
    what = SealedField(purpose="dispute.item.what")
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)

    class Meta(Part.Meta):
        indexes = [models.Index(fields=["area"], name="fulfilmentitem_area")]
        constraints: ClassVar[list[Any]] = [
            *Part.Meta.constraints,
            models.UniqueConstraint(fields=["dispute", "order"], name="fulfilmentitem_in_order"),
        ]

    def __str__(self) -> str:
        return f"item {self.order} of dispute {self.dispute_id}"


class Referral(Part):
    """Where the parties were told to go (人民调解法第二十六条，待核)."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="referrals")
    channel = models.CharField(max_length=16, choices=Channel.choices)
    address = models.CharField(max_length=400)

    class Meta(Part.Meta):
        indexes = [models.Index(fields=["area"], name="referral_area")]
        constraints: ClassVar[list[Any]] = [
            *Part.Meta.constraints,
            models.UniqueConstraint(fields=["dispute", "channel"], name="referral_once_a_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} for dispute {self.dispute_id}"
