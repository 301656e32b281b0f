"""What every record has: evidence of its values, the form it came by, whether it still counts."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.registry.provenance import Evidence, evidence_of
from yukuai.registry.states import Ending


class Kept(models.Model):
    """`facts` is the evidence by field (`provenance`), the empty key for all that have none of
    their own. A record is never deleted: it ends, and says why."""

    kind: ClassVar[str]

    facts = models.JSONField(default=dict)
    client_uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    batch_id = models.BigIntegerField(null=True, help_text="the import that brought it")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    ended_why = models.CharField(max_length=10, choices=Ending.choices, blank=True)

    class Meta:
        abstract = True

    @property
    def target(self) -> str:
        """How the audit names it."""
        return f"{self.kind}:{self.pk}"

    def evidence(self, field: str) -> Evidence:
        return evidence_of(self.facts, field)


def ends_with_a_reason(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(ended_on=None, ended_why="")
        | (Q(ended_on__isnull=False) & Q(ended_why__in=Ending.values)),
    )


def counted() -> Any:
    """The rows that still count."""
    return Q(ended_on=None)


def point_or_none(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=Q(lon=None, lat=None) | Q(lon__range=(-180, 180), lat__range=(-90, 90)),
    )


def of_batch(name: str) -> models.Index:
    """For taking an import back."""
    return models.Index(fields=["batch_id"], name=name, condition=Q(batch_id__isnull=False))
