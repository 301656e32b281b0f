"""A dispute as its shell: number, state, who has it. What it is about lies in `content`."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from yukuai.accounts.actors import desk_key, user_key
from yukuai.disputes.constraints import DeskFollowsOffice
from yukuai.disputes.models.catalogue import DisputeKind, Mediator
from yukuai.disputes.rules import Rules
from yukuai.disputes.states import (
    DISPUTE_WORKFLOW,
    AgreementForm,
    Confirmation,
    DisputeState,
    Origin,
    Outcome,
)
from yukuai.divisions.located import AreaField, Reserved, place
from yukuai.divisions.rules import district_of
from yukuai.kernel.constraints import AreaFollowsDivision
from yukuai.workflow.definitions import Workflow

NEWEST = ("-registered_at", "-id")
JUSTICE = "justice"
_S = DisputeState
_WITHOUT_MEDIATOR = (_S.REGISTERED, _S.WITHDRAWN, _S.ARCHIVED)


class Dispute(Reserved):
    """Only what a party may know of his own mediation stands in this row; `holders` are those who
    may: whoever registered it until it is assigned, its mediator, the desk of its office, its
    parties, and the key that opens what is inside."""

    workflow: ClassVar[Workflow] = DISPUTE_WORKFLOW
    told_where = False
    """Set by the action that ends without an agreement, once the parties know where to go."""

    number = models.CharField(max_length=20, unique=True)
    client_uuid = models.UUIDField(unique=True)
    state = models.CharField(
        max_length=20, choices=DisputeState.choices, default=DISPUTE_WORKFLOW.initial
    )
    kind = models.ForeignKey(DisputeKind, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    source_key = models.CharField(
        max_length=60, blank=True, help_text="what it was made from, once: case:17"
    )
    rule_pack = models.ForeignKey("workflow.RulePack", on_delete=models.PROTECT, related_name="+")
    office = place()
    office_area = AreaField(place="office")
    registered_by_id = models.BigIntegerField(null=True)
    registered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True, help_text="the first time")
    mediator = models.ForeignKey(
        Mediator, on_delete=models.PROTECT, null=True, related_name="disputes"
    )
    barred = ArrayField(
        models.BigIntegerField(), default=list, help_text="mediators refused or recused"
    )
    party_keys = ArrayField(models.CharField(max_length=80), default=list)
    next_at = models.DateTimeField(null=True)
    next_place = models.CharField(max_length=120, blank=True)
    sessions = models.PositiveSmallIntegerField(default=0)
    agreement_form = models.CharField(max_length=10, choices=AgreementForm.choices, blank=True)
    effective_on = models.DateField(null=True)
    confirmation = models.CharField(max_length=12, choices=Confirmation.choices, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(Reserved.Meta):
        indexes = [
            models.Index(fields=["area", "state"], name="dispute_area"),
            models.Index(fields=["office_area", *NEWEST], name="dispute_office"),
            models.Index(fields=["mediator", "state"], name="dispute_mediator"),
            GinIndex(fields=["holders"], name="dispute_holders"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Reserved.Meta.constraints,
            AreaFollowsDivision(name="dispute_office_follows", place="office"),
            DeskFollowsOffice(name="dispute_desk_follows_office"),
            models.UniqueConstraint(
                fields=["source_key"], condition=~Q(source_key=""), name="dispute_made_once"
            ),
            models.CheckConstraint(
                name="dispute_state_known", condition=Q(state__in=DisputeState.values)
            ),
            models.CheckConstraint(
                name="dispute_has_a_mediator",
                condition=Q(mediator__isnull=False) | Q(state__in=_WITHOUT_MEDIATOR),
            ),
            models.CheckConstraint(
                name="dispute_agreed_in_a_form",
                condition=~Q(state__in=[_S.AGREED, _S.FULFILMENT]) | ~Q(agreement_form=""),
            ),
            models.CheckConstraint(
                name="dispute_fulfilled_from_a_day",
                condition=~Q(state=_S.FULFILMENT) | Q(effective_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"

    def rules(self) -> Rules:
        """The pack pinned when it was registered."""
        return Rules(self.rule_pack.params)

    @property
    def ring(self) -> str:
        """The key of everything inside. Nobody holds it by himself: `opened` lends it."""
        return f"dispute:{self.client_uuid.hex}"

    @property
    def inner_keys(self) -> list[str]:
        return [self.ring]

    @property
    def audit_area(self) -> str:
        return district_of(self.area)

    def rekey(self) -> None:
        """Whose it is now: called by every step that changes who has it."""
        keys = [self.ring, desk_key(JUSTICE, self.office_id), *self.party_keys]
        if self.mediator is not None:
            keys.append(user_key(self.mediator.user_id))
        elif self.assigned_at is None and self.registered_by_id is not None:
            keys.append(user_key(self.registered_by_id))
        self.holders = keys

    def objection_to_mediator(self) -> str:
        """Why the mediator now set may not have it, or ''."""
        mediator = self.mediator
        if mediator is None:
            return "先选一位调解员。"
        if not mediator.active:
            return f"{mediator.name}已经不在名册上，请另选一位。"
        if not mediator.area.startswith(self.office.path):
            return f"{mediator.name}不是本街道（乡镇）的调解员，请另选一位。"
        if mediator.pk in self.barred:
            return f"{mediator.name}回避过，或者有当事人不接受，请另选一位。"
        return ""
