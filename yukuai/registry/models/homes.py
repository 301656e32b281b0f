"""Where people live: compounds, buildings, entrances (public), and the dwellings in them.

A building is a public fact, like a house number in the street. What is behind a door is not.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located, Placed
from yukuai.kernel.fields import SealedField
from yukuai.registry.models.kept import Kept, ends_with_a_reason, of_batch, point_or_none


def cell(**kwargs: Any) -> Any:
    """A grid, group or compound the row also lies in: they cross each other, so each is named."""
    return models.ForeignKey(
        "divisions.Division",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        **kwargs,
    )


class Compound(Kept, Placed):
    """Facts about a 小区; its name, code and line are those of its division."""

    kind = "compound"

    property_company = models.CharField(max_length=100, blank=True)
    owners_committee = models.BooleanField(null=True)
    built_year = models.SmallIntegerField(null=True)
    homes = models.IntegerField(null=True)

    class Meta(Placed.Meta):
        indexes = [models.Index(fields=["area"], name="compound_area")]
        constraints: ClassVar[list[Any]] = [
            *Placed.Meta.constraints,
            models.UniqueConstraint(fields=["division"], name="compound_one_a_division"),
            ends_with_a_reason("compound_ends_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"compound {self.division_id}"


class Building(Kept, Placed):
    """`division` is the community. `lon`, `lat`: CGCS2000, a point inside."""

    kind = "building"

    name = models.CharField(max_length=60)
    address = models.CharField(max_length=200, blank=True)
    floors = models.SmallIntegerField(null=True)
    built_year = models.SmallIntegerField(null=True)
    elevator = models.BooleanField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    compound = cell(help_text="the division of its 小区")
    group = cell()
    grid = cell()

    class Meta(Placed.Meta):
        indexes = [
            models.Index(fields=["area", "name"], name="building_area"),
            models.Index(fields=["lat", "lon"], name="building_point"),
            of_batch("building_batch"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Placed.Meta.constraints,
            models.UniqueConstraint(
                fields=["division", "compound", "name"],
                condition=Q(ended_on=None),
                nulls_distinct=False,
                name="building_name_once",
            ),
            ends_with_a_reason("building_ends_with_a_reason"),
            point_or_none("building_point_or_none"),
        ]

    def __str__(self) -> str:
        return self.name


class Entrance(Placed):
    """A 单元 of a building."""

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="entrances")
    name = models.CharField(max_length=20)
    order = models.SmallIntegerField(default=0)

    class Meta(Placed.Meta):
        indexes = [models.Index(fields=["area"], name="entrance_area")]
        constraints: ClassVar[list[Any]] = [
            *Placed.Meta.constraints,
            models.UniqueConstraint(fields=["building", "name"], name="entrance_once_a_building"),
        ]

    def __str__(self) -> str:
        return self.name


class Dwelling(Kept, Located):
    """A room behind a door. It has no point of its own: it is where its building is."""

    kind = "dwelling"

    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="dwellings")
    entrance = models.ForeignKey(
        Entrance, on_delete=models.PROTECT, null=True, related_name="dwellings"
    )
    floor = models.SmallIntegerField()
    room = models.CharField(max_length=20)
    address = models.CharField(max_length=200, blank=True)
    usage = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20, blank=True)
    area_m2 = models.FloatField(null=True)
    owner_name = SealedField(purpose="registry.dwelling.owner", blank=True)
    compound = cell()
    group = cell()
    grid = cell()

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", "room"], name="dwelling_rooms"),
            models.Index(fields=["building", "floor"], name="dwelling_building"),
            of_batch("dwelling_batch"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["building", "entrance", "room"],
                condition=Q(ended_on=None),
                nulls_distinct=False,
                name="dwelling_once_a_building",
            ),
            ends_with_a_reason("dwelling_ends_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.room
