"""The duty list as it is read: by place and day. Published: everybody reads the same."""

from collections.abc import Sequence
from datetime import date

from django.db.models import F, Q, QuerySet

from yukuai.accounts.policy import Actor
from yukuai.cases.models import DutyItem
from yukuai.kernel.errors import NotFound

JOINED = ("division", "category")


def list_duties(actor: Actor, *, division_ids: Sequence[int], on: date) -> QuerySet[DutyItem]:
    """Lines in force at these very places, by category."""
    rows = DutyItem.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=on), division__in=list(division_ids), valid_from__lte=on
    )
    return rows.select_related(*JOINED).order_by("category__order", "category__code", "area", "pk")


def list_duties_that_hold(actor: Actor, *, area: str, on: date) -> list[DutyItem]:
    """What the list says at one place: of the lines for a category the narrowest place's."""
    ids = [int(part) for part in area.split(".") if part]
    held: dict[int, DutyItem] = {}
    for item in list_duties(actor, division_ids=ids, on=on):
        known = held.get(item.category_id)
        if known is None or len(item.area) > len(known.area):
            held[item.category_id] = item
    return list(held.values())


def list_duty_history(actor: Actor, *, division_id: int) -> QuerySet[DutyItem]:
    """Every line of a place, also those that hold no more or not yet, the newest first."""
    rows = DutyItem.objects.filter(division=division_id).select_related(*JOINED)
    return rows.order_by(F("valid_from").desc(), "-pk")


def get_duty(actor: Actor, *, duty_id: int) -> DutyItem:
    found = DutyItem.objects.filter(pk=duty_id).select_related(*JOINED).first()
    if found is None:
        raise NotFound("职责清单里没有这一条。请回到清单重新选。")
    return found
