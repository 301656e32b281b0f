"""Who does not want texts, and what telephones sent us."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yukuai.kernel.constraints import HoldersOnlyPolicy
from yukuai.kernel.fields import SealedField


class SmsConsent(models.Model):
    """What the holder of a telephone said about texts. No row: he said nothing, and gets them."""

    class Said(models.TextChoices):
        BY_TEXT = "text", "回短信"
        ON_PAGE = "page", "在“我的”里"

    holders = ArrayField(models.CharField(max_length=80), default=list)
    phone_hash = models.CharField(max_length=64, unique=True)
    refused = models.BooleanField()
    said = models.CharField(max_length=10, choices=Said.choices)
    said_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            HoldersOnlyPolicy(name="smsconsent_of_its_phone"),
            models.CheckConstraint(
                name="smsconsent_said_known", condition=Q(said__in=["text", "page"])
            ),
        ]

    def __str__(self) -> str:
        return f"{'no texts' if self.refused else 'texts'} since {self.said_at:%F}"


class IncomingSms(models.Model):
    """A text that a telephone sent to our number. `digest` makes receiving it twice the same as
    receiving it once: the SMS centre sends again what it thinks we have not got."""

    holders = ArrayField(models.CharField(max_length=80), default=list)
    phone = SealedField(purpose="incoming.phone")
    phone_hash = models.CharField(max_length=64)
    text = SealedField(purpose="incoming.text", blank=True)
    is_refusal = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "incoming SMS"
        constraints: ClassVar[list[Any]] = [HoldersOnlyPolicy(name="incomingsms_of_its_phone")]
        indexes = [models.Index(fields=["phone_hash", "-received_at"], name="incomingsms_phone")]

    def __str__(self) -> str:
        return f"incoming {self.pk}"
