"""What quarrels are about, and who mediates: editable data."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from yukuai.divisions.located import Placed


class DisputeKind(models.Model):
    """A kind of the code table (domain.md §4.4, from memory: each row carries its source)."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=30)
    source = models.CharField(max_length=200)
    order = models.IntegerField(default=0)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Mediator(Placed):
    """A people's mediator of a community or a township. Who mediates is public, as any office."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    specialties = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    active = models.BooleanField(default=True)
    since = models.DateField()

    class Meta(Placed.Meta):
        indexes = [models.Index(fields=["area", "name"], name="mediator_area")]
        constraints: ClassVar[list[Any]] = [
            *Placed.Meta.constraints,
            models.UniqueConstraint(fields=["user", "division"], name="mediator_once_a_place"),
        ]

    def __str__(self) -> str:
        return self.name
