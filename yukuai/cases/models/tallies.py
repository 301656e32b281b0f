"""Counts of whole days, kept: what a board of a district or of the city adds up."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yukuai.cases.models.catalogue import Category
from yukuai.divisions.located import Located


class Happened(models.Model):
    """What is counted of a day (`cases.happenings`), a column each."""

    received = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    replied = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    contacted = models.PositiveIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)
    satisfied = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True


class DayTally(Located, Happened):
    """What happened in one place on one day; never by person.

    Of a township, a district, a zone and the city the whole subtree: `level` is how many ids their
    path has. By category, but for the `whole` rows, which have all of them together: of townships
    (there are no others), districts and zones. `direct` rows count what lies at a district or the
    city itself, without a township. Made by `cases.tallies` from the matters, and always equal to
    a recount; a merger may leave two rows of one day, which add up to the same until then.
    """

    day = models.DateField()
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    level = models.PositiveSmallIntegerField()
    direct = models.BooleanField(default=False)
    whole = models.BooleanField(db_default=False)

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", "day"], name="daytally_area"),
            models.Index(fields=["level", "whole", "day"], name="daytally_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.day}: {self.received} received"


def _by_day() -> Any:
    return ArrayField(models.PositiveIntegerField())


class MonthTally(Located):
    """What happened in one community (or at a township itself) in one month; never by person.

    `days` are those of the month on which anything did, the other columns have one number for each
    of them: a row a month, where rows a day would be as many as there are matters.
    """

    month = models.DateField(help_text="its first day")
    days = ArrayField(models.PositiveSmallIntegerField())
    received = _by_day()
    closed = _by_day()
    replied = _by_day()
    on_time = _by_day()
    reopened = _by_day()
    asked = _by_day()
    contacted = _by_day()
    solved = _by_day()
    satisfied = _by_day()

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area", "month"], name="monthtally_area")]

    def __str__(self) -> str:
        return f"{self.area} {self.month:%Y-%m}"


class Now(Located, Happened):
    """How things stand, and what happened today: the columns of a matter, and of a place."""

    open = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    due_today = models.PositiveIntegerField(default=0)
    supervised = models.PositiveIntegerField(default=0)

    class Meta(Located.Meta):
        abstract = True


class Standing(Now):
    """What one matter, with its parts, adds to the figures of its place: each 0 or 1.

    As it was at the mark; who reads leaves out the matters that have moved since, and counts those
    as they are (`cases.standing`). `moved` rows are empty: their matter lay here and went away.
    """

    matter = models.BigIntegerField()
    moved = models.BooleanField(default=False)

    class Meta(Now.Meta):
        indexes = [
            models.Index(fields=["area"], name="standing_area"),
            models.Index(fields=["matter"], name="standing_matter"),
            models.Index(fields=["area"], name="standing_moved", condition=models.Q(moved=True)),
        ]

    def __str__(self) -> str:
        return f"{self.matter} at {self.area}"


class StandingTally(Now):
    """The sum of the matters of a township; of a district or the city what lies there itself."""

    class Meta(Now.Meta):
        indexes = [models.Index(fields=["area"], name="standingtally_area")]

    def __str__(self) -> str:
        return f"{self.area}: {self.open} open"


class StandingMark(models.Model):
    """One row: for which moment and up to which line of the log `Standing` holds."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    change_id = models.BigIntegerField(default=0)
    division_change_id = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="standingmark_one_row", condition=models.Q(id=1))
        ]

    def __str__(self) -> str:
        return f"as of {self.at}"


class TallyMark(models.Model):
    """One row: up to where the log was counted, and which division change was the last by then."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    change_id = models.BigIntegerField(default=0)
    division_change_id = models.BigIntegerField(default=0)
    shape = models.SmallIntegerField(db_default=0, help_text="of the counts: see cases.tallies")
    recounted_on = models.DateField(null=True)
    refreshed_on = models.DateField(null=True, help_text="the day of the last round that caught up")

    class Meta:
        constraints = [models.CheckConstraint(name="tallymark_one_row", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return f"counted to {self.change_id}"
