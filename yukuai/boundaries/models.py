"""Lines that are being drawn, what changes hands by them, and what is still to follow.

Everything lies at the parent, the division whose children are drawn: it is drawn there, and seen by
the levels above.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value

from yukuai.boundaries.rules import LAYER_WORDS
from yukuai.boundaries.states import LINE_WORKFLOW, OPEN, LineState
from yukuai.divisions.located import Located
from yukuai.kernel.geometry import GeometryField
from yukuai.workflow.definitions import Workflow

NEWEST = ("-changed_at", "-id")
_LAYERS = Q(layer__in=list(LAYER_WORDS))


class LineDraft(Located):
    """The lines of one layer below `division`, drawn together. `version` counts every change of the
    shapes: whoever saves names the one he saw. `findings` and `reason` are those of the last check,
    `brought` the vertices in steps that the line of the level above has to take up."""

    workflow: ClassVar[Workflow] = LINE_WORKFLOW
    holders: list[str] = []
    """It is nobody's own; the log of a workflow asks."""

    number = models.CharField(max_length=20, unique=True)
    layer = models.CharField(max_length=12)
    state = models.CharField(
        max_length=12, choices=LineState.choices, default=LINE_WORKFLOW.initial
    )
    version = models.PositiveIntegerField(default=1)
    basis = models.CharField(max_length=200, blank=True, help_text="the document it rests on")
    effective = models.DateField(null=True, help_text="the day it is meant to take effect")
    illustrative = models.BooleanField(
        default=True, help_text="示意: not a surveyed line, and shown as such"
    )
    drawers = ArrayField(
        models.BigIntegerField(), default=list, help_text="users who drew: none of them approves"
    )
    drawn_by = models.CharField(max_length=120)
    approved_by = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    took_effect_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(default=False)
    reason = models.CharField(max_length=400, blank=True)
    findings = models.JSONField(default=list)
    brought = models.JSONField(default=list)
    counts = models.JSONField(
        default=list, help_text="things that change hands: label, count; as of the submission"
    )
    imported = models.JSONField(default=dict, help_text="what the last file brought")
    trouble = models.CharField(
        max_length=400, blank=True, help_text="why it could not take effect on its day"
    )

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", *NEWEST], name="linedraft_area"),
            models.Index(
                fields=["effective"],
                name="linedraft_due",
                condition=Q(state=LineState.APPROVED),
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["division", "layer"],
                name="linedraft_one_at_a_time",
                condition=Q(state__in=OPEN),
            ),
            models.CheckConstraint(
                name="linedraft_state_known", condition=Q(state__in=LineState.values)
            ),
            models.CheckConstraint(name="linedraft_layer_known", condition=_LAYERS),
            models.CheckConstraint(
                name="linedraft_rests_on_something",
                condition=Q(state__in=[LineState.DRAFT, LineState.RETURNED, LineState.WITHDRAWN])
                | (~Q(basis="") & Q(effective__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"

    @property
    def layer_word(self) -> str:
        return LAYER_WORDS[self.layer]


class DraftShape(Located):
    """One child in a draft, as last given: also when it is dirty. `proposal` is what the last check
    would make of it. `child_id` is no key: what was drawn stays, whatever became of the child."""

    draft = models.ForeignKey(LineDraft, on_delete=models.PROTECT, related_name="shapes")
    child_id = models.BigIntegerField()
    drawn = models.JSONField(null=True, help_text="GeoJSON in degrees of EPSG:4490")
    proposal = GeometryField(kind="MultiPolygon", null=True)
    declared_exclave = models.BooleanField(default=False)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="draftshape_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["draft", "child_id"], name="draftshape_once_a_child"),
        ]

    def __str__(self) -> str:
        return f"child {self.child_id} of draft {self.draft_id}"


class GroundChange(Located):
    """Ground that changes hands by a draft, from one child to another; NULL: nobody's."""

    draft = models.ForeignKey(LineDraft, on_delete=models.PROTECT, related_name="grounds")
    before_id = models.BigIntegerField(null=True)
    after_id = models.BigIntegerField(null=True)
    m2 = models.FloatField()
    geom = GeometryField(kind="MultiPolygon")

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area"], name="groundchange_area"),
            models.Index(fields=["draft"], name="groundchange_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.m2:.0f} m² from {self.before_id} to {self.after_id}"


class LineReview(Located):
    """NEEDS_REVIEW: the line of `division` is another, and the lines of this layer below it do not
    fit it any more. They stay in effect until they are drawn anew."""

    layer = models.CharField(max_length=12)
    because = models.CharField(
        max_length=20, help_text="number of a draft of the level above, which is not seen below it"
    )
    since = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area", "since"], name="linereview_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["division", "layer"],
                name="linereview_once",
                condition=Q(cleared_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layer} below {self.division_id}"

    @property
    def layer_word(self) -> str:
        return LAYER_WORDS[self.layer]


class Receipt(Located):
    """How far the things of one kind have followed the lines of a draft: `after` is the id up to
    which they have, `moved` counts by from and to."""

    draft = models.ForeignKey(LineDraft, on_delete=models.PROTECT, related_name="receipts")
    thing = models.CharField(max_length=40)
    label = models.CharField(max_length=40)
    after = models.BigIntegerField(default=0)
    moved = models.JSONField(default=dict, help_text='{"12>13": 7}: from, to, how many')
    along = models.JSONField(
        default=dict,
        db_default=Value({}, models.JSONField()),
        help_text="what went with them, by label: how many",
    )
    kept = models.PositiveIntegerField(default=0, help_text="left where they were, by their rules")
    left = models.JSONField(
        default=list,
        db_default=Value([], models.JSONField()),
        help_text="the first of these: what, and why",
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="receipt_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["draft", "thing"], name="receipt_once_a_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.thing} of draft {self.draft_id}"
