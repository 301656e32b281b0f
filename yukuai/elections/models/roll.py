"""The roll: who may vote, on what ground, and who objected."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located, Placed
from yukuai.elections.models.election import Election
from yukuai.elections.states import Basis, VoterState


class Voter(Located):
    """One line of the roll. `key` is the keyed hash of kind and number of his papers, empty where
    none is known: then `person` alone tells him apart."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="voters")
    person = models.ForeignKey(
        "registry.Person", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    key = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=40, db_collation="C")
    sex = models.CharField(max_length=2, blank=True)
    birth_date = models.DateField(null=True)
    group = models.CharField(max_length=40, blank=True, help_text="where he stands on the list")
    home = models.CharField(max_length=120, blank=True, help_text="in words, for calling there")
    basis = models.CharField(max_length=20, choices=Basis.choices)
    state = models.CharField(max_length=12, choices=VoterState.choices)
    why = models.CharField(max_length=200, blank=True, help_text="why he was struck, or put back")
    changed_at = models.DateTimeField()

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area"], name="voter_area"),
            models.Index(fields=["election", "state", "group", "name"], name="voter_list"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["election", "person"], name="voter_once_a_person"),
            models.CheckConstraint(
                name="voter_state_known", condition=Q(state__in=VoterState.values)
            ),
            models.CheckConstraint(name="voter_basis_known", condition=Q(basis__in=Basis.values)),
            models.CheckConstraint(
                name="voter_struck_with_a_reason",
                condition=~Q(state=VoterState.STRUCK) | ~Q(why=""),
            ),
        ]

    def __str__(self) -> str:
        return f"voter {self.pk}"


class Listing(Placed):
    """Whoever stands on a roll, by the hash alone and for the whole city to see: on two rolls of
    one cycle nobody stands."""

    cycle = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    voter = models.OneToOneField(Voter, on_delete=models.PROTECT, related_name="listing")

    class Meta(Placed.Meta):
        indexes = [models.Index(fields=["area"], name="listing_area")]
        constraints: ClassVar[list[Any]] = [
            *Placed.Meta.constraints,
            models.UniqueConstraint(fields=["cycle", "key"], name="listing_once_in_the_city"),
            models.CheckConstraint(name="listing_has_a_key", condition=~Q(key="")),
        ]

    def __str__(self) -> str:
        return f"listing of voter {self.voter_id}"


class Objection(Located):
    """Somebody says the roll is wrong; the committee decides within the term, and says why."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="objections")
    serial = models.PositiveSmallIntegerField()
    by = models.CharField(max_length=40)
    wish = models.CharField(max_length=8, choices=[("add", "列入"), ("strike", "剔除")])
    about = models.CharField(max_length=40, help_text="the name it is about")
    voter = models.ForeignKey(Voter, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=400)
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    decision = models.CharField(max_length=400, blank=True)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area"], name="objection_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(fields=["election", "serial"], name="objection_serial"),
            models.CheckConstraint(
                name="objection_decided_with_words",
                condition=Q(decided_at=None, upheld=None)
                | Q(decided_at__isnull=False, upheld__isnull=False) & ~Q(decision=""),
            ),
        ]

    def __str__(self) -> str:
        return f"objection {self.serial} of {self.election_id}"
