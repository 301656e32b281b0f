"""Organisations, facilities, office holders and projects of a place."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from yukuai.divisions.located import Located, Placed
from yukuai.kernel.fields import SealedField
from yukuai.registry.models.homes import Dwelling
from yukuai.registry.models.kept import Kept, ends_with_a_reason, of_batch, point_or_none
from yukuai.registry.models.people import Person


class Organisation(Kept, Located):
    """An employer: enterprise, shop, institution. `uscc` as GB 32100."""

    kind = "organisation"

    name = models.CharField(max_length=120, db_collation="C")
    initials = models.CharField(max_length=170, blank=True, db_collation="C")
    uscc = models.CharField(max_length=18, blank=True)
    org_type = models.CharField(max_length=20, blank=True)
    industry = models.CharField(max_length=4, blank=True)
    legal_rep = SealedField(purpose="registry.organisation.head", blank=True)
    phone = SealedField(purpose="registry.organisation.phone", blank=True)
    phone_hint = models.CharField(max_length=4, blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    employees = models.IntegerField(null=True)
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, null=True, related_name="organisations"
    )

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", "name"], name="organisation_area"),
            models.Index(fields=["lat", "lon"], name="organisation_point"),
            of_batch("organisation_batch"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["division", "uscc"],
                condition=Q(ended_on=None) & ~Q(uscc=""),
                name="organisation_once_a_community",
            ),
            ends_with_a_reason("organisation_ends_with_a_reason"),
            point_or_none("organisation_point_or_none"),
        ]

    def __str__(self) -> str:
        return self.name


class SocialOrg(Kept, Located):
    """A social organisation, registered or on the community's file."""

    kind = "social-org"

    name = models.CharField(max_length=120)
    org_type = models.CharField(max_length=20, blank=True)
    register_no = models.CharField(max_length=40, blank=True)
    leader = SealedField(purpose="registry.social-org.leader", blank=True)
    members = models.IntegerField(null=True)
    services = models.CharField(max_length=400, blank=True)

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", "name"], name="socialorg_area"),
            of_batch("socialorg_batch"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            ends_with_a_reason("socialorg_ends_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.name


class PartyOrg(Kept, Located):
    kind = "party-org"

    name = models.CharField(max_length=120)
    org_type = models.CharField(max_length=20, blank=True)
    leader = SealedField(purpose="registry.party-org.leader", blank=True)
    members = models.IntegerField(null=True)
    services = models.CharField(max_length=400, blank=True)

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", "name"], name="partyorg_area"),
            of_batch("partyorg_batch"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            ends_with_a_reason("partyorg_ends_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.name


class Facility(Kept, Placed):
    """What is there for everybody; all of it is public."""

    kind = "facility"

    name = models.CharField(max_length=80)
    category = models.CharField(max_length=20)
    address = models.CharField(max_length=200, blank=True)
    opening_hours = models.CharField(max_length=120, blank=True)
    accessible = models.BooleanField(null=True)
    access_note = models.CharField(max_length=200, blank=True)
    capacity = models.IntegerField(null=True)
    public_phone = models.CharField(max_length=30, blank=True)
    maintainer = models.CharField(max_length=100, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    class Meta(Placed.Meta):
        verbose_name_plural = "facilities"
        indexes = [
            models.Index(fields=["area", "category"], name="facility_area"),
            models.Index(fields=["lat", "lon"], name="facility_point"),
            of_batch("facility_batch"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Placed.Meta.constraints,
            ends_with_a_reason("facility_ends_with_a_reason"),
            point_or_none("facility_point_or_none"),
        ]

    def __str__(self) -> str:
        return self.name


class OfficeHolder(Kept, Located):
    """Who holds an office of the community, and for which term."""

    kind = "office-holder"

    name = models.CharField(max_length=40)
    body = models.CharField(max_length=20)
    post = models.CharField(max_length=40)
    office_phone = models.CharField(max_length=30, blank=True)
    term_from = models.DateField(null=True)
    term_to = models.DateField(null=True)
    elected_in = models.CharField(max_length=100, blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="offices")

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", "body"], name="officeholder_area"),
            of_batch("officeholder_batch"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            ends_with_a_reason("officeholder_ends_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.post} {self.name}"


class Project(Kept, Located):
    """Something built or bought for the community with public money; yuan."""

    kind = "project"

    name = models.CharField(max_length=120)
    project_kind = models.CharField(max_length=20, blank=True)
    funding = models.CharField(max_length=20, blank=True)
    budget_yuan = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    resolution = models.CharField(max_length=200, blank=True)
    contractor = models.CharField(max_length=100, blank=True)
    progress = models.SmallIntegerField(null=True)
    accepted_on = models.DateField(null=True)

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", "name"], name="project_area"),
            of_batch("project_batch"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            ends_with_a_reason("project_ends_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.name
