"""A new division: by an official code, or by one of our own below a community."""

from datetime import date, datetime

from yukuai.divisions.models import (
    ChangeKind,
    CodeScheme,
    Division,
    DivisionCode,
    DivisionKind,
)
from yukuai.divisions.rules import (
    OWN_SIGNS,
    BadCode,
    initials,
    objection_to_parent,
    own_code,
    parse_code,
    tidy_code,
    tidy_name,
)
from yukuai.divisions.steps import (
    MANAGE,
    Grounds,
    Manages,
    check_grounds,
    check_name,
    create_change,
    living,
    lock_tree,
    remember,
    replayed,
    reserve_ids,
    turn_codes,
    turn_names,
    turn_placements,
)
from yukuai.kernel.actions import action
from yukuai.kernel.errors import InvalidInput


@action
def found_division(
    actor: Manages,
    *,
    parent_id: int,
    kind: str,
    name: str,
    reason: str,
    effective: date,
    at: datetime,
    code: str = "",
    official: bool = True,
    basis: str = "",
    source: str = "",
    key: str = "",
) -> Division:
    """Groups, grids and compounds may leave the code empty: the next free one is theirs.

    `official=False` marks a code that no authority has published yet.
    """
    grounds = Grounds(reason, effective, at, basis, source, key)
    lock_tree()
    if change := replayed(key):
        return Division.objects.get(pk=change.details["divisions"][0])
    (parent,) = living([parent_id], "parent_id")
    actor.require(MANAGE, parent)
    check_grounds(grounds)
    wanted, name = _kind(kind, parent, effective), tidy_name(name)
    check_name(name, kind=wanted, parent=parent)
    code = _code(tidy_code(code), wanted, parent)
    division = _create(parent, wanted, name, code, effective)
    _bear(division, official=official, source=source or basis or "平台登记")
    details = {"divisions": [division.pk], "parent": parent.pk, "code": code}
    change = create_change(actor, ChangeKind.FOUND, f"设立{name}", grounds, details)
    remember(actor, change, area=parent.path, at=at)
    return division


def _kind(kind: str, parent: Division, effective: date) -> DivisionKind:
    if kind not in DivisionKind.values:
        raise InvalidInput("请选择类别。", fields={"kind": "请选择类别。"})
    wanted = DivisionKind(kind)
    if objection := objection_to_parent(wanted, DivisionKind(parent.kind)):
        raise InvalidInput(objection, fields={"parent_id": objection})
    if parent.valid_from > effective:
        objection = f"“{parent.name}”从 {parent.valid_from} 起才有，生效日期不能更早。"
        raise InvalidInput(objection, fields={"effective": objection})
    return wanted


def _code(code: str, kind: DivisionKind, parent: Division) -> str:
    """The code given, if it fits and was never anybody else's; or the next of our own."""
    borne = list(parent.codes.values_list("code", flat=True))
    try:
        if not code and kind in OWN_SIGNS:
            taken = DivisionCode.objects.filter(code__startswith=parent.code)
            return own_code(parent.code, kind, list(taken.values_list("code", flat=True)))
        parsed = parse_code(code) if code else None
    except BadCode as error:
        raise InvalidInput(str(error), fields={"code": str(error)}) from error
    if parsed is None:
        objection = f"请填写{kind.label}的编码。"
    elif parsed.kind != kind:
        objection = f"编码 {code} 属于{parsed.kind.label}，不是{kind.label}。"
    elif parsed.parent not in borne:
        objection = f"编码 {code} 不在“{parent.name}”的编码之下。"
    elif other := DivisionCode.objects.filter(code=code).select_related("division").first():
        objection = f"编码 {code} 属于“{other.division.name}”；旧码要一直查得到，请换一个。"
    else:
        return code
    raise InvalidInput(objection, fields={"code": objection})


def _create(
    parent: Division, kind: DivisionKind, name: str, code: str, effective: date
) -> Division:
    (pk,) = reserve_ids(1)
    division = Division.objects.create(
        id=pk,
        parent=parent,
        kind=kind,
        name=name,
        code=code,
        initials=initials(name),
        path=f"{parent.path}{pk}.",
        valid_from=effective,
    )
    turn_names({pk: name}, effective=effective)
    turn_placements({pk: parent}, effective=effective)
    return division


def _bear(division: Division, *, official: bool, source: str) -> None:
    scheme = parse_code(division.code).scheme
    row = DivisionCode(
        division=division,
        scheme=scheme,
        code=division.code,
        official=official and scheme == CodeScheme.STATISTICS,
        source=source[:200],
    )
    turn_codes([row], effective=division.valid_from)
