"""What a gateway that is bound to an SMS centre works off, part by part."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yukuai.kernel.constraints import HoldersOnlyPolicy
from yukuai.kernel.fields import SealedField
from yukuai.messaging.models.outbox import Delivery
from yukuai.messaging.parts import Alphabet


class PartState(models.TextChoices):
    WAITING = "waiting", "等发送"
    ON_WAY = "on-way", "发出去了，等回应"
    ACCEPTED = "accepted", "短信中心收下了"
    DELIVERED = "delivered", "到手机了"
    UNDELIVERED = "undelivered", "没有到手机"
    REFUSED = "refused", "短信中心没有收"
    UNSURE = "unsure", "不知道收没收"


class SmsPart(models.Model):
    """One piece of a text. Its words are here only until the SMS centre has them.

    `submits` counts how often it went out, `unsure` how often nobody answered: then it went out
    once more, under the same reference.
    """

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="parts")
    holders = ArrayField(models.CharField(max_length=80), default=list)
    number = models.PositiveSmallIntegerField()
    total = models.PositiveSmallIntegerField()
    alphabet = models.CharField(max_length=4, choices=[(a.value, a.value) for a in Alphabet])
    text = SealedField(purpose="part.text", blank=True, default="")
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=PartState.choices, default=PartState.WAITING)
    submits = models.PositiveSmallIntegerField(default=0)
    unsure = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    expires_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=65, blank=True)
    accepted_at = models.DateTimeField(null=True)
    receipt_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            HoldersOnlyPolicy(name="smspart_of_its_phone"),
            models.UniqueConstraint(fields=["delivery", "number"], name="smspart_once"),
            models.CheckConstraint(
                name="smspart_state_known", condition=Q(state__in=PartState.values)
            ),
            models.CheckConstraint(
                name="smspart_accepted_with_an_id",
                condition=~Q(state__in=["accepted", "delivered", "undelivered"])
                | ~Q(message_id=""),
            ),
        ]
        indexes = [
            models.Index(
                fields=["-urgent", "id"], condition=Q(state="waiting"), name="smspart_waiting"
            ),
            models.Index(fields=["id"], condition=Q(state="on-way"), name="smspart_on_way"),
            models.Index(
                fields=["message_id"], condition=~Q(message_id=""), name="smspart_message"
            ),
        ]

    def __str__(self) -> str:
        return f"part {self.number}/{self.total} of {self.delivery_id}"


class GatewayLink(models.Model):
    """Whether somebody stands at the gateway: the process that is bound says so every few
    seconds. One row a gateway."""

    name = models.CharField(max_length=20, unique=True)
    bound = models.BooleanField(default=False)
    seen_at = models.DateTimeField()
    rate = models.FloatField(default=0, help_text="parts a second at present")
    error = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {'bound' if self.bound else 'not bound'}"
