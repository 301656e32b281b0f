"""How much of everything a community has: written down by rounds, read by boards and maps."""

from django.db import models

from yukuai.divisions.located import Located
from yukuai.registry.states import Kind

COUNTED = {
    "people": Kind.PERSON,
    "households": Kind.HOUSEHOLD,
    "dwellings": Kind.DWELLING,
    "buildings": Kind.BUILDING,
    "organisations": Kind.ORGANISATION,
    "facilities": Kind.FACILITY,
}
"""Columns of a tally, and the records each counts."""


class CommunityTally(Located):
    """The records of one community that still count. `care` is people by service tag that runs,
    small numbers of a place people know: never shown above those who keep the records.

    When a community ends its row goes to the heir, who has two until his next count: they add up.
    """

    people = models.IntegerField(default=0)
    households = models.IntegerField(default=0)
    dwellings = models.IntegerField(default=0)
    buildings = models.IntegerField(default=0)
    organisations = models.IntegerField(default=0)
    facilities = models.IntegerField(default=0)
    care = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    class Meta(Located.Meta):
        verbose_name_plural = "community tallies"
        indexes = [models.Index(fields=["area"], name="communitytally_area")]

    def __str__(self) -> str:
        return f"{self.people} people in {self.division_id}"
