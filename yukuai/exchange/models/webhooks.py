"""Who is told of events over the wire, how far each has been told, and how it went."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located
from yukuai.exchange.rules import PAUSE_HOURS
from yukuai.exchange.states import SubscriptionState
from yukuai.kernel.fields import SealedField


class Subscription(Located):
    """An address of an API client. `cursor` is the last line of the log it was told of, or that
    was found to be none of its business."""

    client = models.ForeignKey("accounts.ApiClient", on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=300)
    types = ArrayField(models.CharField(max_length=60))
    secret = SealedField(purpose="webhook.secret")
    former = SealedField(purpose="webhook.former", blank=True, default="")
    former_until = models.DateTimeField(null=True)
    contact = SealedField(purpose="webhook.contact", blank=True, default="")
    state = models.CharField(
        max_length=8, choices=SubscriptionState.choices, default=SubscriptionState.PENDING
    )
    per_minute = models.PositiveIntegerField(null=True, help_text="as the receiver asked")
    cursor = models.BigIntegerField()
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    pause_after_hours = models.PositiveSmallIntegerField(default=PAUSE_HOURS)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True)

    class Meta(Located.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area"], name="subscription_area"),
            models.Index(fields=["client"], name="subscription_client"),
            models.Index(
                fields=["next_try_at"], name="subscription_due", condition=Q(state="active")
            ),
        ]

    def __str__(self) -> str:
        return f"subscription {self.pk} of client {self.client_id}"


class Try(Located):
    """One attempt to tell one event. Kept for a while, for whoever looks for a fault."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, related_name="tries")
    change_id = models.BigIntegerField()
    type = models.CharField(max_length=60)
    number = models.CharField(max_length=20)
    tried_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)

    class Meta(Located.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area"], name="webhook_try_area"),
            models.Index(fields=["subscription", "-id"], name="webhook_try_subscription"),
            models.Index(fields=["tried_at"], name="webhook_try_age"),
        ]

    def __str__(self) -> str:
        return f"event {self.change_id} to {self.subscription_id}"
