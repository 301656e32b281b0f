"""A text that did not arrive becomes a telephone call that somebody makes."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Held
from yukuai.kernel.fields import SealedField
from yukuai.messaging.models.outbox import Delivery


class CallReason(models.TextChoices):
    FAILED = "failed", "短信没有送到"
    REFUSED = "refused", "退订了短信"
    REPLIED = "replied", "回了短信"


class PhoneTask(Held):
    """改打电话: whom to call, about which matter, and what to say. It lies where the matter lies;
    number and words are sealed and opened with a purpose."""

    delivery = models.OneToOneField(
        Delivery, on_delete=models.PROTECT, null=True, related_name="call"
    )
    reason = models.CharField(max_length=10, choices=CallReason.choices)
    detail = models.CharField(max_length=200, blank=True)
    phone = SealedField(purpose="call.phone")
    phone_tail = models.CharField(max_length=4)
    words = SealedField(purpose="call.words", blank=True)
    subject = models.CharField(max_length=40, help_text="what it is about: case…")
    object_id = models.BigIntegerField()
    number = models.CharField(max_length=20)
    template = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=120, blank=True)
    done_by_id = models.BigIntegerField(null=True)

    class Meta(Held.Meta):
        constraints: ClassVar[list[Any]] = [
            *Held.Meta.constraints,
            models.CheckConstraint(
                name="phonetask_reason_known", condition=Q(reason__in=CallReason.values)
            ),
            models.CheckConstraint(
                name="phonetask_done_by_someone",
                condition=Q(done_at=None, done_by="") | (Q(done_at__isnull=False) & ~Q(done_by="")),
            ),
        ]
        indexes = [
            models.Index(fields=["area", "-created_at", "-id"], name="phonetask_area"),
            models.Index(
                fields=["area", "-created_at", "-id"],
                condition=Q(done_at=None),
                name="phonetask_open",
            ),
            models.Index(fields=["subject", "object_id"], name="phonetask_object"),
        ]

    def __str__(self) -> str:
        return f"call about {self.number}"

    @property
    def is_reply(self) -> bool:
        return self.reason == CallReason.REPLIED
