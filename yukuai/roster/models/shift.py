"""值班表: the shifts of a window, and who is to be asked in which. Nothing says who was late."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yukuai.divisions.located import Located
from yukuai.roster.rules import Span, span_of, weekdays_said


class OfWindow(Located):
    """What belongs to one window: the desk of a division, or of one of its departments."""

    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta(Located.Meta):
        abstract = True


class Shift(OfWindow):
    """A stretch of a day that comes back on some weekdays; one that ends no later than it starts
    ends on the next day. Ended, never rewritten: what was assigned to it stays true."""

    name = models.CharField(max_length=12)
    starts = models.TimeField()
    ends = models.TimeField()
    weekdays = ArrayField(models.SmallIntegerField(), help_text="1 is Monday, 7 Sunday")
    source = models.CharField(max_length=120, help_text="who set it, or 产品设定")
    made_by = models.CharField(max_length=120)
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(OfWindow.Meta):
        indexes = [models.Index(fields=["area", "starts"], name="shift_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.CheckConstraint(name="shift_has_days", condition=~Q(weekdays=[])),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.hours}"

    @property
    def hours(self) -> str:
        return f"{self.starts:%H:%M}–{self.ends:%H:%M}"

    @property
    def days(self) -> str:
        return weekdays_said(self.weekdays)

    def span(self, day: Any) -> Span:
        return span_of(day, self.starts, self.ends)


class Assignment(OfWindow):
    """Who is to be asked in a shift of a day. Ended, never deleted: the rows are the history."""

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    how = models.CharField(max_length=40, help_text="assigned, swapped, copied")
    made_by = models.CharField(max_length=120)
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    ended_how = models.CharField(max_length=40, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(OfWindow.Meta):
        indexes = [
            models.Index(fields=["area", "day"], name="assignment_area"),
            models.Index(
                fields=["post", "ends_at"],
                condition=Q(ended_at=None),
                name="assignment_on_duty",
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.CheckConstraint(
                name="assignment_forwards", condition=Q(ends_at__gt=F("starts_at"))
            ),
            models.UniqueConstraint(
                fields=["shift", "day", "post"],
                condition=Q(ended_at=None),
                name="assignment_once",
            ),
        ]

    def __str__(self) -> str:
        return f"post {self.post_id} in shift {self.shift_id} of {self.day}"
