"""What is told to whom: words as data, the inbox, the outbox of texts."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yukuai.kernel.constraints import HoldersOnlyPolicy
from yukuai.kernel.fields import SealedField


class Channel(models.TextChoices):
    INBOX = "inbox", "站内消息"
    SMS = "sms", "短信"


class MessageTemplate(models.Model):
    """What is said, as data. `placeholders` are the only {names} its text may use: the code that
    sends it gives exactly these."""

    code = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    title = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    placeholders = ArrayField(models.CharField(max_length=30), default=list)
    urgent = models.BooleanField(default=False, help_text="does not wait for the morning")
    edited = models.BooleanField(default=False, help_text="by a person: loading keeps it")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "channel"], name="message_template_once"),
            models.CheckConstraint(
                name="message_template_channel_known", condition=Q(channel__in=Channel.values)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} ({self.channel})"


class Message(models.Model):
    """Something told to a user inside the platform. He and the platform see it, nobody else.

    `link` is a path of this site. `dedupe` makes telling twice the same as telling once.
    """

    recipient = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    holders = ArrayField(models.CharField(max_length=80), default=list)
    kind = models.CharField(max_length=40, help_text="the template it was made from")
    title = models.CharField(max_length=120)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=40, blank=True, help_text="what it is about: case…")
    object_id = models.BigIntegerField(null=True)
    dedupe = models.CharField(max_length=120)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            HoldersOnlyPolicy(name="message_of_its_recipient"),
            models.UniqueConstraint(fields=["recipient", "dedupe"], name="message_told_once"),
            models.CheckConstraint(
                name="message_link_stays_here",
                condition=Q(link="") | Q(link__regex=r"^/([^/\\]|$)"),
            ),
            models.CheckConstraint(
                name="message_read_after_it_came",
                condition=Q(read_at=None) | Q(read_at__gte=F("created_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="message_inbox"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="message_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id}"


class DeliveryState(models.TextChoices):
    QUEUED = "queued", "等发送"
    SENT = "sent", "已交给短信网关"
    DELIVERED = "delivered", "已送达"
    FAILED = "failed", "没有送达"
    DROPPED = "dropped", "没有发送"


class Delivery(models.Model):
    """One text on its way out. The number and the words lie sealed; the words of a sign-in code
    are not kept at all. `reference` is what the gateway knows it by, in every attempt."""

    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.SMS)
    holders = ArrayField(models.CharField(max_length=80), default=list)
    phone = SealedField(purpose="delivery.phone")
    phone_hash = models.CharField(max_length=64)
    template = models.CharField(max_length=40)
    text = SealedField(purpose="delivery.text", blank=True, default="")
    urgent = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.QUEUED
    )
    dedupe = models.CharField(max_length=120, unique=True)
    reference = models.UUIDField(default=uuid4, unique=True, editable=False)
    created_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    gateway_id = models.CharField(max_length=80, blank=True)
    receipt_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)
    # what it is about, so that somebody can telephone when it does not arrive
    about = models.ForeignKey(
        "divisions.Division", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    subject = models.CharField(max_length=40, blank=True, db_default="")
    object_id = models.BigIntegerField(null=True)
    number = models.CharField(max_length=20, blank=True, db_default="")
    spoken = SealedField(purpose="delivery.spoken", blank=True, db_default="")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints: ClassVar[list[Any]] = [
            HoldersOnlyPolicy(name="delivery_of_its_phone"),
            models.CheckConstraint(
                name="delivery_state_known", condition=Q(state__in=DeliveryState.values)
            ),
            # What is finished is not tried again; a code that could not be sent never is.
            models.CheckConstraint(
                name="delivery_tried_while_queued",
                condition=Q(next_try_at=None) | Q(state=DeliveryState.QUEUED),
            ),
        ]
        indexes = [
            models.Index(fields=["phone_hash", "-created_at"], name="delivery_phone"),
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="delivery_due",
            ),
            models.Index(
                fields=["-created_at"],
                condition=Q(state__in=["failed", "dropped"]),
                name="delivery_stopped",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.reference}"


class DevelopmentSms(models.Model):
    """Where texts end up in demo mode instead of on a telephone."""

    reference = models.UUIDField(unique=True)
    holders = ArrayField(models.CharField(max_length=80), default=list)
    phone = SealedField(purpose="development.phone")
    text = SealedField(purpose="development.text")
    received_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "development SMS"
        constraints = [HoldersOnlyPolicy(name="development_sms_of_its_phone")]

    def __str__(self) -> str:
        return str(self.reference)
