"""An outside system as data: where it is, how it speaks, what its states mean to us."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located, Placed
from yukuai.exchange.rules import JITTER_PERCENT, REPLAY_SECONDS, RETRY_SECONDS, STALE_DAYS
from yukuai.exchange.states import Direction, SystemKind
from yukuai.kernel.fields import SealedField


def default_retries() -> list[int]:
    return list(RETRY_SECONDS)


class ExternalSystem(Placed):
    """A case system of others. Nothing here is secret or of a person: what opens it is in
    `Credential`."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=SystemKind.choices)
    base_url = models.CharField(max_length=200)
    protocol = models.JSONField(help_text="paths, fields, signature: gateways/protocol.py")
    keeper = models.CharField(max_length=120, help_text="the office to ask when it fails")
    active = models.BooleanField(default=True)
    connect_seconds = models.PositiveSmallIntegerField(default=5)
    read_seconds = models.PositiveSmallIntegerField(default=15)
    retry_seconds = models.JSONField(default=default_retries)
    jitter_percent = models.PositiveSmallIntegerField(default=JITTER_PERCENT)
    replay_seconds = models.PositiveIntegerField(default=REPLAY_SECONDS)
    stale_days = models.PositiveSmallIntegerField(default=STALE_DAYS)
    cursor = models.CharField(max_length=200, blank=True)
    pulled_at = models.DateTimeField(null=True)
    pull_error = models.CharField(max_length=300, blank=True)

    class Meta(Placed.Meta):
        constraints: ClassVar[list[Any]] = [
            *Placed.Meta.constraints,
            models.CheckConstraint(
                name="externalsystem_kind_known", condition=Q(kind__in=SystemKind.values)
            ),
        ]
        indexes = [models.Index(fields=["area", "code"], name="externalsystem_area")]

    def __str__(self) -> str:
        return self.name


class Credential(Located):
    """The shared secret, both ways. While it is changed the former one still counts."""

    system = models.OneToOneField(
        ExternalSystem, on_delete=models.PROTECT, related_name="credential"
    )
    secret = SealedField(purpose="exchange.secret")
    former = SealedField(purpose="exchange.former", blank=True, default="")
    former_until = models.DateTimeField(null=True)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="credential_area")]

    def __str__(self) -> str:
        return f"credential of system {self.system_id}"


class StatusMap(models.Model):
    """One line of the table of states. Inward: their word → our act ('' = seen, and nobody has
    said yet what it means). Outward: our move → their word ('' = they are not told)."""

    system = models.ForeignKey(ExternalSystem, on_delete=models.PROTECT, related_name="states")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    ours = models.CharField(max_length=40, blank=True)
    theirs = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=12, blank=True, help_text="of an act that replies")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["system", "theirs"],
                condition=Q(direction="in"),
                name="statusmap_their_state_once",
            ),
            models.UniqueConstraint(
                fields=["system", "ours"],
                condition=Q(direction="out"),
                name="statusmap_our_move_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system_id}: {self.theirs} {self.direction} {self.ours}"


class DepartmentRoute(models.Model):
    """This department works in that system: what is dispatched to it goes there."""

    system = models.ForeignKey(ExternalSystem, on_delete=models.PROTECT, related_name="routes")
    department = models.OneToOneField(
        "accounts.Department", on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.department_id} to {self.system_id}"
