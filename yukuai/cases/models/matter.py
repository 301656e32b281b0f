"""A matter, and how to reach whoever raised it."""

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, QuerySet

from yukuai.cases.arbitration import PAST_MOVES, Step, this_round
from yukuai.cases.models.catalogue import Category
from yukuai.cases.models.duties import find_objection
from yukuai.cases.rules import Rules, parts_allowed
from yukuai.cases.states import (
    CASE_WORKFLOW,
    OPEN,
    PART_DONE,
    UNDISPATCHED,
    UNSIGNED,
    CaseState,
    Outcome,
    Source,
    Triage,
)
from yukuai.divisions.located import DISTRICT, TOWNSHIP, AreaField, Held, ancestor, place
from yukuai.kernel.clock import today
from yukuai.kernel.constraints import AreaFollowsDivision
from yukuai.kernel.fields import SealedField, WordsField
from yukuai.kernel.scope import widened
from yukuai.workflow.definitions import Workflow
from yukuai.workflow.queries import list_moves_made

if TYPE_CHECKING:
    from yukuai.cases.models.helper import Helper

NEWEST = ("-received_at", "-id")


class CaseManager(models.Manager["Case"]):
    """Without the words by which a matter is found: they weigh more than the row."""

    def get_queryset(self) -> QuerySet["Case"]:
        return super().get_queryset().defer("words")


class AnyOf(Func):
    """`left = ANY (array)`: an array of ids from an uncorrelated subquery is read once and, unlike
    `IN (subquery)`, may still use an index beside an OR."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = models.BooleanField()


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
    rule_pack = models.ForeignKey(
        "workflow.RulePack", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    received_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    promised_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    in_time = models.BooleanField(
        null=True,
        help_text="whether the last answer kept what was promised then; NULL: from before",
    )
    closed_at = models.DateTimeField(null=True)
    rate_until = models.DateTimeField(null=True)
    words = WordsField(
        texts={"A": ["title"], "B": ["place_text"], "C": ["body", "wanted"], "D": ["answer"]}
    )
    # the newest of a district or a township by equality: under row-level security no expression
    # reaches an index, and a range gives them in another order
    district_id = ancestor(DISTRICT)
    township_id = ancestor(TOWNSHIP)
    # whose it is, as plain columns: row-level security keeps other indexes out of reach
    reporter_id = models.BigIntegerField(null=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    ticket_digest = models.CharField(max_length=64)
    # where it lies
    unit = place(null=True)
    unit_area = AreaField(place="unit", null=True)
    unit_department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    # written by releases before `Helper`, read by none since; kept while they may still run
    helper_department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
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
                fields=["area", *NEWEST], name="case_open_here", condition=Q(state__in=OPEN)
            ),
            models.Index(fields=["district_id", *NEWEST], name="case_district_time"),
            models.Index(fields=["township_id", *NEWEST], name="case_township_time"),
            models.Index(
                fields=["unit_area", "unit_department", "state"],
                name="case_unit_of",
                condition=Q(unit_area__isnull=False),
            ),
            models.Index(
                fields=["dispatcher_area"],
                name="case_dispatcher_of",
                condition=Q(dispatcher_area__isnull=False),
            ),
            models.Index(
                fields=["reporter_id", *NEWEST],
                name="case_reporter_of",
                condition=Q(reporter_id__isnull=False),
            ),
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
                name="case_open_spot",
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

    @property
    def unit_name(self) -> str:
        """Who has it, in words; '' for nobody."""
        unit = self.unit_department or self.unit
        return unit.name if unit is not None else ""

    @property
    def may_have_parts(self) -> bool:
        """False where the query said that there are none (`queries.get_case`, without a lock)."""
        return not self.is_part and bool(self.__dict__.get("was_split", True))

    @property
    def is_part(self) -> bool:
        return self.parent_id is not None

    @cached_property
    def asked(self) -> frozenset[int]:
        """The departments that are asked to help right now."""
        return frozenset(one.department_id for one in self.list_helpers() if one.is_open)

    def list_helpers(self) -> "list[Helper]":
        """Whoever was ever asked, in that order. The query may have said that nobody was."""
        if self.__dict__.get("was_helped") is False:
            return []
        if "helpers" not in getattr(self, "_prefetched_objects_cache", {}):
            rows = self.helpers.select_related("department").order_by("pk")
            models.prefetch_related_objects([self], models.Prefetch("helpers", rows))
        return list(self.helpers.all())

    def asks(self, department_id: int | None) -> bool:
        return department_id in self.asked

    def forget_helpers(self) -> None:
        """After somebody was asked or has answered: read anew."""
        self.__dict__.pop("asked", None)
        self.__dict__.pop("was_helped", None)
        getattr(self, "_prefetched_objects_cache", {}).pop("helpers", None)

    @classmethod
    def asked_of(cls, department_id: int) -> Q:
        """`asks` as a filter."""
        helpers: Any = apps.get_model("cases", "Helper").objects
        open_ones = helpers.filter(department=department_id, answered_at=None, withdrawn_at=None)
        return Q(AnyOf(F("pk"), ArraySubquery(open_ones.values("case_id"))))

    @cached_property
    def past(self) -> list[Step]:
        """What was asked, refused and ruled since the matter was last reopened, oldest first."""
        return this_round(Step(*row) for row in list_moves_made(self, names=PAST_MOVES))

    @cached_property
    def part_states(self) -> list[str]:
        """Where the parts stand, for an officer."""
        return list(self.parts.values_list("state", flat=True)) if self.may_have_parts else []

    def count_running_parts(self) -> int:
        return sum(state not in PART_DONE for state in self.part_states)

    def parts_allowed(self) -> tuple[int, int]:
        """How few and how many parts may be split off now."""
        live = sum(state != CaseState.CANCELLED for state in self.part_states)
        return parts_allowed(live=live, running=self.count_running_parts())

    def count_parts_waiting(self) -> int:
        """Parts that nobody has signed for."""
        return sum(state in UNSIGNED for state in self.part_states)

    def count_parts_sent(self) -> int:
        """Parts that some unit was given. A resident asks too, who may not see them."""
        if not self.is_part:
            with widened([self.area]):
                return self.parts.exclude(state__in=UNDISPATCHED | {CaseState.CANCELLED}).count()
        return 0

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
