"""The joint review. Everything of it lies at the district: row-level security keeps it from the
community and the township, who have `Nominee.review` and nothing else."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.divisions.located import AreaField, Located, place
from yukuai.elections.models.election import Election
from yukuai.elections.models.nominees import Nominee
from yukuai.elections.standing import BarCode, Decision, Settled
from yukuai.kernel.constraints import AreaFollowsDivision
from yukuai.kernel.fields import SealedField


class Panelist(Located):
    """A department that takes part in the joint reviews of its district."""

    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="panelist_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["division", "department"], name="panelist_once"),
        ]

    def __str__(self) -> str:
        return f"department {self.department_id}"


class Screening(Located):
    """One nominee under review: who he is, as far as a department needs it to know him, what he
    said for himself (once), and what the joint meeting decided about a caution."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="+")
    nominee = models.OneToOneField(Nominee, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    sex = models.CharField(max_length=2, blank=True)
    birth_date = models.DateField(null=True)
    place = models.CharField(max_length=120, help_text="community and offices, in words")
    asked_at = models.DateTimeField()
    statement = SealedField(purpose="election.statement", blank=True)
    stated_at = models.DateTimeField(null=True)
    settled = models.CharField(max_length=8, choices=Settled.choices, blank=True)
    settled_ref = SealedField(purpose="election.settled", blank=True)
    settled_by = models.CharField(max_length=120, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="screening_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.CheckConstraint(
                name="screening_states_once",
                condition=Q(statement="", stated_at=None)
                | ~Q(statement="") & Q(stated_at__isnull=False),
            ),
            models.CheckConstraint(
                name="screening_settled_on_paper",
                condition=Q(settled="", settled_at=None)
                | Q(settled__in=Settled.values, settled_at__isnull=False) & ~Q(settled_ref=""),
            ),
        ]

    def __str__(self) -> str:
        return f"screening of nominee {self.nominee_id}"


class Opinion(Located):
    """What one department says of one nominee: a conclusion, a code and a reference, no more. When
    he has stated his case, those who objected answer in a second round; the first stays."""

    screening = models.ForeignKey(Screening, on_delete=models.PROTECT, related_name="opinions")
    unit = place()
    unit_area = AreaField(place="unit")
    unit_department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    round = models.PositiveSmallIntegerField(default=1)
    due_at = models.DateTimeField()
    decision = models.CharField(max_length=12, choices=Decision.choices, blank=True)
    bar_code = SealedField(purpose="election.opinion.code", blank=True)
    basis_ref = SealedField(purpose="election.opinion.basis", blank=True)
    reviewer = models.CharField(max_length=120, blank=True)
    signed_at = models.DateTimeField(null=True)

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area"], name="opinion_area"),
            models.Index(fields=["unit_area"], name="opinion_unit_area"),
            models.Index(
                fields=["unit_department", "due_at"],
                condition=Q(signed_at=None),
                name="opinion_waiting",
            ),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            AreaFollowsDivision(name="opinion_unit_follows", place="unit"),
            models.UniqueConstraint(
                fields=["screening", "unit_department", "round"], name="opinion_once_a_round"
            ),
            models.CheckConstraint(
                name="opinion_signed_or_not",
                condition=Q(decision="", signed_at=None, reviewer="")
                | Q(decision__in=Decision.values, signed_at__isnull=False) & ~Q(reviewer=""),
            ),
            models.CheckConstraint(
                name="opinion_bar_by_code_and_paper",
                condition=Q(bar_code="") & ~Q(decision=Decision.BAR)
                | Q(decision=Decision.BAR) & ~Q(bar_code="") & ~Q(basis_ref=""),
            ),
        ]

    def __str__(self) -> str:
        return f"opinion {self.pk} on {self.screening_id}"

    @property
    def bar_words(self) -> str:
        return BarCode(self.bar_code).label if self.bar_code else ""
