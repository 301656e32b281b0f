"""Who is nominated for what and by whom, whose kin he is, and who stands in the end."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located
from yukuai.elections.models.committee import Member
from yukuai.elections.models.election import Contest, Election
from yukuai.elections.models.roll import Voter
from yukuai.elections.standing import Kinship, Nominators, Outcome


def _within(to: type[models.Model], **kwargs: Any) -> Any:
    return models.ForeignKey(to, on_delete=models.PROTECT, **kwargs)


class Nominee(Located):
    """Somebody of the roll who was nominated, once however often and for whatever office.

    `review` is all that is known here of the joint review: neither reason nor department."""

    election = _within(Election, related_name="nominees")
    voter = _within(Voter, related_name="+", db_index=False)
    name = models.CharField(max_length=40, db_collation="C")
    sex = models.CharField(max_length=2, blank=True)
    review = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.UNSENT)
    withdrawn_on = models.DateField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="nominee_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["election", "voter"], name="nominee_once"),
            models.CheckConstraint(
                name="nominee_review_known", condition=Q(review__in=Outcome.values)
            ),
            models.CheckConstraint(
                name="nominee_withdraws_with_a_reason",
                condition=Q(withdrawn_on=None) | ~Q(withdrawn_why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"nominee {self.pk} of {self.election_id}"


class Nomination(Located):
    """One paper: for an office, by the party organisation or by so many voters (`number`; the party
    organisation counts as one)."""

    election = _within(Election, related_name="nominations")
    nominee = _within(Nominee, related_name="nominations")
    contest = _within(Contest, related_name="+")
    by = models.CharField(max_length=8, choices=Nominators.choices)
    number = models.PositiveIntegerField()
    received_on = models.DateField()

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="nomination_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["nominee", "contest"],
                condition=Q(by=Nominators.PARTY),
                name="nomination_once_by_the_party",
            ),
            models.CheckConstraint(
                name="nomination_by_known", condition=Q(by__in=Nominators.values)
            ),
            models.CheckConstraint(name="nomination_by_somebody", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"nomination {self.pk} of {self.nominee_id}"


class Nominator(Located):
    """A voter who signed it himself: nobody nominates for another."""

    nomination = _within(Nomination, related_name="nominators")
    nominee = _within(Nominee, related_name="+", db_index=False)
    contest = _within(Contest, related_name="+", db_index=False)
    voter = _within(Voter, related_name="+")

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="nominator_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["nominee", "contest", "voter"], name="nominator_once_an_office"
            ),
        ]

    def __str__(self) -> str:
        return f"voter {self.voter_id} for {self.nomination_id}"


class Kin(Located):
    """A nominee and whoever is his near kin, or himself, as they declared: another nominee, a
    member of the election committee, or somebody else by name (who may not work in the count)."""

    election = _within(Election, related_name="kin")
    nominee = _within(Nominee, related_name="kin")
    other = _within(Nominee, related_name="+", null=True)
    member = _within(Member, related_name="+", null=True)
    name = models.CharField(max_length=40)
    relation = models.CharField(max_length=12, choices=Kinship.choices)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="kin_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["nominee", "name"], name="kin_once"),
            models.CheckConstraint(
                name="kin_relation_known", condition=Q(relation__in=Kinship.values)
            ),
            models.CheckConstraint(
                name="kin_of_another", condition=Q(other=None) | ~Q(other=models.F("nominee"))
            ),
            models.CheckConstraint(
                name="kin_one_of_them", condition=Q(other=None) | Q(member=None)
            ),
            models.CheckConstraint(
                name="kin_himself_a_member",
                condition=~Q(relation=Kinship.SELF) | Q(member__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relation} of nominee {self.nominee_id}"
