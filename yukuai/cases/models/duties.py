"""职责清单: what a community does, helps with, or may not be given, by place and day."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, TextChoices

from yukuai.cases.models.catalogue import Category
from yukuai.divisions.located import AreaField, Located, place
from yukuai.kernel.constraints import AreaFollowsDivision, PublishedPolicy


class Duty(TextChoices):
    MUST = "must", "应由社区办"
    ASSIST = "assist", "社区协助"
    NOT = "not", "不得交社区"


class Body(TextChoices):
    """Whose list it is. Today only communities have one."""

    COMMUNITY = "community", "村（社区）"


class Days(Func):
    function = "daterange"
    output_field = DateRangeField()


class DutyItem(models.Model):
    """One line of the list of a city or a district, from a day until the day before another.

    Published for everybody (domain.md §4.2, §10.2). The narrower place wins over the wider.
    """

    division = place()
    area = AreaField()
    body = models.CharField(max_length=12, choices=Body.choices, default=Body.COMMUNITY)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    duty = models.CharField(max_length=8, choices=Duty.choices)
    basis = models.CharField(max_length=200, help_text="the document it rests on")
    source = models.CharField(max_length=200, help_text="where the line itself comes from")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="the first day on which it does not hold")
    reason = models.CharField(max_length=400)
    made_by = models.CharField(max_length=120)
    made_by_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    ended_reason = models.CharField(max_length=400, blank=True)
    ended_by = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["area", "category"], name="dutyitem_area")]
        constraints: ClassVar[list[Any]] = [
            AreaFollowsDivision(name="dutyitem_area_follows_division"),
            PublishedPolicy(name="dutyitem_published"),
            models.CheckConstraint(name="dutyitem_duty_known", condition=Q(duty__in=Duty.values)),
            models.CheckConstraint(
                name="dutyitem_forwards",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            ExclusionConstraint(
                name="dutyitem_one_at_a_time",
                expressions=[
                    ("division", RangeOperators.EQUAL),
                    ("category", RangeOperators.EQUAL),
                    ("body", RangeOperators.EQUAL),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category_id}: {self.get_duty_display()}"


class DutyRefusal(Located):
    """Somebody tried to hand a community what is not on its list. Counted by category and by the
    unit that tried, never by person; who it was is there for an audit alone."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+")
    by = place()
    by_area = AreaField(place="by")
    by_user_id = models.BigIntegerField(null=True)
    said = models.CharField(max_length=400)
    tried_at = models.DateTimeField()

    class Meta(Located.Meta):
        indexes = [
            models.Index(fields=["area", "-tried_at"], name="dutyrefusal_area"),
            models.Index(fields=["by_area"], name="dutyrefusal_by"),
        ]
        constraints: ClassVar[list[Any]] = [
            *Located.Meta.constraints,
            AreaFollowsDivision(name="dutyrefusal_by_follows", place="by"),
        ]

    def __str__(self) -> str:
        return f"refused: case {self.case_id}"


def find_duty(category: Category | None, *, area: str, on: date) -> DutyItem | None:
    """What the list in force says at this place: the narrowest place wins, then the category
    itself over the one above it. None: it is not on the list."""
    if category is None:
        return None
    wanted = [pk for pk in (category.pk, category.parent_id) if pk is not None]
    divisions = [int(part) for part in area.split(".") if part]
    rows = DutyItem.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on),
        division__in=divisions,
        category__in=wanted,
        body=Body.COMMUNITY,
        valid_from__lte=on,
    )
    return max(rows, key=lambda row: (len(row.area), row.category_id == category.pk), default=None)


def find_objection(category: Category | None, *, area: str, on: date) -> str:
    """Why a major matter of this category may not be given to the community there, or '': with
    the right address."""
    item = find_duty(category, area=area, on=on)
    if item is not None and item.duty == Duty.MUST:
        return ""
    if category is None:
        return "大事不能交社区办：还没有选类别，查不到社区职责清单。先改判选好类别，或派给部门。"
    kind = category.department_kind
    address = f"请派给“{kind}”类的部门。" if kind else "请派给有职责的部门。"
    name, refused = category.name, "大事不能交社区办："
    if item is None:
        return f"{refused}“{name}”不在社区职责清单里。{address}"
    if item.duty == Duty.ASSIST:
        return f"{refused}“{name}”社区只协助，不牵头（{item.basis}）。{address}"
    return f"{refused}职责清单写明“{name}”不得交社区（{item.basis}）。{address}"
