"""职责清单: lines that begin and end on a day. None is rewritten; a new one ends the one before."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.audit.actions import record
from yukuai.cases.actions._steps import required
from yukuai.cases.duties import get_duty
from yukuai.cases.models import Category, DutyItem
from yukuai.cases.models.duties import Body, Duty
from yukuai.cases.queries import get_active_category
from yukuai.divisions.queries import get_division, list_children
from yukuai.kernel.actions import action
from yukuai.kernel.clock import today
from yukuai.kernel.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from yukuai.divisions.models import Division

LEVELS = frozenset({"city", "district", "zone"})
BASIS_LENGTH = 200


@action
def set_duty(
    actor: Actor,
    *,
    division_id: int,
    category_id: int | None,
    duty: str,
    basis: str,
    valid_from: date,
    valid_to: date | None = None,
    reason: str,
    at: datetime,
) -> DutyItem:
    """From a day on, this is what the list of a city or district says of a category. The line
    that held until then ends the day before; `valid_to` is the first day without it."""
    division = get_division(actor, division_id=division_id)
    policy.require(actor, Permission.DUTY_MANAGE, division)
    category = _checked(actor, division, category_id, duty, valid_from, valid_to)
    basis = required(
        basis, field="basis", sentence="写明依据的文件，写上文号。", limit=BASIS_LENGTH
    )
    reason = required(reason, field="reason", sentence="写明为什么，以后查得到。")
    _make_room(actor, division.pk, category, valid_from, valid_to, reason)
    item = DutyItem.objects.create(
        division=division,
        body=Body.COMMUNITY,
        category=category,
        duty=duty,
        basis=basis,
        source=f"{actor.label}录入",
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason,
        made_by=actor.label,
        made_by_id=actor.user_id,
        made_at=at,
    )
    _remember(actor, item, "duty.set", reason, at)
    return item


def _checked(
    actor: Actor,
    division: "Division",
    category_id: int | None,
    duty: str,
    valid_from: date,
    valid_to: date | None,
) -> Category:
    """The category; raises InvalidInput with the field of whatever cannot be used."""
    if division.kind not in LEVELS or division.valid_to is not None:
        _refuse("division", "职责清单由市和区县定。请换一个地方。")
    if duty not in Duty.values:
        _refuse("duty", "选应由社区办、社区协助，还是不得交社区。")
    if valid_to is not None and valid_to <= valid_from:
        _refuse("valid_to", "结束的日子要晚于开始的日子。")
    category = get_active_category(actor, category_id=category_id)
    if category is None:
        sentence = "选一个事项类别。"
        raise InvalidInput(sentence, fields={"category": sentence})
    return category


def _make_room(
    actor: Actor,
    division_id: int,
    category: Category,
    since: date,
    until: date | None,
    reason: str,
) -> None:
    """What began before ends now; what is planned for later has to be settled by a person."""
    rows = DutyItem.objects.select_for_update().filter(
        division=division_id, category=category, body=Body.COMMUNITY
    )
    for item in rows.order_by("valid_from"):
        if item.valid_to is not None and item.valid_to <= since:
            continue
        if item.valid_from >= since and (until is None or item.valid_from < until):
            sentence = (
                f"“{category.name}”从 {item.valid_from} 起已经有一条。先停用那一条，或换一个日子。"
            )
            raise InvalidInput(sentence, fields={"valid_from": sentence})
        if item.valid_from < since:
            item.valid_to, item.ended_reason, item.ended_by = since, reason, actor.label
            item.save(update_fields=["valid_to", "ended_reason", "ended_by"])


@action
def end_duty(actor: Actor, *, duty_id: int, reason: str, at: datetime) -> DutyItem:
    """From today it holds no more; the next wider place's line counts again, if there is one."""
    item = get_duty(actor, duty_id=duty_id)
    policy.require(actor, Permission.DUTY_MANAGE, item)
    item = (
        DutyItem.objects.select_for_update(of=("self",)).select_related("category").get(pk=item.pk)
    )
    day = today(at)
    if item.valid_to is not None and item.valid_to <= day:
        raise Conflict("这一条已经停用了。")
    item.ended_reason = required(reason, field="reason", sentence="写明为什么，以后查得到。")
    item.ended_by = actor.label
    item.valid_to = max(day, item.valid_from)
    item.save(update_fields=["valid_to", "ended_reason", "ended_by"])
    _remember(actor, item, "duty.end", item.ended_reason, at)
    return item


@action
def load_duties(actor: Actor, *, rows: Iterable[Mapping[str, str]], at: datetime) -> int:
    """The city's list to begin with, for as long as the city is known; a category that ever had a
    line of the city keeps it."""
    roots = list_children(actor)
    if not roots:
        return 0
    city = get_division(actor, division_id=roots[0].id)
    policy.require(actor, Permission.DUTY_MANAGE, city)
    known = set(DutyItem.objects.filter(division=city).values_list("category__code", flat=True))
    categories = {category.code: category for category in Category.objects.all()}
    new = [
        DutyItem(
            division=city,
            category=categories[row["category"]],
            duty=Duty(row["duty"]),
            basis=row["basis"],
            source=row["source"],
            valid_from=city.valid_from,
            reason="装入默认的清单。",
            made_by=actor.label,
            made_by_id=actor.user_id,
            made_at=at,
        )
        for row in rows
        if row["category"] in categories and row["category"] not in known
    ]
    DutyItem.objects.bulk_create(new)
    if new:
        record(actor, act="duty.load", target=f"{len(new)} 条", area=city.path, at=at)
    return len(new)


def _refuse(field: str, sentence: str) -> None:
    raise InvalidInput(sentence, fields={field: sentence})


def _remember(actor: Actor, item: DutyItem, act: str, reason: str, at: datetime) -> None:
    said = {"reason": reason, "duty": item.duty, "basis": item.basis}
    record(actor, act=act, target=item.category.name, area=item.area, at=at, **said)
