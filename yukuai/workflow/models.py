from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from yukuai.divisions.located import AreaField, Confidable, place
from yukuai.kernel.constraints import AppendOnly, AreaFollowsDivision, BumpsReference


class RulePack(models.Model):
    """Thresholds and deadlines as data, by jurisdiction and date; pinned when a procedure starts.

    Every value carries its source, so that nobody takes a product default for the law.
    """

    subject = models.CharField(max_length=40, help_text="what it rules: case, election…")
    code = models.CharField(max_length=40)
    version = models.IntegerField()
    jurisdiction = models.CharField(max_length=80, db_collation="C", default="", blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    params = models.JSONField()
    source = models.TextField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            BumpsReference(name="rulepack_is_reference"),
            models.UniqueConstraint(fields=["code", "version"], name="rulepack_version_once"),
            models.CheckConstraint(
                name="rulepack_forwards",
                condition=Q(effective_to=None) | Q(effective_to__gt=F("effective_from")),
            ),
        ]
        indexes = [models.Index(fields=["subject", "effective_from"], name="rulepack_subject")]

    def __str__(self) -> str:
        return f"{self.code} 第{self.version}版"


class SpecialDay(models.Model):
    """A weekday off, or a weekend day worked: the State Council's yearly notice as data."""

    day = models.DateField(primary_key=True)
    working = models.BooleanField()
    name = models.CharField(max_length=40)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [BumpsReference(name="specialday_is_reference")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class StateChange(Confidable):
    """Append-only: the state column of the object is a cache of the newest of these rows.

    `said` is the sentence for the resident; `reason` and `data` stay inside. The object is named
    by workflow and id, for this app knows none of those above it.
    """

    workflow = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    move = models.CharField(max_length=40)
    source = models.CharField(max_length=40, blank=True)
    target = models.CharField(max_length=40)
    actor = models.CharField(max_length=120)
    user_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    said = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    happened_at = models.DateTimeField()

    class Meta(Confidable.Meta):
        constraints: ClassVar[list[Any]] = [
            *Confidable.Meta.constraints,
            AppendOnly(name="statechange_append_only", follows="area"),
        ]
        indexes = [
            models.Index(fields=["workflow", "object_id", "id"], name="statechange_object"),
            models.Index(fields=["area", "-happened_at"], name="statechange_area"),
        ]

    def __str__(self) -> str:
        return f"{self.workflow} {self.object_id}: {self.source} to {self.target}"


class LogHorizon(models.Model):
    """One row: up to which id the log is whole, and the next stretch that is to become so."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    whole_until = models.BigIntegerField(default=0)
    next_id = models.BigIntegerField(default=0)
    next_xid = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="horizon_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"whole until {self.whole_until}"


class Deadline(Confidable):
    """What is due, by when, at whose door. Met, or dropped because the matter took another way."""

    workflow = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    owner = place()
    owner_area = AreaField(place="owner")
    owner_department_id = models.BigIntegerField(null=True)
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_reminder_at = models.DateTimeField(null=True)
    reminded = models.IntegerField(default=0, help_text="the last share announced: 50, 80, 100")
    met_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)
    law = models.CharField(max_length=200, blank=True)

    class Meta(Confidable.Meta):
        constraints: ClassVar[list[Any]] = [
            *Confidable.Meta.constraints,
            AreaFollowsDivision(name="deadline_owner_follows", place="owner"),
            models.UniqueConstraint(
                fields=["workflow", "object_id", "name"],
                condition=Q(met_at=None, dropped_at=None),
                name="deadline_running_once",
            ),
            models.CheckConstraint(
                name="deadline_forwards", condition=Q(due_at__gt=F("starts_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["area", "due_at"], name="deadline_area"),
            models.Index(fields=["owner_area", "due_at"], name="deadline_owner"),
            models.Index(
                fields=["owner_area", "due_at"],
                condition=Q(met_at=None, dropped_at=None),
                name="deadline_running_owner",
            ),
            models.Index(fields=["object_id", "workflow"], name="deadline_object"),
            models.Index(
                fields=["area", "due_at"],
                include=["workflow", "name", "object_id"],
                condition=Q(met_at=None, dropped_at=None),
                name="deadline_running_area",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(met_at=None, dropped_at=None),
                name="deadline_running_due",
            ),
            models.Index(
                fields=["next_reminder_at"],
                condition=Q(met_at=None, dropped_at=None),
                name="deadline_reminders",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workflow} {self.object_id}: {self.name} by {self.due_at:%F %T}"
