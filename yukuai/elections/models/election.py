"""An election, the contests on its ballot, and the meetings that decided about it."""

from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located
from yukuai.elections.offices import OFFICE_WORDS, Office
from yukuai.elections.schedule import Mark, Step, schedule
from yukuai.elections.standing import Kinship
from yukuai.elections.states import (
    CARDED,
    ELECTION_WORKFLOW,
    LIVING,
    Body,
    ElectionState,
    Electorate,
    Halt,
    MeetingKind,
)
from yukuai.engines.tally.packs import Layer, Rules
from yukuai.workflow.calendar import Calendar
from yukuai.workflow.definitions import Workflow

NEWEST = ("-started_at", "-id")


def pack(**kwargs: Any) -> Any:
    return models.ForeignKey(
        "workflow.RulePack", on_delete=models.PROTECT, related_name="+", db_index=False, **kwargs
    )


class Election(Located):
    """The election of one committee. The rules are pinned when it begins: what the product counts
    by, the law, the place, and the method a meeting adopted, one over the other.

    Nothing of a person stands here; `roll_size` is R, once the roll is final.
    """

    workflow: ClassVar[Workflow] = ELECTION_WORKFLOW
    holders: list[str] = []
    """It is nobody's own; the log of a workflow asks."""

    number = models.CharField(max_length=20, unique=True)
    body = models.CharField(max_length=12, choices=Body.choices)
    term = models.PositiveSmallIntegerField(help_text="第几届")
    cycle = models.CharField(max_length=20, help_text="one person votes once within it")
    state = models.CharField(
        max_length=20, choices=ElectionState.choices, default=ELECTION_WORKFLOW.initial
    )
    day = models.DateField(help_text="D, election day")
    electorate = models.CharField(max_length=12, choices=Electorate.choices, blank=True)
    count_pack = pack()
    law_pack = pack()
    local_pack = pack(null=True)
    adopted = models.JSONField(default=dict, help_text="limits the adopted method sets, by name")
    halted = models.CharField(max_length=12, choices=Halt.choices, blank=True)
    halted_why = models.CharField(max_length=400, blank=True)
    timing = models.CharField(
        max_length=400,
        blank=True,
        help_text="of an election before or after its time: who allowed it",
    )
    place = models.CharField(max_length=120, blank=True, help_text="where one asks: address, hours")
    done_on = models.JSONField(
        default=dict, help_text="steps of the rail that were done: the day each counts from"
    )
    roll_size = models.PositiveIntegerField(null=True)
    nominated_until = models.DateField(null=True, help_text="the last day of nominating")
    started_by = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", *NEWEST], name="election_area"),
            models.Index(fields=["area", "state", "day"], name="election_stage"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["division", "cycle"],
                condition=~Q(state=ElectionState.ANNULLED),
                name="election_once_a_cycle",
            ),
            models.CheckConstraint(
                name="election_state_known", condition=Q(state__in=ElectionState.values)
            ),
            models.CheckConstraint(
                name="election_halted_with_a_reason", condition=Q(halted="") | ~Q(halted_why="")
            ),
            models.CheckConstraint(
                name="election_term_counts", condition=Q(term__gte=1, term__lte=99)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.state})"

    @cached_property
    def rules(self) -> Rules:
        packs = [self.count_pack, self.law_pack, *([self.local_pack] if self.local_pack else [])]
        layers = [Layer(one.code, one.version, one.params) for one in packs]
        if self.adopted:
            layers.append(Layer("选举办法", 1, {"limits": self.adopted}, adopted=True))
        return Rules.of(layers)

    @property
    def living(self) -> bool:
        return self.state in LIVING

    @property
    def carded(self) -> bool:
        """The roll is final: its voters have cards."""
        return self.state in CARDED

    @property
    def title(self) -> str:
        return f"第{chinese(self.term)}届{Body(self.body).label}换届"

    @property
    def committee_name(self) -> str:
        """The body that runs it, as it signs."""
        words = "居民" if self.body == Body.COMMUNITY else "村民"
        return f"{self.division.name}{words}选举委员会"

    @property
    def done(self) -> dict[Step, date]:
        """The days from which the steps that were done count."""
        return {Step(step): date.fromisoformat(day) for step, day in self.done_on.items()}

    @cached_property
    def entangled(self) -> list[Any]:
        """Members of its committee who are nominees, or near kin of one, and have to leave it."""
        rows = self.kin.filter(
            nominee__withdrawn_on=None, member__left_on=None, member__since__isnull=False
        )
        if not self.rules.flag("withdraw_kin", silent=False):
            rows = rows.filter(relation=Kinship.SELF)
        return list(rows.select_related("nominee", "member").order_by("member__place"))

    def marks(self, calendar: Calendar) -> tuple[Mark, ...]:
        return schedule(self.day, self.rules, self.done, calendar)


class Contest(Located):
    """One office with its seats; `rank` is the order in which they are counted."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="contests")
    office = models.CharField(max_length=12)
    seats = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField()

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="contest_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["election", "office"], name="contest_once_an_office"),
            models.CheckConstraint(
                name="contest_office_known", condition=Q(office__in=[str(one) for one in Office])
            ),
            models.CheckConstraint(name="contest_has_seats", condition=Q(seats__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.seats}"

    @property
    def word(self) -> str:
        return OFFICE_WORDS[Office(self.office)]


class Meeting(Located):
    """A meeting whose decision a step rests on; how many were to come, came, and agreed."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="meetings")
    about = models.CharField(max_length=16, help_text="the step it decided about")
    kind = models.CharField(max_length=12, choices=MeetingKind.choices)
    held_on = models.DateField()
    entitled = models.PositiveIntegerField()
    present = models.PositiveIntegerField()
    agreed = models.PositiveIntegerField()

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="electionmeeting_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["election", "about"], name="electionmeeting_once_a_step"
            ),
            models.CheckConstraint(
                name="electionmeeting_adds_up",
                condition=Q(present__lte=models.F("entitled"), agreed__lte=models.F("present")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.held_on}"


_SIGNS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """7 as 七, 12 as 十二, 21 as 二十一: up to 99."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _SIGNS[ones]
    return f"{'' if tens == 1 else _SIGNS[tens]}十{_SIGNS[ones] if ones else ''}"
