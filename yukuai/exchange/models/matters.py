"""A matter that others have too: the tie, what goes out, what comes in."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located
from yukuai.exchange.models.systems import ExternalSystem
from yukuai.exchange.states import NoticeState, Origin, ParcelState
from yukuai.kernel.fields import SealedField


class ExternalCase(Located):
    """Their id and our matter, one to one in a system; a matter may be with several systems.

    `sequence` orders what they say: their own number, or the moment in microseconds. An older
    word never takes the place of a newer one.
    """

    system = models.ForeignKey(ExternalSystem, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=6, choices=Origin.choices)
    by_hand = models.BooleanField(default=False, help_text="sent by an officer, not by a route")
    external_id = models.CharField(max_length=80, null=True)  # noqa: DJ001 (unknown until sent)
    number = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=60, blank=True)
    sequence = models.BigIntegerField(default=0)
    stated_at = models.DateTimeField(null=True)
    gap_since = models.DateTimeField(null=True)
    mark = models.BigIntegerField(help_text="the last line of our log that was queued for them")
    alike = ArrayField(models.CharField(max_length=20), default=list)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.CharField(max_length=200, blank=True)

    class Meta(Located.Meta):
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["system", "external_id"], name="externalcase_external_id_once"
            ),
            models.UniqueConstraint(fields=["system", "case"], name="externalcase_case_once"),
        ]
        indexes = [
            models.Index(fields=["area", "-created_at"], name="externalcase_area"),
            models.Index(fields=["case"], name="externalcase_case"),
            models.Index(
                fields=["gap_since"], name="externalcase_gap", condition=Q(gap_since__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_id}:{self.external_id} is case {self.case_id}"


class Parcel(Located):
    """One line of our log on its way to them. `key` is the same in every attempt."""

    link = models.ForeignKey(ExternalCase, on_delete=models.PROTECT, related_name="parcels")
    change_id = models.BigIntegerField()
    opens = models.BooleanField(help_text="the matter itself, not a word about it")
    theirs = models.CharField(max_length=60, blank=True)
    key = models.CharField(max_length=80, unique=True)
    state = models.CharField(max_length=8, choices=ParcelState.choices, default=ParcelState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    queued_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)
    settled_reason = models.CharField(max_length=200, blank=True)

    class Meta(Located.Meta):
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["link", "change_id"], name="parcel_change_once"),
        ]
        indexes = [
            models.Index(fields=["area", "state"], name="parcel_area"),
            models.Index(fields=["link", "change_id"], name="parcel_order"),
            models.Index(
                fields=["next_try_at"], name="parcel_due", condition=Q(next_try_at__isnull=False)
            ),
            models.Index(fields=["id"], name="parcel_dead", condition=Q(state="dead")),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"


class Notice(Located):
    """What they said, as it came: kept before it is applied, and kept when it cannot be."""

    system = models.ForeignKey(ExternalSystem, on_delete=models.PROTECT, related_name="+")
    link = models.ForeignKey(
        ExternalCase, on_delete=models.PROTECT, null=True, related_name="notices"
    )
    external_id = models.CharField(max_length=80)
    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    theirs = models.CharField(max_length=60, blank=True)
    said = SealedField(purpose="exchange.notice")
    stated_at = models.DateTimeField()
    received_at = models.DateTimeField()
    via = models.CharField(max_length=10)
    state = models.CharField(max_length=8, choices=NoticeState.choices, default=NoticeState.WAITING)
    reason = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=120, blank=True)

    class Meta(Located.Meta):
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["system", "external_id", "sequence", "digest"], name="notice_once"
            ),
        ]
        indexes = [
            models.Index(fields=["area", "state"], name="notice_area"),
            models.Index(
                fields=["received_at"], name="notice_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=["id"], name="notice_refused", condition=Q(state="refused")),
        ]

    def __str__(self) -> str:
        return f"{self.system_id}:{self.external_id} {self.sequence} {self.theirs}"


class SeenNonce(models.Model):
    """A call that was made may not be made again while its time stamp still counts."""

    key = models.CharField(max_length=64, primary_key=True)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
