"""Filters that officers gave a name, so that they need not be set again every morning."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yukuai.kernel.constraints import HoldersOnlyPolicy


class SavedFilter(models.Model):
    """What stood in the address, under a name. `query` is kept as it was typed: what is no longer
    known narrows nothing, and the list says so.

    `desk` is the holder key of the desk it is shared with, '' while it is the officer's own.
    """

    user_id = models.BigIntegerField()
    holders = ArrayField(models.CharField(max_length=80), default=list)
    name = models.CharField(max_length=20)
    query = models.JSONField(default=dict)
    desk = models.CharField(max_length=80, blank=True)
    position = models.IntegerField()
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            HoldersOnlyPolicy(name="savedfilter_of_its_officer_or_desk"),
            models.UniqueConstraint(
                fields=["user_id", "name"],
                condition=Q(removed_at=None),
                name="savedfilter_name_once",
            ),
        ]
        indexes = [
            models.Index(fields=["user_id", "position"], name="savedfilter_user"),
            models.Index(fields=["desk"], condition=~Q(desk=""), name="savedfilter_desk"),
        ]

    def __str__(self) -> str:
        return self.name
