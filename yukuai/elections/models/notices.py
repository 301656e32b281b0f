"""Announcements: numbered papers of the committee, and the proof that they hang where they must."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from yukuai.divisions.located import Located
from yukuai.elections.models.election import Election
from yukuai.elections.states import NoticeKind


class Spot(Located):
    """A place where the announcements of an election hang."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="spots")
    name = models.CharField(max_length=60)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="noticespot_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["election", "name"], name="noticespot_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Announcement(Located):
    """One announcement: `document_id` is the numbered paper. What was wrong is put right by another
    under the same number, never taken back silently."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=16, choices=NoticeKind.choices)
    document = models.ForeignKey(
        "documents.IssuedDocument", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.CharField(max_length=120)
    title = models.CharField(max_length=60)
    issued_on = models.DateField()
    down_on = models.DateField(help_text="the last day it hangs")
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area"], name="announcement_area"),
            models.Index(fields=["election", "id"], name="announcement_election"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.CheckConstraint(
                name="announcement_kind_known", condition=Q(kind__in=NoticeKind.values)
            ),
            models.CheckConstraint(
                name="announcement_hangs_forwards", condition=Q(down_on__gte=F("issued_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Posting(Located):
    """The photograph that shows an announcement where it hangs."""

    notice = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="postings")
    spot = models.ForeignKey(Spot, on_delete=models.PROTECT, related_name="+", db_index=False)
    posted_on = models.DateField()
    attachment_id = models.BigIntegerField()
    by = models.CharField(max_length=120)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="posting_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["notice", "spot"], name="posting_once_a_spot"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} at {self.spot_id}"
