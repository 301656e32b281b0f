"""A reorganisation of districts as one dated event."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yukuai.divisions.models import ChangeKind, CodeScheme, Division, DivisionChange, DivisionCode
from yukuai.divisions.rules import BadCode, initials, parse_code
from yukuai.divisions.steps import (
    MANAGE,
    Grounds,
    Manages,
    abolish,
    check_grounds,
    check_not_later,
    create_change,
    list_subtree,
    lock_tree,
    move_subtrees,
    remember,
    replayed,
    reserve_ids,
    turn_codes,
    turn_names,
    turn_placements,
)
from yukuai.divisions.tables import Findings, Reorganisation, Transfer
from yukuai.kernel.actions import action
from yukuai.kernel.errors import InvalidInput

_Pairs = list[tuple[Transfer, Division]]


@action
def play_change(actor: Manages, *, plan: Reorganisation, at: datetime) -> DivisionChange:
    """Found, re-parent, re-code and abolish on one day. Played under its key, once.

    Raises InvalidInput with the rows that do not fit the tree as it is.
    """
    lock_tree()
    if change := replayed(plan.key):
        return change
    grounds = Grounds(plan.reason, plan.effective, at, plan.basis, plan.source, plan.key)
    check_grounds(grounds)
    current = _current(plan)
    _check(plan, current)
    city = _city_of(plan, current)
    actor.require(MANAGE, city)
    moved = [(transfer, current[transfer.old_code]) for transfer in plan.transfers]
    check_not_later([division for _transfer, division in moved], effective=plan.effective)
    change = create_change(
        actor, ChangeKind.REORGANISE, plan.title, grounds, _details(plan, moved, current)
    )
    current |= _found(plan, current)
    _move(plan, moved, current)
    heirs = {current[a.code].pk: [current[c] for c in a.successors] for a in plan.abolished}
    change.details |= {
        "divisions": sorted(
            {*change.details["divisions"], *(current[f.code].pk for f in plan.founded)}
        ),
        "repointed": abolish(change, heirs, effective=plan.effective),
    }
    change.save(update_fields=["details"])
    remember(actor, change, area=city.path, at=at)
    return change


def _current(plan: Reorganisation) -> dict[str, Division]:
    """The divisions of today that the plan names, by the codes they bear."""
    codes = {transfer.old_code for transfer in plan.transfers}
    codes |= {transfer.old_parent for transfer in plan.transfers}
    codes |= {transfer.new_parent for transfer in plan.transfers}
    codes |= {entry.parent for entry in plan.founded} | {entry.code for entry in plan.founded}
    codes |= {code for entry in plan.abolished for code in (entry.code, *entry.successors)}
    rows = DivisionCode.objects.filter(code__in=codes, valid_to=None, division__valid_to=None)
    return {row.code: row.division for row in rows.select_related("division__parent")}


def _city_of(plan: Reorganisation, current: Mapping[str, Division]) -> Division:
    first = current[plan.transfers[0].old_code if plan.transfers else plan.abolished[0].code]
    return Division.objects.get(pk=int(first.path.split(".")[0]))


def _check(plan: Reorganisation, current: Mapping[str, Division]) -> None:
    findings = Findings()
    founded = {entry.code for entry in plan.founded}
    for transfer in plan.transfers:
        if objection := _objection(transfer, current, founded):
            findings.add(transfer.line, objection)
    findings.refuse()
    if existing := founded & set(current):
        raise InvalidInput(f"要设立的 {'、'.join(sorted(existing))} 已经有了。")
    missing = {entry.code for entry in plan.abolished} - set(current)
    missing |= {entry.parent for entry in plan.founded} - set(current)
    missing |= {c for entry in plan.abolished for c in entry.successors} - set(current) - founded
    if missing:
        raise InvalidInput(f"平台里没有 {'、'.join(sorted(missing))}，请先装入区划表。")


def _objection(transfer: Transfer, current: Mapping[str, Division], founded: set[str]) -> str:
    division, parent = current.get(transfer.old_code), current.get(transfer.old_parent)
    if division is None or parent is None:
        return f"平台里现在没有 {transfer.old_code}（或它的上级 {transfer.old_parent}）。"
    if division.name != transfer.name:
        return f"{transfer.old_code} 在平台里叫“{division.name}”，表里是“{transfer.name}”。"
    if division.parent_id != parent.pk:
        return f"“{division.name}”现在不在 {transfer.old_parent} 下面。"
    if transfer.new_parent not in current and transfer.new_parent not in founded:
        return f"划入的 {transfer.new_parent} 平台里没有，也不在这次设立之列。"
    try:
        fits = parse_code(transfer.new_code).parent == transfer.new_parent
    except BadCode as error:
        return str(error)
    return "" if fits else f"新编码 {transfer.new_code} 不在 {transfer.new_parent} 之下。"


def _details(
    plan: Reorganisation, moved: _Pairs, current: Mapping[str, Division]
) -> dict[str, Any]:
    divisions = [division for _transfer, division in moved]
    ended = [current[entry.code].pk for entry in plan.abolished]
    return {
        "divisions": [*ended, *(division.pk for division in divisions)],
        "carried": list_subtree(divisions),
    }


def _found(plan: Reorganisation, current: Mapping[str, Division]) -> dict[str, Division]:
    made = {}
    for pk, entry in zip(reserve_ids(len(plan.founded)), plan.founded, strict=True):
        parent = current[entry.parent]
        made[entry.code] = Division(
            id=pk,
            parent=parent,
            kind=parse_code(entry.code).kind,
            name=entry.name,
            code=entry.code,
            initials=initials(entry.name),
            path=f"{parent.path}{pk}.",
            valid_from=plan.effective,
        )
    Division.objects.bulk_create(made.values())
    turn_names({d.pk: d.name for d in made.values()}, effective=plan.effective)
    turn_placements(
        {d.pk: current[e.parent] for e, d in zip(plan.founded, made.values(), strict=True)},
        effective=plan.effective,
    )
    turn_codes(
        [
            DivisionCode(
                division=made[entry.code],
                scheme=parse_code(entry.code).scheme,
                code=entry.code,
                official=entry.official,
                source=entry.source,
            )
            for entry in plan.founded
        ],
        effective=plan.effective,
    )
    return made


def _move(plan: Reorganisation, moved: _Pairs, current: Mapping[str, Division]) -> None:
    """Townships go to their new districts under new codes; what lies below keeps its codes."""
    parents = {division.pk: current[transfer.new_parent] for transfer, division in moved}
    move_subtrees(parents)
    turn_placements(parents, effective=plan.effective)
    for transfer, division in moved:
        division.code = transfer.new_code
    Division.objects.bulk_update([division for _transfer, division in moved], ["code"])
    turn_codes(
        [
            DivisionCode(
                division=division,
                scheme=CodeScheme.STATISTICS,
                code=transfer.new_code,
                official=plan.codes_official,
                source=plan.codes_source,
            )
            for transfer, division in moved
        ],
        effective=plan.effective,
    )
