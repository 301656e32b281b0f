"""Renaming, moving and merging: by a person, with a reason, on a day that has come."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from yukuai.divisions.models import ChangeKind, Division, DivisionChange, DivisionKind
from yukuai.divisions.rules import (
    initials,
    objection_to_parent,
    tidy_name,
)
from yukuai.divisions.steps import (
    MANAGE,
    Grounds,
    Manages,
    abolish,
    check_grounds,
    check_name,
    check_not_later,
    create_change,
    list_subtree,
    living,
    lock_tree,
    move_subtrees,
    remember,
    replayed,
    turn_names,
    turn_placements,
)
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict, InvalidInput


@action
def rename_division(
    actor: Manages,
    *,
    division_id: int,
    name: str,
    reason: str,
    effective: date,
    at: datetime,
    basis: str = "",
    key: str = "",
) -> DivisionChange:
    """A new name from a day on; the old one stays true of the days before."""
    grounds = Grounds(reason, effective, at, basis, key=key)
    lock_tree()
    if change := replayed(key):
        return change
    (division,) = living([division_id], "division_id")
    actor.require(MANAGE, _authority_over(division))
    check_grounds(grounds)
    name = tidy_name(name)
    if name == division.name:
        raise InvalidInput("新名称与现在的一样。", fields={"name": "新名称与现在的一样。"})
    check_name(name, kind=division.kind, parent=division.parent)
    check_not_later([division], effective=effective)
    before, division.name, division.initials = division.name, name, initials(name)
    division.save(update_fields=["name", "initials"])
    turn_names({division.pk: name}, effective=effective)
    details = {"divisions": [division.pk], "before": before, "after": name}
    change = create_change(actor, ChangeKind.RENAME, f"{before}更名为{name}", grounds, details)
    remember(actor, change, area=_authority_over(division).path, at=at)
    return change


@action
def move_division(
    actor: Manages,
    *,
    division_ids: Sequence[int],
    parent_id: int,
    reason: str,
    effective: date,
    at: datetime,
    basis: str = "",
    key: str = "",
) -> DivisionChange:
    """Put one or several under another parent in one event. Codes stay until others are known."""
    grounds = Grounds(reason, effective, at, basis, key=key)
    lock_tree()
    if change := replayed(key):
        return change
    divisions = living(division_ids, "division_ids")
    (parent,) = living([parent_id], "parent_id")
    for place in (*map(_authority_over, divisions), parent):
        actor.require(MANAGE, place)
    check_grounds(grounds)
    _check_move(divisions, parent, effective)
    check_not_later(divisions, effective=effective)
    details = {
        "divisions": [division.pk for division in divisions],
        "carried": list_subtree(divisions),
        "before": {str(division.pk): division.parent_id for division in divisions},
        "after": parent.pk,
    }
    parents = {division.pk: parent for division in divisions}
    move_subtrees(parents)
    turn_placements(parents, effective=effective)
    title = f"{_names(divisions)}划入{parent.name}"
    change = create_change(actor, ChangeKind.MOVE, title, grounds, details)
    remember(actor, change, area=parent.path, at=at)
    return change


@action
def merge_divisions(
    actor: Manages,
    *,
    source_ids: Sequence[int],
    into_id: int,
    reason: str,
    effective: date,
    at: datetime,
    basis: str = "",
    key: str = "",
) -> DivisionChange:
    """Abolish some in favour of another: what lay in them or below lies there from now on."""
    grounds = Grounds(reason, effective, at, basis, key=key)
    lock_tree()
    if change := replayed(key):
        return change
    sources = living(source_ids, "source_ids")
    (into,) = living([into_id], "into_id")
    for place in map(_authority_over, [*sources, into]):
        actor.require(MANAGE, place)
    check_grounds(grounds)
    _check_merge(sources, into, effective)
    children = list(Division.objects.filter(parent__in=sources, valid_to=None).order_by("pk"))
    _check_names(children, into)
    check_not_later([*sources, *children], effective=effective)
    details: dict[str, Any] = {
        "divisions": [*(source.pk for source in sources), into.pk],
        "carried": list_subtree(sources),
    }
    title = f"{_names(sources)}并入{into.name}"
    change = create_change(actor, ChangeKind.MERGE, title, grounds, details)
    parents = {child.pk: into for child in children}
    move_subtrees(parents)
    turn_placements(parents, effective=effective)
    heirs = {source.pk: [into] for source in sources}
    change.details["repointed"] = abolish(change, heirs, effective=effective)
    change.save(update_fields=["details"])
    remember(actor, change, area=_authority_over(into).path, at=at)
    return change


def _authority_over(division: Division) -> Division:
    """A change of a place is for whoever is in charge of the place above it."""
    return division.parent or division


def _check_move(divisions: Sequence[Division], parent: Division, effective: date) -> None:
    for division in divisions:
        objection = _objection_to_move(division, parent, effective)
        if objection:
            raise InvalidInput(objection, fields={"parent_id": objection})
    _check_names(divisions, parent)


def _objection_to_move(division: Division, parent: Division, effective: date) -> str:
    if parent.path.startswith(division.path):
        return f"“{division.name}”不能划到自己或自己的下级下面。"
    if division.parent_id == parent.pk:
        return f"“{division.name}”本来就在“{parent.name}”下面。"
    if parent.valid_from > effective:
        return f"“{parent.name}”从 {parent.valid_from} 起才有，生效日期不能更早。"
    return objection_to_parent(DivisionKind(division.kind), DivisionKind(parent.kind))


def _check_merge(sources: Sequence[Division], into: Division, effective: date) -> None:
    for source in sources:
        if source.pk == into.pk:
            objection = f"“{into.name}”不能并入自己。"
        elif source.kind != into.kind:
            objection = (
                f"“{source.name}”是{source.get_kind_display()}，"
                f"“{into.name}”是{into.get_kind_display()}，只能同一级合并。"
            )
        elif max(source.valid_from, into.valid_from) >= effective:
            objection = f"生效日期要晚于“{source.name}”和“{into.name}”开始有记录的那一天。"
        else:
            continue
        raise InvalidInput(objection, fields={"source_ids": objection})


def _check_names(arriving: Sequence[Division], parent: Division) -> None:
    there = Division.objects.filter(parent=parent, valid_to=None).exclude(
        pk__in=[d.pk for d in arriving]
    )
    taken = set(there.values_list("kind", "name"))
    for division in arriving:
        key = (division.kind, division.name)
        if key in taken:
            raise Conflict(
                f"“{parent.name}”里已经有“{division.name}”。请先给其中一个更名，再来办这件事。"
            )
        taken.add(key)


def _names(divisions: Sequence[Division]) -> str:
    names = "、".join(division.name for division in divisions[:3])
    return names if len(divisions) <= 3 else f"{names}等 {len(divisions)} 个"
