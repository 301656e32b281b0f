"""Steps of the actions that change the tree: all inside one transaction, all in sets."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django.db import connection

from yukuai.audit.actions import record
from yukuai.divisions.events import DivisionsChanged
from yukuai.divisions.following import repoint_rows
from yukuai.divisions.models import (
    ChangeKind,
    Division,
    DivisionChange,
    DivisionCode,
    DivisionName,
    DivisionPlacement,
    Succession,
)
from yukuai.divisions.rules import objection_to_name
from yukuai.kernel.actions import Acts
from yukuai.kernel.clock import today
from yukuai.kernel.errors import InvalidInput, NotFound
from yukuai.kernel.outbox import publish
from yukuai.kernel.scope import EVERYWHERE, widened

MANAGE = "division.manage"
BASIS_LIMIT = 200
_LOCK = 0x44495654  # any number that only this app uses


class Manages(Acts, Protocol):
    """Who acts on the tree. Authority is decided above this app; `require` refuses by raising."""

    @property
    def label(self) -> str: ...

    @property
    def user_id(self) -> int | None: ...

    def require(self, permission: str, thing: Any) -> None: ...


@dataclass(frozen=True)
class Grounds:
    """Why a change is made, from which day, when it is recorded; `key` so that it is once."""

    reason: str
    effective: date
    at: datetime
    basis: str = ""
    source: str = ""
    key: str = ""


def lock_tree() -> None:
    """One change of the tree at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def replayed(key: str) -> DivisionChange | None:
    """The change already made under this key: a form sent twice changes nothing twice."""
    return DivisionChange.objects.filter(key=key).first() if key else None


def check_grounds(grounds: Grounds) -> None:
    """Every change says why, and is recorded when it has come into effect."""
    if not grounds.reason.strip():
        raise InvalidInput("请写明理由。", fields={"reason": "请写明为什么变更。"})
    if len(grounds.basis) > BASIS_LIMIT:
        sentence = f"依据最多 {BASIS_LIMIT} 个字，现在有 {len(grounds.basis)} 个。"
        raise InvalidInput(sentence, fields={"basis": sentence})
    if grounds.effective > today(grounds.at):
        sentence = (
            f"生效日期不能晚于今天（{today(grounds.at)}）。以后才生效的变更，请到那一天再登记。"
        )
        raise InvalidInput(sentence, fields={"effective": sentence})


def create_change(
    actor: Manages, kind: ChangeKind, title: str, grounds: Grounds, details: dict[str, Any]
) -> DivisionChange:
    change = DivisionChange.objects.create(
        key=grounds.key or f"{kind}:{uuid.uuid4()}",
        title=title[:200],
        kind=kind,
        effective=grounds.effective,
        reason=grounds.reason,
        basis=grounds.basis,
        source=grounds.source[:200],
        actor=actor.label,
        recorded_at=grounds.at,
        details=details,
    )
    publish(DivisionsChanged(change_id=change.pk))
    return change


def living(ids: Sequence[int], field: str) -> list[Division]:
    """In the order asked for; each must exist today."""
    rows = Division.objects.select_for_update(of=("self",)).select_related("parent")
    found = {division.pk: division for division in rows.filter(pk__in=ids).order_by("pk")}
    if not ids or set(ids) - set(found):
        raise NotFound("选的区划里有一个不存在，请回到上一页重新选择。", field=field)
    for division in found.values():
        if division.valid_to is not None:
            sentence = f"“{division.name}”已在 {division.valid_to} 撤销，请选现在的区划。"
            raise InvalidInput(sentence, fields={field: sentence})
    return [found[pk] for pk in dict.fromkeys(ids)]


def check_name(name: str, *, kind: str, parent: Division | None) -> None:
    """Names are unique among the living of one kind under one parent."""
    if objection := objection_to_name(name):
        raise InvalidInput(objection, fields={"name": objection})
    if Division.objects.filter(parent=parent, kind=kind, name=name, valid_to=None).exists():
        where = f"“{parent.name}”里" if parent else ""
        sentence = f"{where}已经有“{name}”，请换一个名称。"
        raise InvalidInput(sentence, fields={"name": sentence})


def reserve_ids(count: int) -> list[int]:
    """Ids before the rows, for a path contains its own id."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('divisions_division', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [pk for (pk,) in cursor.fetchall()]


def move_subtrees(parents: Mapping[int, Division]) -> None:
    """Give each division (by id) a new parent; none of them may lie below another.

    One statement rewrites the paths of all the subtrees; the composite keys take the rows of
    every located table along (docs/adr/0001-area-paths.md).
    """
    before = dict(Division.objects.filter(pk__in=parents).values_list("pk", "path"))
    after = [f"{parents[pk].path}{pk}." for pk in before]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE divisions_division d SET path = m.after || substr(d.path, length(m.before) + 1)"
            " FROM unnest(%s::text[], %s::text[]) AS m (before, after)"
            " WHERE d.path >= m.before AND d.path < left(m.before, -1) || '/'",
            [list(before.values()), after],
        )
        cursor.execute(
            "UPDATE divisions_division d SET parent_id = m.parent"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS m (id, parent) WHERE d.id = m.id",
            [list(before), [parents[pk].pk for pk in before]],
        )


def list_subtree(roots: Iterable[Division]) -> list[int]:
    """The ids below, without the roots themselves."""
    paths = [root.path for root in roots]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.id FROM divisions_division d JOIN unnest(%s::text[]) AS r (path)"
            " ON d.path > r.path AND d.path < left(r.path, -1) || '/' ORDER BY d.id",
            [paths],
        )
        return [pk for (pk,) in cursor.fetchall()]


def turn_names(names: Mapping[int, str], *, effective: date) -> None:
    rows = [DivisionName(division_id=pk, name=name) for pk, name in names.items()]
    _turn(DivisionName, rows, effective)


def turn_placements(parents: Mapping[int, Division], *, effective: date) -> None:
    rows = [DivisionPlacement(division_id=pk, parent=parent) for pk, parent in parents.items()]
    _turn(DivisionPlacement, rows, effective)


def turn_codes(rows: Sequence[DivisionCode], *, effective: date) -> None:
    """The code of the same scheme until now ends; the new one begins."""
    DivisionCode.objects.filter(
        division__in=[row.division_id for row in rows],
        scheme__in={row.scheme for row in rows},
        valid_to=None,
    ).update(valid_to=effective)
    for row in rows:
        row.valid_from = effective
    DivisionCode.objects.bulk_create(rows, batch_size=2000)


def _turn(model: Any, rows: Sequence[Any], effective: date) -> None:
    """What was true ends on the day the new begins; what began that very day never was."""
    running = model.objects.filter(division__in=[row.division_id for row in rows], valid_to=None)
    running.filter(valid_from=effective).delete()
    running.update(valid_to=effective)
    for row in rows:
        row.valid_from = effective
    model.objects.bulk_create(rows, batch_size=2000)


def check_not_later(divisions: Sequence[Division], *, effective: date) -> None:
    """A dated row can only be followed by a later one."""
    for model in (DivisionName, DivisionPlacement):
        late = (
            model.objects.filter(division__in=divisions, valid_to=None, valid_from__gt=effective)
            .select_related("division")
            .first()
        )
        if late:
            sentence = (
                f"“{late.division.name}”在 {late.valid_from} 已有登记的变更，"
                "生效日期不能早于那一天。"
            )
            raise InvalidInput(sentence, fields={"effective": sentence})


def abolish(
    change: DivisionChange, heirs: Mapping[int, Sequence[Division]], *, effective: date
) -> int:
    """End divisions in favour of their heirs, the first of whom takes what lay there.

    Answers how many rows were re-pointed. Afterwards the division lies under its first heir, so
    that append-only rows, which keep their division, are read by whoever took over.
    """
    gone = list(Division.objects.filter(pk__in=heirs).select_for_update().order_by("pk"))
    with widened(EVERYWHERE):
        moved = sum(repoint_rows(division, heirs[division.pk][0]) for division in gone)
    for model in (DivisionCode, DivisionName, DivisionPlacement):
        model.objects.filter(division__in=gone, valid_to=None).update(valid_to=effective)
    Division.objects.filter(pk__in=heirs).update(valid_to=effective)
    move_subtrees({division.pk: heirs[division.pk][0] for division in gone})
    Succession.objects.bulk_create(
        Succession(change=change, predecessor=division, successor=heir)
        for division in gone
        for heir in heirs[division.pk]
    )
    return moved


def remember(actor: Manages, change: DivisionChange, *, area: str, at: datetime) -> None:
    """The change in the audit log, as it stands in the tree's own."""
    record(
        actor,
        act=f"division.{change.kind}",
        target=f"division-change:{change.pk}",
        area=area,
        at=at,
        title=change.title,
        reason=change.reason,
        basis=change.basis,
        effective=str(change.effective),
        divisions=change.details.get("divisions", []),
    )
