"""A portion of judged lines becomes rows, each kind of row in one statement, and what is needed to
take each line back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from yukuai.kernel.together import insert_many
from yukuai.registry.intake.judging import Judge, Judged, is_taken
from yukuai.registry.keeping import write_weighed
from yukuai.registry.models import MODELS, Claim, ImportLine, Membership, Occupancy
from yukuai.registry.snapshots import Frozen, as_json, freeze
from yukuai.registry.states import Kind, Outcome


class Moved(Exception):
    """Somebody has changed a record since it was looked at: look again."""


def write_lines(judge: Judge, judged: Sequence[Judged], *, at: datetime) -> list[int]:
    """A step. Returns the entrances that were made. Raises Moved, IntegrityError."""
    taken = [one for one in judged if is_taken(one)]
    new = [one for one in taken if one.outcome == Outcome.NEW]
    entrances = judge.homes.save()
    if judge.setting.kind != Kind.DWELLING:
        insert_many([one.row for one in new])
    for one in new:
        judge.applied[one.row.pk] = one.line
    before = {id(one): _amend(judge, one, at) for one in taken if one.weighed is not None}
    made: dict[int, dict[str, Any]] = {id(one): {} for one in taken}
    _move(judge, taken, made)
    _join(judge, taken, made)
    insert_many([_line(judge, one, made[id(one)], before.get(id(one), ""), at) for one in taken])
    return entrances


def _line(judge: Judge, one: Judged, made: dict[str, Any], before: str, at: datetime) -> ImportLine:
    return ImportLine(
        division=judge.setting.division,
        batch_id=judge.setting.batch_id,
        line=one.line,
        digest=one.digest,
        outcome=one.outcome,
        subject_id=one.row.pk,
        made=made,
        before=before,
        stamp=one.row.changed_at,
    )


def _amend(judge: Judge, one: Judged, at: datetime) -> str:
    """What the record and its claims were before; '' where nothing about it changes."""
    weighed, row = one.weighed, one.row
    assert weighed is not None
    if not weighed.taken and not weighed.noted and weighed.facts == row.facts:
        return ""
    if row.kind != Kind.PERSON:
        _lock_unmoved(row)
    touched = bool(weighed.taken or weighed.noted)
    was, claims = freeze(row), _claims(row) if touched else {}
    write_weighed(row, one.values, judge.setting.evidence, weighed, at=at)
    now = freeze(row)
    changed: Frozen = {name: value for name, value in was.items() if now[name] != value}
    after = _claims(row) if touched else {}
    return as_json(
        {
            "row": changed,
            "claims_made": sorted(after.keys() - claims.keys()),
            "claims_before": [frozen for pk, frozen in claims.items() if after.get(pk) != frozen],
        }
    )


def _lock_unmoved(row: Any) -> None:
    rows = MODELS[row.kind]._default_manager.select_for_update(of=("self",))
    if not rows.filter(pk=row.pk, changed_at=row.changed_at, ended_on=None).exists():
        raise Moved


def _claims(row: Any) -> dict[int, Frozen]:
    rows = Claim.objects.filter(kind=row.kind, subject_id=row.pk)
    return {claim.pk: freeze(claim) for claim in rows}


def _move(judge: Judge, taken: Sequence[Judged], made: dict[int, dict[str, Any]]) -> None:
    moving = [one for one in taken if one.moves]
    lives = getattr(judge, "lives", {})
    for one in moving:
        now = lives.get(one.row.pk, {}).get(one.dwelling.pk) if one.weighed else None
        if now is None:
            continue
        day = judge.setting.day
        now.until = max(one.place.since or day, now.since or day.min)
        now.save(update_fields=["until"])
        made[id(one)]["left"] = now.pk
    rows = [
        Occupancy(
            division=judge.setting.division,
            person=one.row,
            dwelling=one.dwelling,
            living=one.place.living,
            since=one.place.since,
            batch_id=judge.setting.batch_id,
        )
        for one in moving
    ]
    insert_many(rows)
    for one, row in zip(moving, rows, strict=True):
        made[id(one)]["occupancy"] = row.pk


def _join(judge: Judge, taken: Sequence[Judged], made: dict[int, dict[str, Any]]) -> None:
    joining = []
    belongs = getattr(judge, "belongs", {})
    for one in (one for one in taken if one.joins):
        now = belongs.get(one.row.pk) if one.weighed else None
        if now is not None and now.household_id == one.household.pk:
            made[id(one)]["relation"] = [now.pk, now.relation]
            now.relation = one.place.relation
            now.save(update_fields=["relation"])
            continue
        if now is not None:
            now.until = max(judge.setting.day, now.since or judge.setting.day)
            now.save(update_fields=["until"])
            made[id(one)]["parted"] = now.pk
        joining.append(one)
    rows = [
        Membership(
            division=judge.setting.division,
            household=one.household,
            person=one.row,
            relation=one.place.relation,
            batch_id=judge.setting.batch_id,
        )
        for one in joining
    ]
    insert_many(rows)
    for one, row in zip(joining, rows, strict=True):
        made[id(one)]["membership"] = row.pk
