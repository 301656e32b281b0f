"""An import is taken back: what it made goes, what it changed is as before, and what somebody has
changed since stays and is listed.

What nobody has built upon was never a fact: it is deleted, the entries about it stay.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import F, ProtectedError

from yukuai.accounts.policy import Actor, require
from yukuai.audit.actions import record, record_each
from yukuai.kernel.actions import action
from yukuai.kernel.errors import Conflict
from yukuai.kernel.outbox import publish
from yukuai.registry.actions.importing import advance, lock_import
from yukuai.registry.events import RecordsTouched
from yukuai.registry.keeping import holders_of, permission_to_keep
from yukuai.registry.models import (
    MODELS,
    Building,
    CareTag,
    Claim,
    Dwelling,
    Entrance,
    Household,
    ImportBatch,
    ImportLine,
    Membership,
    Merge,
    NotSame,
    Occupancy,
    OfficeHolder,
)
from yukuai.registry.snapshots import remade, thaw
from yukuai.registry.states import Kind, Outcome, Stage

PORTION = 1000
CHANGED = "导入以后又改过"
BUILT_UPON = "导入以后又登记了别的（居住、家庭、服务或别人的说法）"
GONE = "记录已经不在"


@action
def undo_portion(actor: Actor, *, batch_id: int, at: datetime) -> int:
    """The last lines that are not undone yet; returns how many there were."""
    batch = lock_import(actor, batch_id)
    if batch.stage != Stage.UNDOING:
        raise Conflict("这次导入没有在撤销。")
    require(actor, permission_to_keep(batch.kind), batch)
    lines = list(
        ImportLine.objects.filter(batch=batch, undone=False)
        .exclude(line__in=[line for line, _why in batch.left])
        .order_by("-pk")[:PORTION]
    )
    rows = MODELS[batch.kind]._default_manager.select_for_update(of=("self",))
    known = {row.pk: row for row in rows.filter(pk__in=[one.subject_id for one in lines])}
    left = _left(batch, lines, known)
    undone = [one for one in lines if one.pk not in left]
    told = [known[one.subject_id] for one in undone if one.outcome != Outcome.SAME]
    _undo(batch, undone, known, left)
    publish(RecordsTouched(batch.division_id))
    if batch.kind == Kind.PERSON:
        things = [(row.target, batch.area, holders_of(row)) for row in told]
        record_each(actor, act="person.import-undone", things=things, at=at, batch=batch.pk)
    ImportLine.objects.filter(pk__in=[one.pk for one in lines if one.pk not in left]).update(
        undone=True
    )
    batch.left += [[one.line, left[one.pk]] for one in lines if one.pk in left]
    batch.upto += len(lines)
    batch.save(update_fields=["left", "upto"])
    return len(lines)


@action
def finish_undo(actor: Actor, *, batch_id: int, at: datetime) -> None:
    """Homes that the import made go where nobody lives in them any more."""
    batch = lock_import(actor, batch_id)
    _clear_homes(batch)
    batch.undone_at, batch.undone_by = at, actor.label
    advance(batch, Stage.UNDONE, at=at)
    record(
        actor,
        act="import.undone",
        target=batch.target,
        area=batch.area,
        at=at,
        kind=batch.get_kind_display(),
        file=batch.file_name,
        left=len(batch.left),
    )


def _left(batch: ImportBatch, lines: Sequence[ImportLine], known: dict[int, Any]) -> dict[int, str]:
    """Why a line stays, by line."""
    left = {}
    built = _built_upon(batch, [one for one in lines if one.outcome == Outcome.NEW])
    spells = _spells_changed(lines)
    for one in lines:
        row = known.get(one.subject_id)
        if row is None:
            left[one.pk] = GONE
        elif row.changed_at != one.stamp or row.ended_on is not None or one.pk in spells:
            left[one.pk] = CHANGED
        elif one.subject_id in built:
            left[one.pk] = BUILT_UPON
    return left


def _built_upon(batch: ImportBatch, new: Sequence[ImportLine]) -> set[int]:
    ids = [one.subject_id for one in new]
    found = set(
        Claim.objects.filter(kind=batch.kind, subject_id__in=ids).values_list(
            "subject_id", flat=True
        )
    )
    if batch.kind != Kind.PERSON:
        return found
    for spells in (Occupancy, Membership):
        others = spells.objects.filter(person_id__in=ids).exclude(batch_id=batch.pk)
        found |= set(others.values_list("person_id", flat=True))
    for model, column in (
        (CareTag, "person"),
        (OfficeHolder, "person"),
        (Merge, "kept"),
        (Merge, "gone"),
        (NotSame, "one"),
        (NotSame, "other"),
    ):
        rows: Any = model._default_manager.filter(**{f"{column}_id__in": ids})
        found |= set(rows.values_list(f"{column}_id", flat=True))
    return found


def _spells_changed(lines: Sequence[ImportLine]) -> set[int]:
    """Lines whose occupancy or membership somebody has ended or taken away."""
    changed = set()
    for model, key in ((Occupancy, "occupancy"), (Membership, "membership")):
        wanted = {one.made[key]: one.pk for one in lines if key in one.made}
        rows: Any = model._default_manager.filter(pk__in=wanted, until=None)
        changed |= {wanted[pk] for pk in wanted.keys() - set(rows.values_list("pk", flat=True))}
    return changed


def _undo(
    batch: ImportBatch,
    lines: Sequence[ImportLine],
    known: dict[int, Any],
    left: dict[int, str],
) -> None:
    for model, made, ended in (
        (Occupancy, "occupancy", "left"),
        (Membership, "membership", "parted"),
    ):
        rows: Any = model._default_manager
        rows.filter(pk__in=_ids(lines, made)).delete()
        rows.filter(pk__in=_ids(lines, ended)).update(until=None)
    for one in lines:
        if "relation" in one.made:
            pk, relation = one.made["relation"]
            Membership.objects.filter(pk=pk).update(relation=relation)
        if one.before:
            _restore(known[one.subject_id], json.loads(one.before))
    new = [one for one in lines if one.outcome == Outcome.NEW]
    if batch.kind == Kind.PERSON:
        MODELS[Kind.PERSON]._default_manager.filter(pk__in=[one.subject_id for one in new]).delete()
        return
    for one in new:
        if not _delete(known[one.subject_id]):
            left[one.pk] = BUILT_UPON


def _ids(lines: Sequence[ImportLine], key: str) -> list[int]:
    return [one.made[key] for one in lines if key in one.made]


def _restore(row: Any, before: dict[str, Any]) -> None:
    names = thaw(row, before["row"])
    if names:
        row.save(update_fields=names)
    Claim.objects.filter(pk__in=before["claims_made"]).delete()
    for frozen in before["claims_before"]:
        remade(Claim, frozen, division=row.division).save()


def _delete(row: Any) -> bool:
    try:
        row.delete()
    except ProtectedError:
        return False
    return True


def _clear_homes(batch: ImportBatch) -> None:
    unchanged: dict[str, Any] = {"batch_id": batch.pk, "changed_at": F("created_at")}
    households = Household.objects.filter(**unchanged, members=None)
    households.delete()
    dwellings = Dwelling.objects.filter(
        **unchanged, occupancies=None, households=None, organisations=None
    )
    dwellings.exclude(pk__in=_claimed(Kind.DWELLING)).delete()
    entrances = Entrance.objects.filter(pk__in=batch.made.get("entrances", ()), dwellings=None)
    entrances.delete()
    buildings = Building.objects.filter(**unchanged, dwellings=None, entrances=None)
    buildings.exclude(pk__in=_claimed(Kind.BUILDING)).delete()


def _claimed(kind: str) -> Any:
    return Claim.objects.filter(kind=kind).values("subject_id")
