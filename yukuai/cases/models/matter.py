"""A matter, and how to reach whoever raised it."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q, QuerySet

from yukuai.cases.models.catalogue import Category
from yukuai.cases.models.duties import find_objection
from yukuai.cases.rules import Rules
from yukuai.cases.states import (
    CASE_WORKFLOW,
    OPEN,
    CaseState,
    Outcome,
    Source,
    Triage,
)
from yukuai.divisions.located import AreaField, Held, place
from yukuai.kernel.clock import today
from yukuai.kernel.constraints import AreaFollowsDivision
from yukuai.kernel.fields import SealedField, WordsField
from yukuai.workflow.definitions import Workflow

NEWEST = ("-received_at", "-id")


class CaseManager(models.Manager["Case"]):
    """Without the words by which a matter is found: they weigh more than the row."""

    def get_queryset(self) -> QuerySet["Case"]:
        return super().get_queryset().defer("words")


class Case(Held):
    """A matter somebody raised, from receipt to rating. One number, one timeline."""

    workflow: ClassVar[Workflow] = CASE_WORKFLOW

    number = models.CharField(max_length=20, unique=True)
    client_uuid = models.UUIDField(unique=True)
    state = models.CharField(
        max_length=20, choices=CaseState.choices, default=CASE_WORKFLOW.initial
    )
    source = models.CharField(max_length=10, choices=Source.choices)
    anonymous = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    title = models.CharField(max_length=60)
    body = models.TextField()
    wanted = models.CharField(max_length=200, blank=True)
    place_text = models.CharField(max_length=120, blank=True)
    to_place = models.BooleanField(
        default=False,
        db_default=False,
        help_text="lies at a district's door until a person finds the community",
    )
    lon = models.FloatField(null=True, help_text="degrees east, CGCS2000: where the matter is")
    lat = models.FloatField(null=True, help_text="degrees north, CGCS2000")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="parts", db_index=False
    )
    main = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="merged", db_index=False
    )
    """While merged: the matter that answers for this one."""
    former = models.CharField(
        max_length=20, blank=True, default="", db_default="", help_text="state before the merger"
    )
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    triage = models.CharField(max_length=10, choices=Triage.choices, blank=True)
    triage_reason = models.CharField(max_length=400, blank=True)
    rule_pack = models.ForeignKey("workflow.RulePack", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    promised_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    rate_until = models.DateTimeField(null=True)
    words = WordsField(
        texts={"A": ["title"], "B": ["place_text"], "C": ["body", "wanted"], "D": ["answer"]}
    )
    # whose it is, as plain columns: row-level security keeps other indexes out of reach
    reporter_id = models.BigIntegerField(null=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    ticket_digest = models.CharField(max_length=64)
    # where it lies
    unit = place(null=True)
    unit_area = AreaField(place="unit", null=True)
    unit_department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    helper_department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, related_name="+"
    )
    dispatcher = place(null=True)
    dispatcher_area = AreaField(place="dispatcher", null=True)
    # what came of it
    rejection = models.CharField(max_length=20, blank=True)
    rejection_channel = models.CharField(max_length=400, blank=True)
    answer = models.TextField(blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    replied_by_id = models.BigIntegerField(null=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    extended = models.PositiveSmallIntegerField(default=0)

    objects = CaseManager()

    class Meta(Held.Meta):
        indexes = [
            GinIndex(fields=["words"], name="case_words"),
            models.Index(fields=["id"], name="case_without_words", condition=Q(words__isnull=True)),
            models.Index(fields=["area", *NEWEST], name="case_area_time"),
            models.Index(fields=NEWEST, name="case_time"),
            models.Index(
                fields=["area", *NEWEST], name="case_open_area", condition=Q(state__in=OPEN)
            ),
            models.Index(fields=["unit_area", "unit_department", "state"], name="case_unit"),
            models.Index(fields=["dispatcher_area"], name="case_dispatcher"),
            models.Index(fields=["reporter_id", *NEWEST], name="case_reporter"),
            models.Index(fields=["phone_hash"], name="case_phone", condition=~Q(phone_hash="")),
            models.Index(fields=["ticket_digest"], name="case_ticket"),
            models.Index(fields=["changed_at", "id"], name="case_changed"),
            models.Index(
                fields=["closed_at"], name="case_closed", condition=Q(closed_at__isnull=False)
            ),
            models.Index(
                fields=["replied_at"], name="case_replied", condition=Q(replied_at__isnull=False)
            ),
            models.Index(
                fields=["area", *NEWEST], name="case_to_place", condition=Q(to_place=True)
            ),
            models.Index(fields=["parent"], name="case_parts", condition=Q(parent__isnull=False)),
            models.Index(fields=["main"], name="case_merged", condition=Q(main__isnull=False)),
            models.Index(
                fields=["lat", "lon"],
                name="case_open_point",
                condition=Q(state__in=OPEN, lat__isnull=False),
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            *Held.Meta.constraints,
            AreaFollowsDivision(name="case_unit_follows", place="unit"),
            AreaFollowsDivision(name="case_dispatcher_follows", place="dispatcher"),
            models.CheckConstraint(
                name="case_state_known", condition=Q(state__in=CaseState.values)
            ),
            models.CheckConstraint(
                name="case_reply_has_answer",
                condition=Q(replied_at=None) | (~Q(answer="") & ~Q(outcome="")),
            ),
            models.CheckConstraint(
                name="case_rejection_says_why",
                condition=~Q(state=CaseState.REJECTED)
                | (~Q(rejection="") & ~Q(rejection_channel="")),
            ),
            models.CheckConstraint(
                name="case_handled_by_someone",
                condition=Q(unit__isnull=False)
                | ~Q(state__in=[CaseState.DISPATCHED, CaseState.HANDLING, CaseState.COLLAB]),
            ),
            models.CheckConstraint(
                name="case_promise_forwards",
                condition=Q(promised_at=None) | Q(promised_at__gt=F("received_at")),
            ),
            models.CheckConstraint(
                name="case_merged_into_another",
                condition=~Q(state=CaseState.MERGED)
                | (Q(main__isnull=False) & ~Q(former="") & ~Q(main=F("pk"))),
            ),
            models.CheckConstraint(
                name="case_placed_before_accepted",
                condition=Q(to_place=False)
                | Q(state__in=[CaseState.SUBMITTED, CaseState.REJECTED, CaseState.WITHDRAWN]),
            ),
            models.CheckConstraint(
                name="case_point_is_whole",
                condition=Q(lon=None, lat=None) | Q(lon__range=(-180, 180), lat__range=(-90, 90)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"

    def rules(self) -> Rules:
        """The pack pinned when the matter came in."""
        return Rules(self.rule_pack.params)

    def objection_to_unit(self, *, at: datetime) -> str:
        """Why the unit now set may not be given this matter, or ''."""
        unit, department = self.unit, self.unit_department
        if not self.area.startswith(unit.path):
            return f"不能派给{department or unit}：它不管这个地方。地点不对时，先改地点。"
        return self.objection_to_community(at=at) if unit.kind == "community" else ""

    def objection_to_community(self, *, at: datetime) -> str:
        """Why this matter may not be pushed down to its community, or '' (domain.md §4.2)."""
        if self.triage != Triage.MAJOR:
            return ""
        return find_objection(self.category, area=self.area, on=today(at))


class CaseContact(Held):
    """How to reach whoever raised it: sealed, opened by the handler, each time on record."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="contact")
    name = SealedField(purpose="case.contact.name", blank=True)
    name_hash = models.CharField(  # noqa: DJ001 - NULL is what is not filled yet
        max_length=64, null=True, help_text="keyed, to find whoever gives the whole name; '': none"
    )
    phone = SealedField(purpose="case.contact.phone", blank=True)
    email = SealedField(purpose="case.contact.email", blank=True, default="", db_default="")

    class Meta(Held.Meta):
        indexes = [
            models.Index(fields=["area"], name="casecontact_area"),
            models.Index(fields=["name_hash"], name="casecontact_name", condition=~Q(name_hash="")),
            models.Index(
                fields=["id"], name="casecontact_unhashed", condition=Q(name_hash__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"contact of case {self.case_id}"
