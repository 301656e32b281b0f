"""Dispatch rules as data: what speaks of which matter, what it said before, how it was tried."""

import hashlib
import json
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from yukuai.cases import routing
from yukuai.cases.models.catalogue import Category
from yukuai.cases.states import Triage
from yukuai.cases.states.ruling import RULE_WORKFLOW, RuleState, TargetKind
from yukuai.divisions.located import AreaField, Located, place
from yukuai.kernel.constraints import AppendOnly, AppliesPolicy, AreaFollowsDivision
from yukuai.workflow.definitions import Workflow

ROUTING = (
    *("division_id", "category_id", "words", "every", "triage", "urgent"),
    *("target", "unit_id", "department_id", "department_kind", "opinion", "order"),
)
"""What a rule does, and so what a trial is a trial of. Its name is not among it."""


class DispatchRule(models.Model):
    """Where it applies, to what, and to whom it suggests to give it. A person still decides.

    The unit is a plain id on purpose: a key would follow a merger to the heir by itself, and then
    a rule would send matters to somebody nobody chose.
    """

    workflow: ClassVar[Workflow] = RULE_WORKFLOW
    holders: ClassVar[list[str]] = []
    """It is nobody's own; the log of a workflow asks."""

    division = place()
    area = AreaField()
    name = models.CharField(max_length=40)
    state = models.CharField(
        max_length=10, choices=RuleState.choices, default=RULE_WORKFLOW.initial
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    words = ArrayField(models.CharField(max_length=20), default=list)
    every = models.BooleanField(default=False, help_text="all of the words, not one of them")
    triage = models.CharField(max_length=10, choices=Triage.choices, blank=True)
    urgent = models.BooleanField(null=True)
    target = models.CharField(max_length=10, choices=TargetKind.choices)
    unit_id = models.BigIntegerField(null=True)
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    department_kind = models.CharField(max_length=30, blank=True)
    target_name = models.CharField(max_length=120, help_text="as it was called when it was chosen")
    opinion = models.CharField(max_length=400, blank=True)
    order = models.IntegerField(default=100)
    version = models.PositiveIntegerField(default=1)
    digest = models.CharField(max_length=64)
    tried_digest = models.CharField(max_length=64, blank=True)
    fault = models.CharField(max_length=200, blank=True, help_text="why it cannot send anything")
    fault_since = models.DateTimeField(null=True)
    made_by_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["area", "state"], name="dispatchrule_area")]
        constraints: ClassVar[list[Any]] = [
            AreaFollowsDivision(name="dispatchrule_area_follows_division"),
            AppliesPolicy(name="dispatchrule_applies"),
            models.CheckConstraint(
                name="dispatchrule_state_known", condition=Q(state__in=RuleState.values)
            ),
            models.CheckConstraint(
                name="dispatchrule_has_a_target",
                condition=Q(target=TargetKind.UNIT, unit_id__isnull=False)
                | (Q(target=TargetKind.NEAREST) & ~Q(department_kind="")),
            ),
            models.CheckConstraint(
                name="dispatchrule_live_was_tried",
                condition=~Q(state=RuleState.LIVE) | Q(tried_digest=models.F("digest")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def content(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ROUTING}

    def content_digest(self) -> str:
        """Of exactly what it does: a trial of anything else is no trial of it."""
        plain = json.dumps(self.content(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()

    def as_rule(self) -> routing.Rule:
        """For `routing`, which knows no database."""
        return routing.Rule(
            id=self.pk,
            name=self.name,
            area=self.area,
            place=self.division.name,
            category_id=self.category_id,
            category=self.category.name if self.category else "",
            words=tuple(self.words),
            every=self.every,
            triage=self.triage,
            urgent=self.urgent,
            order=self.order,
        )


class RuleVersion(Located):
    """What a rule said from a moment on, by whom and why. Never rewritten."""

    rule = models.ForeignKey(DispatchRule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=40)
    content = models.JSONField()
    said = models.JSONField(help_text="the content as a person reads it")
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=400)
    made_by = models.CharField(max_length=120)
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area", "rule"], name="ruleversion_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            AppendOnly(name="ruleversion_append_only", follows="area"),
            models.UniqueConstraint(fields=["rule", "number"], name="ruleversion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} 第 {self.number} 版"


class RuleTrial(Located):
    """A rule played against what was decided before: figures and the matters that differ.

    `taken`: `[rule id, name, number]` of the live rules it would speak instead of.
    """

    rule = models.ForeignKey(DispatchRule, on_delete=models.PROTECT, related_name="trials")
    digest = models.CharField(max_length=64)
    since = models.DateTimeField()
    looked_at = models.PositiveIntegerField()
    capped = models.BooleanField(default=False)
    caught = models.PositiveIntegerField()
    agreed = models.PositiveIntegerField()
    lost = models.PositiveIntegerField(help_text="fits, but another live rule is closer")
    nowhere = models.PositiveIntegerField(help_text="caught, but there is nobody to give it to")
    taken = models.JSONField(default=list)
    differing = ArrayField(models.BigIntegerField(), default=list)
    tried_by = models.CharField(max_length=120)
    tried_by_id = models.BigIntegerField(null=True)
    tried_at = models.DateTimeField()

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area", "rule"], name="ruletrial_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            AppendOnly(name="ruletrial_append_only", follows="area"),
        ]

    def __str__(self) -> str:
        return f"trial of {self.rule_id} at {self.tried_at:%F %T}"

    @property
    def differed(self) -> int:
        return len(self.differing)
