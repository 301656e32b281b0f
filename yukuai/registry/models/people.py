"""People, the households they form, the dwellings they live in."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import StrIndex, Substr

from yukuai.divisions.located import Held, Located
from yukuai.kernel.fields import SealedField
from yukuai.registry.models.homes import Dwelling
from yukuai.registry.models.kept import Kept, ends_with_a_reason, of_batch
from yukuai.registry.states import Living


def tail(expression: Any) -> Any:
    """A later part of a name, kept by PostgreSQL: a part of a name is found as the beginning of
    one of these, for under a policy nothing but a range reaches an index."""
    return models.GeneratedField(
        expression=expression,
        output_field=models.CharField(max_length=40, db_collation="C"),
        db_persist=True,
    )


class Person(Kept, Held):
    """One person as one community keeps him; he has no point, he lives in a dwelling.

    `person_key` is the keyed hash of kind and number of his papers, `phone_hash` that of his
    telephone: both are found by the whole value only. A hint is what is shown of a sealed value.
    `shared_key` equals `person_key` where a line moved and another record of the community has the
    same number: the two wait to be made one. With another number the record is bound again.
    `from_second` is the name from its second sign on, `from_third` from its third, or what stands
    behind a dot. Of `initials` every reading is a word; few names have two.
    `holders` has keys of the person himself once he has proved who he is.
    """

    kind = "person"

    name = models.CharField(max_length=40, db_collation="C")
    initials = models.CharField(max_length=170, blank=True, db_collation="C")
    from_second = tail(Substr("name", 2))
    from_third = tail(
        Case(
            When(name__contains="·", then=Substr("name", StrIndex("name", Value("·")) + 1)),
            default=Substr("name", 3),
        )
    )
    sex = models.CharField(max_length=2, blank=True)
    birth_date = models.DateField(null=True)
    ethnicity = models.CharField(max_length=4, blank=True)
    id_type = models.CharField(max_length=4, blank=True)
    id_no = SealedField(purpose="registry.person.id", blank=True)
    id_hint = models.CharField(max_length=8, blank=True)
    person_key = models.CharField(max_length=64, blank=True)
    shared_key = models.CharField(max_length=64, blank=True, default="", db_default="")
    phone = SealedField(purpose="registry.person.phone", blank=True)
    phone_hint = models.CharField(max_length=4, blank=True)
    phone_hash = models.CharField(max_length=64, blank=True)
    marital = models.CharField(max_length=4, blank=True)
    education = models.CharField(max_length=4, blank=True)
    political = models.CharField(max_length=4, blank=True)
    nationality = models.CharField(max_length=4, blank=True)
    hukou_address = SealedField(purpose="registry.person.hukou", blank=True)
    work = models.CharField(max_length=100, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta(Held.Meta):
        verbose_name_plural = "people"
        indexes = [
            models.Index(fields=["area", "name"], name="person_area"),
            models.Index(fields=["area", "initials"], name="person_initials"),
            models.Index(fields=["area", "from_second"], name="person_from_second"),
            models.Index(fields=["area", "from_third"], name="person_from_third"),
            models.Index(
                fields=["area"], name="person_read_twice", condition=Q(initials__contains=" ")
            ),
            models.Index(fields=["name"], name="person_name"),
            models.Index(
                fields=["person_key"], name="person_by_number", condition=~Q(person_key="")
            ),
            models.Index(
                fields=["phone_hash"], name="person_by_phone", condition=~Q(phone_hash="")
            ),
            GinIndex(fields=["holders"], name="person_holders"),
            models.Index(
                fields=["merged_into"],
                name="person_merged_into",
                condition=Q(merged_into__isnull=False),
            ),
            models.Index(fields=["area"], name="person_shared", condition=~Q(shared_key="")),
            of_batch("person_batch"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Held.Meta.constraints,
            models.UniqueConstraint(
                fields=["division", "person_key"],
                condition=Q(ended_on=None) & ~Q(person_key="") & ~Q(person_key=F("shared_key")),
                name="person_once_a_community",
            ),
            ends_with_a_reason("person_ends_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Household(Kept, Located):
    """People who are registered or live together; `head` is one of its members."""

    kind = "household"

    household_kind = models.CharField(max_length=4, blank=True)
    hukou_no = SealedField(purpose="registry.household.number", blank=True)
    hukou_address = SealedField(purpose="registry.household.hukou", blank=True)
    dwelling = models.ForeignKey(
        Dwelling, on_delete=models.PROTECT, null=True, related_name="households"
    )

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area"], name="household_area"),
            of_batch("household_batch"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            ends_with_a_reason("household_ends_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"household {self.pk}"


class Spell(Located):
    """True from a day until the day before another."""

    since = models.DateField(null=True, help_text="unknown: empty")
    until = models.DateField(null=True, help_text="the first day on which it was over")
    batch_id = models.BigIntegerField(null=True)

    class Meta(Located.Meta):
        abstract = True

    @staticmethod
    def forwards(name: str) -> models.CheckConstraint:
        return models.CheckConstraint(
            name=name,
            condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
        )


class Membership(Spell):
    """A person in a household; `relation` to its head, GB/T 4761 (`02` is the head)."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=4, blank=True)

    class Meta(Spell.Meta):
        indexes = [models.Index(fields=["area"], name="membership_area"), of_batch("member_batch")]
        constraints: ClassVar[list[Any]] = [
            *Spell.Meta.constraints,
            Spell.forwards("membership_forwards"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(until=None), name="membership_one_household"
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} in household {self.household_id}"


class Occupancy(Spell):
    """A person lives in a dwelling, or is registered there and away: 人房关联."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="occupancies")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, related_name="occupancies")
    living = models.CharField(max_length=16, choices=Living.choices)

    class Meta(Spell.Meta):
        verbose_name_plural = "occupancies"
        indexes = [
            models.Index(fields=["area", "living"], name="occupancy_area"),
            of_batch("occupancy_batch"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Spell.Meta.constraints,
            Spell.forwards("occupancy_forwards"),
            models.CheckConstraint(
                name="occupancy_living_known", condition=Q(living__in=Living.values)
            ),
            models.UniqueConstraint(
                fields=["person", "dwelling"],
                condition=Q(until=None),
                name="occupancy_once_a_dwelling",
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} in dwelling {self.dwelling_id}"


class CareTag(Spell):
    """A service somebody is entitled to or may need (特殊服务对象): for service alone, with the
    document it rests on. Corrections, drugs and the like stay in the systems of their offices."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="care_tags")
    code = models.CharField(max_length=20)
    basis = models.CharField(max_length=200)
    noted_by = models.CharField(max_length=120)
    noted_at = models.DateTimeField()

    class Meta(Spell.Meta):
        indexes = [models.Index(fields=["area", "code"], name="caretag_area")]
        constraints: ClassVar[list[Any]] = [
            *Spell.Meta.constraints,
            Spell.forwards("caretag_forwards"),
            models.CheckConstraint(name="caretag_has_a_basis", condition=~Q(basis="")),
            models.UniqueConstraint(
                fields=["person", "code"], condition=Q(until=None), name="caretag_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} of person {self.person_id}"


class Merge(Located):
    """Two records of one person made one, by a person; everything needed to part them again."""

    kept = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    moved = models.JSONField(default=dict, help_text="ids of the rows that went along, by table")
    before = SealedField(purpose="registry.merge.before", help_text="the kept record before, JSON")
    reason = models.CharField(max_length=200)
    merged_by = models.CharField(max_length=120)
    merged_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=120, blank=True)

    class Meta(Located.Meta):
        indexes = [models.Index(fields=["area", "-merged_at"], name="merge_area")]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            models.UniqueConstraint(
                fields=["gone"], condition=Q(undone_at=None), name="merge_once"
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.gone_id} in {self.kept_id}"
