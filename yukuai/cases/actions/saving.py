"""A filter gets a name, a place in the row, colleagues to share it with, and may be forgotten."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from yukuai.accounts import policy
from yukuai.accounts.policy import Actor, Permission
from yukuai.cases.actions._steps import required
from yukuai.cases.models import SavedFilter
from yukuai.cases.saved import MOST, desk_key, get_saved_filter, own_key, person_of
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput
from yukuai.kernel.locks import hold

NAME_LENGTH = 20
FORGOTTEN = timedelta(days=1)
"""So long something deleted can be taken back."""


@action
def save_filter(actor: Actor, *, name: str, query: Mapping[str, str], at: datetime) -> SavedFilter:
    """Behind the officer's others. Raises Conflict when he keeps too many already."""
    policy.require_anywhere(actor, Permission.CASE_VIEW)
    _one_at_a_time(actor)
    name = _named(actor, name)
    if not query:
        raise InvalidInput("还没有选条件。先在列表上筛一筛，再存下来。")
    SavedFilter.objects.filter(user_id=person_of(actor), removed_at__lt=at - FORGOTTEN).delete()
    own = list(_own(actor))
    if len(own) >= MOST:
        raise Conflict(f"最多存 {MOST} 个筛选。先删掉用不着的，再存这个。")
    return SavedFilter.objects.create(
        user_id=person_of(actor),
        holders=[own_key(actor)],
        name=name,
        query=dict(query),
        position=max((row.position for row in own), default=0) + 1,
        created_at=at,
    )


@action
def rename_filter(actor: Actor, *, filter_id: int, name: str, at: datetime) -> None:
    _one_at_a_time(actor)
    row = get_saved_filter(actor, filter_id=filter_id, locked=True)
    row.name = _named(actor, name, but=row.pk)
    row.save(update_fields=["name"])


@action
def move_filter(actor: Actor, *, filter_id: int, up: bool, at: datetime) -> None:
    """One place forwards or back; at the end of the row nothing happens."""
    _one_at_a_time(actor)
    own = list(_own(actor))
    here = next((place for place, row in enumerate(own) if row.pk == filter_id), None)
    if here is None:
        get_saved_filter(actor, filter_id=filter_id)
        return
    there = here + (-1 if up else 1)
    if 0 <= there < len(own):
        own[here], own[there] = own[there], own[here]
        for place, row in enumerate(own, 1):
            row.position = place
        SavedFilter.objects.bulk_update(own, ["position"])


@action
def share_filter(actor: Actor, *, filter_id: int, shared: bool, at: datetime) -> None:
    """With whoever holds a post at the same place, in the same department."""
    row = get_saved_filter(actor, filter_id=filter_id, locked=True)
    desk = desk_key(actor)
    if shared and not desk:
        raise Conflict("您现在的岗位没有固定的地方，不能共享。")
    row.desk = desk if shared else ""
    row.holders = [own_key(actor), *([desk] if shared else [])]
    row.save(update_fields=["desk", "holders"])


@action
def remove_filter(actor: Actor, *, filter_id: int, at: datetime) -> SavedFilter:
    row = get_saved_filter(actor, filter_id=filter_id, locked=True)
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    return row


@action
def restore_filter(actor: Actor, *, filter_id: int, at: datetime) -> SavedFilter:
    """Take back what was deleted a moment ago. Raises Conflict when its place was taken."""
    _one_at_a_time(actor)
    row = get_saved_filter(actor, filter_id=filter_id, removed=True, locked=True)
    own = list(_own(actor))
    if len(own) >= MOST:
        raise Conflict(f"最多存 {MOST} 个筛选。先删掉用不着的，再放回来。")
    if any(other.name == row.name for other in own):
        raise Conflict(f"已经有一个叫“{row.name}”的筛选。先给它改个名字，再放回来。")
    row.removed_at = None
    row.save(update_fields=["removed_at"])
    return row


def _own(actor: Actor) -> list[SavedFilter]:
    rows = SavedFilter.objects.filter(user_id=person_of(actor), removed_at=None)
    return list(rows.order_by("position", "pk"))


def _named(actor: Actor, name: str, *, but: int | None = None) -> str:
    sentence = "起个名字，例如“本周到期”。"
    name = required(name, field="name", sentence=sentence, limit=NAME_LENGTH)
    name = " ".join(name.split())
    if any(row.name == name and row.pk != but for row in _own(actor)):
        taken = f"已经有一个叫“{name}”的筛选，换个名字。"
        raise InvalidInput(taken, fields={"name": taken})
    return name


def _one_at_a_time(actor: Actor) -> None:
    """Two windows of one officer: names stay single, and twenty stay twenty."""
    hold(f"saved-filter:{actor.user_id}")
