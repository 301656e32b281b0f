"""Matters of one person, in one community, about one thing, within a few days (domain.md §4.7)."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.cases.models.catalogue import Category
from yukuai.cases.models.matter import Case
from yukuai.divisions.located import Located


class ClusterState(models.TextChoices):
    PROPOSED = "proposed", "等您确认"
    CONFIRMED = "confirmed", "确认是一串"
    DISMISSED = "dismissed", "不是一回事"


class CaseCluster(Located):
    """A proposal of the platform; a person confirms or dismisses it. `person` is a holder key."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=80)
    state = models.CharField(
        max_length=10, choices=ClusterState.choices, default=ClusterState.PROPOSED
    )
    days = models.PositiveSmallIntegerField(help_text="the window it was proposed by")
    proposed_at = models.DateTimeField()
    decided_by = models.CharField(max_length=120, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=400, blank=True)

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", "-proposed_at"], name="casecluster_area"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["division", "category", "person"],
                condition=Q(state=ClusterState.PROPOSED),
                name="casecluster_one_proposal",
            ),
            models.CheckConstraint(
                name="casecluster_state_known", condition=Q(state__in=ClusterState.values)
            ),
            models.CheckConstraint(
                name="casecluster_decided_by_somebody",
                condition=Q(state=ClusterState.PROPOSED) | Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="casecluster_dismissed_with_reason",
                condition=~Q(state=ClusterState.DISMISSED) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"cluster {self.pk} ({self.state})"


class ClusterMember(Located):
    """It stays at the community where the cluster was found, wherever the matter goes."""

    cluster = models.ForeignKey(CaseCluster, on_delete=models.PROTECT, related_name="members")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clusters")

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="clustermember_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["cluster", "case"], name="clustermember_once"),
        ]

    def __str__(self) -> str:
        return f"case {self.case_id} in cluster {self.cluster_id}"
