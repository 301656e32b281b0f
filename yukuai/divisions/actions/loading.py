"""A whole table of divisions, as it stood on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from yukuai.audit.actions import record
from yukuai.divisions.models import (
    CodeScheme,
    Division,
    DivisionCode,
    DivisionName,
    DivisionPlacement,
)
from yukuai.divisions.rules import Code, initials
from yukuai.divisions.steps import MANAGE, Manages, lock_tree, reserve_ids
from yukuai.divisions.tables import Findings, Row, check_rows
from yukuai.kernel.actions import action

_BATCH = 2000


@dataclass(frozen=True)
class Loaded:
    created: int
    kept: int


@dataclass(frozen=True)
class _Everywhere:
    """A table may name any place: whoever loads it must be in charge of all of them."""

    area: str = ""


@dataclass(frozen=True)
class _Known:
    """Who bears a code on the day of the table, and what it was called then."""

    id: int
    name: str
    path: str
    ended: bool


@action
def load_divisions(
    actor: Manages, *, rows: Sequence[Row], on: date, source: str, at: datetime
) -> Loaded:
    """Add what the platform does not know yet. Raises InvalidInput with every row that is wrong.

    A row whose code is known on that day must agree in its name; it is never changed from here.
    """
    actor.require(MANAGE, _Everywhere())
    lock_tree()
    known = _known(on)
    in_force = frozenset(code for code, division in known.items() if not division.ended)
    checked = check_rows(rows, known=in_force)
    _compare(checked, known)
    new = [(row, code) for row, code in checked if row.code not in known]
    if new:
        _create(new, known, on, source)
        record(
            actor,
            act="division.load",
            target="divisions",
            area=_root_path(),  # where the city's auditor finds it
            at=at,
            source=source,
            on=str(on),
            created=len(new),
        )
    return Loaded(created=len(new), kept=len(checked) - len(new))


def _root_path() -> str:
    return Division.objects.filter(parent=None).values_list("path", flat=True).first() or ""


def _known(on: date) -> dict[str, _Known]:
    holds = Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))
    names = dict(DivisionName.objects.filter(holds).values_list("division", "name"))
    codes = DivisionCode.objects.filter(holds).exclude(scheme=CodeScheme.POLICE)
    rows = codes.values_list("code", "division", "division__path", "division__valid_to")
    return {
        code: _Known(pk, names.get(pk, ""), path, ended is not None)
        for code, pk, path, ended in rows
    }


def _compare(checked: Sequence[tuple[Row, Code]], known: Mapping[str, _Known]) -> None:
    findings = Findings()
    new_parents = {code.parent for row, code in checked if row.code not in known}
    parents = {known[parent].id: parent for parent in new_parents if parent in known}
    siblings = Division.objects.filter(parent__in=parents, valid_to=None)
    taken = {
        (parents[parent], kind, name)
        for parent, kind, name in siblings.values_list("parent", "kind", "name")
        if parent is not None
    }
    for row, code in checked:
        if row.code in known:
            if known[row.code].name != row.name:
                findings.add(
                    row.line,
                    f"{row.code} 在平台里叫“{known[row.code].name}”，表里是“{row.name}”；"
                    "改名请用“更名”，不从表里改。",
                )
        elif (code.parent, str(code.kind), row.name) in taken:
            findings.add(row.line, f"上级 {code.parent} 下面已有“{row.name}”，编码不同。")
    findings.refuse()


def _create(
    new: Sequence[tuple[Row, Code]], known: Mapping[str, _Known], on: date, source: str
) -> None:
    ids = reserve_ids(len(new))
    places = {code: (division.id, division.path) for code, division in known.items()}
    divisions = []
    for pk, (row, code) in zip(ids, new, strict=True):
        parent_id, above = places.get(code.parent, (None, ""))
        places[row.code] = (pk, f"{above}{pk}.")
        divisions.append(
            Division(
                id=pk,
                parent_id=parent_id,
                kind=code.kind,
                name=row.name,
                code=row.code,
                initials=initials(row.name),
                path=places[row.code][1],
                valid_from=on,
            )
        )
    Division.objects.bulk_create(divisions, batch_size=_BATCH)
    _create_dated(divisions, [code.scheme for _row, code in new], on, source)


def _create_dated(
    divisions: Sequence[Division], schemes: Sequence[CodeScheme], on: date, source: str
) -> None:
    DivisionCode.objects.bulk_create(
        [
            DivisionCode(
                division=division,
                scheme=scheme,
                code=division.code,
                source=source,
                official=scheme == CodeScheme.STATISTICS,
                valid_from=on,
            )
            for division, scheme in zip(divisions, schemes, strict=True)
        ],
        batch_size=_BATCH,
    )
    DivisionName.objects.bulk_create(
        [DivisionName(division=d, name=d.name, valid_from=on) for d in divisions],
        batch_size=_BATCH,
    )
    DivisionPlacement.objects.bulk_create(
        [DivisionPlacement(division=d, parent_id=d.parent_id, valid_from=on) for d in divisions],
        batch_size=_BATCH,
    )
